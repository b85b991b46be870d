//! A router over a real store in a folder of its own, with people, rows, and a clock that stands still.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chimera_domain::{
    action::{EffectClass, Grant, OutwardAction, ToolRef},
    artifact::{ArtifactType, Origin},
    change::Change,
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{EffectId, TenantId},
    platform::Platform,
    review::{Review, ReviewState},
    role::Role,
    task::{Task, TaskKind, TaskState},
};
use chimera_door::{options::Options, people::token};
use chimera_memory::{EmbeddedMemory, EmbeddedOptions};
use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    model::{ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelInfo, ModelRole},
    spans::{SpanReader, SpanSink},
    store::{Boards, Campaigns, People, Store, User},
    tools::{
        Fits, Need, Outcome, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo, ToolReply,
        ToolRequest,
    },
};
use chimera_runtime::{Bounds, Parts, Runtime};
use chimera_skills::SkillRegistry;
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::router;

/// Servers of which one answers: a feed, and a network with one post, of this tenant.
struct Servers(TenantId);

#[async_trait]
impl ToolHost for Servers {
    async fn tools(&self, _: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        let tool = |name: &str, description: &str, effect| ToolInfo {
            tool: ToolRef {
                server: "sandbox".into(),
                tool: name.into(),
            },
            description: description.into(),
            input_schema: json!({ "type": "object" }),
            output_schema: None,
            schema_hash: Digest::plain(b"schema"),
            effect,
        };
        Ok(vec![
            tool("fetch_feed", "Reads the feed.", EffectClass::Read),
            tool("post_content", "Posts.", EffectClass::Outward),
        ])
    }

    async fn fitting(&self, _: TenantId, _: Need<'_>, _: usize) -> Fits {
        Fits::none()
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        let (content, is_error) = match (request.tool.to_string().as_str(), &request.arguments) {
            ("feeds.fetch_feed", arguments)
                if arguments["url"] == "https://example.org/feed.xml" =>
            {
                (
                    json!({ "feed": { "title": "Coffee" }, "items": [{ "title": "Slow" }], "warnings": [] }),
                    false,
                )
            }
            ("feeds.fetch_feed", _) => {
                (json!({ "text": "There is no feed at that address." }), true)
            }
            ("sandbox.fetch_feed", _) => {
                (json!({ "posts": [post()], "next_cursor": "p-1" }), false)
            }
            ("sandbox.get_post", arguments)
                if request.tenant == self.0 && arguments["post_id"] == "p-1" =>
            {
                (json!({ "post": post(), "replies": [] }), false)
            }
            _ => (
                json!({ "code": "SANDBOX_NO_POST", "message": "there is no such post" }),
                true,
            ),
        };
        Ok(ToolReply {
            served_by: None,
            content,
            is_error,
            origin: Origin::Tool {
                tool: request.tool.to_string(),
            },
        })
    }

    async fn perform(&self, request: ToolRequest, _: &Grant) -> Result<ToolReply, ToolError> {
        let fault = Fault::new(
            FaultClass::Permanent,
            "TEST_NEVER_ACTS",
            request.tool.to_string(),
        );
        Err(ToolError {
            fault,
            outcome: Outcome::NotPerformed,
        })
    }

    fn is_asking(&self, _: EffectId) -> bool {
        false
    }

    async fn asks_by_key(&self, _: TenantId, _: &ToolRef) -> bool {
        false
    }

    async fn resource(&self, _: TenantId, _: &str, uri: &str) -> Result<ResourceReply, ToolError> {
        let fault = Fault::new(FaultClass::Validation, "TEST_NO_RESOURCE", uri);
        Err(ToolError {
            fault,
            outcome: Outcome::NotPerformed,
        })
    }

    async fn servers(&self, _: TenantId) -> Vec<ServerStatus> {
        vec![ServerStatus {
            group: None,
            under_way: 0,
            stood_in: 0,
            running: Vec::new(),
            name: "sandbox".into(),
            transport: "in-process".into(),
            connected: true,
            protocol: Some("2026-07-28".into()),
            tools: 2,
            problem: None,
            interruption: None,
        }]
    }

    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError> {
        let fault = |class, code: &str| Fault::new(class, code, "of a test");
        let found = self.servers(tenant).await.into_iter().next();
        match (server, found) {
            ("sandbox", Some(status)) => Ok(status),
            ("feeds", Some(status)) => Ok(ServerStatus {
                name: "feeds".into(),
                connected: false,
                problem: Some(fault(FaultClass::Transient, "MCP_TIMEOUT")),
                ..status
            }),
            _ => Err(ToolError {
                fault: fault(FaultClass::Permanent, "MCP_SERVER_UNKNOWN"),
                outcome: Outcome::NotPerformed,
            }),
        }
    }
}

