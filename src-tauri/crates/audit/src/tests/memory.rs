//! A log in memory, for the tests: with it an attacker can do what a writer of the database file can.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use chimera_domain::{
    audit::{AuditLink, AuditRecord, Beginning, Checkpoint},
    change::Change,
    id::{AuditId, TenantId},
};
use chimera_ports::{
    error::PortError,
    store::{
        Chain, ChainHead, ChainReader, ChainRow, Counted, Cut, Found, NumberedRecord, Unrecorded,
    },
};

use super::stored;

#[derive(Default)]
pub(crate) struct Log {
    pub(crate) records: Vec<NumberedRecord>,
    pub(crate) links: Vec<AuditLink>,
    pub(crate) checkpoints: Vec<Checkpoint>,
    pub(crate) unrecorded: Vec<Unrecorded>,
    pub(crate) beginning: Option<Beginning>,
    pub(crate) kept: Vec<AuditLink>,
    /// Places of records about work that is not done.
    pub(crate) needed: Vec<u64>,
    pub(crate) notes: Vec<Change>,
}

impl Log {
    fn row(&self, link: &AuditLink) -> ChainRow {
        ChainRow {
            found: self
                .records
                .iter()
                .find(|record| record.seq == link.seq)
                .map_or(Found::Nothing, found),
            checkpoint: self
                .checkpoints
                .iter()
                .find(|c| c.last == link.number)
                .cloned(),
            link: link.clone(),
        }
    }
}

fn found(record: &NumberedRecord) -> Found {
    Found::Record(Box::new(record.stored.clone()))
}

type Intruder = Box<dyn FnOnce(&Memory) + Send>;

#[derive(Default)]
pub(crate) struct Memory {
    log: Mutex<Log>,
    before_seal: Mutex<Option<Intruder>>,
}

impl Memory {
    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    pub(crate) fn write(&self, record: AuditRecord) {
        let mut log = self.log();
        let seq = log
            .records
            .iter()
            .map(|record| record.seq)
            .max()
            .unwrap_or(0)
            + 10;
        log.records.push(NumberedRecord {
            seq,
            stored: stored(record),
        });
    }

    /// Runs `intruder` at the last moment before the next links are stored.
    pub(crate) fn let_another_in(&self, intruder: impl FnOnce(&Self) + Send + 'static) {
        *self.before_seal.lock().unwrap() = Some(Box::new(intruder));
    }

    pub(crate) fn waiting(&self) -> Vec<NumberedRecord> {
        let log = self.log();
        let sealed = log.links.last().map_or(0, |link| link.seq);
        let mut waiting: Vec<_> = log
            .records
            .iter()
            .filter(|record| record.seq > sealed)
            .cloned()
            .collect();
        waiting.sort_by_key(|record| record.seq);
        waiting
    }

    pub(crate) fn head(&self) -> Option<ChainHead> {
        let log = self.log();
        let link = log.links.last()?.clone();
        let checkpoint = log.checkpoints.last()?.clone();
        Some(ChainHead { link, checkpoint })
    }

    pub(crate) fn put(&self, links: Vec<AuditLink>, checkpoint: Checkpoint) {
        let mut log = self.log();
        log.links.extend(links);
        log.checkpoints.push(checkpoint);
    }
}

#[async_trait]
impl ChainReader for Memory {
    async fn unsealed(&self, _: TenantId, limit: u32) -> Result<Vec<NumberedRecord>, PortError> {
        let mut waiting = self.waiting();
        waiting.truncate(limit as usize);
        Ok(waiting)
    }

    async fn unsealed_count(&self, _: TenantId) -> Result<u64, PortError> {
        Ok(self.waiting().len() as u64)
    }

    async fn chain_head(&self, _: TenantId) -> Result<Option<ChainHead>, PortError> {
        Ok(self.head())
    }

    async fn last_checkpoint(&self, _: TenantId) -> Result<Option<Checkpoint>, PortError> {
        Ok(self.log().checkpoints.last().cloned())
    }

