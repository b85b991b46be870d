// A post in the shape that its network gives it. Nothing in it loads from outside and no link in it leads anywhere.
import { clsx } from "clsx";
import { Bot, Megaphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MarkSpan } from "@/shared/format/marks";
import { foldFor } from "@/shared/format/post";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { HiddenText } from "@/shared/parts/HiddenText";
import { Icon } from "@/shared/parts/Icon";
import { RehearsalBadge } from "@/shared/parts/Rehearsal";
import { PostText } from "./PostText";

export interface PostCardProps {
  network: string;
  /** Gives the face its colour: the agent's id. */
  id: string;
  author: string;
  /** With or without its @; null where no account is known yet. */
  handle: string | null;
  at?: ReactNode;
  /** How readers see that a machine made it; null where they would not. */
  label: string | null;
  /** Written by the rehearsal model, which is not an AI. */
  rehearsal?: boolean;
  sponsor?: string | null;
  text: string;
  marks?: readonly MarkSpan[];
  /** A line on the left that joins it to the post below. */
  joined?: boolean;
  /** Over the author: what it answers. */
  above?: ReactNode;
  /** Under the words: figures, replies. */
  below?: ReactNode;
}

/** "@mara": accounts cross the wire both ways. */
export function atName(handle: string): string {
  return handle.startsWith("@") ? handle : `@${handle}`;
}

function Note({ icon, children }: { icon: typeof Bot; children: ReactNode }) {
  return (
    <div className="flex items-center gap-1 text-12 text-x-muted leading-4">
      <Icon of={icon} size="xs" />
      {children}
    </div>
  );
}

function Body({ network, text, marks = [] }: Pick<PostCardProps, "network" | "text" | "marks">) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { shown, cut } = foldFor(network, text);
  return (
    <>
      <PostText text={open ? text : shown} marks={marks} />
      {cut && !open && (
        <button
          type="button"
          title={t("post.fold")}
          className="text-x-link hover:underline"
          onClick={() => setOpen(true)}
        >
          {t("post.more")}
        </button>
      )}
    </>
  );
}

export function PostCard(props: PostCardProps) {
  const { network, id, author, handle, at, label, rehearsal, sponsor, text } = props;
  const { marks, joined, above, below } = props;
  const { t } = useTranslation();
  return (
    <article className="relative px-3.5 pt-3 pb-2.5 text-[14px] text-x-fg leading-[19px]">
      {above}
      <div className="flex gap-2.5">
        <AgentAvatar id={id} name={author} size="lg" />
        {joined && (
          <span
            aria-hidden
            className="absolute top-[60px] bottom-0 left-[33px] w-0.5 rounded-2 bg-x-line"
          />
        )}
        <div className="min-w-0 flex-1">
          <div className="flex min-w-0 items-center gap-[5px] whitespace-nowrap">
            <b className="clip font-bold">
              <HiddenText>{author}</HiddenText>
            </b>
            {/* A long name and a long account share the line. */}
            {handle && (
              <span className="clip text-x-muted">
                <HiddenText>{atName(handle)}</HiddenText>
              </span>
            )}
            {at && (
              <span className={clsx("flex-none text-x-muted", "before:content-['·_']")}>{at}</span>
            )}
          </div>
          {(label || rehearsal) && (
            <div className="flex flex-wrap items-center gap-x-2">
              {label && <Note icon={Bot}>{label}</Note>}
              {rehearsal && <RehearsalBadge />}
            </div>
          )}
          {sponsor && (
            <Note icon={Megaphone}>
              <HiddenText>{t("post.sponsor", { name: sponsor })}</HiddenText>
            </Note>
          )}
          <Body network={network} text={text} {...(marks ? { marks } : {})} />
          {below}
        </div>
      </div>
    </article>
  );
}

/** The ground that posts stand on, in the network's own colours. */
export function PostGround({ alert = false, children }: { alert?: boolean; children: ReactNode }) {
  return (
    <div
      className={clsx(
        "w-full max-w-[598px] flex-none self-center overflow-hidden rounded-12 border bg-x-bg",
        alert ? "border-bad-line" : "border-x-line",
      )}
    >
      {children}
    </div>
  );
}
