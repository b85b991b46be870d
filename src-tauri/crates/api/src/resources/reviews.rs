//! The review queue: list, card, claim, trying an edit, deciding.

use axum::Json;
use chimera_contract::{
    error::work,
    page::Page,
    review::{
        ApproveRequest, DecisionKind, DecisionOutcome, DecisionRequest, EditCheck, EditDraft,
        RejectRequest, Review as WireReview, ReviewCard, ReviewQuery,
    },
    scalar::Digest,
};
use chimera_domain::{
    confidence::Confidence,
    id::{ReviewId, TaskId},
    review::Review,
};
use chimera_door::{
    extract::{Body, IfMatch, Path, Query, id, id_in_body},
    problem::{Answer, Problem},
    respond::{Versioned, page},
    signed::{Desk, Signed},
    state::Api,
};
use chimera_ports::store::ReviewFilter;
use chimera_runtime::{DecisionInput, Seen};
use chimera_wire::{ToDomain, review::ReviewNames};

use crate::{names::Names, resources::effects, review_card};

/// Reviews: the open ones by priority, decided ones newest first.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviews",
    params(ReviewQuery), responses((status = 200, body = Page<WireReview>)))]
pub(crate) async fn list_reviews(
    Desk { api, signed }: Desk,
    Query(asked): Query<ReviewQuery>,
) -> Answer<Json<Page<WireReview>>> {
    let below = asked.below.map(Confidence::from_ratio).transpose();
    let filter = ReviewFilter {
        states: asked.state.iter().map(ToDomain::domain).collect(),
        campaign: asked
            .campaign
            .as_ref()
            .map(|campaign| id_in_body(&campaign.0))
            .transpose()?,
        sensitive_only: asked.sensitive,
        below_basis_points: below
            .map_err(|error| Problem::invalid(error.to_string()))?
            .map(Confidence::basis_points),
    };
    let tenant = signed.caller.tenant;
    let found = api
        .store()
        .reviews(tenant, filter, page(asked.after, asked.limit))
        .await?;
    let mut names = Names::of(&api, tenant);
    let mut items = Vec::with_capacity(found.items.len());
    for review in &found.items {
        items.push(shown(&api, &mut names, &signed, review).await?);
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Everything that a person needs to decide one.
#[utoipa::path(get, path = "/api/v1/reviews/{review}", tag = "reviews",
    responses((status = 200, body = ReviewCard)))]
pub(crate) async fn get_review(
    Desk { api, signed }: Desk,
    Path(review): Path<String>,
) -> Answer<Versioned<ReviewCard>> {
    let review = api
        .store()
        .review(signed.caller.tenant, key(&review)?)
        .await?;
    Ok(Versioned::of(
        review.version,
        review_card::of(&api, &signed, &review).await?,
    ))
}

/// Takes a claim on a review, or renews the own one. Others see it and its end.
#[utoipa::path(post, path = "/api/v1/reviews/{review}/claim", tag = "reviews",
    responses((status = 200, body = WireReview)))]
pub(crate) async fn claim_review(
    Desk { api, signed }: Desk,
    Path(review): Path<String>,
) -> Answer<Versioned<WireReview>> {
    let claimed = api
        .runtime
        .claim_review(&signed.caller, key(&review)?, true)
        .await?;
    versioned(&api, &signed, &claimed).await
}

/// Gives the own claim up.
#[utoipa::path(delete, path = "/api/v1/reviews/{review}/claim", tag = "reviews",
    responses((status = 200, body = WireReview)))]
pub(crate) async fn release_claim(
    Desk { api, signed }: Desk,
    Path(review): Path<String>,
) -> Answer<Versioned<WireReview>> {
    let released = api
        .runtime
        .claim_review(&signed.caller, key(&review)?, false)
        .await?;
    versioned(&api, &signed, &released).await
}

/// Judges an edit without deciding anything.
#[utoipa::path(post, path = "/api/v1/reviews/{review}/check-edit", tag = "reviews",
    request_body = EditDraft, responses((status = 200, body = EditCheck)))]
