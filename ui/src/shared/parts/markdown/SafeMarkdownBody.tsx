// Markdown that came from a model or from outside: sanitised, without HTML, pictures or anything that would load from
// elsewhere. Links show where they really lead and open only through the caller.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import Markdown, { type Components } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import type { HiddenKind } from "@/shared/format/hidden";
import { HiddenMark } from "@/shared/parts/HiddenMark";
import { HIDDEN_TAG, rehypeHidden } from "./rehypeHidden";

const SCHEMA = {
  tagNames: [
    ..."h1 h2 h3 h4 h5 h6 p ul ol li blockquote code pre em strong del br hr a img".split(" "),
  ],
  attributes: { a: ["href"], img: ["alt"] },
  protocols: { href: ["http", "https"] },
  strip: ["script", "style"],
};

export interface SafeMarkdownProps {
  text: string;
  /** Opens a link outside; without it links are shown but cannot be followed. */
  onOpenLink?: (url: string) => void;
}

function hostOf(url: string | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  return new URL(url).host;
}

function SafeLink({
  href,
  onOpen,
  children,
}: {
  href: string | undefined;
  onOpen: ((url: string) => void) | undefined;
  children: ReactNode;
}) {
  const host = hostOf(href);
  if (!host || !href) return <span className="underline decoration-dotted">{children}</span>;
  const place = <span className="num ml-1 text-11 text-fg-muted">{host}</span>;
  if (!onOpen) {
    return (
      <span className="underline decoration-dotted">
        {children}
        {place}
      </span>
    );
  }
  return (
    <button type="button" className="text-accent-fg hover:underline" onClick={() => onOpen(href)}>
      {children}
      {place}
    </button>
  );
}

function NoPicture({ alt }: { alt: string | undefined }) {
  const { t } = useTranslation();
  return (
    <span className="rounded-4 border border-line border-dashed px-1 text-11 text-fg-muted">
      {t("parts.markdown.image", { alt: alt ?? "" })}
    </span>
  );
}

type Hidden = { kind?: HiddenKind; code?: string };

export function SafeMarkdownBody({ text, onOpenLink }: SafeMarkdownProps) {
  const components = {
    a: ({ href, children }) => (
      <SafeLink href={href} onOpen={onOpenLink}>
        {children}
      </SafeLink>
    ),
    img: ({ alt }) => <NoPicture alt={alt} />,
    [HIDDEN_TAG]: ({ kind, code }: Hidden) => (
      <HiddenMark kind={kind ?? "control"} code={code ?? ""} />
    ),
  } as Components;
  return (
    <div className="prose">
      <Markdown
        skipHtml
        rehypePlugins={[[rehypeSanitize, SCHEMA], rehypeHidden]}
        components={components}
      >
        {text}
      </Markdown>
    </div>
  );
}
