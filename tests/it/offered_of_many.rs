//! What a step is offered when a team has connected more than two hundred tools of more than twenty servers: the whole way
//! from the servers' own lists through the host, its index and the room of a turn to what the model is told, for the words
//! of a step as the runtime asks with them.
//!
//! Never here: how well an index finds (`discovery`), or what ships.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chimera_boot::SystemClock;
use chimera_domain::{action::EffectClass, fault::Fault, id::TenantId};
use chimera_guard::Nonce;
use chimera_mcp::{HostOptions, McpHost, Pins, ServerSpec, Terms, Transport};
use chimera_memory::{Embedder, FolderEmbedder};
use chimera_offering::{MAX_OFFERED, offers};
use chimera_ports::{
    meaning::Meaning,
    memory::FoundBy,
    tools::{Need, ToolHost},
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler, ServiceExt,
    model::{
        Implementation, JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities,
        ServerConfig, Tool,
    },
    service::RequestContext,
};
use serde_json::json;
use uuid::Uuid;

use crate::discovery::{CATALOGUE, QUESTIONS, vectors_folder};

/// A campaign's goal stands before every step's own words.
const GOAL: &str = "Let people in Hamburg know about our cold brew, three posts a week";
const TITLE: &str = "Find out what there is to tell";
/// Of 80 questions, those for which a tool that serves must be offered; one more was measured of each.
const LEAST_BY_WORDS: usize = 76;
const LEAST_BY_MEANING: usize = 78;

/// A server with its part of the catalogue.
#[derive(Clone)]
struct Shelf {
    name: String,
    tools: Vec<Tool>,
}

impl ServerHandler for Shelf {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new(self.name.clone(), "1"))
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.clone()))
    }
}

fn shelves() -> Vec<Shelf> {
    let shape = json!({
        "type": "object",
        "properties": { "query": { "type": "string", "description": "What is looked for." }, "limit": { "type": "integer" } },
        "required": ["query"],
    });
    let shape: Arc<JsonObject> = Arc::new(shape.as_object().cloned().unwrap());
    let mut shelves: BTreeMap<&str, Vec<Tool>> = BTreeMap::new();
    for line in CATALOGUE.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let tool = Tool::new(parts[1], parts[2], Arc::clone(&shape));
        shelves.entry(parts[0]).or_default().push(tool);
    }
    let shelf = |(name, tools): (&str, Vec<Tool>)| Shelf {
        name: name.to_owned(),
        tools,
    };
    shelves.into_iter().map(shelf).collect()
}

fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(7))
}

/// A host with all of them, each trusted and classed as reading by its operator.
fn stocked() -> McpHost {
    let (_service, host) = chimera_mcp::start(HostOptions {
        servers: Vec::new(),
        base_env: BTreeMap::new(),
        clock: Arc::new(SystemClock),
    })
    .unwrap();
    for shelf in shelves() {
        let classes = shelf.tools.iter();
        let terms = Terms {
            classes: classes
                .map(|tool| (tool.name.to_string(), EffectClass::Read))
                .collect(),
            pins: Pins::None,
            version: None,
        };
        let name = shelf.name.clone();
        let transport = Transport::in_process(move |pipe| {
            let shelf = shelf.clone();
            async move {
                if let Ok(served) = shelf.serve(pipe).await {
                    drop(served.waiting().await);
                }
            }
        });
        host.place(tenant(), ServerSpec::new(name, transport), terms);
    }
    host
}

/// For how many questions a step is offered a tool that serves, by which index, and the questions for which it is not.
async fn served(host: &McpHost) -> (usize, FoundBy, Vec<&'static str>) {
    let (mut by, mut missed) = (FoundBy::Words, Vec::new());
    for line in QUESTIONS.lines() {
        let (question, wanted) = line.split_once('\t').unwrap();
        let within = format!("{GOAL}\n{TITLE}");
        let need = Need {
            step: question,
            within: &within,
        };
        let fits = host.fitting(tenant(), need, MAX_OFFERED).await;
        assert!(fits.among >= 200, "{} tools are there", fits.among);
        assert_eq!(fits.problem, None);
        by = fits.by;
        let (offered, left_out) = offers(&fits, &["fetch_trends"], &Nonce::from_bytes([7; 16]));
        assert_eq!(left_out, [""; 0], "{question}");
        let serves = |of: String| wanted.split(',').any(|wanted| wanted == of);
        if !offered.iter().any(|offer| serves(offer.of.to_string())) {
            missed.push(question);
        }
    }
    (QUESTIONS.lines().count() - missed.len(), by, missed)
}

struct ByFolder(FolderEmbedder);

#[async_trait]
impl Meaning for ByFolder {
    fn name(&self) -> &str {
        self.0.name()
    }

    async fn vectors(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        self.0.embed(tenant, texts).await
    }
}

#[tokio::test]
async fn among_two_hundred_connected_tools_a_step_is_offered_one_that_serves() {
    let shelves = shelves();
    let tools: usize = shelves.iter().map(|shelf| shelf.tools.len()).sum();
    assert!(shelves.len() >= 20 && tools >= 200);

    let (served_by_words, by, missed) = served(&stocked()).await;
    println!("{served_by_words} by words, missed {missed:#?}");
    assert_eq!(by, FoundBy::Words);
    assert!(served_by_words >= LEAST_BY_WORDS, "{missed:#?}");

    let host = stocked();
    let folder = vectors_folder();
    host.find_by(Arc::new(ByFolder(
        FolderEmbedder::open(folder).await.unwrap(),
    )));
    let (served_by_meaning, by, missed) = served(&host).await;
    println!("{served_by_meaning} by words and meaning, missed {missed:#?}");
    assert_eq!(by, FoundBy::WordsAndMeaning);
    assert!(served_by_meaning >= LEAST_BY_MEANING, "{missed:#?}");
}
