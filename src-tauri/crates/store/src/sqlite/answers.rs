//! Keys of clients' writes: taken before the write, answered after it.
//!
//! Never here: what a request is, or what is answered when a key was taken and never answered.

use chimera_domain::{change::IdempotencyRecord, id::TenantId};
use sqlx::SqliteConnection;

use crate::batch::insert_new;
use crate::{failure::Failure, rows::AnswerRow, table::Sheet};

/// Stores the begun row, or reads the one that is there.
pub(super) async fn begin(
    conn: &mut SqliteConnection,
    begun: AnswerRow,
) -> Result<Option<IdempotencyRecord>, Failure> {
    let found: Option<AnswerRow> =
        sqlx::query_as("SELECT * FROM idempotency_keys WHERE tenant_id = ?1 AND key = ?2")
            .bind(&begun.tenant_id)
            .bind(&begun.key)
            .fetch_optional(&mut *conn)
            .await?;
    match found {
        Some(row) => Ok(Some(row.try_into()?)),
        None => {
            insert_new(conn, &Sheet::of(begun)).await?;
            Ok(None)
        }
    }
}

/// Puts the answer in the place of what was begun.
pub(super) async fn put(conn: &mut SqliteConnection, row: AnswerRow) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE idempotency_keys SET status = ?4, body = ?5 \
         WHERE tenant_id = ?1 AND key = ?2 AND request = ?3 AND status = 0",
    )
    .bind(&row.tenant_id)
    .bind(&row.key)
    .bind(&row.request)
    .bind(row.status)
    .bind(&row.body)
    .execute(&mut *conn)
    .await?;
    // Nobody began it, or it is answered already and stays.
    insert_new(conn, &Sheet::of(row)).await
}

/// Gives the key up, unless it is answered.
pub(super) async fn drop_begun(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    key: String,
) -> Result<(), Failure> {
    sqlx::query("DELETE FROM idempotency_keys WHERE tenant_id = ?1 AND key = ?2 AND status = 0")
        .bind(tenant.to_string())
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
}
