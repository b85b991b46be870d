// What the API asks of a password, told while it is being typed. The API judges again and has the last word.

export type PasswordVerdict =
  | { readonly kind: "empty" }
  | { readonly kind: "short"; readonly missing: number }
  | { readonly kind: "own" }
  | { readonly kind: "repeated" }
  | { readonly kind: "enough" }
  | { readonly kind: "long" };

/** From so many characters on, length makes up for everything else. */
const LONG_CHARS = 20;

export function judgePassword(
  password: string,
  { min, name, email }: { min: number; name: string; email: string },
): PasswordVerdict {
  const signs = [...password];
  if (signs.length === 0) return { kind: "empty" };
  if (signs.length < min) return { kind: "short", missing: min - signs.length };
  const folded = password.toLowerCase();
  if ([name, email].some((own) => own.trim().toLowerCase() === folded)) return { kind: "own" };
  if (signs.every((sign) => sign === signs[0])) return { kind: "repeated" };
  return { kind: signs.length >= LONG_CHARS ? "long" : "enough" };
}

export function isGood({ kind }: PasswordVerdict): boolean {
  return kind === "enough" || kind === "long";
}
