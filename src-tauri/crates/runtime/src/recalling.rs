//! What an agent has in mind while it thinks (COG-06, COG-07): asked of the memory server before each reasoning step, told
//! in the trace, and put into the prompt as a part of its own.
//!
//! Never here: ranking, or writing memories (`services/remembering`).

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    campaign::Campaign,
    fault::Fault,
    memory::{Owner, Recalled},
    trace::{SpanKind, SpanStatus, TraceContext},
};
use chimera_guard::{Nonce, memories};
use chimera_ports::model::most_tokens;
use chimera_prompts::{self as prompts};
use chimera_skills::memory::{AgentMemory, InMind};
use serde_json::{Value, json};
use tracing::{debug, warn};

use crate::{
    runtime::Runtime,
    worker::blocked::{self, Blocked},
};

/// Most tokens that memories take of a conversation.
const MAX_MEMORY_TOKENS: u64 = 1_200;
/// Of them, those that are kept for what tools bring to mind, where there are tools.
pub(crate) const LATER_MEMORY_TOKENS: u64 = 400;
/// Most characters of what tools answered that memory is asked with.
const MAX_ANSWERED_CHARS: usize = 1_000;
/// How long a thought that has begun waits for memory.
const LATER_PATIENCE: Duration = Duration::from_secs(5);

/// Asks for what fits a question and for what happened within the last hour. Memory that cannot be asked ends no work:
/// the agent thinks without it, and the trace says so.
pub(crate) async fn in_mind(
    runtime: &Runtime,
    campaign: &Campaign,
    question: &str,
    trace: TraceContext,
) -> Vec<Recalled> {
    let patience = runtime.bounds().tool_call;
    let mind = ask(runtime, campaign, question, patience, trace).await;
    let InMind {
        mut relevant,
        recent,
        ..
    } = mind.unwrap_or_default();
    relevant.extend(recent);
    relevant
}

/// Asks memory, tells in the trace what came of it, and takes out what tries to steer the agent.
async fn ask(
    runtime: &Runtime,
    campaign: &Campaign,
    question: &str,
    patience: Duration,
    trace: TraceContext,
) -> Result<InMind, Fault> {
    let owner = Owner {
        tenant: campaign.tenant,
        agent: campaign.agent,
    };
    let mut span = runtime
        .tracer()
        .open(owner.tenant, trace, SpanKind::Tool, "search_memory");
    span.set("gen_ai.operation.name", "search_memory");
    span.set("gen_ai.agent.id", owner.agent.to_string());
    let host = Arc::clone(&runtime.parts().tools);
    let memory = AgentMemory::of(host, owner, patience);
    let mut mind = match memory.recall(question, span.context()).await {
        Ok(mind) => mind,
        Err(fault) => {
            debug!(agent = %owner.agent, %fault, "it thinks without its memory");
            span.fail(&fault.code, &fault.message);
            return Err(fault);
        }
    };
    let found: Vec<Value> = mind.all().map(line).collect();
    span.set("chimera.memory.relevant", mind.relevant.len());
    span.set("chimera.memory.recent", mind.recent.len());
    span.set("chimera.memory.found_by", mind.found_by.clone());
    if let Some(problem) = &mind.problem {
        span.set("chimera.memory.problem", problem.clone());
    }
    span.returned(&Value::from(found).to_string());
    let mut blocked = Vec::new();
    for part in [&mut mind.relevant, &mut mind.recent] {
        let (clean, steering) = memories::screen(std::mem::take(part));
        *part = clean;
        blocked.extend(steering);
    }
    span.set("chimera.memory.blocked", blocked.len());
    span.end(SpanStatus::Ok);
    let blocked: Vec<Blocked> = blocked
        .into_iter()
        .map(|(one, why)| Blocked::named("A memory", &one.source, &one.memory.to_string(), why))
        .collect();
    blocked::tell(runtime, campaign, "memory.block", &blocked).await;
    Ok(mind)
}

