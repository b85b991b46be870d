// A room with three panes, to look at the frame around it.
import { Check, CornerUpRight, SkipForward, X } from "lucide-react";
import { useState } from "react";
import { useKey } from "@/shared/keys/useKey";
import { ActionBar, Room } from "@/shared/layout/Room";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Button } from "@/shared/parts/Button";
import { Section } from "@/shared/parts/Card";
import { FilterChip } from "@/shared/parts/Chip";
import { ConfidenceBadge } from "@/shared/parts/ConfidenceBadge";
import { ConfidenceScale } from "@/shared/parts/ConfidenceScale";
import { Panes } from "@/shared/parts/Panes";
import { ProvenanceTable } from "@/shared/parts/Provenance";
import { Countdown } from "@/shared/parts/RelativeTime";
import { RiskBars } from "@/shared/parts/RiskBars";
import { UntrustedBadge } from "@/shared/parts/Untrusted";
import { VirtualList } from "@/shared/parts/VirtualList";
import { SHIPPED } from "./frameSample";

interface Item {
  id: string;
  name: string;
  brand: string;
  text: string;
  basisPoints: number;
  until: string;
}

const NAMES = ["Mara Voss", "Teo Brandt", "Sable Quinn", "Kofi Lune", "Juno Hale", "Ines Ardo"];
const TEXTS = [
  "Numbers we can stand behind: our concentrate steeps 18 h",
  "Hub gears don’t make you slow. Bad hills make you slow.",
  "Week two on retinal: flaking is common, burning is not.",
  "We asked 40 testers what they eat before a 6 am long run",
];

function sample(): Item[] {
  return Array.from({ length: 100_000 }, (_, index) => ({
    id: `r${index}`,
    name: NAMES[index % NAMES.length] ?? "",
    brand: "Northlight Coffee",
    text: TEXTS[index % TEXTS.length] ?? "",
    basisPoints: 6_600 + ((index * 370) % 3_000),
    until: new Date(Date.now() + 120_000 + index * 47_000).toISOString(),
  }));
}

function QueueRow({
  item,
  selected,
  onSelect,
}: {
  item: Item;
  selected: boolean;
  onSelect: () => void;
}) {
  return (
    <button
      type="button"
      aria-current={selected || undefined}
      onClick={onSelect}
      className="block w-full border-line border-b px-4 pt-[7px] pb-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px] aria-[current]:bg-selected aria-[current]:inset-shadow-[2px_0_0_var(--accent)]"
    >
      <span className="flex h-5 items-center gap-1.5">
        <AgentAvatar id={item.name} name={item.name} />
        <b className="flex-none font-medium text-fg-strong">{item.name}</b>
        <span className="clip text-[12.5px] text-fg-faint">{item.brand}</span>
        <span className="ml-auto">
          <Countdown until={item.until} />
        </span>
      </span>
      <span className="clip block text-12 text-fg-muted leading-[18px]">{item.text}</span>
      <span className="mt-[3px] flex items-center gap-2">
        <ConfidenceBadge basisPoints={item.basisPoints} />
        <RiskBars tier="medium" />
        <UntrustedBadge />
      </span>
    </button>
  );
}

export function FramePage() {
  const [items] = useState(sample);
  const [at, setAt] = useState(0);
  useKey("next", () => setAt(Math.min(items.length - 1, at + 1)));
  useKey("previous", () => setAt(Math.max(0, at - 1)));
  const item = items[at];
  return (
    <Room
      title="Review"
      beside={<span className="text-12 text-fg-muted">3 due within 5 min</span>}
      aside="Agreement 94%"
    >
      <Panes
        id="gallery"
        left={{
          name: "Queue",
          width: 312,
          narrow: 264,
          min: 240,
          max: 420,
          children: (
            <>
              <div className="flex flex-none gap-1.5 border-line border-b p-2 pl-2.5">
                <FilterChip on onToggle={() => {}} count="100,000">
                  All
                </FilterChip>
                <FilterChip on={false} onToggle={() => {}} count="9">
                  Sensitive
                </FilterChip>
              </div>
              <VirtualList
                label="Queue"
                items={items}
                keyOf={(one) => one.id}
                rowHeight={74}
                showIndex={at}
                className="flex-1"
                row={(one, index) => (
                  <QueueRow item={one} selected={index === at} onSelect={() => setAt(index)} />
                )}
              />
            </>
          ),
        }}
      >
        <Panes
          id="gallery.evidence"
          right={{
            name: "Evidence",
            width: 364,
            narrow: 316,
            min: 300,
            max: 480,
            children: (
              <div className="overflow-auto">
                <Section title="Confidence" aside="the judge's counts">
                  <ConfidenceScale judge={7800} writer={8600} lines={SHIPPED} />
                </Section>
                <Section title="Where each argument came from">
                  <ProvenanceTable
                    rows={[
                      { name: "goal", value: "Answer acidity questions", origin: "operator" },
                      {
                        name: "in reply to",
                        value: "…gentler than Harrow & Finch",
                        origin: "untrusted",
                        source: "@brewlab_dalia",
                      },
                    ]}
                  />
                </Section>
              </div>
            ),
          }}
        >
          <article className="min-h-0 flex-1 overflow-auto p-4 text-15 text-fg-strong">
            {item?.text}
          </article>
        </Panes>
        <ActionBar>
          <Button size="lg" tone="primary" icon={Check} action="approve">
            Approve
          </Button>
          <Button size="lg" tone="danger-outline" icon={X} action="reject">
            Reject…
          </Button>
          <Button size="lg" icon={CornerUpRight} action="escalate">
            Escalate
          </Button>
          <Button size="lg" icon={SkipForward} action="skip">
            Skip
          </Button>
        </ActionBar>
      </Panes>
    </Room>
  );
}
