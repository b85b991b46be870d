//! The person at this machine: the account in whose name the command line acts, and the token for scripts.
//!
//! Never here: accounts that people sign in to with a password.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use chimera_domain::{
    change::Change,
    id::{TenantId, UserId},
    role::{Actor, Role},
    tenant::Tenant,
    time::Span,
};
use chimera_ports::store::User;
use chimera_runtime::{Caller, Runtime};
use serde_json::json;

/// The tenant of a machine of one's own.
const TENANT_SLUG: &str = "t_local";
/// The account that nobody signs in to: it has no password.
const LOCAL_EMAIL: &str = "operator@localhost";
/// Life of the token for scripts; it is made anew at every start.
const TOKEN_LIFE: Span = Span::seconds(30 * 24 * 60 * 60);

/// The starter persona's SOUL.md.
#[must_use]
pub fn starter_soul() -> &'static str {
    chimera_skills::starter::SOUL
}

/// The person at this machine.
pub(crate) struct Operator {
    pub(crate) caller: Caller,
    pub(crate) token_file: PathBuf,
    pub(crate) token: String,
}

/// Finds or makes the local operator, and writes a fresh token for scripts.
pub(crate) async fn operator(runtime: &Runtime, data_dir: &Path) -> Result<Operator> {
    let store = runtime.store();
    let now = runtime.clock().now();
    let tenant = match store.tenants().await?.first() {
        Some(tenant) => tenant.id,
        None => {
            let tenant = Tenant {
                id: TenantId::from_uuid(runtime.ids().uuid()),
                slug: TENANT_SLUG.parse()?,
                name: "This machine".to_owned(),
                created_at: now,
            };
            let record = runtime.record(
                tenant.id,
                Actor::system("boot"),
                "tenant.create",
                json!({ "tenant": tenant.id, "slug": tenant.slug }),
            );
            store
                .create_tenant(&tenant, vec![Change::Audit(record)])
                .await?;
            tenant.id
        }
    };
    let user = match store.user_by_email(LOCAL_EMAIL).await? {
        Some(user) => user,
        None => {
            let user = User {
                id: UserId::from_uuid(runtime.ids().uuid()),
                tenant,
                name: "Local operator".to_owned(),
                email: LOCAL_EMAIL.to_owned(),
                password_hash: String::new(),
                roles: Role::ALL.to_vec(),
                created_at: now,
                disabled_at: None,
            };
            let record = runtime.record(
                tenant,
                Actor::system("boot"),
                "user.create",
                json!({ "user": user.id, "roles": user.roles, "local_operator": true }),
            );
            store
                .create_user(&user, vec![Change::Audit(record)])
                .await?;
            user
        }
    };
    let caller = Caller {
        tenant,
        user: user.id,
        roles: user.roles,
    };
    let (token_file, token) = write_token(runtime, &caller, data_dir).await?;
    Ok(Operator {
        caller,
        token_file,
        token,
    })
}

async fn write_token(
    runtime: &Runtime,
    caller: &Caller,
    data_dir: &Path,
) -> Result<(PathBuf, String)> {
    let token =
        chimera_door::inside::issue_token(runtime, caller, "scripts on this machine", TOKEN_LIFE)
            .await?;
    let path = data_dir.join("token");
    write_private(&path, &token)
        .with_context(|| format!("the token file {} cannot be written", path.display()))?;
    Ok((path, token))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    // Made anew, so that an older file's permissions do not survive.
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())
}
