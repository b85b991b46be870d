// A listed prompt, got by a person with what stands in its gaps. Its words are its server's, and no agent sees them.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Field } from "@/shared/parts/Field";
import { HiddenText } from "@/shared/parts/HiddenText";
import { TextInput } from "@/shared/parts/TextInput";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { UntrustedBadge } from "@/shared/parts/Untrusted";

function Got({ found }: { found: Wire<"PromptText"> }) {
  const { t } = useTranslation();
  const shown = found.messages.reduce((sum, { text }) => sum + text.length, 0);
  if (found.problem) {
    return (
      <Callout tone="bad">
        <HiddenText>{found.problem.message}</HiddenText>{" "}
        <span className="num">{found.problem.code}</span>
      </Callout>
    );
  }
  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="flex items-center gap-1.5 text-11">
        <UntrustedBadge />
        {found.characters > shown && t("registry.readCut", { shown, all: found.characters })}
      </figcaption>
      {found.suspicion !== null && (
        <Callout tone="warn">
          <HiddenText>{t("questions.suspicion", { why: found.suspicion })}</HiddenText>
        </Callout>
      )}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached with keys
        tabIndex={0}
        role="document"
        aria-label={found.prompt}
        className="num max-h-60 overflow-auto whitespace-pre-wrap rounded-6 border border-line bg-frame px-2 py-1.5 text-11 text-fg [overflow-wrap:anywhere]"
      >
        <HiddenText>
          {found.messages.map(({ role, text }) => `${role}: ${text}`).join("\n\n")}
        </HiddenText>
      </pre>
    </figure>
  );
}

export function GetPrompt({ server, of }: { server: string; of: Wire<"OfferedPrompt"> }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState<Record<string, string>>({});
  const get = hooks.useMutation("post", "/api/v1/connections/registry/{server}/prompt", {
    onError: sayFailed(t("registry.promptFailed")),
  });
  const lacking = of.arguments.some(({ name, required }) => required && !given[name]);
  const filled = Object.entries(given).filter(([, text]) => text !== "");
  const body = { prompt: of.name, arguments: Object.fromEntries(filled) };
  return (
    <form
      aria-label={t("registry.promptOf", { name: of.name })}
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!lacking && !get.isPending) get.mutate({ params: { path: { server } }, body });
      }}
    >
      {of.arguments.map(({ name, description, required }) => (
        <Field
          key={name}
          label={
            <HiddenText>{required ? name : t("questions.optional", { label: name })}</HiddenText>
          }
          hint={description && <HiddenText>{description}</HiddenText>}
        >
          <TextInput
            value={given[name] ?? ""}
            onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
          />
        </Field>
      ))}
      <Button
        type="submit"
        size="sm"
        className="self-start"
        busy={get.isPending}
        disabled={lacking}
        aria-label={t("registry.promptOf", { name: of.name })}
      >
        {t("registry.prompt")}
      </Button>
      {get.data && <Got found={get.data} />}
    </form>
  );
}
