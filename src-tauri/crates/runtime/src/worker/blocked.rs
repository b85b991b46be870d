//! What was blocked before a model saw it, items of feeds, answers of tools, memories: each is told once in a campaign.
//!
//! Never here: deciding that something is blocked (`guard`).

use std::collections::HashSet;

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    campaign::Campaign,
    change::{Change, Incident},
    digest::Digest,
    fault::Fault,
    id::IncidentId,
    role::Actor,
    task::Task,
    trend::Trend,
};
use chimera_ports::{
    error::PortError,
    page::{MAX_PAGE_ROWS, PageRequest},
    store::AuditFilter,
};
use serde_json::{Value, json};
use tracing::warn;

use super::observe::Observation;
use crate::runtime::Runtime;

/// Something that no model saw, and why.
pub(crate) struct Blocked {
    /// What kind of thing, for people: "An item".
    what: String,
    /// Where it came from.
    from: String,
    /// What it is recognised by.
    key: String,
    /// Which rules, where, and why.
    why: String,
}

impl Blocked {
    /// An item of a feed, recognised whatever its source calls it.
    pub(super) fn item(trend: &Trend, why: &str) -> Self {
        let named = format!("{}\n{}", trend.id, trend.url);
        Self::named("An item", &trend.url, &named, why.to_owned())
    }

    /// A thing from somewhere, recognised by a text of any length.
    pub(crate) fn named(what: &str, from: &str, by: &str, why: String) -> Self {
        Self {
            what: what.to_owned(),
            from: from.to_owned(),
            key: Digest::of_bytes("chimera.feed-item.v1", by.as_bytes())
                .map_or_else(|_| from.to_owned(), |digest| digest.to_string()),
            why,
        }
    }
}

/// What a tool answered, in a step's work.
pub(super) async fn answer(
    runtime: &Runtime,
    observed: &Observation,
    tool: &str,
    words: &str,
    why: &str,
) -> Result<(), Fault> {
    let one = Blocked::named(
        "An answer",
        tool,
        &format!("{tool}\n{words}"),
        why.to_owned(),
    );
    let of = (&observed.campaign, Some(&observed.task));
    report(runtime, of, "tool.block", &[one]).await
}

/// Reports what was blocked outside a step's own work, which nobody may lose over a report that cannot be written.
pub(crate) async fn tell(
    runtime: &Runtime,
    campaign: &Campaign,
    action: &str,
    blocked: &[Blocked],
) {
    if let Err(fault) = report(runtime, (campaign, None), action, blocked).await {
        warn!(action, %fault, "what was blocked could not be reported");
    }
}

/// Each blocked thing is a security event that somebody can look at, with a record, in one write. A second try reads the
/// same again and must not raise a second alarm.
pub(super) async fn report(
    runtime: &Runtime,
    (campaign, task): (&Campaign, Option<&Task>),
    action: &str,
    blocked: &[Blocked],
) -> Result<(), Fault> {
    if blocked.is_empty() {
        return Ok(());
    }
    let mut reported = reported(runtime, campaign, action).await?;
    let mut notes = Vec::new();
    for one in blocked {
        if reported.insert(one.key.clone()) {
            let output = json!({ "item": one.key, "from": one.from, "why": one.why });
            notes.push(Change::Incident(incident(runtime, campaign, task, one)));
            notes.push(Change::Audit(record(
                runtime, campaign, task, action, output,
            )));
        }
    }
    if notes.is_empty() {
        return Ok(());
    }
    let store = &runtime.parts().store;
    store
        .append(campaign.tenant, notes)
        .await
        .map(drop)
        .map_err(PortError::into_fault)
}

/// What of the campaign was reported before: the newest, as many as one page holds.
async fn reported(
    runtime: &Runtime,
    campaign: &Campaign,
    action: &str,
) -> Result<HashSet<String>, Fault> {
    let filter = AuditFilter {
        campaign: Some(campaign.id),
        task: None,
        action_prefix: Some(action.to_owned()),
    };
    let page = PageRequest::first(MAX_PAGE_ROWS);
    let store = &runtime.parts().store;
    let known = store
        .audit(campaign.tenant, filter, page)
        .await
        .map_err(PortError::into_fault)?;
    let items = known.items.iter().filter_map(|entry| {
        let item = entry.record.output.get("item").and_then(Value::as_str);
        item.map(str::to_owned)
    });
    Ok(items.collect())
}

fn record(
    runtime: &Runtime,
    campaign: &Campaign,
    task: Option<&Task>,
    action: &str,
    output: Value,
) -> AuditRecord {
    AuditRecord {
        agent: Some(campaign.agent),
        campaign: Some(campaign.id),
        task: task.map(|task| task.id),
        trace: Some(campaign.trace.trace),
        skill: task.map(|task| task.skill.clone()),
        status: AuditStatus::Failure,
        ..runtime.record(campaign.tenant, Actor::system("gateway"), action, output)
    }
}

fn incident(
    runtime: &Runtime,
    campaign: &Campaign,
    task: Option<&Task>,
    one: &Blocked,
) -> Incident {
    Incident {
        id: IncidentId::from_uuid(runtime.parts().ids.uuid()),
        tenant: campaign.tenant,
        kind: "injection".to_owned(),
        severity: "medium".to_owned(),
        detail: format!(
            "{} from {} was blocked before a model saw it: {}",
            one.what, one.from, one.why
        ),
        blocked: true,
        campaign: Some(campaign.id),
        task: task.map(|task| task.id),
        created_at: runtime.now(),
    }
}
