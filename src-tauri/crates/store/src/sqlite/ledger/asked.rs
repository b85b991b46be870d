//! Reservations of many calls at once: the purses that they touch are read together, each call is looked at in turn
//! with what those before it took, and what was granted is set aside together.
//!
//! Never here: whether a call fits a purse (`domain::spend`), lines (`ended`).

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use chimera_domain::{
    change::Change,
    id::{CallId, TenantId},
    money::Usd,
    spend::{Admission, BudgetStop, Purse, Purses, Reservation, admit},
    time::Timestamp,
};
use chimera_ports::{error::PortError, store::Reserved};
use futures::future::BoxFuture;
use sqlx::SqliteConnection;

use super::{
    super::commit::{Grouped, Outcomes, Sheets},
    DayKey, add,
};
use crate::batch::{Listed, insert};
use crate::{
    failure::Failure,
    rows::{Cells, ReservationRow},
    table::{Cell, Sheet},
};

/// A reservation on its way to the writer.
#[derive(Debug)]
pub(crate) struct Asked {
    id: CallId,
    tenant: TenantId,
    row: ReservationRow,
    bound: Option<Usd>,
    cap: Option<Usd>,
    most_tokens: u64,
    token_cap: Option<u64>,
    /// What is stored when the day's budget turns out to be used up; without it nothing is, and the caller asks again.
    if_stopped: Option<Vec<Change>>,
}

impl Asked {
    pub(crate) fn of(
        asked: &Reservation,
        if_stopped: Option<Vec<Change>>,
    ) -> Result<Self, PortError> {
        Ok(Self {
            id: asked.id,
            tenant: asked.tenant,
            row: ReservationRow::of(asked)?,
            bound: asked.bound,
            cap: asked.cap,
            most_tokens: asked.most_tokens,
            token_cap: asked.token_cap,
            if_stopped,
        })
    }

    pub(crate) const fn id(&self) -> CallId {
        self.id
    }

    fn task(&self) -> Option<Payer<'_>> {
        let tenant = &self.row.tenant_id;
        self.row.task_id.as_deref().map(|id| (tenant.as_str(), id))
    }

    fn run(&self) -> Option<Payer<'_>> {
        let tenant = &self.row.tenant_id;
        let run = self.row.attempt_id.as_deref();
        run.map(|id| (tenant.as_str(), id))
    }

    const fn has_a_cap(&self) -> bool {
        self.cap.is_some() || self.token_cap.is_some()
    }

    fn day(&self) -> Option<DayKey> {
        let campaign = self.row.campaign_id.as_deref()?;
        Some(DayKey::of(&self.row.tenant_id, self.row.day(), campaign))
    }
}

impl Grouped for Asked {
    type Answer = Reserved;

    fn write<'a>(
        conn: &'a mut SqliteConnection,
        group: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Outcomes<Reserved>, Failure>> {
        Box::pin(reserve(conn, group))
    }
}

/// A task or a run, with its owner.
type Payer<'a> = (&'a str, &'a str);

/// What counts against a cap, and what is set aside of it.
#[derive(Clone, Copy, Default)]
struct Used {
    spent: Usd,
    reserved: Usd,
    tokens_spent: u64,
    tokens_reserved: u64,
}

impl Used {
    const fn of(self, cap: Usd) -> Purse {
        Purse {
            cap,
            spent: self.spent,
            reserved: self.reserved,
        }
    }

    const fn tokens_of(self, cap: u64) -> Purse<u64> {
        Purse {
            cap,
            spent: self.tokens_spent,
            reserved: self.tokens_reserved,
        }
    }

    fn set_aside(&mut self, bound: Usd, tokens: u64) {
        self.reserved = self.reserved.saturating_add(bound);
        self.tokens_reserved = self.tokens_reserved.saturating_add(tokens);
    }
}

/// The purses of a group, as they stand after each call that was looked at.
#[derive(Default)]
struct Held<'a> {
    of_tasks: HashMap<Payer<'a>, Used>,
    of_runs: HashMap<Payer<'a>, Used>,
    of_days: HashMap<DayKey, Purse>,
}

