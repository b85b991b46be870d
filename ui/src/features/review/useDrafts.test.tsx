import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { forgetEdits } from "@/shared/session/keptEdits";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { useDrafts } from "./useDrafts";

beforeEach(() => window.localStorage.clear());

function Desk() {
  const drafts = useDrafts();
  return (
    <>
      <p data-testid="text">{drafts.of("r1") ?? "as drafted"}</p>
      <button type="button" onClick={() => drafts.keep("r1", "in other words")}>
        Write
      </button>
      <button type="button" onClick={() => drafts.drop("r1")}>
        Drop
      </button>
    </>
  );
}

/** A page that is loaded anew, with whoever is signed in. */
async function opens(me = OWNER) {
  cleanup();
  await renderRoom(<Desk />, {}, { me });
  return () => screen.getByTestId("text").textContent;
}

const other = { ...OWNER, user: { ...OWNER.user, id: "another" } };

it("finds what was being written after the page is gone, and only for whoever wrote it", async () => {
  const before = await opens();
  expect(before()).toBe("as drafted");
  await userEvent.click(screen.getByRole("button", { name: "Write" }));
  expect((await opens())()).toBe("in other words");
  expect((await opens(other))()).toBe("as drafted");
  await opens();
  await userEvent.click(screen.getByRole("button", { name: "Drop" }));
  expect((await opens())()).toBe("as drafted");
});

it("keeps nothing for the next person once somebody signs out, and reads nothing that is not its own", async () => {
  await opens();
  await userEvent.click(screen.getByRole("button", { name: "Write" }));
  forgetEdits();
  expect((await opens())()).toBe("as drafted");
  window.localStorage.setItem("chimera.edits", '[{"user":1},"x"]');
  expect((await opens())()).toBe("as drafted");
});
