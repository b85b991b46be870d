//! Research: the model reads the feeds through the skill and says what serves the goal.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use chimera_domain::{
    artifact::ArtifactType,
    campaign::Campaign,
    confidence::Confidence,
    fault::{Fault, FaultClass},
    memory::Recalled,
    spend::CallRole,
    trace::TraceContext,
    trend::{Pick, Trend, TrendReport},
};
use chimera_guard::{Nonce, memories, trends::screen};
use chimera_offering::{confine, list};
use chimera_ports::{
    error::PortError,
    facts::{Ask, ResearchAnswer, ResearchFacts},
    model::{Counted, ModelRole, OfferedTool, ToolCall},
};
use chimera_prompts::{self as prompts, PromptError};
use chimera_skills::SourceError;
use serde_json::{Value, json};

use super::{
    beside::Beside,
    blocked::{self, Blocked},
    observe::Observation,
    prepared::Prepared,
    reason::{Hands, Question, think},
};
use crate::{recalling::Mind, runtime::Runtime, standing_out};

/// What a platform without a feed is called by the skill that reads.
const NO_FEED: &str = "MCP_CLIENT_MISSING";
/// Most items that research keeps.
const MAX_PICKS: u32 = 12;
/// Most items that a researcher is shown; fewer where a turn holds fewer.
const MAX_SHOWN: usize = 40;
/// The skill that reads feeds.
const FETCH_TRENDS: &str = "fetch_trends";

pub(super) async fn research(runtime: &Runtime, observed: &Observation) -> Result<Prepared, Fault> {
    let feeds = observed.feeds();
    if feeds.is_empty() {
        return Err(Fault::new(
            FaultClass::Permanent,
            "SOURCES_UNREADABLE",
            format!(
                "The step is confined to feeds that the campaign does not read: {}. Nothing was read and nothing was made.",
                observed.task.feeds().join(", ")
            ),
        ));
    }
    let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
    let (mind, remembered) = Mind::beginning(&observed.recalled, &nonce);
    let facts = facts_of(runtime, observed, feeds, mind.shown());
    let words = runtime.skill_words(&observed.task.skill);
    let beside = Beside::fitting(runtime, observed, &[FETCH_TRENDS]).await;
    let shown = json!({ "items": [], "remembered": remembered, "tools": beside.names() });
    let question = Question {
        tenant: observed.task.tenant,
        trace: observed.trace,
        role: ModelRole::Worker,
        system: prompts::system("research", &facts.persona, &words)
            .map_err(PromptError::into_fault)?,
        user: prompts::render("research", &facts, shown).map_err(PromptError::into_fault)?,
        ask: Arc::new(Ask::Research(facts)),
        account: observed.account(CallRole::Researcher),
    };
    let mut reader = FeedReader {
        runtime,
        observed,
        read: Vec::new(),
        shown: 0,
        blocked: 0,
        unread: Vec::new(),
        failed: None,
        beside,
        mind,
    };
    let (answer, spent) = think::<ResearchAnswer>(runtime, question, &mut reader).await?;
    let report = reader.report(&answer)?;
    let trends: Vec<Trend> = report.picks.iter().map(|pick| pick.trend.clone()).collect();
    let mut sources = chimera_offering::sources_of(&trends, runtime.now());
    sources.extend(chimera_offering::sources(&report.asked));
    // What was read or recalled and never shown is in nobody's context.
    let recalled = reader.mind.shown().to_vec();
    let mut provenance = observed.provenance(&reader.read[..reader.shown], &recalled, false);
    for answer in &report.asked {
        provenance.add(chimera_guard::labels::answer(&answer.tool));
    }
    let read = reader.read;
    runtime
        .parts()
        .store
        .save_trends(observed.task.tenant, read.clone(), runtime.now())
        .await
        .map_err(PortError::into_fault)?;
    standing_out::look(runtime, observed, &read).await;
    Ok(Prepared {
        kind: ArtifactType::TrendReport,
        payload: serde_json::to_value(&report).map_err(|error| unusable(&error.to_string()))?,
        action: None,
        platform: None,
        sources,
        recalled,
        provenance,
        confidence: Some(answer.confidence),
        spent,
    })
}

