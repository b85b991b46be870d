//! What stands out in what was read: found by the skill, stored, told to people once, shown to the planner (PER-06).
//!
//! Never here: how it is found (the skill), or a figure that no source gives (C48).

use std::collections::HashSet;

use chimera_domain::{
    change::{Alert, Change},
    event::{Event, Fact},
    fault::{Fault, FaultClass},
    id::{AlertId, TenantId},
    role::Actor,
    time::{Span, Timestamp},
    trend::{Trend, TrendAlert, TrendCluster},
};
use chimera_guard::redact;
use chimera_ports::error::PortError;
use serde_json::{Value, json};
use tracing::warn;

use crate::{runtime::Runtime, worker::Observation};

/// The skill that finds it.
const DETECT: &str = "trend_detection_alerting";
/// Its code among the alerts.
const TREND_ALERT: &str = "TREND_ALERT";
/// Most items that are looked at, the fastest first as they were read: what the skill takes.
const MAX_ITEMS: usize = 1_000;
/// Most of it that a planner is shown.
const MAX_SHOWN: u32 = 5;
/// For how long a planner is shown it, and a topic is not told again.
const OF_LATE: Span = Span::seconds(24 * 3_600);
/// For how long it is kept.
const KEPT: Span = Span::seconds(7 * 24 * 3_600);
/// Most topics that an alert's title names.
const MAX_TOPICS: usize = 3;
/// Most topics of late that are looked through for one that was told.
const MAX_TOLD: u32 = 1_000;

/// What a planner is shown.
pub(crate) async fn of_late(
    runtime: &Runtime,
    tenant: TenantId,
) -> Result<Vec<TrendCluster>, Fault> {
    let since = runtime.now() - OF_LATE;
    let found = runtime
        .parts()
        .store
        .trend_clusters(tenant, since, MAX_SHOWN);
    found.await.map_err(PortError::into_fault)
}

/// Looks through what a research step read. That nothing could be found out is no reason to lose the research.
pub(crate) async fn look(runtime: &Runtime, observed: &Observation, read: &[Trend]) {
    if let Err(fault) = find(runtime, observed, read).await {
        warn!(task = %observed.task.id, %fault, "what stands out could not be found");
    }
}

async fn find(runtime: &Runtime, observed: &Observation, read: &[Trend]) -> Result<(), Fault> {
    // The gateway may have left nothing of a stranger's words.
    let worded = |trend: &&Trend| !trend.topic.is_empty() && !trend.title.is_empty();
    let items: Vec<&Trend> = read.iter().filter(worded).take(MAX_ITEMS).collect();
    let input = json!({ "trends": items });
    let (clusters, alert) = detect(runtime, observed, input).await?;
    let (tenant, now, store) = (observed.task.tenant, runtime.now(), &runtime.parts().store);
    let told = store.trend_clusters(tenant, now - OF_LATE, MAX_TOLD);
    let told: HashSet<String> = told
        .await
        .map_err(PortError::into_fault)?
        .into_iter()
        .map(|cluster| cluster.topic)
        .collect();
    let new: Vec<&str> = clusters
        .iter()
        .map(|cluster| cluster.topic.as_str())
        .filter(|topic| !told.contains(*topic))
        .collect();
    let notes = notes(runtime, observed, &new, &alert, now);
    let saved = store.save_trend_clusters(tenant, clusters, now, now - KEPT, notes);
    runtime.announce(saved.await.map_err(PortError::into_fault)?);
    Ok(())
}

async fn detect(
    runtime: &Runtime,
    observed: &Observation,
    input: Value,
) -> Result<(Vec<TrendCluster>, TrendAlert), Fault> {
    let context = runtime.skill_context(observed, observed.trace);
    let skills = &runtime.parts().skills;
    let output = skills.run_native(DETECT, &context, input).await;
    let mut output = output.into_result()?;
    let mut part = |name: &str| output.get_mut(name).map(Value::take).unwrap_or_default();
    let unreadable = |error: serde_json::Error| {
        let message = format!("What '{DETECT}' gave cannot be read: {error}.");
        Fault::new(FaultClass::Unknown, "SKILL_BAD_OUTPUT", message)
    };
    let clusters = serde_json::from_value(part("trends")).map_err(unreadable)?;
    let alert = serde_json::from_value(part("alert")).map_err(unreadable)?;
    Ok((clusters, alert))
}

/// The alert about what was not told yet, with its fact and its record; none when all of it was.
fn notes(
    runtime: &Runtime,
    observed: &Observation,
    new: &[&str],
    told: &TrendAlert,
    at: Timestamp,
) -> Vec<Change> {
    if new.is_empty() {
        return Vec::new();
    }
    let task = &observed.task;
    let topics = new[..new.len().min(MAX_TOPICS)].join("\", \"");
    let alert = Alert {
        id: AlertId::from_uuid(runtime.parts().ids.uuid()),
        tenant: task.tenant,
        code: TREND_ALERT.to_owned(),
        title: redact(&format!("\"{topics}\" stands out in what was read")),
        detail: redact(&format!(
            "{} Nothing was sent. The planner is shown it for a day; begin a campaign about it if it is worth one.",
            told.alert_message
        )),
        campaign: Some(task.campaign),
        task: Some(task.id),
        created_at: at,
        acknowledged_at: None,
    };
    let fact = Fact::AlertRaised {
        alert: alert.id,
        code: alert.code.clone(),
        title: alert.title.clone(),
    };
    vec![
        Change::Event(Event {
            seq: 0,
            tenant: task.tenant,
            actor: Actor::system("trends"),
            at,
            fact,
        }),
        Change::Alert(alert),
        Change::Audit(runtime.task_record(task, "trend.alert", json!(told))),
    ]
}
