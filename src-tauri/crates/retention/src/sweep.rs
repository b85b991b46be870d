//! One run over everything of one tenant.
//!
//! Never here: when.

use std::collections::BTreeMap;

use chimera_audit::CutRule;
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::Change,
    event::{Event, Fact},
    id::{AuditId, TenantId},
    retention::{BEGUN_SETTING, Holding, Keep, RUN_SETTING, Retention, Run},
    role::Actor,
    time::Timestamp,
};
use chimera_ports::error::PortError;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{Parts, chosen, last_run};

/// Rows of one batch: a moment's writing, between which others write.
const BATCH: u32 = 500;
/// Runs of spans of one batch.
const SPAN_BATCH: u32 = 64;
/// Most batches of one kind in one run; what is left goes with the next.
const MAX_BATCHES: u32 = 400;
/// Most cuts of the audit log in one run, each of at most 1,000 records.
const MAX_CUTS: u32 = 100;
/// Under which name it acts.
const PART: &str = "retention";

/// What a run did so far.
#[derive(Default)]
struct Tally {
    rows: BTreeMap<Holding, u64>,
    held_up: BTreeMap<Holding, String>,
}

pub(crate) async fn run(
    parts: &Parts,
    tenant: TenantId,
    stop: &CancellationToken,
) -> Result<Run, PortError> {
    let begun_at = parts.clock.now();
    let chosen = chosen(parts.store.as_ref(), tenant).await?;
    let broken_off = broken_off(parts, tenant).await?;
    let begun = serde_json::to_value(begun_at).map_err(formless)?;
    parts
        .store
        .put_setting(tenant, BEGUN_SETTING, begun, Vec::new())
        .await?;
    let mut tally = Tally::default();
    for holding in Holding::ALL {
        if stop.is_cancelled() {
            break;
        }
        let Some(before) = chosen.before(holding, begun_at) else {
            continue;
        };
        match holding {
            // The first goes with the audit records, by one cut; the others are the runtime's keeper's.
            Holding::FinanceAudit | Holding::Sessions | Holding::Answers => {}
            Holding::Audit => audit(parts, tenant, &chosen, before, &mut tally).await,
            _ => rows(parts, tenant, holding, before, stop, &mut tally).await,
        }
    }
    let run = Run {
        begun_at,
        ended_at: parts.clock.now(),
        rows: tally.rows,
        held_up: tally.held_up,
    };
    // A run that was broken off is not the last one: the next start takes it up.
    if !stop.is_cancelled() {
        store(parts, tenant, &chosen, &run, broken_off).await?;
    }
    Ok(run)
}

fn formless(error: serde_json::Error) -> PortError {
    PortError::Internal(format!("the run has no form: {error}"))
}

/// When the run before this one began, if it did not come to its end: what it took out is told by nobody else.
async fn broken_off(parts: &Parts, tenant: TenantId) -> Result<Option<Timestamp>, PortError> {
    let begun = parts.store.setting(tenant, BEGUN_SETTING).await?;
    let begun: Option<Timestamp> = begun.and_then(|begun| serde_json::from_value(begun).ok());
    let ended = last_run(parts.store.as_ref(), tenant).await?;
    Ok(begun.filter(|begun| ended.is_none_or(|run| run.begun_at != *begun)))
}

/// Batch by batch, until one is not full.
async fn rows(
    parts: &Parts,
    tenant: TenantId,
    holding: Holding,
    before: Timestamp,
    stop: &CancellationToken,
    tally: &mut Tally,
) {
    for _ in 0..MAX_BATCHES {
        if stop.is_cancelled() {
            return;
        }
        let gone = match holding {
            Holding::Traces => parts
                .spans
                .prune(tenant, before, SPAN_BATCH)
                .await
                .map(|pruned| (pruned.spans, pruned.runs >= u64::from(SPAN_BATCH))),
            _ => parts
                .store
                .prune(tenant, holding, before, BATCH)
                .await
                .map(|rows| (rows, rows >= u64::from(BATCH))),
        };
        match gone {
            Ok((rows, more)) => {
                if rows > 0 {
                    *tally.rows.entry(holding).or_default() += rows;
                }
                if !more {
                    return;
                }
            }
            Err(error) => {
                tally.held_up.insert(holding, error.to_string());
                return;
            }
        }
        tokio::task::yield_now().await;
    }
    let left = "more is due; it goes with the next runs".to_owned();
    tally.held_up.insert(holding, left);
}

async fn audit(
    parts: &Parts,
    tenant: TenantId,
    chosen: &Retention,
    before: Timestamp,
    tally: &mut Tally,
) {
    let rule = CutRule {
        before,
        money_before: chosen.before(Holding::FinanceAudit, parts.clock.now()),
        words: format!(
            "audit records {}, those about money {}",
            words(chosen.of(Holding::Audit)),
            words(chosen.of(Holding::FinanceAudit))
        ),
    };
    match parts.notary.take_out(tenant, &rule, MAX_CUTS).await {
        Ok(taken) => {
            if taken.records > 0 {
                tally.rows.insert(Holding::Audit, taken.records);
            }
            if let Some(why) = taken.held_up {
                tally.held_up.insert(Holding::Audit, why);
            }
        }
        Err(error) => {
            tally.held_up.insert(Holding::Audit, error.to_string());
        }
    }
}

fn words(keep: Keep) -> String {
    match keep {
        Keep::Days(days) => format!("{days} days"),
        Keep::Forever => "for ever".to_owned(),
    }
}

/// Keeps what was done, with its record where anything went.
async fn store(
    parts: &Parts,
    tenant: TenantId,
    chosen: &Retention,
    run: &Run,
    broken_off: Option<Timestamp>,
) -> Result<(), PortError> {
    let mut notes = Vec::new();
    if !run.rows.is_empty() || broken_off.is_some() {
        let told: BTreeMap<&str, Value> = run
            .rows
            .iter()
            .map(|(holding, rows)| {
                let kept = words(chosen.of(*holding));
                (holding.as_str(), json!({ "rows": rows, "kept": kept }))
            })
            .collect();
        notes.push(Change::Audit(AuditRecord {
            id: AuditId::from_uuid(parts.ids.uuid()),
            tenant,
            actor: Actor::system(PART),
            action: "retention.run".to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: None,
            input: Value::Null,
            output: json!({
                "taken_out": told, "rules": chosen.version, "after_one_broken_off": broken_off,
            }),
            status: AuditStatus::Success,
            at: run.ended_at,
        }));
        notes.push(Change::Event(Event {
            seq: 0,
            tenant,
            actor: Actor::system(PART),
            at: run.ended_at,
            fact: Fact::SettingsChanged {
                area: PART.to_owned(),
            },
        }));
    }
    let value = serde_json::to_value(run).map_err(formless)?;
    parts
        .store
        .put_setting(tenant, RUN_SETTING, value, notes)
        .await
}
