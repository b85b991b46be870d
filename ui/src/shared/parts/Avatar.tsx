// Faces. Agents are square, people are round; the hue comes from the id and so stays with them everywhere.
import { clsx } from "clsx";

const SIZES = {
  xs: { box: "size-4 text-[8px]", square: "rounded-4" },
  sm: { box: "size-5 text-[9px]", square: "rounded-5" },
  md: { box: "size-6 text-10", square: "rounded-5" },
  lg: { box: "size-10 text-[14px]", square: "rounded-8" },
} as const;
const HUES = [
  "bg-(--id-1)",
  "bg-(--id-2)",
  "bg-(--id-3)",
  "bg-(--id-4)",
  "bg-(--id-5)",
  "bg-(--id-6)",
  "bg-(--id-7)",
  "bg-(--id-8)",
] as const;

export type AvatarSize = keyof typeof SIZES;

export interface AvatarProps {
  id: string;
  name: string;
  size?: AvatarSize;
  /** Set where the name does not stand beside it. */
  named?: boolean;
}

/** FNV-1a: spreads ids that differ only in their last digits. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const sign of id) {
    hash ^= sign.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % HUES.length;
}

/** First letters of the first and the last word: "Mara Voss" is MV, "Kofi" is KO. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")];
  const last = words.length > 1 ? [...(words.at(-1) ?? "")] : [];
  return `${first[0] ?? ""}${last[0] ?? first[1] ?? ""}`.toUpperCase();
}

function Avatar({ id, name, size = "sm", named, shape }: AvatarProps & { shape: string }) {
  return (
    <span
      {...(named ? { role: "img", "aria-label": name } : { "aria-hidden": true })}
      className={clsx(
        "grid flex-none select-none place-items-center font-bold leading-none tracking-[.01em] text-on-id",
        SIZES[size].box,
        HUES[hueOf(id)],
        shape,
      )}
    >
      {initials(name)}
    </span>
  );
}

export function AgentAvatar(props: AvatarProps) {
  return <Avatar {...props} shape={SIZES[props.size ?? "sm"].square} />;
}

export function PersonAvatar(props: AvatarProps) {
  return <Avatar {...props} shape="rounded-full" />;
}