/// What the researcher is told.
fn facts_of(
    runtime: &Runtime,
    observed: &Observation,
    feeds: Vec<String>,
    recalled: &[Recalled],
) -> ResearchFacts {
    ResearchFacts {
        goal: observed.campaign.goal.to_string(),
        persona: Arc::clone(&observed.persona.persona),
        instructions: observed.task.instructions.clone(),
        guidance: observed.task.guidance.clone(),
        feeds,
        relevance_threshold: threshold(&observed.campaign),
        max_picks: MAX_PICKS,
        trends: Vec::new(),
        memories: memories::lessons(recalled),
        now: runtime.now(),
    }
}

/// The researcher's hands: the feeds of its campaign, screened at the gateway, and what else fits its task.
struct FeedReader<'a> {
    runtime: &'a Runtime,
    observed: &'a Observation,
    read: Vec<Trend>,
    /// How many of them the model was shown, from the first on.
    shown: usize,
    blocked: u32,
    unread: Vec<String>,
    /// Why the last reading gave nothing at all.
    failed: Option<Fault>,
    beside: Beside,
    mind: Mind,
}

#[async_trait]
impl Hands for FeedReader<'_> {
    fn offered(&self) -> Counted<Vec<OfferedTool>> {
        let manifest = self
            .runtime
            .parts()
            .skills
            .get(FETCH_TRENDS)
            .map(|skill| skill.manifest());
        let own = manifest.map(|manifest| OfferedTool {
            name: manifest.name.clone(),
            description: manifest.description.clone(),
            input_schema: manifest.input_schema.clone(),
        });
        let offered: Vec<_> = own.into_iter().chain(self.beside.offered()).collect();
        offered.into()
    }

    async fn run(
        &mut self,
        call: &ToolCall,
        trace: TraceContext,
        ask: &mut Ask,
        room: u64,
    ) -> Result<String, Fault> {
        if call.name != FETCH_TRENDS {
            let (runtime, observed) = (self.runtime, self.observed);
            return self.beside.run(runtime, observed, call, trace, room).await;
        }
        let mut arguments = call.arguments.clone();
        // A model may choose among the campaign's feeds and never add one: an address in somebody's text
        // must not become a request.
        confine(&mut arguments, &self.observed.feeds());
        let context = self.runtime.skill_context(self.observed, trace);
        let output = self
            .runtime
            .parts()
            .skills
            .run_native(FETCH_TRENDS, &context, arguments)
            .await
            .into_result()
            .inspect_err(|fault| self.failed = Some(fault.clone()))?;
        let trends: Vec<Trend> =
            serde_json::from_value(output.get("trends").cloned().unwrap_or(Value::Null))
                .map_err(|error| unusable(&error.to_string()))?;
        for error in output
            .pointer("/metadata/source_errors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            match serde_json::from_value::<SourceError>(error.clone()) {
                // A network that no feed of the campaign belongs to was never a source of it.
                Ok(told) if told.code == NO_FEED => {}
                Ok(told) => self.unread.push(told.told()),
                Err(_) => self.unread.push(error.to_string()),
            }
        }
        let screened = screen(trends);
        self.blocked += u32::try_from(screened.blocked.len()).unwrap_or(u32::MAX);
        let blocked: Vec<Blocked> = screened
            .blocked
            .iter()
            .map(|(trend, why)| Blocked::item(trend, why))
            .collect();
        let of = (&self.observed.campaign, Some(&self.observed.task));
        blocked::report(self.runtime, of, "feed.block", &blocked).await?;
        if screened.clean.is_empty() && !self.unread.is_empty() && self.read.is_empty() {
            let message = format!(
                "No source could be read: {}. Nothing was made.",
                self.unread.join(" · ")
            );
            return Err(Fault::new(
                FaultClass::Transient,
                "SOURCES_UNREADABLE",
                message,
            ));
        }
        let mut known: std::collections::HashSet<String> =
            self.read.iter().map(|trend| trend.id.clone()).collect();
        self.read.extend(
            screened
                .clean
                .into_iter()
                .filter(|trend| known.insert(trend.id.clone())),
        );
        let nonce = Nonce::from_bytes(*self.runtime.parts().ids.uuid().as_bytes());
        let rest = &self.read[self.shown..];
        let open = MAX_SHOWN.saturating_sub(self.shown).min(rest.len());
        let (listed, words) = list(&rest[..open], rest.len(), room, &nonce);
        self.shown += listed;
        if let Ask::Research(facts) = ask {
            facts.trends = self.read[..self.shown].to_vec();
        }
        Ok(words)
    }

    async fn reminded(
        &mut self,
        answered: &[&str],
        trace: TraceContext,
        ask: &mut Ask,
        room: u64,
    ) -> Option<String> {
        let step = self.observed.in_words();
        let of = (&self.observed.campaign, step.as_str());
        let mind = &mut self.mind;
        let text = mind.reminded(self.runtime, of, answered, trace, room).await;
        if let Ask::Research(facts) = ask {
            facts.memories = memories::lessons(mind.shown());
        }
        text
    }
}

