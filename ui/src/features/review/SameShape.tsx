// Other drafts that wait and are built like the opened one, each with what differs. Each is decided by itself.
import { Link } from "@tanstack/react-router";
import { Fragment, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { basisPoints } from "@/shared/format/confidence";
import { Card } from "@/shared/parts/Card";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { TaintChip } from "@/shared/parts/Untrusted";
import { waits } from "./model";
import { type Alike, alikeTo } from "./shape";

const SHOWN_MAX = 5;

function Pieces({ pieces }: Pick<Alike, "pieces">) {
  return pieces.map(({ kind, text }, index) =>
    kind === "added" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <b key={index} className="font-medium text-fg-strong">
        <HiddenText>{text}</HiddenText>
      </b>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <Fragment key={index}>
        <HiddenText>{text}</HiddenText>
      </Fragment>
    ),
  );
}

export interface SameShapeProps {
  review: Wire<"Review">;
  rows: readonly Wire<"Review">[];
}

export function SameShape({ review, rows }: SameShapeProps) {
  const { t } = useTranslation();
  const alike = useMemo(() => (waits(review) ? alikeTo(review, rows) : []), [review, rows]);
  if (alike.length === 0) return null;
  const more = alike.length - SHOWN_MAX;
  return (
    <div className="w-full max-w-[598px] self-center">
      <Card
        title={t("review.shape.title", { count: alike.length })}
        aside={<span className="max-wide:hidden">{t("review.shape.note")}</span>}
      >
        <ul>
          {alike.slice(0, SHOWN_MAX).map(({ review: other, pieces }) => (
            <li key={other.id} className="border-line border-b last:border-b-0">
              <Link
                to={at.review(other.id) as string}
                replace
                className="flex items-start gap-2.5 px-3 py-2 hover:bg-hover focus-visible:-outline-offset-2"
              >
                <ConfidenceBadge basisPoints={basisPoints(other.confidence)} />
                <span className="line-clamp-3 min-w-0 flex-1 text-12 text-fg-muted leading-[17px] [overflow-wrap:anywhere]">
                  <Pieces pieces={pieces} />
                </span>
                {other.tainted && <TaintChip />}
              </Link>
            </li>
          ))}
        </ul>
        {more > 0 && (
          <p className="border-line border-t px-3 py-1.5 text-12 text-fg-muted">
            {t("review.shape.more", { count: more })}
          </p>
        )}
      </Card>
    </div>
  );
}
