//! The two forms of files: Chimera's own `mcp.json` (`config_version`), read strictly, and the usual `mcpServers` of
//! other programs, whose further fields are named and not believed.
//!
//! Never here: storing what was read.

use std::collections::BTreeMap;

use chimera_codes::cut;
use chimera_domain::{
    fault::Fault,
    server::{Limits, Reach, ServerEntry},
    server_edition::Editions,
    server_file::{FileAuth, FileServer, FileTransport, McpFile},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{check_name, invalid, once::Once};

/// Largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024;
/// Most servers of a file.
pub const MAX_SERVERS: usize = 64;
/// The one version of the form that there is.
const CONFIG_VERSION: &str = "1";
/// Most tools that a file classes, for one server.
const MAX_TOOLS: usize = 512;

/// A server as a file has it.
#[derive(Debug)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What would be stored, or why it is not.
    pub entry: Result<ServerEntry, Fault>,
    /// Fields that the file has and that are not taken over.
    pub left_out: Vec<String>,
}

#[derive(Deserialize)]
struct UsualServer {
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    cwd: Option<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    disabled: bool,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Reads a file of either form. A server that cannot be taken says why; the others are read.
///
/// # Errors
/// When it is neither form, or too large.
pub fn read(text: &str) -> Result<Vec<Draft>, Fault> {
    if text.len() > MAX_FILE_BYTES {
        return Err(invalid(format!(
            "The file has {} bytes. Nothing was stored; {MAX_FILE_BYTES} are the most.",
            text.len()
        )));
    }
    // Some editors begin a file with it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|error| {
        invalid(format!(
            "The file is not JSON: {error}. Nothing was stored; correct it."
        ))
    })?;
    serde_json::from_str::<Once>(text).map_err(|error| {
        invalid(format!(
            "The file names something twice: {error}. Nothing was stored; leave one of the two."
        ))
    })?;
    let usual = value.get("mcpServers").cloned();
    if usual.is_some() && value.get("servers").is_some() {
        return Err(invalid(
            "The file names servers under mcpServers and under servers, so that one of the two would be left out. Nothing was stored; put them together.",
        ));
    }
    let drafts = match (usual, value.get("config_version")) {
        (Some(Value::Object(servers)), None) => servers
            .into_iter()
            .map(|(name, server)| usual_draft(name, server))
            .collect(),
        (None, Some(_)) => own_drafts(value)?,
        _ => {
            return Err(invalid(
                "The file is neither an mcp.json with config_version nor one with mcpServers. Nothing was stored; choose another file.",
            ));
        }
    };
    match drafts.len() {
        0 => Err(invalid(
            "The file names no server. Nothing was stored; choose another file.",
        )),
        many if many > MAX_SERVERS => Err(invalid(format!(
            "The file names {many} servers. Nothing was stored; {MAX_SERVERS} are the most."
        ))),
        _ => Ok(drafts),
    }
}

fn own_drafts(value: Value) -> Result<Vec<Draft>, Fault> {
    let file: McpFile<Value> = serde_json::from_value(value).map_err(|error| {
        invalid(format!(
            "The file is not as specs/schemas/mcp.json says: {error}. Nothing was stored; correct it."
        ))
    })?;
    if file.config_version != CONFIG_VERSION {
        return Err(invalid(format!(
            "The file is of config_version '{}'. Nothing was stored; this Chimera reads {CONFIG_VERSION}.",
            cut(&file.config_version)
        )));
    }
    let usual = Limits::default();
    let limits = Limits {
        connect_timeout_ms: file
            .defaults
            .connect_timeout_ms
            .unwrap_or(usual.connect_timeout_ms),
        request_timeout_ms: file
            .defaults
            .request_timeout_ms
            .unwrap_or(usual.request_timeout_ms),
        retries: file.defaults.retries.unwrap_or(usual.retries),
    };
    Ok(file
        .servers
        .into_iter()
        .map(|(name, server)| Draft {
            entry: check_name(&name).and_then(|()| own_entry(server, limits)),
            name,
            left_out: Vec::new(),
        })
        .collect())
}

