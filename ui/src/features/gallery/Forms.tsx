// Inputs and the table.
import { useState } from "react";
import { AgentState, type AgentStateName } from "@/shared/parts/AgentState";
import { AgentAvatar } from "@/shared/parts/Avatar";
import { Card, CardBody } from "@/shared/parts/Card";
import { type Column, DataTable, type SortingState } from "@/shared/parts/DataTable";
import { Field } from "@/shared/parts/Field";
import { FindField } from "@/shared/parts/FindField";
import { Money } from "@/shared/parts/Money";
import { Select } from "@/shared/parts/Select";
import { TextArea, TextInput } from "@/shared/parts/TextInput";
import { Checkbox, Switch } from "@/shared/parts/Toggles";

const GOAL_MIN = 10;

export function InputsCard() {
  const [goal, setGoal] = useState("Sell more");
  const [skill, setSkill] = useState<string | null>(null);
  const [quiet, setQuiet] = useState(true);
  const [mute, setMute] = useState(false);
  const [blur, setBlur] = useState(true);
  const [find, setFind] = useState("");
  return (
    <Card title="Inputs">
      <CardBody className="flex flex-col gap-2.5">
        <FindField label="Search in this room" value={find} onChange={setFind} />
        <Field label="Daily cap" hint="Fires in the model gateway.">
          <TextInput prefix="$" suffix="USD" mono defaultValue="900.00" />
        </Field>
        <Field
          label="Goal"
          error={
            goal.length < GOAL_MIN ? `Write at least 10 characters, now ${goal.length}.` : undefined
          }
        >
          <TextInput value={goal} onChange={(event) => setGoal(event.target.value)} />
        </Field>
        <Field label="Skill">
          <Select
            items={[
              { value: "write.post", label: "write.post", note: "v3" },
              { value: "image.make", label: "image.make" },
              { value: "trends.cluster", label: "trends.cluster", disabled: true },
            ]}
            value={skill}
            onChange={setSkill}
            placeholder="Choose a skill"
          />
        </Field>
        <Field label="Note">
          <TextArea rows={2} placeholder="For the writer, in your own words" />
        </Field>
        <Field label="Wallet" disabled>
          <TextInput defaultValue="Frozen by Malin" />
        </Field>
        <div className="flex gap-4">
          <Checkbox checked={quiet} onChange={setQuiet}>
            Quiet hours
          </Checkbox>
          <Checkbox checked={mute} onChange={setMute}>
            Mute audio
          </Checkbox>
          <Switch checked={blur} onChange={setBlur}>
            Blur
          </Switch>
        </div>
      </CardBody>
    </Card>
  );
}

interface Row {
  id: string;
  name: string;
  state: AgentStateName;
  now: string;
  wallet: string;
  waiting: number;
}

const NAMES = [
  "Kofi Lune",
  "Mara Voss",
  "Juno Hale",
  "Sable Quinn",
  "Teo Brandt",
  "Ines Ardo",
  "Odile Rast",
];
const STATES: readonly AgentStateName[] = [
  "working",
  "judging",
  "planning",
  "paused",
  "sleeping",
  "error",
  "working",
];
const NOWS = [
  "Captioning image, bridge in fog",
  "Reply to @brewlab_dalia",
  "Patch notes, second wave",
  "Paused (Human Intervention) by Tomas",
  "Wakes at 16:00",
  "Sign-in expired on Bluesky, nothing sent",
  "Reading 40 posts on trail shoes",
];

/** Many enough that most are never drawn. */
const ROWS: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `a-${String(index).padStart(4, "0")}`,
  name: NAMES[index % NAMES.length] ?? "",
  state: STATES[index % STATES.length] ?? "sleeping",
  now: NOWS[index % NOWS.length] ?? "",
  wallet: `${(index * 7) % 491}.${String((index * 13) % 100).padStart(2, "0")}`,
  waiting: (index * 3) % 7,
}));

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "agent",
    header: "Agent",
    width: "210px",
    sortBy: (row) => row.name,
    cell: (row) => (
      <span className="flex items-center gap-1.5">
        <AgentAvatar id={row.name} name={row.name} />
        <span className="clip font-medium text-fg-strong">{row.name}</span>
        <span className="num text-fg-faint">{row.id}</span>
      </span>
    ),
  },
  { id: "state", header: "State", width: "110px", cell: (row) => <AgentState state={row.state} /> },
  { id: "now", header: "Now", width: "minmax(0,1fr)", cell: (row) => row.now },
  {
    id: "wallet",
    header: "Wallet",
    width: "150px",
    align: "end",
    sortBy: (row) => Number(row.wallet),
    cell: (row) => <Money amount={row.wallet} asset="USDC" className="num" />,
  },
  {
    id: "waiting",
    header: "In review",
    width: "96px",
    align: "end",
    sortBy: (row) => row.waiting,
    cell: (row) => <span className="num">{row.waiting}</span>,
  },
];

const keyOf = (row: Row) => row.id;

export function TableCard() {
  const [sorting, setSorting] = useState<SortingState>([{ id: "wallet", desc: true }]);
  const [selected, setSelected] = useState("a-0001");
  return (
    <Card title="Table" aside="10,000 rows of 32" className="h-[440px]">
      <DataTable
        label="Agents"
        columns={COLUMNS}
        rows={ROWS}
        keyOf={keyOf}
        sorting={sorting}
        onSort={setSorting}
        selected={selected}
        onOpen={(row) => setSelected(row.id)}
        className="flex-1"
      />
    </Card>
  );
}
