//! A run's root span, the words of skills, and other small things that the rooms of the runtime share.

use chimera_domain::{
    attributes::Attributes,
    campaign::{Campaign, CampaignStatus},
    id::TenantId,
    skill::SkillManifest,
    time::Timestamp,
    trace::{SpanKind, SpanStatus, TraceContext, TraceSpan},
};
use chimera_guard::redact;
use chimera_skills::{SkillBody, SkillContext};

use crate::{runtime::Runtime, worker::Observation};

impl Runtime {
    /// Opens the run's root span.
    pub(crate) fn begin_run(&self, campaign: &Campaign) {
        self.parts().spans.record(root(campaign, None));
    }

    /// Ends the run's root span.
    pub(crate) fn end_run(&self, campaign: &Campaign) {
        self.parts().spans.record(root(campaign, Some(self.now())));
    }

    /// A skill's own words for the prompt; none for a skill that is code.
    pub(crate) fn skill_words(&self, name: &str) -> String {
        match self.parts().skills.get(name).map(|skill| skill.body()) {
            Some(SkillBody::Loop(words)) => words.clone(),
            Some(SkillBody::Native(_)) | None => String::new(),
        }
    }

    /// Skills that a step of a plan may name.
    #[must_use]
    pub fn skills(&self) -> Vec<SkillManifest> {
        self.plannable_skills().cloned().collect()
    }

    /// Skills that do a task's work by themselves: those that a plan may use.
    pub(crate) fn plannable_skills(&self) -> impl Iterator<Item = &SkillManifest> {
        self.parts()
            .skills
            .offered()
            .map(|(_, skill)| skill.manifest())
    }

    /// What a native skill is handed.
    pub(crate) fn skill_context(
        &self,
        observed: &Observation,
        trace: TraceContext,
    ) -> SkillContext {
        SkillContext {
            tenant: observed.task.tenant,
            agent: observed.task.agent,
            campaign: observed.task.campaign,
            task: observed.task.id,
            trace,
            tools: self.parts().tools.clone(),
            clock: self.parts().clock.clone(),
            feeds: observed.campaign.feeds.clone(),
            account: Some(observed.persona.persona.id.clone()),
            tool_timeout: self.bounds().tool_call,
        }
    }

    /// A random share of a backoff, 0…999 thousandths.
    pub(crate) fn jitter(&self) -> u16 {
        u16::try_from(self.parts().ids.uuid().as_u64_pair().1 % 1_000).unwrap_or(0)
    }

    /// Tells the watchers of an act that was stored outside a transition.
    pub async fn announce_newest(&self, tenant: TenantId) {
        match self.parts().store.last_event(tenant).await {
            Ok(seq) => self.announce(seq),
            Err(error) => tracing::warn!(%error, "watchers are told late"),
        }
    }
}

fn root(campaign: &Campaign, ended_at: Option<Timestamp>) -> TraceSpan {
    let mut attributes = Attributes::default();
    attributes.tell("gen_ai.operation.name", "invoke_workflow");
    attributes.tell(Attributes::CAMPAIGN, &campaign.id);
    attributes.tell("chimera.goal", &redact(&campaign.goal));
    let status = match (ended_at, campaign.status) {
        (None, _) => SpanStatus::Open,
        (Some(_), CampaignStatus::Cancelled) => SpanStatus::Cancelled,
        (Some(_), CampaignStatus::Failed) => SpanStatus::Error,
        (Some(_), _) => SpanStatus::Ok,
    };
    TraceSpan {
        tenant: campaign.tenant,
        trace: campaign.trace.trace,
        span: campaign.trace.span,
        parent: None,
        kind: SpanKind::Workflow,
        name: redact(&format!("invoke_workflow {}", campaign.name)),
        // The store keeps the earliest start of a span that it knows.
        started_at: campaign.updated_at,
        ended_at,
        status,
        attributes,
    }
}
