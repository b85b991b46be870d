//! Taking out the oldest part of a log by rule: only what is as it was sealed, only up to a checkpoint that is signed,
//! never the newest one; what is about money or still needed stays, and is bound by the new beginning.
//!
//! Never here: how long anything is kept (`domain::retention`), SQL.

use std::collections::{HashMap, HashSet};

use chimera_canon::SigningKey;
use chimera_domain::{
    audit::Beginning, change::Change, id::TenantId, retention::MONEY_ACTIONS, time::Timestamp,
};
use chimera_ports::store::{Chain, ChainRow, Cut, Found};

use crate::{
    AuditError, Sealer, Standing, Trust,
    beginning::{self, Draft},
    checkpoint,
    verifier::fate_of,
    walk::{End, Fate, Walk},
};

/// Links that one cut looks at: a checkpoint covers no more (`MAX_SEALED_AT_ONCE`).
const PAGE: u32 = 1_000;

/// What may go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CutRule {
    /// Records from before this time may go.
    pub before: Timestamp,
    /// Those about money only from before this one; never where there is none.
    pub money_before: Option<Timestamp>,
    /// The same in words.
    pub words: String,
}

/// What came of a cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CutOutcome {
    /// Nothing is old enough.
    NothingDue,
    /// Records were taken out, and the log has a new beginning; more may be due.
    Taken {
        /// How many are gone.
        records: u64,
    },
    /// The log is not signed, so that no beginning could be told from a forged one. Nothing was taken out.
    Unsigned,
    /// The part that would go is not as it was sealed: it is evidence, and stays. Nothing was taken out.
    Altered,
}

/// Everything a cut is about.
struct Cutting<'a> {
    store: &'a dyn Chain,
    key: &'a SigningKey,
    tenant: TenantId,
    rule: &'a CutRule,
    now: Timestamp,
}

/// Takes out the oldest checkpoint's records that the rule lets go, or those that an earlier cut left and that nobody
/// needs any more. `notes` makes the record of it, which is written in the same transaction.
///
/// # Errors
/// When the store refuses; a conflict means that another was first.
pub async fn cut(
    (store, sealer): (&dyn Chain, &Sealer),
    tenant: TenantId,
    rule: &CutRule,
    now: Timestamp,
    notes: &(dyn Fn(&Beginning, u64) -> Vec<Change> + Send + Sync),
) -> Result<CutOutcome, AuditError> {
    let Some(key) = sealer.signing_key() else {
        return Ok(CutOutcome::Unsigned);
    };
    let cutting = Cutting {
        store,
        key,
        tenant,
        rule,
        now,
    };
    let before = store.beginning(tenant).await?;
    if let Some(before) = &before {
        match cutting.leftovers(before).await? {
            Next::Cut(cut) => return cutting.store_cut(*cut, before.pruned, notes).await,
            Next::Altered => return Ok(CutOutcome::Altered),
            Next::Nothing => {}
        }
    }
    match cutting.oldest(before.as_ref()).await? {
        Next::Cut(cut) => {
            let pruned = before.map_or(0, |before| before.pruned);
            cutting.store_cut(*cut, pruned, notes).await
        }
        Next::Altered => Ok(CutOutcome::Altered),
        Next::Nothing => Ok(CutOutcome::NothingDue),
    }
}

/// What is to be done next.
enum Next {
    Cut(Box<Cut>),
    Altered,
    Nothing,
}

