// An MCP server over streamable HTTP that a person has to authorize, with the authorization server that speaks for it, both
// on one free port of this machine. It is strict: PKCE, the redirect address and the client are checked, a code and a leave
// to renew count once, and a token counts until its time is over. What it was asked, and how it is to behave, is told
// under /control.
// node authorizing-server.mjs   (the first line says where it is)
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const HOUR_SECONDS = 3_600;
/** A token as large as some are: more than one entry of a keychain holds. */
const FILLING = "x".repeat(3_000);

const clients = new Map();
const codes = new Map();
const leaves = new Map();
const tokens = new Map();
const seen = { calls: 0, accepted: 0, tokens: [], codes: [], refused: 0, renewed: 0, registered: 0, clients: [] };
/** How it behaves: `page` shows a page with two buttons in place of agreeing at once. */
const manner = { expires: HOUR_SECONDS, page: false, denies: false, leaves: true, scope: null };
let given = 0;
let origin = "";

const tool = {
  name: "read_ledger",
  description: "Reads the ledger.",
  inputSchema: { type: "object", properties: {}, additionalProperties: false },
  annotations: { readOnlyHint: true },
};

async function body(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(value === null ? "" : JSON.stringify(value));
}

/** The token of a request, where it counts. */
function bearer(request) {
  const token = request.headers.authorization?.replace(/^Bearer /, "");
  const known = tokens.get(token);
  return known && known.until > Date.now() ? known : null;
}

const results = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion === "2025-06-18" ? "2025-06-18" : "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "ledger", version: "1.0.0" },
  }),
  "tools/list": () => ({ tools: [tool] }),
  "tools/call": () => {
    seen.calls += 1;
    return { content: [{ type: "text", text: "the ledger is balanced" }] };
  },
  ping: () => ({}),
};

async function mcp(request, response) {
  const token = bearer(request);
  const scope = manner.scope ? `, scope="${manner.scope}"` : "";
  const place = `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"${scope}`;
  const text = await body(request);
  if (!token) {
    seen.refused += 1;
    return json(response, 401, null, { "www-authenticate": place });
  }
  seen.accepted += 1;
  if (request.method !== "POST") return json(response, 405, null);
  const { id, method, params } = JSON.parse(text);
  if (method === "tools/call" && manner.scope && !token.scope.split(" ").includes(manner.scope)) {
    const more = place.replace("Bearer ", 'Bearer error="insufficient_scope", ');
    return json(response, 403, null, { "www-authenticate": more });
  }
  if (id === undefined) return json(response, 202, null);
  const result = results[method]?.(params ?? {});
  const answer = result ? { result } : { error: { code: -32_601, message: `no method ${method}` } };
  return json(response, 200, { jsonrpc: "2.0", id, ...answer });
}

function register(response, asked) {
  seen.registered += 1;
  const id = `client-${seen.registered}`;
  clients.set(id, asked.redirect_uris);
  return json(response, 201, { client_id: id, redirect_uris: asked.redirect_uris });
}

function agreed(response, asked, denied) {
  const back = new URL(asked.get("redirect_uri"));
  back.searchParams.set("state", asked.get("state"));
  back.searchParams.set("iss", origin);
  if (denied) {
    back.searchParams.set("error", "access_denied");
  } else {
    given += 1;
    const code = `code-${given}-${createHash("sha256").update(`${given}`).digest("hex")}`;
    codes.set(code, Object.fromEntries(asked));
    seen.codes.push(code);
    back.searchParams.set("code", code);
  }
  response.writeHead(302, { location: back.href });
  response.end();
}

function authorize(response, url) {
  const asked = url.searchParams;
  const places = clients.get(asked.get("client_id")) ?? (manner.client === asked.get("client_id") ? [asked.get("redirect_uri")] : []);
  if (!places.includes(asked.get("redirect_uri")) || asked.get("code_challenge_method") !== "S256") {
    return json(response, 400, { error: "invalid_request" });
  }
  const answer = asked.get("answer");
  if (!manner.page || answer) return agreed(response, asked, manner.denies || answer === "no");
  const link = (word) => `${url.pathname}?${asked}&answer=${word}`.replaceAll("&", "&amp;");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(
    `<!doctype html><html lang="en"><title>Ledger</title><h1>Let Chimera read the ledger?</h1><p><a href="${link("yes")}">Agree</a> <a href="${link("no")}">Refuse</a></p></html>`,
  );
}

function granted(response, client, scope, resource) {
  given += 1;
  const mark = createHash("sha256").update(`token ${given}`).digest("hex");
  const [access, refresh] = [`access-${given}-${mark}-${FILLING}`, `refresh-${given}-${mark}`];
  tokens.set(access, { scope, until: Date.now() + manner.expires * 1_000 });
  leaves.set(refresh, { client, scope, resource });
  seen.tokens.push(access, refresh);
  return json(response, 200, {
    access_token: access,
    refresh_token: refresh,
    token_type: "Bearer",
    expires_in: manner.expires,
    ...(scope && { scope }),
  });
}

function token(response, form, request) {
  seen.clients.push(form.get("client_id") ?? Buffer.from(request.headers.authorization.slice(6), "base64").toString());
  if (form.get("grant_type") === "refresh_token") {
    const leave = leaves.get(form.get("refresh_token"));
    leaves.delete(form.get("refresh_token"));
    if (!leave || !manner.leaves) return json(response, 400, { error: "invalid_grant" });
    seen.renewed += 1;
    return granted(response, leave.client, leave.scope, leave.resource);
  }
  const asked = codes.get(form.get("code"));
  codes.delete(form.get("code"));
  const proof = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
  const fits =
    asked &&
    proof === asked.code_challenge &&
    form.get("redirect_uri") === asked.redirect_uri &&
    form.get("resource") === `${origin}/mcp`;
  if (!fits) return json(response, 400, { error: "invalid_grant" });
  return granted(response, asked.client_id, asked.scope ?? "", asked.resource);
}

async function control(request, response) {
  if (request.method === "POST") {
    const { ends, ...change } = JSON.parse(await body(request));
    Object.assign(manner, change);
    if (ends) tokens.clear();
  }
  return json(response, 200, seen);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, origin);
  switch (url.pathname) {
    case "/mcp":
      return mcp(request, response);
    case "/control":
      return control(request, response);
    case "/.well-known/oauth-protected-resource/mcp":
      return json(response, 200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
    case "/.well-known/oauth-authorization-server":
      return json(response, 200, {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
        authorization_response_iss_parameter_supported: true,
      });
    case "/register":
      return register(response, JSON.parse(await body(request)));
    case "/authorize":
      return authorize(response, url);
    case "/token":
      return token(response, new URLSearchParams(await body(request)), request);
    default:
      return json(response, 404, { error: "not_found" });
  }
});

server.listen(0, "127.0.0.1", () => {
  origin = `http://127.0.0.1:${server.address().port}`;
  console.log(origin);
});