impl<'a> Held<'a> {
    async fn read(conn: &mut SqliteConnection, group: &[&'a Asked]) -> Result<Self, Failure> {
        let mut purses = Self::default();
        for asked in group {
            if !asked.has_a_cap() {
                continue;
            }
            match (asked.task(), asked.run()) {
                (Some(task), _) => {
                    purses.of_tasks.insert(task, Used::default());
                }
                (None, Some(run)) => {
                    purses.of_runs.insert(run, Used::default());
                }
                (None, None) => {}
            }
        }
        used(conn, &TASKS, &mut purses.of_tasks).await?;
        used(conn, &RUNS, &mut purses.of_runs).await?;
        purses.of_days = days(conn, group).await?;
        Ok(purses)
    }

    /// What a task used, over all its attempts; for calls of no task, what their run did.
    fn used(&self, asked: &'a Asked) -> Used {
        let found = match (asked.task(), asked.run()) {
            (Some(task), _) => self.of_tasks.get(&task),
            (None, Some(run)) => self.of_runs.get(&run),
            (None, None) => None,
        };
        found.copied().unwrap_or_default()
    }

    /// Whether the call fits what those before it left; what is granted is gone for those behind it.
    fn admit(&mut self, asked: &'a Asked) -> Result<Admission, PortError> {
        let day = match asked.day() {
            None => None,
            Some(key) => match self.of_days.get(&key) {
                Some(purse) => Some((key, *purse)),
                None => return Err(PortError::not_found("campaign", key.campaign)),
            },
        };
        let now = Timestamp::from_micros(asked.row.started_at);
        let used = self.used(asked);
        let purses = Purses {
            step: asked.cap.map(|cap| used.of(cap)),
            tokens: asked.token_cap.map(|cap| used.tokens_of(cap)),
            day: day.as_ref().map(|(_, purse)| *purse),
        };
        let admission = admit(asked.bound, asked.most_tokens, &purses, now);
        if admission == Admission::Granted {
            let bound = asked.bound.unwrap_or_default();
            let task = asked.task().and_then(|task| self.of_tasks.get_mut(&task));
            let run = asked.run().and_then(|run| self.of_runs.get_mut(&run));
            for used in task.into_iter().chain(run) {
                used.set_aside(bound, asked.most_tokens);
            }
            if let Some(purse) = day.and_then(|(key, _)| self.of_days.get_mut(&key)) {
                purse.reserved = purse.reserved.saturating_add(bound);
            }
        }
        Ok(admission)
    }
}

/// What was spent and set aside of payers of one kind, as "place spent reserved" with the same of tokens in one text: each value of a row is
/// copied twice on its way. Who has spent nothing is left out.
macro_rules! used_by {
    ($column:literal) => {
        LazyLock::new(|| {
            Listed::new(
                "WITH w (place, id, tenant_id) AS (VALUES",
                3,
                concat!(
                    ") SELECT group_concat(u.place || ' ' || u.spent || ' ' || u.reserved || ' ' || u.words || ' ' || u.aside, ',') FROM (SELECT w.place AS place, \
                         (SELECT coalesce(sum(c.counted_usd), 0) FROM model_calls c \
                             WHERE c.", $column, " = w.id AND c.tenant_id = w.tenant_id) AS spent, \
                         (SELECT coalesce(sum(r.bound_usd), 0) FROM model_reservations r \
                             WHERE r.", $column, " = w.id AND r.tenant_id = w.tenant_id) AS reserved, \
                         (SELECT coalesce(sum(c.counted_tokens), 0) FROM model_calls c \
                             WHERE c.", $column, " = w.id AND c.tenant_id = w.tenant_id) AS words, \
                         (SELECT coalesce(sum(r.bound_tokens), 0) FROM model_reservations r \
                             WHERE r.", $column, " = w.id AND r.tenant_id = w.tenant_id) AS aside FROM w) u \
                     WHERE u.spent <> 0 OR u.reserved <> 0 OR u.words <> 0 OR u.aside <> 0"
                ),
            )
        })
    };
}

static TASKS: LazyLock<Listed> = used_by!("task_id");
static RUNS: LazyLock<Listed> = used_by!("attempt_id");

/// What was counted and set aside of each payer so far.
async fn used(
    conn: &mut SqliteConnection,
    statement: &'static Listed,
    payers: &mut HashMap<Payer<'_>, Used>,
) -> Result<(), Failure> {
    let mut cells = Vec::with_capacity(payers.len() * 3);
    let mut places = Vec::with_capacity(payers.len());
    for (place, ((tenant, id), used)) in (0_i64..).zip(payers.iter_mut()) {
        cells.extend([place.into(), (*id).into(), (*tenant).into()]);
        places.push(used);
    }
    let found: Vec<(Option<String>,)> = statement.ask(conn, &cells).await?;
    for told in found.iter().filter_map(|(told,)| told.as_deref()) {
        for told in told.split(',') {
            let [place, spent, reserved, words, aside] = numbers(told)?;
            let used = usize::try_from(place)
                .ok()
                .and_then(|at| places.get_mut(at));
            if let Some(used) = used {
                **used = Used {
                    spent: Usd::from_nanos(spent),
                    reserved: Usd::from_nanos(reserved),
                    tokens_spent: u64::try_from(words).unwrap_or_default(),
                    tokens_reserved: u64::try_from(aside).unwrap_or_default(),
                };
            }
        }
    }
    Ok(())
}

/// Numbers with a space between them.
fn numbers<const COUNT: usize>(told: &str) -> Result<[i64; COUNT], Failure> {
    let mut numbers = [0; COUNT];
    let mut words = told.split(' ');
    for number in &mut numbers {
        *number = Cells("model_calls").text("sums", words.next().unwrap_or_default())?;
    }
    Ok(numbers)
}

static DAYS: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, id, tenant_id, day) AS (VALUES",
        4,
        ") SELECT w.place, c.daily_budget_usd, coalesce(d.counted_usd, 0), coalesce(d.reserved_usd, 0) FROM w \
         CROSS JOIN campaigns c ON c.id = w.id AND c.tenant_id = w.tenant_id \
         LEFT JOIN spend_of_day d ON d.tenant_id = c.tenant_id AND d.day = w.day AND d.campaign_id = c.id",
    )
});

