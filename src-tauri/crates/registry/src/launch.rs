//! From an entry to exactly what is run, as a person is shown it and as it is started.
//!
//! Never here: starting it, or looking a secret up.

use std::collections::{BTreeMap, BTreeSet};

use chimera_codes::{MCP_SECRET_IN_CLEAR, cut};
use chimera_domain::{
    fault::Fault,
    server::{Launch, Reach, ServerEntry},
};
use chimera_mcp::may_be_set;
use http::HeaderName;
use url::Url;

use crate::{
    Environment,
    clear::{check_arguments, check_value, is_secret_name},
    invalid,
    template::{Part, fill, parse},
};

/// Most arguments of a program.
const MAX_ARGS: usize = 128;
/// Most variables of a program.
const MAX_VARIABLES: usize = 64;
/// Most headers of a server at an address.
const MAX_HEADERS: usize = 32;
/// Most characters of one text of an entry.
const MAX_TEXT_CHARS: usize = 4_096;
/// Bounds of the two limits of time, in milliseconds.
const TIMES_MS: std::ops::RangeInclusive<u32> = 100..=600_000;
/// Most further tries of a call that reads.
const MAX_RETRIES: u32 = 5;

/// Looks at the whole of an entry, every variable put in.
///
/// # Errors
/// What is wrong with it and what to do.
pub fn checked(entry: &ServerEntry, environment: &Environment) -> Result<Launch, Fault> {
    let limits = &entry.limits;
    let in_time = TIMES_MS.contains(&limits.connect_timeout_ms)
        && TIMES_MS.contains(&limits.request_timeout_ms);
    if !in_time || limits.retries > MAX_RETRIES {
        return Err(invalid(format!(
            "The limits are out of their bounds. Nothing was stored; times are {} to {} ms, and there are at most {MAX_RETRIES} retries.",
            TIMES_MS.start(),
            TIMES_MS.end()
        )));
    }
    launch(entry, environment)
}

/// Exactly what is run or reached.
///
/// # Errors
/// When a variable is not set, or the entry holds what it may not.
pub fn launch(entry: &ServerEntry, environment: &Environment) -> Result<Launch, Fault> {
    match &entry.reach {
        Reach::Stdio {
            command,
            args,
            cwd,
            env,
        } => {
            let secrets = secrets(entry)?;
            program(command, args, cwd.as_deref(), env, secrets, environment)
        }
        Reach::Http { url, headers } => address(url, headers, secrets(entry)?, environment),
    }
}

fn program(
    command: &str,
    args: &[String],
    cwd: Option<&str>,
    env: &BTreeMap<String, String>,
    secrets: BTreeSet<String>,
    environment: &Environment,
) -> Result<Launch, Fault> {
    if args.len() > MAX_ARGS || env.len() > MAX_VARIABLES {
        return Err(invalid(format!(
            "The program has {} arguments and {} variables. Nothing was stored; {MAX_ARGS} and {MAX_VARIABLES} are the most.",
            args.len(),
            env.len()
        )));
    }
    let line: Vec<Vec<Part>> = args
        .iter()
        .enumerate()
        .map(|(at, arg)| taken(&format!("args[{at}]"), arg))
        .collect::<Result<_, _>>()?;
    check_arguments(&line)?;
    for (name, value) in env {
        let what = format!("env.{name}");
        check_variable(&what, name)?;
        check_given(&what, name, value, environment)?;
    }
    let command = plain("command", command, environment)?;
    if command.trim().is_empty() {
        return Err(invalid(
            "The entry names no command. Nothing was stored; name the program that is run.",
        ));
    }
    Ok(Launch {
        address: None,
        command,
        args: line
            .iter()
            .enumerate()
            .map(|(at, parts)| fill(&format!("args[{at}]"), parts, environment, &BTreeMap::new()))
            .collect::<Result<_, _>>()?,
        cwd: cwd.map(|cwd| plain("cwd", cwd, environment)).transpose()?,
        variables: env.clone(),
        secrets: secrets.into_iter().collect(),
    })
}

