// A label, one control, and below it either a hint or what is wrong. The error is text beside the control.
import { Field as Base } from "@base-ui/react/field";
import { clsx } from "clsx";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./Icon";

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong and how to mend it; marks the control as invalid. */
  error?: string | undefined;
  disabled?: boolean;
  className?: string;
  children: ReactNode;
}

export function Field({ label, hint, error, disabled = false, className, children }: FieldProps) {
  return (
    <Base.Root
      invalid={error !== undefined}
      disabled={disabled}
      className={clsx("flex min-w-0 flex-col gap-[3px]", className)}
    >
      <Base.Label className="text-12 text-fg-muted">{label}</Base.Label>
      {children}
      {error !== undefined ? (
        <Base.Error match className="mt-0.5 flex items-start gap-1 text-12 text-bad">
          <Icon of={CircleAlert} size="sm" className="mt-px" />
          {error}
        </Base.Error>
      ) : (
        hint && <Base.Description className="mt-0.5 text-12 text-fg-faint">{hint}</Base.Description>
      )}
    </Base.Root>
  );
}
