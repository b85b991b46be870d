//! `chimerad mcp`: a shipped MCP server over standard input and output, or the registry of MCP servers.
//!
//! The registry is changed through the same API as everybody's, so what is refused there is refused here. Never here:
//! a server that is started without being trusted.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use chimera_boot::{Chimera, Settings, Shipped, serve_stdio};
use chimera_domain::id::AgentId;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::{
    mcp_authorize::{Client, authorize, unauthorize},
    mcp_offer::{offer, shown},
};
use crate::{
    door::Door,
    words::{note, say, visible},
};

/// Where the registry is.
const REGISTRY: &str = "/api/v1/connections/registry";

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Serve RSS, Atom and JSON Feed over stdio.
    Feeds,
    /// Serve what an agent remembers over stdio. No other Chimera may have this state open meanwhile.
    Memory(Memory),
    /// Serve the local social network over stdio.
    Sandbox,
    /// List the registered servers and how each stands.
    List(List),
    /// Add a server that is a program, or one at an address. It is not started or reached before it is trusted.
    Add(Add),
    /// Add the servers of an mcp.json, or of a file with mcpServers. None is started before it is trusted.
    Import(Import),
    /// Show exactly what a server would run; with --yes, trust it and pin what it says of itself.
    Trust(Trust),
    /// List the versions under which a server was seen, newest first.
    Versions(Named),
    /// List what a server offers beside tools: resources, templates, prompts.
    Offer(Named),
    /// Authorize a server at an address: prints an address for a browser on this machine, and waits for its answer.
    Authorize(Authorize),
    /// Erase the authorization of a server.
    Unauthorize(Named),
    /// Run a server as it was run before it was changed; the same again takes that back.
    Rollback(Named),
    /// Take a server out.
    Remove(Named),
}