/// What the trace tells of a memory that was recalled.
fn line(one: &Recalled) -> Value {
    json!({
        "memory": one.memory, "kind": one.kind, "score": one.score, "source": one.source, "origin": one.origin,
        "text": one.text,
    })
}

/// Memories as a prompt shows them, the most fitting first, as many as have room.
pub(crate) fn shown(recalled: &[Recalled], nonce: &Nonce) -> Vec<String> {
    within(recalled, nonce, MAX_MEMORY_TOKENS)
}

/// The first of them as a prompt shows them, as many as `room` tokens hold.
fn within(recalled: &[Recalled], nonce: &Nonce, mut room: u64) -> Vec<String> {
    memories::shown(recalled, nonce)
        .into_iter()
        .map_while(|memory| {
            room = room.checked_sub(most_tokens(&memory))?;
            Some(memory)
        })
        .collect()
}

/// What a step of several turns has in mind: memory is asked again after tools answered, and nothing of it is shown twice.
pub(crate) struct Mind {
    /// What the conversation shows, in its order: whatever is made in it builds on all of them.
    shown: Vec<Recalled>,
    /// Tokens that memories may still take of it.
    room: u64,
    /// Whether memory failed since the step began to think: it is not waited for once more.
    failed: bool,
}

impl Mind {
    /// With the first of what was recalled before the step began, and these as its prompt shows them.
    pub(crate) fn beginning(recalled: &[Recalled], nonce: &Nonce) -> (Self, Vec<String>) {
        let texts = within(recalled, nonce, MAX_MEMORY_TOKENS - LATER_MEMORY_TOKENS);
        let taken: u64 = texts.iter().map(|text| most_tokens(text)).sum();
        let mind = Self {
            shown: recalled.iter().take(texts.len()).cloned().collect(),
            room: MAX_MEMORY_TOKENS - taken,
            failed: false,
        };
        (mind, texts)
    }

    /// All that the conversation shows.
    pub(crate) fn shown(&self) -> &[Recalled] {
        &self.shown
    }

    /// What the answers of tools bring to the mind of whoever works on the step that `words` describe, as a part of the
    /// conversation of at most `room` tokens; nothing where nothing new fits.
    pub(crate) async fn reminded(
        &mut self,
        runtime: &Runtime,
        (campaign, words): (&Campaign, &str),
        answered: &[&str],
        trace: TraceContext,
        room: u64,
    ) -> Option<String> {
        if self.failed {
            return None;
        }
        let question = question(answered, words);
        let patience = runtime.bounds().tool_call.min(LATER_PATIENCE);
        let found = ask(runtime, campaign, &question, patience, trace).await;
        self.failed = found.is_err();
        let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
        let (text, new) = self.new_of(found.ok()?.relevant, room, &nonce)?;
        self.room = self.room.saturating_sub(most_tokens(&text));
        self.shown.extend(new);
        Some(text)
    }

    /// What of it the conversation does not show yet, as much as there is room for.
    fn new_of(
        &self,
        mut found: Vec<Recalled>,
        room: u64,
        nonce: &Nonce,
    ) -> Option<(String, Vec<Recalled>)> {
        found.retain(|one| self.shown.iter().all(|known| known.memory != one.memory));
        let room = room.min(self.room);
        let words = |texts: &[String]| {
            let more = json!({ "remembered": texts });
            prompts::render("reminded", &json!({}), more)
                .inspect_err(|error| warn!(%error, "it thinks on without what it remembers"))
                .ok()
        };
        let mut texts = within(&found, nonce, room);
        while !texts.is_empty() {
            // With its heading.
            let text = words(&texts)?;
            if most_tokens(&text) <= room {
                found.truncate(texts.len());
                return Some((text, found));
            }
            texts.pop();
        }
        None
    }
}

/// What memory is asked after tools answered: with the end of each answer, in equal shares and without marks and ids, before the
/// words of the step, which alone it was asked with before.
fn question(answered: &[&str], words: &str) -> String {
    let share = MAX_ANSWERED_CHARS / answered.len().max(1);
    let mut question = String::new();
    for answer in answered {
        let lines = answer.lines().filter(|line| !is_bare(line));
        let said = lines.collect::<Vec<_>>().join("\n");
        let skipped = said.chars().count().saturating_sub(share);
        question.extend(said.chars().skip(skipped));
        question.push('\n');
    }
    question + words
}

