// Colour, type, buttons, badges.
import {
  Check,
  Clock,
  Ellipsis,
  Image,
  Lock,
  OctagonX,
  Plus,
  RefreshCw,
  Users,
  X,
} from "lucide-react";
import { useState } from "react";
import { AgentState } from "@/shared/parts/AgentState";
import { AgentAvatar, PersonAvatar } from "@/shared/parts/Avatar";
import { Badge } from "@/shared/parts/Badge";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import { Chip, FilterChip } from "@/shared/parts/Chip";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { Dot } from "@/shared/parts/Dot";
import { IconButton } from "@/shared/parts/IconButton";
import { KeyCaps } from "@/shared/parts/Kbd";
import { MarkedText } from "@/shared/parts/MarkedText";
import { OriginBadge } from "@/shared/parts/Provenance";
import { RiskBars } from "@/shared/parts/RiskBars";
import { Segmented } from "@/shared/parts/Segmented";
import { TaintChip } from "@/shared/parts/Untrusted";
import { WordDiff } from "@/shared/parts/WordDiff";

const COLOURS: readonly [name: string, fill: string, meaning: string][] = [
  ["frame", "bg-frame", "window"],
  ["surface", "bg-surface", "panes"],
  ["raised", "bg-raised", "cards"],
  ["overlay", "bg-overlay", "menus"],
  ["selected", "bg-selected", "focus row"],
  ["line", "bg-line", "hairline"],
  ["line-strong", "bg-line-strong", "controls"],
  ["accent", "bg-accent", "act here"],
  ["danger", "bg-danger", "destroys"],
  ["ok", "bg-ok", "goes alone"],
  ["warn", "bg-warn", "have a look"],
  ["bad", "bg-bad-fill", "stops"],
  ["planning", "bg-planning", "model"],
  ["working", "bg-working", "tool"],
  ["judging", "bg-judging", "judge"],
  ["human", "bg-human", "people"],
  ["money-chart", "bg-money-chart", "money"],
  ["taint", "hatch bg-taint-soft", "outside"],
];
const AGENTS = [
  "Mara Voss",
  "Kofi Lune",
  "Sable Quinn",
  "Teo Brandt",
  "Juno Hale",
  "Ines Ardo",
  "Odile Rast",
  "Nils Park",
];
const PEOPLE = [
  "Inga Reuter",
  "Jonas Weil",
  "Priya Nandakumar",
  "Tomas Ekholm",
  "Malin Osei",
  "Lea Fontaine",
];

export function ColourCard() {
  return (
    <Card title="Colour">
      <CardBody>
        <div className="grid grid-cols-2 gap-x-3.5 gap-y-[5px]">
          {COLOURS.map(([name, fill, meaning]) => (
            <div
              key={name}
              className="flex items-center gap-2 whitespace-nowrap text-12 leading-[18px]"
            >
              <span
                className={`h-[18px] w-6 flex-none rounded-4 inset-ring inset-ring-line-strong ${fill}`}
              />
              <span>{name}</span>
              <span className="ml-auto text-11 text-fg-faint">{meaning}</span>
            </div>
          ))}
        </div>
        <div className="mt-2.5 flex items-center gap-1.5">
          {AGENTS.map((name) => (
            <AgentAvatar key={name} id={name} name={name} size="md" named />
          ))}
          <span className="ml-auto text-12 text-fg-muted">agents</span>
        </div>
        <div className="mt-1.5 flex items-center gap-1.5">
          {PEOPLE.map((name) => (
            <PersonAvatar key={name} id={name} name={name} size="md" named />
          ))}
          <span className="ml-auto text-12 text-fg-muted">people</span>
        </div>
      </CardBody>
    </Card>
  );
}

const SIZES: readonly [size: string, look: string, text: string][] = [
  ["22", "text-22 font-semibold", "$412.80 of $900"],
  ["18", "text-18 font-semibold", "Good afternoon"],
  ["15", "text-15", "Post text, as people see it"],
  ["13", "text-13", "Base: lists, forms, everything"],
  ["12", "text-12", "Second lines, badges, table heads"],
  ["11", "text-11 font-medium", "Captions, keys, axes"],
  ["12", "num", "0x7A3f…dC2f  0.78  4:12"],
];

export function TypeCard() {
  return (
    <Card title="Type" aside="px">
      <CardBody>
        {SIZES.map(([size, look, text]) => (
          <div key={look} className="grid grid-cols-[26px_1fr] items-center gap-2.5 py-[3px]">
            <span className="num text-fg-faint">{size}</span>
            <span className={`clip text-fg-strong ${look}`}>{text}</span>
          </div>
        ))}
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <KeyCaps keys="Mod+K" />
          <KeyCaps keys="g h" />
          <KeyCaps keys="Ctrl+Shift+." />
          <KeyCaps keys="?" />
        </div>
      </CardBody>
    </Card>
  );
}

