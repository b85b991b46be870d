// Fails the build when any page would make the reader load more script than the budget before it shows (P16).
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Compressed bytes of script for one page, with everything it imports at once. */
export const PAGE_BYTES_MAX = 300 * 1024;

interface Chunk {
  readonly type: "chunk";
  readonly code: string;
  readonly isEntry: boolean;
  readonly imports: readonly string[];
  readonly facadeModuleId: string | null;
}

type Bundle = Readonly<Record<string, { readonly type: string }>>;

function chunkOf(bundle: Bundle, name: string): Chunk | null {
  const output = bundle[name];
  return output?.type === "chunk" ? (output as Chunk) : null;
}

/** Names of the chunks that are there once `name` runs. */
function closure(bundle: Bundle, name: string, seen = new Set<string>()): Set<string> {
  const chunk = chunkOf(bundle, name);
  if (!chunk || seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunk.imports) closure(bundle, next, seen);
  return seen;
}

/** Compressed size of each page: the entry alone, and the entry with each route. */
export function pageSizes(bundle: Bundle): Map<string, number> {
  const names = Object.keys(bundle);
  const entry = names.find((name) => chunkOf(bundle, name)?.isEntry);
  if (!entry) return new Map();
  const routes = names.filter((name) =>
    chunkOf(bundle, name)?.facadeModuleId?.includes("/src/routes/"),
  );
  const weigh = (page: Set<string>) =>
    [...page].reduce((sum, name) => sum + gzipSync(chunkOf(bundle, name)?.code ?? "").length, 0);
  return new Map(
    [entry, ...routes].map((name) => [name, weigh(closure(bundle, name, closure(bundle, entry)))]),
  );
}

export function pageBudget(): Plugin {
  return {
    name: "page-budget",
    // The gallery shows every part on one page, and no reader of the product loads it.
    apply: (_config, { command, mode }) => command === "build" && mode !== "gallery",
    generateBundle(_options, bundle) {
      for (const [name, bytes] of pageSizes(bundle)) {
        if (bytes <= PAGE_BYTES_MAX) continue;
        const [is, may] = [bytes, PAGE_BYTES_MAX].map((size) => Math.ceil(size / 1024));
        this.error(
          `${name} makes the reader load ${is} KB of script first; the budget is ${may} KB`,
        );
      }
    },
  };
}