/// What each campaign may spend on its day. Budgets are read where they cannot change meanwhile.
async fn days(
    conn: &mut SqliteConnection,
    group: &[&Asked],
) -> Result<HashMap<DayKey, Purse>, Failure> {
    let mut keys: Vec<DayKey> = group.iter().filter_map(|asked| asked.day()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut cells = Vec::with_capacity(keys.len() * 4);
    for (place, key) in (0_i64..).zip(&keys) {
        cells.push(place.into());
        cells.push(key.campaign.as_str().into());
        cells.push(key.tenant.as_str().into());
        cells.push(key.day.into());
    }
    let found: Vec<(i64, i64, i64, i64)> = DAYS.ask(conn, &cells).await?;
    let purse = |(place, cap, spent, reserved): (i64, i64, i64, i64)| {
        let key = keys.get(usize::try_from(place).ok()?)?;
        let purse = Purse {
            cap: Usd::from_nanos(cap),
            spent: Usd::from_nanos(spent),
            reserved: Usd::from_nanos(reserved),
        };
        Some((key.clone(), purse))
    };
    Ok(found.into_iter().filter_map(purse).collect())
}

/// The sums of the days that calls are set aside from.
static SET_ASIDE: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "INSERT INTO spend_of_day (tenant_id, day, campaign_id, reserved_usd) VALUES",
        4,
        "ON CONFLICT (tenant_id, day, campaign_id) DO UPDATE SET reserved_usd = reserved_usd + excluded.reserved_usd",
    )
});

async fn reserve(
    conn: &mut SqliteConnection,
    group: &[&Asked],
) -> Result<Outcomes<Reserved>, Failure> {
    let mut purses = Held::read(conn, group).await?;
    let mut outcomes = Vec::with_capacity(group.len());
    let mut rows = Sheet::default();
    let mut sums: BTreeMap<DayKey, i64> = BTreeMap::new();
    for asked in group {
        let admission = match purses.admit(asked) {
            Ok(admission) => admission,
            Err(refusal) => {
                outcomes.push(Err(refusal));
                continue;
            }
        };
        let told = match admission {
            Admission::Granted => {
                let sum = sums
                    .entry(asked.day().unwrap_or_else(|| {
                        DayKey::of(&asked.row.tenant_id, asked.row.day(), super::NO_CAMPAIGN)
                    }))
                    .or_default();
                *sum = add(*sum, asked.row.bound_usd.unwrap_or_default())?;
                rows.push(asked.row.clone());
                0
            }
            Admission::DaySpent(stop) => stop_campaign(conn, asked, stop).await?,
            Admission::Busy
            | Admission::StepSpent { .. }
            | Admission::StepTokensSpent { .. }
            | Admission::BeyondDay { .. } => 0,
        };
        outcomes.push(Ok(Reserved { admission, told }));
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(sums.len() * 4);
    for (key, sum) in sums {
        key.cells(&mut cells);
        cells.push(sum.into());
    }
    SET_ASIDE.run(conn, &cells).await?;
    insert(conn, &rows).await?;
    Ok(outcomes)
}

/// Lets the campaign stand still and tells people, once for each budget and day.
async fn stop_campaign(
    conn: &mut SqliteConnection,
    asked: &Asked,
    stop: BudgetStop,
) -> Result<u64, Failure> {
    let Some(notes) = &asked.if_stopped else {
        return Ok(0);
    };
    let made = sqlx::query(
        "INSERT INTO budget_stops (tenant_id, campaign_id, until_at, budget_usd, spent_usd, stopped_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )
    .bind(&asked.row.tenant_id)
    .bind(&asked.row.campaign_id)
    .bind(stop.until.micros())
    .bind(stop.budget.nanos())
    .bind(stop.spent.nanos())
    .bind(asked.row.started_at)
    .execute(&mut *conn)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(0);
    }
    Sheets::of_notes(asked.tenant, notes)?
        .write_notes(conn)
        .await
}
