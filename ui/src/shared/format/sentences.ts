// Puts what several parts of the system say behind one another, as sentences. Pure.

/** Each part begins with a capital and ends with a stop; what says nothing is left out. */
export function sentences(...parts: readonly (string | null | undefined)[]): string {
  return parts
    .map((part) => part?.trim() ?? "")
    .filter((part) => part !== "")
    .map((part) => {
      const begun = part.slice(0, 1).toUpperCase() + part.slice(1);
      return /[.!?…]["”’)]?$/.test(begun) ? begun : `${begun}.`;
    })
    .join(" ");
}
