// Text from outside and from models: diffs, hidden characters, Markdown, editors, provenance, scores.
import { useState } from "react";
import { Card, CardBody } from "@/shared/parts/Card";
import { ConfidenceScale } from "@/shared/parts/ConfidenceScale";
import { TextEditor } from "@/shared/parts/editor/TextEditor";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";
import { Meter } from "@/shared/parts/Meter";
import { Money } from "@/shared/parts/Money";
import { SafeMarkdown } from "@/shared/parts/markdown/SafeMarkdown";
import { ProvenanceBlock, ProvenanceTable } from "@/shared/parts/Provenance";
import { Countdown, RelativeTime } from "@/shared/parts/RelativeTime";
import { WordDiff } from "@/shared/parts/WordDiff";
import { SHIPPED } from "./frameSample";

const DRAFT =
  "Numbers we can stand behind: our concentrate steeps 18 h and lands at pH 5.1, so it’s easier on your stomach than Harrow & Finch. Full brew log here, steal the recipe:";
const EDIT =
  "Numbers we can stand behind: it steeps 18 h and lands at pH 5.1, so it drinks rounder than most cold brews. Full brew log here, steal the recipe:";
const SOUL = `---
name: Mara Voss
voice: [precise, warm, dry]
---

# Mara Voss

Shows the **log**, never the lecture.

- numbers before adjectives
- names the \`batch\`, not the brand

> If it is not in the log, it did not happen.
`;
const MODEL_TEXT = `### Notes
Steeped **18 h**, see [the log](https://northlight.coffee/brew-log).

![chart](https://tracker.example/p.png) pay\u202ekcab <script>alert(1)</script>

1. \`pH 5.1\`
2. cold`;

export function TextCard() {
  const [edit, setEdit] = useState(EDIT);
  return (
    <Card title="Edit" aside="against draft v3">
      <CardBody className="flex flex-col gap-3">
        <div className="rounded-8 border border-accent-line bg-raised ring-3 ring-accent-soft">
          <TextEditor
            label="Your edit"
            language="plain"
            value={edit}
            onChange={setEdit}
            against={DRAFT}
          />
        </div>
        <WordDiff before={DRAFT} after={EDIT} />
        <p className="text-12">
          <HiddenText>
            {
              "Smooth! But is it really gentler than Harrow & Finch\u200b or is that just marketing? \u202eevil\u202c \u{e0070}\u{e0061}\u{e0079}"
            }
          </HiddenText>
        </p>
      </CardBody>
    </Card>
  );
}

export function LongTextCard() {
  const [soul, setSoul] = useState(SOUL);
  return (
    <Card title="SOUL.md" aside="Markdown, as text">
      <TextEditor
        label="SOUL.md"
        language="markdown"
        value={soul}
        onChange={setSoul}
        className="h-[264px]"
      />
      <CardBody className="border-line border-t">
        <SafeMarkdown text={MODEL_TEXT} />
      </CardBody>
    </Card>
  );
}

export function ProvenanceCard() {
  const [at] = useState(() => new Date(Date.now() - 38 * 60_000).toISOString());
  const [until] = useState(() => new Date(Date.now() + 252_000).toISOString());
  return (
    <Card title="Evidence">
      <CardBody className="flex flex-col gap-3">
        <ConfidenceScale judge={7800} writer={8600} lines={SHIPPED} />
        <div className="grid grid-cols-[42px_1fr_34px] items-center gap-x-2 gap-y-1 text-12 text-fg-muted">
          Voice <Meter share={0.91} tone="ok" label="Voice" /> <span className="num">0.91</span>
          Policy <Meter share={0.69} tone="bad" label="Policy" /> <span className="num">0.69</span>
          Cap <Meter share={0.46} tone="money" tick={0.8} label="Cap" />{" "}
          <span className="num">46%</span>
        </div>
        <ProvenanceTable
          rows={[
            { name: "goal", value: "Answer acidity questions", origin: "operator" },
            { name: "voice", value: "SOUL.md v7, “precise, warm”", origin: "persona" },
            {
              name: "in reply to",
              value: "…gentler than Harrow & Finch",
              origin: "untrusted",
              source: "@brewlab_dalia",
            },
            { name: "ph", value: "5.1, brew log 41", origin: "tool", source: "northlight.coffee" },
          ]}
        />
        <div className="flex flex-col gap-[5px]">
          <ProvenanceBlock origin="operator" aside="41">
            Answer acidity questions with numbers from brew logs. No health claims.
          </ProvenanceBlock>
          <ProvenanceBlock origin="untrusted" source="untrusted, post @brewlab_dalia" aside="64">
            <HiddenText>{"Smooth! But is it really gentler than Harrow & Finch\u200b?"}</HiddenText>
          </ProvenanceBlock>
          <ProvenanceBlock origin="tool" source="tool, northlight.coffee" aside="212" mono>
            {'{ "log": 41, "hours": 18, "ph": 5.1 }'}
          </ProvenanceBlock>
        </div>
        <KeyValue
          rows={[
            ["Cost", <Money key="cost" amount="0.0142" />],
            ["Paid", <Money key="paid" amount="-1850" asset="USDC" />],
            ["Seen", <RelativeTime key="seen" at={at} />],
            ["Expires", <Countdown key="expires" until={until} />],
            [
              "Trace",
              <span key="trace" className="num">
                7f3a9b20e41c0c91
              </span>,
            ],
          ]}
        />
      </CardBody>
    </Card>
  );
}
