// The words of a post in the arguments of the tool that would publish it.

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Null where the arguments carry no words that this console knows how to find. */
export function postText(args: unknown): string | null {
  const nested = field(field(args, "content"), "text");
  const found = typeof nested === "string" ? nested : field(args, "text");
  return typeof found === "string" ? found : null;
}
