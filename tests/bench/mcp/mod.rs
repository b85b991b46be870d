//! What a call of a tool costs through our host: beside a bare client of the protocol's own library, on the same
//! server, in turns; in process and over the standard streams of a real child. With peers, the official clients of
//! other languages.

mod peers;

use std::{
    collections::BTreeMap,
    hint::black_box,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use chimera_boot::SystemClock;
use chimera_domain::{
    action::{EffectClass, ToolRef},
    id::TenantId,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_mcp::{HostOptions, McpHost, ServerSpec, Transport, spec::ChildProcess, start};
use chimera_ports::tools::{ToolHost, ToolRequest};
use rmcp::{
    ErrorData, RoleClient, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, JsonObject,
        ListToolsResult, PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig,
        Tool,
    },
    service::{ClientLifecycleMode, ClientServiceExt, RequestContext, RunningService},
};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use uuid::Uuid;

use crate::{Options, figure::Figure, series::Series};

const BENCH: &str = "mcp";
/// Turns, and calls of each contender in one turn.
const TURNS: usize = 20;
const CALLS: usize = 300;
/// Characters that are sent and come back.
const TEXT_CHARS: usize = 200;
/// Bytes that the pipe of the bare client holds.
const PIPE_BYTES: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(20);
const OURS_STDIO: &str = "our host, stdio: p50";
/// Argument that makes this very program the server of its own stdio bench.
pub(crate) const AS_SERVER: &str = "serve-echo";

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(async {
        in_process(options).await?;
        over_stdio(options).await
    })?;
    if options.peers {
        peers::run(OURS_STDIO, |calls| options.amount(calls))?;
    }
    Ok(())
}

async fn in_process(options: Options) -> Result<()> {
    let transport = Transport::in_process(|pipe| chimera_servers::serve(Echo, pipe));
    let host = host(ServerSpec::new("echo", transport).tool("echo", EffectClass::Read))?;
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    tokio::spawn(chimera_servers::serve(Echo, far));
    let bare = client(near).await?;
    let arguments = json!({ "text": "x".repeat(TEXT_CHARS) });
    let (ours, peer) = in_turns(&host, &bare, &arguments, options).await?;
    let mut direct = Series::default();
    for _ in 0..options.amount(TURNS * CALLS) {
        let began = Instant::now();
        black_box(echo(black_box(&arguments)));
        direct.push_us(began.elapsed());
    }
    let floor = "a direct call of the same function: p50";
    let bare_name = "bare rmcp client, in process: p50";
    Figure::new(BENCH, "our host, in process: p50", ours.median(), "µs")
        .beside(bare_name)
        .print();
    Figure::new(
        BENCH,
        "our host, in process: p99",
        ours.quantile(0.99),
        "µs",
    )
    .print();
    Figure::new(BENCH, bare_name, peer.median(), "µs").print();
    Figure::new(BENCH, floor, direct.median(), "µs")
        .note("floor: no protocol at all")
        .print();
    let added = ours.median() - peer.median();
    Figure::new(BENCH, "added by our host, in process", added, "µs")
        .note("difference of the medians: catalogue, class, schema of arguments and result, turn, meta, bounded lines")
        .goal("P10 ≤ 15 µs", added <= 15.0)
        .print();
    Ok(())
}

async fn over_stdio(options: Options) -> Result<()> {
    let program = std::env::current_exe()?;
    let child = ChildProcess::new(&program, [AS_SERVER]);
    let spec = ServerSpec::new("echo", Transport::Stdio(child)).tool("echo", EffectClass::Read);
    let host = host(spec)?;
    let mut child = tokio::process::Command::new(&program)
        .arg(AS_SERVER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let output = child.stdout.take().context("no output")?;
    let input = child.stdin.take().context("no input")?;
    let bare = client(tokio::io::join(output, input)).await?;
    let arguments = json!({ "text": "x".repeat(TEXT_CHARS) });
    let (ours, peer) = in_turns(&host, &bare, &arguments, options).await?;
    let bare_name = "bare rmcp client, stdio: p50";
    let ratio = ours.median() / peer.median();
    Figure::new(BENCH, OURS_STDIO, ours.median(), "µs")
        .beside(bare_name)
        .note("a child process of its own for each, on our own serving over stdio")
        .goal("P10 ≤ 1.3×", ratio <= 1.3)
        .print();
    Figure::new(BENCH, "our host, stdio: p99", ours.quantile(0.99), "µs").print();
    Figure::new(BENCH, bare_name, peer.median(), "µs").print();
    Ok(())
}

/// What a child of this bench does: serves the one tool on its standard streams.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(chimera_servers::serve_stdio(Echo));
    Ok(())
}

/// Calls of both contenders by turns, so that whatever else the machine does hits both.
async fn in_turns(
    host: &McpHost,
    bare: &RunningService<RoleClient, ()>,
    arguments: &Value,
    options: Options,
) -> Result<(Series, Series)> {
    let object = arguments.as_object().context("arguments are an object")?;
    let params = CallToolRequestParams::new("echo").with_arguments(object.clone());
    let request = ToolRequest {
        tenant: TenantId::from_uuid(Uuid::nil()),
        agent: None,
        words_of: None,
        tool: ToolRef {
            server: "echo".to_owned(),
            tool: "echo".to_owned(),
        },
        arguments: arguments.clone(),
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(2),
        },
        timeout: TIMEOUT,
    };
    let (mut ours, mut theirs) = (Series::default(), Series::default());
    // The first turn warms up and does not count.
    for turn in 0..=TURNS {
        for _ in 0..options.amount(CALLS) {
            let began = Instant::now();
            let reply = host.read(request.clone()).await?;
            let took = began.elapsed();
            ensure!(!reply.is_error, "the tool failed: {reply:?}");
            if turn > 0 {
                ours.push_us(took);
            }
        }
        for _ in 0..options.amount(CALLS) {
            let began = Instant::now();
            let reply = bare.peer().call_tool_once(params.clone()).await?;
            let took = began.elapsed();
            let is_good = matches!(&reply, CallToolResponse::Complete(result) if result.is_error != Some(true));
            ensure!(is_good, "the tool failed: {reply:?}");
            if turn > 0 {
                theirs.push_us(took);
            }
        }
    }
    Ok((ours, theirs))
}

fn host(server: ServerSpec) -> Result<McpHost> {
    let options = HostOptions {
        servers: vec![server],
        base_env: BTreeMap::new(),
        clock: Arc::new(SystemClock),
    };
    Ok(start(options)?.1)
}

async fn client<S>(stream: S) -> Result<RunningService<RoleClient, ()>>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mode = ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::LATEST],
    };
    Ok(().serve_with_lifecycle(stream, mode).await?)
}

/// What the tool does.
fn echo(arguments: &Value) -> Value {
    json!({ "text": arguments["text"] })
}

/// A server with one tool that gives back what it is given.
#[derive(Clone, Copy)]
struct Echo;

impl ServerHandler for Echo {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("echo", "1"))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let shape = json!({"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]});
        let shape: JsonObject = shape.as_object().cloned().unwrap_or_default();
        Ok(ListToolsResult::with_all_items(vec![Tool::new(
            "echo",
            "Gives back what it is given.",
            Arc::new(shape),
        )]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        Ok(CallToolResult::structured(echo(&arguments)).into())
    }
}
