//! The far side did it: the receipt is stored and the task is done.

use chimera_domain::{
    action::{Effect, EffectState, Receipt},
    artifact::generated_by,
    audit::AuditStatus,
    change::{Board, Change, ChangeSet},
    id::{ContentId, EffectId, PublicationId},
    post::PostContent,
    publication::{Content, ContentStatus, Publication, PublicationStatus},
    task::TaskState,
};
use serde_json::{Value, json};

use crate::{given::Given, refusal::Refusal, step::Step};

/// Characters of a post that serve as its title in lists.
const TITLE_CHARS: usize = 80;

pub(super) fn settle(
    board: &Board,
    effect: EffectId,
    receipt: Receipt,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let sent = board
        .effect
        .as_ref()
        .filter(|found| found.id == effect)
        .ok_or(Refusal::Missing("action"))?;
    if !matches!(
        sent.state,
        EffectState::Dispatching { .. } | EffectState::PendingReconciliation
    ) {
        return Err(Refusal::WrongState {
            command: "settling",
            needed: "dispatching",
            found: sent.state.as_str(),
        });
    }
    let mut step = Step::on(board);
    let output = json!({
        "effect": sent.id, "post_id": receipt.post_id, "url": receipt.url, "kind": sent.approval.kind,
    });
    step.audit(given, "effect.settle", output, AuditStatus::Success);
    settled(&mut step, sent, receipt, given);
    Ok(step.finish(given))
}

/// Stores that it went out. A task that has ended meanwhile stays ended: only the outcome is stored.
pub(super) fn settled(step: &mut Step<'_>, sent: &Effect, receipt: Receipt, given: &mut Given<'_>) {
    publish(step, sent, &receipt, given);
    let mut next = sent.clone();
    next.state = EffectState::Sent;
    next.is_unclear = false;
    next.receipt = Some(receipt);
    next.fault = None;
    step.save_effect(given, next, Some(sent.version));
    if step.task.state.is_terminal() {
        return;
    }
    step.task.fault = None;
    step.go(given, TaskState::Completed);
    step.push(Change::ReleaseDependents(step.task.id));
}

fn publish(step: &mut Step<'_>, sent: &Effect, receipt: &Receipt, given: &mut Given<'_>) {
    let Some(post) = post_of(
        step.board
            .artifact
            .as_ref()
            .map(|artifact| &artifact.payload),
        sent,
    ) else {
        return;
    };
    let artifact = step.board.artifact.as_ref();
    let content = Content {
        id: ContentId::from_uuid(given.id()),
        tenant: sent.tenant,
        campaign: sent.campaign,
        task: sent.task,
        kind: "text".to_owned(),
        script: post.content.text.clone(),
        style: None,
        local_path: None,
        metadata: json!({
            "generated_by": artifact.map_or_else(
                || generated_by(false).to_owned(),
                |artifact| artifact.generation_metadata.generated_by.clone(),
            ),
            "disclosure_level": post.disclosure.disclosure_level,
            "model": artifact.map(|artifact| artifact.generation_metadata.model.clone()),
            "rehearsal": artifact.map(|artifact| artifact.generation_metadata.rehearsal),
            "confidence_score": step.task.score,
        }),
        status: ContentStatus::Published,
        trend_id: artifact
            .and_then(|artifact| artifact.payload.pointer("/tracking/source"))
            .and_then(Value::as_str)
            .filter(|source| !source.is_empty())
            .map(str::to_owned),
        created_at: given.now,
        updated_at: given.now,
    };
    let publication = Publication {
        id: PublicationId::from_uuid(given.id()),
        tenant: sent.tenant,
        agent: sent.agent,
        campaign: sent.campaign,
        task: sent.task,
        content: content.id,
        platform: sent.action.platform,
        post_id: receipt.post_id.clone(),
        url: receipt.url.clone(),
        title: post.content.text.chars().take(TITLE_CHARS).collect(),
        description: post.content.text,
        tags: post.disclosure.compliance_tags,
        published_at: Some(receipt.received_at),
        scheduled_at: step.task.publish_at,
        status: PublicationStatus::Published,
        rehearsal: artifact.is_some_and(|artifact| artifact.generation_metadata.rehearsal),
    };
    step.push(Change::Content(content));
    step.push(Change::Publication(publication));
}

/// The post is the artifact's payload; the arguments, projected for the tool, are the fallback.
fn post_of(payload: Option<&Value>, sent: &Effect) -> Option<PostContent> {
    let read = |value: &Value| serde_json::from_value::<PostContent>(value.clone()).ok();
    payload
        .and_then(read)
        .or_else(|| read(&sent.action.arguments))
}