impl FeedReader<'_> {
    fn report(&self, answer: &ResearchAnswer) -> Result<TrendReport, Fault> {
        let threshold = threshold(&self.observed.campaign);
        let picks = kept(answer, &self.read, threshold);
        if let Some(fault) = self.failed.as_ref().filter(|_| self.read.is_empty()) {
            // The model was told and could not mend it; a person must hear why, not that nothing fitted.
            return Err(fault.clone());
        }
        if picks.is_empty() {
            let message = format!(
                "Nothing among {} items serves the goal well enough: none reaches a relevance of {threshold}. Nothing was made; add feeds, or lower the campaign's relevance threshold.",
                self.read.len()
            );
            return Err(Fault::new(
                FaultClass::Validation,
                "NOTHING_RELEVANT",
                message,
            ));
        }
        let left_out =
            u32::try_from(self.read.len() - picks.len().min(self.read.len())).unwrap_or(u32::MAX);
        Ok(TrendReport {
            summary: answer.summary.clone(),
            picks,
            left_out,
            blocked: self.blocked,
            unread: self.unread.clone(),
            asked: self.beside.answers().to_vec(),
        })
    }
}

fn threshold(campaign: &Campaign) -> Confidence {
    Confidence::from_percent(u16::from(campaign.relevance_threshold_percent))
}

/// What research keeps: items that were read and reach the campaign's threshold, whatever the model says of it
/// (PER-04). An id that was never read is an invention of the model's and does not count.
fn kept(answer: &ResearchAnswer, read: &[Trend], threshold: Confidence) -> Vec<Pick> {
    let by_id: HashMap<&str, &Trend> = read
        .iter()
        .map(|trend| (trend.id.as_str(), trend))
        .collect();
    answer
        .picks
        .iter()
        .filter(|pick| pick.relevance >= threshold)
        .filter_map(|pick| {
            let trend = by_id.get(pick.trend_id.as_str())?;
            Some(Pick {
                trend: (*trend).clone(),
                relevance: pick.relevance,
                why: pick.why.clone(),
            })
        })
        .take(MAX_PICKS as usize)
        .collect()
}

fn unusable(error: &str) -> Fault {
    Fault::new(
        FaultClass::Unknown,
        "SKILL_BAD_OUTPUT",
        format!("The skill's output cannot be read: {error}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(id: &str, text: &str) -> Trend {
        serde_json::from_value(json!({
            "id": id, "platform": "web", "title": id, "description": text, "url": "https://a.example",
            "engagement_metrics": {}, "velocity": 0.0, "timestamp": "2026-11-21T08:00:00Z", "topic": "", "tags": [],
        }))
        .unwrap()
    }

    #[test]
    fn what_a_model_calls_relevant_must_reach_the_threshold_and_must_have_been_read() {
        let said = |id: &str, relevance: f64| json!({ "trend_id": id, "relevance": relevance, "why": "So." });
        let answer: ResearchAnswer = serde_json::from_value(json!({
            "summary": "Three.", "dropped": [], "confidence": 0.9,
            "picks": [said("a", 0.9), said("b", 0.74), said("invented", 0.99), said("c", 0.75)],
        }))
        .unwrap();
        let read = ["a", "b", "c"].map(|id| trend(id, ""));
        let ids: Vec<String> = kept(&answer, &read, Confidence::from_percent(75))
            .into_iter()
            .map(|pick| pick.trend.id)
            .collect();
        assert_eq!(ids, ["a", "c"]);
    }
}
