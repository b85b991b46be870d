// All personas: who they are, how they speak, and which version is in force.
import { Link } from "@tanstack/react-router";
import { Plus, VenetianMask } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { hooks, PAGED, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { useKey } from "@/shared/keys/useKey";
import { Room } from "@/shared/layout/Room";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Await } from "@/shared/parts/Await";
import { Badge } from "@/shared/parts/Badge";
import { Button, buttonClass } from "@/shared/parts/Button";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { EmptyState } from "@/shared/parts/States";
import { useMay } from "@/shared/session/useMe";

/** "warm: speaks to one reader" is "warm"; the whole of it stands in the editor. */
function inAWord(trait: string): string {
  return trait.split(":", 1)[0]?.trim() || trait;
}

function PersonaCard({ row }: { row: Wire<"PersonaRow"> }) {
  const { t } = useTranslation();
  return (
    <Link
      to={at.persona(row.agent) as string}
      className="flex h-full flex-col gap-2 rounded-8 border border-line bg-raised p-3 hover:border-line-strong hover:bg-hover"
    >
      <span className="flex min-w-0 items-center gap-2.5">
        <AgentAvatar id={row.agent} name={row.name} size="lg" />
        <span className="min-w-0 flex-1">
          <b className="clip block font-semibold text-15 text-fg-strong">
            <HiddenText>{row.name}</HiddenText>
          </b>
          <span className="flex items-center gap-1.5 text-11 text-fg-muted">
            <span className="num text-11">{t("personas.version", { number: row.number })}</span>
            <RelativeTime at={row.updated_at} />
          </span>
        </span>
        {row.control !== "running" && (
          <Badge tone="warn">{t(`personas.control.${row.control}`)}</Badge>
        )}
      </span>
      <span className="line-clamp-2 min-h-10 text-fg [overflow-wrap:anywhere]">
        <HiddenText>{row.role ?? t("personas.noRole")}</HiddenText>
      </span>
      <span className="flex flex-wrap gap-1">
        {row.voice_traits.map((trait) => (
          <Badge key={trait} tone="planning" className="max-w-full overflow-hidden">
            <span className="clip" title={trait}>
              <HiddenText>{inAWord(trait)}</HiddenText>
            </span>
          </Badge>
        ))}
      </span>
    </Link>
  );
}

function NewLink() {
  const { t } = useTranslation();
  return (
    <Link to={at.persona("new") as string} className={buttonClass("primary")}>
      <Icon of={Plus} />
      {t("personas.new")}
    </Link>
  );
}

/** j and k go from card to card. */
function useCardKeys() {
  const list = useRef<HTMLUListElement>(null);
  const move = (step: number) => {
    const cards = [...(list.current?.querySelectorAll<HTMLElement>("a") ?? [])];
    const here = cards.indexOf(document.activeElement as HTMLElement);
    cards[Math.min(cards.length - 1, Math.max(0, here + step))]?.focus();
  };
  useKey("next", () => move(1));
  useKey("previous", () => move(-1));
  return list;
}

export function Gallery() {
  const { t } = useTranslation();
  const may = useMay("persona_write");
  const list = useCardKeys();
  const query = hooks.useInfiniteQuery("get", "/api/v1/personas", {}, PAGED);
  return (
    <Room title={t("frame.room.personas")} aside={may && <NewLink />}>
      <div className="min-h-0 flex-1 overflow-auto p-4">
        <Await query={query} failed={t("personas.failed.list")} rows={4} className="p-0">
          {({ pages }) => {
            const rows = pages.flatMap(({ items }) => items);
            if (rows.length === 0) {
              return (
                <EmptyState
                  icon={VenetianMask}
                  title={t("personas.empty.title")}
                  text={t("personas.empty.text")}
                  action={may && <NewLink />}
                />
              );
            }
            return (
              <ul
                ref={list}
                aria-label={t("personas.gallery")}
                className="grid grid-cols-[repeat(auto-fill,minmax(260px,1fr))] gap-3"
              >
                {rows.map((row) => (
                  <li key={row.agent}>
                    <PersonaCard row={row} />
                  </li>
                ))}
              </ul>
            );
          }}
        </Await>
        {query.hasNextPage && (
          <div className="mt-3 flex justify-center">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("parts.more")}
            </Button>
          </div>
        )}
      </div>
    </Room>
  );
}
