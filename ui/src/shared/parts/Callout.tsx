// A note inside a form or card that asks for attention before one goes on.
import { clsx } from "clsx";
import { CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./Icon";

const LOOKS = {
  info: { icon: Info, box: "border-info-line bg-info-soft", text: "text-info" },
  warn: { icon: TriangleAlert, box: "border-warn-line bg-warn-soft", text: "text-warn" },
  bad: { icon: CircleX, box: "border-bad-line bg-bad-soft", text: "text-bad" },
} as const;

export interface CalloutProps {
  tone: keyof typeof LOOKS;
  children: ReactNode;
  actions?: ReactNode;
}

export function Callout({ tone, children, actions }: CalloutProps) {
  const look = LOOKS[tone];
  return (
    <div className={clsx("flex gap-[9px] rounded-8 border px-2.5 py-[9px] text-12", look.box)}>
      <Icon of={look.icon} size="sm" className={clsx("mt-0.5", look.text)} />
      <div className="flex min-w-0 flex-col gap-1.5 leading-[17px]">
        <div className="[overflow-wrap:anywhere]">{children}</div>
        {actions && <div className="flex gap-1.5">{actions}</div>}
      </div>
    </div>
  );
}
