//! An MCP server with every bad habit, built on rmcp, for tests in process and over stdio.
//!
//! Never here: anything that ships.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rmcp::{
    ErrorData, RoleServer, ServerHandler, ServiceExt,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ElicitRequest,
        ElicitRequestParams, ElicitationSchema, ErrorCode, GetPromptRequestParams,
        GetPromptResponse, GetPromptResult, Implementation, InputRequest, InputRequiredResult,
        InputResponses, JsonObject, ListPromptsResult, ListResourceTemplatesResult,
        ListResourcesResult, ListToolsResult, PaginatedRequestParams, PrimitiveSchemaDefinition,
        ProgressNotificationParam, Prompt, PromptArgument, PromptMessage,
        ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Resource,
        ResourceContents, ResourceTemplate, Role, ServerCapabilities, ServerConfig, ServerRequest,
        StringSchema, SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
    },
    service::{RequestContext, SubscriptionContext},
};
use serde_json::{Value, json};
use tokio::sync::Notify;

#[path = "live.rs"]
mod live;

pub(crate) use live::Live;

/// What the server shares with the test that started it.
#[derive(Default)]
pub(crate) struct Shared {
    /// `_meta` of every call of `act`, in order.
    pub(crate) acts: Mutex<Vec<Value>>,
    /// Calls of `die_once` that died.
    pub(crate) deaths: AtomicBool,
    /// Set when a call of `hang` has begun.
    pub(crate) begun: Notify,
    /// Set when a call of `hang` was told that nobody waits.
    pub(crate) told: Notify,
    /// Lets a call of `step` go on.
    pub(crate) go_on: Notify,
    /// Lists of resources that were asked for.
    pub(crate) lists: AtomicUsize,
    /// From when it is set on, nobody is told the tools any more.
    pub(crate) is_mute: AtomicBool,
    /// The resource that changes.
    pub(crate) live: Arc<Live>,
    /// From when it is set on, it has a tool more.
    pub(crate) grown: AtomicBool,
    growth: Notify,
    /// Ends the stream on which it tells that its lists changed.
    pub(crate) parting: Notify,
}

/// The server. `die` ends it in the middle of a call.
#[derive(Clone)]
pub(crate) struct Peer {
    shared: Arc<Shared>,
    die: Arc<dyn Fn() + Send + Sync>,
}

