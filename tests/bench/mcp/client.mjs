// The official TypeScript client: calls one tool of a server again and again, over its standard streams.
//
// usage: client.mjs CALLS WARM CHARS COMMAND [ARGUMENT …]; one line of JSON.

import { strict as assert } from "node:assert";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [calls, warm, chars] = process.argv.slice(2, 5).map(Number);
const [command, ...args] = process.argv.slice(5);
const client = new Client({ name: "bench", version: "1" });
await client.connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
const wanted = { text: "x".repeat(chars) };
const times = [];
for (let call = 0; call < warm + calls; call += 1) {
  const began = process.hrtime.bigint();
  const result = await client.callTool({ name: "echo", arguments: wanted });
  const took = process.hrtime.bigint() - began;
  assert.deepEqual(result.structuredContent, wanted);
  if (call >= warm) {
    times.push(Number(took) / 1e3);
  }
}
await client.close();
times.sort((one, other) => one - other);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
console.log(JSON.stringify({ p50_us: at(0.5), p99_us: at(0.99) }));
