//! How long data are kept: what an owner chose, within the bounds, and what the last run took out.

use std::collections::BTreeMap;

use chimera_contract::{
    error::request,
    retention::{Holding as WireHolding, NewRetention, Retention as WireRetention, RetentionRule},
    scalar::Time,
};
use chimera_domain::{
    id::TenantId,
    retention::{Holding, Keep, MAX_DAYS, Retention, Run, SETTING},
};
use chimera_door::{
    extract::{Body, IfMatch},
    problem::{Answer, Problem},
    respond::Versioned,
    signed::Desk,
    state::Api,
};
use chimera_retention::{last_run, next_run, standing};
use serde_json::json;

/// How long each kind of data is kept, what the last run took out, and when the next one is.
#[utoipa::path(get, path = "/api/v1/retention", tag = "people",
    responses((status = 200, body = WireRetention)))]
pub(crate) async fn get_retention(Desk { api, signed }: Desk) -> Answer<Versioned<WireRetention>> {
    let tenant = signed.caller.tenant;
    let kept = standing(api.store().as_ref(), tenant).await?;
    shown(&api, tenant, kept).await
}

/// Chooses how long data are kept; the next run goes by it.
#[utoipa::path(put, path = "/api/v1/retention", tag = "people",
    request_body = NewRetention, responses((status = 200, body = WireRetention)))]
pub(crate) async fn put_retention(
    Desk { api, signed }: Desk,
    seen: IfMatch,
    Body(asked): Body<NewRetention>,
) -> Answer<Versioned<WireRetention>> {
    let who = &signed.caller;
    let mut keep = BTreeMap::new();
    for rule in &asked.items {
        let days = rule.days.map_or(Keep::Forever, Keep::Days);
        if keep.insert(of_wire(rule.holding), days).is_some() {
            return Err(Problem::invalid(
                "A kind of data is named twice. Nothing was stored; leave one of them out.",
            ));
        }
    }
    // Two changes at once: one after the other, so that the second sees that it comes too late.
    let turn = api.setup.lock().await;
    let (before, _) = standing(api.store().as_ref(), who.tenant).await?;
    if seen.text() != Some(before.version.to_string().as_str()) {
        return Err(Problem::new(&request::VERSION_MISMATCH));
    }
    let kept = Retention::new(before.version + 1, keep)
        .map_err(|error| Problem::invalid(format!("{error}. Nothing was stored.")))?;
    let value = serde_json::to_value(&kept).map_err(|error| Problem::internal(&error))?;
    let told = json!({ "was": days_of(&before), "is": days_of(&kept) });
    let notes = api.notes(who, "retention.save", told, "retention");
    api.store()
        .put_setting(who.tenant, SETTING, value, notes)
        .await?;
    drop(turn);
    api.announce();
    shown(&api, who.tenant, (kept, None)).await
}

fn days_of(kept: &Retention) -> BTreeMap<&'static str, Option<u32>> {
    Holding::ALL
        .map(|holding| (holding.as_str(), days(kept.of(holding))))
        .into()
}

const fn days(keep: Keep) -> Option<u32> {
    match keep {
        Keep::Days(days) => Some(days),
        Keep::Forever => None,
    }
}

async fn shown(
    api: &Api,
    tenant: TenantId,
    (kept, unreadable): (Retention, Option<String>),
) -> Answer<Versioned<WireRetention>> {
    let last = last_run(api.store().as_ref(), tenant).await?;
    let rule = |holding: Holding| {
        let limits = holding.limits();
        let found = |run: &Run| run.rows.get(&holding).copied();
        RetentionRule {
            holding: to_wire(holding),
            days: days(kept.of(holding)),
            chosen: kept.is_chosen(holding),
            standard_days: days(limits.standard),
            least_days: limits.least_days,
            may_be_forever: limits.for_ever,
            rows: last.as_ref().and_then(found).unwrap_or(0),
            held_up: unreadable.clone().or_else(|| {
                last.as_ref()
                    .and_then(|run| run.held_up.get(&holding).cloned())
            }),
        }
    };
    let form = WireRetention {
        version: kept.version,
        items: Holding::ALL.map(rule).into(),
        most_days: MAX_DAYS,
        last_begun_at: last.as_ref().map(|run| Time::of(run.begun_at)),
        last_ended_at: last.as_ref().map(|run| Time::of(run.ended_at)),
        next_at: Time::of(next_run(last.as_ref(), api.now())),
    };
    Ok(Versioned::of(kept.version, form))
}

const fn of_wire(holding: WireHolding) -> Holding {
    match holding {
        WireHolding::Traces => Holding::Traces,
        WireHolding::Events => Holding::Events,
        WireHolding::Alerts => Holding::Alerts,
        WireHolding::Incidents => Holding::Incidents,
        WireHolding::WorkingTexts => Holding::WorkingTexts,
        WireHolding::Trends => Holding::Trends,
        WireHolding::Memories => Holding::Memories,
        WireHolding::Sessions => Holding::Sessions,
        WireHolding::Answers => Holding::Answers,
        WireHolding::Audit => Holding::Audit,
        WireHolding::FinanceAudit => Holding::FinanceAudit,
    }
}

const fn to_wire(holding: Holding) -> WireHolding {
    match holding {
        Holding::Traces => WireHolding::Traces,
        Holding::Events => WireHolding::Events,
        Holding::Alerts => WireHolding::Alerts,
        Holding::Incidents => WireHolding::Incidents,
        Holding::WorkingTexts => WireHolding::WorkingTexts,
        Holding::Trends => WireHolding::Trends,
        Holding::Memories => WireHolding::Memories,
        Holding::Sessions => WireHolding::Sessions,
        Holding::Answers => WireHolding::Answers,
        Holding::Audit => WireHolding::Audit,
        Holding::FinanceAudit => WireHolding::FinanceAudit,
    }
}
