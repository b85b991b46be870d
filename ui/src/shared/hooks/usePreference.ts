// How the reader likes to see things: theme and density, kept on this device and put on the document's root.
import { create } from "zustand";
import { persist } from "zustand/middleware";

export const THEMES = ["system", "dark", "light", "contrast"] as const;
export const DENSITIES = ["compact", "regular", "touch"] as const;
export type Theme = (typeof THEMES)[number];
export type Density = (typeof DENSITIES)[number];

interface Preference {
  readonly theme: Theme;
  readonly density: Density;
  setTheme(theme: Theme): void;
  setDensity(density: Density): void;
}

export const usePreference = create<Preference>()(
  persist(
    (set) => ({
      theme: "dark",
      density: "regular",
      setTheme: (theme) => set({ theme }),
      setDensity: (density) => set({ density }),
    }),
    {
      name: "chimera.look",
      partialize: ({ theme, density }) => ({ theme, density }),
      merge: (stored, current) => {
        const { theme, density } = (stored ?? {}) as Partial<Preference>;
        return {
          ...current,
          theme: THEMES.find((known) => known === theme) ?? current.theme,
          density: DENSITIES.find((known) => known === density) ?? current.density,
        };
      },
    },
  ),
);

/** The theme to show: system means what the desktop asks for, high contrast first. */
export function shownTheme(
  theme: Theme,
  asks: (query: string) => boolean,
): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  if (asks("(prefers-contrast: more)")) return "contrast";
  return asks("(prefers-color-scheme: light)") ? "light" : "dark";
}

/** Puts the look on the root now and whenever it or the desktop changes. Called once, before the first render. */
export function keepLook(root: HTMLElement, view: Window): void {
  const asks = (query: string) => view.matchMedia(query).matches;
  const apply = () => {
    const { theme, density } = usePreference.getState();
    root.dataset.theme = shownTheme(theme, asks);
    root.dataset.density = density;
  };
  apply();
  usePreference.subscribe(apply);
  for (const query of ["(prefers-contrast: more)", "(prefers-color-scheme: light)"]) {
    view.matchMedia(query).addEventListener("change", apply);
  }
}
