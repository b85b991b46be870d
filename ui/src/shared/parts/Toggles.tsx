// On or off: a checkbox in forms, a switch where it takes effect at once.
import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./Icon";

export interface ToggleProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
}

const LABEL = "inline-flex select-none items-center gap-1.5 has-[[data-disabled]]:text-fg-disabled";

export function Checkbox({ checked, onChange, disabled = false, children }: ToggleProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the Base UI control inside renders its own input
    <label className={LABEL}>
      <BaseCheckbox.Root
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="grid size-4 flex-none place-items-center rounded-4 border border-line-strong data-[checked]:border-accent data-[checked]:bg-accent data-[checked]:text-on-accent"
      >
        <BaseCheckbox.Indicator>
          <Icon of={Check} size="xs" />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {children}
    </label>
  );
}

export function Switch({ checked, onChange, disabled = false, children }: ToggleProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the Base UI control inside renders its own input
    <label className={LABEL}>
      <BaseSwitch.Root
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="relative h-4 w-[26px] flex-none rounded-8 bg-wait transition-colors duration-(--dur-hover) data-[checked]:bg-accent"
      >
        <BaseSwitch.Thumb className="block size-3 translate-x-0.5 rounded-full bg-frame transition-transform duration-(--dur-enter) ease-out data-[checked]:translate-x-3 data-[checked]:bg-on-accent" />
      </BaseSwitch.Root>
      {children}
    </label>
  );
}
