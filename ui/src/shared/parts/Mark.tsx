// The mark of the product, drawn in the theme's accent.

const BLADE = "M16 1.5A14.5 14.5 0 0 1 29.6 21A14 14 0 0 0 16 8Z";

export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="flex-none">
      <path className="fill-accent" d={BLADE} />
      <path className="fill-accent-hover" d={BLADE} transform="rotate(120 16 16)" />
      <path className="fill-accent opacity-72" d={BLADE} transform="rotate(240 16 16)" />
      <circle className="fill-fg-strong" cx="16" cy="16" r="3.7" />
    </svg>
  );
}
