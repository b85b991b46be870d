// Loads the palette the first time it is opened.
import { lazy, Suspense, useState } from "react";
import type { CommandPaletteProps } from "./CommandPaletteBody";

const Body = lazy(() =>
  import("./CommandPaletteBody").then((module) => ({ default: module.CommandPaletteBody })),
);

export function CommandPalette(props: CommandPaletteProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <Body {...props} />
    </Suspense>
  );
}
