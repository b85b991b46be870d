// What a registered server offers beside tools: resources, templates of their addresses, prompts. Its own words: a person
// may read a resource or get a prompt, and no agent does.
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { HiddenText } from "@/shared/parts/HiddenText";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { GetPrompt } from "./GetPrompt";
import { OpenResource } from "./OpenResource";

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
            {mayRead && <OpenResource server={server} uri={one.uri} />}
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

interface OfferProps {
  server: string;
  connected: boolean;
  mayRead: boolean;
}

/** What it offers; of one that is gone what it last did, so that what is open stays and says itself why it ended. */
export function Offer({ server, connected, mayRead }: OfferProps) {
  const { t } = useTranslation();
  const last = useRef<Wire<"ServerOffer"> | null>(null);
  const query = hooks.useQuery(
    "get",
    "/api/v1/connections/registry/{server}/offer",
    { params: { path: { server } } },
    { refetchInterval: LOOK_MS, enabled: connected },
  );
  if (query.data?.connected) last.current = query.data;
  if (!connected && last.current === null) return null;
  return (
    <Await query={query} failed={t("registry.offerFailed")}>
      {(now) => {
        const offer = now.connected ? now : (last.current ?? now);
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
            <p>{t(connected ? "registry.offerHint" : "registry.offerGone")}</p>
            <Lists server={server} offer={offer} mayRead={mayRead} />
          </section>
        );
      }}
    </Await>
  );
}
