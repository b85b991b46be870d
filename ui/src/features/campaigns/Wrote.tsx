// What a step has written so far: the newest that is stored of it, while it runs and after.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Section } from "@/shared/parts/Card";
import { HiddenText } from "@/shared/parts/HiddenText";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { RelativeTime } from "@/shared/parts/RelativeTime";

export function Wrote({ task }: { task: Wire<"Task"> }) {
  const { t } = useTranslation();
  const { data } = hooks.useQuery("get", "/api/v1/tasks/{task}", {
    params: { path: { task: task.id } },
  });
  const newest = data?.artifacts.at(-1);
  if (!newest || newest.text === null || newest.text === "") return null;
  const { text, created_at, edited_from, generation } = newest;
  return (
    <Section title={t("campaigns.page.wrote")}>
      <p className="flex flex-wrap items-center gap-2 text-12 text-fg-muted">
        <RelativeTime at={created_at} />
        {edited_from !== null && t("campaigns.page.wroteEdited")}
        {generation.rehearsal && <RehearsalBadge />}
      </p>
      <p className="mt-1.5 whitespace-pre-wrap leading-5 wrap-anywhere">
        <HiddenText>{text}</HiddenText>
      </p>
    </Section>
  );
}
