// The four storeys, checked on the whole tree: routes compose, features own, shared serves, ipc speaks. Biome says the
// same file by file; this also sees what no list of patterns can: cycles, barrels, lengths.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve("src");
const ROUTE_LINES_MAX = 40;
const FILE_LINES_MAX = 300;
const STOREYS = ["ipc", "shared", "features", "routes"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith(join("ipc", "generated")))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), "utf8") }));
const product = files.filter(({ path }) => !/\.test\.tsx?$/.test(path));

/** Own files that a file names, as paths below src. */
function imports({ path, text }: { path: string; text: string }): string[] {
  const named = text.matchAll(/(?:from|import)\s*\(?\s*"((?:@\/|\.)[^"]+)"/g);
  return Array.from(named, ([, name = ""]) =>
    name.startsWith("@/") ? name.slice(2) : relative(SRC, resolve(SRC, dirname(path), name)),
  );
}

const storey = (path: string) => STOREYS.indexOf(path.split("/")[0] ?? "");
const feature = (path: string) => (path.startsWith("features/") ? path.split("/")[1] : null);

describe("the storeys", () => {
  it("have files to judge", () => {
    expect(new Set(product.map(({ path }) => storey(path)))).toEqual(new Set([-1, 0, 1, 2, 3]));
  });

  it("point downwards only", () => {
    const upward = product.flatMap((file) =>
      imports(file)
        .filter((to) => storey(file.path) >= 0 && storey(to) > storey(file.path))
        .map((to) => `${file.path} -> ${to}`),
    );
    expect(upward).toEqual([]);
  });

  it("have no way from one feature to another", () => {
    const sideways = product.flatMap((file) =>
      imports(file)
        .filter((to) => feature(file.path) && feature(to) && feature(to) !== feature(file.path))
        .map((to) => `${file.path} -> ${to}`),
    );
    expect(sideways).toEqual([]);
  });

  it("have every feature named in Biome's rules", () => {
    const rules = readFileSync(join(SRC, "../biome.json"), "utf8");
    const features = new Set(
      product.map(({ path }) => feature(path)).filter((name) => name !== null),
    );
    expect([...features].filter((name) => !rules.includes(`!@/features/${name}/**`))).toEqual([]);
  });

  it("have no barrels", () => {
    expect(
      product.filter(({ path }) => /(^|\/)index\.tsx?$/.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });

  it("have no circles of files", () => {
    const known = new Map(product.map((file) => [file.path.replace(/\.tsx?$/, ""), imports(file)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (at: string, way: readonly string[]) => {
      if (way.includes(at)) circles.push([...way.slice(way.indexOf(at)), at].join(" -> "));
      if (done.has(at) || way.includes(at)) return;
      for (const next of known.get(at) ?? []) walk(next, [...way, at]);
      done.add(at);
    };
    for (const at of known.keys()) walk(at, []);
    expect(circles).toEqual([]);
  });

  it("keep routes to composing, and files to one subject", () => {
    const lines = (text: string) => text.trimEnd().split("\n").length;
    const long = product
      .filter(({ path, text }) => {
        const max = path.startsWith("routes/") ? ROUTE_LINES_MAX : FILE_LINES_MAX;
        return lines(text) > max;
      })
      .map(({ path, text }) => `${path} ${lines(text)}`);
    expect(long).toEqual([]);
  });

  it("say in their first lines what lives there", () => {
    const silent = product.filter(
      ({ text }) => !/^\/\/ (?!biome-ignore)/m.test(text.split("\n\n")[0] ?? ""),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
