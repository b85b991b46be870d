// What the first campaign reads: a connected feed, or the address of one's own.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { FeedTry } from "@/shared/connect/FeedTry";
import { Button } from "@/shared/parts/Button";
import { Field } from "@/shared/parts/Field";
import { Select } from "@/shared/parts/Select";
import { TextInput } from "@/shared/parts/TextInput";
import { sayFailed } from "@/shared/parts/toast/sayFailed";

/** Stands in the list for an address that is still to be typed. */
export const OWN = "own";

export interface FeedChoiceProps {
  feeds: readonly Wire<"Feed">[];
  /** Address of the chosen feed, or `OWN`. */
  chosen: string;
  onChoose: (chosen: string) => void;
  own: string;
  onOwn: (address: string) => void;
}

export function FeedChoice({ feeds, chosen, onChoose, own, onOwn }: FeedChoiceProps) {
  const { t } = useTranslation();
  const test = hooks.useMutation("post", "/api/v1/connections/feeds/test", {
    onError: sayFailed(t("connect.failedToTest")),
  });
  const items = [
    ...feeds.map(({ url, title }) => ({ value: url, label: title })),
    { value: OWN, label: t("start.campaign.ownFeed") },
  ];
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {feeds.length > 0 && (
        <Field label={t("start.campaign.feed")}>
          <Select
            items={items}
            value={chosen}
            onChange={onChoose}
            label={t("start.campaign.feed")}
          />
        </Field>
      )}
      {chosen === OWN && (
        <>
          <Field label={t("connect.feed.address")} hint={t("connect.feed.addressHint")}>
            <TextInput
              mono
              spellCheck={false}
              value={own}
              onChange={(event) => {
                onOwn(event.target.value);
                test.reset();
              }}
              className="pr-0.5!"
              suffix={
                <Button
                  size="sm"
                  tone="quiet"
                  busy={test.isPending}
                  disabled={own.trim() === ""}
                  onClick={() => test.mutate({ body: { url: own.trim() } })}
                >
                  {t(test.isPending ? "connect.feed.reading" : "connect.feed.test")}
                </Button>
              }
            />
          </Field>
          {test.data && <FeedTry found={test.data} />}
        </>
      )}
    </div>
  );
}
