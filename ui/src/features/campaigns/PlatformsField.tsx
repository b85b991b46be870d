// Where a campaign posts: networks that some connected server can post to.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { Checkbox } from "@/shared/parts/Toggles";

type Platform = Wire<"Platform">;

const PLATFORMS: readonly Platform[] = [
  "sandbox",
  "bluesky",
  "mastodon",
  "twitter",
  "threads",
  "instagram",
  "tiktok",
  "youtube",
  "moltbook",
  "openclaw",
];

export interface PlatformsFieldProps {
  chosen: readonly Platform[];
  onChange: (chosen: readonly Platform[]) => void;
}

export function PlatformsField({ chosen, onChange }: PlatformsFieldProps) {
  const { t } = useTranslation();
  const tools = hooks.useQuery("get", "/api/v1/connections/tools");
  const posting = new Set(
    (tools.data?.items ?? [])
      .filter(({ effect }) => effect === "outward")
      .map(({ server }) => server),
  );
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 text-fg-muted">{t("campaigns.compose.platforms")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {PLATFORMS.map((platform) => (
          <Checkbox
            key={platform}
            checked={chosen.includes(platform)}
            disabled={platform !== "sandbox" && !posting.has(platform)}
            onChange={(on) =>
              onChange(on ? [...chosen, platform] : chosen.filter((one) => one !== platform))
            }
          >
            {t(`post.network.${platform}`)}
          </Checkbox>
        ))}
      </div>
      <p className="text-12 text-fg-muted">{t("campaigns.compose.platformNote")}</p>
    </fieldset>
  );
}
