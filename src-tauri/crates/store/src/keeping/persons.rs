//! A person in stored texts: one shelf for each kind of row, each with what of it stays and why. Every shelf is walked
//! by its rows' numbers, a page at a time.
//!
//! Never here: what is a match (`domain::person`), who may ask.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{TenantId, UserId},
    person::{Identifier, IdentifierKind, erase_in_stored, find},
};
use chimera_ports::{
    error::PortError,
    store::{FoundPerson, PersonAccount, PersonErasure, Persons, Place},
};
use sqlx::SqliteConnection;

use super::{
    memories::reword,
    readable,
    shelves::{ACCOUNTS, SHELVES, Shelf},
};
use crate::{
    SqliteStore,
    failure::Failure,
    rows::Cells,
    scrub::{not_scrubbed, overwriting},
    sqlite::Sheets,
};

/// Rows that are read at once.
const PAGE: u32 = 500;
/// Most characters of a text that are handed out.
const MAX_TEXT_CHARS: usize = 20_000;

/// A row of a shelf: number, key, why it stays, its columns as a JSON array.
type Row = (i64, String, Option<String>, String);

/// A row of a shelf that names the person, with its columns as they are.
struct Naming {
    number: i64,
    key: String,
    stays: Option<String>,
    cells: Vec<Option<String>>,
}

async fn page(
    conn: &mut SqliteConnection,
    shelf: &Shelf,
    tenant: TenantId,
    after: i64,
) -> Result<Vec<Naming>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(shelf.select)
        .bind(tenant.to_string())
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await?;
    let naming = |(number, key, stays, cells): Row| -> Result<_, Failure> {
        Ok(Naming {
            number,
            key,
            stays,
            cells: Cells(shelf.name).json("columns", &cells)?,
        })
    };
    rows.into_iter().map(naming).collect()
}

fn names(text: &str, identifiers: &[Identifier]) -> bool {
    !find(text, identifiers).is_empty() || erase_in_stored(text, identifiers, "").is_some()
}

#[async_trait]
impl Persons for SqliteStore {
    async fn find_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        limit: usize,
    ) -> Result<FoundPerson, PortError> {
        // One transaction sees all shelves at one moment.
        let mut conn = self.reads().begin().await.map_err(Failure::from)?;
        let mut found = FoundPerson {
            account: account(&mut conn, tenant, identifiers).await?,
            ..FoundPerson::default()
        };
        for shelf in SHELVES {
            let mut after = 0;
            loop {
                let rows = page(&mut conn, shelf, tenant, after).await?;
                let Some(last) = rows.last() else { break };
                after = last.number;
                let own = found.account.as_ref().map(|own| own.user.to_string());
                let named =
                    |row: &&Naming| shelf.name != ACCOUNTS || Some(&row.key) != own.as_ref();
                for row in rows.iter().filter(named) {
                    for (column, text) in shelf.columns.iter().zip(&row.cells) {
                        let Some(text) = text.as_deref().filter(|text| names(text, identifiers))
                        else {
                            continue;
                        };
                        if found.places.len() >= limit {
                            found.more = true;
                            return Ok(found);
                        }
                        found.places.push(Place {
                            shelf: shelf.name.to_owned(),
                            key: row.key.clone(),
                            column: (*column).to_owned(),
                            text: text.chars().take(MAX_TEXT_CHARS).collect(),
                            stays: row.stays.clone(),
                        });
                    }
                }
            }
        }
        Ok(found)
    }

    async fn try_erasing(&self, tenant: TenantId, erasure: PersonErasure) -> Result<(), PortError> {
        self.writer()
            .run(move |conn| {
                Box::pin(async move {
                    sqlx::query("SAVEPOINT erasing").execute(&mut *conn).await?;
                    clear_all(conn, tenant, &erasure).await?;
                    sqlx::query("ROLLBACK TO erasing")
                        .execute(&mut *conn)
                        .await?;
                    sqlx::query("RELEASE erasing").execute(&mut *conn).await?;
                    Ok(())
                })
            })
            .await
    }

    async fn erase_person(
        &self,
        tenant: TenantId,
        erasure: PersonErasure,
        notes: Vec<Change>,
    ) -> Result<BTreeMap<String, u64>, PortError> {
        let notes = Sheets::of_notes(tenant, &notes)?;
        let erased = self
            .writer()
            .run(move |conn| {
                Box::pin(async move {
                    overwriting(conn, true).await?;
                    let mut changed = clear_all(conn, tenant, &erasure).await?;
                    if let Some(user) = erasure.account {
                        close(conn, tenant, user, &erasure.tombstone).await?;
                        changed.insert("account".to_owned(), 1);
                    }
                    sqlx::query("DELETE FROM settings WHERE tenant_id = ?1 AND key = ?2")
                        .bind(tenant.to_string())
                        .bind(&erasure.marker)
                        .execute(&mut *conn)
                        .await?;
                    notes.write_notes(conn).await?;
                    // What index of words there is forgets for good only where its parts are joined.
                    sqlx::query("INSERT INTO memory_words (memory_words) VALUES ('optimize')")
                        .execute(&mut *conn)
                        .await?;
                    overwriting(conn, false).await?;
                    Ok(changed)
                })
            })
            .await?;
        // It is erased, whatever comes of this.
        if let Err(error) = self.writer().scrub().await {
            not_scrubbed(&error);
        }
        Ok(erased)
    }
}