pub(crate) async fn check_edit(
    Desk { api, signed }: Desk,
    Path(review): Path<String>,
    Body(draft): Body<EditDraft>,
) -> Answer<Json<EditCheck>> {
    let checked = api
        .runtime
        .check_edit(&signed.caller, key(&review)?, &draft.text)
        .await?;
    let verdict = chimera_wire::work::verdict(&checked.verdict, draft.text.trim());
    Ok(Json(EditCheck {
        verdict,
        blocked: checked.blocked,
    }))
}

/// Decides a review. What is let go is held for the undo time first.
#[utoipa::path(post, path = "/api/v1/reviews/{review}/decision", tag = "reviews",
    request_body = DecisionRequest, responses((status = 200, body = DecisionOutcome)))]
pub(crate) async fn decide_review(
    Desk { api, signed }: Desk,
    Path(review): Path<String>,
    guard: IfMatch,
    Body(asked): Body<DecisionRequest>,
) -> Answer<Versioned<DecisionOutcome>> {
    let seen = seen(&guard, asked.shown.as_ref())?;
    decide(&api, &signed, key(&review)?, (&guard, seen), input(asked)?).await
}

/// Approves the open review of a task, with an edit where `text` is given (SRS §5.1).
#[utoipa::path(post, path = "/api/approve/{task}", tag = "reviews",
    request_body = ApproveRequest, responses((status = 200, body = DecisionOutcome)))]
pub(crate) async fn approve_task(
    Desk { api, signed }: Desk,
    Path(task): Path<String>,
    guard: IfMatch,
    Body(asked): Body<ApproveRequest>,
) -> Answer<Versioned<DecisionOutcome>> {
    let seen = seen(&guard, asked.shown.as_ref())?;
    let review = open_review(&api, &signed, &task).await?;
    let input = asked
        .text
        .map_or(DecisionInput::Approve, |text| DecisionInput::ApproveEdit {
            text,
        });
    decide(&api, &signed, review, (&guard, seen), input).await
}

/// Rejects the open review of a task (SRS §5.1).
#[utoipa::path(post, path = "/api/reject/{task}", tag = "reviews",
    request_body = RejectRequest, responses((status = 200, body = DecisionOutcome)))]
pub(crate) async fn reject_task(
    Desk { api, signed }: Desk,
    Path(task): Path<String>,
    guard: IfMatch,
    Body(asked): Body<RejectRequest>,
) -> Answer<Versioned<DecisionOutcome>> {
    let seen = seen(&guard, asked.shown.as_ref())?;
    let review = open_review(&api, &signed, &task).await?;
    let input = DecisionInput::Reject {
        reason: asked.reason.map(|reason| reason.domain()),
        note: asked.note,
    };
    decide(&api, &signed, review, (&guard, seen), input).await
}

/// What the decider had before them, by the version and by the digest that they name.
pub(crate) fn seen(guard: &IfMatch, shown: Option<&Digest>) -> Answer<Seen> {
    Ok(Seen {
        version: guard.version()?,
        shown: shown.map(|digest| id_in_body(&digest.0)).transpose()?,
    })
}

/// Decides and shows what came of it.
pub(crate) async fn decide(
    api: &Api,
    signed: &Signed,
    review: ReviewId,
    (guard, seen): (&IfMatch, Seen),
    input: DecisionInput,
) -> Answer<Versioned<DecisionOutcome>> {
    let done = api
        .runtime
        .decide(&signed.caller, review, seen, input)
        .await;
    let done = guard.guard(done)?;
    let mut names = Names::of(api, signed.caller.tenant);
    let effect = match &done.effect {
        Some(effect) => Some(effects::shown(api, &mut names, effect).await?),
        None => None,
    };
    let verdict = done
        .verdict
        .as_ref()
        .map(|verdict| chimera_wire::work::verdict(verdict, &done.review.content_preview.text));
    let outcome = DecisionOutcome {
        review: shown(api, &mut names, signed, &done.review).await?,
        effect,
        verdict,
    };
    Ok(Versioned::of(done.review.version, outcome))
}

