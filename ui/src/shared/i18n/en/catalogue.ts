// The English catalogue. Each part of the house has its own file; a translation is this folder once more.
import { frame } from "./frame";
import { keys } from "./keys";
import { parts } from "./parts";
import { start } from "./start";

export const en = { frame, keys, parts, start } as const;
