// The reasons in words, and the places in the text that rules found.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Section } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { inWords, ruleWords, stops } from "./model";

type Finding = Wire<"Finding">;

const TONES: Record<Wire<"FindingWeight">, BadgeTone> = {
  note: "outline",
  needs_person: "warn",
  fails: "bad",
  attack: "bad",
};
const BANDS: Record<Wire<"ReviewBand">, BadgeTone> = {
  queue: "warn",
  must_approve: "bad",
  exhausted: "bad",
};

/** The message with the words it is about marked: inside it where it quotes them, before it where it does not. */
function Message({ finding, text }: { finding: Finding; text: string }) {
  const { message, span } = finding;
  const words = span ? text.slice(span.start, span.end) : "";
  const at = words === "" ? -1 : message.toLowerCase().indexOf(words.toLowerCase());
  const mark = (
    <mark className={stops(finding) ? "border-bad! bg-bad-soft!" : undefined}>
      <HiddenText>{words}</HiddenText>
    </mark>
  );
  if (words === "") return <HiddenText>{message}</HiddenText>;
  return (
    <>
      {at > 0 && <HiddenText>{message.slice(0, at)}</HiddenText>}
      {mark}
      {at < 0 && " "}
      <HiddenText>{at < 0 ? message : message.slice(at + words.length)}</HiddenText>
    </>
  );
}

function FindingRow({ finding, text }: { finding: Finding; text: string }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col items-start gap-0.5">
      <span className="flex min-w-0 max-w-full items-center gap-1.5">
        <Badge tone={TONES[finding.weight]}>{t(`review.why.weight.${finding.weight}`)}</Badge>
        <span className="clip text-11 text-fg-muted">{ruleWords(finding.rule)}</span>
      </span>
      <p className="text-[12.5px] leading-[18px] [overflow-wrap:anywhere]">
        <Message finding={finding} text={text} />
      </p>
    </li>
  );
}

interface EarlierTryProps {
  one: Wire<"SimilarDecision">;
  /** Which try it was. */
  number: number;
  label: string | undefined;
}

/** An earlier draft of the same post that a person rejected: who, and why. */
function EarlierTry({ one, number, label }: EarlierTryProps) {
  const { t } = useTranslation();
  const reason = label ?? inWords(one.reject_reason ?? "");
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-2">
      <Badge tone="info">{t("review.why.try", { number: number + 1 })}</Badge>
      <p className="text-[12.5px] leading-[18px] [overflow-wrap:anywhere]">
        {t("review.why.rejected", {
          name: one.decided_by?.name ?? t("review.row.someone"),
          number,
        })}{" "}
        <Link
          to={at.review(one.review) as string}
          className="text-accent-fg underline underline-offset-2"
        >
          {reason}
        </Link>
        {one.note && (
          <>
            {". "}
            <HiddenText>{one.note}</HiddenText>
          </>
        )}
      </p>
    </li>
  );
}

export function Why({ card }: { card: Wire<"ReviewCard"> }) {
  const { t } = useTranslation();
  const { review, findings, verdict, earlier } = card;
  const said = new Set(findings.map(({ message }) => message));
  const reasons = review.reasons.filter((reason) => !said.has(reason));
  const { subject } = review.risk;
  return (
    <Section
      title={t("review.why.title")}
      aside={t("review.why.count", {
        count: reasons.length + findings.length + earlier.length,
      })}
    >
      <ol className="flex flex-col gap-2">
        {earlier.map((one, index) => (
          <EarlierTry
            key={one.review}
            one={one}
            number={index + 1}
            label={
              card.options.reject_reasons.find(({ reason }) => reason === one.reject_reason)?.label
            }
          />
        ))}
        {findings.map((finding) => (
          <FindingRow
            key={`${finding.rule} ${finding.span?.start ?? ""} ${finding.message}`}
            finding={finding}
            text={review.preview.text}
          />
        ))}
        {reasons.map((reason) => (
          <li key={reason} className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-2">
            <Badge tone={BANDS[review.band]}>{t(`review.why.band.${review.band}`)}</Badge>
            <p className="text-[12.5px] leading-[18px] [overflow-wrap:anywhere]">
              <HiddenText>{reason}</HiddenText>
            </p>
          </li>
        ))}
      </ol>
      {(subject !== null || verdict !== null) && (
        <p className="mt-2 flex gap-2 text-11 text-fg-muted">
          {subject !== null && <span>{t("review.why.risk", { subject: inWords(subject) })}</span>}
          {verdict !== null && (
            <span className="ml-auto">
              {verdict.policy_version === 0
                ? t("review.why.builtIn")
                : t("review.why.policy", { version: verdict.policy_version })}
            </span>
          )}
        </p>
      )}
    </Section>
  );
}
