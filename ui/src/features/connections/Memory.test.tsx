import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Wire } from "@/ipc/api";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { Memory } from "./Memory";

const LOOK = "GET /api/v1/connections/memory";
const lexical: Wire<"MemoryConnection"> = {
  backend: "embedded",
  address: null,
  grpc_address: null,
  never_run_live: false,
  embedder: null,
  finds_by: "words",
  memories: 12,
  embedded: null,
  problem: null,
  last_problem: null,
};
const fault = {
  class: "transient" as const,
  code: "EMBEDDER_UNAVAILABLE",
  message: "The embedder small at a.example does not answer.",
  retry_after_ms: null,
};

it("calls memory lexical while nobody embeds, and counts what there is", async () => {
  await renderRoom(<Memory />, { [LOOK]: lexical });
  await screen.findByText("lexical: by words alone");
  expect(screen.getByText("12")).toBeDefined();
  expect(screen.getByText(/none; set one up/)).toBeDefined();
  expect(screen.getByText("none since the start")).toBeDefined();
  expect(screen.queryByText("never run against a live server")).toBeNull();
});

it("names the embedder, what waits for a vector, and what went wrong last", async () => {
  await renderRoom(<Memory />, {
    [LOOK]: {
      ...lexical,
      embedder: "small at a.example",
      finds_by: "words_and_meaning",
      embedded: 7,
      last_problem: { fault, at: "2026-05-21T08:00:00Z" },
    },
  });
  await screen.findByText("small at a.example");
  expect(screen.getByText("7 of 12 with a vector")).toBeDefined();
  expect(screen.getByText("EMBEDDER_UNAVAILABLE")).toBeDefined();
});

it("says of a backend that it was never run live, and that what cannot be counted is not known", async () => {
  const elsewhere = {
    ...lexical,
    backend: "weaviate",
    address: "https://w.example",
    never_run_live: true,
    memories: null,
    problem: fault,
  };
  await renderRoom(<Memory />, { [LOOK]: elsewhere });
  await screen.findByText("never run against a live server");
  expect(screen.getByText("https://w.example")).toBeDefined();
  expect(screen.getByText("REST, words and meaning in two questions")).toBeDefined();
  expect(screen.getByText("not known")).toBeDefined();
  expect(screen.getByText(/does not answer/)).toBeDefined();
});

it("names the address of gRPC where it is searched over it", async () => {
  await renderRoom(<Memory />, {
    [LOOK]: {
      ...lexical,
      backend: "weaviate",
      address: "https://w.example",
      grpc_address: "https://w.example:50051",
      never_run_live: true,
    },
  });
  await screen.findByText(/^gRPC at https:\/\/w\.example:50051/);
  expect(screen.getByText("never run against a live server")).toBeDefined();
  expect(screen.queryByText(/REST/)).toBeNull();
});

it("tries it out for an admin and tells what came of it", async () => {
  const { backend } = await renderRoom(<Memory />, {
    [LOOK]: lexical,
    "POST /api/v1/connections/memory/test": {
      ok: true,
      message: "12 memories can be read. There is no embedder: they are found by their words.",
      took_ms: 3,
      problem: null,
    },
  });
  await userEvent.click(
    await screen.findByRole("button", { name: "Test what agents remember with" }),
  );
  await screen.findByText(/12 memories can be read/);
  await waitFor(() => expect(backend.writes).toHaveLength(1));
});

it("gives nobody else a way to try it", async () => {
  const me = { ...OWNER, may: OWNER.may.filter((one) => one !== "connection_write") };
  await renderRoom(<Memory />, { [LOOK]: lexical }, { me });
  await screen.findByText("lexical: by words alone");
  expect(screen.queryByRole("button", { name: "Test what agents remember with" })).toBeNull();
});
