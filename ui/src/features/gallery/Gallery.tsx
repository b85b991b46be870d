// Every part in every state on one page, to be looked at and to be tested. Shown while developing only; its words are
// samples and stand outside the catalogue.
import { useEffect } from "react";
import {
  DENSITIES,
  type Density,
  THEMES,
  type Theme,
  usePreference,
} from "@/shared/hooks/usePreference";
import { useKeyListener } from "@/shared/keys/useKey";
import { Mark } from "@/shared/parts/Mark";
import { Segmented } from "@/shared/parts/Segmented";
import { BadgesCard, ButtonsCard, ColourCard, TypeCard } from "./Basics";
import { ChartsRow } from "./Charts";
import { InputsCard, TableCard } from "./Forms";
import { OverlaysRow } from "./Overlays";
import { PlanCard } from "./Plan";
import { StatesRow } from "./StateCards";
import { TraceCard } from "./Trace";
import { LongTextCard, ProvenanceCard, TextCard } from "./Words";

const THEME_NAMES: Record<Theme, string> = {
  system: "System",
  dark: "Dark",
  light: "Light",
  contrast: "High contrast",
};
const DENSITY_NAMES: Record<Density, string> = {
  compact: "Compact",
  regular: "Regular",
  touch: "Touch",
};

export function Gallery() {
  const { theme, setTheme, density, setDensity } = usePreference();
  useKeyListener();
  useEffect(() => {
    document.title = "Parts · Chimera";
  }, []);
  return (
    <main className="flex h-full flex-col gap-3.5 overflow-auto *:flex-none bg-surface px-5 pt-4 pb-6">
      <header className="flex flex-wrap items-center gap-3">
        <Mark size={32} />
        <div>
          <h1 className="font-semibold text-18 text-fg-strong">Chimera, parts</h1>
          <p className="text-12 text-fg-muted">Everything the rooms are made of</p>
        </div>
        <span className="ml-5 flex items-center gap-3 max-wide:hidden">
          {[16, 20, 32, 48].map((size) => (
            <Mark key={size} size={size} />
          ))}
        </span>
        <span className="ml-auto flex gap-3">
          <Segmented
            label="Theme"
            value={theme}
            onChange={setTheme}
            segments={THEMES.map((value) => ({ value, label: THEME_NAMES[value] }))}
          />
          <Segmented
            label="Density"
            value={density}
            onChange={setDensity}
            segments={DENSITIES.map((value) => ({ value, label: DENSITY_NAMES[value] }))}
          />
        </span>
      </header>
      <div className="grid grid-cols-[306px_262px_minmax(0,1fr)_388px] gap-3.5 max-wide:grid-cols-2">
        <ColourCard />
        <TypeCard />
        <ButtonsCard />
        <BadgesCard />
      </div>
      <div className="grid grid-cols-[306px_minmax(0,1fr)] gap-3.5">
        <InputsCard />
        <TableCard />
      </div>
      <StatesRow />
      <OverlaysRow />
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)] gap-3.5 max-wide:grid-cols-2">
        <TextCard />
        <LongTextCard />
        <ProvenanceCard />
      </div>
      <ChartsRow />
      <TraceCard />
      <PlanCard />
    </main>
  );
}