impl Peer {
    /// A server that dies by `die`.
    pub(crate) fn new(shared: Arc<Shared>, die: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            shared,
            die: Arc::new(die),
        }
    }

    /// Serves one connection until it closes.
    pub(crate) async fn serve<S>(self, stream: S)
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + 'static,
    {
        if let Ok(running) = ServiceExt::serve(self, stream).await {
            let _ended = running.waiting().await;
        }
    }

    fn tools(&self) -> Vec<Tool> {
        let text = json!({"type": "object", "properties": {"text": {"type": "string", "maxLength": 20}}, "required": ["text"], "additionalProperties": false});
        let any = json!({"type": "object"});
        let mut tools = vec![
            with_output(tool("echo", &text), &text),
            with_output(tool("broken_promise", &any), &text),
            with_output(tool("forgotten_promise", &any), &text),
        ];
        for name in [
            "words",
            "meta",
            "act",
            "fail",
            "huge",
            "hang",
            "die",
            "die_once",
            "ask",
            "elicit",
            "refuse",
            "grow",
            "step",
            "pid",
            "noise",
            "broken_message",
            "picture",
        ] {
            tools.push(tool(name, &any));
        }
        if self.shared.grown.load(Ordering::Acquire) {
            tools.push(tool("late", &any));
        }
        tools
    }

    async fn answer(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let meta = Value::Object(context.meta.0.0.clone());
        let result = match request.name.as_ref() {
            "echo" => CallToolResult::structured(json!({"text": arguments["text"]})),
            "broken_promise" => CallToolResult::structured(json!({"text": 7})),
            "words" | "forgotten_promise" => {
                CallToolResult::success(vec![ContentBlock::text("one"), ContentBlock::text("two")])
            }
            "picture" => CallToolResult::success(vec![
                ContentBlock::text("see"),
                ContentBlock::image("AAAA", "image/png"),
            ]),
            "meta" => CallToolResult::structured(meta),
            "act" => {
                let mut acts = self.shared.acts.lock().unwrap();
                acts.push(meta);
                CallToolResult::structured(json!({"acts": acts.len()}))
            }
            "fail" => {
                CallToolResult::structured_error(json!({"code": "NO_LUCK", "message": "not today"}))
            }
            "huge" => {
                let bytes = usize::try_from(arguments["bytes"].as_u64().unwrap_or(0)).unwrap_or(0);
                CallToolResult::success(vec![ContentBlock::text("x".repeat(bytes))])
            }
            "hang" => {
                self.shared.begun.notify_one();
                context.ct.cancelled().await;
                self.shared.told.notify_one();
                return Err(ErrorData::internal_error("nobody waits", None));
            }
            "die" => return self.die().await,
            "die_once" if !self.shared.deaths.swap(true, Ordering::AcqRel) => {
                return self.die().await;
            }
            "die_once" => CallToolResult::structured(json!({"alive": true})),
            "ask" => return Ok(InputRequiredResult::from_request_state("more").into()),
            "elicit" => return elicit(request.input_responses, context).await,
            "refuse" => {
                let code = i32::try_from(arguments["code"].as_i64().unwrap_or(0)).unwrap_or(0);
                return Err(ErrorData::new(ErrorCode(code), "no", None));
            }
            "grow" => {
                self.shared.grown.store(true, Ordering::Release);
                self.shared.growth.notify_one();
                if context.peer.peer_info().is_some() {
                    drop(context.peer.notify_tool_list_changed().await);
                    drop(context.peer.notify_resource_list_changed().await);
                }
                CallToolResult::structured(json!({}))
            }
            "step" => return self.step(context).await,
            "pid" => CallToolResult::structured(json!({"pid": std::process::id()})),
            "noise" => {
                println!("npm warn: this is no message");
                println!("{{\"level\":\"info\",\"msg\":\"nor is this\"}}");
                CallToolResult::structured(json!({"noise": true}))
            }
            "broken_message" => {
                println!("{{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{{\"content\":[");
                std::future::pending().await
            }
            other => return Err(ErrorData::invalid_params(format!("no tool {other}"), None)),
        };
        Ok(result.into())
    }

    /// Tells how far it is, once backwards, and goes on when it is let.
    async fn step(
        &self,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let token = context.meta.get_progress_token();
        let token = token.ok_or_else(|| ErrorData::invalid_params("no token", None))?;
        for done in [1.0, 3.0, 2.0] {
            let told = ProgressNotificationParam::new(token.clone(), done);
            let told = told.with_total(4.0).with_message(format!("step {done}"));
            drop(context.peer.notify_progress(told).await);
        }
        self.shared.begun.notify_one();
        self.shared.go_on.notified().await;
        Ok(CallToolResult::structured(json!({})).into())
    }

    async fn die(&self) -> Result<CallToolResponse, ErrorData> {
        (self.die)();
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        Err(ErrorData::internal_error("outlived its death", None))
    }
}

/// Asks a person for a name, as the revision of the connection has it, and answers with what came back.
async fn elicit(
    answered: Option<InputResponses>,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    if let Some(answer) = answered.and_then(|mut answers| answers.remove("name")) {
        return Ok(CallToolResult::structured(answer).into());
    }
    let name = StringSchema::new().with_default("Ada");
    let form = ElicitationSchema::builder()
        .property("name", PrimitiveSchemaDefinition::String(name))
        .build()
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let asked = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: "Who are you?".to_owned(),
        requested_schema: form,
    };
    let is_old = context
        .protocol_version()
        .is_none_or(|version| version.has_initialize());
    if is_old {
        let asked = ServerRequest::ElicitRequest(ElicitRequest::new(asked));
        let answer = context.peer.send_request(asked).await;
        let answer = answer.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        return Ok(CallToolResult::structured(json!(answer)).into());
    }
    let asked = InputRequest::Elicitation(ElicitRequest::new(asked));
    let requests = [("name".to_owned(), asked)].into();
    Ok(InputRequiredResult::from_input_requests(requests).into())
}

fn tool(name: &'static str, schema: &Value) -> Tool {
    Tool::new(name, format!("The tool {name}."), Arc::new(object(schema)))
}

fn with_output(tool: Tool, schema: &Value) -> Tool {
    tool.with_raw_output_schema(Arc::new(object(schema)))
}

fn object(schema: &Value) -> JsonObject {
    schema.as_object().cloned().unwrap_or_default()
}

