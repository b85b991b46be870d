//! That what was taken out is gone from the file too. SQLite marks what is deleted as free and leaves its bytes where they
//! were until something else is written there, and its write-ahead log keeps former pages until it is begun anew.
//!
//! Every connection that writes overwrites what it frees within pages that it writes anyway (`secure_delete = FAST`, which
//! costs no page more). Where data is taken out for good, whole freed pages are overwritten too ([`overwriting`]). After a
//! person's erasure the file is written anew without anything that is free, former versions of rows included, and the log
//! is cut to nothing ([`scrub`]). Never here: what is taken out.

use sqlx::{SqliteConnection, raw_sql};

use crate::{
    failure::Failure,
    file::{Form, form},
};

/// What a connection that writes does with what it frees, as a value of `PRAGMA secure_delete`.
pub(crate) const SECURE_DELETE: &str = "FAST";

/// From here on, or no longer, whole pages that are freed are overwritten too.
///
/// The pragma takes effect when it is prepared, so it is never sent as a statement that is kept prepared.
pub(crate) async fn overwriting(conn: &mut SqliteConnection, wholly: bool) -> Result<(), Failure> {
    let pragma = if wholly {
        "PRAGMA secure_delete = ON"
    } else {
        "PRAGMA secure_delete = FAST"
    };
    raw_sql(pragma).execute(conn).await?;
    Ok(())
}

/// Leaves nothing in the file or its log but what is stored now. Outside of a transaction.
///
/// A file that is encrypted is not written anew: what is free in it is as unreadable as the rest, and copying it would lay
/// its content into a temporary file in plain.
pub(crate) async fn scrub(conn: &mut SqliteConnection) -> Result<(), Failure> {
    // Whether it is encrypted shows once something of it lies in the file.
    checkpoint(conn).await?;
    let path: String =
        sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'")
            .fetch_one(&mut *conn)
            .await?;
    if matches!(form(path.as_ref()), Ok(Form::Plain)) {
        // The copy that it makes on the way is as large as the file: not in memory.
        raw_sql("PRAGMA temp_store = FILE")
            .execute(&mut *conn)
            .await?;
        let vacuumed = raw_sql("VACUUM").execute(&mut *conn).await;
        raw_sql("PRAGMA temp_store = MEMORY")
            .execute(&mut *conn)
            .await?;
        vacuumed?;
    }
    if checkpoint(conn).await? {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "somebody still reads former pages of {path}, so its log was not cut"
    )))
}

/// Moves everything out of the log and cuts it to nothing; answers whether nobody was in the way.
async fn checkpoint(conn: &mut SqliteConnection) -> Result<bool, Failure> {
    let (busy, ..): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(conn)
        .await?;
    Ok(busy == 0)
}

/// Says that the file was not scrubbed: what was erased is out of every table all the same.
pub(crate) fn not_scrubbed(error: &dyn std::fmt::Display) {
    tracing::error!(
        %error,
        "a person was erased, and former versions of rows may still lie in free parts of the file; they go with the next erasure, or when the file is copied with `chimerad backup` and replaced by its copy"
    );
}
