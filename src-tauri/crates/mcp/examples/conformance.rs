//! The host as the official conformance suite drives it: one server over HTTP, whose address is the last argument and
//! whose scenario is in the environment. What runs is listed in `specs/mcp-conformance.md`.
//!
//! Never here: anything that ships, or a way around the host.
#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "the suite speaks through the environment and reads what goes wrong from standard error"
)]

use std::{collections::BTreeMap, process::ExitCode, sync::Arc, time::Duration};

use chimera_canon::Digest;
use chimera_domain::{
    action::{Grant, ToolRef},
    fault::Fault,
    id::{EffectId, TenantId},
    time::Timestamp,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_mcp::{HostOptions, McpHost, RemoteServer, ServerSpec, Transport, codes, start};
use chimera_net::{HttpClient, HttpSettings, Request};
use chimera_oauth::{Identity, InMemory, Loopback, Registered, Session, SessionOptions};
use chimera_ports::{
    clock::Clock,
    questions::{QuestionAnswer, QuestionDesk},
    tools::{ToolError, ToolHost, ToolInfo, ToolRequest},
};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

/// The server's name in the registry of this one run.
const SERVER: &str = "suite";
/// Longest time for one request; the suite gives a scenario thirty seconds.
const LIMIT: Duration = Duration::from_secs(20);

/// Most rounds of authorization in one scenario; the host refuses a round of its own accord before that.
const MAX_ROUNDS: usize = 6;
/// What the suite knows as the address of a document about its client.
const DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

/// Pause between two looks for a question.
const LOOK: Duration = Duration::from_millis(20);

/// Nothing here looks at the time.
struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(0)
    }
}

