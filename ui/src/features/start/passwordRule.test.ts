import { expect, it } from "vitest";
import { isGood, judgePassword } from "./passwordRule";

const whom = { min: 12, name: "Inga Maria Reuter", email: "inga@halden.example" };
const kind = (password: string) => judgePassword(password, whom).kind;

it("asks for what the API asks for, in characters as people count them", () => {
  expect(kind("")).toBe("empty");
  expect(judgePassword("eleven char", whom)).toEqual({ kind: "short", missing: 1 });
  expect(kind("twelve chars")).toBe("enough");
  // Twelve characters, twenty-four code units.
  expect(kind("😀😃😄😁😆😅😂🤣😊😇🙂🙃")).toBe("enough");
  expect(kind("aaaaaaaaaaaaaa")).toBe("repeated");
  expect(kind("INGA@Halden.example")).toBe("own");
  expect(kind("inga maria reuter")).toBe("own");
  expect(kind("a whole sentence is best")).toBe("long");
});

it("calls only those good that the API takes", () => {
  const good = ["", "short", "aaaaaaaaaaaaaa", "inga maria reuter", "twelve chars"].filter(
    (password) => isGood(judgePassword(password, whom)),
  );
  expect(good).toEqual(["twelve chars"]);
});
