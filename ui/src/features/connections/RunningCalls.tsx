// Calls of a server that are under way, and how far each is by the server's word.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { SECOND_MS } from "@/shared/format/time";
import { HiddenText } from "@/shared/parts/HiddenText";

/** How much is done, in percent; nothing where the server does not say of how much, or says more than all. */
export function share(progress: Wire<"CallProgress"> | null): number | null {
  if (!progress?.of || progress.done < 0 || progress.done > progress.of) return null;
  return Math.round((progress.done / progress.of) * 100);
}

function Call({ call }: { call: Wire<"RunningCall"> }) {
  const { t } = useTranslation();
  const { progress } = call;
  const percent = share(progress);
  const far =
    percent !== null
      ? t("registry.runningPercent", { percent })
      : progress && t("registry.runningDone", { done: progress.done });
  return (
    <li className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
      <span className="num text-fg-strong">
        <HiddenText>{call.tool}</HiddenText>
      </span>
      <span>{t("registry.runningFor", { seconds: Math.floor(call.elapsed_ms / SECOND_MS) })}</span>
      {percent !== null && (
        <progress
          className="h-1 w-24 appearance-none overflow-hidden rounded-2 bg-track [&::-webkit-progress-bar]:bg-track [&::-webkit-progress-value]:bg-accent"
          max={100}
          value={percent}
          aria-label={t("registry.runningOf", { tool: call.tool })}
        />
      )}
      {far && <span className="num">{far}</span>}
      {progress?.message && (
        <span className="text-taint">
          <HiddenText>{progress.message}</HiddenText>
        </span>
      )}
    </li>
  );
}

export function RunningCalls({ calls }: { calls: Wire<"RunningCall">[] }) {
  const { t } = useTranslation();
  if (calls.length === 0) return null;
  return (
    <ul aria-label={t("registry.running")} className="px-3 pb-2.5 text-12 text-fg-muted">
      {calls.map((call, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls have no name but their place, the oldest first
        <Call key={at} call={call} />
      ))}
    </ul>
  );
}
