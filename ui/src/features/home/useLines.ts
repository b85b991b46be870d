// The lines of what happened: what is counted, how it is drawn, and in which room it can be seen.
import { CircleX, Flag, Hourglass, Send, ShieldAlert, Undo2, UserRoundCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import type { Glyph } from "@/shared/parts/Icon";
import type { Incidents } from "./away";

export interface Line {
  readonly name:
    | "published"
    | "decided"
    | "expired"
    | "failed"
    | "undone"
    | "incidents"
    | "finished";
  readonly icon: Glyph;
  readonly look: string;
  readonly count: number;
  readonly orMore: boolean;
  readonly text: string;
  readonly room: Wire<"Room">;
  readonly to: string;
}

const GOOD = "bg-ok-soft text-ok";
const LOOK = "bg-warn-soft text-warn";
const BAD = "bg-bad-soft text-bad";
const QUIET = "bg-fg-muted/13 text-fg-muted";

/** Added up only where all of them are told. */
function sum(...counts: readonly (number | null)[]): number | null {
  return counts.reduce((all, count) => (all === null || count === null ? null : all + count), 0);
}

/** Only what happened at all, and of that only what the person's roles reach: null is not nought. */
export function useLines(
  { happened, complete }: Wire<"HomeBrief">,
  incidents: Incidents | null,
): readonly Line[] {
  const { t } = useTranslation();
  const { approved, edited, rejected, published, by_rule } = happened;
  const parts = (
    [
      ["approvedNote", approved],
      ["editedNote", edited],
      ["rejectedNote", rejected],
    ] as const
  ).filter(([, count]) => (count ?? 0) > 0);
  const content = { room: "content", to: at.content, orMore: !complete } as const;
  const review = { room: "review", to: at.review(), orMore: !complete } as const;
  const lines: readonly (Omit<Line, "count"> & { count: number | null })[] = [
    {
      ...content,
      name: "published",
      icon: Send,
      look: GOOD,
      count: published,
      text:
        published === null || by_rule === null
          ? ""
          : t("home.letGo", { rule: by_rule, people: published - by_rule }),
    },
    {
      ...review,
      name: "decided",
      icon: UserRoundCheck,
      look: QUIET,
      count: sum(approved, edited, rejected),
      text: parts.map(([note, count]) => t(`home.${note}`, { count: count ?? 0 })).join(", "),
    },
    { ...review, name: "expired", icon: Hourglass, look: LOOK, count: happened.expired, text: "" },
    {
      name: "failed",
      icon: CircleX,
      look: BAD,
      count: happened.failed,
      orMore: !complete,
      text: "",
      room: "audit",
      to: at.audit,
    },
    { ...content, name: "undone", icon: Undo2, look: QUIET, count: happened.undone, text: "" },
    {
      name: "incidents",
      icon: ShieldAlert,
      look: LOOK,
      count: incidents?.value ?? null,
      orMore: incidents?.orMore ?? false,
      text: incidents?.blocked ? t("home.blockedNote", { count: incidents.blocked }) : "",
      room: "incidents",
      to: at.incidents,
    },
    {
      name: "finished",
      icon: Flag,
      look: QUIET,
      count: happened.finished,
      orMore: !complete,
      text: "",
      room: "campaigns",
      to: at.campaigns,
    },
  ];
  return lines.filter((line): line is Line => (line.count ?? 0) > 0);
}

/** Some of it is kept from this person: what is not shown may have happened all the same. */
export function isPart({ happened }: Wire<"HomeBrief">): boolean {
  return Object.values(happened).includes(null);
}