/// Takes the person out of every shelf; answers how many rows of which were changed.
async fn clear_all(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    erasure: &PersonErasure,
) -> Result<BTreeMap<String, u64>, Failure> {
    let mut changed = BTreeMap::new();
    for shelf in SHELVES {
        let rows = clear(conn, shelf, tenant, erasure).await?;
        if rows > 0 {
            changed.insert(shelf.name.to_owned(), rows);
        }
    }
    Ok(changed)
}

/// Takes the person out of one shelf; answers how many rows were changed.
async fn clear(
    conn: &mut SqliteConnection,
    shelf: &Shelf,
    tenant: TenantId,
    erasure: &PersonErasure,
) -> Result<u64, Failure> {
    let Some(update) = shelf.update else {
        return Ok(0);
    };
    let (mut changed, mut after) = (0, 0);
    loop {
        let rows = page(conn, shelf, tenant, after).await?;
        let Some(last) = rows.last() else {
            return Ok(changed);
        };
        after = last.number;
        for row in rows.into_iter().filter(|row| row.stays.is_none()) {
            let mut any = false;
            let mut cells = Vec::with_capacity(shelf.columns.len());
            for text in row.cells.into_iter().take(shelf.columns.len()) {
                let left = text.as_deref().and_then(|text| {
                    erase_in_stored(text, &erasure.identifiers, &erasure.tombstone)
                });
                any |= left.is_some();
                cells.push(left.or(text));
            }
            if !any {
                continue;
            }
            let mut query = sqlx::query(update)
                .bind(tenant.to_string())
                .bind(row.number);
            for cell in cells {
                query = query.bind(cell);
            }
            query.execute(&mut *conn).await?;
            readable::read(conn, shelf.table, tenant, row.number).await?;
            if shelf.name == "memories" {
                reword(conn, tenant, row.number).await?;
            }
            changed += 1;
        }
    }
}

async fn account(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    identifiers: &[Identifier],
) -> Result<Option<PersonAccount>, Failure> {
    for identifier in identifiers {
        if identifier.kind != IdentifierKind::Email {
            continue;
        }
        let found: Option<(String, String, String, String)> = sqlx::query_as(
            "SELECT u.id, u.name, u.email, (SELECT json_group_array(r.role) FROM user_roles r \
                 WHERE r.user_id = u.id AND r.tenant_id = ?1) FROM users u \
             WHERE u.tenant_id = ?1 AND u.email = ?2 AND u.password_hash <> ''",
        )
        .bind(tenant.to_string())
        .bind(&identifier.value)
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(found) = found {
            return Ok(Some(account_of(conn, tenant, found).await?));
        }
    }
    Ok(None)
}

async fn account_of(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    (id, name, email, roles): (String, String, String, String),
) -> Result<PersonAccount, Failure> {
    let cells = Cells("users");
    let user: UserId = cells.text("id", &id)?;
    let lists: (String, String, i64, i64) = sqlx::query_as(
        "SELECT (SELECT json_group_array(s.label || ', ' || s.created_at) FROM sessions s \
                 WHERE s.user_id = ?2 AND s.tenant_id = ?1), \
             (SELECT json_group_array(v.id) FROM reviews v WHERE v.decided_by = ?2 AND v.tenant_id = ?1), \
             (SELECT count(*) FROM audit_logs a WHERE a.tenant_id = ?1 AND instr(a.actor, ?2) > 0), \
             (SELECT count(*) FROM user_roles r JOIN users u ON u.id = r.user_id AND u.tenant_id = ?1 \
                 WHERE r.tenant_id = ?1 AND r.role = 'admin' AND u.id <> ?2 AND u.disabled_at IS NULL \
                     AND u.password_hash <> '')",
    )
    .bind(tenant.to_string())
    .bind(&id)
    .fetch_one(conn)
    .await?;
    let roles: Vec<String> = cells.json("roles", &roles)?;
    Ok(PersonAccount {
        user,
        name,
        email,
        last_admin: roles.iter().any(|role| role == "admin") && lists.3 == 0,
        roles,
        sessions: cells.json("sessions", &lists.0)?,
        decisions: cells.json("decisions", &lists.1)?,
        acts: cells.number("acts", lists.2)?,
    })
}

/// What is left of an account: its key, by which the audit log names who acted.
async fn close(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    user: UserId,
    tombstone: &str,
) -> Result<(), Failure> {
    let (owner, id) = (tenant.to_string(), user.to_string());
    sqlx::query(
        "UPDATE users SET name = ?3, email = ?2 || '@erased.invalid', password_hash = '', \
             disabled_at = coalesce(disabled_at, created_at) WHERE tenant_id = ?1 AND id = ?2",
    )
    .bind(&owner)
    .bind(&id)
    .bind(tombstone)
    .execute(&mut *conn)
    .await?;
    sqlx::query("DELETE FROM sessions WHERE tenant_id = ?1 AND user_id = ?2")
        .bind(&owner)
        .bind(&id)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM settings WHERE tenant_id = ?1 AND key = 'preferences.' || ?2")
        .bind(&owner)
        .bind(&id)
        .execute(conn)
        .await?;
    Ok(())
}
