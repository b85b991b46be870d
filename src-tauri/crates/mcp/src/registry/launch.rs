//! From an entry to exactly what is run, as a person is shown it and as it is started.
//!
//! Never here: starting it, or looking a secret up.

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::{
    fault::Fault,
    server::{Launch, Reach, ServerEntry},
};

use super::{
    Environment,
    clear::{check_arguments, check_value, is_secret_name},
    invalid,
    template::{Part, fill, parse},
};
use crate::codes::{MCP_SECRET_IN_CLEAR, cut};

/// Most arguments of a program.
const MAX_ARGS: usize = 128;
/// Most variables of a program.
const MAX_VARIABLES: usize = 64;
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

/// Exactly what is run.
///
/// # Errors
/// When a variable is not set, or the entry holds what it may not.
pub fn launch(entry: &ServerEntry, environment: &Environment) -> Result<Launch, Fault> {
    let Reach::Stdio {
        command,
        args,
        cwd,
        env,
    } = &entry.reach;
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
        let parts = taken(&what, value)?;
        check_value(&what, name, &parts)?;
        // Every variable that is not set is told now and not at the first start.
        let unset = parts.iter().filter(|part| !matches!(part, Part::Secret(_)));
        fill(
            &what,
            &unset.cloned().collect::<Vec<_>>(),
            environment,
            &BTreeMap::new(),
        )?;
    }
    let command = plain("command", command, environment)?;
    if command.trim().is_empty() {
        return Err(invalid(
            "The entry names no command. Nothing was stored; name the program that is run.",
        ));
    }
    Ok(Launch {
        command,
        args: line
            .iter()
            .enumerate()
            .map(|(at, parts)| fill(&format!("args[{at}]"), parts, environment, &BTreeMap::new()))
            .collect::<Result<_, _>>()?,
        cwd: cwd
            .as_deref()
            .map(|cwd| plain("cwd", cwd, environment))
            .transpose()?,
        variables: env.clone(),
        secrets: secrets(entry)?.into_iter().collect(),
    })
}

/// Names of the secrets that an entry takes.
///
/// # Errors
/// When a text of it cannot be read.
pub fn secrets(entry: &ServerEntry) -> Result<BTreeSet<String>, Fault> {
    let Reach::Stdio { env, .. } = &entry.reach;
    let mut names = BTreeSet::new();
    for (name, value) in env {
        for part in parse(&format!("env.{name}"), value)? {
            if let Part::Secret(secret) = part {
                names.insert(secret);
            }
        }
    }
    Ok(names)
}

/// The variables of the program, variables and `secrets` put in.
///
/// # Errors
/// When a variable is not set, or a secret is missing.
pub fn child_variables(
    entry: &ServerEntry,
    environment: &Environment,
    secrets: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Fault> {
    let Reach::Stdio { env, .. } = &entry.reach;
    env.iter()
        .map(|(name, value)| {
            let what = format!("env.{name}");
            let parts = parse(&what, value)?;
            Ok((name.clone(), fill(&what, &parts, environment, secrets)?))
        })
        .collect()
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
                "{what} would show a secret. Nothing was stored; hand it over in env, as ${{secret:name}}."
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
        let child = child_variables(&entry, &home("/h/olga"), &secrets).unwrap();
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