fn address(
    url: &str,
    headers: &BTreeMap<String, String>,
    secrets: BTreeSet<String>,
    environment: &Environment,
) -> Result<Launch, Fault> {
    if headers.len() > MAX_HEADERS {
        return Err(invalid(format!(
            "The server has {} headers. Nothing was stored; {MAX_HEADERS} are the most.",
            headers.len()
        )));
    }
    let mut seen = BTreeSet::new();
    for (name, value) in headers {
        let what = format!("headers.{name}");
        let usable = HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| may_be_set(&name));
        if !usable || !seen.insert(name.to_ascii_lowercase()) {
            return Err(invalid(format!(
                "{} is no name of a header, stands there twice, or belongs to the protocol. Nothing was stored; correct it.",
                cut(&what)
            )));
        }
        check_given(&what, name, value, environment)?;
    }
    let address = plain("url", url, environment)?;
    let parsed = Url::parse(&address).map_err(|error| {
        invalid(format!(
            "url is no address: {error}. Nothing was stored; give a whole http or https address."
        ))
    })?;
    let is_whole = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    if !is_whole || !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(invalid(
            "url is not a whole http or https address without a name and password. Nothing was stored; hand keys over in headers, as ${secret:name}.",
        ));
    }
    // A key in the address would be stored and shown with it.
    for (name, value) in parsed.query_pairs() {
        check_value("url", &name, &[Part::Text(value.into_owned())])?;
    }
    Ok(Launch {
        address: Some(parsed.to_string()),
        variables: headers.clone(),
        secrets: secrets.into_iter().collect(),
        ..Launch::default()
    })
}

/// Looks at a value that is handed over under a name: no secret in clear, no variable that is not set.
fn check_given(
    what: &str,
    name: &str,
    value: &str,
    environment: &Environment,
) -> Result<(), Fault> {
    let parts = taken(what, value)?;
    check_value(what, name, &parts)?;
    // Every variable that is not set is told now and not at the first start.
    let unset: Vec<_> = parts
        .into_iter()
        .filter(|part| !matches!(part, Part::Secret(_)))
        .collect();
    fill(what, &unset, environment, &BTreeMap::new()).map(drop)
}

/// What an entry hands over by name, and how a refusal calls it.
fn given(entry: &ServerEntry) -> (&'static str, &BTreeMap<String, String>) {
    match &entry.reach {
        Reach::Stdio { env, .. } => ("env", env),
        Reach::Http { headers, .. } => ("headers", headers),
    }
}

/// Names of the secrets that an entry takes.
///
/// # Errors
/// When a text of it cannot be read.
pub fn secrets(entry: &ServerEntry) -> Result<BTreeSet<String>, Fault> {
    let (kind, given) = given(entry);
    let mut names = BTreeSet::new();
    for (name, value) in given {
        for part in parse(&format!("{kind}.{name}"), value)? {
            if let Part::Secret(secret) = part {
                names.insert(secret);
            }
        }
    }
    Ok(names)
}

