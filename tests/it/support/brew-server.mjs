// An MCP server over standard streams, as other people write them: a tool that looks something up, one that acts, one
// that nobody classed. node brew-server.mjs FOLDER
// While there is FOLDER/die, it dies of every call.
// FOLDER/version is its version, 1.0.0 where there is none; another one has another tool.
// While there is FOLDER/wait, a call is told to be on its way and has no answer.
// FOLDER/answer.txt is what looking up answers; FOLDER/calls.txt is what was called, a name a line.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [folder] = process.argv.slice(2);
const ANSWER = join(folder, "answer.txt");
const VERSION = existsSync(join(folder, "version")) ? readFileSync(join(folder, "version"), "utf8") : "1.0.0";

function tool(name, description, properties) {
  return { name, description, inputSchema: { type: "object", properties, additionalProperties: false } };
}

const town = { town: { type: "string", description: "Name of the town." } };
const PRICES = "Looks up what cold brew on tap costs in the cafes of a town.";
const TOOLS = [
  tool("cafe_prices", VERSION === "1.0.0" ? PRICES : `${PRICES} And more.`, town),
  tool("announce", "Posts about cold brew on tap to every cafe of a town.", town),
  tool("cold_brew_stock", "Tells how much cold brew on tap is left in the cafes of a town.", town),
];

function say(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

/** Tells how far a call is: two cafes asked of three. While there is FOLDER/wait, it does not come further. */
function tellProgress({ _meta: { progressToken } = {} }) {
  if (progressToken === undefined) return;
  for (const [progress, message] of [[1, "asked ana@cafe.example"], [2, "asked another cafe"]]) {
    say({ method: "notifications/progress", params: { progressToken, progress, total: 3, message } });
  }
}

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "brew", version: VERSION },
      };
    case "tools/list":
      return { tools: TOOLS };
    case "tools/call": {
      if (existsSync(join(folder, "die"))) process.exit(3);
      appendFileSync(join(folder, "calls.txt"), `${params.name}\n`);
      tellProgress(params);
      const text = existsSync(ANSWER) ? readFileSync(ANSWER, "utf8") : "nothing is known";
      return { content: [{ type: "text", text }] };
    }
    case "ping":
      return {};
    default:
      return null;
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const result = answer({ method, params });
    const told = result ? { result } : { error: { code: -32_601, message: `no method ${method}` } };
    const reply = () => {
      if (method === "tools/call" && existsSync(join(folder, "wait"))) setTimeout(reply, 50);
      else say({ id, ...told });
    };
    reply();
  })
  .on("close", () => process.exit(0));
