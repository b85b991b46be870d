// The English catalogue. Each part of the house has its own file; a translation is this folder once more.
import { audit, incidents } from "./audit";
import { campaigns } from "./campaigns";
import { connect } from "./connect";
import { connections } from "./connections";
import { flow } from "./flow";
import { frame } from "./frame";
import { home } from "./home";
import { keys } from "./keys";
import { memories } from "./memories";
import { network } from "./network";
import { parts } from "./parts";
import { personas } from "./personas";
import { policies } from "./policies";
import { post } from "./post";
import { questions } from "./questions";
import { review } from "./review";
import { content, fleet, trends } from "./rooms";
import { settings } from "./settings";
import { start } from "./start";
import { traces } from "./traces";

export const en = {
  audit,
  campaigns,
  connect,
  connections,
  content,
  fleet,
  flow,
  frame,
  home,
  incidents,
  keys,
  memories,
  network,
  parts,
  policies,
  personas,
  post,
  questions,
  review,
  settings,
  start,
  traces,
  trends,
} as const;
