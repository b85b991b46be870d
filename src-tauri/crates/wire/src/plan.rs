//! Plans and their words.

use chimera_contract::{
    plan as wire,
    scalar::{Id, Time, Usd, Version},
};
use chimera_domain::{
    money,
    plan::{Plan, PlanStep},
    platform::Platform,
    spend::Rate,
    task::{Priority, TaskKind, TaskType},
};

use crate::{NotTaken, ToDomain, ToWire, mirror};

mirror!(TaskType => wire::TaskType { Research, ContentGen, Transaction, Engagement } and back);
mirror!(TaskKind => wire::TaskKind {
    AnalyzeTrends, GenerateCaption, RenderImage, RenderVideo, PublishPost, ReplyComment,
    ExecuteTransaction, PeerReview, Replan,
} and back);
mirror!(Platform => wire::Platform {
    Twitter, Instagram, Threads, Tiktok, Youtube, Bluesky, Mastodon, Moltbook, Openclaw, Sandbox,
} and back);

impl ToWire for PlanStep {
    type Wire = wire::PlanStep;
    fn wire(&self) -> wire::PlanStep {
        wire::PlanStep {
            key: self.key.clone(),
            title: self.title.clone(),
            kind: self.kind.wire(),
            skill: self.skill.clone(),
            instructions: self.instructions.clone(),
            input: self.input.clone(),
            platform: self.platform.wire(),
            priority: self.priority.get(),
            max_cost: self.max_cost.map(Usd::of),
            estimated_cost: Usd::of(self.estimated_cost),
            deadline: self.deadline.map(Time::of),
            publish_at: self.publish_at.map(Time::of),
            needs: self.needs.clone(),
        }
    }
}

/// A plan; `rates` are those of the models that would do it, `None` where one has no price.
#[must_use]
pub fn plan(plan: &Plan, rates: &[Option<Rate>]) -> wire::Plan {
    // One step without a cap is enough: together they have none either.
    let most = plan.steps.iter().try_fold(money::Usd::ZERO, |sum, step| {
        Some(sum.saturating_add(step.max_cost?))
    });
    let posts = plan
        .steps
        .iter()
        .filter(|step| step.kind == TaskKind::PublishPost)
        .count();
    wire::Plan {
        id: Id::of(plan.id),
        campaign: Id::of(plan.campaign),
        revision: plan.revision,
        steps: plan.steps.wire(),
        author: plan.author.clone(),
        rationale: plan.rationale.clone(),
        estimated_cost: Usd::of(plan.estimated_cost()),
        unpriced: is_unknown(plan.estimated_cost(), rates),
        max_cost: most.map(Usd::of),
        posts: u32::try_from(posts).unwrap_or(u32::MAX),
        version: Version::of(plan.version),
        updated_at: Time::of(plan.updated_at),
    }
}
/// Whether an estimate means nothing: a model has no price, or none had one when it was made.
fn is_unknown(estimate: money::Usd, rates: &[Option<Rate>]) -> bool {
    let free = rates.iter().all(|rate| *rate == Some(Rate::FREE));
    let known = rates.iter().all(Option::is_some);
    !known || (!free && estimate == money::Usd::ZERO)
}

/// A step as a person edited it.
///
/// # Errors
/// Names the step and what is wrong with it.
pub fn step(step: wire::PlanStep) -> Result<PlanStep, NotTaken> {
    let key = step.key.clone();
    let at = |problem: String| NotTaken(format!("Step '{key}': {problem}. Nothing was stored."));
    let money = |usd: &Usd| {
        usd.0
            .parse()
            .map_err(|error: chimera_domain::money::InvalidUsd| at(error.to_string()))
    };
    let time = |time: Option<Time>| {
        time.map(|time| {
            time.0
                .parse()
                .map_err(|error: chimera_domain::time::InvalidTimestamp| at(error.to_string()))
        })
        .transpose()
    };
    if step.priority > 100 {
        return Err(at(format!(
            "priority is {}, it may be 0 to 100",
            step.priority
        )));
    }
    Ok(PlanStep {
        title: step.title,
        kind: step.kind.domain(),
        skill: step.skill,
        instructions: step.instructions,
        input: step.input,
        platform: step.platform.map(|platform| platform.domain()),
        priority: Priority::new(step.priority),
        max_cost: step.max_cost.as_ref().map(money).transpose()?,
        estimated_cost: money(&step.estimated_cost)?,
        deadline: time(step.deadline)?,
        publish_at: time(step.publish_at)?,
        needs: step.needs,
        // Whoever stores it says whose it is.
        edited: false,
        key: step.key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_unknown_while_a_model_has_no_price_or_had_none_when_it_was_estimated() {
        let free = Some(Rate::FREE);
        let dear = Some(Rate {
            input_per_million: money::Usd::from_cents(300),
            ..Rate::FREE
        });
        let (nothing, some) = (money::Usd::ZERO, money::Usd::from_cents(1));
        for (estimate, rates, unknown) in [
            (nothing, [free, free], false),
            (nothing, [dear, dear], true),
            (some, [dear, free], false),
            (some, [dear, None], true),
            (nothing, [free, None], true),
        ] {
            assert_eq!(
                is_unknown(estimate, &rates),
                unknown,
                "{estimate} {rates:?}"
            );
        }
    }
}
