//! Campaigns: make, plan, edit, start, hold, go on, call off.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    id::{AgentId, CampaignId, PlanId, TaskId, VersionId},
    money::Usd,
    plan::{Plan, PlanStep},
    platform::Platform,
    task::Task,
    text::{Goal, clipped},
    trace::TraceContext,
};
use chimera_engine::{
    CampaignCommand, Command,
    plan::{check, fits, keeps_to, reaches},
};
use chimera_ports::error::PortError;
use serde_json::json;

use super::{Caller, admission::check_new};
use crate::{
    act::ActError,
    error::{ErrorKind, RuntimeError},
    planning,
    runtime::Runtime,
};

/// Most characters of the name that is made of a goal when none is given.
const NAME_CHARS: usize = 60;

/// A campaign as a person asks for it.
#[derive(Clone, PartialEq, Debug)]
pub struct NewCampaign {
    /// The agent that will run it.
    pub agent: AgentId,
    /// Short name; the goal's first words when absent.
    pub name: Option<String>,
    /// The goal in plain words.
    pub goal: Goal,
    /// Feeds that it reads.
    pub feeds: Vec<String>,
    /// Where its posts go.
    pub platforms: Vec<Platform>,
    /// Most it may spend on one UTC day.
    pub daily_budget: Usd,
    /// Most posts on one UTC day.
    pub max_posts_per_day: u32,
    /// Lowest relevance, in hundredths, at which a feed item counts.
    pub relevance_threshold_percent: u8,
}

impl NewCampaign {
    /// Lowest relevance, in hundredths, unless a campaign has its own (PER-04).
    pub const RELEVANCE_PERCENT: u8 = 75;
}

impl Runtime {
    /// Makes a campaign in draft. Nothing runs.
    ///
    /// # Errors
    /// When the agent is unknown, a bound is exceeded, or the store refuses.
    pub async fn create_campaign(
        &self,
        who: &Caller,
        new: NewCampaign,
    ) -> Result<Campaign, RuntimeError> {
        check_new(&new)?;
        self.check_platforms(who, &new.platforms).await?;
        let store = &self.parts().store;
        let agent = store.agent(who.tenant, new.agent).await?;
        let policy_version = store
            .current_policy(who.tenant)
            .await?
            .map_or(0, |record| record.version);
        let ids = &self.parts().ids;
        let id = CampaignId::from_uuid(ids.uuid());
        let name = new.name.unwrap_or_else(|| clipped(&new.goal, NAME_CHARS));
        let campaign = Campaign {
            id,
            tenant: who.tenant,
            agent: agent.id,
            owner: who.user,
            name,
            goal: new.goal,
            status: CampaignStatus::Draft,
            daily_budget: new.daily_budget,
            feeds: new.feeds,
            platforms: new.platforms,
            max_posts_per_day: new.max_posts_per_day,
            relevance_threshold_percent: new.relevance_threshold_percent,
            state_version: 1,
            fault: None,
            replans: 0,
            replanning: None,
            policy_version,
            persona_version: agent.persona_version,
            trace: TraceContext {
                trace: ids.trace(),
                span: ids.span(),
            },
            version: VersionId::from_uuid(ids.uuid()),
            created_at: self.now(),
            updated_at: self.now(),
        };
        let output = json!({ "campaign": id, "goal": &*campaign.goal });
        let notes = self.campaign_notes(who, &campaign, "campaign.create", output);
        store.create_campaign(&campaign, notes).await?;
        self.announce_newest(who.tenant).await;
        Ok(campaign)
    }

    /// Asks the planner for a plan and stores it as the next revision. Nothing runs.
    ///
    /// # Errors
    /// When the campaign is no draft, or no usable plan came of it.
    pub async fn plan_campaign(&self, who: &Caller, id: CampaignId) -> Result<Plan, RuntimeError> {
        let campaign = self.draft(who, id).await?;
        let before = self.plan_before(who, id).await?;
        let revision = before.as_ref().map_or(1, |plan| plan.revision + 1);
        let plan = planning::plan(self, &campaign, revision)
            .await
            .map_err(|fault| {
                let details = json!({ "cause": fault.code, "class": fault.class });
                let mut error =
                    RuntimeError::new(ErrorKind::Unavailable, "PLANNING_FAILED", fault.message)
                        .with(details);
                error.retryable = fault.class.is_retryable();
                error
            })?;
        self.store_plan(who, &campaign, plan, before.map(|plan| plan.version))
            .await
    }

    /// Stores an edited plan as the next revision.
    ///
    /// # Errors
    /// When the plan cannot run (a circle is named), or somebody else edited it first.
    pub async fn edit_plan(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: VersionId,
        steps: Vec<PlanStep>,
    ) -> Result<Plan, RuntimeError> {
        let campaign = self.draft(who, id).await?;
        check(&steps)?;
        keeps_to(&steps, &campaign.feeds)?;
        fits(&steps, campaign.daily_budget)?;
        self.check_skills(&steps)?;
        let before = self.parts().store.plan(who.tenant, id).await?;
        if before.version != expected {
            return Err(PortError::conflict("plan", before.id).into());
        }
        let plan = Plan {
            id: PlanId::from_uuid(self.parts().ids.uuid()),
            revision: before.revision + 1,
            steps: marked(steps, &before.steps),
            version: VersionId::from_uuid(self.parts().ids.uuid()),
            updated_at: self.now(),
            ..before
        };
        self.store_plan(who, &campaign, plan, Some(expected)).await
    }

