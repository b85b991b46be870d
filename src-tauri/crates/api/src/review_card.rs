//! The review card: one item with everything that a person needs to decide it, gathered.
//!
//! Never here: deciding, or what a screen does with it.

use std::sync::Arc;

use chimera_contract::{
    review::{NetworkPreview, PersonaCard, ReviewCard},
    scalar::Digest,
};
use chimera_domain::{
    artifact::{Artifact, ArtifactType},
    id::{AgentId, TenantId},
    review::{Review, ReviewState},
    task::Task,
};
use chimera_door::{problem::Answer, signed::Signed, state::Api};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::ReviewFilter,
};
use chimera_wire::ToWire;
use serde_json::Value;

use crate::{
    names::Names,
    resources::{effects, policy, reviews},
    shown,
};

/// Similar decisions that are shown.
const MAX_SIMILAR: u32 = 5;

/// The card of `review`.
pub(crate) async fn of(api: &Api, signed: &Signed, review: &Review) -> Answer<ReviewCard> {
    let (tenant, store) = (signed.caller.tenant, api.store());
    let mut names = Names::of(api, tenant);
    let board = store.board(tenant, review.task_id).await?;
    let artifact = store.artifact(tenant, review.artifact_id).await?;
    let text = &review.content_preview.text;
    let verdict = store.verdict(tenant, review.artifact_id).await?;
    let mut similar = Vec::new();
    for one in store
        .similar_decisions(tenant, review.review_id, MAX_SIMILAR)
        .await?
    {
        let by = names.person_if(one.decided_by).await?;
        similar.push(chimera_wire::review::similar(&one, by));
    }
    let mut earlier = Vec::new();
    for one in earlier_tries(api, tenant, &board.task).await? {
        let by = names.person_if(one.decided_by).await?;
        earlier.push(chimera_wire::review::similar(&one, by));
    }
    let effect = match &board.effect {
        Some(effect) => Some(effects::shown(api, &mut names, effect).await?),
        None => None,
    };
    let persona = persona(api, &mut names, tenant, review.agent_id).await?;
    let (_, policy) = policy::in_force(api, tenant).await?;
    let bands = match &verdict {
        Some(verdict) => policy::bands_of(api, tenant, verdict.policy_version).await?,
        None => Some(policy.bands),
    };
    Ok(ReviewCard {
        review: reviews::shown(api, &mut names, signed, review).await?,
        findings: chimera_wire::work::findings(&review.findings, text),
        preview: preview(review, &artifact, &persona.agent.name),
        artifact: artifact.wire(),
        verdict: verdict.map(|verdict| chimera_wire::work::verdict(&verdict, text)),
        bands: bands.wire(),
        persona,
        goal: board.campaign.goal.to_string(),
        history: history(api, tenant, review).await?,
        guidance: board.task.guidance.clone(),
        earlier,
        similar,
        effect,
        trace: board.task.trace.trace.to_string(),
        span: board.task.trace.span.to_string(),
        shown: Digest::of(review.shown),
        outgoing: shown::of(&artifact)?,
        options: chimera_wire::review::options(&policy),
    })
}

/// Tries of the same step that people rejected, oldest first.
async fn earlier_tries(api: &Api, tenant: TenantId, task: &Task) -> Answer<Vec<Review>> {
    if task.rejections == 0 {
        return Ok(Vec::new());
    }
    let store = api.store();
    let filter = ReviewFilter {
        states: vec![ReviewState::Rejected],
        campaign: Some(task.campaign),
        ..ReviewFilter::default()
    };
    let rejected = store
        .reviews(tenant, filter, PageRequest::first(MAX_PAGE_ROWS))
        .await?;
    let mut tries = Vec::new();
    for review in rejected.items {
        let before = store.task(tenant, review.task_id).await?;
        if before.id != task.id
            && step_of(&before) == step_of(task)
            && before.rejections <= task.rejections
        {
            tries.push(review);
        }
    }
    tries.reverse();
    Ok(tries)
}

/// The plan's step behind a task, whichever try it is: the engine marks a rewrite with `~` and its number.
fn step_of(task: &Task) -> &str {
    task.step.split('~').next().unwrap_or(&task.step)
}

/// Drafts and edits, oldest first: those of the tasks that it builds on, then its own.
async fn history(
    api: &Api,
    tenant: TenantId,
    review: &Review,
) -> Answer<Vec<chimera_contract::work::Artifact>> {
    let store = api.store();
    let mut line: Vec<Artifact> = Vec::new();
    for (task, artifact, _) in store.inputs(tenant, review.task_id).await? {
        if artifact.artifact_type == ArtifactType::Caption {
            line.extend(store.artifacts(tenant, task.id).await?);
        }
    }
    line.extend(store.artifacts(tenant, review.task_id).await?);
    Ok(line.wire())
}

fn preview(review: &Review, artifact: &Artifact, author: &str) -> Option<NetworkPreview> {
    let platform = review.platform?;
    let text = review.content_preview.text.clone();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(NetworkPreview {
        platform: platform.wire(),
        account: artifact
            .action
            .as_ref()
            .map(|action| action.account.clone()),
        author: author.to_owned(),
        chars: count(text.chars().count()),
        max_chars: count(platform.max_text_chars()),
        ai_label: artifact
            .payload
            .pointer("/disclosure/ai_generated")
            .and_then(Value::as_bool),
        text,
    })
}

async fn persona(
    api: &Api,
    names: &mut Names<'_>,
    tenant: TenantId,
    agent: AgentId,
) -> Answer<PersonaCard> {
    let row = api.store().agent(tenant, agent).await?;
    let version = api.store().persona(tenant, row.persona_version).await?;
    let persona = Arc::unwrap_or_clone(version.persona);
    Ok(PersonaCard {
        agent: names.agent(agent).await?,
        role: persona.role,
        voice_traits: persona.voice_traits,
        directives: persona.directives,
        forbidden: persona.forbidden,
        version: version.number,
    })
}
