// An AI provider on this machine that answers one word and remembers with which key it was asked.
// Never here: anything that thinks.
import { createServer } from "node:http";

export class Provider {
  /** Authorization headers, in order. */
  asked = [];
  /** While true it answers that it is down. */
  isDown = false;
  #server;

  static async start() {
    const provider = new Provider();
    provider.#server = createServer((request, response) => provider.#answer(request, response));
    await new Promise((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
    return provider;
  }

  get port() {
    return this.#server.address().port;
  }

  get address() {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** The name that the console gives to its key. */
  get keyName() {
    return `127.0.0.1-${this.port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request, response) {
    request.resume();
    request.on("end", () => {
      this.asked.push(request.headers.authorization ?? "");
      if (this.isDown) {
        response.writeHead(503, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: "Down for maintenance." } }));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = (delta, finish_reason) => ({
        id: "1",
        object: "chat.completion.chunk",
        model: "window-model",
        choices: [{ index: 0, delta, finish_reason }],
      });
      const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
      for (const piece of [
        chunk({ role: "assistant", content: "ready" }, null),
        chunk({}, "stop"),
        { ...chunk({}, null), choices: [], usage },
      ]) {
        response.write(`data: ${JSON.stringify(piece)}\n\n`);
      }
      response.end("data: [DONE]\n\n");
    });
  }
}
