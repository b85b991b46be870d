// biome-ignore-all lint/a11y/useSemanticElements: part of a table whose rows a virtualizer places
// One head of a table: a word, and where the column can be sorted a button that says in which direction it is.
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

export interface HeadCellProps {
  title: string;
  align?: "end" | undefined;
  sorted: false | "asc" | "desc";
  onSort?: () => void;
}

export function HeadCell({ title, align, sorted, onSort }: HeadCellProps) {
  const { t } = useTranslation();
  const place = clsx(
    "flex h-full min-w-0 items-center gap-1 px-2 font-medium text-12 text-fg-muted",
    align === "end" && "justify-end",
  );
  const direction = sorted === "asc" ? "ascending" : "descending";
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div role="columnheader" aria-sort={sorted ? direction : undefined}>
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          aria-label={t("parts.table.sortBy", { column: title })}
          className={clsx(place, "w-full hover:text-fg-strong")}
        >
          <span className="clip">{title}</span>
          {sorted && <Icon of={sorted === "asc" ? ArrowUp : ArrowDown} size="xs" />}
        </button>
      ) : (
        <span className={place}>{title}</span>
      )}
    </div>
  );
}