    /// Starts a campaign: its plan becomes tasks.
    ///
    /// # Errors
    /// When it is no draft, has no plan that can run, or changed since `expected`.
    pub async fn start_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: Option<VersionId>,
    ) -> Result<Campaign, RuntimeError> {
        self.refuse_while_stopped(who.tenant, "Nothing was started.")
            .await?;
        let plan = self.parts().store.plan(who.tenant, id).await?;
        self.check_skills(&plan.steps)?;
        reaches(&plan.steps)?;
        let command = CampaignCommand::Start {
            plan: Box::new(plan),
        };
        let campaign = self.ask_campaign(who, id, command, expected).await?;
        self.begin_run(&campaign);
        Ok(campaign)
    }

    /// Holds a campaign still.
    ///
    /// # Errors
    /// When it does not run, or changed since `expected`.
    pub async fn pause_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: Option<VersionId>,
    ) -> Result<Campaign, RuntimeError> {
        self.ask_campaign(who, id, CampaignCommand::Pause, expected)
            .await
    }

    /// Goes on with a paused campaign.
    ///
    /// # Errors
    /// When it is not paused, or changed since `expected`.
    pub async fn resume_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: Option<VersionId>,
    ) -> Result<Campaign, RuntimeError> {
        self.refuse_while_stopped(who.tenant, "Nothing was resumed.")
            .await?;
        self.ask_campaign(who, id, CampaignCommand::Resume, expected)
            .await
    }

    /// Calls a campaign off: open tasks end, open reviews are withdrawn, held actions are voided.
    ///
    /// # Errors
    /// When it has ended already, or changed since `expected`.
    pub async fn cancel_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: Option<VersionId>,
        note: &str,
    ) -> Result<Campaign, RuntimeError> {
        let command = CampaignCommand::Cancel {
            note: note.to_owned(),
        };
        let campaign = self.ask_campaign(who, id, command, expected).await?;
        self.end_run(&campaign);
        Ok(campaign)
    }

    /// Calls one task off, with all that depends on it.
    ///
    /// # Errors
    /// When it has ended already, or is leaving right now.
    pub async fn cancel_task(
        &self,
        who: &Caller,
        task: TaskId,
        note: &str,
    ) -> Result<Task, RuntimeError> {
        let command = Command::Cancel {
            note: note.to_owned(),
        };
        let acted = self.act(who.tenant, task, who.actor(), command).await?;
        Ok(acted.set.task.unwrap_or(acted.before.task))
    }

    pub(super) async fn ask_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        command: CampaignCommand,
        expected: Option<VersionId>,
    ) -> Result<Campaign, RuntimeError> {
        let check = |campaign: &Campaign| match expected {
            Some(version) if version != campaign.version => {
                Err(ActError::Store(PortError::conflict("campaign", id)))
            }
            _ => Ok(()),
        };
        Ok(self
            .act_on_campaign(who.tenant, id, who.actor(), command, check)
            .await?)
    }

    async fn draft(&self, who: &Caller, id: CampaignId) -> Result<Campaign, RuntimeError> {
        let campaign = self.parts().store.campaign(who.tenant, id).await?;
        if campaign.status == CampaignStatus::Draft {
            return Ok(campaign);
        }
        let message = format!(
            "The campaign is {}; its plan can be edited in draft only. Nothing was changed.",
            campaign.status.as_str()
        );
        Err(RuntimeError::new(
            ErrorKind::Conflict,
            "WRONG_STATE",
            message,
        ))
    }

    async fn plan_before(
        &self,
        who: &Caller,
        id: CampaignId,
    ) -> Result<Option<Plan>, RuntimeError> {
        match self.parts().store.plan(who.tenant, id).await {
            Ok(plan) => Ok(Some(plan)),
            Err(PortError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn store_plan(
        &self,
        who: &Caller,
        campaign: &Campaign,
        plan: Plan,
        expected: Option<VersionId>,
    ) -> Result<Plan, RuntimeError> {
        let output = json!({ "campaign": campaign.id, "revision": plan.revision, "steps": plan.steps.len() });
        let notes = self.campaign_notes(who, campaign, "plan.save", output);
        self.parts().store.save_plan(&plan, expected, notes).await?;
        self.announce_newest(who.tenant).await;
        Ok(plan)
    }
}

/// What a person wrote or changed is theirs: planning again leaves it alone.
fn marked(mut steps: Vec<PlanStep>, before: &[PlanStep]) -> Vec<PlanStep> {
    for step in &mut steps {
        let same = before.iter().find(|known| known.key == step.key);
        step.edited = same.is_none_or(|known| known.edited || !known.says_the_same(step));
    }
    steps
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step(key: &str, title: &str, edited: bool) -> PlanStep {
        serde_json::from_value(json!({
            "key": key, "title": title, "kind": "generate_caption", "skill": "write_post", "max_cost": "0.05",
            "estimated_cost": "0", "edited": edited,
        }))
        .unwrap()
    }

    #[test]
    fn what_a_person_changed_is_theirs_and_stays_theirs() {
        let before = [
            step("a", "A", false),
            step("b", "B", false),
            step("c", "C", true),
        ];
        let stored = [
            step("a", "A", false),
            step("b", "Bee", false),
            step("c", "C", false),
            step("d", "D", false),
        ];
        let marks: Vec<(String, bool)> = marked(stored.to_vec(), &before)
            .into_iter()
            .map(|step| (step.key, step.edited))
            .collect();
        let expected = [("a", false), ("b", true), ("c", true), ("d", true)];
        assert_eq!(
            marks,
            expected.map(|(key, edited)| (key.to_owned(), edited))
        );
    }
}
