// Where a campaign posts: networks that some connected server can post to.
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { formatLocale } from "@/shared/i18n/locale";
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
  const can = (platform: Platform) => platform === "sandbox" || posting.has(platform);
  // A copied campaign may hold one whose server is gone: it stays in sight, to be taken out.
  const shown = PLATFORMS.filter((platform) => can(platform) || chosen.includes(platform));
  const others = PLATFORMS.filter((platform) => !shown.includes(platform));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 text-fg-muted">{t("campaigns.compose.platforms")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {shown.map((platform) => (
          <Checkbox
            key={platform}
            checked={chosen.includes(platform)}
            disabled={!can(platform) && !chosen.includes(platform)}
            onChange={(on) =>
              onChange(on ? [...chosen, platform] : chosen.filter((one) => one !== platform))
            }
          >
            {t(`post.network.${platform}`)}
          </Checkbox>
        ))}
      </div>
      {others.length > 0 && (
        <p className="text-12 text-fg-muted">
          {t("campaigns.compose.platformNote", {
            networks: new Intl.ListFormat(formatLocale(), { type: "conjunction" }).format(
              others.map((platform) => t(`post.network.${platform}`)),
            ),
          })}
        </p>
      )}
    </fieldset>
  );
}
