//! The return brief: what waits, and what happened meanwhile, counted from stored rows.

use std::collections::HashSet;

use axum::Json;
use chimera_authz as authz;
use chimera_contract::{
    endpoint::Group,
    home::{Happened, HomeBrief, HomeQuery, Waits},
    scalar::Time,
};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    id::TenantId,
    role::Role,
    time::{InvalidTimestamp, Span, Timestamp},
};
use chimera_door::{
    extract::Query,
    problem::{Answer, Problem},
    signed::{Desk, Signed},
    state::Api,
};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::{AuditEntry, AuditFilter},
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
    let (counted, complete) = counted(&api, signed.caller.tenant, since).await?;
    Ok(Json(HomeBrief {
        since: Time::of(since),
        now: Time::of(api.now()),
        waits: waits(&api, &signed).await?,
        happened: counted.shown_to(&signed.caller.roles),
        complete,
    }))
}

async fn waits(api: &Api, signed: &Signed) -> Answer<Waits> {
    let soon = api.now() + SOON;
    let counts = api
        .store()
        .waiting_counts(signed.caller.tenant, soon)
        .await?;
    let may = |group| authz::may(&signed.caller.roles, group);
    let (reviews, alerts) = (may(Group::ReviewRead), may(Group::AlertRead));
    Ok(Waits {
        reviews: reviews.then_some(counts.reviews),
        reviews_due: reviews.then_some(counts.reviews_due),
        alerts: alerts.then_some(counts.alerts),
        drafts: may(Group::CampaignRead).then_some(counts.drafts),
    })
}

/// Acts since `since`, and whether all of them were counted.
async fn counted(api: &Api, tenant: TenantId, since: Timestamp) -> Answer<(Counted, bool)> {
    let mut tally = Tally::default();
    let mut next = PageRequest::first(MAX_PAGE_ROWS);
    for _ in 0..MAX_PAGES {
        let found = api
            .store()
            .audit(tenant, AuditFilter::default(), next)
            .await?;
        for AuditEntry { record, .. } in &found.items {
            if record.at < since {
                return Ok((tally.sum, true));
            }
            tally.add(record);
        }
        match found.next {
            Some(after) => {
                next = PageRequest {
                    after: Some(after),
                    limit: MAX_PAGE_ROWS,
                }
            }
            None => return Ok((tally.sum, true)),
        }
    }
    Ok((tally.sum, false))
}

/// Acts of the tenant, whoever asks.
#[derive(Clone, Copy, Default)]
struct Counted {
    approved: u64,
    edited: u64,
    rejected: u64,
    expired: u64,
    by_rule: u64,
    published: u64,
    undone: u64,
    failed: u64,
    finished: u64,
}

impl Counted {
    /// The figures that `roles` may know: all of them where they read the audit log in which these are counted, else
    /// those whose rows they see in a list of their own.
    fn shown_to(self, roles: &[Role]) -> Happened {
        let audit = authz::may(roles, Group::AuditRead);
        let of = |group, figure| (audit || authz::may(roles, group)).then_some(figure);
        let review = |figure| of(Group::ReviewRead, figure);
        // What went out is listed with the actions, which whoever reviews sees, and with the content.
        let out = |figure| review(figure).or_else(|| of(Group::ContentRead, figure));
        let campaign = |figure| of(Group::CampaignRead, figure);
        Happened {
            approved: review(self.approved),
            edited: review(self.edited),
            rejected: review(self.rejected),
            expired: review(self.expired),
            undone: review(self.undone),
            by_rule: out(self.by_rule),
            published: out(self.published),
            failed: campaign(self.failed),
            finished: campaign(self.finished),
        }
    }
}

/// Acts counted newest first, so that what was taken back is known before the decision itself comes.
#[derive(Default)]
struct Tally {
    sum: Counted,
    /// Reviews whose approval was taken back.
    undone: HashSet<String>,
}

impl Tally {
    fn add(&mut self, record: &AuditRecord) {
        let review = record.output["review"].as_str();
        let sum = &mut self.sum;
        let figure = match record.action.as_str() {
            // What was taken back is one act that is told, not a decision that stands.
            "review.approve" | "review.edit"
                if review.is_some_and(|review| self.undone.contains(review)) =>
            {
                return;
            }
            "review.approve" => &mut sum.approved,
            "review.edit" => &mut sum.edited,
            "review.reject" => &mut sum.rejected,
            "review.expire" => &mut sum.expired,
            // Either the network said that it went out, or a person looked and found it.
            "effect.settle" | "effect.reconcile" if went_out(record) => {
                if record.output["kind"] == "by_rule" {
                    sum.by_rule += 1;
                }
                &mut sum.published
            }
            "effect.undo" => {
                self.undone.extend(review.map(str::to_owned));
                &mut sum.undone
            }
            // A try that is made again (`task.retry`, `effect.retry`) has failed nothing, and what nobody knows yet
            // (`effect.unclear`) counts once a person has looked.
            "effect.fail" | "effect.reconcile" | "task.fail" | "task.time_out" => &mut sum.failed,
            "campaign.finish" | "campaign.fail" => &mut sum.finished,
            _ => return,
        };
        *figure += 1;
    }
}

fn went_out(record: &AuditRecord) -> bool {
    record.status == AuditStatus::Success && record.output["sent"] != false
}