fn own_entry(server: Value, limits: Limits) -> Result<ServerEntry, Fault> {
    let server: FileServer = serde_json::from_value(server).map_err(misshapen)?;
    if server.tools.len() > MAX_TOOLS {
        return Err(invalid(format!(
            "It classes {} tools. It was not stored; {MAX_TOOLS} are the most.",
            server.tools.len()
        )));
    }
    let reach = match (server.transport, server.auth) {
        (
            FileTransport::Stdio {
                command,
                args,
                cwd,
                mut env,
            },
            auth,
        ) => {
            if let FileAuth::Env { required, optional } = auth {
                for name in required {
                    env.entry(name.clone()).or_insert(format!("${{{name}}}"));
                }
                for name in optional {
                    env.entry(name.clone()).or_insert(format!("${{{name}:-}}"));
                }
            }
            Reach::Stdio {
                command,
                args,
                cwd,
                env,
            }
        }
        (FileTransport::Http { url, headers }, FileAuth::None) => Reach::Http { url, headers },
        (FileTransport::Http { .. }, FileAuth::Env { .. }) => {
            return Err(invalid(
                "It is reached at an address, and asks for variables, which only a program gets. It was not stored; name them in its headers, as ${NAME}.",
            ));
        }
    };
    Ok(ServerEntry {
        reach,
        enabled: server.enabled.unwrap_or(true),
        limits,
        documentation_url: server.documentation_url,
        classes: server
            .tools
            .into_iter()
            .filter_map(|tool| Some((tool.name, tool.effect?)))
            .collect(),
        group: server.group,
        trust: None,
        pins: None,
        told: None,
        editions: Editions::default(),
    })
}

fn usual_draft(name: String, server: Value) -> Draft {
    let parsed = serde_json::from_value::<UsualServer>(server).map_err(misshapen);
    let left_out = parsed
        .as_ref()
        .map(|server| server.rest.keys().map(|key| cut(key)).collect())
        .unwrap_or_default();
    let entry = check_name(&name).and(parsed).and_then(|server| {
        Ok(ServerEntry {
            enabled: !server.disabled,
            reach: usual_reach(server)?,
            limits: Limits::default(),
            documentation_url: None,
            classes: BTreeMap::new(),
            group: None,
            trust: None,
            pins: None,
            told: None,
            editions: Editions::default(),
        })
    });
    Draft {
        name,
        entry,
        left_out,
    }
}

fn misshapen(error: serde_json::Error) -> Fault {
    invalid(format!(
        "It is not as it must be: {error}. It was not stored; correct it."
    ))
}

