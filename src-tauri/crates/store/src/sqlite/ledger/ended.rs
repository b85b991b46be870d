//! Lines of many calls at once: each is written from its reservation, the reservations go, and the days' sums move.
//!
//! Never here: whether a call may be made (`asked`).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use chimera_domain::{
    id::{CallId, TenantId},
    money::Usd,
    spend::{CallOutcome, Settlement, ToldTokens},
    time::Timestamp,
};
use futures::future::BoxFuture;
use sqlx::SqliteConnection;

use super::{
    super::commit::{Grouped, Outcomes},
    DayKey, NO_CAMPAIGN, add,
};
use crate::batch::Listed;
use crate::{
    failure::Failure,
    rows::{Cells, day_of, tokens_kept, word},
    table::Cell,
};

/// The end of a call on its way to the writer.
#[derive(Debug)]
pub(crate) struct Ended {
    id: CallId,
    key: String,
    cost: Option<i64>,
    cells: [Cell; WIDTH],
}

/// Cells of one end of a call.
const WIDTH: usize = 10;

impl Ended {
    pub(crate) fn of(tenant: TenantId, ended: &Settlement) -> Result<Self, Failure> {
        Self::owned(tenant.to_string(), ended)
    }

    fn owned(tenant: String, ended: &Settlement) -> Result<Self, Failure> {
        let tokens = |read: fn(&ToldTokens) -> u64| -> Cell {
            let told = ended.tokens.as_ref().map(read);
            told.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
                .into()
        };
        // What was not sent counts nothing; what nobody told counts with what was set aside.
        let counted = match (&ended.tokens, ended.outcome) {
            (Some(told), _) => Some(tokens_kept(told.counted())),
            (None, CallOutcome::Refused) => Some(0),
            (None, _) => None,
        };
        let key = ended.id.to_string();
        let cost = ended.cost.map(Usd::nanos);
        Ok(Self {
            id: ended.id,
            cost,
            cells: [
                key.as_str().into(),
                tenant.into(),
                tokens(|told| told.input),
                tokens(|told| told.cached),
                tokens(|told| told.output),
                counted.into(),
                cost.into(),
                word(&ended.outcome)?.into(),
                ended.fault.clone().into(),
                ended.ended_at.micros().into(),
            ],
            key,
        })
    }

    pub(crate) const fn id(&self) -> CallId {
        self.id
    }
}

impl Grouped for Ended {
    type Answer = bool;

    fn write<'a>(
        conn: &'a mut SqliteConnection,
        group: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Outcomes<bool>, Failure>> {
        Box::pin(settle(conn, group))
    }
}

/// The lines, in the order of their ends. What nobody knows counts with its upper bound.
static LINES: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (id, tenant_id, input_tokens, cached_tokens, output_tokens, counted_tokens, cost_usd, outcome, fault, \
         ended_at) AS (VALUES",
        WIDTH,
        ") INSERT INTO model_calls (id, tenant_id, campaign_id, task_id, attempt_id, role, provider, model, \
             rehearsal, input_tokens, cached_tokens, output_tokens, counted_tokens, cost_usd, counted_usd, outcome, \
             fault, started_at, ended_at) \
         SELECT r.id, r.tenant_id, r.campaign_id, r.task_id, r.attempt_id, r.role, r.provider, r.model, \
             r.rehearsal, w.input_tokens, w.cached_tokens, w.output_tokens, \
             coalesce(w.counted_tokens, r.bound_tokens), w.cost_usd, coalesce(w.cost_usd, r.bound_usd, 0), w.outcome, \
             w.fault, r.started_at, w.ended_at \
         FROM w CROSS JOIN model_reservations r ON r.id = w.id AND r.tenant_id = w.tenant_id",
    )
});

/// The reservations go; what is needed of them for the sums comes back, each in one text: every value of a row is copied
/// twice on its way.
static RELEASE: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (id, tenant_id) AS (VALUES",
        2,
        ") DELETE FROM model_reservations WHERE rowid IN (SELECT r.rowid FROM w \
             CROSS JOIN model_reservations r ON r.id = w.id AND r.tenant_id = w.tenant_id) \
         RETURNING json_array(id, tenant_id, campaign_id, bound_usd, started_at)",
    )
});