    async fn chain(&self, _: TenantId, after: u64, limit: u32) -> Result<Vec<ChainRow>, PortError> {
        let log = self.log();
        let rows = log
            .links
            .iter()
            .filter(|link| link.number > after)
            .take(limit as usize);
        Ok(rows.map(|link| log.row(link)).collect())
    }

    async fn beginning(&self, _: TenantId) -> Result<Option<Beginning>, PortError> {
        Ok(self.log().beginning.clone())
    }

    async fn kept_records(
        &self,
        _: TenantId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<ChainRow>, PortError> {
        let log = self.log();
        let rows = log.kept.iter().filter(|link| link.number > after);
        Ok(rows
            .take(limit as usize)
            .map(|link| log.row(link))
            .collect())
    }

    async fn still_needed(&self, _: TenantId, places: &[u64]) -> Result<Vec<u64>, PortError> {
        let needed = self.log().needed.clone();
        Ok(places
            .iter()
            .copied()
            .filter(|place| needed.contains(place))
            .collect())
    }

    async fn audit_records(
        &self,
        _: TenantId,
        ids: &[AuditId],
    ) -> Result<HashMap<AuditId, Found>, PortError> {
        let log = self.log();
        let wanted = log
            .records
            .iter()
            .filter(|record| ids.contains(&record.stored.record.id));
        Ok(wanted
            .map(|record| (record.stored.record.id, found(record)))
            .collect())
    }

    async fn unlinked(&self, _: TenantId, limit: u32) -> Result<Counted<AuditId>, PortError> {
        let log = self.log();
        let sealed = log.links.last().map_or(0, |link| link.seq);
        let stray = |record: &&NumberedRecord| {
            let linked = |links: &[AuditLink]| links.iter().any(|link| link.seq == record.seq);
            record.seq <= sealed && !linked(&log.links) && !linked(&log.kept)
        };
        let mut first: Vec<_> = log
            .records
            .iter()
            .filter(stray)
            .map(|record| record.stored.record.id)
            .collect();
        let total = first.len() as u64;
        first.truncate(limit as usize);
        Ok(Counted { total, first })
    }

    async fn unrecorded(&self, _: TenantId, limit: u32) -> Result<Counted<Unrecorded>, PortError> {
        let mut first = self.log().unrecorded.clone();
        let total = first.len() as u64;
        first.truncate(limit as usize);
        Ok(Counted { total, first })
    }
}

#[async_trait]
impl Chain for Memory {
    async fn seal(&self, links: Vec<AuditLink>, checkpoint: Checkpoint) -> Result<(), PortError> {
        let intruder = self.before_seal.lock().unwrap().take();
        if let Some(intruder) = intruder {
            intruder(self);
        }
        let next = self.log().links.last().map_or(1, |link| link.number + 1);
        if links.first().is_none_or(|link| link.number != next) {
            return Err(PortError::conflict("audit chain", next));
        }
        self.put(links, checkpoint);
        Ok(())
    }

    async fn cut(&self, cut: Cut, notes: Vec<Change>) -> Result<(), PortError> {
        let mut log = self.log();
        let number = log.beginning.as_ref().map_or(0, |before| before.number);
        if cut.beginning.number != number + 1 {
            return Err(PortError::conflict("beginning", cut.beginning.number));
        }
        log.kept.extend(cut.keep);
        let gone: Vec<u64> = log
            .kept
            .iter()
            .filter(|link| cut.drop.contains(&link.number))
            .map(|link| link.seq)
            .collect();
        log.kept.retain(|link| !cut.drop.contains(&link.number));
        let kept: Vec<u64> = log.kept.iter().map(|link| link.seq).collect();
        let last = cut.beginning.last;
        let gone: Vec<u64> = log
            .links
            .iter()
            .filter(|link| link.number <= last)
            .map(|link| link.seq)
            .filter(|seq| !kept.contains(seq))
            .chain(gone)
            .collect();
        log.records.retain(|record| !gone.contains(&record.seq));
        log.links.retain(|link| link.number > last);
        log.checkpoints
            .retain(|checkpoint| checkpoint.number > cut.beginning.checkpoint);
        log.beginning = Some(cut.beginning);
        log.notes.extend(notes);
        Ok(())
    }
}
