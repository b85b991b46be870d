//! The one task that writes: it drains what waits, writes it in one transaction, and answers everybody.
//!
//! A caller that goes away does not take its write with it. Never here: what is written.

use std::{collections::VecDeque, time::Duration};

use chimera_domain::change::{ChangeSet, Committed};
use chimera_ports::error::{PortError, Trouble};
use futures::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{draft::Draft, group, lanes::Lanes};
use crate::failure::Failure;
use crate::file::{InstanceLock, OpenedFile};

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
    Commit(Waiting),
    Direct(Box<dyn Direct>),
    Close(oneshot::Sender<Result<(), PortError>>),
}

/// A change set whose caller waits.
struct Waiting {
    draft: Box<Draft>,
    reply: oneshot::Sender<Result<Committed, PortError>>,
}

/// A write of its own, run under a savepoint of the common transaction.
trait Direct: Send {
    fn run<'a>(&'a mut self, conn: &'a mut SqliteConnection) -> BoxFuture<'a, Result<(), Failure>>;
    fn settle(self: Box<Self>, outcome: Result<(), PortError>);
}

struct Call<T, F> {
    work: Option<F>,
    answer: Option<T>,
    reply: oneshot::Sender<Result<T, PortError>>,
}

impl<T, F> Direct for Call<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Failure>> + Send,
{
    fn run<'a>(&'a mut self, conn: &'a mut SqliteConnection) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                self.answer = Some(work(conn).await?);
            }
            Ok(())
        })
    }

    fn settle(self: Box<Self>, outcome: Result<(), PortError>) {
        let Self {
            work: _,
            answer,
            reply,
        } = *self;
        // A caller that went away hears nothing; its write stands.
        drop(reply.send(outcome.and_then(|()| answer.ok_or_else(gone))));
    }
}

