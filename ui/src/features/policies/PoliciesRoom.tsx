// The policy in force: what goes out by itself, what waits for a person, how long things hold.
import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { asApiError } from "@/ipc/errors";
import { at } from "@/shared/addresses";
import { basisPoints, exactConfidence } from "@/shared/format/confidence";
import { formatCount } from "@/shared/format/count";
import { SECOND_MS, wholeDuration } from "@/shared/format/time";
import { formatLocale } from "@/shared/i18n/locale";
import { Room } from "@/shared/layout/Room";
import { Await } from "@/shared/parts/Await";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { Chip } from "@/shared/parts/Chip";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { useMay } from "@/shared/session/useMe";
import { type Current, PolicyEditor } from "./PolicyEditor";

type Document = Wire<"PolicyDocument">;

const score = (value: number) => exactConfidence(basisPoints(value));

function Bands({ policy }: { policy: Document }) {
  const { t } = useTranslation();
  const { auto_above, review_from, must_approve_from } = policy.bands;
  const auto = score(auto_above);
  const review = score(review_from);
  const must = score(must_approve_from);
  const rows: readonly (readonly [BadgeTone, string, string])[] = [
    policy.bands.auto_above < 1
      ? ["ok", t("policies.auto", { score: auto }), t("policies.autoText")]
      : ["ok", t("policies.nothing"), t("policies.nothingText", { score: auto })],
    ["warn", t("policies.review", { score: review, to: auto }), t("policies.reviewText")],
    [
      "bad",
      t("policies.must", { score: must, to: review }),
      t(`policies.mustText.${policy.low_band_action}`),
    ],
    ["bad", t("policies.below", { score: must }), t("policies.belowText")],
  ];
  return (
    <Card title={t("policies.bands")}>
      <ul>
        {rows.map(([tone, where, what]) => (
          <li
            key={where}
            className="flex h-9 items-center gap-3 border-line border-b px-3 last:border-b-0"
          >
            <Badge tone={tone} className="w-48 justify-center">
              {where}
            </Badge>
            <span className="clip">{what}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex h-8 items-center gap-3 border-line border-b px-3 last:border-b-0">
      <dt className="min-w-0 flex-1 text-fg-muted">{name}</dt>
      <dd className="num text-fg-strong">{children}</dd>
    </div>
  );
}

function Times({ policy }: { policy: Document }) {
  const { t } = useTranslation();
  const written = (seconds: number) => wholeDuration(seconds * SECOND_MS, formatLocale());
  return (
    <Card title={t("policies.times")}>
      <dl>
        <Line name={t("policies.hold")}>{written(policy.hold_seconds)}</Line>
        <Line name={t("policies.claim")}>{written(policy.claim_seconds)}</Line>
        <Line name={t("policies.reviewTtl")}>{written(policy.review_ttl_seconds)}</Line>
        <Line name={t("policies.approvalTtl")}>{written(policy.approval_ttl_seconds)}</Line>
        <Line name={t("policies.rejections")}>{policy.max_rejections}</Line>
        <Line name={t("policies.retries")}>{policy.max_retries}</Line>
        <Line name={t("policies.tokens")}>
          {formatCount(policy.max_step_tokens, formatLocale())}
        </Line>
      </dl>
    </Card>
  );
}

function Sensitive({ policy }: { policy: Document }) {
  const { t } = useTranslation();
  return (
    <Card title={t("policies.sensitive")}>
      <CardBody className="flex flex-col gap-3">
        <p className="text-12 text-fg-muted">
          {t(policy.sensitive.length > 0 ? "policies.sensitiveText" : "policies.noSensitive")}
        </p>
        {policy.sensitive.map(({ category, terms }) => (
          <section key={category}>
            <h3 className="mb-1.5 font-medium text-fg-strong">
              {t(`policies.category.${category}`)}
            </h3>
            <div className="flex flex-wrap gap-1">
              {terms.map((term) => (
                <Chip key={term}>{term}</Chip>
              ))}
            </div>
          </section>
        ))}
      </CardBody>
    </Card>
  );
}

/**
 * The stored policy where it cannot be read. Its version comes with the error, so that another can take its place, and
 * the policy that ships, for the form to begin from.
 */
function unreadableOf(error: unknown): Current | null {
  const { code, etag, details } = asApiError(error);
  const shipped = details.shipped as Document | undefined;
  if (code !== "POLICY_UNREADABLE" || !shipped || !/^\d+$/.test(etag ?? "")) return null;
  return { version: Number(etag), document: shipped, unreadable: true };
}

export function PoliciesRoom() {
  const { t } = useTranslation();
  const mayWrite = useMay("policy_write");
  // What the form began from: a policy that cannot be read is gone from the query while it is asked for again.
  const [begun, setBegun] = useState<Current | null>(null);
  const query = hooks.useQuery("get", "/api/v1/policy");
  const unreadable = query.error ? unreadableOf(query.error) : null;
  const current = unreadable ?? query.data ?? begun;
  return (
    <Room
      title={t("frame.room.policies")}
      aside={
        mayWrite &&
        current &&
        !begun && (
          <Button tone="primary" icon={Pencil} onClick={() => setBegun(current)}>
            {t(unreadable ? "policies.writeAfresh" : "policies.change")}
          </Button>
        )
      }
    >
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        {begun && current ? (
          <PolicyEditor current={current} onDone={() => setBegun(null)} />
        ) : (
          <Await
            query={{ ...query, data: unreadable ? undefined : query.data }}
            failed={t("policies.failed")}
          >
            {(found) => <InForce current={found} mayWrite={mayWrite} />}
          </Await>
        )}
      </div>
    </Room>
  );
}

function InForce({ current, mayWrite }: { current: Wire<"PolicyVersion">; mayWrite: boolean }) {
  const { t } = useTranslation();
  const { version, author, created_at, document } = current;
  return (
    <div className="flex flex-col gap-3.5">
      <p className="flex items-center gap-2 text-fg-muted">
        <b className="font-semibold text-fg-strong">
          {version === 0 ? t("policies.builtIn") : t("policies.version", { number: version })}
        </b>
        {author && t("policies.by", { name: author })}
        {created_at && <RelativeTime at={created_at} />}
        <Link to={at.audit} className="ml-auto text-accent-fg underline">
          {t("policies.changes")}
        </Link>
      </p>
      {!mayWrite && <Callout tone="info">{t("policies.readOnly")}</Callout>}
      <div className="grid grid-cols-2 items-start gap-3.5">
        <div className="flex min-w-0 flex-col gap-3.5">
          <Bands policy={document} />
          <Times policy={document} />
        </div>
        <Sensitive policy={document} />
      </div>
    </div>
  );
}
