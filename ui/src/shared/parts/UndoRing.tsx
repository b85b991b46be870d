// The time left to take something back, as a ring that empties and a digit that counts.
import { SECOND_MS } from "@/shared/format/time";
import { useNow } from "@/shared/hooks/useNow";

const STEP_MS = 250;
const RADIUS = 11.5;
const ROUND = 2 * Math.PI * RADIUS;

export interface UndoRingProps {
  /** Milliseconds since the epoch. */
  until: number;
  totalMs: number;
}

export function UndoRing({ until, totalMs }: UndoRingProps) {
  const left = Math.max(0, until - useNow(STEP_MS));
  const share = totalMs > 0 ? Math.min(1, left / totalMs) : 0;
  return (
    <svg viewBox="0 0 28 28" aria-hidden="true" className="size-7 flex-none fill-none">
      <circle cx="14" cy="14" r={RADIUS} strokeWidth={2.5} className="stroke-track" />
      <circle
        cx="14"
        cy="14"
        r={RADIUS}
        strokeWidth={2.5}
        strokeLinecap="round"
        strokeDasharray={`${share * ROUND} ${ROUND}`}
        transform="rotate(-90 14 14)"
        className="stroke-accent transition-[stroke-dasharray] duration-250 ease-linear motion-reduce:hidden"
      />
      <text
        x="14"
        y="18"
        textAnchor="middle"
        className="fill-fg-strong font-mono text-11 font-semibold"
      >
        {Math.ceil(left / SECOND_MS)}
      </text>
    </svg>
  );
}