impl ServerHandler for Peer {
    fn get_info(&self) -> ServerConfig {
        let mut capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_resources_list_changed()
            .enable_prompts()
            .build();
        if let (true, Some(resources)) = (self.shared.live.is_silent(), &mut capabilities.resources)
        {
            resources.subscribe = None;
        }
        ServerConfig::new(capabilities).with_server_info(Implementation::new("peer", "1.0.0"))
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        if self.shared.is_mute.load(Ordering::Acquire) {
            std::future::pending::<()>().await;
        }
        // In two pages, so that paging is always walked.
        let mut first = self.tools();
        let second = first.split_off(4);
        let mut page = ListToolsResult::default();
        if request.and_then(|request| request.cursor).is_some() {
            page.tools = second;
        } else {
            page.tools = first;
            page.next_cursor = Some("2".to_owned());
        }
        Ok(page)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.answer(request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut page = ListResourcesResult::default();
        if request.and_then(|request| request.cursor).is_none() {
            self.shared.lists.fetch_add(1, Ordering::AcqRel);
            page.resources = vec![
                Resource::new("peer://hello", "hello")
                    .with_description("Says hello.")
                    .with_mime_type("text/plain")
                    .with_size(5),
                Resource::new(format!("peer://{}", "x".repeat(5_000)), "endless"),
            ];
            page.next_cursor = Some("2".to_owned());
            return Ok(page);
        }
        page.resources = vec![Resource::new("peer://binary", "binary\u{202e}")];
        if self.shared.grown.load(Ordering::Acquire) {
            page.resources = (0..1_000)
                .map(|number| Resource::new(format!("peer://{number}"), "one of many"))
                .collect();
        }
        Ok(page)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let template = ResourceTemplate::new("peer://{word}", "word");
        Ok(ListResourceTemplatesResult::with_all_items(vec![template]))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        if self.shared.is_mute.load(Ordering::Acquire) {
            return Err(ErrorData::internal_error("no prompts today", None));
        }
        let arguments = vec![
            PromptArgument::new("city").with_required(true),
            PromptArgument::new("state").with_description("Of the city."),
        ];
        let prompt = Prompt::new("weather", Some("x".repeat(5_000)), Some(arguments));
        Ok(ListPromptsResult::with_all_items(vec![prompt]))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let city = arguments["city"].as_str().unwrap_or_default().to_owned();
        let messages = match city.as_str() {
            "everywhere" => vec![PromptMessage::new_text(Role::User, "x"); 101],
            "endless" => vec![PromptMessage::new_text(
                Role::User,
                "x".repeat(2 * 1024 * 1024),
            )],
            "nowhere" => return Err(ErrorData::invalid_params("no such city", None)),
            _ => vec![
                PromptMessage::new_text(Role::User, format!("Weather of {city}?")),
                PromptMessage::new(Role::Assistant, ContentBlock::image("AAAA", "image/png")),
            ],
        };
        Ok(GetPromptResult::new(messages).into())
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        if let Some(text) = self.shared.live.read(&uri) {
            return Ok(ReadResourceResult::new(vec![ResourceContents::text(text, uri)]).into());
        }
        let contents = match uri.as_str() {
            "peer://hello" => vec![ResourceContents::text("hello", uri)],
            "peer://binary" => vec![ResourceContents::blob("AAAA", uri)],
            "peer://empty" => Vec::new(),
            "peer://huge" => vec![ResourceContents::text("x".repeat(2 * 1024 * 1024), uri)],
            _ => return Err(ErrorData::resource_not_found("no such resource", None)),
        };
        Ok(ReadResourceResult::new(contents).into())
    }

    fn accepted_subscription_filter(
        &self,
        wanted: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        if wanted.resource_subscriptions.is_some() {
            self.shared.live.promise();
        }
        Some(wanted.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        if context.accepted().resource_subscriptions.is_some() {
            self.shared.live.tell_on(&context).await;
            return Ok(());
        }
        loop {
            tokio::select! {
                () = context.cancelled() => return Ok(()),
                () = self.shared.parting.notified() => return Ok(()),
                () = self.shared.growth.notified() => {
                    drop(context.sink().notify_tool_list_changed().await);
                    drop(context.sink().notify_resource_list_changed().await);
                }
            }
        }
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.shared.live.subscribe(request.uri, context.peer);
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.shared.live.unsubscribe(&request.uri);
        Ok(())
    }
}
