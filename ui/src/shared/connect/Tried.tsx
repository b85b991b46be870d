// What a try of a connection said: that it works and how long it took, or what is wrong and what to do.
import { CircleCheck, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/shared/parts/Icon";

export interface TriedProps {
  ok: boolean;
  title: string;
  tookMs: number;
  children?: ReactNode;
}

export function Tried({ ok, title, tookMs, children }: TriedProps) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      className={`flex gap-2 rounded-8 border px-2.5 py-2 text-12 leading-[17px] ${
        ok ? "border-ok-line bg-ok-soft" : "border-bad-line bg-bad-soft"
      }`}
    >
      <Icon
        of={ok ? CircleCheck : CircleX}
        size="sm"
        className={ok ? "mt-px text-ok" : "mt-px text-bad"}
      />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <b className="font-semibold text-fg-strong">{title}</b>{" "}
        <span className="text-fg-muted tnum">{t("connect.took", { ms: tookMs })}</span>
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
