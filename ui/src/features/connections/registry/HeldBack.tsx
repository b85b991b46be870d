// What a server says of itself that is not what was trusted: old and new beside each other word by word, with whatever
// could hide in it made visible.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { HiddenText } from "@/shared/parts/HiddenText";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { say } from "@/shared/parts/toast/toasts";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { WordDiff } from "@/shared/parts/WordDiff";

function Part({ title, was, is }: { title: string; was: string; is: string }) {
  return (
    <div className="rounded-6 border border-line bg-raised px-2.5 py-1.5">
      <h4 className="mb-0.5 text-11 text-fg-muted">{title}</h4>
      <div className="max-h-64 overflow-y-auto text-12 text-fg">
        <WordDiff before={was} after={is} />
      </div>
    </div>
  );
}

function HeldTool({ held }: { held: Wire<"HeldTool"> }) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-col gap-1.5">
      <h3 className="flex items-center gap-2">
        <b className="num min-w-0 font-medium text-fg-strong [overflow-wrap:anywhere]">
          <HiddenText>{held.tool}</HiddenText>
        </b>
        <Badge tone={held.state === "gone" ? "neutral" : "bad"}>
          {t(`registry.state.${held.state}`)}
        </Badge>
      </h3>
      {held.parts.map((part) => (
        <Part key={part.part} title={t(`registry.part.${part.part}`)} was={part.was} is={part.is} />
      ))}
    </li>
  );
}

export interface HeldBackProps {
  server: string;
  quarantine: Wire<"Quarantine">;
  mayTrust: boolean;
}

export function HeldBack({ server, quarantine, mayTrust }: HeldBackProps) {
  const { t } = useTranslation();
  // What was on the screen when the question was asked is what is trusted.
  const [asked, setAsked] = useState<string | null>(null);
  const pin = hooks.useMutation("post", "/api/v1/connections/registry/{server}/pin", {
    onError: sayFailed(t("registry.pinFailed")),
    onSuccess: () => say({ tone: "done", title: t("registry.pinned", { name: server }) }),
    onSettled: () => setAsked(null),
  });
  return (
    <section
      aria-label={t("registry.quarantine")}
      className="flex flex-col gap-2.5 border-line border-t bg-surface py-2.5 pr-3 pl-9"
    >
      <Callout
        tone="bad"
        actions={
          mayTrust && (
            <Button size="sm" onClick={() => setAsked(quarantine.listing)}>
              {t("registry.pinDo")}
            </Button>
          )
        }
      >
        <b className="font-semibold">{t("registry.quarantine")}</b> {t("registry.quarantineText")}
      </Callout>
      <p className="flex items-center gap-1.5 text-11 text-fg-muted">
        <UntrustedBadge />
      </p>
      {quarantine.instructions && (
        <div className="flex flex-col gap-1">
          <p className="text-12 text-bad">{t("registry.instructionsText")}</p>
          <Part title={t("registry.instructions")} {...quarantine.instructions} />
        </div>
      )}
      <ul className="flex flex-col gap-3">
        {quarantine.tools.map((held) => (
          <HeldTool key={held.tool} held={held} />
        ))}
      </ul>
      <ConfirmDialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={() =>
          asked !== null && pin.mutate({ params: { path: { server } }, body: { listing: asked } })
        }
        title={t("registry.pinTitle", { name: server })}
        confirm={t("registry.pinDo")}
        busy={pin.isPending}
      >
        {t("registry.pinText")}
      </ConfirmDialog>
    </section>
  );
}
