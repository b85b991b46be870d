//! The one thread that writes: it drains what waits, writes it in one transaction, and answers everybody.
//!
//! A caller that goes away does not take its write with it. Never here: what is written.

use std::{collections::VecDeque, io, time::Duration};

use chimera_domain::change::{ChangeSet, Committed};
use chimera_ports::{
    error::{PortError, Trouble},
    store::Reserved,
};
use futures::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{
    super::ledger::{Asked, Ended},
    direct::{Call, Direct},
    draft::Draft,
    lanes::Lanes,
    transaction::{Grouped, Items, Outcomes, Written, transact},
};
use crate::failure::Failure;
use crate::file::{InstanceLock, OpenedFile};
use crate::scrub::scrub;

/// Most writes that wait for the writer; whoever comes then waits to be let in.
const MAX_WAITING_WRITES: usize = 4_096;

/// How much one transaction may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchLimits {
    /// Most writes of one transaction.
    pub(crate) max_items: usize,
    /// Longest wait for company.
    pub(crate) max_wait: Duration,
}

/// A handle on the writer. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    trouble: watch::Receiver<Option<Trouble>>,
}

enum Job {
    Commit(Waiting<Draft>),
    Reserve(Waiting<Asked>),
    Settle(Waiting<Ended>),
    Direct(Box<dyn Direct>),
    Scrub(oneshot::Sender<Result<(), PortError>>),
    Close(oneshot::Sender<Result<(), PortError>>),
}

/// What waits to be written with others of its kind, and its caller.
struct Waiting<T: Grouped> {
    item: Box<T>,
    reply: oneshot::Sender<Result<T::Answer, PortError>>,
}

impl Writer {
    /// Starts the writer on its connection. The lock on the file goes when the connection has gone.
    ///
    /// # Errors
    /// When the system gives it no thread.
    pub(crate) async fn start(
        conn: SqliteConnection,
        file: OpenedFile,
        limits: BatchLimits,
        lock: InstanceLock,
    ) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING_WRITES);
        let (met, trouble) = watch::channel(None);
        let desk = Desk {
            conn,
            file,
            lock,
            waiting,
            limits,
            deferred: VecDeque::new(),
            last_batch: 1,
            met,
            closing: None,
        };
        crate::thread::run("store-writer", desk.serve()).await?;
        Ok(Self { jobs, trouble })
    }

    /// What the last transaction met, when it could not be written.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        *self.trouble.borrow()
    }

    /// A writer that refuses everything.
    pub(crate) fn closed() -> Self {
        let (jobs, _) = mpsc::channel(1);
        let (_, trouble) = watch::channel(None);
        Self { jobs, trouble }
    }

    /// Commits a change set together with whatever else waits.
    pub(crate) async fn commit(&self, set: &ChangeSet) -> Result<Committed, PortError> {
        self.ask(Draft::of(set)?, Job::Commit).await
    }

    /// Reserves a model call together with whatever else waits.
    pub(crate) async fn reserve(&self, asked: Asked) -> Result<Reserved, PortError> {
        self.ask(asked, Job::Reserve).await
    }

    /// Settles a model call together with whatever else waits; answers whether a line was written.
    pub(crate) async fn settle(&self, ended: Ended) -> Result<bool, PortError> {
        self.ask(ended, Job::Settle).await
    }

    async fn ask<T: Grouped>(
        &self,
        item: T,
        job: fn(Waiting<T>) -> Job,
    ) -> Result<T::Answer, PortError> {
        let (reply, answer) = oneshot::channel();
        let item = Box::new(item);
        self.jobs
            .send(job(Waiting { item, reply }))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| gone())?
    }

    /// Runs a write of its own.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, PortError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Failure>>
            + Send
            + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Call::new(work, reply));
        self.jobs
            .send(Job::Direct(call))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| gone())?
    }

    /// Leaves nothing in the file but what is stored when it is done; other writes wait meanwhile.
    pub(crate) async fn scrub(&self) -> Result<(), PortError> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(Job::Scrub(reply))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| gone())?
    }

    /// Writes what waits, leaves the file in order and lets nobody in any more.
    pub(crate) async fn close(&self) -> Result<(), PortError> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(Job::Close(reply))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| gone())?
    }
}

fn closed() -> PortError {
    PortError::Internal("the store is closed; nothing was written".to_owned())
}

pub(super) fn gone() -> PortError {
    PortError::Internal(
        "the store stopped before it answered; whether this was written shows when it is read again".to_owned(),
    )
}

/// What one transaction takes.
#[derive(Default)]
struct Batch {
    ended: Vec<Waiting<Ended>>,
    asked: Vec<Waiting<Asked>>,
    commits: Vec<Waiting<Draft>>,
    directs: Vec<Box<dyn Direct>>,
    /// Who wants the file scrubbed after it.
    scrubs: Vec<oneshot::Sender<Result<(), PortError>>>,
}

impl Batch {
    fn len(&self) -> usize {
        self.ended.len()
            + self.asked.len()
            + self.commits.len()
            + self.directs.len()
            + self.scrubs.len()
    }

    /// Tells everybody what came of it.
    fn answer(self, written: Written) {
        for (direct, outcome) in self.directs.into_iter().zip(written.directs) {
            direct.settle(outcome);
        }
        answer(self.ended, written.ended);
        answer(self.asked, written.asked);
        answer(self.commits, written.drafts);
    }

    /// Tells everybody that nothing came of it.
    fn refuse(self, error: &PortError) {
        for direct in self.directs {
            direct.settle(Err(error.clone()));
        }
        refuse(self.ended, error);
        refuse(self.asked, error);
        refuse(self.commits, error);
    }
}

