// Search or run: everything that can be done here, by its words.
import { Dialog as Base } from "@base-ui/react/dialog";
import { Command as Palette } from "cmdk";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Command, grouped, useCommandList } from "@/shared/commands/commands";
import { matching } from "@/shared/commands/matching";
import { ROWS_MAX, useFound } from "@/shared/commands/useFound";
import { HiddenText } from "./HiddenText";
import { Icon } from "./Icon";
import { KeyHint } from "./Kbd";
import { MENU_HEAD } from "./Menu";

export interface CommandPaletteProps {
  open: boolean;
  onClose: () => void;
}

/** The list itself; the gallery shows it without the dialog around it. */
export function PaletteList({ onRan }: { onRan: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const found = useFound(query);
  const groups = [...grouped(useCommandList((list) => list.bySource)), ...found.groups];
  const run = (command: Command) => {
    onRan();
    command.run();
  };
  return (
    <Palette
      label={t("parts.palette.label")}
      loop
      filter={(_, words, texts) => matching(texts ?? [], words)}
      className="flex min-h-0 flex-col"
    >
      <div className="flex h-9 flex-none items-center gap-2 border-line border-b px-3">
        <Icon of={Search} size="sm" className="text-fg-faint" />
        <Palette.Input
          value={query}
          onValueChange={setQuery}
          placeholder={t("parts.palette.placeholder")}
          className="h-full flex-1 bg-transparent text-fg-strong outline-none"
        />
      </div>
      <Palette.List className="min-h-0 overflow-y-auto pb-1">
        {!found.searching && (
          <Palette.Empty className="px-3 py-4 text-12 text-fg-muted">
            {t("parts.palette.empty", { query })}
          </Palette.Empty>
        )}
        {groups.map(([group, commands]) => (
          <Palette.Group
            key={group}
            heading={<span className={`block ${MENU_HEAD}`}>{group}</span>}
          >
            {commands.map((command) => (
              <Palette.Item
                key={command.id}
                value={command.id}
                keywords={[command.label, ...(command.keywords ?? [])]}
                onSelect={() => run(command)}
                className="mx-1 flex h-7 select-none items-center gap-[9px] rounded-5 px-2.5 data-[selected=true]:bg-accent-soft data-[selected=true]:text-fg-strong"
              >
                {command.icon && <Icon of={command.icon} size="sm" />}
                <span className="clip">
                  <HiddenText>{command.label}</HiddenText>
                </span>
                <span className="ml-auto flex flex-none items-center gap-2 text-11 text-fg-muted">
                  {command.note}
                  {command.action && <KeyHint action={command.action} />}
                </span>
              </Palette.Item>
            ))}
          </Palette.Group>
        ))}
      </Palette.List>
      {/* What is not shown may be there all the same: not read yet, or further back than was looked. */}
      <p role="status" className="flex-none px-3 text-11 text-fg-muted not-empty:py-1.5">
        {found.searching
          ? t("parts.palette.searching")
          : found.cut.length > 0 &&
            t("parts.palette.among", { kinds: found.cut.join(", "), rows: ROWS_MAX })}
      </p>
    </Palette>
  );
}

export function CommandPaletteBody({ open, onClose }: CommandPaletteProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-(--dur-enter) data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          aria-label={t("parts.palette.label")}
          className="floating moves fixed top-[12vh] left-1/2 z-40 flex max-h-[72vh] w-[min(560px,92vw)] -translate-x-1/2 flex-col overflow-hidden outline-none"
        >
          <PaletteList onRan={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
