//! Texts with places in them: `${VAR}`, `${VAR:-default}`, `${secret:name}`.
//!
//! Never here: which text may hold which place (`launch`).

use std::collections::BTreeMap;

use chimera_codes::{MCP_VARIABLE_UNSET, cut};
use chimera_domain::fault::Fault;

use crate::{Environment, invalid};

/// Variables that begin with this are Chimera's own settings, secrets among them, and are handed to nobody.
const OWN_PREFIX: &str = "CHIMERA_";
/// Variables that hold keys of the installation itself: of the data on its disk, and of the audit log. Handed to nobody.
pub const OWN_VARIABLES: [&str; 2] = ["AUDIT_SIGNING_KEY", "DATA_ENCRYPTION_KEY"];
/// What stands before a secret's name.
const SECRET: &str = "secret:";

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// As it stands.
    Text(String),
    /// A variable of the host's environment.
    Variable {
        name: String,
        default: Option<String>,
    },
    /// A secret of the vault.
    Secret(String),
}

/// Takes a text apart. `what` names it in a refusal.
pub(super) fn parse(what: &str, text: &str) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        let (inside, behind) = after.split_once('}').ok_or_else(|| {
            invalid(format!("{what} has a '${{' without its '}}'. Nothing was stored; close it, or leave it out."))
        })?;
        parts.push(place(what, inside)?);
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}

fn place(what: &str, inside: &str) -> Result<Part, Fault> {
    if let Some(name) = inside.strip_prefix(SECRET) {
        if name.is_empty() {
            return Err(invalid(format!(
                "{what} names no secret. Nothing was stored; write ${{secret:name}}."
            )));
        }
        return Ok(Part::Secret(name.to_owned()));
    }
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (inside, None),
    };
    let good = |(at, byte): (usize, u8)| {
        byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit())
    };
    if name.is_empty() || !name.bytes().enumerate().all(good) {
        return Err(invalid(format!(
            "{what} holds '${{{}}}', which names no variable. Nothing was stored; write ${{NAME}}, ${{NAME:-default}} or ${{secret:name}}.",
            cut(inside)
        )));
    }
    Ok(Part::Variable {
        name: name.to_owned(),
        default,
    })
}

/// Puts variables and secrets in.
pub(super) fn fill(
    what: &str,
    parts: &[Part],
    environment: &Environment,
    secrets: &BTreeMap<String, String>,
) -> Result<String, Fault> {
    let mut whole = String::new();
    for part in parts {
        match part {
            Part::Text(text) => whole.push_str(text),
            Part::Variable { name, default } => {
                whole.push_str(variable(what, name, default.as_deref(), environment)?);
            }
            Part::Secret(name) => {
                let secret = secrets.get(name).ok_or_else(|| {
                    invalid(format!("{what} cannot take the secret '{}'.", cut(name)))
                })?;
                whole.push_str(secret);
            }
        }
    }
    Ok(whole)
}

/// Whether a variable is Chimera's own. Some systems take a name in any case for the same.
fn is_own(name: &str) -> bool {
    let begins = name.get(..OWN_PREFIX.len());
    begins.is_some_and(|begins| begins.eq_ignore_ascii_case(OWN_PREFIX))
        || OWN_VARIABLES
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
}

fn variable<'a>(
    what: &str,
    name: &str,
    default: Option<&'a str>,
    environment: &'a Environment,
) -> Result<&'a str, Fault> {
    let own = is_own(name);
    let found = environment
        .get(name)
        .filter(|_| !own)
        .map(String::as_str)
        // As in a shell: a default stands in for what is empty too.
        .filter(|value| default.is_none() || !value.is_empty());
    found.or(default).ok_or_else(|| {
        let why = if own {
            "is a setting of Chimera itself, which is handed to nobody"
        } else {
            "is not set where Chimera was started"
        };
        Fault::of(
            MCP_VARIABLE_UNSET,
            format!("{what} needs the variable {name}, which {why}. Nothing was started; set it there and restart Chimera, write ${{{name}:-default}}, or take it out."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        let environment = [
            ("HOME", "/h/olga"),
            ("EMPTY", ""),
            ("CHIMERA_PORT", "7787"),
            ("Chimera_Port", "7787"),
            ("AUDIT_SIGNING_KEY", "seed"),
            ("DATA_ENCRYPTION_KEY", "key"),
            ("data_encryption_key", "key"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let secrets = [("github".to_owned(), "hush".to_owned())].into();
        parse("args[0]", text)
            .and_then(|parts| fill("args[0]", &parts, &environment, &secrets))
            .map_err(|fault| fault.code)
    }

    #[test]
    fn places_are_filled_and_what_is_not_set_is_refused() {
        for (text, expected) in [
            ("plain $HOME {x}", Ok("plain $HOME {x}")),
            ("${HOME}/notes", Ok("/h/olga/notes")),
            ("${HOME}${HOME}", Ok("/h/olga/h/olga")),
            ("${NOWHERE:-/tmp}/x", Ok("/tmp/x")),
            ("${NOWHERE:-}", Ok("")),
            ("${EMPTY}", Ok("")),
            ("${EMPTY:-full}", Ok("full")),
            ("Bearer ${secret:github}", Ok("Bearer hush")),
            ("${NOWHERE}", Err("MCP_VARIABLE_UNSET")),
            ("${CHIMERA_PORT}", Err("MCP_VARIABLE_UNSET")),
            ("${Chimera_Port}", Err("MCP_VARIABLE_UNSET")),
            ("${AUDIT_SIGNING_KEY}", Err("MCP_VARIABLE_UNSET")),
            ("${DATA_ENCRYPTION_KEY}", Err("MCP_VARIABLE_UNSET")),
            ("${data_encryption_key}", Err("MCP_VARIABLE_UNSET")),
            ("${DATA_ENCRYPTION_KEY:-none}", Ok("none")),
            ("${CHIMERA_PORT:-1}", Ok("1")),
            ("${HOME", Err("MCP_ENTRY_INVALID")),
            ("${}", Err("MCP_ENTRY_INVALID")),
            ("${input:key}", Err("MCP_ENTRY_INVALID")),
            ("${1X}", Err("MCP_ENTRY_INVALID")),
            ("${secret:}", Err("MCP_ENTRY_INVALID")),
            ("${secret:other}", Err("MCP_ENTRY_INVALID")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(filled(text), expected, "{text}");
        }
    }
}