fn main() -> ExitCode {
    let url = std::env::args().next_back().unwrap_or_default();
    let scenario = std::env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let context = std::env::var("MCP_CONFORMANCE_CONTEXT").unwrap_or_default();
    let context = serde_json::from_str(&context).unwrap_or(Value::Null);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(played(&url, &scenario, &context)),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{scenario}: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Plays a scenario: lists what the server offers, beside tools too, reads its resources, gets its prompts, and calls what the scenario says, or everything.
async fn played(url: &str, scenario: &str, context: &Value) -> Result<(), String> {
    let net = net()?;
    let host = host(url, &net, identity(scenario, context))?;
    tokio::select! {
        played = played_and_authorized(&net, &host, scenario, context) => played,
        refused = presses_accept(&host) => Err(refused),
    }
}

/// The same, from the start again whenever the server wants to be authorized: the suite's own person agrees to
/// everything, as the suite's authorization servers take for granted.
async fn played_and_authorized(
    net: &HttpClient,
    host: &McpHost,
    scenario: &str,
    context: &Value,
) -> Result<(), String> {
    for _ in 0..MAX_ROUNDS {
        let Err((words, code)) = played_with(host, scenario, context).await else {
            return Ok(());
        };
        match code.as_str() {
            codes::MCP_AUTHORIZATION_NEEDED | codes::MCP_SCOPE_NEEDED => {
                agrees(net, host).await?;
            }
            _ => return Err(words),
        }
    }
    Err("the server wants to be authorized again and again".to_owned())
}

/// Opens the address as a browser would, which is redirected to where the product listens.
async fn agrees(net: &HttpClient, host: &McpHost) -> Result<(), String> {
    let told = |fault: Fault| format!("{}: {}", fault.code, fault.message);
    let loopback = Loopback::open().await.map_err(|error| error.to_string())?;
    let address = host
        .authorize(tenant(), SERVER, loopback.redirect_uri())
        .await;
    let browser = net.fetch(Request::get(address.map_err(told)?));
    let answered = async {
        let arrival = loopback
            .arrival()
            .await
            .map_err(|error| error.to_string())?;
        let done = host.authorized(tenant(), SERVER, arrival.query()).await;
        arrival.tell(done.is_ok()).await;
        done.map_err(told)
    };
    tokio::pin!(answered);
    tokio::select! {
        done = &mut answered => done,
        // A browser that was shown its page, or none, is no reason to stop listening; one that went nowhere is.
        page = browser => match page {
            Ok(page) if page.status.is_success() || page.status.is_client_error() => answered.await,
            Ok(page) => Err(format!("the browser was answered {}", page.status)),
            Err(error) => Err(error.to_string()),
        },
    }
}

/// Who the client is: as the suite says where it registered one, as its document where that is what is looked at.
fn identity(scenario: &str, context: &Value) -> Identity {
    let registered = context["client_id"].as_str().map(|id| Registered {
        id: id.to_owned(),
        secret: context["client_secret"].as_str().map(SecretString::from),
        issuer: context["issuer"].as_str().map(str::to_owned),
    });
    Identity {
        name: "Chimera".to_owned(),
        document: (scenario == "auth/basic-cimd").then(|| DOCUMENT.to_owned()),
        registered,
    }
}

/// The suite's own person: presses the button on whatever form comes, with what is filled in already. There is none
/// beside this example: what ships answers nothing by itself.
async fn presses_accept(host: &McpHost) -> String {
    loop {
        for question in host.waiting(tenant()) {
            let answer = QuestionAnswer::Accept(question.prefilled());
            match host.hold(tenant(), &question.id, answer) {
                Ok(held) => drop(held.give()),
                Err(refused) => return format!("{}: {refused}", question.message),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn played_with(
    host: &McpHost,
    scenario: &str,
    context: &Value,
) -> Result<(), (String, String)> {
    let tools = host
        .tools(tenant())
        .await
        .map_err(|error| told("tools", &error))?;
    let offer = host
        .offer(tenant(), SERVER)
        .await
        .map_err(|error| told("offer", &error))?;
    for resource in offer.iter().flat_map(|offer| &offer.resources) {
        host.resource(tenant(), SERVER, &resource.uri)
            .await
            .map_err(|error| told(&resource.uri, &error))?;
    }
    for prompt in offer.iter().flat_map(|offer| &offer.prompts) {
        let needed = prompt.arguments.iter().filter(|one| one.required);
        let given = needed.map(|one| (one.name.clone(), "us-east1".to_owned()));
        host.prompt(tenant(), SERVER, &prompt.name, given.collect())
            .await
            .map_err(|error| told(&prompt.name, &error))?;
    }
    for (tool, arguments) in calls(scenario, context, &tools) {
        // What a tool answers, and that it fails, is the suite's business; that there is an answer is ours.
        called(host, &tool, arguments)
            .await
            .map_err(|error| told(&tool, &error))?;
    }
    Ok(())
}

/// What failed, and its code.
fn told(what: &str, error: &ToolError) -> (String, String) {
    (format!("{what}: {error}"), error.fault.code.clone())
}

fn net() -> Result<HttpClient, String> {
    let hosts = ["localhost", "127.0.0.1"];
    let allow_hosts = hosts.iter().filter_map(|host| host.parse().ok()).collect();
    HttpClient::new(HttpSettings {
        allow_hosts,
        ..HttpSettings::default()
    })
    .map_err(|error| error.to_string())
}

/// What nobody can guess, as the product makes it too.
fn random() -> [u8; 32] {
    let halves = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()];
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().zip(halves.concat()) {
        *place = byte;
    }
    bytes
}

fn host(url: &str, net: &HttpClient, identity: Identity) -> Result<McpHost, String> {
    let session = Session::new(SessionOptions {
        net: net.clone(),
        url: url.to_owned(),
        identity,
        keeping: Arc::new(InMemory::default()),
        clock: Arc::new(NoClock),
        random: Arc::new(random),
    });
    let server = RemoteServer {
        net: net.clone(),
        url: url.to_owned(),
        headers: None,
        authorization: Some(Arc::new(session)),
    };
    let options = HostOptions {
        servers: vec![ServerSpec::new(SERVER, Transport::Http(server))],
        base_env: BTreeMap::new(),
        clock: Arc::new(NoClock),
    };
    let (_service, host) = start(options).map_err(|error| error.to_string())?;
    Ok(host)
}

/// Which tools are called with what.
fn calls(scenario: &str, context: &Value, tools: &[ToolInfo]) -> Vec<(String, Value)> {
    if let Some(wanted) = context["toolCalls"].as_array() {
        let call = |call: &Value| {
            let name = call["name"].as_str().unwrap_or_default().to_owned();
            (name, given(&call["arguments"]))
        };
        return wanted.iter().map(call).collect();
    }
    if scenario == "json-schema-2020-12-preservation" {
        let rich = tools
            .iter()
            .find(|tool| tool.tool.tool != "json_schema_echo");
        let schema = rich.map(|tool| tool.input_schema.clone());
        return vec![("json_schema_echo".to_owned(), json!({ "schema": schema }))];
    }
    tools
        .iter()
        .map(|tool| (tool.tool.tool.clone(), fitting(&tool.input_schema)))
        .collect()
}

/// Arguments without those that the suite sets to null for "no value": the host sends nothing that a tool's own schema
/// refuses, and a caller without a value leaves it out.
fn given(arguments: &Value) -> Value {
    let all = arguments.as_object().into_iter().flatten();
    let given = all.filter(|(_, value)| !value.is_null());
    Value::Object(
        given
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// Arguments that fit a schema: every property that must be there, of its type.
fn fitting(schema: &Value) -> Value {
    let mut arguments = serde_json::Map::new();
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        let value = match schema["properties"][name]["type"].as_str() {
            Some("number" | "integer") => json!(5),
            Some("boolean") => json!(true),
            Some("array") => json!([]),
            Some("object") => json!({}),
            Some("null") => Value::Null,
            _ => json!("us-east1"),
        };
        arguments.insert(name.to_owned(), value);
    }
    Value::Object(arguments)
}

/// Calls a tool as the outbox does: nobody classed it, so it counts as acting on the outside.
async fn called(host: &McpHost, tool: &str, arguments: Value) -> Result<(), ToolError> {
    let request = ToolRequest {
        tenant: tenant(),
        agent: None,
        words_of: None,
        tool: ToolRef {
            server: SERVER.to_owned(),
            tool: tool.to_owned(),
        },
        arguments,
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(1),
        },
        timeout: LIMIT,
    };
    let effect = EffectId::from_uuid(Uuid::from_u128(1));
    let grant = Grant::after_recheck(effect, Digest::plain(b"suite"), "suite".to_owned());
    host.perform(request, &grant).await.map(drop)
}

fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::nil())
}
