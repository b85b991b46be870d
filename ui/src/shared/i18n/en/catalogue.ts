// The English catalogue. Each part of the house has its own file; a translation is this folder once more.
import { connect } from "./connect";
import { frame } from "./frame";
import { keys } from "./keys";
import { parts } from "./parts";
import { start } from "./start";

export const en = { connect, frame, keys, parts, start } as const;