#[derive(Args, Debug)]
pub(crate) struct Memory {
    /// Whose memories, when a request names nobody: an agent's id.
    #[arg(long)]
    agent: Option<AgentId>,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    /// Write JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    /// Its name.
    name: String,
    /// A variable for it alone, as NAME=value; a value may hold ${VAR}, ${VAR:-default} and ${secret:name}.
    #[arg(long = "env", value_name = "NAME=VALUE")]
    env: Vec<String>,
    /// Where it runs.
    #[arg(long, value_name = "DIR")]
    cwd: Option<String>,
    /// Its address, for a server over streamable HTTP; may hold ${VAR} and ${VAR:-default}.
    #[arg(long, value_name = "URL", conflicts_with_all = ["line", "env", "cwd"])]
    url: Option<String>,
    /// A header for the address, as NAME=value; a value may hold ${VAR}, ${VAR:-default} and ${secret:name}.
    #[arg(long = "header", value_name = "NAME=VALUE", requires = "url")]
    headers: Vec<String>,
    /// The program and its arguments.
    #[arg(last = true, required_unless_present = "url", value_name = "COMMAND")]
    line: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The file.
    file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Trust {
    /// The server.
    name: String,
    /// Trust it, instead of only showing what would be run.
    #[arg(long)]
    yes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Authorize {
    /// The server.
    name: String,
    /// The id of a client that was registered by hand; as before when absent, and none when empty.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The name of the key under Connections that is the client's secret.
    #[arg(long, value_name = "KEY", requires = "client_id")]
    client_secret: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Named {
    /// The server.
    name: String,
}

pub(crate) async fn run(settings: Settings, command: Command) -> Result<ExitCode> {
    let shipped = match command {
        Command::Feeds => Shipped::Feeds,
        Command::Memory(asked) => Shipped::Memory(asked.agent),
        Command::Sandbox => Shipped::Sandbox,
        registry => return at_the_registry(settings, registry).await,
    };
    serve_stdio(settings, shipped).await?;
    Ok(ExitCode::SUCCESS)
}

async fn at_the_registry(settings: Settings, command: Command) -> Result<ExitCode> {
    let chimera = Chimera::open(settings).await?;
    let door = Door::new(chimera.caller());
    let outcome = match command {
        Command::List(asked) => list(&door, &asked).await,
        Command::Add(asked) => add(&door, asked).await,
        Command::Import(asked) => import(&door, &asked).await,
        Command::Trust(asked) => trust(&door, &asked).await,
        Command::Versions(asked) => versions(&door, &asked).await,
        Command::Offer(asked) => {
            chimera.take_up_servers().await?;
            offer(&door, &address(&asked.name)?).await
        }
        Command::Authorize(asked) => {
            chimera.take_up_servers().await?;
            let client = Client {
                id: asked.client_id.as_deref(),
                secret: asked.client_secret.as_deref(),
            };
            authorize(&door, &address(&asked.name)?, &client).await
        }
        Command::Unauthorize(asked) => {
            unauthorize(&door, &address(&asked.name)?, &asked.name).await
        }
        Command::Rollback(asked) => roll_back(&door, &asked).await,
        Command::Remove(asked) => remove(&door, &asked).await,
        // These serve and never come here.
        Command::Feeds | Command::Memory(_) | Command::Sandbox => Ok(ExitCode::SUCCESS),
    };
    chimera.shut_down().await;
    outcome
}

async fn list(door: &Door, asked: &List) -> Result<ExitCode> {
    let all = door.get(REGISTRY).await?;
    if asked.json {
        say(&serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    let servers = all["items"].as_array().cloned().unwrap_or_default();
    if servers.is_empty() {
        note("no server is registered; add one with chimerad mcp add or chimerad mcp import");
    }
    for server in servers {
        say(&format!(
            "{}\t{}\t{}",
            shown(&server["name"]),
            shown(&server["standing"]),
            line(&server)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(door: &Door, asked: Add) -> Result<ExitCode> {
    let body = json!({ "name": asked.name, "program": reach(&asked)? });
    let added = door.write("POST", REGISTRY, None, Some(&body)).await?;
    say(&format!(
        "{} is registered and not started; look at what it would run with chimerad mcp trust {}",
        shown(&added["name"]),
        asked.name
    ));
    Ok(ExitCode::SUCCESS)
}

/// How the server is reached, as the API takes it.
fn reach(asked: &Add) -> Result<Value> {
    if let Some(url) = &asked.url {
        return Ok(json!({ "url": url, "headers": pairs("--header", &asked.headers)? }));
    }
    let (command, args) = asked
        .line
        .split_first()
        .context("no program is named; nothing was stored")?;
    Ok(
        json!({ "command": command, "args": args, "cwd": asked.cwd, "env": pairs("--env", &asked.env)? }),
    )
}

fn pairs(flag: &str, given: &[String]) -> Result<Map<String, Value>> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair
                .split_once('=')
                .with_context(|| format!("{flag} {pair} is not NAME=value; nothing was stored"))?;
            Ok((name.to_owned(), value.into()))
        })
        .collect()
}

async fn import(door: &Door, asked: &Import) -> Result<ExitCode> {
    let text = std::fs::read_to_string(&asked.file)
        .with_context(|| format!("the file {} cannot be read", asked.file.display()))?;
    let path = format!("{REGISTRY}/import");
    let done = door
        .write("POST", &path, None, Some(&json!({ "text": text })))
        .await?;
    let mut refused = 0;
    for one in done["items"].as_array().into_iter().flatten() {
        let name = shown(&one["name"]);
        if one["refused"].is_null() {
            say(&format!("{name}\tregistered, not started"));
        } else {
            refused += 1;
            let fault = &one["refused"];
            say(&format!(
                "{name}\tleft out: {} ({})",
                shown(&fault["message"]),
                shown(&fault["code"])
            ));
        }
        for field in one["left_out"].as_array().into_iter().flatten() {
            note(&format!("{name}: '{}' is not taken over", shown(field)));
        }
    }
    Ok(ExitCode::from(u8::from(refused > 0)))
}

async fn trust(door: &Door, asked: &Trust) -> Result<ExitCode> {
    let path = address(&asked.name)?;
    let server = door.get(&path).await?["server"].take();
    let launch = &server["launch"];
    if launch.is_null() {
        bail!(
            "{} ({})",
            shown(&server["problem"]["message"]),
            shown(&server["problem"]["code"])
        );
    }
    let (verb, given) = match launch["address"].as_str() {
        Some(_) => ("reaches", "sends"),
        None => ("runs", "gets"),
    };
    say(&format!("{verb}\t{}", line(&server)));
    if let Some(cwd) = launch["cwd"].as_str() {
        say(&format!("in\t{}", visible(cwd)));
    }
    for (name, value) in launch["variables"].as_object().into_iter().flatten() {
        say(&format!("{given}\t{}={}", visible(name), shown(value)));
    }
    if !asked.yes {
        note("nothing was started; to let exactly this run, say it again with --yes");
        return Ok(ExitCode::SUCCESS);
    }
    let body = json!({ "launch": launch["digest"] });
    door.write("POST", &format!("{path}/trust"), None, Some(&body))
        .await?;
    let look = door.get(&path).await?;
    let tools = look["tools"].as_array().map_or(0, Vec::len);
    say(&format!(
        "trusted; {tools} tools are pinned, and each counts as acting on the outside until you class it under Connections"
    ));
    Ok(ExitCode::SUCCESS)
}

async fn versions(door: &Door, asked: &Named) -> Result<ExitCode> {
    let look = door.get(&address(&asked.name)?).await?;
    let editions = look["editions"].as_array().cloned().unwrap_or_default();
    if editions.is_empty() {
        note("it was never connected, so it told no version");
    }
    for edition in &editions {
        let changes: Vec<String> = edition["changes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|change| format!("{} {}", shown(&change["state"]), shown(&change["tool"])))
            .collect();
        say(&format!(
            "{}\t{}\tfrom {} to {}\t{}",
            shown(&edition["told"]["version"]),
            shown(&edition["told"]["name"]),
            shown(&edition["first_seen"]),
            shown(&edition["last_seen"]),
            changes.join(", ")
        ));
    }
    if let Some(wanted) = look["server"]["required_version"].as_str() {
        say(&format!("wanted\t{}", visible(wanted)));
    }
    if !look["former"].is_null() {
        say(&format!("before\t{}", line(&look["former"])));
    }
    Ok(ExitCode::SUCCESS)
}

async fn roll_back(door: &Door, asked: &Named) -> Result<ExitCode> {
    let path = address(&asked.name)?;
    let look = door.get(&path).await?;
    let version = format!("\"{}\"", look["server"]["version"]);
    let path = format!("{path}/rollback");
    let server = door.write("POST", &path, Some(&version), None).await?;
    say(&format!("runs\t{}", line(&server)));
    if server["standing"] != "trusted" {
        note("it is not started: look at it with chimerad mcp trust");
    }
    Ok(ExitCode::SUCCESS)
}

async fn remove(door: &Door, asked: &Named) -> Result<ExitCode> {
    let path = address(&asked.name)?;
    let look = door.get(&path).await?;
    let version = format!("\"{}\"", look["server"]["version"]);
    door.write("DELETE", &path, Some(&version), None).await?;
    say(&format!("{} is taken out", visible(&asked.name)));
    Ok(ExitCode::SUCCESS)
}

fn address(name: &str) -> Result<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty() || !name.bytes().all(plain) {
        bail!("there is no server '{}'", visible(name));
    }
    Ok(format!("{REGISTRY}/{name}"))
}

/// What a server runs, each argument in quotes where it needs them, or the address that is reached.
fn line(server: &Value) -> String {
    let launch = match &server["launch"] {
        Value::Null => &server["program"],
        launch => launch,
    };
    if let Some(address) = launch["address"].as_str().or(launch["url"].as_str()) {
        return visible(address);
    }
    let args = launch["args"].as_array().cloned().unwrap_or_default();
    std::iter::once(&launch["command"])
        .chain(&args)
        .map(|word| {
            let word = shown(word);
            let plain = |sign: char| sign.is_ascii_alphanumeric() || "-_./:@=,+%".contains(sign);
            if !word.is_empty() && word.chars().all(plain) {
                word
            } else {
                format!("'{word}'")
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_run_cannot_hide_in_a_terminal() {
        let server = json!({ "launch": null, "program": { "command": "npx", "args": ["-y", "a b", "x\u{202e}y\u{1b}[2J", ""] } });
        assert_eq!(line(&server), "npx -y 'a b' 'x[U+202E]y[U+001B][2J' ''");
        let far = json!({ "launch": null, "program": { "url": "https://a.example/\u{202e}mcp", "headers": {} } });
        assert_eq!(line(&far), "https://a.example/[U+202E]mcp");
    }
}