/// What was released: id, owner, campaign, what was set aside, when it was asked.
type Released = (String, String, Option<String>, Option<i64>, i64);

/// How the sums of the days move.
static MOVE: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH m (tenant_id, day, campaign_id, ended, unknown, cost, counted, released) AS (VALUES",
        8,
        ") UPDATE spend_of_day SET calls = calls + m.ended, unpriced = unpriced + m.unknown, \
             cost_usd = cost_usd + m.cost, counted_usd = counted_usd + m.counted, \
             reserved_usd = reserved_usd - m.released \
         FROM m WHERE spend_of_day.tenant_id = m.tenant_id AND spend_of_day.day = m.day \
             AND spend_of_day.campaign_id = m.campaign_id",
    )
});

/// By how much the sums of a day move.
#[derive(Default)]
struct Moves {
    calls: i64,
    unpriced: i64,
    cost: i64,
    counted: i64,
    released: i64,
}

/// No two of `group` speak of the same call. Answers for each whether it was under way.
async fn settle(conn: &mut SqliteConnection, group: &[&Ended]) -> Result<Outcomes<bool>, Failure> {
    let mut lines = Vec::with_capacity(group.len() * WIDTH);
    let mut keys = Vec::with_capacity(group.len() * 2);
    for ended in group {
        lines.extend_from_slice(&ended.cells);
        keys.extend(ended.cells.iter().take(2).cloned());
    }
    LINES.run(conn, &lines).await?;
    let told: Vec<(String,)> = RELEASE.ask(conn, &keys).await?;
    let cells = Cells("model_reservations");
    let released: Vec<Released> = told
        .iter()
        .map(|(told,)| cells.json("released", told))
        .collect::<Result<_, _>>()?;
    let costs: HashMap<&str, Option<i64>> = group
        .iter()
        .map(|ended| (ended.key.as_str(), ended.cost))
        .collect();
    let mut moves: BTreeMap<DayKey, Moves> = BTreeMap::new();
    let mut written = HashSet::with_capacity(released.len());
    for (id, tenant, campaign, bound, started_at) in &released {
        let campaign = campaign.as_deref().unwrap_or(NO_CAMPAIGN);
        let day = moves
            .entry(DayKey::of(tenant, day_of(*started_at), campaign))
            .or_default();
        let cost = costs.get(id.as_str()).copied().flatten();
        let bound = bound.unwrap_or_default();
        day.calls += 1;
        day.unpriced += i64::from(cost.is_none());
        day.cost = add(day.cost, cost.unwrap_or_default())?;
        day.counted = add(day.counted, cost.unwrap_or(bound))?;
        day.released = add(day.released, bound)?;
        written.insert(id.as_str());
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(moves.len() * 8);
    for (key, day) in moves {
        key.cells(&mut cells);
        let Moves {
            calls,
            unpriced,
            cost,
            counted,
            released,
        } = day;
        cells.extend([calls, unpriced, cost, counted, released].map(Cell::Int));
    }
    MOVE.run(conn, &cells).await?;
    Ok(group
        .iter()
        .map(|ended| Ok(written.contains(ended.key.as_str())))
        .collect())
}

/// Writes the lines of all calls under way as lost; answers how many.
pub(super) async fn settle_lost(
    conn: &mut SqliteConnection,
    at: Timestamp,
) -> Result<u64, Failure> {
    let open: Vec<(String, String, Option<i64>)> =
        sqlx::query_as("SELECT id, tenant_id, bound_usd FROM model_reservations ORDER BY rowid")
            .fetch_all(&mut *conn)
            .await?;
    let mut lost = Vec::with_capacity(open.len());
    for (id, tenant, bound) in open {
        let ended = Settlement {
            id: Cells("model_reservations").text("id", &id)?,
            outcome: CallOutcome::Lost,
            fault: None,
            tokens: None,
            // What costs nothing cost nothing, whatever came of it.
            cost: (bound == Some(0)).then_some(Usd::ZERO),
            ended_at: at,
        };
        lost.push(Ended::owned(tenant, &ended)?);
    }
    let group: Vec<&Ended> = lost.iter().collect();
    settle(conn, &group).await?;
    Ok(group.len() as u64)
}