fn items<T: Grouped>(waiting: &[Waiting<T>]) -> Vec<&T> {
    waiting
        .iter()
        .map(|waiting| waiting.item.as_ref())
        .collect()
}

fn answer<T: Grouped>(waiting: Vec<Waiting<T>>, outcomes: Outcomes<T::Answer>) {
    for (waiting, outcome) in waiting.into_iter().zip(outcomes) {
        drop(waiting.reply.send(outcome));
    }
}

fn refuse<T: Grouped>(waiting: Vec<Waiting<T>>, error: &PortError) {
    for waiting in waiting {
        drop(waiting.reply.send(Err(error.clone())));
    }
}

/// The writer itself.
struct Desk {
    conn: SqliteConnection,
    /// What `conn` writes into.
    file: OpenedFile,
    lock: InstanceLock,
    waiting: mpsc::Receiver<Job>,
    limits: BatchLimits,
    /// What touches a row that something earlier in the same batch touches.
    deferred: VecDeque<Job>,
    /// Size of the batch before: how much company to expect.
    last_batch: usize,
    /// What the last transaction met.
    met: watch::Sender<Option<Trouble>>,
    /// Who asked for the end and wants to hear of it.
    closing: Option<oneshot::Sender<Result<(), PortError>>>,
}

impl Desk {
    async fn serve(mut self) {
        while let Some(mut batch) = self.gather().await {
            self.last_batch = batch.len();
            let scrubs = std::mem::take(&mut batch.scrubs);
            self.write(batch).await;
            if !scrubs.is_empty() {
                let scrubbed = scrub(&mut self.conn).await.map_err(PortError::from);
                for reply in scrubs {
                    drop(reply.send(scrubbed.clone()));
                }
            }
        }
        let outcome = leave(self.conn).await.map_err(PortError::from);
        drop(self.lock);
        match (self.closing, outcome) {
            (Some(reply), outcome) => drop(reply.send(outcome)),
            (None, Err(error)) => {
                tracing::warn!(%error, "the database was left without its closing words")
            }
            (None, Ok(())) => {}
        }
    }

    /// Collects a batch: what was deferred, what waits, and what comes while company is expected.
    ///
    /// `None` when nobody can come any more.
    async fn gather(&mut self) -> Option<Batch> {
        let mut batch = Batch::default();
        let mut lanes = Lanes::default();
        for job in std::mem::take(&mut self.deferred) {
            self.admit(job, &mut lanes, &mut batch);
        }
        while batch.len() == 0 {
            let job = self.waiting.recv().await?;
            self.admit(job, &mut lanes, &mut batch);
        }
        let until = Instant::now() + self.limits.max_wait;
        while batch.len() + self.deferred.len() < self.limits.max_items {
            let job = match self.waiting.try_recv() {
                Ok(job) => job,
                Err(_) if batch.len() + self.deferred.len() >= self.last_batch => break,
                Err(_) => match tokio::time::timeout_at(until, self.waiting.recv()).await {
                    Ok(Some(job)) => job,
                    Ok(None) | Err(_) => break,
                },
            };
            self.admit(job, &mut lanes, &mut batch);
        }
        Some(batch)
    }

    fn admit(&mut self, job: Job, lanes: &mut Lanes, batch: &mut Batch) {
        match job {
            Job::Commit(waiting) if lanes.take(&waiting.item) => batch.commits.push(waiting),
            Job::Reserve(waiting) if lanes.take_call(waiting.item.id()) => {
                batch.asked.push(waiting);
            }
            Job::Settle(waiting) if lanes.take_call(waiting.item.id()) => batch.ended.push(waiting),
            Job::Commit(_) | Job::Reserve(_) | Job::Settle(_) => self.deferred.push_back(job),
            Job::Direct(direct) => batch.directs.push(direct),
            Job::Scrub(reply) => batch.scrubs.push(reply),
            Job::Close(reply) => {
                // Nobody is let in from here on; who is in already is served.
                self.waiting.close();
                self.closing = Some(reply);
            }
        }
    }

    /// Writes a batch in one transaction and answers everybody in it.
    async fn write(&mut self, mut batch: Batch) {
        let items = Items {
            ended: items(&batch.ended),
            asked: items(&batch.asked),
            drafts: items(&batch.commits),
        };
        // What is written into a file that nobody finds any more is lost, however well it was written.
        let outcome = if self.file.lies_there() {
            transact(&mut self.conn, &mut batch.directs, &items).await
        } else {
            Err(Failure::file_gone())
        };
        drop(items);
        match outcome {
            Ok(written) => {
                if self.met.send_if_modified(|met| met.take().is_some()) {
                    tracing::warn!("the database can be written again");
                }
                batch.answer(written);
            }
            Err(failure) => {
                // No transaction is open after some errors; then this has nothing to do.
                drop(sqlx::query("ROLLBACK").execute(&mut self.conn).await);
                let error = PortError::from(failure);
                if let PortError::Trouble { trouble, .. } = &error {
                    self.met.send_replace(Some(*trouble));
                }
                tracing::error!(%error, writes = batch.len(), "a batch could not be written");
                batch.refuse(&error);
            }
        }
    }
}

/// Marks the file as left in order and moves everything out of the write-ahead log.
async fn leave(mut conn: SqliteConnection) -> Result<(), Failure> {
    sqlx::query("UPDATE schema_info SET clean = 1")
        .execute(&mut conn)
        .await?;
    sqlx::query("PRAGMA optimize").execute(&mut conn).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut conn)
        .await?;
    conn.close().await?;
    Ok(())
}
