// The shape of content that is on its way. It does not shimmer: what is loading is not more important than work.
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export function Bone({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("block h-[9px] rounded-3 bg-track", className)} />;
}

const WIDTHS = [
  ["w-[42%]", "w-[86%]"],
  ["w-[55%]", "w-[70%]"],
  ["w-[38%]", "w-[92%]"],
  ["w-[48%]", "w-[64%]"],
] as const;

/** Rows with a face and two lines. */
export function SkeletonRows({ rows = 3 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-[13px]">
      {Array.from({ length: rows }, (_, row) => {
        const [first, second] = WIDTHS[row % WIDTHS.length] ?? WIDTHS[0];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: bones are all alike and never move
          <div key={row} className="flex items-center gap-2">
            <Bone className="h-5! w-5 flex-none rounded-5!" />
            <div className="flex min-w-0 flex-1 flex-col gap-1.5">
              <Bone className={first} />
              <Bone className={second} />
            </div>
          </div>
        );
      })}
    </div>
  );
}

/** Wraps any skeleton and says to screen readers that something is coming. */
export function Loading({ label, children }: { label?: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" aria-label={label ?? t("parts.loading")}>
      {children}
    </div>
  );
}
