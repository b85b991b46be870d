// One step of the first run: done with its result, open with its form, or still to come.
import { clsx } from "clsx";
import { Check } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";

export type StepState = "done" | "open" | "later";

export interface StepProps {
  number: number;
  title: string;
  text: string;
  state: StepState;
  /** What came of it, once it is done. */
  result?: ReactNode;
  onChange?: () => void;
  children: ReactNode;
}

export function Step({ number, title, text, state, result, onChange, children }: StepProps) {
  const { t } = useTranslation();
  const heading = useId();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // In a small window, the button of the step that opens must not lie below the edge.
    if (state === "open") item.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  return (
    <li
      ref={item}
      aria-current={state === "open" ? "step" : undefined}
      className={clsx(
        "rounded-12 border",
        state === "open" ? "border-line-strong bg-raised" : "border-line bg-surface",
      )}
    >
      <section aria-labelledby={heading} className="flex gap-3 p-4">
        <span
          aria-hidden
          className={clsx(
            "grid size-6 flex-none place-items-center rounded-full border font-semibold text-12 tnum",
            state === "done" && "border-ok-line bg-ok-soft text-ok",
            state === "open" && "border-accent-line bg-accent-soft text-accent-fg",
            state === "later" && "border-line-strong text-fg-faint",
          )}
        >
          {state === "done" ? <Icon of={Check} size="sm" /> : number}
        </span>
        <div className="flex min-w-0 flex-1 flex-col gap-3">
          <header className="flex min-h-6 items-start gap-3">
            <div className="min-w-0 flex-1">
              <h2 id={heading} className="font-semibold text-15 text-fg-strong leading-6">
                <span className="sr-only">{t("start.welcome.step", { number })} </span>
                {title}
              </h2>
              {state !== "done" && <p className="text-fg-muted">{text}</p>}
              {state === "done" && <div className="text-fg-muted">{result}</div>}
            </div>
            {state === "done" && onChange && (
              <Button size="sm" tone="quiet" onClick={onChange}>
                {t("start.welcome.change")}
              </Button>
            )}
          </header>
          {state === "open" && children}
        </div>
      </section>
    </li>
  );
}
