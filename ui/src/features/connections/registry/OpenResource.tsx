// A resource that a person opened: read once by hand, then kept as its server has it for as long as it is open.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { MINUTE_MS, SECOND_MS } from "@/shared/format/time";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { FaultWords } from "@/shared/parts/FaultWords";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RelativeTime } from "@/shared/parts/RelativeTime";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { UntrustedBadge } from "@/shared/parts/Untrusted";

const FOLLOW = "/api/v1/connections/registry/{server}/follow";
/** Pause between two askings; when nobody asks for 20 seconds, it is not followed any longer. */
const ASK_MS = 3_000;

type Known = Wire<"FollowedResource">;
type Read = Wire<"ResourceText">;

/** Its words, those that came last where an answer repeats none. */
function useFollowed(server: string, uri: string, read: Read) {
  const [last, setLast] = useState<Known | null>(null);
  const [shown, setShown] = useState({ text: read.text ?? "", characters: read.characters });
  const { data, error } = hooks.useQuery(
    "post",
    FOLLOW,
    // Without a version at first, which begins anew what has ended; then with the one whose words are here.
    { params: { path: { server } }, body: { uri, version: last?.version ?? null } },
    { refetchInterval: ASK_MS, staleTime: 0, gcTime: 0, enabled: last?.ended == null },
  );
  useEffect(() => {
    if (!data) return;
    setLast(data);
    if (data.text !== null) setShown({ text: data.text, characters: data.characters });
  }, [data]);
  return { known: last, shown, error };
}

/** How it is learned that it changed, and when it last did. */
function Currency({ known }: { known: Known }) {
  const { t } = useTranslation();
  const { is_told, every_seconds, changed_at, read_at } = known;
  const every =
    every_seconds * SECOND_MS < MINUTE_MS
      ? t("registry.everySeconds", { count: every_seconds })
      : t("registry.everyMinutes", { count: Math.round((every_seconds * SECOND_MS) / MINUTE_MS) });
  const at = changed_at ?? read_at;
  return (
    <span role="status" className="text-fg-muted">
      {at && (
        <>
          {t(changed_at ? "registry.followChanged" : "registry.followSame")}{" "}
          <RelativeTime at={at} />
          {" · "}
        </>
      )}
      {t(is_told ? "registry.followTold" : "registry.followAsked", { every })}
    </span>
  );
}

export function Followed({ server, uri, read }: { server: string; uri: string; read: Read }) {
  const { t } = useTranslation();
  const { known, shown } = useFollowed(server, uri, read);
  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="flex flex-wrap items-center gap-1.5 text-11">
        <UntrustedBadge />
        {shown.characters > shown.text.length &&
          t("registry.readCut", { shown: shown.text.length, all: shown.characters })}
        {known && !known.ended && <Currency known={known} />}
      </figcaption>
      {known?.ended && (
        <Callout tone="warn">
          {t("registry.followEnded")} <FaultWords {...known.ended} />
        </Callout>
      )}
      {known?.problem && !known.ended && (
        <Callout tone="warn">
          {t("registry.followProblem")} <FaultWords {...known.problem} />
        </Callout>
      )}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached with keys
        tabIndex={0}
        role="document"
        aria-label={uri}
        className="num max-h-60 overflow-auto whitespace-pre-wrap rounded-6 border border-line bg-frame px-2 py-1.5 text-11 text-fg [overflow-wrap:anywhere]"
      >
        <HiddenText>{shown.text}</HiddenText>
      </pre>
    </figure>
  );
}

export function OpenResource({ server, uri }: { server: string; uri: string }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(0);
  const read = hooks.useMutation("post", "/api/v1/connections/registry/{server}/read", {
    onError: sayFailed(t("registry.readFailed")),
    onSuccess: () => setOpened((before) => before + 1),
  });
  const found = read.data;
  const isOpen = found !== undefined && found.text !== null;
  return (
    <>
      <span className="flex gap-1.5">
        <Button
          size="sm"
          busy={read.isPending}
          aria-label={t("registry.readOf", { uri })}
          onClick={() => read.mutate({ params: { path: { server } }, body: { uri } })}
        >
          {t("registry.read")}
        </Button>
        {isOpen && (
          <Button
            size="sm"
            aria-label={t("registry.closeOf", { uri })}
            onClick={() => read.reset()}
          >
            {t("registry.close")}
          </Button>
        )}
      </span>
      {found?.problem && (
        <Callout tone="bad">
          {found.problem.message} <span className="num">{found.problem.code}</span>
        </Callout>
      )}
      {isOpen && <Followed key={opened} server={server} uri={uri} read={found} />}
    </>
  );
}