impl Cutting<'_> {
    async fn store_cut(
        &self,
        cut: Cut,
        pruned_before: u64,
        notes: &(dyn Fn(&Beginning, u64) -> Vec<Change> + Send + Sync),
    ) -> Result<CutOutcome, AuditError> {
        let records = cut.beginning.pruned.saturating_sub(pruned_before);
        let notes = notes(&cut.beginning, records);
        self.store.cut(cut, notes).await?;
        Ok(CutOutcome::Taken { records })
    }

    /// The records of the oldest checkpoint, when all of them are old enough.
    async fn oldest(&self, before: Option<&Beginning>) -> Result<Next, AuditError> {
        let Some(newest) = self.store.last_checkpoint(self.tenant).await? else {
            return Ok(Next::Nothing);
        };
        let after = before.map_or(0, |before| before.last);
        let mut rows = self.store.chain(self.tenant, after, PAGE).await?;
        let Some(end) = rows.iter().position(|row| row.checkpoint.is_some()) else {
            // Links without a checkpoint over them are for the check to tell of.
            return Ok(Next::Nothing);
        };
        rows.truncate(end + 1);
        let Some(covering) = rows.last().and_then(|row| row.checkpoint.clone()) else {
            return Ok(Next::Nothing);
        };
        // The newest stays: the chain is carried on from it.
        if covering.number >= newest.number || covering.signed.is_none() {
            return Ok(Next::Nothing);
        }
        if !self.as_sealed(before, &rows)? {
            return Ok(Next::Altered);
        }
        if rows.iter().any(|row| written(row) >= self.rule.before) {
            return Ok(Next::Nothing);
        }
        let stays = self.stays(&rows).await?;
        let (mut head, mut kept) = match before {
            Some(before) => (before.kept_head, before.kept),
            None => (beginning::nothing_kept(self.tenant)?, 0),
        };
        let mut keep = Vec::new();
        for row in rows.iter().filter(|row| stays.contains(&row.link.number)) {
            head = beginning::keep(head, &row.link)?;
            kept += 1;
            keep.push(row.link.clone());
        }
        let gone = (rows.len() - keep.len()) as u64;
        let until = rows.iter().map(written).max().unwrap_or(self.now);
        let draft = Draft {
            tenant: self.tenant,
            number: before.map_or(0, |before| before.number) + 1,
            checkpoint: covering.number,
            covered: checkpoint::digest(&covering)?,
            last: covering.last,
            head: covering.head,
            pruned: before.map_or(0, |before| before.pruned) + gone,
            kept,
            kept_head: head,
            until: before.map_or(until, |before| before.until.max(until)),
            rule: self.rule.words.clone(),
            cut_at: self.now,
        };
        Ok(Next::Cut(Box::new(Cut {
            beginning: draft.sign(self.key)?,
            keep,
            drop: Vec::new(),
        })))
    }

    /// Whether these are the links and records that were sealed, carried on from where the log begins.
    fn as_sealed(&self, before: Option<&Beginning>, rows: &[ChainRow]) -> Result<bool, AuditError> {
        let trust = Trust::default();
        let mut walk = Walk::from(self.tenant, &trust, before)?;
        for row in rows {
            let fate = fate_of(row, &HashMap::new())?;
            walk.link(&row.link, fate)?;
            if let Some(checkpoint) = &row.checkpoint {
                walk.checkpoint(checkpoint)?;
            }
        }
        Ok(walk.end(&End::default()).standing != Standing::Broken)
    }

    /// Numbers of the records that stay: about money, and not old enough for that; or about work that is not done.
    async fn stays(&self, rows: &[ChainRow]) -> Result<HashSet<u64>, AuditError> {
        let places: Vec<u64> = rows.iter().map(|row| row.link.seq).collect();
        let needed: HashSet<u64> = self
            .store
            .still_needed(self.tenant, &places)
            .await?
            .into_iter()
            .collect();
        let stays = |row: &&ChainRow| self.is_money(row) || needed.contains(&row.link.seq);
        Ok(rows
            .iter()
            .filter(stays)
            .map(|row| row.link.number)
            .collect())
    }

    fn is_money(&self, row: &ChainRow) -> bool {
        let Found::Record(found) = &row.found else {
            return false;
        };
        let money = MONEY_ACTIONS.contains(&found.record.action.as_str());
        let old = self
            .rule
            .money_before
            .is_some_and(|before| found.record.at < before);
        money && !old
    }

    /// Records that earlier cuts left, of which some may go now.
    async fn leftovers(&self, before: &Beginning) -> Result<Next, AuditError> {
        let mut told = beginning::nothing_kept(self.tenant)?;
        let mut head = told;
        let (mut kept, mut after) = (0, 0);
        let mut drop: Vec<u64> = Vec::new();
        loop {
            let rows = self.store.kept_records(self.tenant, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.link.number;
            let stays = self.stays(&rows).await?;
            for row in &rows {
                if !is_as_sealed(row)? {
                    return Ok(Next::Altered);
                }
                told = beginning::keep(told, &row.link)?;
                // So many at once, in one transaction; the rest goes with the next cut.
                if stays.contains(&row.link.number) || drop.len() >= PAGE as usize {
                    head = beginning::keep(head, &row.link)?;
                    kept += 1;
                } else {
                    drop.push(row.link.number);
                }
            }
        }
        if told != before.kept_head {
            return Ok(Next::Altered);
        }
        if drop.is_empty() {
            return Ok(Next::Nothing);
        }
        let draft = Draft {
            tenant: self.tenant,
            number: before.number + 1,
            checkpoint: before.checkpoint,
            covered: before.covered,
            last: before.last,
            head: before.head,
            pruned: before.pruned + drop.len() as u64,
            kept,
            kept_head: head,
            until: before.until,
            rule: self.rule.words.clone(),
            cut_at: self.now,
        };
        Ok(Next::Cut(Box::new(Cut {
            beginning: draft.sign(self.key)?,
            keep: Vec::new(),
            drop,
        })))
    }
}

/// When a link's record was written; the end of time for one that cannot be read, so that it never goes.
fn written(row: &ChainRow) -> Timestamp {
    match &row.found {
        Found::Record(found) => found.record.at,
        Found::Unreadable | Found::Nothing => Timestamp::from_micros(i64::MAX),
    }
}

fn is_as_sealed(row: &ChainRow) -> Result<bool, AuditError> {
    Ok(matches!(
        fate_of(row, &HashMap::new())?,
        Fate::AsSealed { .. }
    ))
}
