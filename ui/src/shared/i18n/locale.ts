// Which locale numbers and dates are written in: the reader's own region where it speaks a language that the
// catalogue has, so that "1.204" never stands in an English sentence.

const LANGUAGE = "en";

export function formatLocale(languages: readonly string[] = navigator.languages): string {
  return languages.find((tag) => tag.split("-")[0] === LANGUAGE) ?? LANGUAGE;
}
