//! Which registered tools a worker may be offered for a task: found by an index that is made anew whenever the tools
//! are others.
//!
//! Never here: how well a tool fits (`discovery`), or calling one.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use chimera_domain::{action::EffectClass, digest::Digest, fault::Fault, id::TenantId};
use chimera_ports::{
    meaning::Meaning,
    memory::FoundBy,
    tools::{Fits, Fitting, Need, ToolInfo},
};
use tokio::{task::JoinSet, time::timeout};

use chimera_discovery::Discovery;

use crate::{host::McpHost, slot::Slot, spec::Visibility};

/// Longest wait for a server that is not connected, or lists its tools anew: what comes later is offered the next time.
const LOOK_LIMIT: Duration = Duration::from_secs(3);
/// Tenants whose index is kept; with one more all are made anew.
const MAX_INDEXES: usize = 64;
/// Most characters of what is wanted that are read, of the step and of what it is part of.
const MAX_TASK_CHARS: usize = 4_000;
/// Pause after vectors could not be had, before they are asked for again.
const VECTOR_PAUSE: Duration = Duration::from_secs(60);

/// The indexes of the tenants, and what makes vectors.
#[derive(Default)]
pub(crate) struct Offers {
    /// Never held across an await.
    held: Mutex<BTreeMap<TenantId, Arc<Indexed>>>,
    meaning: OnceLock<Arc<dyn Meaning>>,
}

/// An index with what it was made of.
struct Indexed {
    of: Vec<Digest>,
    tools: Vec<ToolInfo>,
    index: Discovery,
    vectors: Vectors,
}

/// Whether an index has vectors.
enum Vectors {
    /// Nothing makes them.
    None,
    Here,
    /// They could not be had.
    Away(Fault, tokio::time::Instant),
}

impl Indexed {
    /// Whether it serves for these tools as they are.
    fn serves(&self, of: &[Digest]) -> bool {
        let waits = match &self.vectors {
            Vectors::None | Vectors::Here => true,
            Vectors::Away(_, since) => since.elapsed() < VECTOR_PAUSE,
        };
        waits && self.of == of
    }
}

impl McpHost {
    /// Lets tools be found by what they mean. Only the first one counts.
    pub fn find_by(&self, meaning: Arc<dyn Meaning>) {
        let _kept = self.0.offers.meaning.set(meaning);
    }

    pub(crate) async fn fits(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits {
        let tools = self.readable(tenant).await;
        if tools.is_empty() || most == 0 {
            return Fits::none();
        }
        let indexed = self.indexed(tenant, tools).await;
        let [step, within] = [need.step, need.within]
            .map(|text| text.chars().take(MAX_TASK_CHARS).collect::<String>());
        let need = Need {
            step: &step,
            within: &within,
        };
        let (vectors, problem) = self.vectors(tenant, &indexed, need).await;
        let found = indexed.index.find(need, &vectors, most);
        let tools = found.into_iter().filter_map(|found| {
            let tool = indexed.tools.iter().find(|info| info.tool == found.tool)?;
            Some(Fitting {
                tool: tool.clone(),
                score: found.score,
                words: found.by,
            })
        });
        Fits {
            tools: tools.collect(),
            among: indexed.tools.len(),
            by: if vectors.is_empty() {
                FoundBy::Words
            } else {
                FoundBy::WordsAndMeaning
            },
            problem,
        }
    }

    /// The tools that a model may be offered, by server and name.
    async fn readable(&self, tenant: TenantId) -> Vec<ToolInfo> {
        let mut asked = JoinSet::new();
        for slot in self.visible(tenant) {
            let own = slot.spec.visibility != Visibility::Everybody;
            if own && slot.spec.barred.is_none() && slot.circuit.interruption().is_none() {
                // Not ended with the wait: a server that is slow to start is there the next time.
                let look = self.0.tasks.spawn(async move { look(&slot).await });
                asked.spawn(timeout(LOOK_LIMIT, look));
            }
        }
        let mut tools = Vec::new();
        while let Some(answer) = asked.join_next().await {
            if let Ok(Ok(Ok(listed))) = answer {
                tools.extend(listed);
            }
        }
        tools.sort_by(|(one, _), (other, _)| one.tool.cmp(&other.tool));
        // Of what servers of a group share one is enough: whoever can take the call does.
        let mut shared = BTreeSet::new();
        tools.retain(|(_, twin)| twin.clone().is_none_or(|twin| shared.insert(twin)));
        tools.into_iter().map(|(tool, _)| tool).collect()
    }

    async fn indexed(&self, tenant: TenantId, tools: Vec<ToolInfo>) -> Arc<Indexed> {
        let offers = &self.0.offers;
        let of: Vec<Digest> = tools.iter().map(|tool| tool.schema_hash).collect();
        let held = || offers.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held().get(&tenant).cloned();
        if let Some(known) = known.filter(|known| known.serves(&of)) {
            return known;
        }
        let mut index = Discovery::of(&tools);
        let mut vectors = Vectors::None;
        if let Some(meaning) = offers.meaning.get() {
            let texts = tools.iter().map(Discovery::text).collect();
            vectors = match meaning.vectors(tenant, texts).await {
                Ok(made) => {
                    index = index.with_vectors(made);
                    Vectors::Here
                }
                Err(fault) => {
                    tracing::warn!(%fault, "tools are found by their words alone");
                    Vectors::Away(fault, tokio::time::Instant::now())
                }
            };
        }
        let indexed = Arc::new(Indexed {
            of,
            tools,
            index,
            vectors,
        });
        let mut held = held();
        if held.len() >= MAX_INDEXES && !held.contains_key(&tenant) {
            held.clear();
        }
        held.insert(tenant, Arc::clone(&indexed));
        indexed
    }

    /// Vectors of what is wanted, where the tools have some; why there are none, where some were meant.
    async fn vectors(
        &self,
        tenant: TenantId,
        indexed: &Indexed,
        need: Need<'_>,
    ) -> (Vec<Vec<f32>>, Option<Fault>) {
        let meaning = self.0.offers.meaning.get();
        match (&indexed.vectors, meaning) {
            (Vectors::Away(fault, _), _) => (Vec::new(), Some(fault.clone())),
            (Vectors::None, _) | (_, None) => (Vec::new(), None),
            (Vectors::Here, Some(meaning)) => {
                let texts = [need.step, need.within].into_iter();
                let texts = texts.filter(|text| !text.is_empty());
                match meaning
                    .vectors(tenant, texts.map(str::to_owned).collect())
                    .await
                {
                    Ok(made) => (made, None),
                    Err(fault) => (Vec::new(), Some(fault)),
                }
            }
        }
    }
}

/// What tools have in common of which one stands in for another: group, name and shape.
type Twin = (String, String, Digest);

/// The tools of a server that are as they were pinned and that the operator classed as reading.
async fn look(slot: &Slot) -> Vec<(ToolInfo, Option<Twin>)> {
    let Ok(connection) = slot.connection().await else {
        return Vec::new();
    };
    let catalogue = connection.catalogue(&slot.spec).await;
    let mut tools = slot.offered(&catalogue);
    tools.retain(|info| slot.effect(&info.tool.tool) == (EffectClass::Read, true));
    let terms = slot.terms();
    let twin = |info: &ToolInfo| -> Option<Twin> {
        let name = &info.tool.tool;
        Some((
            slot.spec.group.clone()?,
            name.clone(),
            terms.pins.shape(name)?,
        ))
    };
    let known = tools.into_iter().map(|info| {
        let twin = twin(&info);
        (info, twin)
    });
    known.collect()
}