export function ButtonsCard() {
  const [which, setWhich] = useState<"all" | "mine" | "late">("all");
  const [quiet, setQuiet] = useState(true);
  return (
    <Card title="Buttons" aside="one primary per room">
      <CardBody className="flex flex-col gap-2.5">
        <div className="flex flex-wrap items-center gap-1.5">
          <Button tone="primary" icon={Check} action="approve">
            Approve
          </Button>
          <Button tone="primary">Plain</Button>
          <Button tone="primary" disabled>
            Needs 2nd person
          </Button>
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          <Button action="edit">Edit</Button>
          <Button icon={RefreshCw}>Plan again</Button>
          <Button tone="quiet" aria-pressed={quiet} onClick={() => setQuiet(!quiet)}>
            Quiet
          </Button>
          <IconButton icon={Ellipsis} label="More" tone="plain" />
          <IconButton icon={Plus} label="Add" />
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          <Button tone="danger-outline" icon={X} action="reject">
            Reject…
          </Button>
          <Button tone="danger" icon={OctagonX}>
            Stop everything
          </Button>
          <Button busy>Pausing…</Button>
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          <Button size="sm">Small</Button>
          <Button>Regular 28</Button>
          <Button size="lg">Large 32</Button>
          <Segmented
            label="Which"
            value={which}
            onChange={setWhich}
            segments={[
              { value: "all", label: "All" },
              { value: "mine", label: "Mine" },
              { value: "late", label: "Late", count: "3" },
            ]}
          />
        </div>
      </CardBody>
    </Card>
  );
}

const LINE = "grid min-h-[31px] grid-cols-[76px_minmax(0,1fr)] items-center text-12";
const WORDS = "flex flex-wrap items-center gap-1.5";

export function BadgesCard() {
  const [low, setLow] = useState(true);
  return (
    <Card title="Badges" aside="shape and word, then colour">
      <CardBody>
        <div className={LINE}>
          <span className="text-fg-muted">Confidence</span>
          <div className={WORDS}>
            {[9300, 9001, 9000, 7800, 6600].map((basisPoints) => (
              <ConfidenceBadge key={basisPoints} basisPoints={basisPoints} />
            ))}
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Risk</span>
          <div className="flex gap-3">
            <RiskBars tier="low" />
            <RiskBars tier="medium" />
            <RiskBars tier="high" />
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Agents</span>
          <div className={WORDS}>
            {(["planning", "working", "judging", "sleeping", "paused", "error"] as const).map(
              (state) => (
                <AgentState key={state} state={state} />
              ),
            )}
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Outcome</span>
          <div className={WORDS}>
            <Badge tone="ok" icon={Check}>
              published
            </Badge>
            <Badge tone="warn" icon={Clock}>
              in review
            </Badge>
            <Badge tone="bad" icon={X}>
              failed
            </Badge>
            <Badge tone="info">scheduled</Badge>
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Origin</span>
          <div className={WORDS}>
            {(["operator", "persona", "tool", "untrusted"] as const).map((origin) => (
              <OriginBadge key={origin} origin={origin} />
            ))}
            <TaintChip />
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Text</span>
          <div className={WORDS}>
            <span>
              <MarkedText
                text="named rival health claim"
                marks={[
                  { from: 0, to: 11, weight: "look", why: "3.1" },
                  { from: 12, to: 24, weight: "stop", why: "4.2" },
                ]}
              />
            </span>
            <WordDiff before="removed" after="added" />
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Claims</span>
          <div className={WORDS}>
            <Badge tone="outline" icon={Lock}>
              Jonas 3:20
            </Badge>
            <Badge tone="bad" icon={Users}>
              1 of 2 signed
            </Badge>
            <Badge tone="accent">yours</Badge>
          </div>
        </div>
        <div className={LINE}>
          <span className="text-fg-muted">Chips</span>
          <div className={WORDS}>
            <FilterChip on={low} onToggle={() => setLow(!low)} count="41">
              All
            </FilterChip>
            <FilterChip on={!low} onToggle={() => setLow(!low)} count="9">
              Sensitive
            </FilterChip>
            <Chip>
              <Image size={12} aria-hidden /> blurred
            </Chip>
            <span className="flex items-center gap-1.5 text-ok">
              <Dot tone="text-ok" live /> live
            </span>
          </div>
        </div>
      </CardBody>
    </Card>
  );
}