fn input(asked: DecisionRequest) -> Answer<DecisionInput> {
    let only = |field: &str, with: &str| {
        Err(Problem::invalid(format!(
            "`{field}` goes with `{with}` only. Nothing was decided."
        )))
    };
    if asked.text.is_some() && asked.decision != DecisionKind::Edit {
        return only("text", "edit");
    }
    if asked.reason.is_some() && asked.decision != DecisionKind::Reject {
        return only("reason", "reject");
    }
    Ok(match (asked.decision, asked.text) {
        (DecisionKind::Approve, _) => DecisionInput::Approve,
        (DecisionKind::Edit, Some(text)) => DecisionInput::ApproveEdit { text },
        (DecisionKind::Edit, None) => {
            return Err(Problem::invalid(
                "An edit needs its `text`. Nothing was decided.",
            ));
        }
        (DecisionKind::Reject, _) => DecisionInput::Reject {
            reason: asked.reason.map(|reason| reason.domain()),
            note: asked.note,
        },
        (DecisionKind::Escalate, _) => DecisionInput::Escalate { note: asked.note },
    })
}

async fn open_review(api: &Api, signed: &Signed, task: &str) -> Answer<ReviewId> {
    let tenant = signed.caller.tenant;
    let task: TaskId = id("task", task)?;
    if let Some(review) = api.store().open_review(tenant, task).await? {
        return Ok(review.review_id);
    }
    let found = api.store().task(tenant, task).await?;
    let code = if found.state.is_terminal() {
        &work::REVIEW_SETTLED
    } else {
        &work::WRONG_STATE
    };
    let message = format!(
        "The task is {}; no review of it waits. Nothing was decided.",
        found.state.as_str()
    );
    Err(Problem::saying(code, message))
}

/// A review's key out of a path.
pub(crate) fn key(text: &str) -> Answer<ReviewId> {
    id("review", text)
}

async fn versioned(api: &Api, signed: &Signed, review: &Review) -> Answer<Versioned<WireReview>> {
    let mut names = Names::of(api, signed.caller.tenant);
    Ok(Versioned::of(
        review.version,
        shown(api, &mut names, signed, review).await?,
    ))
}

/// A review with its names.
pub(crate) async fn shown(
    api: &Api,
    names: &mut Names<'_>,
    signed: &Signed,
    review: &Review,
) -> Answer<WireReview> {
    let with = ReviewNames {
        agent: names.agent(review.agent_id).await?,
        campaign: names.campaign(review.campaign_id).await?,
        claimed_by: names
            .person_if(review.claim.as_ref().map(|claim| claim.by))
            .await?,
        decided_by: names.person_if(review.decided_by).await?,
    };
    Ok(chimera_wire::review::review(
        review,
        with,
        signed.caller.user,
        api.now(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(decision: DecisionKind) -> DecisionRequest {
        DecisionRequest {
            decision,
            text: None,
            reason: None,
            note: String::new(),
            shown: None,
        }
    }

    #[test]
    fn text_goes_with_an_edit_and_a_reason_with_a_rejection() {
        let edit = DecisionRequest {
            text: Some("x".into()),
            ..asked(DecisionKind::Edit)
        };
        assert_eq!(
            input(edit),
            Ok(DecisionInput::ApproveEdit { text: "x".into() })
        );
        for wrong in [
            asked(DecisionKind::Edit),
            DecisionRequest {
                text: Some("x".into()),
                ..asked(DecisionKind::Approve)
            },
            DecisionRequest {
                reason: Some(chimera_contract::review::RejectReason::OffBrand),
                ..asked(DecisionKind::Escalate)
            },
        ] {
            assert_eq!(input(wrong).unwrap_err().code.code, "VALIDATION_ERROR");
        }
    }
}
