//! Memory in a Weaviate, over a real socket: a scripted server answers in the shapes of the server's own API document
//! (1.40) and writes down what it is asked. No live server was ever behind these tests.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId};
use chimera_ports::{
    memory::{FoundBy, MemoryBackend},
    page::PageRequest,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{
    Home, Meanings, asking,
    wire::{Asked, Scripted},
};
use crate::{Embedder, GrpcOptions, KeySource, WeaviateMemory, WeaviateOptions};

const WEATHER: &[&[&str]] = &[&["fog", "mist"], &["coffee"]];

pub(super) struct Key;

#[async_trait]
impl KeySource for Key {
    async fn key(&self, _: TenantId) -> Result<Option<SecretString>, Fault> {
        Ok(Some(SecretString::from("w-1")))
    }
}

/// What the server does instead of answering well, by the beginning of a line.
type Faults = Arc<Mutex<Vec<(&'static str, u16, Value)>>>;

pub(super) struct Server {
    scripted: Scripted,
    faults: Faults,
    /// Rows that a search finds.
    finds: Arc<Mutex<Vec<u64>>>,
}

impl Server {
    pub(super) async fn new() -> Self {
        let faults = Faults::default();
        let finds: Arc<Mutex<Vec<u64>>> = Arc::default();
        let (told, rows) = (faults.clone(), finds.clone());
        let scripted = Scripted::new(move |asked| {
            let faults = told.lock().unwrap();
            let fault = faults
                .iter()
                .find(|(line, ..)| asked.line.starts_with(line));
            match fault {
                Some((_, status, body)) => (*status, body.to_string()),
                None => well(asked, &rows.lock().unwrap()),
            }
        });
        Self {
            scripted: scripted.await,
            faults,
            finds,
        }
    }

    pub(super) fn fails(&self, line: &'static str, status: u16, body: Value) {
        self.faults.lock().unwrap().push((line, status, body));
    }

    pub(super) fn is_well(&self) {
        self.faults.lock().unwrap().clear();
    }

    pub(super) fn memory(
        &self,
        home: &Home,
        embedder: Option<Arc<dyn Embedder>>,
    ) -> WeaviateMemory {
        self.memory_over(home, embedder, None)
    }

    pub(super) fn memory_over(
        &self,
        home: &Home,
        embedder: Option<Arc<dyn Embedder>>,
        grpc: Option<GrpcOptions>,
    ) -> WeaviateMemory {
        WeaviateMemory::new(WeaviateOptions {
            base_url: format!("http://{}", self.scripted.address),
            client: Scripted::client(),
            grpc,
            key: Arc::new(Key),
            store: home.store.clone(),
            embedder,
            embedder_fault: None,
            clock: home.bed.world.clock.clone(),
        })
    }

    /// From now on every search finds every row of everybody: what it is told of tenants and agents is lost on it.
    pub(super) fn finds_everything(&self) {
        let batches = self.asked("POST /v1/batch/objects");
        let objects = batches
            .iter()
            .flat_map(|one| one.body["objects"].as_array().unwrap());
        let rows = objects.map(|one| one["properties"]["row"].as_u64().unwrap());
        *self.finds.lock().unwrap() = rows.collect();
    }

    pub(super) fn asked(&self, line: &str) -> Vec<Asked> {
        let asked = self.scripted.asked().into_iter();
        asked.filter(|one| one.line.starts_with(line)).collect()
    }
}

/// A server's answers while all is well: a class that has tenants, and every object taken.
fn well(asked: &Asked, rows: &[u64]) -> (u16, String) {
    let line = asked.line.as_str();
    if line.starts_with("DELETE") {
        return (204, String::new());
    }
    let body = match line {
        "GET /v1/meta" => {
            json!({ "hostname": "http://[::]:8080", "version": "1.40.3", "modules": {} })
        }
        "GET /v1/schema/AgentMemory" => {
            json!({ "class": "AgentMemory", "multiTenancyConfig": { "enabled": true, "autoTenantCreation": true } })
        }
        "POST /v1/batch/objects" => {
            let objects = asked.body["objects"].as_array().unwrap().iter();
            let taken =
                objects.map(|one| json!({ "id": one["id"], "result": { "status": "SUCCESS" } }));
            taken.collect()
        }
        line if line.starts_with("POST /v1/search/AgentMemory/") => {
            let hit = |row: &u64| json!({ "id": uuid::Uuid::nil(), "properties": { "row": row }, "metadata": { "score": 1.5, "distance": 0.1 } });
            json!({ "results": rows.iter().map(hit).collect::<Value>(), "tookMs": 3 })
        }
        _ => json!({}),
    };
    (200, body.to_string())
}

fn refusal(words: &str) -> Value {
    json!({ "error": [{ "message": words }] })
}

/// The row under which the server was given a memory with these words.
fn row_of(server: &Server, words: &str) -> u64 {
    let batches = server.asked("POST /v1/batch/objects");
    let objects = batches
        .iter()
        .flat_map(|one| one.body["objects"].as_array().unwrap());
    let mut properties = objects.map(|one| &one["properties"]);
    let found = properties.find(|one| one["content"] == words).unwrap();
    found["row"].as_u64().unwrap()
}

#[tokio::test]
async fn memories_are_copied_under_their_tenant_and_found_by_words_and_vectors_within_their_agent()
{
    let (home, server) = (Home::new().await, Server::new().await);
    server.fails("GET /v1/schema/AgentMemory", 404, Value::Null);
    let memory = server.memory(&home, Some(Meanings::new("weather", WEATHER)));
    let owner = home.owner();
    let kept = home.a_memory(owner, "Mist sells coffee.");
    memory.remember(owner, vec![kept.clone()]).await.unwrap();
    let made = &server.asked("POST /v1/schema")[0].body;
    assert_eq!(made["class"], "AgentMemory");
    assert_eq!(made["multiTenancyConfig"]["enabled"], true);
    assert_eq!(
        made["vectorConfig"]["default"]["vectorizer"],
        json!({ "none": {} })
    );
    let put = &server.asked("POST /v1/batch/objects")[0];
    assert_eq!(put.key.as_deref(), Some("Bearer w-1"));
    let object = &put.body["objects"][0];
    assert_eq!(object["tenant"], json!(owner.tenant));
    assert_eq!(object["properties"]["agent_id"], json!(owner.agent));
    assert_eq!(object["properties"]["memory_id"], json!(kept.id));
    assert_eq!(object["vectors"]["default"].as_array().unwrap().len(), 2);

    *server.finds.lock().unwrap() = vec![row_of(&server, "Mist sells coffee.")];
    let found = memory
        .recall(owner, asking("What about the fog?"))
        .await
        .unwrap();
    assert_eq!((found.by, found.problem), (FoundBy::WordsAndMeaning, None));
    assert_eq!(found.found[0].memory, kept, "as it stands in our own store");
    let words = &server.asked("POST /v1/search/AgentMemory/bm25")[0].body;
    assert_eq!(words["query"], "fog");
    let vector = &server.asked("POST /v1/search/AgentMemory/near-vector")[0].body;
    assert_eq!(vector["vector"], json!([1.0, 0.0]));
    for body in [words, vector] {
        assert_eq!(body["tenant"], json!(owner.tenant));
        let filter = json!({ "path": ["agent_id"], "operator": "Equal", "valueText": owner.agent });
        assert_eq!(body["where"], filter);
        assert_eq!(
            body["returnProperties"],
            json!(["row"]),
            "no text is taken from there"
        );
    }
    let standing = memory.standing(owner.tenant).await;
    assert_eq!(
        (standing.backend, standing.never_run_live),
        ("weaviate", true)
    );
    assert_eq!((standing.memories, standing.embedded), (Some(1), Some(1)));
    let said = memory.try_out(owner.tenant).await.unwrap();
    assert!(
        said.contains("Weaviate 1.40.3") && said.contains("1 of 1"),
        "{said}"
    );
}

#[tokio::test]
async fn while_it_is_away_nothing_is_lost_and_memories_are_found_by_words() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, None);
    let owner = home.owner();
    server.fails("GET /v1/schema", 503, refusal("not ready"));
    memory
        .remember(owner, vec![home.a_memory(owner, "Fog sells.")])
        .await
        .unwrap();
    let found = memory.recall(owner, asking("fog")).await.unwrap();
    assert_eq!((found.by, found.found.len()), (FoundBy::Words, 1));
    let problem = found.problem.unwrap();
    assert_eq!(problem.code, "MEMORY_UNAVAILABLE");
    assert!(problem.message.contains("not ready"), "{problem}");
    assert!(problem.message.contains("nothing was lost"), "{problem}");
    assert_eq!(
        server.asked("POST /v1/search").len(),
        0,
        "it was left alone"
    );
    let standing = memory.standing(owner.tenant).await;
    assert_eq!(
        (standing.problem, standing.embedded),
        (Some(problem), Some(0))
    );
    server.is_well();
    assert!(memory.catch_up(owner.tenant, 100).await.is_err(), "not yet");
    home.bed.world.pass(31);
    assert_eq!(memory.catch_up(owner.tenant, 100).await.unwrap(), 1);
    assert_eq!(memory.catch_up(owner.tenant, 100).await.unwrap(), 0, "once");
    *server.finds.lock().unwrap() = vec![row_of(&server, "Fog sells.")];
    let found = memory.recall(owner, asking("fog")).await.unwrap();
    assert_eq!((found.problem, found.found.len()), (None, 1));
    assert_eq!(
        server
            .asked("POST /v1/search/AgentMemory/near-vector")
            .len(),
        0,
        "nobody embeds"
    );
}

