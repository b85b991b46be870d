//! The return brief: what waits, and what happened meanwhile, counted from stored rows.

use axum::Json;
use chimera_contract::{
    endpoint::Group,
    home::{Happened, HomeBrief, HomeQuery, Waits},
    scalar::Time,
};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    campaign::CampaignStatus,
    id::TenantId,
    time::{InvalidTimestamp, Span, Timestamp},
};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::{AuditEntry, AuditFilter, ReviewFilter},
};

use crate::{
    authz,
    door::{
        extract::Query,
        signed::{Desk, Signed},
    },
    problem::{Answer, Problem},
    state::Api,
};

/// Pages of the audit log that are counted.
const MAX_PAGES: usize = 20;
/// What counts as soon.
const SOON: Span = Span::seconds(60 * 60);

/// What waits for the signed-in person, and what happened since.
#[utoipa::path(get, path = "/api/v1/home", tag = "people",
    params(HomeQuery), responses((status = 200, body = HomeBrief)))]
pub(crate) async fn get_home(
    Desk { api, signed }: Desk,
    Query(asked): Query<HomeQuery>,
) -> Answer<Json<HomeBrief>> {
    let since: Timestamp = asked
        .since
        .0
        .parse()
        .map_err(|error: InvalidTimestamp| Problem::invalid(error.to_string()))?;
    let (happened, complete) = happened(&api, signed.caller.tenant, since).await?;
    Ok(Json(HomeBrief {
        since: Time::of(since),
        now: Time::of(api.now()),
        waits: waits(&api, &signed).await?,
        happened,
        complete,
    }))
}

async fn waits(api: &Api, signed: &Signed) -> Answer<Waits> {
    let (tenant, store) = (signed.caller.tenant, api.store());
    let may = |group| authz::may(&signed.caller.roles, group);
    let mut waits = Waits {
        reviews: None,
        reviews_due: None,
        alerts: None,
        drafts: None,
    };
    let first = || PageRequest::first(MAX_PAGE_ROWS);
    if may(Group::ReviewRead) {
        let soon = api.now() + SOON;
        let urgent = store
            .reviews(tenant, ReviewFilter::default(), first())
            .await?;
        waits.reviews = Some(store.open_reviews(tenant).await?);
        waits.reviews_due = Some(count(
            urgent
                .items
                .iter()
                .filter(|review| review.expires_at <= soon),
        ));
    }
    if may(Group::AlertRead) {
        let alerts = store.alerts(tenant, first()).await?;
        waits.alerts = Some(count(
            alerts
                .items
                .iter()
                .filter(|alert| alert.acknowledged_at.is_none()),
        ));
    }
    if may(Group::CampaignRead) {
        let drafts = store
            .campaigns(tenant, Some(CampaignStatus::Draft), first())
            .await?;
        waits.drafts = Some(count(drafts.items.iter()));
    }
    Ok(waits)
}

fn count<T>(rows: impl Iterator<Item = T>) -> u64 {
    rows.fold(0, |sum, _| sum + 1)
}

/// Acts since `since`, and whether all of them were counted.
async fn happened(api: &Api, tenant: TenantId, since: Timestamp) -> Answer<(Happened, bool)> {
    let mut sum = Happened::default();
    let mut next = PageRequest::first(MAX_PAGE_ROWS);
    for _ in 0..MAX_PAGES {
        let found = api
            .store()
            .audit(tenant, AuditFilter::default(), next)
            .await?;
        for AuditEntry { record, .. } in &found.items {
            if record.at < since {
                return Ok((sum, true));
            }
            add(&mut sum, record);
        }
        match found.next {
            Some(after) => {
                next = PageRequest {
                    after: Some(after),
                    limit: MAX_PAGE_ROWS,
                }
            }
            None => return Ok((sum, true)),
        }
    }
    Ok((sum, false))
}

fn add(sum: &mut Happened, record: &AuditRecord) {
    let figure = match record.action.as_str() {
        "review.approve" => &mut sum.approved,
        "review.edit" => &mut sum.edited,
        "review.reject" => &mut sum.rejected,
        "review.expire" => &mut sum.expired,
        "effect.approve" if record.output["kind"] == "by_rule" => &mut sum.by_rule,
        "effect.settle" if record.status == AuditStatus::Success => &mut sum.published,
        "effect.undo" => &mut sum.undone,
        "effect.fail" | "task.fail" => &mut sum.failed,
        "campaign.finish" | "campaign.fail" => &mut sum.finished,
        _ => return,
    };
    *figure += 1;
}
