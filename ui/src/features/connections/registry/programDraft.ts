// A server as a person types it: a program with one argument and one variable a line, or an address with its headers.
import type { Wire } from "@/ipc/api";

export type Kind = "program" | "address";

export interface ProgramDraft {
  name: string;
  kind: Kind;
  command: string;
  args: string;
  cwd: string;
  env: string;
  url: string;
  headers: string;
  group: string;
  version: string;
}

export const EMPTY: ProgramDraft = {
  name: "",
  kind: "program",
  command: "",
  args: "",
  cwd: "",
  env: "",
  url: "",
  headers: "",
  group: "",
  version: "",
};

const written = (pairs: Record<string, string> | undefined, between: string) =>
  Object.entries(pairs ?? {})
    .map(([key, value]) => `${key}${between}${value}`)
    .join("\n");

export function draftOf(server: Wire<"RegisteredServer">): ProgramDraft {
  const { name, program: reach } = server;
  const group = server.group ?? "";
  const version = server.required_version ?? "";
  if ("url" in reach) {
    const headers = written(reach.headers, ": ");
    return { ...EMPTY, name, group, version, kind: "address", url: reach.url, headers };
  }
  return {
    ...EMPTY,
    name,
    group,
    version,
    command: reach.command,
    args: (reach.args ?? []).join("\n"),
    cwd: reach.cwd ?? "",
    env: written(reach.env, "="),
  };
}

const badAt = (text: string, good: RegExp) => {
  const at = text.split("\n").findIndex((line) => line.trim() !== "" && !good.test(line));
  return at < 0 ? null : at + 1;
};

/** The number of the first line that is not NAME=value, from 1. */
export const badLine = (env: string) => badAt(env, /^\s*[^=\s]+=/);

/** The number of the first line that is not Name: value, from 1. */
export const badHeader = (headers: string) => badAt(headers, /^\s*[^:\s]+\s*:/);

const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

const read = (text: string, between: string) =>
  Object.fromEntries(
    lines(text).map((line): [string, string] => {
      const at = line.indexOf(between);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );

/** Whether everything that must be there is there, and every line can be read. */
export function isWhole(draft: ProgramDraft): boolean {
  if (draft.name.trim() === "") return false;
  return draft.kind === "address"
    ? draft.url.trim() !== "" && badHeader(draft.headers) === null
    : draft.command.trim() !== "" && badLine(draft.env) === null;
}

export function programOf(draft: ProgramDraft): Wire<"ServerReach"> {
  if (draft.kind === "address") {
    return { url: draft.url.trim(), headers: read(draft.headers, ":") };
  }
  return {
    command: draft.command.trim(),
    args: lines(draft.args).map((line) => line.trim()),
    cwd: draft.cwd.trim() || null,
    env: read(draft.env, "="),
  };
}
