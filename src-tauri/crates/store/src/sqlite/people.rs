//! People, their sessions, and tenants.
//!
//! Never here: passwords and tokens in the clear; what comes here is hashed already.

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    digest::Digest,
    id::{SessionId, TenantId, UserId},
    tenant::Tenant,
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    store::{MAX_OWNED, Owned, People, Session, User},
};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{campaigns::all, store::SqliteStore};
use crate::batch::{insert, insert_one};
use crate::{
    failure::Failure,
    rows::{OwnedRow, RoleRow, SessionRow, TenantRow, UserRow},
    table::Sheet,
};

/// A user's row with the words of the roles as a JSON array.
#[derive(sqlx::FromRow)]
struct UserWithRoles {
    #[sqlx(flatten)]
    user: UserRow,
    roles: String,
}

impl TryFrom<UserWithRoles> for User {
    type Error = Failure;

    fn try_from(row: UserWithRoles) -> Result<Self, Failure> {
        Ok(row.user.with_roles(&row.roles)?)
    }
}

macro_rules! select_user {
    ($tail:literal) => {
        concat!(
            "SELECT u.*, (SELECT json_group_array(r.role) FROM user_roles r \
                 WHERE r.user_id = u.id AND r.tenant_id = u.tenant_id) AS roles \
             FROM users u WHERE ",
            $tail
        )
    };
}

/// A user on its way to the tables.
struct UserSheet {
    user: UserRow,
    roles: Sheet<RoleRow>,
}

impl UserSheet {
    fn of(user: &User) -> Result<Self, Failure> {
        let mut roles = Sheet::default();
        for role in &user.roles {
            roles.push(RoleRow {
                tenant_id: user.tenant.to_string(),
                user_id: user.id.to_string(),
                role: role.as_str().to_owned(),
            });
        }
        Ok(Self {
            user: user.into(),
            roles,
        })
    }

    async fn insert(self, conn: &mut SqliteConnection) -> Result<(), Failure> {
        insert_one(conn, self.user).await?;
        insert(conn, &self.roles).await?;
        Ok(())
    }

    async fn update(self, conn: &mut SqliteConnection) -> Result<(), Failure> {
        let user = self.user;
        let done = sqlx::query(
            "UPDATE users SET name = ?3, email = ?4, password_hash = ?5, disabled_at = ?6 \
             WHERE id = ?1 AND tenant_id = ?2",
        )
        .bind(&user.id)
        .bind(&user.tenant_id)
        .bind(&user.name)
        .bind(&user.email)
        .bind(&user.password_hash)
        .bind(user.disabled_at)
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() == 0 {
            return Err(PortError::not_found("user", user.id).into());
        }
        sqlx::query("DELETE FROM user_roles WHERE user_id = ?1 AND tenant_id = ?2")
            .bind(&user.id)
            .bind(&user.tenant_id)
            .execute(&mut *conn)
            .await?;
        insert(conn, &self.roles).await?;
        Ok(())
    }
}

async fn begin_session(
    conn: &mut SqliteConnection,
    row: SessionRow,
    user: UserId,
) -> Result<(), Failure> {
    let known: Option<(String,)> =
        sqlx::query_as("SELECT id FROM users WHERE id = ?1 AND tenant_id = ?2")
            .bind(&row.user_id)
            .bind(&row.tenant_id)
            .fetch_optional(&mut *conn)
            .await?;
    if known.is_none() {
        return Err(PortError::not_found("user", user).into());
    }
    insert_one(conn, row).await
}

#[async_trait]
impl People for SqliteStore {
    async fn create_tenant(&self, tenant: &Tenant, notes: Vec<Change>) -> Result<(), PortError> {
        let row = TenantRow::from(tenant);
        self.write(tenant.id, &notes, move |conn| {
            Box::pin(async move { insert_one(conn, row).await })
        })
        .await?;
        Ok(())
    }

    async fn tenants(&self) -> Result<Vec<Tenant>, PortError> {
        let rows: Vec<TenantRow> = sqlx::query_as("SELECT * FROM tenants ORDER BY created_at, id")
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        all(rows)
    }

