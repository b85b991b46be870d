// An AI provider on a free loopback port, behind OpenAI's wire: it answers what the prompts ask, by their `ASK:` word,
// and says that it is down when it is told to. Never here: anything that thinks.
import { createServer } from "node:http";

const NAMES = ["voice", "facts", "policy", "safety", "goal", "length", "originality"];

function step(key, kind, skill, platform, needs) {
  return {
    key,
    title: `Step ${key}`,
    kind,
    skill,
    instructions: `Do ${key} with care.`,
    platform,
    needs,
    estimated_output_tokens: 200,
  };
}

const PLAN = {
  rationale: "Read, write, publish.",
  steps: [
    step("research", "analyze_trends", "fetch_trends", null, []),
    step("draft-1", "generate_caption", "write_post", "sandbox", ["research"]),
    step("publish-1", "publish_post", "publish_content", "sandbox", ["draft-1"]),
  ],
};

/** Ids as the prompts show them: `id: …` at the beginning of a line. */
function ids(text) {
  return [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id.trim());
}

function research(read) {
  const picks = ids(read)
    .slice(0, 2)
    .map((id) => ({ trend_id: id, relevance: 0.9, why: "It serves the goal." }));
  return { summary: "Two items serve the goal.", picks, dropped: [], confidence: 0.95 };
}

function draft(shown, number) {
  const source = ids(shown)[0] ?? "";
  return {
    text: `Tap systems cut serving time from 90 to 20 seconds in three cafe chains. Note ${number}, via the Brew desk.`,
    hashtags: [],
    based_on: [source],
    claims: [{ claim: "Serving time fell from 90 to 20 seconds.", source_id: source }],
    confidence: 0.97,
  };
}

const JUDGEMENT = {
  criteria: NAMES.map((name) => ({ name, score: 0.96, note: "Holds." })),
  confidence: 0.96,
  risk: "low",
  rationale: "It says what the source says.",
};

/** What stands in the messages of one role. */
function said(messages, role) {
  const own = messages.filter((message) => message.role === role);
  return own.map(({ content }) => content ?? "").join("\n");
}

export class Provider {
  static async open() {
    const provider = new Provider();
    await new Promise((done, fail) => {
      provider.#server.once("error", fail);
      provider.#server.listen(0, "127.0.0.1", done);
    });
    return provider;
  }

  /** While true it answers that it is down. */
  isDown = false;
  /** The words of every draft, in place of its own. */
  writes = null;
  /** A tool that its researcher calls beside the feeds. */
  calls = null;
  /** Questions that it turned away. */
  turnedAway = 0;
  #drafts = 0;
  #server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => this.#answer(JSON.parse(Buffer.concat(parts).toString()), response));
  });

  get address() {
    return `http://127.0.0.1:${this.#server.address().port}/v1`;
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }

  #answer({ messages, model }, response) {
    if (this.isDown) {
      this.turnedAway += 1;
      response.writeHead(503, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "Down for maintenance." } }));
      return;
    }
    const asked = /ASK:\W*(\w+)/.exec(said(messages, "system"))?.[1]?.toLowerCase();
    const read = said(messages, "tool");
    const chunk = (delta, finish_reason) => ({
      id: "1",
      object: "chat.completion.chunk",
      model,
      choices: [{ index: 0, delta, finish_reason }],
    });
    const wanted = [{ name: "fetch_trends", arguments: JSON.stringify({ platforms: ["web"] }) }];
    if (this.calls !== null) wanted.push({ name: this.calls, arguments: "{}" });
    const calls = asked === "research" && read === "";
    const delta = calls
      ? {
          role: "assistant",
          tool_calls: wanted.map((one, at) => ({ index: at, id: `call-${at + 1}`, type: "function", function: one })),
        }
      : { role: "assistant", content: this.#words(asked, read, said(messages, "user")) };
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
    const pieces = [
      chunk(delta, null),
      chunk({}, calls ? "tool_calls" : "stop"),
      { ...chunk({}, null), choices: [], usage },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of pieces) response.write(`data: ${JSON.stringify(piece)}\n\n`);
    response.end("data: [DONE]\n\n");
  }

  #words(asked, read, shown) {
    switch (asked) {
      case "plan":
        return JSON.stringify(PLAN);
      case "research":
        return JSON.stringify(research(read));
      case "draft":
        this.#drafts += 1;
        return JSON.stringify({
          ...draft(shown, this.#drafts),
          ...(this.writes === null ? {} : { text: this.writes }),
        });
      case "judge":
        return JSON.stringify(JUDGEMENT);
      default:
        return "ready";
    }
  }
}