/// The variables of the program, or the headers of the address, variables and `secrets` put in.
///
/// # Errors
/// When a variable is not set, or a secret is missing.
pub fn handed_over(
    entry: &ServerEntry,
    environment: &Environment,
    secrets: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Fault> {
    let (kind, given) = given(entry);
    given
        .iter()
        .map(|(name, value)| {
            let what = format!("{kind}.{name}");
            let parts = parse(&what, value)?;
            Ok((name.clone(), fill(&what, &parts, environment, secrets)?))
        })
        .collect()
}

/// The secrets in what is handed over: those of the vault, and variables whose names say so.
///
/// # Errors
/// When a text of the entry cannot be read.
pub fn handed_secrets(
    entry: &ServerEntry,
    environment: &Environment,
    secrets: &BTreeMap<String, String>,
) -> Result<Vec<String>, Fault> {
    let (kind, given) = given(entry);
    let mut values = Vec::new();
    for (name, value) in given {
        for part in parse(&format!("{kind}.{name}"), value)? {
            values.extend(match &part {
                Part::Secret(name) => secrets.get(name).cloned(),
                Part::Variable { name, .. } if is_secret_name(name) => {
                    environment.get(name).cloned()
                }
                Part::Variable { .. } | Part::Text(_) => None,
            });
        }
    }
    Ok(values)
}

/// A text without secrets, its variables put in.
fn plain(what: &str, text: &str, environment: &Environment) -> Result<String, Fault> {
    let parts = taken(what, text)?;
    let holds_secret = parts.iter().any(|part| match part {
        Part::Secret(_) => true,
        Part::Variable { name, .. } => is_secret_name(name),
        Part::Text(_) => false,
    });
    if holds_secret {
        return Err(Fault::of(
            MCP_SECRET_IN_CLEAR,
            format!(
                "{what} would show a secret. Nothing was stored; hand it over in env or in headers, as ${{secret:name}}."
            ),
        ));
    }
    fill(what, &parts, environment, &BTreeMap::new())
}

fn taken(what: &str, text: &str) -> Result<Vec<Part>, Fault> {
    if text.chars().count() > MAX_TEXT_CHARS || text.contains('\0') {
        return Err(invalid(format!(
            "{what} is longer than {MAX_TEXT_CHARS} characters, or holds a null. Nothing was stored; correct it."
        )));
    }
    parse(what, text)
}

fn check_variable(what: &str, name: &str) -> Result<(), Fault> {
    let good = |(at, byte): (usize, u8)| {
        byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit())
    };
    if name.is_empty() || !name.bytes().enumerate().all(good) {
        return Err(invalid(format!(
            "{} is no name of a variable. Nothing was stored; correct it.",
            cut(what)
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chimera_domain::server::Limits;

    use super::*;

    fn entry(command: &str, args: &[&str], env: &[(&str, &str)]) -> ServerEntry {
        ServerEntry {
            reach: Reach::Stdio {
                command: command.to_owned(),
                args: args.iter().map(|arg| (*arg).to_owned()).collect(),
                cwd: Some("${HOME}".to_owned()),
                env: env
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
            },
            enabled: true,
            limits: Limits::default(),
            documentation_url: None,
            classes: BTreeMap::new(),
            group: None,
            trust: None,
            pins: None,
            told: None,
            editions: Default::default(),
        }
    }

    fn home(path: &str) -> Environment {
        [("HOME".to_owned(), path.to_owned())].into()
    }

    #[test]
    fn what_is_run_is_shown_with_its_variables_and_never_a_secret() {
        let entry = entry(
            "npx",
            &["-y", "notes", "${HOME}/notes"],
            &[("TOKEN", "${secret:notes}"), ("MODE", "quiet")],
        );
        let launch = launch(&entry, &home("/h/olga")).unwrap();
        let variables = [("MODE", "quiet"), ("TOKEN", "${secret:notes}")];
        let expected = Launch {
            address: None,
            command: "npx".to_owned(),
            args: vec!["-y".into(), "notes".into(), "/h/olga/notes".into()],
            cwd: Some("/h/olga".to_owned()),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            secrets: vec!["notes".to_owned()],
        };
        assert_eq!(launch, expected);
        let secrets = [("notes".to_owned(), "hush".to_owned())].into();
        let child = handed_over(&entry, &home("/h/olga"), &secrets).unwrap();
        assert_eq!(child["TOKEN"], "hush");
    }

    #[test]
    fn another_line_folder_or_variable_is_another_launch() {
        let first = entry("npx", &["a"], &[("A", "1")]);
        let digest = |entry: &ServerEntry, environment: &Environment| {
            launch(entry, environment).unwrap().digest().unwrap()
        };
        let before = digest(&first, &home("/h"));
        assert_eq!(digest(&first, &home("/h")), before);
        assert_ne!(digest(&first, &home("/other")), before);
        for other in [
            entry("uvx", &["a"], &[("A", "1")]),
            entry("npx", &["b"], &[("A", "1")]),
            entry("npx", &["a"], &[("A", "2")]),
            entry("npx", &["a"], &[("B", "1")]),
            entry("npx", &["a"], &[]),
        ] {
            assert_ne!(digest(&other, &home("/h")), before, "{other:?}");
        }
    }

    fn at(url: &str, headers: &[(&str, &str)]) -> ServerEntry {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ServerEntry {
            reach: Reach::Http {
                url: url.to_owned(),
                headers: headers.collect(),
            },
            ..entry("x", &[], &[])
        }
    }

    #[test]
    fn an_address_is_shown_with_its_variables_and_its_headers_without_a_secret() {
        let environment = [("NOTES".to_owned(), "notes.example".to_owned())].into();
        let entry = at(
            "https://${NOTES}/mcp",
            &[
                ("Authorization", "Bearer ${secret:notes}"),
                ("X-Team", "ops"),
            ],
        );
        let shown = launch(&entry, &environment).unwrap();
        assert_eq!(shown.address.as_deref(), Some("https://notes.example/mcp"));
        assert_eq!(shown.command, "");
        assert_eq!(shown.variables["Authorization"], "Bearer ${secret:notes}");
        assert_eq!(shown.secrets, ["notes"]);
        let secrets = [("notes".to_owned(), "hush".to_owned())].into();
        let given = handed_over(&entry, &environment, &secrets).unwrap();
        assert_eq!(given["Authorization"], "Bearer hush");
    }

    #[test]
    fn another_address_or_header_is_another_launch() {
        let digest = |entry: &ServerEntry| launch(entry, &home("/h")).unwrap().digest().unwrap();
        let first = at("https://a.example/mcp", &[("X-Team", "ops")]);
        assert_eq!(digest(&first), digest(&first.clone()));
        for other in [
            at("https://b.example/mcp", &[("X-Team", "ops")]),
            at("https://a.example/other", &[("X-Team", "ops")]),
            at("http://a.example/mcp", &[("X-Team", "ops")]),
            at("https://a.example/mcp", &[("X-Crew", "ops")]),
            at("https://a.example/mcp", &[("X-Team", "other")]),
            at("https://a.example/mcp", &[]),
        ] {
            assert_ne!(digest(&other), digest(&first), "{other:?}");
        }
    }

    /// What a person trusted before there were addresses must still be what it was.
    #[test]
    fn the_digest_of_a_program_is_what_it_was_before_there_were_addresses() {
        let launch = launch(&entry("npx", &["a"], &[("A", "1")]), &home("/h")).unwrap();
        let form = serde_json::to_value(&launch).unwrap();
        let expected = serde_json::json!({
            "command": "npx", "args": ["a"], "cwd": "/h", "variables": { "A": "1" }, "secrets": [],
        });
        assert_eq!(form, expected);
    }

    #[test]
    fn an_address_that_may_not_be_is_refused_with_its_code() {
        for (entry, code) in [
            (at("", &[]), "MCP_ENTRY_INVALID"),
            (at("notes.example/mcp", &[]), "MCP_ENTRY_INVALID"),
            (at("ftp://notes.example/mcp", &[]), "MCP_ENTRY_INVALID"),
            (
                at("https://ada:pw@notes.example/", &[]),
                "MCP_ENTRY_INVALID",
            ),
            (
                at("https://notes.example/?api_key=abc", &[]),
                "MCP_SECRET_IN_CLEAR",
            ),
            (
                at("https://notes.example/${secret:x}", &[]),
                "MCP_SECRET_IN_CLEAR",
            ),
            (at("https://${NOWHERE}/", &[]), "MCP_VARIABLE_UNSET"),
            (
                at("https://a.example/", &[("Authorization", "Bearer abc")]),
                "MCP_SECRET_IN_CLEAR",
            ),
            (
                at("https://a.example/", &[("Host", "b.example")]),
                "MCP_ENTRY_INVALID",
            ),
            (
                at("https://a.example/", &[("Mcp-Method", "x")]),
                "MCP_ENTRY_INVALID",
            ),
            (
                at("https://a.example/", &[("a b", "x")]),
                "MCP_ENTRY_INVALID",
            ),
            (
                at("https://a.example/", &[("X-A", "1"), ("x-a", "2")]),
                "MCP_ENTRY_INVALID",
            ),
        ] {
            let refused = launch(&entry, &home("/h")).unwrap_err();
            assert_eq!(refused.code, code, "{entry:?}");
        }
    }

    #[test]
    fn what_may_not_be_is_refused_with_its_code() {
        for (entry, code) in [
            (entry("", &[], &[]), "MCP_ENTRY_INVALID"),
            (entry("${GITHUB_TOKEN}", &[], &[]), "MCP_SECRET_IN_CLEAR"),
            (entry("x", &[], &[("A=B", "1")]), "MCP_ENTRY_INVALID"),
            (
                entry("x", &[], &[("A_TOKEN", "plain")]),
                "MCP_SECRET_IN_CLEAR",
            ),
            (
                entry("x", &[], &[("A", "${NOWHERE}")]),
                "MCP_VARIABLE_UNSET",
            ),
            (entry("x", &["${NOWHERE}"], &[]), "MCP_VARIABLE_UNSET"),
            (entry("x", &["a"; MAX_ARGS + 1], &[]), "MCP_ENTRY_INVALID"),
        ] {
            let refused = launch(&entry, &home("/h")).unwrap_err();
            assert_eq!(refused.code, code, "{entry:?}");
        }
        let mut hasty = entry("x", &[], &[]);
        hasty.limits.connect_timeout_ms = 1;
        assert_eq!(
            checked(&hasty, &home("/h")).unwrap_err().code,
            "MCP_ENTRY_INVALID"
        );
    }
}
