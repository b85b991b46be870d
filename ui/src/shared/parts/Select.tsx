// One of a few. The list opens below its box and keeps its width.
import { Select as Base } from "@base-ui/react/select";
import { clsx } from "clsx";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./Icon";

export interface SelectItem<V extends string> {
  value: V;
  label: string;
  /** Stands before the label: an avatar, a network's glyph. */
  mark?: ReactNode;
  note?: string;
  disabled?: boolean;
}

export interface SelectProps<V extends string> {
  items: readonly SelectItem<V>[];
  value: V | null;
  onChange: (value: V) => void;
  placeholder?: string;
  /** Names the control where no Field does. */
  label?: string;
  disabled?: boolean;
  className?: string;
}

export function Select<V extends string>(props: SelectProps<V>) {
  const { items, value, onChange, placeholder, label, disabled = false, className } = props;
  const chosen = items.find((item) => item.value === value);
  return (
    <Base.Root<V>
      items={items}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
      modal={false}
    >
      <Base.Trigger
        aria-label={label}
        className={clsx(
          "flex h-control min-w-0 select-none items-center gap-2 rounded-6 border border-line-strong bg-frame px-2 text-left text-fg-strong",
          "data-[invalid]:border-bad-line data-[disabled]:border-dashed data-[disabled]:text-fg-disabled",
          className,
        )}
      >
        {chosen?.mark}
        <Base.Value
          className="clip flex-1 data-[placeholder]:text-fg-faint"
          placeholder={placeholder}
        />
        <Icon of={ChevronsUpDown} size="sm" className="text-fg-faint" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="floating moves min-w-(--anchor-width) py-1 outline-none">
            <Base.List className="max-h-[min(320px,var(--available-height))] overflow-y-auto">
              {items.map((item) => (
                <Base.Item
                  key={item.value}
                  value={item.value}
                  disabled={item.disabled ?? false}
                  className="mx-1 flex h-7 select-none items-center gap-2 rounded-5 px-2 outline-none data-[disabled]:text-fg-disabled data-[highlighted]:bg-accent-soft data-[highlighted]:text-fg-strong"
                >
                  {item.mark}
                  <Base.ItemText className="clip">{item.label}</Base.ItemText>
                  {item.note && <span className="ml-auto text-11 text-fg-muted">{item.note}</span>}
                  <Base.ItemIndicator className={clsx(!item.note && "ml-auto", "text-accent-fg")}>
                    <Icon of={Check} size="sm" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
