//! Rows of `tenants`, `users`, `user_roles` and `sessions`.

use chimera_domain::{tenant::Tenant, time::Timestamp};
use chimera_ports::store::{Owned, Session, SessionKind, User};

use super::{BadRow, Cells};
use crate::table::table;

table! {
    /// A customer of this installation. Its secret, if any, is written elsewhere.
    "tenants" as TenantRow, key "id";
    fixed { id: String, slug: String, name: String, created_at: i64 }
    live {}
}

table! {
    /// A person with an account; the roles are rows of their own.
    "users" as UserRow, key "id";
    fixed { id: String, tenant_id: String, created_at: i64 }
    live { name: String, email: String, password_hash: String, disabled_at: Option<i64> }
}

table! {
    /// One role of one person.
    "user_roles" as RoleRow, key "user_id" + "role";
    fixed { tenant_id: String, user_id: String, role: String }
    live {}
}

table! {
    /// A session or a named token.
    "sessions" as SessionRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        user_id: String,
        token: String,
        label: String,
        created_at: i64,
        expires_at: i64,
        kind: String,
        prefix: String,
    }
    live { revoked_at: Option<i64>, last_used_at: Option<i64> }
}

impl From<&Tenant> for TenantRow {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            slug: tenant.slug.to_string(),
            name: tenant.name.clone(),
            created_at: tenant.created_at.micros(),
        }
    }
}

impl TryFrom<TenantRow> for Tenant {
    type Error = BadRow;

    fn try_from(row: TenantRow) -> Result<Self, BadRow> {
        let cells = Cells("tenants");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            slug: cells.text("slug", &row.slug)?,
            name: row.name,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            tenant_id: user.tenant.to_string(),
            created_at: user.created_at.micros(),
            name: user.name.clone(),
            email: user.email.clone(),
            password_hash: user.password_hash.clone(),
            disabled_at: user.disabled_at.map(Timestamp::micros),
        }
    }
}

impl UserRow {
    /// The user with the roles in `roles`, a JSON array of words.
    pub(crate) fn with_roles(self, roles: &str) -> Result<User, BadRow> {
        let cells = Cells("users");
        let words: Vec<String> = cells.json("roles", roles)?;
        let mut roles = words
            .iter()
            .map(|word| Cells("user_roles").word("role", word))
            .collect::<Result<Vec<_>, _>>()?;
        roles.sort_unstable();
        Ok(User {
            id: cells.text("id", &self.id)?,
            tenant: cells.text("tenant_id", &self.tenant_id)?,
            name: self.name,
            email: self.email,
            password_hash: self.password_hash,
            roles,
            created_at: Timestamp::from_micros(self.created_at),
            disabled_at: self.disabled_at.map(Timestamp::from_micros),
        })
    }
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id.to_string(),
            tenant_id: session.tenant.to_string(),
            user_id: session.user.to_string(),
            token: session.token.to_string(),
            label: session.label.clone(),
            created_at: session.created_at.micros(),
            expires_at: session.expires_at.micros(),
            kind: session.kind.as_str().to_owned(),
            prefix: session.prefix.clone(),
            revoked_at: session.revoked_at.map(Timestamp::micros),
            last_used_at: session.last_used_at.map(Timestamp::micros),
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = BadRow;

    fn try_from(row: SessionRow) -> Result<Self, BadRow> {
        let cells = Cells("sessions");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            user: cells.text("user_id", &row.user_id)?,
            token: cells.text("token", &row.token)?,
            label: row.label,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            kind: SessionKind::of(&row.kind)
                .ok_or_else(|| cells.bad("kind", &row.kind, "no kind of session"))?,
            prefix: row.prefix,
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
        })
    }
}

/// A row of whichever table, and whose it is.
#[derive(sqlx::FromRow)]
pub(crate) struct OwnedRow {
    noun: String,
    id: String,
    tenant_id: String,
}

impl TryFrom<OwnedRow> for Owned {
    type Error = BadRow;

    fn try_from(row: OwnedRow) -> Result<Self, BadRow> {
        let cells = Cells("owners");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            noun: row.noun,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
        })
    }
}
