// An MCP server for a network, as somebody else might write one: it takes the post, and then says that it failed.
// node failing-network.mjs FILE
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [file] = process.argv.slice(2);

function answer(method, params) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {} },
        serverInfo: { name: "failing-network", version: "1.0.0" },
      };
    case "tools/list":
      return { tools: [{ name: "post_content", description: "Posts.", inputSchema: { type: "object" } }] };
    case "tools/call":
      appendFileSync(file, `${params.arguments.content.text.replaceAll("\n", " ")}\n`);
      return { isError: true, content: [{ type: "text", text: "503 after the post was taken" }] };
    case "ping":
      return {};
    default:
      return null;
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined || method === undefined) return;
    const result = answer(method, params);
    const body = result ? { result } : { error: { code: -32_601, message: `no method ${method}` } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
  })
  .on("close", () => process.exit(0));
