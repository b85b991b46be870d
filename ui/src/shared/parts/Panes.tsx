// Panes side by side whose borders can be dragged or moved with the arrow keys. Widths are kept on this device.
import { clsx } from "clsx";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNarrow } from "@/shared/hooks/useNarrow";

const STEP_PX = 16;

export interface SidePane {
  name: string;
  side: "left" | "right";
  /** All in pixels. */
  width: number;
  /** At first, in a narrow window. */
  narrow?: number;
  min: number;
  max: number;
  children: ReactNode;
}

export interface PanesProps {
  /** Under which name the widths are kept. */
  id: string;
  left?: Omit<SidePane, "side">;
  right?: Omit<SidePane, "side">;
  children: ReactNode;
}

function keptWidth(key: string, pane: Pick<SidePane, "width" | "min" | "max">): number {
  const kept = Number.parseInt(localStorage.getItem(key) ?? "", 10);
  return bounded(Number.isNaN(kept) ? pane.width : kept, pane);
}

export function bounded(width: number, { min, max }: { min: number; max: number }): number {
  return Math.round(Math.min(max, Math.max(min, width)));
}

function useWidth(id: string, pane: SidePane, narrow: boolean) {
  const key = `chimera.pane.${id}.${pane.side}${narrow ? ".narrow" : ""}`;
  const first = (narrow && pane.narrow) || pane.width;
  const [width, setWidth] = useState(() => keptWidth(key, { ...pane, width: first }));
  const move = (next: number) => {
    const width = bounded(next, pane);
    setWidth(width);
    localStorage.setItem(key, String(width));
  };
  return [width, move] as const;
}

interface HandleProps {
  pane: SidePane;
  width: number;
  onMove: (width: number) => void;
}

function Handle({ pane, width, onMove }: HandleProps) {
  const { t } = useTranslation();
  const sign = pane.side === "left" ? 1 : -1;
  const drag = (down: PointerEvent<HTMLElement>) => {
    down.preventDefault();
    const handle = down.currentTarget;
    handle.setPointerCapture(down.pointerId);
    const from = down.clientX;
    const follow = (event: globalThis.PointerEvent) =>
      onMove(width + sign * (event.clientX - from));
    const end = () => {
      handle.removeEventListener("pointermove", follow);
      handle.removeEventListener("lostpointercapture", end);
    };
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", end);
  };
  const press = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: width + sign * STEP_PX,
      ArrowLeft: width - sign * STEP_PX,
      Home: pane.min,
      End: pane.max,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onMove(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator, which hr is not
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("parts.panes.resize", { pane: pane.name })}
      aria-valuenow={width}
      aria-valuemin={pane.min}
      aria-valuemax={pane.max}
      onPointerDown={drag}
      onKeyDown={press}
      onDoubleClick={() => onMove(pane.width)}
      className="relative z-10 -mx-[3px] w-[7px] flex-none cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-[3px] after:w-px after:bg-line after:transition-colors after:duration-(--dur-hover) hover:after:bg-accent focus-visible:outline-offset-[-2px]"
    />
  );
}

function Side({ id, pane, narrow }: { id: string; pane: SidePane; narrow: boolean }) {
  const [width, move] = useWidth(id, pane, narrow);
  const handle = <Handle pane={pane} width={width} onMove={move} />;
  return (
    <>
      {pane.side === "right" && handle}
      <section
        aria-label={pane.name}
        className="flex min-h-0 flex-none flex-col overflow-hidden"
        style={{ width }}
      >
        {pane.children}
      </section>
      {pane.side === "left" && handle}
    </>
  );
}

export function Panes({ id, left, right, children }: PanesProps) {
  const narrow = useNarrow();
  // Each window size keeps its own widths.
  const size = narrow ? "narrow" : "wide";
  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      {left && <Side key={size} id={id} narrow={narrow} pane={{ ...left, side: "left" }} />}
      <div className={clsx("flex min-h-0 min-w-0 flex-1 flex-col")}>{children}</div>
      {right && (
        <Side key={`${size} right`} id={id} narrow={narrow} pane={{ ...right, side: "right" }} />
      )}
    </div>
  );
}
