import { describe, expect, it } from "vitest";
import {
  ApiError,
  asApiError,
  type ErrorTable,
  readError,
  UNREADABLE_ANSWER,
  unreachable,
} from "./errors";

const table: ErrorTable = {
  VERSION_MISMATCH: {
    status: 412,
    retryable: false,
    effect: "nothing",
    text: "What you looked at is no longer what is stored.",
    hint: "Read it again.",
  },
};
const fields = ({
  code,
  message,
  status,
  retryable,
  effect,
  hint,
  details,
  timestamp,
}: ApiError) => ({
  code,
  message,
  status,
  retryable,
  effect,
  hint,
  details,
  timestamp,
});

describe("readError", () => {
  it("reads the envelope and adds what the table knows of the code", () => {
    const body = JSON.stringify({
      success: false,
      error: {
        code: "VERSION_MISMATCH",
        message: "Somebody decided first.",
        details: { version: "7" },
        timestamp: "2026-05-21T12:32:00Z",
        retryable: false,
      },
    });
    expect(fields(readError(412, body, table))).toEqual({
      code: "VERSION_MISMATCH",
      message: "Somebody decided first.",
      status: 412,
      retryable: false,
      effect: "nothing",
      hint: "Read it again.",
      details: { version: "7" },
      timestamp: "2026-05-21T12:32:00Z",
    });
  });

  it("gives no hint that the message holds already", () => {
    const error = { code: "VERSION_MISMATCH", message: "It changed. Read it again." };
    const { hint } = readError(412, JSON.stringify({ success: false, error }), table);
    expect(hint).toBeNull();
  });

  it("does not claim to know what an unlisted code did", () => {
    const body = '{"success":false,"error":{"code":"NEW","message":"?","retryable":true}}';
    const { code, effect, hint, retryable } = readError(500, body, table);
    expect({ code, effect, hint, retryable }).toEqual({
      code: "NEW",
      effect: "unknown",
      hint: null,
      retryable: true,
    });
  });

  it("makes an error of anything else that comes back", () => {
    for (const body of [
      "<html>502</html>",
      "",
      "null",
      "[]",
      '{"error":"text"}',
      '{"error":{"code":1}}',
    ]) {
      const { code, status, retryable } = readError(502, body, table);
      expect({ code, status, retryable }, body).toEqual({
        code: UNREADABLE_ANSWER,
        status: 502,
        retryable: true,
      });
    }
  });
});

describe("no answer", () => {
  it("knows that a read changed nothing, and admits that a write may have", () => {
    expect([unreachable("GET").effect, unreachable("POST").effect]).toEqual(["nothing", "unknown"]);
  });

  it("takes anything thrown for an error", () => {
    const error = new ApiError({ code: "X", message: "m", status: 1, retryable: false });
    expect(asApiError(error)).toBe(error);
    expect(asApiError(new Error("boom")).message).toBe("boom");
    expect(asApiError("text").code).toBe(UNREADABLE_ANSWER);
  });
});
