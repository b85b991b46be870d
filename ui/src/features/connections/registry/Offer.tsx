// What a registered server offers beside tools: resources, templates of their addresses, prompts. Its own words, shown
// and used by nobody.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { HiddenText } from "@/shared/parts/HiddenText";
import { UntrustedBadge } from "@/shared/parts/Untrusted";

/** Pause between two looks: a server that says that something changed is asked again then. */
const LOOK_MS = 10_000;

function Line({ head, more, text }: { head: string; more: string[]; text: string }) {
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

function Resource({ of }: { of: Wire<"OfferedResource"> }) {
  const { t } = useTranslation();
  const size = of.bytes === null ? null : t("registry.offerBytes", { count: of.bytes });
  const more = [of.title ?? of.name, of.mime_type, size].filter((one) => one !== null);
  return <Line head={of.uri} more={more} text={of.description} />;
}

function Prompt({ of }: { of: Wire<"OfferedPrompt"> }) {
  const { t } = useTranslation();
  const asked = of.arguments.map(({ name, required }) =>
    t(required ? "registry.offerNeeds" : "registry.offerTakes", { name }),
  );
  const title = of.title === null ? [] : [of.title];
  return <Line head={of.name} more={[...title, ...asked]} text={of.description} />;
}

function Lists({ offer }: { offer: Wire<"ServerOffer"> }) {
  const { t } = useTranslation();
  const { resources, templates, prompts } = offer;
  return (
    <>
      <Kind title={t("registry.resources", { count: resources.length })}>
        {resources.map((one) => (
          <Resource key={one.uri} of={one} />
        ))}
      </Kind>
      <Kind title={t("registry.templates", { count: templates.length })}>
        {templates.map((one) => (
          <Resource key={one.uri} of={one} />
        ))}
      </Kind>
      <Kind title={t("registry.prompts", { count: prompts.length })}>
        {prompts.map((one) => (
          <Prompt key={one.name} of={one} />
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

export function Offer({ server }: { server: string }) {
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
            <Lists offer={offer} />
          </section>
        );
      }}
    </Await>
  );
}
