// How often this person decides as the judge's score would have it, with the counts behind the figure.
import { useQueries } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Target } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { formatCount, formatShare } from "@/shared/format/count";
import { formatLocale } from "@/shared/i18n/locale";
import { buttonClass } from "@/shared/parts/Button";
import { Icon } from "@/shared/parts/Icon";
import { Popover } from "@/shared/parts/Popover";
import { useMe } from "@/shared/session/useMe";
import { type Agreement, agreedShare, agreementOf, decisionsIn } from "./agreement";

const STATES = ["approved", "edited", "rejected"] as const;
/** Newest decisions of each kind that are looked at. */
const LOOKED_AT_ROWS = 50;
/** A share of fewer says nothing. */
const SAID_FROM = 5;

function useAgreement(): Agreement | null {
  const { user } = useMe();
  const lists = useQueries({
    queries: STATES.map((state) =>
      hooks.queryOptions("get", "/api/v1/reviews", {
        params: { query: { state, limit: LOOKED_AT_ROWS } },
      }),
    ),
  });
  const here = lists.flatMap(({ data }) => (data ? [data] : []));
  return here.length === STATES.length ? agreementOf(here, user.id) : null;
}

function Counts({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation();
  const { markedKept, markedChanged, plainKept, plainChanged } = agreement;
  const rows = [
    { name: "plain", kept: plainKept, changed: plainChanged, agrees: "kept" },
    { name: "marked", kept: markedKept, changed: markedChanged, agrees: "changed" },
  ] as const;
  const number = (count: number, agrees: boolean) => (
    <td className={clsx("py-0.5 text-right tnum", agrees ? "font-semibold text-ok" : "text-fg")}>
      {formatCount(count, formatLocale())}
    </td>
  );
  return (
    <table className="w-full text-12">
      <thead className="text-11 text-fg-muted">
        <tr>
          <th scope="col" className="pr-3 text-left font-regular">
            {t("review.agreement.judge")}
          </th>
          <th scope="col" className="pl-3 text-right font-regular">
            {t("review.agreement.kept")}
          </th>
          <th scope="col" className="pl-3 text-right font-regular">
            {t("review.agreement.changed")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, kept, changed, agrees }) => (
          <tr key={name}>
            <th scope="row" className="py-0.5 text-left font-regular text-fg">
              {t(`review.agreement.${name}`)}
            </th>
            {number(kept, agrees === "kept")}
            {number(changed, agrees === "changed")}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function AgreementFigure() {
  const { t } = useTranslation();
  const agreement = useAgreement();
  const share = agreement && agreedShare(agreement);
  if (!agreement || share === null || decisionsIn(agreement) < SAID_FROM) return null;
  return (
    <Popover
      align="end"
      title={t("review.agreement.title")}
      trigger={
        <button type="button" className={buttonClass("quiet", "sm")}>
          <Icon of={Target} size="sm" />
          {t("review.agreement.name")}
          <b className="font-semibold text-fg-strong tnum">{formatShare(share, formatLocale())}</b>
        </button>
      }
    >
      <Counts agreement={agreement} />
      <p className="mt-2 text-12 text-fg-muted leading-[17px]">
        {t("review.agreement.text", { count: decisionsIn(agreement) })}
      </p>
    </Popover>
  );
}
