// The API as a script of the local operator: for settings that the console does not offer yet, for work that a journey
// is not about, and for looking behind the screen.
import { until } from "./until.mjs";

export class Api {
  #origin;
  #token;

  constructor(origin, token) {
    this.#origin = origin;
    this.#token = token;
  }

  async ask(method, path, body, headers = {}) {
    const answer = await fetch(this.#origin + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get("etag"),
      body: text === "" ? null : JSON.parse(text),
    };
  }

  async #well(method, path, body, headers) {
    const answer = await this.ask(method, path, body, headers);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }

  async get(path) {
    return (await this.#well("GET", path)).body;
  }

  async post(path, body = {}) {
    return (await this.#well("POST", path, body)).body;
  }

  /** Posts of the sandbox network, as the API shows them. */
  async posts() {
    return (await this.get("/api/v1/sandbox/feed")).items;
  }

  /** Stores another version of an agent's SOUL.md. */
  async soul(agent, change) {
    const path = `/api/v1/personas/${agent}`;
    const { etag, body } = await this.#well("GET", path);
    await this.#well("PUT", path, { soul: change(body.source) }, { "if-match": etag });
  }

  /** Stores a changed policy. */
  async policy(change) {
    const { etag, body } = await this.#well("GET", "/api/v1/policy");
    const document = structuredClone(body.document);
    change(document);
    await this.#well("PUT", "/api/v1/policy", document, { "if-match": etag });
  }

  /** From now on a person sees everything before it leaves. */
  async careful(change = () => {}) {
    await this.policy((policy) => {
      policy.bands.auto_above = 1;
      change(policy);
    });
  }

  /** A campaign with a plan, not started. */
  async planned(goal, feed, { agent, posts = 10 } = {}) {
    const [first] = (await this.get("/api/v1/personas")).items;
    const { id } = await this.post("/api/v1/campaigns", {
      agent: agent ?? first.agent,
      goal,
      feeds: [feed],
      platforms: ["sandbox"],
      daily_budget: "5.00",
      max_posts_per_day: posts,
    });
    await this.post(`/api/v1/campaigns/${id}/plan`);
    return id;
  }

  /** A running campaign. */
  async started(goal, feed, manner) {
    const id = await this.planned(goal, feed, manner);
    await this.post(`/api/v1/campaigns/${id}/start`);
    return id;
  }

  /** The first review of the campaign that waits for a person. */
  review(campaign) {
    return until("something waits for a person", async () => {
      const found = await this.get(`/api/v1/reviews?campaign=${campaign}&state=open`);
      return found.items[0];
    });
  }
}
