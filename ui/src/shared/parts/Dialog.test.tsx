// Proves that a dialog gives the focus back to where it was, and to nothing that had it longer ago.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { useKey } from "@/shared/keys/useKey";
import { renderRoom } from "@/shared/testing/renderRoom";
import { Dialog } from "./Dialog";

function Asking() {
  const [open, setOpen] = useState(false);
  useKey("addStep", () => setOpen(true));
  return (
    <>
      <button type="button">Before</button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Really?">
        <input aria-label="Why" />
      </Dialog>
    </>
  );
}

async function asks() {
  await userEvent.keyboard("n");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Why")));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
}

it("returns to the element that had the focus", async () => {
  await renderRoom(<Asking />, {});
  const before = screen.getByRole("button", { name: "Before" });
  before.focus();
  await asks();
  await waitFor(() => expect(document.activeElement).toBe(before));
});

it("returns to nothing where nothing had it, whatever had it earlier", async () => {
  await renderRoom(<Asking />, {});
  const before = screen.getByRole("button", { name: "Before" });
  before.focus();
  before.blur();
  await asks();
  expect(document.activeElement).toBe(document.body);
});