impl Writer {
    /// Starts the writer on its connection. The lock on the file goes when the connection has gone.
    pub(crate) fn start(
        conn: SqliteConnection,
        file: OpenedFile,
        limits: BatchLimits,
        lock: InstanceLock,
    ) -> Self {
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
        tokio::spawn(desk.serve());
        Self { jobs, trouble }
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
        let draft = Box::new(Draft::of(set)?);
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(Job::Commit(Waiting { draft, reply }))
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
        let call = Box::new(Call {
            work: Some(work),
            answer: None,
            reply,
        });
        self.jobs
            .send(Job::Direct(call))
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

fn gone() -> PortError {
    PortError::Internal(
        "the store stopped before it answered; whether this was written shows when it is read again".to_owned(),
    )
}

/// What one transaction takes.
#[derive(Default)]
struct Batch {
    commits: Vec<Waiting>,
    directs: Vec<Box<dyn Direct>>,
}

impl Batch {
    fn len(&self) -> usize {
        self.commits.len() + self.directs.len()
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
    /// Sets that touch what an earlier set of the same batch touches.
    deferred: VecDeque<Waiting>,
    /// Size of the batch before: how much company to expect.
    last_batch: usize,
    /// What the last transaction met.
    met: watch::Sender<Option<Trouble>>,
    /// Who asked for the end and wants to hear of it.
    closing: Option<oneshot::Sender<Result<(), PortError>>>,
}

impl Desk {
    async fn serve(mut self) {
        while let Some(batch) = self.gather().await {
            self.last_batch = batch.len();
            self.write(batch).await;
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
        for waiting in std::mem::take(&mut self.deferred) {
            self.place(waiting, &mut lanes, &mut batch);
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
            Job::Commit(waiting) => self.place(waiting, lanes, batch),
            Job::Direct(direct) => batch.directs.push(direct),
            Job::Close(reply) => {
                // Nobody is let in from here on; who is in already is served.
                self.waiting.close();
                self.closing = Some(reply);
            }
        }
    }

    fn place(&mut self, waiting: Waiting, lanes: &mut Lanes, batch: &mut Batch) {
        if lanes.take(&waiting.draft) {
            batch.commits.push(waiting);
        } else {
            self.deferred.push_back(waiting);
        }
    }

    /// Writes a batch in one transaction and answers everybody in it.
    async fn write(&mut self, batch: Batch) {
        let Batch {
            commits,
            mut directs,
        } = batch;
        let drafts: Vec<&Draft> = commits
            .iter()
            .map(|waiting| waiting.draft.as_ref())
            .collect();
        // What is written into a file that nobody finds any more is lost, however well it was written.
        let outcome = if self.file.lies_there() {
            transact(&mut self.conn, &mut directs, &drafts).await
        } else {
            Err(Failure::file_gone())
        };
        drop(drafts);
        match outcome {
            Ok((of_directs, of_commits)) => {
                if self.met.send_if_modified(|met| met.take().is_some()) {
                    tracing::warn!("the database can be written again");
                }
                for (direct, outcome) in directs.into_iter().zip(of_directs) {
                    direct.settle(outcome);
                }
                for (waiting, outcome) in commits.into_iter().zip(of_commits) {
                    drop(waiting.reply.send(outcome));
                }
            }
            Err(failure) => {
                // No transaction is open after some errors; then this has nothing to do.
                drop(sqlx::query("ROLLBACK").execute(&mut self.conn).await);
                let error = PortError::from(failure);
                if let PortError::Trouble { trouble, .. } = &error {
                    self.met.send_replace(Some(*trouble));
                }
                tracing::error!(%error, writes = directs.len() + commits.len(), "a batch could not be written");
                for direct in directs {
                    direct.settle(Err(error.clone()));
                }
                for waiting in commits {
                    drop(waiting.reply.send(Err(error.clone())));
                }
            }
        }
    }
}

type Outcomes<T> = Vec<Result<T, PortError>>;

async fn transact(
    conn: &mut SqliteConnection,
    directs: &mut [Box<dyn Direct>],
    drafts: &[&Draft],
) -> Result<(Outcomes<()>, Outcomes<Committed>), Failure> {
    // Mostly everything fits: then no savepoint is needed, and SQLite keeps no copies for one.
    if directs.is_empty() {
        begin(conn).await?;
        match group::write(conn, drafts).await {
            Ok(of_commits) => {
                commit(conn).await?;
                return Ok((Vec::new(), of_commits));
            }
            Err(failure) if failure.blames_an_item() => {
                sqlx::query("ROLLBACK").execute(&mut *conn).await?;
            }
            Err(failure) => return Err(failure),
        }
    }
    begin(conn).await?;
    let mut of_directs = Vec::with_capacity(directs.len());
    // One savepoint after the other; each statement is a way to the thread of the connection and back, so the end of
    // one and the beginning of the next go together.
    let mut next = "SAVEPOINT item";
    for direct in directs {
        sqlx::query(next).execute(&mut *conn).await?;
        let outcome = direct.run(conn).await;
        of_directs.push(undone(conn, outcome).await?);
        next = "RELEASE item; SAVEPOINT item";
    }
    if !of_directs.is_empty() {
        sqlx::query("RELEASE item").execute(&mut *conn).await?;
    }
    let of_commits = write_bisecting(conn, drafts).await?;
    commit(conn).await?;
    Ok((of_directs, of_commits))
}

async fn begin(conn: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("BEGIN IMMEDIATE").execute(conn).await?;
    Ok(())
}

async fn commit(conn: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("COMMIT").execute(conn).await?;
    Ok(())
}

/// Writes the sets as one group; when one of them cannot be written, halves the group until it stands alone.
async fn write_bisecting(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<Outcomes<Committed>, Failure> {
    let mut outcomes = Vec::with_capacity(drafts.len());
    let mut groups = vec![drafts];
    while let Some(group) = groups.pop() {
        if group.is_empty() {
            continue;
        }
        savepoint(conn).await?;
        let written = group::write(conn, group).await;
        match keep_or_undo(conn, written).await? {
            Ok(of_group) => outcomes.extend(of_group),
            Err(error) if group.len() == 1 => outcomes.push(Err(error)),
            Err(_) => {
                let (first, second) = group.split_at(group.len() / 2);
                groups.push(second);
                groups.push(first);
            }
        }
    }
    Ok(outcomes)
}

async fn savepoint(conn: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("SAVEPOINT item").execute(conn).await?;
    Ok(())
}

/// Keeps what was written since the savepoint, or undoes it when the item is to blame.
///
/// # Errors
/// When the whole transaction has to go.
async fn keep_or_undo<T>(
    conn: &mut SqliteConnection,
    outcome: Result<T, Failure>,
) -> Result<Result<T, PortError>, Failure> {
    let kept = undone(conn, outcome).await?;
    sqlx::query("RELEASE item").execute(conn).await?;
    Ok(kept)
}

/// Undoes what was written since the savepoint when the item is to blame; the savepoint stays open either way.
///
/// # Errors
/// When the whole transaction has to go.
async fn undone<T>(
    conn: &mut SqliteConnection,
    outcome: Result<T, Failure>,
) -> Result<Result<T, PortError>, Failure> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(failure) if failure.blames_an_item() => {
            sqlx::query("ROLLBACK TO item").execute(conn).await?;
            Ok(Err(failure.into()))
        }
        Err(failure) => Err(failure),
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
