// A few words on hover and on keyboard focus. Never the only place where something is said.
import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import type { Action } from "@/shared/keys/table";
import { KeyHint } from "./Kbd";

export interface TooltipProps {
  text: ReactNode;
  action?: Action;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactElement;
}

export function Tooltip({ text, action, side = "bottom", children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="floating moves flex max-w-80 items-center gap-2 rounded-6! px-2 py-1 text-12 text-fg-strong">
            {text}
            {action && <KeyHint action={action} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Mounted once: after the first tooltip its neighbours open without delay. */
export function TooltipGround({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delay={500} closeDelay={0} timeout={300}>
      {children}
    </Base.Provider>
  );
}
