//! A person in spans. What models and tools were told is masked before it is kept; names and handles may stand in it.
//!
//! Never here: what is a match (`domain::person`).

use async_trait::async_trait;
use chimera_domain::{
    id::TenantId,
    person::{Identifier, erase_in_stored},
};
use chimera_ports::{
    error::PortError,
    spans::{PrunedSpans, SpanPersons},
    store::Place,
};
use sqlx::SqliteConnection;

use super::{SqliteSpans, desk::Chore};
use crate::failure::Failure;

/// Spans that are read at once.
const PAGE: u32 = 500;
/// Most characters of a text that are handed out.
const MAX_TEXT_CHARS: usize = 20_000;

/// Who is taken out.
pub(super) struct Wanted {
    tenant: TenantId,
    identifiers: Vec<Identifier>,
    tombstone: String,
}

/// A span: number, key, name, attributes.
type Row = (i64, String, String, String);

async fn page(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    after: i64,
) -> Result<Vec<Row>, Failure> {
    Ok(sqlx::query_as(
        "SELECT rowid, span_id, name, attributes FROM spans WHERE tenant_id = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3",
    )
    .bind(tenant.to_string())
    .bind(after)
    .bind(PAGE)
    .fetch_all(conn)
    .await?)
}

#[async_trait]
impl SpanPersons for SqliteSpans {
    async fn find_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        limit: usize,
    ) -> Result<Vec<Place>, PortError> {
        self.flush().await;
        let mut conn = self.reads.acquire().await.map_err(Failure::from)?;
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let rows = page(&mut conn, tenant, after).await?;
            let Some((last, ..)) = rows.last() else {
                return Ok(found);
            };
            after = *last;
            for (_, key, name, attributes) in &rows {
                for (column, text) in [("name", name), ("attributes", attributes)] {
                    if erase_in_stored(text, identifiers, "").is_none() {
                        continue;
                    }
                    if found.len() >= limit {
                        return Ok(found);
                    }
                    found.push(Place {
                        shelf: "spans".to_owned(),
                        key: key.clone(),
                        column: column.to_owned(),
                        text: text.chars().take(MAX_TEXT_CHARS).collect(),
                        stays: None,
                    });
                }
            }
        }
    }

    async fn erase_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        tombstone: &str,
    ) -> Result<u64, PortError> {
        self.flush().await;
        let wanted = Wanted {
            tenant,
            identifiers: identifiers.to_vec(),
            tombstone: tombstone.to_owned(),
        };
        let done = self.chore(Chore::Erase(wanted)).await?;
        Ok(done.spans)
    }
}

/// In one transaction.
pub(super) async fn erase(
    conn: &mut SqliteConnection,
    wanted: &Wanted,
) -> Result<PrunedSpans, Failure> {
    let gone = |text: &str| erase_in_stored(text, &wanted.identifiers, &wanted.tombstone);
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    let (mut done, mut after) = (PrunedSpans::default(), 0);
    loop {
        let rows = page(conn, wanted.tenant, after).await?;
        let Some((last, ..)) = rows.last() else { break };
        after = *last;
        for (number, _, name, attributes) in &rows {
            let (less, fewer) = (gone(name), gone(attributes));
            if less.is_none() && fewer.is_none() {
                continue;
            }
            sqlx::query(
                "UPDATE spans SET name = ?3, attributes = ?4 WHERE tenant_id = ?1 AND rowid = ?2",
            )
            .bind(wanted.tenant.to_string())
            .bind(number)
            .bind(less.as_ref().unwrap_or(name))
            .bind(fewer.as_ref().unwrap_or(attributes))
            .execute(&mut *conn)
            .await?;
            done.spans += 1;
        }
    }
    let runs: Vec<(String, String)> =
        sqlx::query_as("SELECT trace_id, name FROM traces WHERE tenant_id = ?1")
            .bind(wanted.tenant.to_string())
            .fetch_all(&mut *conn)
            .await?;
    for (run, name) in runs {
        if let Some(left) = gone(&name) {
            sqlx::query("UPDATE traces SET name = ?3 WHERE tenant_id = ?1 AND trace_id = ?2")
                .bind(wanted.tenant.to_string())
                .bind(run)
                .bind(left)
                .execute(&mut *conn)
                .await?;
            done.runs += 1;
        }
    }
    sqlx::query("COMMIT").execute(conn).await?;
    Ok(done)
}
