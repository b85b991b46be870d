// A server's program as a person types it: one argument and one variable a line.
import type { Wire } from "@/ipc/api";

export interface ProgramDraft {
  name: string;
  command: string;
  args: string;
  cwd: string;
  env: string;
  group: string;
  version: string;
}

export const EMPTY: ProgramDraft = {
  name: "",
  command: "",
  args: "",
  cwd: "",
  env: "",
  group: "",
  version: "",
};

export function draftOf(server: Wire<"RegisteredServer">): ProgramDraft {
  const { name, program } = server;
  return {
    name,
    group: server.group ?? "",
    version: server.required_version ?? "",
    command: program.command,
    args: (program.args ?? []).join("\n"),
    cwd: program.cwd ?? "",
    env: Object.entries(program.env ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
  };
}

/** The number of the first line that is not NAME=value, from 1. */
export function badLine(env: string): number | null {
  const at = env.split("\n").findIndex((line) => line.trim() !== "" && !/^\s*[^=\s]+=/.test(line));
  return at < 0 ? null : at + 1;
}

export function programOf(draft: ProgramDraft): Wire<"ServerProgram"> {
  const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines(draft.env).map((line): [string, string] => {
    const at = line.indexOf("=");
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return {
    command: draft.command.trim(),
    args: lines(draft.args).map((line) => line.trim()),
    cwd: draft.cwd.trim() || null,
    env: Object.fromEntries(pairs),
  };
}
