//! Items of a feed that were blocked before a model saw them: each is told once in a campaign.
//!
//! Never here: deciding that an item is blocked (`reading`).

use std::collections::HashSet;

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Change, Incident},
    digest::Digest,
    fault::Fault,
    id::IncidentId,
    trend::Trend,
};
use chimera_guard::redact;
use chimera_ports::{
    error::PortError,
    page::{MAX_PAGE_ROWS, PageRequest},
    store::AuditFilter,
};
use serde_json::{Value, json};

use super::observe::Observation;
use crate::runtime::Runtime;

/// Action of the record.
const BLOCKED: &str = "feed.block";

/// Each blocked item is a security event that somebody can look at, with a record, in one write. A second try
/// reads the same feed again and must not raise a second alarm.
pub(super) async fn report(
    runtime: &Runtime,
    observed: &Observation,
    blocked: &[(Trend, String)],
) -> Result<(), Fault> {
    if blocked.is_empty() {
        return Ok(());
    }
    let mut reported = reported(runtime, observed).await?;
    let mut notes = Vec::new();
    for (trend, why) in blocked {
        let item = item_key(trend);
        if reported.insert(item.clone()) {
            let output = json!({ "item": item, "from": trend.url, "why": why });
            notes.push(Change::Incident(incident(runtime, observed, trend, why)));
            notes.push(Change::Audit(AuditRecord {
                status: AuditStatus::Failure,
                ..runtime.task_record(&observed.task, BLOCKED, output)
            }));
        }
    }
    if notes.is_empty() {
        return Ok(());
    }
    let store = &runtime.parts().store;
    store
        .append(observed.task.tenant, notes)
        .await
        .map(drop)
        .map_err(PortError::into_fault)
}

/// The items of the campaign that were reported before: the newest, as many as one page holds.
async fn reported(runtime: &Runtime, observed: &Observation) -> Result<HashSet<String>, Fault> {
    let filter = AuditFilter {
        campaign: Some(observed.campaign.id),
        task: None,
        action_prefix: Some(BLOCKED.to_owned()),
    };
    let page = PageRequest::first(MAX_PAGE_ROWS);
    let store = &runtime.parts().store;
    let known = store
        .audit(observed.task.tenant, filter, page)
        .await
        .map_err(PortError::into_fault)?;
    let items = known.items.iter().filter_map(|entry| {
        let item = entry.record.output.get("item").and_then(Value::as_str);
        item.map(str::to_owned)
    });
    Ok(items.collect())
}

fn incident(runtime: &Runtime, observed: &Observation, trend: &Trend, why: &str) -> Incident {
    Incident {
        id: IncidentId::from_uuid(runtime.parts().ids.uuid()),
        tenant: observed.task.tenant,
        kind: "injection".to_owned(),
        severity: "medium".to_owned(),
        detail: redact(&format!(
            "An item from {} was blocked before a model saw it: {why}",
            trend.url
        )),
        blocked: true,
        campaign: Some(observed.campaign.id),
        task: Some(observed.task.id),
        created_at: runtime.now(),
    }
}

/// What an item is recognised by, whatever its source calls it.
fn item_key(trend: &Trend) -> String {
    let named = format!("{}\n{}", trend.id, trend.url);
    Digest::of_bytes("chimera.feed-item.v1", named.as_bytes())
        .map_or(named, |digest| digest.to_string())
}
