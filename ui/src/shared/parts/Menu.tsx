// Menus: actions in a list, each with its key where it has one.
import { Menu as Base } from "@base-ui/react/menu";
import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { type Glyph, Icon } from "./Icon";

export const MENU_ROW =
  "mx-1 flex h-7 select-none items-center gap-[9px] rounded-5 px-2.5 outline-none data-[highlighted]:bg-accent-soft data-[highlighted]:text-fg-strong data-[disabled]:text-fg-disabled";
export const MENU_HEAD = "px-3 pt-2 pb-[3px] text-11 font-medium text-fg-faint";

export interface MenuProps {
  trigger: ReactElement;
  align?: "start" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
}

export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50 outline-none">
          <Base.Popup className="floating moves min-w-48 py-1 outline-none">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  icon?: Glyph;
  onSelect: () => void;
  aside?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem(props: MenuItemProps) {
  const { icon, onSelect, aside, danger = false, disabled = false, children } = props;
  return (
    <Base.Item
      onClick={onSelect}
      disabled={disabled}
      className={clsx(MENU_ROW, danger && "text-danger-fg")}
    >
      {icon && <Icon of={icon} size="sm" />}
      {children}
      {aside && <span className="ml-auto pl-4 text-11 text-fg-muted">{aside}</span>}
    </Base.Item>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={MENU_HEAD}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export interface MenuChoiceProps<V extends string> {
  label: string;
  choices: readonly { value: V; label: string; icon?: Glyph }[];
  value: V;
  onChange: (value: V) => void;
}

/** One of a few, chosen inside a menu. */
export function MenuChoice<V extends string>({
  label,
  choices,
  value,
  onChange,
}: MenuChoiceProps<V>) {
  return (
    <Base.Group>
      <Base.GroupLabel className={MENU_HEAD}>{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as V)}>
        {choices.map((choice) => (
          <Base.RadioItem key={choice.value} value={choice.value} className={MENU_ROW}>
            {choice.icon && <Icon of={choice.icon} size="sm" />}
            {choice.label}
            <Base.RadioItemIndicator className="ml-auto text-accent-fg">
              <Icon of={Check} size="sm" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />;
}