fn post() -> Value {
    json!({
        "post_id": "p-1", "url": "sandbox://posts/p-1", "handle": "@mara", "agent_id": uuid::Uuid::nil(),
        "text": "Grind slower.", "media_ids": [], "published_at": "2026-02-05T09:00:00.000000Z",
        "ai_label": "AI-generated",
        "engagement": {
            "simulated": true, "metrics": { "views": 12 }, "recorded_at": "2026-02-05T09:00:00.000000Z", "method": "curve",
        },
    })
}

/// A model that is never there.
struct NoModel;

#[async_trait]
impl ChatModel for NoModel {
    async fn chat(
        &self,
        _: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        Err(ModelError::new(
            FaultClass::Transient,
            "TEST_NO_MODEL",
            "nobody answers here",
        ))
    }

    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "test".into(),
            model: "none".into(),
            rehearsal: false,
            rate: None,
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    pub(super) text: String,
}

impl Reply {
    /// The error's code, after checking that the whole envelope is S4's.
    #[track_caller]
    pub(super) fn code(&self) -> String {
        let keys = |value: &Value| {
            value
                .as_object()
                .map(|map| map.keys().cloned().collect::<Vec<_>>())
                .unwrap_or_default()
        };
        assert_eq!(keys(&self.body), ["success", "error"], "{}", self.text);
        assert_eq!(self.body["success"], false);
        let error = &self.body["error"];
        assert_eq!(
            keys(error),
            ["code", "message", "details", "timestamp", "retryable"]
        );
        assert!(error["details"].is_object() && error["retryable"].is_boolean());
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|words| (1..=4_096).contains(&words.chars().count()))
        );
        assert!(
            error["timestamp"]
                .as_str()
                .is_some_and(|time| time.ends_with('Z'))
        );
        let code = error["code"].as_str().unwrap().to_owned();
        let entry = chimera_contract::error::find(&code)
            .unwrap_or_else(|| panic!("{code} is not declared"));
        assert_eq!(entry.status, self.status.as_u16(), "{code}");
        code
    }

    /// The ETag, with its quotes.
    #[track_caller]
    pub(super) fn etag(&self) -> String {
        self.headers[header::ETAG].to_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(super) fn ok(self) -> Self {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self
    }
}

/// A request in the making.
pub(super) struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub(super) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: vec![("host".into(), "localhost:7787".into())],
            body: None,
        }
    }
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }
    pub(super) fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }
    pub(super) fn put(path: impl Into<String>) -> Self {
        Self::new("PUT", path)
    }
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub(super) fn token(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }
    /// One parameter more in the query.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{joint}{name}={value}", self.path);
        self
    }
    pub(super) fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }
    pub(super) fn raw(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.with("content-type", kind)
    }
    pub(super) fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request
            .body(self.body.map_or_else(Body::empty, Body::from))
            .unwrap()
    }
}

