//! `chimerad mcp authorize` and `chimerad mcp unauthorize`: a person's authorization of a server at an address.
//!
//! Never here: opening a browser, or what it comes back with: that goes to an address of this machine.

use std::{process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::mcp_offer::shown;
use crate::{
    door::Door,
    words::{note, say, visible},
};

/// Pause between two looks whether the person came back. The round itself says until when.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Looks for the server to have said what it wants: it is started together with this command.
const LOOKS: u32 = 40;
/// Exit code after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// As whom to ask.
pub(super) struct Client<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) secret: Option<&'a str>,
}

/// Prints the address that a browser opens, and waits for the person to come back.
pub(super) async fn authorize(door: &Door, path: &str, client: &Client<'_>) -> Result<ExitCode> {
    let server = door.get(path).await?["server"].take();
    if server["standing"] != "trusted" {
        bail!("it is not trusted, so nothing was asked of it; look at it with chimerad mcp trust");
    }
    said_what_it_wants(door, path).await?;
    let body = match client.id {
        None => json!({}),
        Some(id) => json!({ "client": { "id": id, "secret": client.secret } }),
    };
    let before = door.get(path).await?["server"]["authorization"]["given_at"].take();
    let place = format!("{path}/authorization");
    // Heard from here on: whoever reads the address may press it at once.
    #[cfg(unix)]
    let mut pressed = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    #[cfg(windows)]
    let mut pressed = tokio::signal::windows::ctrl_c()?;
    let round = door.write("POST", &place, None, Some(&body)).await?;
    note("open this address in a browser on this machine, and agree there:");
    say(&shown(&round["address"]));
    note(&format!(
        "waiting until {}; Ctrl-C ends it, and nothing is authorized then",
        shown(&round["until"])
    ));
    let ended = tokio::select! {
        ended = came_back(door, path) => ended?,
        _ = pressed.recv() => {
            note("ended; nothing was authorized by this, and what was authorized before still is");
            return Ok(ExitCode::from(INTERRUPTED));
        }
    };
    told(&ended, &before)
}

/// Takes an authorization back.
pub(super) async fn unauthorize(door: &Door, path: &str, name: &str) -> Result<ExitCode> {
    let place = format!("{path}/authorization");
    door.write("DELETE", &place, None, None).await?;
    say(&format!(
        "the authorization of {} is erased here; its authorization server was not told",
        visible(name)
    ));
    Ok(ExitCode::SUCCESS)
}

/// Waits a little for the server's own word on what it wants, which the question to its authorization server needs.
async fn said_what_it_wants(door: &Door, path: &str) -> Result<()> {
    for _ in 0..LOOKS {
        let look = door.get(path).await?;
        if look["server"]["authorization"]["state"] != "not_asked" {
            return Ok(());
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// The authorization as it stands when nobody is waited for any more.
async fn came_back(door: &Door, path: &str) -> Result<Value> {
    loop {
        let authorization = door.get(path).await?["server"]["authorization"].take();
        if authorization["waits_until"].is_null() {
            return Ok(authorization);
        }
        sleep(LOOK_EVERY).await;
    }
}

fn told(ended: &Value, before: &Value) -> Result<ExitCode> {
    let problem = &ended["problem"];
    if ended["state"] == "ended" {
        bail!(
            "{} ({})",
            shown(&problem["message"]),
            shown(&problem["code"])
        );
    }
    // One that was given before does not count as this one.
    if ended["state"] != "authorized" || ended["given_at"] == *before {
        bail!("nobody came back in time, so nothing was authorized; say it again");
    }
    let scopes: Vec<String> = ended["scopes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(shown)
        .collect();
    say(&format!(
        "authorized by {}{}",
        shown(&ended["issuer"]),
        if scopes.is_empty() {
            String::new()
        } else {
            format!(", for {}", scopes.join(" "))
        }
    ));
    if !problem.is_null() {
        note(&format!(
            "it could not be kept and holds until this command ends: {}",
            shown(&problem["message"])
        ));
    }
    Ok(ExitCode::SUCCESS)
}
