// What floats: toasts, dialogs, menus, the palette. Shown once in place, and once for real behind a button.
import { Ban, Copy, Pause, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { type Command, useCommands } from "@/shared/commands/commands";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { Card, CardBody } from "@/shared/parts/Card";
import { CommandPalette } from "@/shared/parts/CommandPalette";
import { CopyButton } from "@/shared/parts/CopyButton";
import { ConfirmDialog } from "@/shared/parts/Dialog";
import { Field } from "@/shared/parts/Field";
import { Kbd } from "@/shared/parts/Kbd";
import { MENU_HEAD, MENU_ROW, Menu, MenuChoice, MenuItem, MenuLine } from "@/shared/parts/Menu";
import { Popover } from "@/shared/parts/Popover";
import { ShortcutSheet } from "@/shared/parts/ShortcutSheet";
import { TextInput } from "@/shared/parts/TextInput";
import { ToastBody, toastClass } from "@/shared/parts/toast/ToastGround";
import { hold, say, type ToastData } from "@/shared/parts/toast/toasts";

const HELD_MS = 8_000;
const REASONS = [
  "Off voice",
  "Claim without a source",
  "Inappropriate",
  "Hurts a group",
  "Copyright",
  "Other, in words…",
];

function ToastsCard() {
  const [now] = useState(() => Date.now());
  const samples: [string, string, ToastData][] = [
    [
      "Approved, on hold",
      "Juno Hale, hotfix notes",
      {
        tone: "done",
        held: { until: now + 5_000, totalMs: HELD_MS },
        action: { label: "Undo", key: "undo", run: () => {} },
      },
    ],
    [
      "Jonas took this first",
      "Your edit is kept as a draft.",
      { tone: "note", action: { label: "Next", run: () => {} } },
    ],
    [
      "Connection Failed: Invalid API Key",
      "MoltBook stays disconnected.",
      { tone: "failed", action: { label: "Fix", run: () => {} } },
    ],
  ];
  return (
    <Card title="Toasts">
      <CardBody className="flex flex-col gap-[9px]">
        {samples.map(([title, text, data]) => (
          <div key={title} className={toastClass(data)}>
            <ToastBody title={title} text={text} data={data} />
          </div>
        ))}
        <div className="flex gap-1.5">
          <Button
            size="sm"
            onClick={() =>
              hold({
                title: "Approved, on hold",
                text: "Juno Hale, hotfix notes",
                undoLabel: "Undo",
                until: Date.now() + HELD_MS,
                undo: () => say({ title: "Taken back", text: "Nothing was sent." }),
              })
            }
          >
            Hold
          </Button>
          <Button
            size="sm"
            tone="quiet"
            onClick={() =>
              say({ tone: "failed", title: "Could not publish", text: "Nothing was posted." })
            }
          >
            Fail
          </Button>
        </div>
      </CardBody>
    </Card>
  );
}

function DialogCard() {
  const [open, setOpen] = useState<"confirm" | "keys" | "palette" | null>(null);
  const close = () => setOpen(null);
  return (
    <Card title="Dialogs and notes">
      <CardBody className="flex flex-col gap-2.5">
        <Callout
          tone="warn"
          actions={
            <>
              <Button size="sm">Ready by Wed 08:00</Button>
              <Button size="sm" tone="quiet">
                Move slot
              </Button>
            </>
          }
        >
          <b className="font-semibold text-fg-strong">Late for Instagram.</b> Ready Wed 12:00, first
          slot 10:00.
        </Callout>
        <Callout tone="bad">The address is not the one on file. Nothing was paid.</Callout>
        <Callout tone="info">
          This work was made by the rehearsal model, which is not an AI.
        </Callout>
        <div className="flex flex-wrap gap-1.5">
          <Button size="sm" onClick={() => setOpen("confirm")}>
            Open dialog
          </Button>
          <Button size="sm" onClick={() => setOpen("keys")}>
            Open keys
          </Button>
          <Button size="sm" onClick={() => setOpen("palette")}>
            Open palette
          </Button>
        </div>
        <ConfirmDialog
          open={open === "confirm"}
          onClose={close}
          onConfirm={close}
          title="Stop everything?"
          confirm="Stop everything"
          word="stop"
        >
          1,204 agents pause within two seconds. 64 scheduled posts and 6 payments are held, none is
          lost.
        </ConfirmDialog>
        <ShortcutSheet open={open === "keys"} onClose={close} />
        <CommandPalette open={open === "palette"} onClose={close} />
      </CardBody>
    </Card>
  );
}

function MenuCard() {
  const [view, setView] = useState<"risk" | "time">("risk");
  return (
    <Card title="Menus">
      <CardBody className="flex flex-col gap-2.5">
        <div className="floating pb-1">
          <div className={MENU_HEAD}>Reject, because</div>
          {REASONS.map((reason, index) => (
            <div
              key={reason}
              className={MENU_ROW}
              {...(index === 1 ? { "data-highlighted": "" } : {})}
            >
              <Kbd>{String((index + 1) % REASONS.length)}</Kbd>
              {reason}
            </div>
          ))}
        </div>
        <div className="flex gap-1.5">
          <Menu align="start" trigger={<Button size="sm">Open menu</Button>}>
            <MenuItem icon={Pause} onSelect={() => {}}>
              Pause
            </MenuItem>
            <MenuItem icon={Copy} onSelect={() => {}} aside="id">
              Copy
            </MenuItem>
            <MenuChoice
              label="Order"
              value={view}
              onChange={setView}
              choices={[
                { value: "risk", label: "By risk" },
                { value: "time", label: "By time" },
              ]}
            />
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => {}}>
              Remove
            </MenuItem>
          </Menu>
          <Popover trigger={<Button size="sm">Open popover</Button>} title="Budget of this step">
            <Field label="At most">
              <TextInput prefix="$" mono defaultValue="9.00" />
            </Field>
          </Popover>
          <CopyButton text="7f3a9b20e41c0c91" label="Copy the trace number" />
        </div>
      </CardBody>
    </Card>
  );
}

function RefusedCard() {
  const commands = useMemo(
    (): Command[] => [
      { id: "pause", group: "Run", label: "Pause Kofi Lune", icon: Pause, run: () => {} },
      {
        id: "cancel",
        group: "Run",
        label: "Cancel campaign Autumn Miles",
        icon: Ban,
        run: () => {},
      },
      { id: "undo", group: "Run", label: "Undo", action: "undo", note: "toast", run: () => {} },
    ],
    [],
  );
  useCommands("gallery", commands);
  return null;
}

export function OverlaysRow() {
  return (
    <div className="grid grid-cols-3 gap-3.5">
      <RefusedCard />
      <ToastsCard />
      <DialogCard />
      <MenuCard />
    </div>
  );
}
