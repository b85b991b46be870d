// The English catalogue. Each part of the house has its own file; a translation is this folder once more.
import { connect } from "./connect";
import { connections } from "./connections";
import { frame } from "./frame";
import { home } from "./home";
import { keys } from "./keys";
import { parts } from "./parts";
import { post } from "./post";
import { review } from "./review";
import { start } from "./start";
import { traces } from "./traces";

export const en = {
  connect,
  connections,
  frame,
  home,
  keys,
  parts,
  post,
  review,
  start,
  traces,
} as const;