/// The bench.
pub(super) struct Bench {
    pub(super) world: World,
    pub(super) store: Arc<SqliteStore>,
    pub(super) router: Router,
    pub(super) runtime: Runtime,
    pub(super) spans: Arc<SqliteSpans>,
    folder: TempDir,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::default();
        let store = Arc::new(
            SqliteStore::open(StoreOptions::at(folder.path().join("chimera.db")))
                .await
                .unwrap(),
        );
        let spans = Arc::new(
            SqliteSpans::open(folder.path().join("spans.db"), None)
                .await
                .unwrap(),
        );
        let (skills, complaints) = SkillRegistry::built_in();
        assert!(complaints.is_empty(), "{complaints:?}");
        let parts = Parts {
            store: store.clone() as Arc<dyn Store>,
            ledger: store.clone(),
            spans: spans.clone() as Arc<dyn SpanSink>,
            traces: spans.clone() as Arc<dyn SpanReader>,
            tools: Arc::new(Servers(world.tenant)),
            model: Arc::new(NoModel),
            skills: Arc::new(skills),
            clock: world.clock.clone() as Arc<dyn Clock>,
            ids: world.ids.clone() as Arc<dyn IdSource>,
            recorder: None,
        };
        let runtime = Runtime::new(parts, Bounds::default());
        let memory = EmbeddedMemory::new(EmbeddedOptions {
            store: store.clone(),
            embedder: None,
            embedder_fault: None,
            clock: world.clock.clone(),
        });
        let options = Options {
            memory: options.memory.or_else(|| Some(Arc::new(memory))),
            ..options
        };
        let router = router(runtime.clone(), options);
        Self {
            world,
            store,
            router,
            runtime,
            spans,
            folder,
        }
    }

    pub(super) async fn call(&self, call: Call) -> Reply {
        self.send(call.request()).await
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
            text,
        }
    }

    /// Files of the store that hold this text.
    #[track_caller]
    pub(super) fn files_with(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            if bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
        found
    }

    /// The body of a read that succeeds.
    pub(super) async fn get(&self, token: &str, path: impl Into<String>) -> Value {
        self.call(Call::get(path).token(token)).await.ok().body
    }

    /// A tenant of `world` with an owner, an agent and a running campaign under the built-in policy.
    pub(super) async fn bed(&self, world: World) -> Bed {
        let mut bed = Bed::in_store(self.store.as_ref(), world).await;
        let set = bed.change(|campaign| campaign.policy_version = 0, Vec::new());
        self.store.commit(set).await.unwrap();
        bed
    }

    /// A person of `world`'s tenant with `roles`, and a token.
    pub(super) async fn person(&self, world: &World, name: &str, roles: &[Role]) -> (User, String) {
        let user = User {
            roles: roles.to_vec(),
            ..world.user(name)
        };
        self.store.create_user(&user, Vec::new()).await.unwrap();
        let token = self.token(world, &user).await;
        (user, token)
    }

    pub(super) async fn token(&self, world: &World, user: &User) -> String {
        let secret = token::mint().unwrap();
        let session = chimera_ports::store::Session {
            token: token::digest(&secret).unwrap(),
            ..world.session(user)
        };
        self.store
            .create_session(&session, Vec::new())
            .await
            .unwrap();
        secret
    }

    /// A runtime whose loops were never started counts as stopped: says that it is not.
    pub(super) async fn release(&self, token: &str) {
        self.call(Call::post("/api/v1/swarm/release").token(token))
            .await
            .ok();
    }

    /// A post that waits for a person: its review and its task.
    pub(super) async fn waiting_post(&self, bed: &Bed) -> (Review, Task) {
        self.waiting(bed, ArtifactType::PostIntent).await
    }

    /// The same of another kind; only a post has an action.
    pub(super) async fn waiting(&self, bed: &Bed, of: ArtifactType) -> (Review, Task) {
        let world = &bed.world;
        // As it stands now: an earlier refusal may have moved it, with a request for another plan.
        let stored = self.store.campaign(bed.campaign.tenant, bed.campaign.id);
        let bed = &Bed {
            campaign: stored.await.unwrap(),
            ..bed.clone()
        };
        let task = Task {
            kind: TaskKind::PublishPost,
            skill: "publish_content".into(),
            ..world.task(&bed.campaign)
        };
        bed.add(self.store.as_ref(), &[(&task, &[])]).await;
        let payload = json!({
            "platform": "sandbox", "tenant_id": task.tenant, "agent_id": task.agent,
            "content": { "text": "Grind slower. It cures nothing." },
            "disclosure": { "ai_generated": true, "disclosure_level": "automated", "compliance_tags": [] },
            "scheduling": { "mode": "immediate" },
            "tracking": { "campaign_id": task.campaign, "task_id": task.id },
        });
        let mut artifact = world.artifact(&task);
        artifact.artifact_type = of;
        artifact.action = (of == ArtifactType::PostIntent).then(|| OutwardAction {
            tool: ToolRef {
                server: "sandbox".into(),
                tool: "post_content".into(),
            },
            effect: EffectClass::Outward,
            arguments: payload.clone(),
            schema_hash: Digest::plain(b"schema"),
            platform: Platform::Sandbox,
            account: "mara".into(),
        });
        artifact.payload = payload;
        artifact.digest = Digest::plain(artifact.payload.to_string().as_bytes());
        let verdict = world.verdict(&artifact);
        let mut review = world.review(&artifact, &verdict);
        review.content_preview.text = "Grind slower. It cures nothing.".into();
        let state = TaskState::Reviewing {
            review: review.review_id,
            artifact: artifact.artifact_id,
        };
        let changes = vec![
            Change::Artifact(Box::new(artifact.clone())),
            Change::Verdict(Box::new(verdict)),
            Change::Review {
                review: Box::new(review.clone()),
                expected: None,
            },
        ];
        let after = Task {
            state,
            artifact: Some(artifact.artifact_id),
            ..task.clone()
        };
        let set = world.step(&bed.campaign, &task, after, changes);
        let task = set.task.clone().unwrap();
        self.store.commit(set).await.unwrap();
        assert_eq!(review.state, ReviewState::Open);
        (review, task)
    }
}

/// Every role, as an owner has them.
pub(super) const ALL_ROLES: &[Role] = &Role::ALL;
