//! What of an agent's work is worth remembering: what it published, what people decided about it and why, what it read
//! and wrote (COG-06, COG-09).
//!
//! A lesson has a person's own words only, so that it may stand in the open; whatever a model or a stranger wrote is
//! kept under that origin. Its words that people will look for stand among the tags. Never here: keeping it.

use std::collections::HashSet;

use chimera_domain::{
    action::{Effect, EffectState},
    artifact::{Artifact, ArtifactType, Origin},
    digest::Digest,
    id::MemoryId,
    memory::{LESSON_SOURCES, MAX_MEMORY_TAGS, MAX_TAG_CHARS, MemoryKind},
    review::{Review, ReviewState},
    task::{Task, TaskState, TaskType},
    trend::TrendReport,
};
use serde::Serialize;
use serde_json::Value;

use super::ToRemember;

/// Tag of the digest that a memory's id is made of.
const ID_TAG: &str = "chimera.memory.v1";
/// Importance of what a person said of a draft, of 100.
const LESSON: u8 = 80;
/// Importance of a post that is out.
const PUBLISHED: u8 = 60;
/// Importance of what the judge said of a draft.
const SENT_BACK: u8 = 50;
/// Code of a step that ended because the judge turned its draft down.
const JUDGE_REJECTED: &str = "JUDGE_REJECTED";
/// Importance of what was done on the way.
const STEP: u8 = 20;
/// Most characters of a text that a memory repeats.
const MAX_TEXT_CHARS: usize = 800;
/// Findings of a report that are named.
const MAX_NAMED: usize = 5;
/// Shortest word that becomes a tag, in characters.
const MIN_TAG_CHARS: usize = 4;

/// A post that went out.
#[must_use]
pub fn published(effect: &Effect) -> Option<ToRemember> {
    let text = said(&effect.action.arguments)?;
    if effect.state != EffectState::Sent {
        return None;
    }
    let platform = effect.action.platform.as_str();
    let url = effect
        .receipt
        .as_ref()
        .and_then(|receipt| receipt.url.as_deref());
    Some(ToRemember {
        id: id_of("published", &effect.id)?,
        kind: MemoryKind::Episodic,
        text: format!("Published on {platform}: {}", cut(text)),
        source: url.map_or_else(
            || format!("a post on {platform}"),
            |url| format!("the post {url}"),
        ),
        task: Some(effect.task),
        origin: Origin::Model,
        tags: vec![platform.to_owned(), "published".to_owned()],
        importance: PUBLISHED,
        at: effect.updated_at,
    })
}

/// What a person decided about a draft; `edited` is the text that the person made of it.
#[must_use]
pub fn decided(review: &Review, edited: Option<&str>) -> Option<ToRemember> {
    let at = review.decided_at?;
    let place = review.platform.map_or_else(String::new, |platform| {
        format!(" for {}", platform.as_str())
    });
    let note = review
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty());
    let [decision, rejection] = LESSON_SOURCES;
    let mut source = format!("{decision}{place}");
    let (kind, text, origin, importance) = match review.state {
        ReviewState::Rejected => {
            let reason = review.reject_reason.map(|reason| reason.in_words());
            // A person's own words and nothing else: they stand in the open.
            let text = cut(note.or(reason)?);
            source = format!(
                "{rejection}{place}{}",
                reason.map_or_else(String::new, |reason| format!(": {reason}"))
            );
            (MemoryKind::Fact, text, Origin::Operator, LESSON)
        }
        ReviewState::Edited => {
            let text = format!("A person rewrote a draft{place} into: {}", cut(edited?));
            (MemoryKind::Fact, text, Origin::Model, LESSON)
        }
        ReviewState::Approved => {
            let text = format!(
                "A person approved a draft{place}: {}",
                cut(&review.content_preview.text)
            );
            (MemoryKind::Episodic, text, Origin::Model, STEP)
        }
        ReviewState::Open
        | ReviewState::Escalated
        | ReviewState::Expired
        | ReviewState::Withdrawn => {
            return None;
        }
    };
    let mut tags = vec!["decision".to_owned()];
    tags.extend(telling(&review.content_preview.text, MAX_MEMORY_TAGS - 1));
    Some(ToRemember {
        id: id_of("decided", &review.review_id)?,
        kind,
        text,
        source,
        task: Some(review.task_id),
        origin,
        tags,
        importance,
        at,
    })
}

