// Campaigns, personas, drafts and runs by their words, for the palette. Nothing is read before somebody types.
import { useRouter } from "@tanstack/react-router";
import { Inbox, ListTree, Megaphone, Pause, Play, VenetianMask } from "lucide-react";
import { useTranslation } from "react-i18next";
import { hooks, ifMatch, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import type { Command } from "./commands";
import { matching } from "./matching";

/** A single letter finds everything and says nothing. */
const QUERY_MIN = 2;
/** Newest rows of each list that are looked through; the most that the API gives at once. */
export const ROWS_MAX = 200;
/** Shown of each kind. */
const SHOWN_MAX = 5;
/** Characters of a draft that say which one it is. */
const TEXT_CHARS = 80;

const PAGE = { params: { query: { limit: ROWS_MAX } } };

interface Thing extends Omit<Command, "group" | "run"> {
  /** Where it is, or what choosing it does. */
  readonly place: string | (() => void);
}

interface List {
  readonly isLoading: boolean;
  readonly data: { readonly next: string | null } | undefined;
}

export interface Found {
  /** By kind, best first. */
  readonly groups: readonly (readonly [group: string, Command[]])[];
  /** Some lists are still being read, so that what is missing may yet come. */
  readonly searching: boolean;
  /** Kinds of which there are more than were looked through. */
  readonly cut: readonly string[];
}

const NOTHING: Found = { groups: [], searching: false, cut: [] };

/** Only who writes the verb first is offered the act: looking for a name must never pause what it finds. */
function asks(label: string, words: string): boolean {
  const [verb = ""] = words.toLowerCase().split(/\s+/);
  return verb.length >= QUERY_MIN && label.toLowerCase().startsWith(verb);
}

/** Pausing and going on, for the campaigns that can; a failure is told where it was chosen. */
function useHalt(): (campaign: Wire<"Campaign">) => Thing[] {
  const { t } = useTranslation();
  const pause = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/pause", {
    onError: sayFailed(t("campaigns.page.pauseFailed")),
  });
  const resume = hooks.useMutation("post", "/api/v1/campaigns/{campaign}/resume", {
    onError: sayFailed(t("campaigns.page.resumeFailed")),
  });
  return ({ id, name, status, version }) => {
    const params = { path: { campaign: id }, header: ifMatch(version) };
    if (status === "ACTIVE") {
      const label = t("parts.palette.pause", { name });
      const place = () => pause.mutate({ params });
      return [{ id: `pause ${id}`, label, icon: Pause, place }];
    }
    if (status !== "PAUSED") return [];
    const label = t("parts.palette.resume", { name });
    const place = () => resume.mutate({ params });
    return [{ id: `resume ${id}`, label, icon: Play, place }];
  };
}

/** What the query finds. */
export function useFound(query: string): Found {
  const { t } = useTranslation();
  const { history } = useRouter();
  const { data: me } = hooks.useQuery("get", "/api/v1/session", undefined, { enabled: false });
  const words = query.trim();
  const mayHalt = me?.may.includes("campaign_write") ?? false;
  const wanted = (right: string) => ({
    enabled: words.length >= QUERY_MIN && (me?.may.includes(right) ?? false),
  });
  const campaigns = hooks.useQuery("get", "/api/v1/campaigns", PAGE, wanted("campaign_read"));
  const personas = hooks.useQuery("get", "/api/v1/personas", PAGE, wanted("persona_read"));
  const reviews = hooks.useQuery("get", "/api/v1/reviews", PAGE, wanted("review_read"));
  const runs = hooks.useQuery("get", "/api/v1/traces", PAGE, wanted("trace_read"));
  const halt = useHalt();
  if (words.length < QUERY_MIN) return NOTHING;

  const kinds: readonly (readonly [string, List, readonly Thing[] | undefined])[] = [
    [
      t("frame.room.campaigns"),
      campaigns,
      campaigns.data?.items.map(({ id, name, goal, status }) => ({
        id: `campaign ${id}`,
        label: name,
        icon: Megaphone,
        note: t(`campaigns.status.${status}`),
        keywords: [goal],
        place: status === "DRAFT" ? at.compose(id) : at.campaign(id),
      })),
    ],
    [
      t("frame.room.review"),
      reviews,
      reviews.data?.items.map(({ id, agent, campaign_name, preview }) => ({
        id: `review ${id}`,
        label: `${agent.name}: ${preview.text.replaceAll(/\s+/g, " ").slice(0, TEXT_CHARS)}`,
        icon: Inbox,
        keywords: [preview.text, campaign_name],
        place: at.review(id),
      })),
    ],
    [
      t("frame.room.personas"),
      personas,
      personas.data?.items.map(({ agent, name, role }) => ({
        id: `persona ${agent}`,
        label: name,
        icon: VenetianMask,
        keywords: [role ?? ""],
        place: at.persona(agent),
      })),
    ],
    [
      t("frame.room.traces"),
      runs,
      runs.data?.items.map(({ trace, name }) => ({
        id: `run ${trace}`,
        label: name.replace(/^invoke_workflow\s+/, ""),
        icon: ListTree,
        note: trace.slice(0, 8),
        keywords: [trace],
        place: at.trace(trace),
      })),
    ],
    [
      t("parts.palette.halt"),
      // How far was looked is told with the campaigns themselves.
      { isLoading: campaigns.isLoading, data: undefined },
      mayHalt ? campaigns.data?.items.flatMap(halt).filter(({ label }) => asks(label, words)) : [],
    ],
  ];
  const groups = kinds.flatMap(([group, , things]) => {
    const found = (things ?? [])
      .map((thing) => ({ thing, fits: matching([thing.label, ...(thing.keywords ?? [])], words) }))
      .filter(({ fits }) => fits > 0)
      .sort((a, b) => b.fits - a.fits)
      .slice(0, SHOWN_MAX)
      .map(({ thing: { place, ...thing } }) => ({
        ...thing,
        group,
        run: typeof place === "string" ? () => history.push(place) : place,
      }));
    return found.length > 0 ? [[group, found] as const] : [];
  });
  return {
    groups,
    searching: kinds.some(([, list]) => list.isLoading),
    cut: kinds.filter(([, list]) => list.data?.next != null).map(([group]) => group),
  };
}
