// The card's words about the bytes that a decision is bound to.
export const exactly = {
  title: "Exactly what is decided",
  digest: "sha256 {{digest}}",
  text: "Read back from the {{bytes}} bytes that a decision is bound to. Signs that nobody sees, and letters that are taken for others, are named in boxes; nothing was taken out.",
  altered:
    "These bytes are not the ones that were put up for review. Do not decide: the row was altered. A decision is refused.",
  empty: "empty",
  chars_one: "{{written}} character",
  chars_other: "{{written}} characters",
  odd_one: "{{count}} odd sign",
  odd_other: "{{count}} odd signs",
};
