//! The one thread that reads boards: it drains who waits, reads for all of them at once, and answers everybody.
//!
//! Whoever asks after a commit sees it: the statement begins after the question came. Never here: the statement (`rows`).

use std::io;

use chimera_domain::{
    change::Board,
    id::{TaskId, TenantId},
};
use chimera_ports::error::PortError;
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::rows::{self, Found};
use crate::{failure::Failure, thread};

/// Most questions that wait for the reader; whoever comes then waits to be let in.
const MAX_WAITING_BOARDS: usize = 4_096;
/// Most boards that one statement reads.
const MAX_BOARDS_AT_ONCE: usize = 128;

/// A handle on the reader. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct BoardReader {
    asked: mpsc::Sender<Asked>,
}

enum Asked {
    Board(Waiting),
    Close(oneshot::Sender<()>),
}

/// A task whose board somebody waits for.
struct Waiting {
    of: (TaskId, TenantId),
    reply: oneshot::Sender<Result<Option<Found>, PortError>>,
}

impl BoardReader {
    /// Starts the reader; it takes a connection of its own out of `pool` when the first board is asked for.
    ///
    /// # Errors
    /// When the system gives it no thread.
    pub(crate) async fn start(pool: SqlitePool) -> io::Result<Self> {
        let (asked, waiting) = mpsc::channel(MAX_WAITING_BOARDS);
        let desk = Desk {
            pool,
            conn: None,
            waiting,
        };
        thread::run("store-boards", desk.serve()).await?;
        Ok(Self { asked })
    }

    /// The board of a task.
    pub(crate) async fn read(&self, tenant: TenantId, task: TaskId) -> Result<Board, PortError> {
        let (reply, answer) = oneshot::channel();
        let of = (task, tenant);
        let asked = Asked::Board(Waiting { of, reply });
        self.asked.send(asked).await.map_err(|_| closed())?;
        let found = answer.await.map_err(|_| closed())??;
        let found = found.ok_or_else(|| PortError::not_found("task", task))?;
        Ok(Board::try_from(found)?)
    }

    /// Answers who waits, lets go of the file and lets nobody in any more.
    pub(crate) async fn close(&self) {
        let (reply, answer) = oneshot::channel();
        // Whoever is closed already has nothing to let go of.
        if self.asked.send(Asked::Close(reply)).await.is_ok() {
            drop(answer.await);
        }
    }
}

fn closed() -> PortError {
    PortError::Internal("the store is closed; nothing was read".to_owned())
}

/// The reader itself.
struct Desk {
    pool: SqlitePool,
    conn: Option<SqliteConnection>,
    waiting: mpsc::Receiver<Asked>,
}

impl Desk {
    async fn serve(mut self) {
        let mut asked = Vec::with_capacity(MAX_BOARDS_AT_ONCE);
        let mut closing = Vec::new();
        while self.waiting.recv_many(&mut asked, MAX_BOARDS_AT_ONCE).await > 0 {
            let mut batch = Vec::with_capacity(asked.len());
            for asked in asked.drain(..) {
                match asked {
                    Asked::Board(waiting) => batch.push(waiting),
                    Asked::Close(reply) => {
                        // Nobody is let in from here on; who is in already is served.
                        self.waiting.close();
                        closing.push(reply);
                    }
                }
            }
            // Who went away meanwhile needs no board.
            batch.retain(|waiting| !waiting.reply.is_closed());
            if !batch.is_empty() {
                self.answer(batch).await;
            }
        }
        if let Some(conn) = self.conn.take() {
            // It changed nothing, so it has nothing to say on leaving.
            drop(conn.close().await);
        }
        for reply in closing {
            // Whoever asked and went away needs no answer.
            let _ = reply.send(());
        }
    }

    async fn answer(&mut self, batch: Vec<Waiting>) {
        let tasks: Vec<(TaskId, TenantId)> = batch.iter().map(|waiting| waiting.of).collect();
        match self.read(&tasks).await {
            Ok(found) => {
                for (waiting, found) in batch.into_iter().zip(found) {
                    drop(waiting.reply.send(found));
                }
            }
            Err(failure) => {
                // The next ones get another connection: this one may be what is broken.
                self.conn = None;
                let error = PortError::from(failure);
                for waiting in batch {
                    drop(waiting.reply.send(Err(error.clone())));
                }
            }
        }
    }

    async fn read(
        &mut self,
        tasks: &[(TaskId, TenantId)],
    ) -> Result<Vec<Result<Option<Found>, PortError>>, Failure> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(self.pool.acquire().await?.detach()),
        };
        rows::read(conn, tasks).await
    }
}
