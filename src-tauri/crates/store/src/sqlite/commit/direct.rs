//! A write of its own: work that nobody else does in the same words, run under a savepoint of the common transaction.
//!
//! Never here: when it is run (`writer`).

use chimera_ports::error::PortError;
use futures::future::BoxFuture;
use sqlx::SqliteConnection;
use tokio::sync::oneshot;

use super::writer::gone;
use crate::failure::Failure;

/// A write whose caller waits.
pub(super) trait Direct: Send {
    /// Does it.
    fn run<'a>(&'a mut self, conn: &'a mut SqliteConnection) -> BoxFuture<'a, Result<(), Failure>>;

    /// Tells its caller.
    fn settle(self: Box<Self>, outcome: Result<(), PortError>);
}

/// The write, what it answers, and who waits for that.
pub(super) struct Call<T, F> {
    work: Option<F>,
    answer: Option<T>,
    reply: oneshot::Sender<Result<T, PortError>>,
}

impl<T, F> Call<T, F> {
    pub(super) const fn new(work: F, reply: oneshot::Sender<Result<T, PortError>>) -> Self {
        Self {
            work: Some(work),
            answer: None,
            reply,
        }
    }
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
