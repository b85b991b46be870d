// A few views of one thing, exactly one of them on.
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { type Glyph, Icon } from "./Icon";

export interface Segment<V extends string> {
  value: V;
  label: string;
  icon?: Glyph;
  count?: string;
}

export interface SegmentedProps<V extends string> {
  label: string;
  segments: readonly Segment<V>[];
  value: V;
  onChange: (value: V) => void;
}

export function Segmented<V extends string>({
  label,
  segments,
  value,
  onChange,
}: SegmentedProps<V>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next as V)}
      className="inline-flex flex-none rounded-6 border border-line-strong bg-frame p-px"
    >
      {segments.map((segment) => (
        <Toggle
          key={segment.value}
          value={segment.value}
          className="flex h-[22px] select-none items-center gap-[5px] whitespace-nowrap rounded-4 px-2 font-medium text-12 text-fg-muted hover:text-fg-strong data-[pressed]:bg-overlay data-[pressed]:text-fg-strong data-[pressed]:ring data-[pressed]:ring-line-strong"
        >
          {segment.icon && <Icon of={segment.icon} size="sm" />}
          {segment.label}
          {segment.count !== undefined && (
            <span className="tnum text-fg-muted">{segment.count}</span>
          )}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