/// Whether the line of an answer holds no words to think of: where a stranger's words begin or end, an id, a time.
fn is_bare(line: &str) -> bool {
    let bare = ["<untrusted-", "</untrusted-", "id: ", "time: "];
    bare.iter().any(|begins| line.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use chimera_domain::{artifact::Origin, id::MemoryId, memory::MemoryKind, time::Timestamp};
    use uuid::Uuid;

    use super::*;

    fn recalled(number: u128, text: &str) -> Recalled {
        Recalled {
            memory: MemoryId::from_uuid(Uuid::from_u128(number)),
            kind: MemoryKind::Fact,
            text: text.to_owned(),
            source: "a talk".to_owned(),
            origin: Origin::Operator,
            at: Timestamp::from_seconds(0),
            score: None,
        }
    }

    fn nonce() -> Nonce {
        Nonce::from_bytes([7; 16])
    }

    fn numbers(all: &[Recalled]) -> Vec<u128> {
        let numbers = all.iter().map(|one| one.memory.as_uuid().as_u128());
        numbers.collect()
    }

    #[test]
    fn what_stands_in_the_conversation_is_not_shown_again_and_what_is_new_is_within_its_room() {
        let known = [recalled(1, "One."), recalled(2, "Two.")];
        let (mind, texts) = Mind::beginning(&known, &nonce());
        assert_eq!((texts.len(), numbers(mind.shown())), (2, vec![1, 2]));
        assert_eq!(mind.new_of(known.to_vec(), 1_000, &nonce()), None);
        let found: Vec<_> = [2, 3, 1, 4].map(|number| recalled(number, "More.")).into();
        let (text, new) = mind.new_of(found.clone(), 1_000, &nonce()).unwrap();
        assert_eq!(numbers(&new), [3, 4]);
        assert!(text.starts_with("# What else you remember"), "{text}");
        assert_eq!(text.matches("More.").count(), 2, "{text}");
        // One token less than both take, and only the better one is there; without room for one there is nothing.
        let both = most_tokens(&text);
        let (less, new) = mind.new_of(found.clone(), both - 1, &nonce()).unwrap();
        assert!(most_tokens(&less) < both);
        assert_eq!(numbers(&new), [3]);
        assert_eq!(mind.new_of(found, 10, &nonce()), None);
    }

    #[test]
    fn the_first_prompt_leaves_room_for_what_tools_bring_to_mind() {
        let long = "word ".repeat(120);
        let many: Vec<_> = (1..=15).map(|number| recalled(number, &long)).collect();
        let (mind, texts) = Mind::beginning(&many, &nonce());
        let taken: u64 = texts.iter().map(|text| most_tokens(text)).sum();
        assert!(taken > 0 && taken <= MAX_MEMORY_TOKENS - LATER_MEMORY_TOKENS);
        assert_eq!(mind.shown().len(), texts.len());
        assert_eq!(mind.room + taken, MAX_MEMORY_TOKENS);
        assert!(mind.new_of(many, 8_000, &nonce()).is_some());
    }

    #[test]
    fn memory_is_asked_with_the_ends_of_what_tools_answered_and_with_the_steps_words() {
        let marked = "id: 7\ntime: 2026-11-21\n<untrusted-07 source=\"https://a.example\">\nFog in Brest\n</untrusted-07>";
        assert_eq!(
            question(&[marked, "Rain"], "The step"),
            "Fog in Brest\nRain\nThe step"
        );
        let long = format!("{}end", "x".repeat(5_000));
        let asked = question(&[&long, &long], "The step");
        let lines: Vec<&str> = asked.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[..2].iter().all(|line| line.ends_with("end")));
        let chars = lines[0].len() + lines[1].len();
        assert_eq!(chars, MAX_ANSWERED_CHARS);
    }
}
