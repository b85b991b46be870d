// Proves that the key to take back is printed on the one toast that it would take back.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderRoom } from "@/shared/testing/renderRoom";
import { hold } from "./toasts";

it("prints the key on the newest of what is held, and on the next once that is taken back", async () => {
  await renderRoom(<p>room</p>, {});
  const undone: string[] = [];
  for (const title of ["first", "second"]) {
    hold({ title, undoLabel: "Undo", until: Date.now() + 60_000, undo: () => undone.push(title) });
  }
  const keyed = () =>
    screen.getAllByRole("button", { name: /^Undo/ }).map(({ textContent }) => textContent);
  await waitFor(() => expect(keyed()).toEqual(["UndoZ", "Undo"]));
  await userEvent.keyboard("z");
  await waitFor(() => expect(keyed()).toEqual(["UndoZ"]));
  expect(undone).toEqual(["second"]);
  await userEvent.keyboard("z");
  expect(undone).toEqual(["second", "first"]);
});
