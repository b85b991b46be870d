//! Observe: the task with all that its work may use (COG-06, COG-07).
//!
//! Never here: asking a model.

use chimera_domain::{
    artifact::{Artifact, ArtifactType},
    campaign::Campaign,
    fault::Fault,
    id::AttemptId,
    memory::Recalled,
    persona::PersonaVersion,
    provenance::Provenance,
    spend::CallRole,
    task::Task,
    time::{Span, Timestamp},
    trace::TraceContext,
    trend::{ToolAnswer, Trend, TrendReport},
    verdict::Verdict,
};
use chimera_guard::labels::{self, Context};
use chimera_ports::error::{PortError, Trouble};
use chimera_spending::Account;

use crate::{recalling, runtime::Runtime};

/// Earlier posts that a writer and a judge are shown.
pub(crate) const PREVIOUS_POSTS: u32 = 20;

/// What a worker sees.
pub(crate) struct Observation {
    pub(crate) campaign: Campaign,
    pub(crate) task: Task,
    pub(crate) persona: PersonaVersion,
    /// Results of the tasks that this one needs.
    pub(crate) inputs: Vec<(Task, Artifact, Option<Verdict>)>,
    /// Texts of the same agent that went before, newest first.
    pub(crate) previous_posts: Vec<String>,
    /// What the agent has in mind.
    pub(crate) recalled: Vec<Recalled>,
    /// Where its spans hang.
    pub(crate) trace: TraceContext,
    /// The run, where it is a worker's.
    pub(crate) attempt: Option<AttemptId>,
    /// Tokens that the step may read and write, over all its tries.
    token_cap: u64,
}

impl Observation {
    pub(crate) async fn of(
        runtime: &Runtime,
        campaign: &Campaign,
        task: &Task,
        trace: TraceContext,
    ) -> Result<Self, Fault> {
        let store = &runtime.parts().store;
        let persona = store
            .persona(task.tenant, campaign.persona_version)
            .await
            .map_err(PortError::into_fault)?;
        let inputs = store
            .inputs(task.tenant, task.id)
            .await
            .map_err(PortError::into_fault)?;
        let posts = store
            .recent_posts(task.tenant, task.agent, PREVIOUS_POSTS)
            .await
            .map_err(PortError::into_fault)?;
        let token_cap = runtime.token_cap(campaign).await?;
        Ok(Self {
            campaign: campaign.clone(),
            task: task.clone(),
            persona,
            inputs,
            previous_posts: posts.into_iter().map(|post| post.text).collect(),
            recalled: Vec::new(),
            trace,
            attempt: None,
            token_cap,
        })
    }

    /// The same with what fits this step in mind.
    pub(crate) async fn remembering(mut self, runtime: &Runtime) -> Self {
        let question = self.in_words();
        self.recalled = recalling::in_mind(runtime, &self.campaign, &question, self.trace).await;
        self
    }

    /// What the step is about, in the words of its goal and its plan.
    pub(crate) fn in_words(&self) -> String {
        format!(
            "{}\n{}\n{}",
            self.campaign.goal, self.task.title, self.task.instructions
        )
    }

    /// What the step is part of.
    pub(crate) fn within(&self) -> String {
        format!("{}\n{}", self.campaign.goal, self.task.title)
    }

    /// The most fitting of what it has in mind.
    pub(crate) fn first_recalled(&self, most: usize) -> &[Recalled] {
        self.recalled.get(..most).unwrap_or(&self.recalled)
    }

    /// The feeds that this task may read: those that its step names among the campaign's, or all of them when it
    /// names none. A name that is not the campaign's opens nothing.
    pub(crate) fn feeds(&self) -> Vec<String> {
        allowed(&self.campaign.feeds, &self.task.feeds())
    }

    /// The same in a worker's run.
    pub(crate) fn in_attempt(mut self, attempt: AttemptId) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// Who pays for what is asked about this task: the task within its cap if it has one, the campaign within its
    /// day.
    pub(crate) fn account(&self, role: CallRole) -> Account {
        Account {
            role,
            campaign: Some(Box::new(self.campaign.clone())),
            task: Some(self.task.id),
            attempt: self.attempt,
            cap: self.task.max_cost,
            token_cap: Some(self.token_cap),
        }
    }

    /// Where the words come from that are written with these items and memories in view.
    pub(crate) fn provenance(
        &self,
        items: &[Trend],
        recalled: &[Recalled],
        posts: bool,
    ) -> Provenance {
        let context = Context {
            items,
            recalled,
            posts,
            plan: self.task.plan_private,
            guidance: !self.task.guidance.is_empty(),
        };
        labels::of_context(context, self.inputs.iter().map(|(_, input, _)| input))
    }

    /// The newest result of a kind among what this task needs.
    pub(crate) fn input(&self, kind: ArtifactType) -> Option<(&Artifact, Option<&Verdict>)> {
        self.inputs
            .iter()
            .filter(|(_, artifact, _)| artifact.artifact_type == kind)
            .max_by_key(|(_, artifact, _)| artifact.created_at)
            .map(|(_, artifact, verdict)| (artifact, verdict.as_ref()))
    }

    /// What research kept, over all reports that this task needs.
    pub(crate) fn picks(&self) -> Vec<Trend> {
        let mut picks: Vec<_> = self.reports().flat_map(|report| report.picks).collect();
        picks.sort_by_key(|pick| std::cmp::Reverse(pick.relevance));
        picks.into_iter().map(|pick| pick.trend).collect()
    }

    /// What tools answered when research asked them, over all reports that this task needs.
    pub(crate) fn asked(&self) -> Vec<ToolAnswer> {
        self.reports().flat_map(|report| report.asked).collect()
    }

    fn reports(&self) -> impl Iterator<Item = TrendReport> + '_ {
        self.inputs
            .iter()
            .filter(|(_, artifact, _)| artifact.artifact_type == ArtifactType::TrendReport)
            .filter_map(|(_, artifact, _)| serde_json::from_value(artifact.payload.clone()).ok())
    }

    /// When what research found was read: the newest report's time.
    pub(crate) fn read_at(&self) -> Option<Timestamp> {
        self.input(ArtifactType::TrendReport)
            .map(|(report, _)| report.created_at)
    }
}

fn allowed(own: &[String], named: &[String]) -> Vec<String> {
    own.iter()
        .filter(|feed| named.is_empty() || named.contains(feed))
        .cloned()
        .collect()
}

/// Rest of a task that could not go on because the store is in trouble.
const STORE_REST: Span = Span::seconds(5);

/// How long a task rests, with no try counted, whose attempt met a store in trouble.
pub(crate) fn waits_for_store(fault: &Fault) -> Option<Span> {
    let met = Trouble::ALL.map(Trouble::code);
    met.contains(&fault.code.as_str()).then_some(STORE_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_reads_what_it_is_confined_to_and_nothing_that_is_not_the_campaigns() {
        let feeds = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let own = feeds(&["a.xml", "b.xml"]);
        for (named, read) in [
            (feeds(&[]), own.clone()),
            (feeds(&["b.xml"]), feeds(&["b.xml"])),
            (feeds(&["b.xml", "c.xml"]), feeds(&["b.xml"])),
            (feeds(&["c.xml"]), feeds(&[])),
        ] {
            assert_eq!(allowed(&own, &named), read, "{named:?}");
        }
    }
}
