//! Drafting: one post in the persona's voice, from what research kept.

use std::{collections::HashSet, sync::Arc};

use chimera_domain::{
    artifact::ArtifactType,
    fault::{Fault, FaultClass},
    platform::Platform,
    spend::CallRole,
    trend::{ToolAnswer, Trend},
};
use chimera_guard::{Nonce, memories, tools, trends};
use chimera_ports::{
    facts::{Ask, DraftAnswer, DraftFacts},
    model::ModelRole,
};
use chimera_prompts::{self as prompts, PromptError};
use serde_json::json;

use super::{
    fit::{Shown, fitted},
    observe::Observation,
    prepared::Prepared,
    reason::{Question, ask_once},
};
use crate::{recalling, runtime::Runtime};

/// Items that a writer is shown.
const MAX_PICKS_SHOWN: usize = 8;
/// Answers of tools that a writer is shown.
const MAX_ANSWERS_SHOWN: usize = 4;

pub(super) async fn draft(runtime: &Runtime, observed: &Observation) -> Result<Prepared, Fault> {
    let mut picks = observed.picks();
    picks.truncate(MAX_PICKS_SHOWN);
    if picks.is_empty() {
        let message = "There is nothing to write about: no research result reached this step. Nothing was made; connect a research step to it.";
        return Err(Fault::new(
            FaultClass::Validation,
            "NOTHING_TO_WRITE",
            message,
        ));
    }
    let platform = observed.task.platform.unwrap_or(Platform::Sandbox);
    let mut facts = DraftFacts {
        goal: observed.campaign.goal.to_string(),
        persona: Arc::clone(&observed.persona.persona),
        instructions: observed.task.instructions.clone(),
        guidance: observed.task.guidance.clone(),
        platform,
        max_chars: u32::try_from(platform.max_text_chars()).unwrap_or(u32::MAX),
        picks,
        previous_posts: observed.previous_posts.clone(),
        draft_number: draft_number(&observed.task.step),
        memories: memories::lessons(&observed.recalled),
    };
    let answers = observed.asked();
    let all = Shown {
        sources: facts.picks.len(),
        answers: answers.len().min(MAX_ANSWERS_SHOWN),
        posts: facts.previous_posts.len(),
        memories: observed.recalled.len(),
    };
    let (question, shown) = fitted(runtime.bounds(), all, |shown| {
        asked(runtime, observed, &facts, &answers, shown)
    })?;
    facts.picks.truncate(shown.sources);
    let recalled = observed.first_recalled(shown.memories);
    let (answer, spent) = ask_once::<DraftAnswer>(runtime, question).await?;
    if answer.text.trim().is_empty() {
        return Err(Fault::new(
            FaultClass::Transient,
            "MODEL_BAD_ANSWER",
            "The model wrote an empty post. Nothing was made.",
        ));
    }
    let used = used(&facts.picks, &answer);
    let read_at = observed.read_at().unwrap_or_else(|| runtime.now());
    let mut sources = chimera_offering::sources_of(&used, read_at);
    sources.extend(chimera_offering::sources(&answers[..shown.answers]));
    Ok(Prepared {
        kind: ArtifactType::Caption,
        payload: json!({
            "text": answer.text.trim(),
            "hashtags": answer.hashtags,
            "based_on": used.iter().map(|trend| &trend.id).collect::<Vec<_>>(),
            "claims": answer.claims,
        }),
        action: None,
        platform: Some(platform),
        sources,
        recalled: recalled.to_vec(),
        provenance: observed.provenance(&facts.picks, recalled, shown.posts > 0),
        confidence: Some(answer.confidence),
        spent,
    })
}

/// The question, with the first so many of its items and earlier posts.
fn asked(
    runtime: &Runtime,
    observed: &Observation,
    facts: &DraftFacts,
    answers: &[ToolAnswer],
    shown: Shown,
) -> Result<Question, Fault> {
    let mut facts = facts.clone();
    facts.picks.truncate(shown.sources);
    facts.previous_posts.truncate(shown.posts);
    let recalled = observed.first_recalled(shown.memories);
    facts.memories = memories::lessons(recalled);
    let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
    let items = trends::items(&facts.picks, &nonce);
    let posts = trends::previous_posts(&facts.previous_posts, &nonce);
    let words = runtime.skill_words(&observed.task.skill);
    let remembered = recalling::shown(recalled, &nonce);
    let asked = tools::answers(&answers[..shown.answers], &nonce);
    let wrapped = json!({
        "items": items, "previous_posts": posts, "remembered": remembered, "asked": asked,
    });
    Ok(Question {
        tenant: observed.task.tenant,
        trace: observed.trace,
        role: ModelRole::Worker,
        system: prompts::system("draft", &facts.persona, &words)
            .map_err(PromptError::into_fault)?,
        user: prompts::render("draft", &facts, wrapped).map_err(PromptError::into_fault)?,
        ask: Arc::new(Ask::Draft(facts)),
        account: observed.account(CallRole::Drafter),
    })
}

/// Items that the post says it builds on; all that were shown, when it names none that was.
fn used(picks: &[Trend], answer: &DraftAnswer) -> Vec<Trend> {
    let named: HashSet<&str> = answer.based_on.iter().map(String::as_str).collect();
    let used: Vec<Trend> = picks
        .iter()
        .filter(|trend| named.contains(trend.id.as_str()))
        .cloned()
        .collect();
    if used.is_empty() {
        picks.to_vec()
    } else {
        used
    }
}

/// The number in a step's key: `write-2` is draft 2; a rewrite (`write-2~1`) takes another angle.
fn draft_number(step: &str) -> u32 {
    let (key, again) = step.split_once('~').unwrap_or((step, "0"));
    let number: u32 = key
        .rsplit('-')
        .next()
        .and_then(|tail| tail.parse().ok())
        .unwrap_or(1);
    number.saturating_add(again.parse::<u32>().unwrap_or(0).saturating_mul(100))
}

#[cfg(test)]
mod tests {
    use super::draft_number;

    #[test]
    fn every_draft_and_every_rewrite_has_its_own_number() {
        assert_eq!(
            [
                draft_number("write-2"),
                draft_number("write-2~1"),
                draft_number("intro")
            ],
            [2, 102, 1]
        );
    }
}