#[tokio::test]
async fn what_a_batch_refuses_of_one_memory_is_not_taken_for_copied() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, None);
    let owner = home.owner();
    // 200, with the error inside.
    let errors = json!({ "error": [{ "message": "invalid date property" }] });
    let answer = json!([{ "result": { "status": "FAILED", "errors": errors } }]);
    server.fails("POST /v1/batch/objects", 200, answer);
    memory
        .remember(owner, vec![home.a_memory(owner, "Fog.")])
        .await
        .unwrap();
    let standing = memory.standing(owner.tenant).await;
    assert_eq!(standing.embedded, Some(0));
    assert!(
        standing
            .problem
            .unwrap()
            .message
            .contains("invalid date property")
    );
}

#[tokio::test]
async fn rows_of_another_agent_are_nobodys_whatever_the_server_finds() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, None);
    let (owner, sister) = (home.owner(), home.sister().await);
    memory
        .remember(owner, vec![home.a_memory(owner, "Secret fog.")])
        .await
        .unwrap();
    memory
        .remember(sister, vec![home.a_memory(sister, "Coffee.")])
        .await
        .unwrap();
    *server.finds.lock().unwrap() = vec![row_of(&server, "Secret fog."), u64::MAX >> 1];
    let found = memory.recall(sister, asking("fog")).await.unwrap();
    assert_eq!((found.found, found.problem), (vec![], None));
}

