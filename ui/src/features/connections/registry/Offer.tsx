// What a registered server offers beside tools: resources, templates of their addresses, prompts. Its own words: a person
// may read a resource or get a prompt, and no agent does.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { HiddenText } from "@/shared/parts/HiddenText";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { GetPrompt } from "./GetPrompt";

/** Pause between two looks: a server that says that something changed is asked again then. */
const LOOK_MS = 10_000;

interface LineProps {
  head: string;
  more: string[];
  text: string;
  children?: ReactNode;
}

function Line({ head, more, text, children }: LineProps) {
  return (
    <li className="flex flex-col gap-0.5 py-1 [overflow-wrap:anywhere]">
      <span>
        <b className="num font-medium text-fg-strong">
          <HiddenText>{head}</HiddenText>
        </b>{" "}
        <span className="text-fg-muted">
          <HiddenText>{more.join(" · ")}</HiddenText>
        </span>
      </span>
      {text && (
        <span className="text-fg">
          <HiddenText>{text}</HiddenText>
        </span>
      )}
      {children}
    </li>
  );
}

function Kind({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer text-fg-strong">{title}</summary>
      <ul aria-label={title} className="pl-4">
        {children}
      </ul>
    </details>
  );
}

/** Its text as it is now: asked for by a person, and again each time. */
function Text({ server, uri }: { server: string; uri: string }) {
  const { t } = useTranslation();
  const read = hooks.useMutation("post", "/api/v1/connections/registry/{server}/read", {
    onError: sayFailed(t("registry.readFailed")),
  });
  const found = read.data;
  return (
    <>
      <Button
        size="sm"
        className="self-start"
        busy={read.isPending}
        aria-label={t("registry.readOf", { uri })}
        onClick={() => read.mutate({ params: { path: { server } }, body: { uri } })}
      >
        {t("registry.read")}
      </Button>
      {found?.problem && (
        <Callout tone="bad">
          {found.problem.message} <span className="num">{found.problem.code}</span>
        </Callout>
      )}
      {found && found.text !== null && (
        <figure className="flex flex-col gap-1">
          <figcaption className="flex items-center gap-1.5 text-11">
            <UntrustedBadge />
            {found.characters > found.text.length &&
              t("registry.readCut", { shown: found.text.length, all: found.characters })}
          </figcaption>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached with keys
            tabIndex={0}
            role="document"
            aria-label={uri}
            className="num max-h-60 overflow-auto whitespace-pre-wrap rounded-6 border border-line bg-frame px-2 py-1.5 text-11 text-fg [overflow-wrap:anywhere]"
          >
            <HiddenText>{found.text}</HiddenText>
          </pre>
        </figure>
      )}
    </>
  );
}

function Resource({ of, children }: { of: Wire<"OfferedResource">; children?: ReactNode }) {
  const { t } = useTranslation();
  const size = of.bytes === null ? null : t("registry.offerBytes", { count: of.bytes });
  const more = [of.title ?? of.name, of.mime_type, size].filter((one) => one !== null);
  return (
    <Line head={of.uri} more={more} text={of.description}>
      {children}
    </Line>
  );
}

function Prompt({ of, children }: { of: Wire<"OfferedPrompt">; children?: ReactNode }) {
  const { t } = useTranslation();
  const asked = of.arguments.map(({ name, required }) =>
    t(required ? "registry.offerNeeds" : "registry.offerTakes", { name }),
  );
  const title = of.title === null ? [] : [of.title];
  return (
    <Line head={of.name} more={[...title, ...asked]} text={of.description}>
      {children}
    </Line>
  );
}

interface ListsProps {
  server: string;
  offer: Wire<"ServerOffer">;
  mayRead: boolean;
}

function Lists({ server, offer, mayRead }: ListsProps) {
  const { t } = useTranslation();
  const { resources, templates, prompts } = offer;
  return (
    <>
      <Kind title={t("registry.resources", { count: resources.length })}>
        {resources.map((one) => (
          <Resource key={one.uri} of={one}>
            {mayRead && <Text server={server} uri={one.uri} />}
          </Resource>
        ))}
      </Kind>
      <Kind title={t("registry.templates", { count: templates.length })}>
        {templates.map((one) => (
          <Resource key={one.uri} of={one} />
        ))}
      </Kind>
      <Kind title={t("registry.prompts", { count: prompts.length })}>
        {prompts.map((one) => (
          <Prompt key={one.name} of={one}>
            {mayRead && <GetPrompt server={server} of={one} />}
          </Prompt>
        ))}
      </Kind>
      {offer.left_out.map((why) => (
        <p key={why}>
          <HiddenText>{why}</HiddenText>
        </p>
      ))}
    </>
  );
}

export function Offer({ server, mayRead }: { server: string; mayRead: boolean }) {
  const { t } = useTranslation();
  const query = hooks.useQuery(
    "get",
    "/api/v1/connections/registry/{server}/offer",
    { params: { path: { server } } },
    { refetchInterval: LOOK_MS },
  );
  return (
    <Await query={query} failed={t("registry.offerFailed")}>
      {(offer) => {
        const { resources, templates, prompts, left_out } = offer;
        if (resources.length + templates.length + prompts.length + left_out.length === 0) {
          return null;
        }
        return (
          <section
            aria-label={t("registry.offer")}
            className="flex flex-col gap-1 border-line border-t py-2.5 pr-3 pl-9 text-12 text-fg-muted"
          >
            <h3 className="flex items-center gap-1.5">
              <b className="font-medium text-fg-strong">{t("registry.offer")}</b>
              <UntrustedBadge />
            </h3>
            <p>{t("registry.offerHint")}</p>
            <Lists server={server} offer={offer} mayRead={mayRead} />
          </section>
        );
      }}
    </Await>
  );
}