    async fn rename_tenant(
        &self,
        id: TenantId,
        name: &str,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let name = name.to_owned();
        self.write(id, &notes, move |conn| {
            Box::pin(async move {
                let done = sqlx::query("UPDATE tenants SET name = ?2 WHERE id = ?1")
                    .bind(id.to_string())
                    .bind(name)
                    .execute(conn)
                    .await?;
                if done.rows_affected() == 0 {
                    return Err(PortError::not_found("tenant", id).into());
                }
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn create_user(&self, user: &User, notes: Vec<Change>) -> Result<(), PortError> {
        let sheet = UserSheet::of(user)?;
        self.write(user.tenant, &notes, move |conn| {
            Box::pin(sheet.insert(conn))
        })
        .await?;
        Ok(())
    }

    async fn update_user(&self, user: &User, notes: Vec<Change>) -> Result<(), PortError> {
        let sheet = UserSheet::of(user)?;
        self.write(user.tenant, &notes, move |conn| {
            Box::pin(sheet.update(conn))
        })
        .await?;
        Ok(())
    }

    async fn user(&self, tenant: TenantId, id: UserId) -> Result<User, PortError> {
        let row: Option<UserWithRoles> =
            sqlx::query_as(select_user!("u.id = ?1 AND u.tenant_id = ?2"))
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        super::campaigns::found(row, "user", id)
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, PortError> {
        let row: Option<UserWithRoles> = sqlx::query_as(select_user!("u.email = ?1"))
            .bind(email)
            .fetch_optional(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(row.map(User::try_from).transpose()?)
    }

    async fn users(&self, tenant: TenantId) -> Result<Vec<User>, PortError> {
        let rows: Vec<UserWithRoles> =
            sqlx::query_as(select_user!("u.tenant_id = ?1 ORDER BY u.name, u.id"))
                .bind(tenant.to_string())
                .fetch_all(self.reads())
                .await
                .map_err(Failure::from)?;
        all(rows)
    }

    async fn has_users(&self) -> Result<bool, PortError> {
        let (any,): (bool,) =
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM users WHERE password_hash <> '')")
                .fetch_one(self.reads())
                .await
                .map_err(Failure::from)?;
        Ok(any)
    }

    async fn create_session(&self, session: &Session, notes: Vec<Change>) -> Result<(), PortError> {
        let row = SessionRow::from(session);
        let user = session.user;
        self.write(session.tenant, &notes, move |conn| {
            Box::pin(begin_session(conn, row, user))
        })
        .await?;
        Ok(())
    }

    async fn replace_sessions(
        &self,
        session: &Session,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let row = SessionRow::from(session);
        let user = session.user;
        self.write(session.tenant, &notes, move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE sessions SET revoked_at = ?4 \
                     WHERE user_id = ?1 AND tenant_id = ?2 AND label = ?3 AND revoked_at IS NULL",
                )
                .bind(&row.user_id)
                .bind(&row.tenant_id)
                .bind(&row.label)
                .bind(row.created_at)
                .execute(&mut *conn)
                .await?;
                begin_session(conn, row, user).await
            })
        })
        .await?;
        Ok(())
    }

    async fn session(
        &self,
        token: Digest,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, PortError> {
        let row: Option<SessionRow> = sqlx::query_as(
            "SELECT * FROM sessions WHERE token = ?1 AND revoked_at IS NULL AND expires_at > ?2",
        )
        .bind(token.to_string())
        .bind(now.micros())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        let Some(row) = row else { return Ok(None) };
        let user: Option<UserWithRoles> = sqlx::query_as(select_user!(
            "u.id = ?1 AND u.tenant_id = ?2 AND u.disabled_at IS NULL"
        ))
        .bind(&row.user_id)
        .bind(&row.tenant_id)
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        let Some(user) = user else { return Ok(None) };
        Ok(Some((
            row.try_into().map_err(Failure::from)?,
            user.try_into()?,
        )))
    }

    async fn revoke_session(
        &self,
        tenant: TenantId,
        id: SessionId,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                // The first time counts.
                let done = sqlx::query(
                    "UPDATE sessions SET revoked_at = coalesce(revoked_at, ?3) WHERE id = ?1 AND tenant_id = ?2",
                )
                .bind(id.to_string())
                .bind(tenant.to_string())
                .bind(at.micros())
                .execute(conn)
                .await?;
                if done.rows_affected() == 0 {
                    return Err(PortError::not_found("session", id).into());
                }
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn keys(&self, tenant: TenantId) -> Result<Vec<Session>, PortError> {
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT * FROM sessions WHERE tenant_id = ?1 AND kind = 'key' ORDER BY created_at DESC, id DESC",
        )
        .bind(tenant.to_string())
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn sessions_of(
        &self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<Session>, PortError> {
        let rows: Vec<SessionRow> = sqlx::query_as(
            "SELECT * FROM sessions WHERE user_id = ?1 AND tenant_id = ?2 AND revoked_at IS NULL \
             AND expires_at > ?3 ORDER BY created_at DESC, id DESC",
        )
        .bind(user.to_string())
        .bind(tenant.to_string())
        .bind(now.micros())
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn use_session(
        &self,
        tenant: TenantId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<(), PortError> {
        let noted =
            sqlx::query("UPDATE sessions SET last_used_at = ?3 WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .bind(at.micros());
        self.write(tenant, &[], move |conn| {
            Box::pin(async move { Ok(noted.execute(conn).await.map(drop)?) })
        })
        .await?;
        Ok(())
    }

    async fn end_sessions(
        &self,
        tenant: TenantId,
        user: UserId,
        except: Option<SessionId>,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE sessions SET revoked_at = ?4 \
                     WHERE user_id = ?1 AND tenant_id = ?2 AND id <> ?3 AND revoked_at IS NULL",
                )
                .bind(user.to_string())
                .bind(tenant.to_string())
                .bind(except.map(|id| id.to_string()).unwrap_or_default())
                .bind(at.micros())
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn owners(&self, ids: &[Uuid]) -> Result<Vec<Owned>, PortError> {
        let ids: Vec<String> = ids.iter().take(MAX_OWNED).map(Uuid::to_string).collect();
        let rows: Vec<OwnedRow> = sqlx::query_as(include_str!("owners.sql"))
            .bind(serde_json::json!(ids).to_string())
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        all(rows)
    }
}
