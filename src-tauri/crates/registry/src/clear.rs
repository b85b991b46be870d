//! What looks like a secret in clear: refused, because the registry is stored and shown.
//!
//! A look at names and at well-known beginnings; it can miss one. Never here: where secrets are kept instead.

use chimera_codes::MCP_SECRET_IN_CLEAR;
use chimera_domain::fault::Fault;

use crate::template::Part;

/// Ends of a name's words that stand for a secret.
const ENDS: [&str; 8] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
];
/// Whole words of a name that do.
const WORDS: [&str; 5] = ["KEY", "PAT", "COOKIE", "AUTHORIZATION", "BEARER"];
/// Last words of a name that say it is only where a secret lies, or what it is called.
const ABOUT: [&str; 7] = ["FILE", "PATH", "DIR", "NAME", "ID", "URL", "TTL"];
/// How keys of well-known services begin.
const BEGINNINGS: [&str; 9] = [
    "ghp_",
    "github_pat_",
    "gho_",
    "glpat-",
    "sk-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "-----BEGIN",
];

/// Whether what is under this name is usually a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let words = || upper.split(|sign: char| !sign.is_ascii_alphanumeric());
    let about = words()
        .next_back()
        .is_some_and(|last| ABOUT.contains(&last));
    !about
        && words().any(|word| WORDS.contains(&word) || ENDS.iter().any(|end| word.ends_with(end)))
}

fn is_secret_text(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let value = word.rsplit('=').next().unwrap_or(word);
        [word, value]
            .iter()
            .any(|word| BEGINNINGS.iter().any(|begin| word.starts_with(begin)))
    })
}

/// Looks at a value under a name, taken apart.
pub(super) fn check_value(what: &str, name: &str, parts: &[Part]) -> Result<(), Fault> {
    let by_name = is_secret_name(name);
    let literal = |text: &str| {
        let text = text.trim();
        // `Bearer ${…}` and kin are no secrets.
        let scheme = text.eq_ignore_ascii_case("bearer") || text.eq_ignore_ascii_case("basic");
        !text.is_empty() && ((by_name && !scheme) || is_secret_text(text))
    };
    let found = parts.iter().any(|part| match part {
        Part::Text(text) => literal(text),
        Part::Variable { default, .. } => default.as_deref().is_some_and(literal),
        Part::Secret(_) => false,
    });
    if found {
        return Err(refused(what));
    }
    Ok(())
}

/// Looks at a command line's arguments, which every program of this machine can read: no secret may be among them.
pub(super) fn check_arguments(args: &[Vec<Part>]) -> Result<(), Fault> {
    let mut after_secret_flag = false;
    for (at, parts) in args.iter().enumerate() {
        let what = format!("args[{at}]");
        let on_line = || {
            Fault::of(
                MCP_SECRET_IN_CLEAR,
                format!(
                    "{what} would put a secret on the command line, where every program of this machine can read it. Nothing was stored; hand it over in env, as ${{secret:name}}."
                ),
            )
        };
        for part in parts {
            match part {
                Part::Secret(_) => return Err(on_line()),
                Part::Variable { name, .. } if is_secret_name(name) => return Err(on_line()),
                _ => {}
            }
        }
        check_value(&what, "", parts)?;
        let whole = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Variable { .. } | Part::Secret(_) => "x",
            })
            .collect::<String>();
        let is_flag = whole.starts_with('-');
        if after_secret_flag && !is_flag && !whole.is_empty() {
            return Err(refused(&what));
        }
        let (flag, value) = whole.split_once('=').unwrap_or((&whole, ""));
        let secret_flag = is_flag && is_secret_name(flag);
        if secret_flag && !value.is_empty() {
            return Err(refused(&what));
        }
        after_secret_flag = secret_flag && !whole.contains('=');
    }
    Ok(())
}

fn refused(what: &str) -> Fault {
    Fault::of(
        MCP_SECRET_IN_CLEAR,
        format!(
            "{what} looks like a secret in clear, and the registry keeps none. Nothing was stored; keep it as a key under Connections and write ${{secret:name}} in env, or set a variable where Chimera is started and write ${{NAME}}."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{super::template::parse, *};

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "GITHUB_TOKEN",
            "api_key",
            "X-Api-Key",
            "Authorization",
            "dbPassword",
            "OPENAI_APIKEY",
            "--auth-token",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "HOME",
            "MAX_TOKENS",
            "KEYBOARD",
            "MONKEY",
            "PATH",
            "NODE_ENV",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_secret_in_clear_is_refused_and_a_reference_is_not() {
        let value = |name: &str, text: &str| {
            let parts = parse("env", text).unwrap();
            check_value("env", name, &parts).is_err()
        };
        assert!(value("GITHUB_TOKEN", "abc"));
        assert!(value("GITHUB_TOKEN", "${X:-abc}"));
        assert!(value("NOTE", "ghp_1234567890"));
        assert!(!value("GITHUB_TOKEN", "${secret:github}"));
        assert!(!value("GITHUB_TOKEN", "${GITHUB_TOKEN}"));
        assert!(!value("Authorization", "Bearer ${secret:github}"));
        assert!(!value("LANG", "de"));
        let line = |args: &[&str]| {
            let parts: Vec<_> = args.iter().map(|arg| parse("args", arg).unwrap()).collect();
            check_arguments(&parts).is_err()
        };
        assert!(line(&["--token", "abc"]));
        assert!(line(&["--api-key=abc"]));
        assert!(line(&["${GITHUB_TOKEN}"]));
        assert!(line(&["${secret:x}"]));
        assert!(line(&["run", "sk-abcdef"]));
        assert!(!line(&["-y", "@scope/server", "--token-file", "/run/t"]));
        assert!(!line(&["--max-tokens", "20", "${HOME}"]));
    }
}
