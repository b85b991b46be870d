// Proves that a fault keeps the server's words, gets the advice of its code once, and always shows the code.
import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { spoken } from "@/ipc/errors";
import { ERRORS } from "@/ipc/generatedErrors";
import { FAULTS } from "@/ipc/generatedFaults";
import { FaultWords } from "./FaultWords";

const shown = (code: string, message: string) =>
  render(<FaultWords code={code} message={message} />).container.textContent;

it("puts the advice of the code behind the server's words", () => {
  expect(shown("FEED_MALFORMED", "this is a web page")).toBe(
    `This is a web page. ${FAULTS.FEED_MALFORMED} FEED_MALFORMED`,
  );
  expect(shown("STORE_FAILED", "The disk is full.")).toBe(
    `The disk is full. ${spoken(ERRORS.STORE_FAILED?.hint ?? "")} STORE_FAILED`,
  );
});

it("leaves the words as they came where there is nothing to add", () => {
  expect(shown("OF_A_NEWER_BACKEND", "something new")).toBe("something new OF_A_NEWER_BACKEND");
  const complete = `A web page. ${FAULTS.FEED_MALFORMED}`;
  expect(shown("FEED_MALFORMED", complete)).toBe(`${complete} FEED_MALFORMED`);
});

it("shows what hides in the words", () => {
  expect(shown("TOOL_REFUSED", "no\u202e")).toContain("U+202E");
});

it("quotes names in the advice, which programs read between backticks", () => {
  expect(FAULTS.MCP_ADDRESS_REFUSED).toContain("under `allow_hosts` in");
  expect(shown("MCP_ADDRESS_REFUSED", "the host is not allowed")).toContain(
    "under “allow_hosts” in",
  );
});