/// How other programs say where a server is.
fn usual_reach(server: UsualServer) -> Result<Reach, Fault> {
    let kind = server.kind.as_deref().unwrap_or_default();
    match (server.command, server.url) {
        (Some(_), Some(_)) => Err(invalid(
            "It names a command and a url. It was not stored; leave one of them out.",
        )),
        (Some(command), None) => Ok(Reach::Stdio {
            command,
            args: server.args,
            cwd: server.cwd,
            env: server.env,
        }),
        (None, Some(_)) if kind == "sse" => Err(invalid(
            "It speaks HTTP with SSE as it was before March 2025, which is not spoken here. It was not stored; ask its makers for its address over streamable HTTP.",
        )),
        (None, Some(url)) if matches!(kind, "" | "http" | "streamable-http" | "streamableHttp") => {
            Ok(Reach::Http {
                url,
                headers: server.headers,
            })
        }
        (None, Some(_)) => Err(invalid(format!(
            "Its type is '{}', which is not known. It was not stored; use http for a server at an address.",
            cut(kind)
        ))),
        (None, None) => Err(invalid(
            "It names neither a command nor a url. It was not stored; name the program that is run, or the address.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::action::EffectClass;
    use serde_json::json;

    use super::*;

    fn one(file: &Value) -> Draft {
        read(&file.to_string()).unwrap().remove(0)
    }

    #[test]
    fn servers_under_two_names_are_refused_and_a_mark_at_the_beginning_is_passed_over() {
        let both = r#"{"mcpServers": {"a": {"command": "a"}}, "servers": {"b": {"command": "b"}}}"#;
        let refused = read(both).unwrap_err();
        assert!(refused.message.contains("left out"), "{refused}");
        let marked = "\u{feff}{\"mcpServers\": {\"a\": {\"command\": \"a\"}}}";
        assert_eq!(read(marked).unwrap().len(), 1);
    }

    #[test]
    fn the_usual_form_is_read_and_what_is_not_taken_over_is_named() {
        let file = json!({ "mcpServers": {
            "github": { "command": "npx", "args": ["-y", "server-github"], "env": { "GITHUB_TOKEN": "${GITHUB_TOKEN}" },
                "autoApprove": ["delete_repo"], "disabled": true },
        }});
        let draft = one(&file);
        let entry = draft.entry.unwrap();
        assert_eq!(draft.left_out, ["autoApprove"]);
        assert_eq!(
            (entry.enabled, entry.trust, entry.classes.len()),
            (false, None, 0)
        );
        let expected = Reach::Stdio {
            command: "npx".to_owned(),
            args: vec!["-y".to_owned(), "server-github".to_owned()],
            cwd: None,
            env: [("GITHUB_TOKEN".to_owned(), "${GITHUB_TOKEN}".to_owned())].into(),
        };
        assert_eq!(entry.reach, expected);
    }

    #[test]
    fn the_own_form_is_strict_and_has_limits_classes_and_named_variables() {
        let file = json!({
            "config_version": "1", "mcp_version": "2026-07-28",
            "defaults": { "request_timeout_ms": 5000 },
            "servers": { "notes": {
                "transport": { "type": "stdio", "command": "notes" },
                "auth": { "type": "env", "required": ["NOTES_KEY"], "optional": ["NOTES_HOME"] },
                "upstreams": ["https://notes.example"],
                "tools": [{ "name": "list", "effect": "read", "description": "Lists." }, { "name": "add" }],
                "documentation_url": "https://notes.example/mcp",
            }},
        });
        let entry = one(&file).entry.unwrap();
        assert_eq!(entry.limits.request_timeout_ms, 5_000);
        assert_eq!(entry.limits.connect_timeout_ms, 10_000);
        assert_eq!(
            entry.classes,
            [("list".to_owned(), EffectClass::Read)].into()
        );
        let Reach::Stdio { env, .. } = entry.reach else {
            panic!("a program was asked for");
        };
        let expected = [
            ("NOTES_HOME", "${NOTES_HOME:-}"),
            ("NOTES_KEY", "${NOTES_KEY}"),
        ];
        assert_eq!(
            env,
            expected
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into()
        );
        let mut odd = file.clone();
        odd["servers"]["notes"]["autoApprove"] = json!(true);
        assert_eq!(one(&odd).entry.unwrap_err().code, "MCP_ENTRY_INVALID");
        let mut odd = file;
        odd["surprise"] = json!(1);
        assert_eq!(
            read(&odd.to_string()).unwrap_err().code,
            "MCP_ENTRY_INVALID"
        );
    }

    #[test]
    fn one_bad_server_does_not_keep_the_others_out() {
        let file = json!({ "mcpServers": {
            "both": { "command": "x", "url": "https://far.example/mcp" },
            "far": { "type": "http", "url": "https://far.example/mcp", "headers": { "Authorization": "Bearer ${secret:far}" } },
            "old": { "type": "sse", "url": "https://far.example/sse" },
            "my server": { "command": "x" },
            "none": {},
            "whole": { "command": "x" },
            "wrong": { "command": 7 },
        }});
        let drafts = read(&file.to_string()).unwrap();
        let codes: Vec<_> = drafts
            .iter()
            .map(|draft| {
                let code = draft.entry.as_ref().err().map(|fault| fault.code.as_str());
                (draft.name.as_str(), code)
            })
            .collect();
        assert_eq!(
            codes,
            [
                ("both", Some("MCP_ENTRY_INVALID")),
                ("far", None),
                ("old", Some("MCP_ENTRY_INVALID")),
                ("my server", Some("MCP_ENTRY_INVALID")),
                ("none", Some("MCP_ENTRY_INVALID")),
                ("whole", None),
                ("wrong", Some("MCP_ENTRY_INVALID")),
            ]
        );
    }

    #[test]
    fn a_server_at_an_address_is_read_from_both_forms() {
        let usual = json!({ "mcpServers": { "far": {
            "url": "https://far.example/mcp", "headers": { "X-Team": "ops" },
        }}});
        let own = json!({ "config_version": "1", "servers": { "far": {
            "transport": { "type": "http", "url": "https://far.example/mcp", "headers": { "X-Team": "ops" } },
        }}});
        let expected = Reach::Http {
            url: "https://far.example/mcp".to_owned(),
            headers: [("X-Team".to_owned(), "ops".to_owned())].into(),
        };
        for file in [usual, own] {
            assert_eq!(one(&file).entry.unwrap().reach, expected);
        }
    }

    #[test]
    fn what_is_no_file_of_servers_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"mcpServers": {"x": {"command": "one"}, "x": {"command": "other"}}}"#,
            r#"{"config_version": "1", "servers": {"x": {"transport": {"type": "stdio", "command": "a", "command": "b"}}}}"#,
            r#"{"mcpServers": {}}"#,
            r#"{"mcpServers": []}"#,
            r#"{"config_version": "2", "servers": {"x": {"transport": {"type": "stdio", "command": "x"}}}}"#,
        ] {
            assert_eq!(read(text).unwrap_err().code, "MCP_ENTRY_INVALID", "{text}");
        }
        assert!(read(&" ".repeat(MAX_FILE_BYTES + 1)).is_err());
    }
}
