//! One group of change sets, written with one statement per table.
//!
//! Never here: transactions, savepoints and answers (`writer`).

use chimera_domain::{
    change::Committed,
    event::Fact,
    id::{EffectId, ReviewId, TaskId},
};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

use super::{
    cascade::{cascade, event},
    draft::Draft,
    guards, needs,
    release::release,
    sheets::Sheets,
    tally::Tally,
};
use crate::{
    failure::Failure,
    rows::{AuditRow, EventRow, Standing},
    table::Sheet,
};

/// What a set brings about besides its own rows.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) ready: Vec<TaskId>,
    pub(super) reviews: Vec<ReviewId>,
    pub(super) effects: Vec<EffectId>,
    /// Events that the store adds behind the set's own.
    pub(super) events: Sheet<EventRow>,
    /// Records of what a cascade did.
    pub(super) records: Sheet<AuditRow>,
}

/// That a task changed through the doing of another.
pub(super) fn task_changed(draft: &Draft, task: TaskId, state: &str) -> Result<EventRow, Failure> {
    event(
        draft,
        Fact::TaskChanged {
            task,
            campaign: draft.campaign.id,
            state: state.to_owned(),
        },
    )
}

/// Writes those of `drafts` that still fit, and says for each what came of it, in the same order.
///
/// # Errors
/// When a statement fails: then nothing of the group may be kept.
pub(super) async fn write(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<Vec<Result<Committed, PortError>>, Failure> {
    let mut findings = guards::check(conn, drafts).await?;
    let fitting: Vec<usize> = (0..drafts.len())
        .filter(|set| !findings.refusals.contains_key(set))
        .collect();
    let kept: Vec<&Draft> = fitting
        .iter()
        .filter_map(|set| drafts.get(*set).copied())
        .collect();
    let mut tally = Tally::default();
    for set in &fitting {
        let Some(draft) = drafts.get(*set) else {
            continue;
        };
        count(draft, findings.left.get(set).copied(), &mut tally);
    }
    let mut outcomes: Vec<Outcome> = kept.iter().map(|draft| own_outcome(draft)).collect();
    let mut sheets = Sheets::default();
    for draft in &kept {
        sheets.append_all_but_events(&draft.sheets);
    }
    sheets.write_rows(conn).await?;
    for (draft, outcome) in kept.iter().zip(&mut outcomes) {
        needs::count(conn, draft, outcome).await?;
    }
    release(conn, &kept, &mut outcomes).await?;
    for (draft, outcome) in kept.iter().zip(&mut outcomes) {
        cascade(conn, draft, outcome, &mut tally).await?;
    }
    tally.write(conn).await?;
    for (draft, outcome) in kept.iter().zip(&outcomes) {
        sheets.events.append(&draft.sheets.events);
        sheets.events.append(&outcome.events);
        sheets.audit.append(&outcome.records);
    }
    let last = sheets.write_log(conn).await?;
    // Numbers of one statement follow without gaps, so each set's last one is known from the end.
    let mut seq = last.saturating_sub(sheets.events.rows() as u64);
    let mut written = kept.iter().zip(outcomes).map(|(draft, outcome)| {
        let events = (draft.sheets.events.rows() + outcome.events.rows()) as u64;
        seq += events;
        let open = findings
            .open_tasks
            .get(&draft.campaign.id)
            .copied()
            .unwrap_or_default();
        Committed {
            ready: outcome.ready,
            open_tasks: u32::try_from(open + tally.open(draft.owned())).unwrap_or_default(),
            reviews: outcome.reviews,
            effects: outcome.effects,
            last_seq: if events == 0 { 0 } else { seq },
        }
    });
    Ok((0..drafts.len())
        .map(|set| match findings.refusals.remove(&set) {
            Some(refusal) => Err(refusal),
            None => written.next().ok_or_else(|| {
                PortError::Internal("a set was lost; nothing was written".to_owned())
            }),
        })
        .collect())
}

/// The counters as the set's own rows move them.
fn count(draft: &Draft, left: Option<Standing>, tally: &mut Tally) {
    for standing in &draft.added {
        tally.enter(draft.owned(), *standing, 1);
    }
    if let Some((from, to)) = left.zip(draft.task.as_ref().and_then(|task| task.next)) {
        tally.go(draft.owned(), from, to, 1);
    }
}

fn own_outcome(draft: &Draft) -> Outcome {
    Outcome {
        ready: draft.ready.clone(),
        reviews: draft.reviews.iter().map(|guard| guard.id).collect(),
        effects: draft.effects.iter().map(|guard| guard.id).collect(),
        events: Sheet::default(),
        records: Sheet::default(),
    }
}
