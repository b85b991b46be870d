// Says that a write failed: what, whether anything took effect, and what to do.
import { asApiError } from "@/ipc/errors";
import { i18n } from "@/shared/i18n/i18n";
import { say } from "./toasts";

/** `title` names what did not happen: "Could not approve". Hand it to a mutation: `onError: sayFailed(t("…"))`. */
export function sayFailed(title: string): (thrown: unknown) => void {
  return (thrown) => {
    const error = asApiError(thrown);
    // The API's own messages say it; only this side's failures leave it open.
    const effect =
      error.status === 0 && error.effect === "unknown" ? i18n.t("parts.unknownEffect") : "";
    const text = [error.message, error.hint, effect].filter(Boolean).join(" ");
    say({ tone: "failed", title, text });
  };
}