/// A step that is done, with what it made.
#[must_use]
pub fn done(task: &Task, artifact: &Artifact) -> Option<ToRemember> {
    let (text, origin) = match artifact.artifact_type {
        ArtifactType::TrendReport => read(task, artifact)?,
        ArtifactType::Caption => {
            let text = said(&artifact.payload)?;
            let place = task
                .platform
                .map_or_else(String::new, |to| format!(" for {}", to.as_str()));
            (format!("Drafted{place}: {}", cut(text)), Origin::Model)
        }
        // Told of when it is out.
        ArtifactType::PostIntent => return None,
    };
    Some(ToRemember {
        id: id_of("done", &artifact.artifact_id)?,
        kind: kind_of_work(std::slice::from_ref(artifact)),
        text,
        source: step(task),
        task: Some(task.id),
        origin,
        tags: vec![task.skill.clone()],
        importance: STEP,
        at: artifact.created_at,
    })
}

/// The kind of a memory about what was made. What private data went into stays private: a fact is, and what merely
/// happened is not. Where nobody knows what went in, it is taken for private.
fn kind_of_work(made: &[Artifact]) -> MemoryKind {
    let is_public = |artifact: &Artifact| {
        let labels = artifact.provenance.as_ref();
        labels.is_some_and(|provenance| provenance.private().next().is_none())
    };
    if !made.is_empty() && made.iter().all(is_public) {
        MemoryKind::Episodic
    } else {
        MemoryKind::Fact
    }
}

/// What the judge held against a draft of those that a step `made`. A person's rejection is told by [`decided`].
#[must_use]
pub fn sent_back(task: &Task, made: &[Artifact]) -> Option<ToRemember> {
    let refused = task
        .fault
        .as_ref()
        .filter(|fault| task.state == TaskState::Failed && fault.code == JUDGE_REJECTED);
    // What was written anew after a rejection begins with that rejection counted; what counts more was sent back since.
    let begun_with: u32 = task
        .step
        .split_once('~')
        .and_then(|(_, rejections)| rejections.parse().ok())
        .unwrap_or(0);
    let reason = match refused {
        Some(fault) => &fault.message,
        None if task.kind.task_type() == TaskType::ContentGen && task.rejections > begun_with => {
            task.guidance.last()?
        }
        None => return None,
    };
    let mut tags = vec!["judged".to_owned(), task.skill.clone()];
    tags.extend(telling(reason, MAX_MEMORY_TAGS - tags.len()));
    Some(ToRemember {
        id: id_of("sent back", &(task.id, task.rejections))?,
        kind: kind_of_work(made),
        text: format!("The judge sent a draft back: {}", cut(reason)),
        source: step(task),
        task: Some(task.id),
        // A model's words, over a draft that may repeat a stranger's.
        origin: Origin::Model,
        tags,
        importance: SENT_BACK,
        at: task.updated_at,
    })
}

fn step(task: &Task) -> String {
    let title: String = task.title.chars().take(MAX_TAG_CHARS).collect();
    format!("the step “{title}”")
}

/// What research kept, in strangers' words.
fn read(task: &Task, artifact: &Artifact) -> Option<(String, Origin)> {
    let report: TrendReport = serde_json::from_value(artifact.payload.clone()).ok()?;
    let first = report.picks.first()?;
    let titles: Vec<&str> = report
        .picks
        .iter()
        .take(MAX_NAMED)
        .map(|pick| pick.trend.title.as_str())
        .collect();
    let text = format!(
        "Read for “{}” and kept {}: {}",
        task.title,
        report.picks.len(),
        titles.join("; ")
    );
    let source = first.trend.url.clone();
    Some((cut(&text), Origin::Untrusted { source }))
}

/// The same happening has the same id.
fn id_of(what: &str, key: &impl Serialize) -> Option<MemoryId> {
    let digest = Digest::of(ID_TAG, &(what, key)).ok()?;
    let bytes = digest.to_bytes();
    let first = bytes.first_chunk::<16>()?;
    Some(MemoryId::from_uuid(
        uuid::Builder::from_custom_bytes(*first).into_uuid(),
    ))
}

/// The text that people read, of a post or a draft.
fn said(payload: &Value) -> Option<&str> {
    ["/content/text", "/text"]
        .into_iter()
        .find_map(|pointer| payload.pointer(pointer)?.as_str())
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

/// The longest words of a text, each once: what somebody may look it up by.
fn telling(text: &str, most: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| (MIN_TAG_CHARS..=MAX_TAG_CHARS).contains(&word.chars().count()))
        .map(str::to_lowercase)
        .filter(|word| seen.insert(word.clone()))
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(most);
    words
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
