// Every version that was ever in force; none is ever changed.
import { GitCompareArrows, PenLine } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge } from "@/shared/parts/Badge";
import { HiddenText } from "@/shared/parts/HiddenText";
import { IconButton } from "@/shared/parts/IconButton";
import { RelativeTime } from "@/shared/parts/RelativeTime";

export interface VersionsProps {
  versions: readonly Wire<"PersonaVersionRow">[];
  /** Null where one may not write. */
  onRestore: ((number: number) => void) | null;
  onCompare: (number: number) => void;
}

export function Versions({ versions, onRestore, onCompare }: VersionsProps) {
  const { t } = useTranslation();
  const current = versions.find((version) => version.current)?.number;
  return (
    <ol>
      {versions.map((version) => (
        <li
          key={version.number}
          className="flex h-11 items-center gap-2 border-line border-b px-3.5 text-12"
        >
          <span className="num w-8 flex-none font-medium text-fg-strong">
            {t("personas.version", { number: version.number })}
          </span>
          <span className="min-w-0 flex-1">
            <span className="clip block">
              <HiddenText>{t("personas.versions.by", { author: version.author })}</HiddenText>
            </span>
            <RelativeTime at={version.created_at} className="text-11 text-fg-muted" />
          </span>
          {version.current ? (
            <Badge tone="ok">{t("personas.versions.current")}</Badge>
          ) : (
            <>
              <IconButton
                icon={GitCompareArrows}
                size="sm"
                label={t("personas.versions.compare", { number: current ?? 0 })}
                onClick={() => onCompare(version.number)}
              />
              {onRestore && (
                <IconButton
                  icon={PenLine}
                  size="sm"
                  label={t("personas.versions.restore")}
                  onClick={() => onRestore(version.number)}
                />
              )}
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
