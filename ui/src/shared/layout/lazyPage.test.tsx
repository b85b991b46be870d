import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { lazyPage } from "./lazyPage";

const Page = () => <h1>Here</h1>;

it("stays when a page cannot be loaded, and loads it on another try", async () => {
  const load = vi.fn().mockRejectedValueOnce(new TypeError("Failed to fetch"));
  load.mockResolvedValue({ Page });
  const Lazy = lazyPage(load);
  render(<Lazy />);
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Here" });
  expect(load).toHaveBeenCalledTimes(2);
});

it("shows at once what was loaded ahead, and loads it once", async () => {
  const load = vi.fn().mockResolvedValue({ Page });
  const Lazy = lazyPage(load);
  await Lazy.preload();
  await Lazy.preload();
  render(<Lazy />);
  expect(screen.getByRole("heading", { name: "Here" })).toBeDefined();
  expect(load).toHaveBeenCalledTimes(1);
});

it("keeps a failed loading ahead to itself", async () => {
  const Lazy = lazyPage(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(Lazy.preload()).resolves.toBeUndefined();
});
