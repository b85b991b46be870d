// Runs before every test file: the catalogue, and what jsdom lacks of a browser.
import "@/shared/i18n/i18n";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);
// A lazy part is compiled when a test first asks for it; on a busy machine that takes more than the usual second.
configure({ asyncUtilTimeout: 10_000 });

class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

globalThis.ResizeObserver ??= NoResizeObserver;
window.PointerEvent ??= class extends MouseEvent {} as unknown as typeof PointerEvent;
Element.prototype.scrollIntoView ??= () => {};
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
Element.prototype.getAnimations ??= () => [];
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }) as unknown as MediaQueryList;
window.scrollTo = () => {};
