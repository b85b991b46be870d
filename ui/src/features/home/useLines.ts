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

/** Only what happened at all. */
export function useLines(
  { happened, complete }: Wire<"HomeBrief">,
  incidents: Incidents | null,
): readonly Line[] {
  const { t } = useTranslation();
  const { approved, edited, rejected } = happened;
  const parts = (
    [
      ["approvedNote", approved],
      ["editedNote", edited],
      ["rejectedNote", rejected],
    ] as const
  ).filter(([, count]) => count > 0);
  const content = { room: "content", to: at.content, orMore: !complete } as const;
  const review = { room: "review", to: at.review(), orMore: !complete } as const;
  const lines: readonly Line[] = [
    {
      ...content,
      name: "published",
      icon: Send,
      look: GOOD,
      count: happened.published,
      text: t("home.letGo", {
        rule: happened.by_rule,
        people: happened.published - happened.by_rule,
      }),
    },
    {
      ...review,
      name: "decided",
      icon: UserRoundCheck,
      look: QUIET,
      count: approved + edited + rejected,
      text: parts.map(([note, count]) => t(`home.${note}`, { count })).join(", "),
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
      count: incidents?.value ?? 0,
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
  return lines.filter(({ count }) => count > 0);
}
