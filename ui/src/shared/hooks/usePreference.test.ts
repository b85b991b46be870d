import { afterEach, describe, expect, it } from "vitest";
import { keepLook, shownTheme, usePreference } from "./usePreference";

afterEach(() => {
  localStorage.clear();
  usePreference.setState({ theme: "dark", density: "regular" });
});

describe("preference", () => {
  it("follows the desktop only when asked to, and contrast comes first", () => {
    const asks =
      (...answers: string[]) =>
      (query: string) =>
        answers.some((answer) => query.includes(answer));
    expect(shownTheme("dark", asks("light", "contrast"))).toBe("dark");
    expect(shownTheme("system", asks("light"))).toBe("light");
    expect(shownTheme("system", asks())).toBe("dark");
    expect(shownTheme("system", asks("light", "contrast"))).toBe("contrast");
  });

  it("puts the look on the root and keeps it there", () => {
    const root = document.createElement("html");
    keepLook(root, window);
    expect({ ...root.dataset }).toEqual({ theme: "dark", density: "regular" });
    usePreference.getState().setTheme("light");
    usePreference.getState().setDensity("compact");
    expect({ ...root.dataset }).toEqual({ theme: "light", density: "compact" });
  });

  it("falls back where the stored look names something unknown", async () => {
    localStorage.setItem(
      "chimera.look",
      JSON.stringify({ state: { theme: "neon", density: "touch" }, version: 0 }),
    );
    await usePreference.persist.rehydrate();
    const { theme, density } = usePreference.getState();
    expect({ theme, density }).toEqual({ theme: "dark", density: "touch" });
  });
});
