//! `chimerad api-key` and `chimerad tenant`: API keys of this machine's workspace, and the workspaces of the installation.
//!
//! Both go through the same API as everybody, so what is refused there is refused here. Never here: a key or a password
//! that is kept, or written anywhere but to the one who asked.

use std::{io::BufRead, process::ExitCode};

use anyhow::{Context, Result, bail};
use chimera_boot::{Chimera, Settings};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{
    door::Door,
    figures,
    words::{note, say, unsaid, visible},
};

/// Where keys are.
const KEYS: &str = "/api/v1/keys";
/// Where workspaces are.
const TENANTS: &str = "/api/v1/swarm/tenants";
/// Longest password that is read, in bytes.
const MAX_PASSWORD_BYTES: usize = 4 * 256;

#[derive(Subcommand, Debug)]
pub(crate) enum KeyCommand {
    /// List API keys by their first signs.
    List,
    /// Make an API key; it is written to standard output, this once.
    Make(MakeKey),
    /// Revoke an API key.
    Revoke(RevokeKey),
}

#[derive(Args, Debug)]
pub(crate) struct MakeKey {
    /// What it is for.
    name: String,
    /// A role that it has; more than once for several. A key decides nothing, whatever its roles.
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    /// Days after which it ends.
    #[arg(long, default_value_t = 90, allow_hyphen_values = true, value_parser = figures::count)]
    days: u32,
}

#[derive(Args, Debug)]
pub(crate) struct RevokeKey {
    /// Its first signs, as the list shows them.
    prefix: String,
}

#[derive(Subcommand, Debug)]
pub(crate) enum TenantCommand {
    /// List the workspaces of this installation.
    List,
    /// Make a workspace with its owner, whose first password is read from standard input.
    Add(AddTenant),
}

#[derive(Args, Debug)]
pub(crate) struct AddTenant {
    /// Its name in addresses, for example t_acme.
    slug: String,
    /// Its name as shown.
    #[arg(long)]
    name: Option<String>,
    /// Name of its owner.
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// E-mail address that the owner signs in with; nothing is sent to it.
    #[arg(long)]
    email: String,
}

pub(crate) async fn keys(settings: Settings, command: KeyCommand) -> Result<ExitCode> {
    let chimera = Chimera::open_kept(settings).await?;
    let door = Door::new(chimera.caller());
    let outcome = match command {
        KeyCommand::List => list_keys(&door).await,
        KeyCommand::Make(asked) => make_key(&door, &asked).await,
        KeyCommand::Revoke(asked) => revoke_key(&door, &asked).await,
    };
    chimera.shut_down().await;
    outcome
}

pub(crate) async fn tenants(settings: Settings, command: TenantCommand) -> Result<ExitCode> {
    let asked = match &command {
        TenantCommand::Add(_) => Some(password()?),
        TenantCommand::List => None,
    };
    let chimera = Chimera::open_kept(settings).await?;
    let door = Door::new(chimera.caller());
    let outcome = match command {
        TenantCommand::List => list_tenants(&door).await,
        TenantCommand::Add(tenant) => add_tenant(&door, &tenant, &asked.unwrap_or_default()).await,
    };
    chimera.shut_down().await;
    outcome
}

async fn list_keys(door: &Door) -> Result<ExitCode> {
    for key in items(door, KEYS).await? {
        let state = match (&key["revoked_at"], &key["last_used_at"]) {
            (Value::String(at), _) => format!("revoked {at}"),
            (_, Value::String(at)) => format!("last used {at}"),
            _ => "never used".to_owned(),
        };
        say(&format!(
            "{}\t{}\t{}\tuntil {}\t{state}",
            shown(&key["prefix"]),
            shown(&key["name"]),
            words(&key["roles"]),
            shown(&key["expires_at"]),
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn make_key(door: &Door, asked: &MakeKey) -> Result<ExitCode> {
    let body = json!({ "name": asked.name, "roles": asked.roles, "days": asked.days });
    let made = door.write("POST", KEYS, None, Some(&body)).await?;
    note("this is the key; it is shown this once, and Chimera keeps only a digest of it");
    say(made["secret"].as_str().unwrap_or_default());
    if unsaid() {
        // Nobody saw it, and nobody ever will: it is taken back.
        let path = format!("{KEYS}/{}", made["key"]["id"].as_str().unwrap_or_default());
        door.write("DELETE", &path, None, None).await?;
        bail!("the key could not be shown, and was revoked; nothing can be opened with it");
    }
    Ok(ExitCode::SUCCESS)
}

async fn revoke_key(door: &Door, asked: &RevokeKey) -> Result<ExitCode> {
    let keys = items(door, KEYS).await?;
    let fits = |key: &&Value| {
        let prefix = key["prefix"].as_str().unwrap_or_default();
        key["revoked_at"].is_null() && !asked.prefix.is_empty() && prefix.starts_with(&asked.prefix)
    };
    let found: Vec<&Value> = keys.iter().filter(fits).collect();
    let [key] = found.as_slice() else {
        bail!(
            "{} good keys begin with '{}'; nothing was revoked",
            found.len(),
            visible(&asked.prefix)
        );
    };
    let path = format!("{KEYS}/{}", key["id"].as_str().unwrap_or_default());
    door.write("DELETE", &path, None, None).await?;
    say(&format!("{} is revoked", shown(&key["prefix"])));
    Ok(ExitCode::SUCCESS)
}

async fn list_tenants(door: &Door) -> Result<ExitCode> {
    for tenant in items(door, TENANTS).await? {
        say(&format!(
            "{}\t{}\t{}",
            shown(&tenant["slug"]),
            shown(&tenant["name"]),
            shown(&tenant["created_at"]),
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn add_tenant(door: &Door, asked: &AddTenant, password: &str) -> Result<ExitCode> {
    let body = json!({
        "tenant_id": asked.slug, "name": asked.name,
        "owner": { "name": asked.owner, "email": asked.email, "password": password },
    });
    let made = door.write("POST", TENANTS, None, Some(&body)).await?;
    say(&format!(
        "{} is there; its owner may sign in now",
        shown(&made["slug"])
    ));
    Ok(ExitCode::SUCCESS)
}

/// The first line of standard input.
fn password() -> Result<String> {
    note("the owner's first password, one line:");
    let mut line = String::new();
    let mut input = std::io::stdin().lock();
    std::io::Read::take(&mut input, MAX_PASSWORD_BYTES as u64)
        .read_line(&mut line)
        .context("the password cannot be read; nothing was made")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn items(door: &Door, path: &str) -> Result<Vec<Value>> {
    let page = door.get(path).await?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

fn words(list: &Value) -> String {
    let words: Vec<String> = list.as_array().into_iter().flatten().map(shown).collect();
    words.join(",")
}

fn shown(value: &Value) -> String {
    visible(value.as_str().unwrap_or_default())
}
