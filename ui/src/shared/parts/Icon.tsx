// One way to draw an icon: three sizes, one stroke, silent to screen readers unless named.
import { clsx } from "clsx";
import type { ComponentType, SVGProps } from "react";

export type Glyph = ComponentType<SVGProps<SVGSVGElement>>;

const SIZES = {
  xs: { px: 12, stroke: 2 },
  sm: { px: 14, stroke: 1.75 },
  md: { px: 16, stroke: 1.75 },
  lg: { px: 20, stroke: 1.75 },
} as const;

export interface IconProps {
  of: Glyph;
  size?: keyof typeof SIZES;
  className?: string;
  /** Says what the icon means where no words do. */
  label?: string;
}

export function Icon({ of: Drawing, size = "md", className, label }: IconProps) {
  const { px, stroke } = SIZES[size];
  return (
    <Drawing
      width={px}
      height={px}
      strokeWidth={stroke}
      className={clsx("block flex-none", className)}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    />
  );
}
