// Lets the editor's styles in under a content policy that forbids inline style elements. The editor's style library
// uses constructed sheets, which every policy allows, only inside shadow roots; this makes one there and hands the same
// sheet to the document. Where that is not possible the library falls back to its style element.
import { StyleModule } from "style-mod";

interface Held {
  sheet?: CSSStyleSheet;
}

export function adoptStyles(document: Document): void {
  if (!("adoptedStyleSheets" in document)) return;
  const shadow = document.createElement("div").attachShadow({ mode: "open" });
  StyleModule.mount(shadow, new StyleModule({}));
  for (const key of Object.getOwnPropertySymbols(shadow)) {
    const held = (shadow as unknown as Record<symbol, Held | undefined>)[key];
    const holder = document as unknown as Record<symbol, Held | undefined>;
    if (held?.sheet && !holder[key]) holder[key] = held;
  }
}
