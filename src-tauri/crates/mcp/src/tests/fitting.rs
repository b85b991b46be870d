//! Which tools are offered to workers: of whom, of which class, from which state, and by which index.
//!
//! Never here: how well they are found (`discovery` has those tests).

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chimera_domain::{
    action::EffectClass,
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_ports::{
    meaning::Meaning,
    memory::FoundBy,
    tools::{Need, ToolHost},
};
use serde_json::json;
use uuid::Uuid;

use super::{host, peer::Shared, peer_spec, request, tenant};
use crate::{McpHost, Pins, ServerSpec, Terms, codes};

fn registered(shared: &Arc<Shared>) -> ServerSpec {
    let mut spec = peer_spec(shared);
    spec.tools.clear();
    spec
}

fn terms(classes: &[(&str, EffectClass)], pins: Pins) -> Terms {
    let classes = classes.iter();
    Terms {
        classes: classes
            .map(|(tool, effect)| ((*tool).to_owned(), *effect))
            .collect(),
        pins,
        version: None,
    }
}

const CLASSES: [(&str, EffectClass); 4] = [
    ("echo", EffectClass::Read),
    ("words", EffectClass::Read),
    ("meta", EffectClass::InternalWrite),
    ("act", EffectClass::Outward),
];

async fn placed() -> (McpHost, Arc<Shared>) {
    let shared = Arc::default();
    let (_service, host, _) = host(vec![peer_spec(&Arc::default())]);
    let mut spec = registered(&shared);
    spec.name = "own".to_owned();
    host.place(tenant(), spec, terms(&CLASSES, Pins::None));
    (host, shared)
}

/// What is offered for a task that names every tool.
async fn offered(host: &McpHost) -> Vec<String> {
    let all = "the tool echo, words, meta, act, pid, late, grow";
    let fits = host.fitting(tenant(), Need::step(all), 20).await;
    let mut names: Vec<_> = fits
        .tools
        .into_iter()
        .map(|fit| fit.tool.tool.to_string())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn only_registered_tools_that_the_operator_classed_as_reading_are_offered() {
    let (host, _) = placed().await;
    // What ships is not among them, nor what writes, acts, or was never classed.
    assert_eq!(offered(&host).await, ["own.echo", "own.words"]);
    let fits = host
        .fitting(tenant(), Need::step("echo something"), 1)
        .await;
    assert_eq!(
        (fits.among, fits.by, fits.problem),
        (2, FoundBy::Words, None)
    );
    let [best] = fits.tools.as_slice() else {
        panic!("one was asked for");
    };
    assert_eq!(best.tool.tool.tool, "echo");
    assert!(best.score > 0.0 && best.words.contains(&"echo".to_owned()));
    let stranger = TenantId::from_uuid(Uuid::from_u128(8));
    assert_eq!(host.fitting(stranger, Need::step("echo"), 8).await.among, 0);
}

#[tokio::test]
async fn what_is_held_back_barred_or_left_alone_is_not_offered() {
    let (host, shared) = placed().await;
    let listing = host.listing(tenant(), "own").await.unwrap();
    let mut other = listing.clone();
    other.tools.get_mut("words").unwrap().description = "It was otherwise.".to_owned();
    host.set_terms(tenant(), "own", terms(&CLASSES, Pins::to(&other).unwrap()));
    assert_eq!(offered(&host).await, ["own.echo"]);
    host.set_terms(tenant(), "own", terms(&CLASSES, Pins::Unseen));
    assert_eq!(offered(&host).await, [""; 0]);

    let mut spec = registered(&shared);
    spec.name = "own".to_owned();
    spec.barred = Some(Fault::of(codes::MCP_SERVER_UNTRUSTED, "Not yet."));
    host.place(tenant(), spec.clone(), terms(&CLASSES, Pins::None));
    assert_eq!(offered(&host).await, [""; 0]);
    spec.barred = None;
    host.place(tenant(), spec, terms(&CLASSES, Pins::None));
    assert_eq!(offered(&host).await, ["own.echo", "own.words"]);

    // It dies with every call: after a few its circuit is open.
    let dying = [("die", EffectClass::Read), ("echo", EffectClass::Read)];
    host.set_terms(tenant(), "own", terms(&dying, Pins::None));
    let mut call = request("die", json!({}));
    call.tool.server = "own".to_owned();
    while host.servers(tenant()).await[0].interruption.is_none() {
        let failed = host.read(call.clone()).await.unwrap_err();
        assert_ne!(failed.fault.code, codes::MCP_CIRCUIT_OPEN);
    }
    assert_eq!(offered(&host).await, [""; 0]);
}

/// Counts how often it is asked; nothing is like anything but texts of one beginning.
#[derive(Default)]
struct Counting {
    asked: AtomicUsize,
    is_away: AtomicBool,
}

#[async_trait]
impl Meaning for Counting {
    fn name(&self) -> &'static str {
        "first letters"
    }

    async fn vectors(&self, _: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(Fault::new(FaultClass::Transient, "TEST", "away"));
        }
        self.asked.fetch_add(texts.len(), Ordering::Relaxed);
        let place = |text: &String| {
            let words = text.contains("words") || text.contains("saying");
            vec![f32::from(u8::from(words)), f32::from(u8::from(!words))]
        };
        Ok(texts.iter().map(place).collect())
    }
}

#[tokio::test]
async fn the_index_is_made_anew_when_the_tools_change_and_only_then() {
    let (host, _) = placed().await;
    let meaning = Arc::new(Counting::default());
    host.find_by(meaning.clone());
    let asked = || meaning.asked.swap(0, Ordering::Relaxed);
    // No word of the task stands in a tool: it is found by what it means.
    let fits = host.fitting(tenant(), Need::step("saying"), 1).await;
    assert_eq!(fits.by, FoundBy::WordsAndMeaning);
    assert_eq!(fits.tools[0].tool.tool.tool, "words");
    assert_eq!(asked(), 2 + 1, "each tool and the task");
    host.fitting(tenant(), Need::step("saying"), 1).await;
    assert_eq!(asked(), 1, "the task alone");
    let more = [("pid", EffectClass::Read), ("echo", EffectClass::Read)];
    host.set_terms(tenant(), "own", terms(&more, Pins::None));
    assert_eq!(
        host.fitting(tenant(), Need::step("saying"), 8).await.among,
        2
    );
    assert_eq!(asked(), 2 + 1, "other tools");
}

#[tokio::test]
async fn without_vectors_tools_are_found_by_words_and_it_is_said() {
    let (host, _) = placed().await;
    let meaning = Arc::new(Counting::default());
    meaning.is_away.store(true, Ordering::Relaxed);
    host.find_by(meaning);
    let fits = host.fitting(tenant(), Need::step("echo"), 8).await;
    assert_eq!(fits.by, FoundBy::Words);
    assert_eq!(fits.problem.unwrap().message, "away");
    assert_eq!(fits.tools[0].tool.tool.tool, "echo");
}
