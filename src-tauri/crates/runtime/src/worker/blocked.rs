//! Items of a feed and answers of tools that were blocked before a model saw them: each is told once in a campaign.
//!
//! Never here: deciding that something is blocked (`guard`).

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

/// Actions of the records.
const ITEM: &str = "feed.block";
const ANSWER: &str = "tool.block";

/// Something that was blocked.
struct Blocked {
    /// What it is recognised by.
    key: String,
    /// What kind of thing it is, at the beginning of a sentence.
    what: &'static str,
    /// Where it came from.
    from: String,
    /// Why.
    why: String,
}

/// Each blocked item is a security event that somebody can look at, with a record, in one write. A second try
/// reads the same feed again and must not raise a second alarm.
pub(super) async fn report(
    runtime: &Runtime,
    observed: &Observation,
    blocked: &[(Trend, String)],
) -> Result<(), Fault> {
    let items = blocked.iter().map(|(trend, why)| Blocked {
        key: key(&[&trend.id, &trend.url]),
        what: "An item",
        from: trend.url.clone(),
        why: why.clone(),
    });
    tell(runtime, observed, ITEM, items.collect()).await
}

/// The same for what a tool answered.
pub(super) async fn answer(
    runtime: &Runtime,
    observed: &Observation,
    tool: &str,
    words: &str,
    why: &str,
) -> Result<(), Fault> {
    let answer = Blocked {
        key: key(&[tool, words]),
        what: "An answer",
        from: tool.to_owned(),
        why: why.to_owned(),
    };
    tell(runtime, observed, ANSWER, vec![answer]).await
}

async fn tell(
    runtime: &Runtime,
    observed: &Observation,
    action: &str,
    blocked: Vec<Blocked>,
) -> Result<(), Fault> {
    if blocked.is_empty() {
        return Ok(());
    }
    let mut reported = reported(runtime, observed, action).await?;
    let mut notes = Vec::new();
    for one in blocked {
        if reported.insert(one.key.clone()) {
            let output = json!({ "item": one.key, "from": one.from, "why": one.why });
            notes.push(Change::Incident(incident(runtime, observed, &one)));
            notes.push(Change::Audit(AuditRecord {
                status: AuditStatus::Failure,
                ..runtime.task_record(&observed.task, action, output)
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

/// What was reported before of the campaign: the newest, as many as one page holds.
async fn reported(
    runtime: &Runtime,
    observed: &Observation,
    action: &str,
) -> Result<HashSet<String>, Fault> {
    let filter = AuditFilter {
        campaign: Some(observed.campaign.id),
        task: None,
        action_prefix: Some(action.to_owned()),
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

fn incident(runtime: &Runtime, observed: &Observation, blocked: &Blocked) -> Incident {
    Incident {
        id: IncidentId::from_uuid(runtime.parts().ids.uuid()),
        tenant: observed.task.tenant,
        kind: "injection".to_owned(),
        severity: "medium".to_owned(),
        detail: redact(&format!(
            "{} from {} was blocked before a model saw it: {}",
            blocked.what, blocked.from, blocked.why
        )),
        blocked: true,
        campaign: Some(observed.campaign.id),
        task: Some(observed.task.id),
        created_at: runtime.now(),
    }
}

/// What something is recognised by, whatever its source calls it.
fn key(named: &[&str]) -> String {
    let named = named.join("\n");
    Digest::of_bytes("chimera.feed-item.v1", named.as_bytes())
        .map_or(named, |digest| digest.to_string())
}
