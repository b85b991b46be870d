// Replaces hidden characters in a sanitised tree by elements that SafeMarkdown draws as boxes. Runs after the
// sanitiser, so that a text can never bring such elements itself.
import type { Element, ElementContent, Root, RootContent, Text } from "hast";
import { splitHidden } from "@/shared/format/hidden";

/** Not an HTML name: nothing that comes through the sanitiser can be called so. */
export const HIDDEN_TAG = "hidden-sign";

function opened({ value }: Text): ElementContent[] {
  return splitHidden(value).map((piece) =>
    piece.kind === "text"
      ? { type: "text", value: piece.text }
      : {
          type: "element",
          tagName: HIDDEN_TAG,
          properties: { kind: piece.kind, code: piece.code },
          children: [],
        },
  );
}

function walk(node: Root | Element): void {
  const children: readonly RootContent[] = node.children;
  node.children = children.flatMap((child) => {
    if (child.type === "text") return opened(child);
    if (child.type === "element") walk(child);
    return child.type === "element" ? [child] : [];
  });
}

export function rehypeHidden() {
  return (tree: Root) => walk(tree);
}
