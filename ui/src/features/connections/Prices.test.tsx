import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { refuse } from "@/shared/testing/backend";
import { providers } from "@/shared/testing/providers";
import { OWNER, renderRoom } from "@/shared/testing/renderRoom";
import { Prices } from "./Prices";
import { isAmount, newPrices, type PriceRow, rowsOf, wrongIn } from "./pricesDraft";

const role = (name: string, model: string, rehearsal = false) => ({
  role: name,
  provider: "openai",
  model,
  rehearsal,
  input_per_million: null,
  output_per_million: null,
});
const small = { model: "small", input_per_million: "0.15", output_per_million: "0.60" };
const none = { as_of: "", source: "", items: [] };
const shipped = {
  as_of: "2026-07-01",
  source: "a public list at a commit",
  items: [{ host: "api.example", ...small, input_per_million: "0.25" }],
};
const script = {
  "GET /api/v1/prices": { version: 3, items: [small], shipped: none },
  "GET /api/v1/connections/model": {
    settings: null,
    roles: [role("planner", "big"), role("worker", "small"), role("judge", "big")],
    providers,
  },
};

describe("prices", () => {
  it("are shown as entered, and their lack is not called free", async () => {
    const { backend } = await renderRoom(<Prices />, script);
    const table = await screen.findByRole("table", { name: "Prices" });
    expect(within(table).getByText("$0.15")).toBeDefined();
    expect(within(table).getByText("as read")).toBeDefined();
    backend.now({ "GET /api/v1/prices": { version: 4, items: [], shipped: none } });
    backend.fact({ type: "settings_changed", area: "connections" });
    await screen.findByText("No price of your own");
    expect(screen.queryByText(/free/i)).toBeNull();
    expect(screen.queryByRole("table")).toBeNull();
  });

  it("that ship are dated, and say where they can be looked up", async () => {
    await renderRoom(<Prices />, {
      ...script,
      "GET /api/v1/prices": { version: 3, items: [small], shipped },
    });
    await userEvent.click(await screen.findByText("1 price that ships, of Jul 1, 2026"));
    const table = screen.getByRole("table", { name: "Prices that ship" });
    expect(within(table).getByText("$0.25")).toBeDefined();
    expect(within(table).getByText("api.example")).toBeDefined();
    expect(screen.getByText(/Taken from a public list at a commit/)).toBeDefined();
  });

  it("are entered for the models that answer, under the version that was seen", async () => {
    const { backend } = await renderRoom(<Prices />, {
      ...script,
      "PUT /api/v1/prices": { version: 4, items: [], shipped: none },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Enter prices" }));
    const dialog = await screen.findByRole("dialog");
    const rows = within(dialog).getAllByRole("listitem");
    expect(rows).toHaveLength(2);
    const big = rows[1] as HTMLElement;
    expect((within(big).getByLabelText("Model") as HTMLInputElement).value).toBe("big");
    const enter = (label: string, value: string) =>
      fireEvent.change(within(big).getByLabelText(label), { target: { value } });
    enter("Read", "2.5");
    enter("Read again", "0.25");
    enter("Written", "1o");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save the prices" }));
    expect(within(big).getByText(/An amount such as/)).toBeDefined();
    expect(backend.writes).toEqual([]);
    enter("Written", "10");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save the prices" }));
    await waitFor(() => expect(backend.writes).toHaveLength(1));
    expect(backend.writes[0]).toMatchObject({
      headers: { "if-match": '"3"' },
      body: {
        items: [
          small,
          {
            model: "big",
            input_per_million: "2.5",
            output_per_million: "10",
            cached_input_per_million: "0.25",
          },
        ],
      },
    });
    await waitFor(() =>
      expect(screen.queryByRole("dialog", { name: "Prices of models" })).toBeNull(),
    );
  });

  it("stay in the dialog when somebody else was first", async () => {
    await renderRoom(<Prices />, {
      ...script,
      "PUT /api/v1/prices": refuse("VERSION_MISMATCH"),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Enter prices" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save the prices" }));
    expect((await within(dialog).findByRole("alert")).textContent).toContain(
      "The prices were not saved",
    );
  });

  it("are only for those to change who may", async () => {
    await renderRoom(<Prices />, script, {
      me: { ...OWNER, may: ["connection_read"] },
    });
    await screen.findByRole("table", { name: "Prices" });
    expect(screen.queryByRole("button", { name: "Enter prices" })).toBeNull();
  });
});

describe("typed prices", () => {
  const row = (over: Partial<PriceRow>): PriceRow => ({
    key: 0,
    model: "m",
    input: "1",
    cached: "",
    output: "2",
    ...over,
  });

  it("are amounts of dollars within the bounds", () => {
    for (const good of ["0", "0.000000001", " 12.5 ", "10000"])
      expect(isAmount(good), good).toBe(true);
    for (const bad of ["", "-1", "1e3", "10000.01", "0.1234567890", "1,5", "."])
      expect(isAmount(bad), bad).toBe(false);
  });

  it("say which box is wrong, and leave out rows without a figure", () => {
    expect(wrongIn(row({}), [])).toBeNull();
    expect(wrongIn(row({ model: " " }), [])).toBe("model");
    expect(wrongIn(row({}), [row({ key: 1 })])).toBe("model");
    expect(wrongIn(row({ input: "" }), [])).toBe("input");
    expect(wrongIn(row({ cached: "x" }), [])).toBe("cached");
    expect(wrongIn(row({ output: "" }), [])).toBe("output");
    const empty = row({ input: "", output: "" });
    expect(wrongIn(empty, [])).toBeNull();
    expect(newPrices([empty, row({ key: 1 })]).items).toHaveLength(1);
  });

  it("begin with what is stored and with the models that answer", () => {
    const rows = rowsOf({ version: 1, items: [small], shipped: none }, ["small", "big"]);
    expect(rows.map(({ model, input }) => [model, input])).toEqual([
      ["small", "0.15"],
      ["big", ""],
    ]);
  });
});
