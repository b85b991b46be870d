// What a campaign reads: connected feeds to tick, and others by their address, tried before they are added.
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { FeedTry } from "@/shared/connect/FeedTry";
import { Await } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Field } from "@/shared/parts/Field";
import { IconButton } from "@/shared/parts/IconButton";
import { TextInput } from "@/shared/parts/TextInput";
import { Checkbox } from "@/shared/parts/Toggles";
import { sayFailed } from "@/shared/parts/toast/sayFailed";
import { FeedMark } from "./FeedMark";
import { FEEDS_MAX } from "./newDraft";
import { useFeedTests, useKeepTest } from "./useFeedTests";

export interface FeedsFieldProps {
  /** Addresses. */
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

export function FeedsField({ chosen, onChange }: FeedsFieldProps) {
  const { t } = useTranslation();
  const feeds = hooks.useQuery("get", "/api/v1/connections/feeds");
  const connected = new Set(feeds.data?.items.map(({ url }) => url));
  const others = chosen.filter((url) => !connected.has(url));
  const tests = new Map(useFeedTests(chosen, true).map((state) => [state.url, state]));
  const mark = (url: string) => {
    const state = tests.get(url);
    return state && <FeedMark state={state} />;
  };
  const without = (url: string) => onChange(chosen.filter((one) => one !== url));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-12 text-fg-muted">{t("campaigns.compose.feeds")}</legend>
      <Await query={feeds} failed={t("campaigns.compose.feedsFailed")} rows={1} className="">
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-12 text-fg-muted">{t("campaigns.compose.noFeeds")}</p>
          ) : (
            <div className="flex flex-col gap-1.5">
              {items.map(({ id, url, title }) => (
                <div key={id} className="flex min-w-0 items-center gap-2">
                  <Checkbox
                    checked={chosen.includes(url)}
                    disabled={!chosen.includes(url) && chosen.length >= FEEDS_MAX}
                    onChange={(on) => (on ? onChange([...chosen, url]) : without(url))}
                  >
                    <span className="text-fg-strong">{title}</span>
                    <span className="num clip text-fg-muted">{url}</span>
                  </Checkbox>
                  {mark(url)}
                </div>
              ))}
            </div>
          )
        }
      </Await>
      {others.map((url) => (
        <div key={url} className="flex items-center gap-1.5">
          <span className="num clip">{url}</span>
          {mark(url)}
          <IconButton
            size="sm"
            icon={X}
            label={t("campaigns.compose.feedRemove", { feed: url })}
            onClick={() => without(url)}
          />
        </div>
      ))}
      {chosen.length < FEEDS_MAX && (
        <Other onAdd={(url) => !chosen.includes(url) && onChange([...chosen, url])} />
      )}
    </fieldset>
  );
}

function Other({ onAdd }: { onAdd: (url: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const keep = useKeepTest();
  const test = hooks.useMutation("post", "/api/v1/connections/feeds/test", {
    onSuccess: (found, { body }) => keep(body.url, found),
    onError: sayFailed(t("campaigns.compose.testFailed")),
  });
  const url = typed.trim();
  const add = () => {
    if (url === "") return;
    onAdd(url);
    setTyped("");
    test.reset();
  };
  return (
    <>
      <div className="flex items-end gap-1.5">
        <Field label={t("campaigns.compose.feedOwn")} className="flex-1">
          <TextInput
            mono
            spellCheck={false}
            placeholder="https://"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              test.reset();
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              add();
            }}
          />
        </Field>
        <Button
          busy={test.isPending}
          disabled={url === ""}
          onClick={() => test.mutate({ body: { url } })}
        >
          {t(test.isPending ? "campaigns.compose.testing" : "campaigns.compose.test")}
        </Button>
        <Button icon={Plus} disabled={url === ""} onClick={add}>
          {t("campaigns.compose.feedAdd")}
        </Button>
      </div>
      <p className="text-12 text-fg-muted">{t("campaigns.compose.feedOwnHint")}</p>
      {test.data && <FeedTry found={test.data} />}
    </>
  );
}
