//! Nobody recalls, lists or forgets what is another agent's or another tenant's, whichever backend keeps it; and nobody
//! is told what went wrong with another tenant's memory.
//!
//! Never here: how well anything fits.

use std::sync::Arc;

use chimera_domain::memory::Owner;
use chimera_ports::{
    memory::{FoundBy, MemoryBackend, RecallQuery},
    page::PageRequest,
};

use serde_json::json;

use super::{Home, Meanings, asking, both::Both, weaviate::Server};

const WEATHER: &[&[&str]] = &[&["fog", "mist"], &["coffee"]];
/// What each of them remembers, with the name of whose it is.
const KEPT: &str = "Fog is the secret of";

async fn held(memory: &dyn MemoryBackend, owner: Owner) -> Vec<String> {
    let page = memory.list(owner, None, None, PageRequest::default());
    let page = page.await.unwrap();
    page.items.into_iter().map(|one| one.text).collect()
}

async fn found(memory: &dyn MemoryBackend, owner: Owner, question: &str) -> (FoundBy, Vec<String>) {
    let query = RecallQuery {
        limit: 50,
        ..asking(question)
    };
    let found = memory.recall(owner, query).await.unwrap();
    assert_eq!(found.problem, None);
    let texts = found.found.into_iter().map(|one| one.memory.text);
    (found.by, texts.collect())
}

/// An agent, its sister, and an agent of another tenant, who remember nearly the same; `settled` runs once all is kept.
async fn apart(home: &Home, memory: &dyn MemoryBackend, settled: impl FnOnce()) -> [Owner; 3] {
    let all = [
        (home.owner(), "the owner"),
        (home.sister().await, "the sister"),
        (home.stranger().await, "the stranger"),
    ];
    let mut kept = Vec::new();
    for (owner, name) in all {
        let one = home.a_memory(owner, &format!("{KEPT} {name}"));
        memory.remember(owner, vec![one.clone()]).await.unwrap();
        kept.push(one);
    }
    settled();
    for (at, (owner, name)) in all.into_iter().enumerate() {
        let own = vec![kept[at].text.clone()];
        // By the words of all of them, by the very words of another, and by what means the same.
        for question in [
            KEPT,
            "secret of the owner",
            "secret of the stranger",
            "mist",
        ] {
            let (by, texts) = found(memory, owner, question).await;
            assert_eq!(by, FoundBy::WordsAndMeaning, "{name}: {question}");
            assert_eq!(texts, own, "{name}: {question}");
        }
        assert_eq!(held(memory, owner).await, own);
        for theirs in kept.iter().filter(|one| one.owner != owner) {
            let refused = memory.forget(owner, theirs.id, Vec::new()).await;
            assert_eq!(refused.unwrap_err().code, "MEMORY_NOT_FOUND", "{name}");
            // As theirs, and as if it were one's own under the other's id.
            let taken = memory.remember(owner, vec![theirs.clone()]).await;
            assert_eq!(taken.unwrap_err().code, "MEMORY_NOT_FOUND", "{name}");
        }
    }
    for (at, (owner, name)) in all.into_iter().enumerate() {
        assert_eq!(held(memory, owner).await, [kept[at].text.clone()], "{name}");
    }
    // Whoever comes new has nothing, and finds nothing.
    let nobody = Owner {
        agent: all[2].0.agent,
        ..home.owner()
    };
    assert_eq!(held(memory, nobody).await, Vec::<String>::new());
    assert_eq!(found(memory, nobody, KEPT).await.1, Vec::<String>::new());
    all.map(|(owner, _)| owner)
}

#[tokio::test]
async fn in_the_store_of_this_installation() {
    let home = Home::new().await;
    let memory = home.memory(Some(Meanings::new("weather", WEATHER)));
    apart(&home, &memory, || {}).await;
}

#[tokio::test]
async fn in_a_weaviate_that_finds_everybodys_whoever_asks() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, Some(Meanings::new("weather", WEATHER)));
    let all = apart(&home, &memory, || server.finds_everything()).await;
    // And each was asked for within its own tenant and agent.
    let asked = server.asked("POST /v1/search");
    let asked = asked.iter().map(|one| &one.body);
    let asked: Vec<_> = asked
        .map(|body| (body["tenant"].clone(), body["where"]["valueText"].clone()))
        .collect();
    for owner in all {
        let own = (json!(owner.tenant), json!(owner.agent));
        // Four questions, each by words and by meaning.
        assert_eq!(asked.iter().filter(|one| **one == own).count(), 8);
    }
}

#[tokio::test]
async fn in_a_weaviate_that_finds_everybodys_whoever_asks_over_grpc() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, Some(Meanings::new("weather", WEATHER)));
    let all = apart(&home, &memory, || both.finds_everything()).await;
    let asked = both.searches().into_iter();
    let asked: Vec<_> = asked
        .map(|one| (one.tenant, one.filters.unwrap().value_text.unwrap()))
        .collect();
    for owner in all {
        let own = (owner.tenant.to_string(), owner.agent.to_string());
        // Four questions, each by words and by meaning at once.
        assert_eq!(asked.iter().filter(|one| **one == own).count(), 4);
    }
}

#[tokio::test]
async fn what_fails_for_one_tenant_is_neither_told_nor_felt_by_another() {
    let home = Home::new().await;
    let embedder = Meanings::new("weather", WEATHER);
    let server = Server::new().await;
    let embedded: Arc<dyn MemoryBackend> = Arc::new(home.memory(Some(embedder.clone())));
    let elsewhere: Arc<dyn MemoryBackend> = Arc::new(server.memory(&home, None));
    let (owner, stranger) = (home.owner(), home.stranger().await);
    for memory in [&embedded, &elsewhere] {
        for owner in [owner, stranger] {
            let one = home.a_memory(owner, KEPT);
            memory.remember(owner, vec![one]).await.unwrap();
        }
    }
    *embedder.fails.lock().unwrap() = true;
    let words = json!({ "error": [{ "message": "of the first tenant" }] });
    server.fails("POST /v1/search", 500, words);
    for memory in [&embedded, &elsewhere] {
        let found = memory.recall(owner, asking("fog")).await.unwrap();
        assert!(found.problem.is_some() && found.by == FoundBy::Words);
    }
    *embedder.fails.lock().unwrap() = false;
    server.is_well();
    for (memory, by) in [
        (&embedded, FoundBy::WordsAndMeaning),
        (&elsewhere, FoundBy::Words),
    ] {
        let standing = memory.standing(owner.tenant).await;
        assert!(standing.problem.is_some() && standing.last_problem.is_some());
        let standing = memory.standing(stranger.tenant).await;
        assert_eq!((standing.problem, standing.last_problem), (None, None));
        let found = memory.recall(stranger, asking("fog")).await.unwrap();
        assert_eq!(
            (found.by, found.problem),
            (by, None),
            "{}",
            standing.backend
        );
    }
    assert_eq!(
        server.asked("POST /v1/search").len(),
        2,
        "the second went there"
    );
}

#[tokio::test]
async fn a_tenant_that_was_never_copied_is_not_asked_for() {
    let (home, server) = (Home::new().await, Server::new().await);
    let memory = server.memory(&home, None);
    // As a live server answers for a tenant that it has not.
    let words = json!({ "error": [{ "message": "tenant not found" }] });
    server.fails("POST /v1/search", 422, words);
    let found = memory.recall(home.owner(), asking("fog")).await.unwrap();
    assert_eq!((found.problem, found.found), (None, Vec::new()));
    assert_eq!(server.asked("POST").len(), 0);
}
