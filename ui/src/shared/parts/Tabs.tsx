// Tabs: the panel of the one that is on is mounted, the others are not.
import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface Tab<V extends string> {
  value: V;
  label: string;
  count?: string;
  panel: ReactNode;
}

export interface TabsProps<V extends string> {
  label: string;
  tabs: readonly Tab<V>[];
  value: V;
  onChange: (value: V) => void;
  /** At the right end of the tabs: the keys that work in the panel. */
  aside?: ReactNode;
}

export function Tabs<V extends string>({ label, tabs, value, onChange, aside }: TabsProps<V>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(next as V)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Base.List
        aria-label={label}
        className="relative flex flex-none gap-3 border-line border-b px-3.5"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-9 select-none items-center gap-1.5 font-medium text-12 text-fg-muted hover:text-fg-strong data-[active]:text-fg-strong"
          >
            {tab.label}
            {tab.count !== undefined && <span className="tnum text-fg-faint">{tab.count}</span>}
          </Base.Tab>
        ))}
        {aside && <span className="ml-auto flex items-center gap-1">{aside}</span>}
        <Base.Indicator className="absolute bottom-0 left-(--active-tab-left) h-0.5 w-(--active-tab-width) rounded-2 bg-accent transition-[left,width] duration-(--dur-pane) ease-out" />
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 flex-1 overflow-auto">
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
