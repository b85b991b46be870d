// The tools of one server. What they say about themselves is text from outside; what calling them does, Chimera's own list says.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { UntrustedBadge } from "@/shared/parts/Untrusted";

const TONES: Record<Wire<"EffectClass">, BadgeTone> = {
  read: "neutral",
  internal_write: "info",
  outward: "warn",
  money: "bad",
};

/** So many signs of a digest tell two apart by eye; the whole one is on hover. */
const SHOWN_HASH = 19;

function Row({ tool }: { tool: Wire<"Tool"> }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col gap-0.5 border-line border-t py-2 pr-3 pl-9">
      <div className="flex items-center gap-2">
        <b className="num min-w-0 flex-1 font-medium text-fg-strong [overflow-wrap:anywhere]">
          {tool.tool}
        </b>
        <Badge tone={TONES[tool.effect]}>{t(`connections.effect.${tool.effect}`)}</Badge>
      </div>
      <p className="text-11 text-fg-muted">{t(`connections.effectText.${tool.effect}`)}</p>
      <p className="text-12 text-fg [overflow-wrap:anywhere]">
        <HiddenText>{tool.description}</HiddenText>
      </p>
      <p className="num text-11 text-fg-faint" title={tool.schema_hash}>
        {t("connections.hash")} {tool.schema_hash.slice(0, SHOWN_HASH)}
      </p>
    </li>
  );
}

export function Tools({ server }: { server: string }) {
  const { t } = useTranslation();
  const query = hooks.useQuery("get", "/api/v1/connections/tools");
  return (
    <Await query={query} failed={t("connections.toolsFailed")}>
      {({ items }) => {
        const mine = items.filter((tool) => tool.server === server);
        if (mine.length === 0) {
          return <p className="px-9 pb-2.5 text-12 text-fg-muted">{t("connections.noTools")}</p>;
        }
        return (
          <>
            <p className="flex items-center gap-1.5 border-line border-t bg-surface py-1.5 pr-3 pl-9 text-11 text-fg-muted">
              <UntrustedBadge /> {t("connections.effectHint")}
            </p>
            <ul>
              {mine.map((tool) => (
                <Row key={tool.tool} tool={tool} />
              ))}
            </ul>
          </>
        );
      }}
    </Await>
  );
}