#[tokio::test]
async fn forgetting_takes_the_copy_first_and_nothing_where_it_cannot() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, None);
    let owner = home.owner();
    let kept = home.a_memory(owner, "Fog.");
    memory.remember(owner, vec![kept.clone()]).await.unwrap();
    let left = async || {
        let page = memory.list(owner, None, None, PageRequest::default());
        page.await.unwrap().items.len()
    };
    server.fails("DELETE", 500, refusal("raft"));
    let refused = memory.forget(owner, kept.id, Vec::new()).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), left().await),
        ("MEMORY_UNAVAILABLE", 1)
    );
    server.is_well();
    memory.forget(owner, kept.id, Vec::new()).await.unwrap();
    assert_eq!(left().await, 0);
    let deleted = server.asked("DELETE");
    let tenant = format!("?tenant={}", owner.tenant);
    assert!(deleted[0].line.ends_with(&tenant), "{:?}", deleted[0].line);
    let put = &server.asked("POST /v1/batch/objects")[0].body["objects"][0];
    assert!(
        deleted[0].line.contains(put["id"].as_str().unwrap()),
        "its very copy"
    );
    let again = memory.forget(owner, kept.id, Vec::new()).await.unwrap_err();
    assert_eq!(again.code, "MEMORY_NOT_FOUND");
    // A copy that is gone already is no failure.
    let other = home.a_memory(owner, "Rain.");
    memory.remember(owner, vec![other.clone()]).await.unwrap();
    server.fails("DELETE", 404, Value::Null);
    memory.forget(owner, other.id, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_with_the_server_is_said_in_words() {
    for (line, status, body, words) in [
        ("GET /v1/meta", 401, Value::Null, "does not accept the key"),
        (
            "POST /v1/search",
            422,
            refusal("tenant not found"),
            "tenant not found",
        ),
        (
            "GET /v1/meta",
            200,
            json!({ "hello": 1 }),
            "does not say which Weaviate it is",
        ),
        (
            "GET /v1/schema/AgentMemory",
            200,
            json!({ "class": "AgentMemory", "multiTenancyConfig": { "enabled": false } }),
            "keeps tenants together",
        ),
        (
            "POST /v1/search",
            422,
            refusal(
                "rest search api is experimental and not enabled; set EXPERIMENTAL_REST_SEARCH_ENABLED=true to enable",
            ),
            "REST search is switched off",
        ),
        (
            "POST /v1/search",
            200,
            json!({ "data": [] }),
            "cannot be read",
        ),
    ] {
        let (home, server) = (Home::new().await, Server::new().await);
        let memory = server.memory(&home, None);
        let owner = home.owner();
        server.fails(line, status, body);
        memory
            .remember(owner, vec![home.a_memory(owner, "Fog.")])
            .await
            .unwrap();
        let fault = match line {
            "GET /v1/meta" => memory.try_out(owner.tenant).await.unwrap_err(),
            _ => memory
                .recall(owner, asking("fog"))
                .await
                .unwrap()
                .problem
                .unwrap(),
        };
        assert!(fault.message.contains(words), "{line}: {fault}");
        assert!(!fault.message.contains("w-1"), "{fault}");
    }
}
