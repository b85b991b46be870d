// What reading a feed once said: its headlines, or what is wrong. All of it comes from outside.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { HiddenText } from "@/shared/parts/HiddenText";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { Tried } from "./Tried";

/** So many headlines say what a feed is about. */
const SHOWN_MAX = 4;

export function FeedTry({ found }: { found: Wire<"FeedTest"> }) {
  const { t } = useTranslation();
  if (!found.ok) {
    return (
      <Tried ok={false} title={t("connect.feed.worksNot")} tookMs={found.took_ms}>
        <HiddenText>{found.problem ?? ""}</HiddenText>
      </Tried>
    );
  }
  return (
    <Tried ok title={t("connect.feed.works")} tookMs={found.took_ms}>
      <p className="mt-1 flex items-center gap-1.5">
        <UntrustedBadge />
        <b className="clip font-medium text-fg-strong">
          <HiddenText>{found.title ?? t("connect.feed.untitled")}</HiddenText>
        </b>
      </p>
      <ul className="mt-1 flex list-disc flex-col pl-4 text-fg-muted">
        {found.items.slice(0, SHOWN_MAX).map((headline, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headlines are not unique and never move
          <li key={index} className="clip">
            <HiddenText>{headline}</HiddenText>
          </li>
        ))}
      </ul>
      {found.warnings.length > 0 && (
        <p className="mt-1 text-warn">
          {t("connect.feed.odd")} <HiddenText>{found.warnings.join(" ")}</HiddenText>
        </p>
      )}
    </Tried>
  );
}
