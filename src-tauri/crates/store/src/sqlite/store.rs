//! The store's handle: one writer, one reader of boards, several readers of all else. Cheap to clone.
//!
//! Never here: SQL of an aggregate; each has a file of its own.

use chimera_domain::{change::Change, id::TenantId};
use chimera_ports::error::PortError;
use futures::future::BoxFuture;
use sqlx::{SqliteConnection, SqlitePool};

use super::{
    commit::{Sheets, Writer},
    open,
};
use crate::{StoreError, StoreOptions, board::BoardReader, failure::Failure};

/// The store on one SQLite file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    reads: SqlitePool,
    boards: BoardReader,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database, making it or bringing it up to date as needed.
    ///
    /// # Errors
    /// [`StoreError`] says what is wrong with the file; a file that is refused is left as it was.
    pub async fn open(options: StoreOptions) -> Result<Self, StoreError> {
        open::open(&options).await
    }

    pub(super) const fn new(reads: SqlitePool, boards: BoardReader, writer: Writer) -> Self {
        Self {
            reads,
            boards,
            writer,
        }
    }

    /// Writes what waits, empties the write-ahead log and marks the file as left in order. Later calls on any
    /// clone fail.
    ///
    /// # Errors
    /// When the file could not be left in order; everything that was answered is stored all the same.
    pub async fn close(&self) -> Result<(), PortError> {
        self.boards.close().await;
        self.reads.close().await;
        self.writer.close().await
    }

    pub(crate) const fn reads(&self) -> &SqlitePool {
        &self.reads
    }

    pub(super) const fn boards(&self) -> &BoardReader {
        &self.boards
    }

    pub(crate) const fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Runs a write of its own, with its notes in the same transaction; answers the number of the last event.
    pub(super) async fn write<F>(
        &self,
        tenant: TenantId,
        notes: &[Change],
        work: F,
    ) -> Result<u64, PortError>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<(), Failure>>
            + Send
            + 'static,
    {
        let notes = Sheets::of_notes(tenant, notes)?;
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    work(conn).await?;
                    notes.write_notes(conn).await
                })
            })
            .await
    }
}
