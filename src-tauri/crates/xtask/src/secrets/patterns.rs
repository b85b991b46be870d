//! The shapes of secrets: those of known vendors, and any random-looking value
//! given to a name that speaks of secrets.

use std::sync::LazyLock;

use crate::pattern::{Pattern, compile};
use crate::secrets::entropy::bits_per_character;

/// Bits per character above which a value counts as random. Prose and
/// identifiers stay below 3.5, random hex of 32 digits lies near 3.6.
const MIN_BITS_PER_CHARACTER: f64 = 3.5;

/// One look-alike in a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape<'a> {
    /// What it looks like.
    pub(super) name: &'static str,
    /// The text itself; never print it whole.
    pub(super) value: &'a str,
}

struct Vendor {
    name: &'static str,
    pattern: Pattern,
}

static VENDORS: [Vendor; 14] = [
    Vendor {
        name: "a private key",
        pattern: LazyLock::new(|| {
            compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
        }),
    },
    Vendor {
        name: "an AWS access key",
        pattern: LazyLock::new(|| compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    },
    Vendor {
        name: "a GitHub token",
        pattern: LazyLock::new(|| compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b")),
    },
    Vendor {
        name: "a GitHub token",
        pattern: LazyLock::new(|| compile(r"\bgithub_pat_[A-Za-z0-9_]{40,}\b")),
    },
    Vendor {
        name: "an Anthropic key",
        pattern: LazyLock::new(|| compile(r"\bsk-ant-[A-Za-z0-9_-]{20,}")),
    },
    Vendor {
        name: "an OpenRouter key",
        pattern: LazyLock::new(|| compile(r"\bsk-or-v1-[0-9a-f]{32,}")),
    },
    Vendor {
        name: "an OpenAI key",
        pattern: LazyLock::new(|| {
            compile(r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9][A-Za-z0-9_]{20,}")
        }),
    },
    Vendor {
        name: "a Slack token",
        pattern: LazyLock::new(|| compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    },
    Vendor {
        name: "a Slack webhook",
        pattern: LazyLock::new(|| {
            compile(r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}")
        }),
    },
    Vendor {
        name: "a MoltBook key",
        pattern: LazyLock::new(|| compile(r"\bmoltbook_(?:sk_[A-Za-z0-9]{16,}|[0-9a-f]{64}\b)")),
    },
    Vendor {
        name: "a Google key",
        pattern: LazyLock::new(|| compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    },
    Vendor {
        name: "a Stripe key",
        pattern: LazyLock::new(|| compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b")),
    },
    Vendor {
        name: "an npm token",
        pattern: LazyLock::new(|| compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    },
    Vendor {
        name: "a signed web token",
        pattern: LazyLock::new(|| {
            compile(r"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")
        }),
    },
];

/// `api_key = "…"`, `"token": "…"`, `PASSWORD=…`: a name that speaks of
/// secrets, then a value of at least twenty letters without blanks.
static ASSIGNMENT: Pattern = LazyLock::new(|| {
    let names = "secret|token|passwd|password|passphrase|api_?-?key|apikey|private_?-?key|access_?-?key|auth_?-?key";
    compile(&format!(
        r#"(?i)(?:{names})[\w-]*["']?\s*(?::=|=>|[:=])\s*["'`]?([A-Za-z0-9+/=_.-]{{20,}})(?:["'`,;\s]|$)"#
    ))
});

/// Everything in one line that looks like a secret; a vendor's shape wins over
/// the general one.
pub(super) fn find(line: &str) -> Vec<Shape<'_>> {
    let known: Vec<Shape<'_>> = VENDORS
        .iter()
        .flat_map(|vendor| {
            let matches = vendor.pattern.find_iter(line);
            matches.map(|found| Shape {
                name: vendor.name,
                value: found.as_str(),
            })
        })
        .collect();
    if !known.is_empty() {
        return known;
    }
    ASSIGNMENT
        .captures_iter(line)
        .filter_map(|captures| captures.get(1))
        .map(|value| value.as_str())
        .filter(|value| looks_random(value))
        .map(|value| Shape {
            name: "a random value given to a secret's name",
            value,
        })
        .collect()
}

fn looks_random(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(char::is_ascii_alphabetic).count();
    digits >= 3
        && letters >= 3
        && bits_per_character(value) >= MIN_BITS_PER_CHARACTER
        && !is_identifier(value)
}

/// Words joined by underscores, dots or dashes, such as a constant's name or
/// a path in code: no part mixes letters and digits the way a key does.
fn is_identifier(value: &str) -> bool {
    value.split(['_', '.', '-', '/']).all(|part| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        digits == 0 || digits == part.len() || digits <= 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Look-alikes are put together here, so that no line of this file is one.
    #[track_caller]
    fn check(parts: &[&str], expected: &[&str]) {
        let line = parts.concat();
        let found: Vec<_> = find(&line).into_iter().map(|shape| shape.name).collect();
        assert_eq!(found, expected, "{line}");
    }

    const MIXED: &str = "q8Zt3LmX0pVw7RkYb2Ns";

    #[test]
    fn the_shapes_of_vendors_are_known() {
        check(&["-----BEGIN ", "PRIVATE KEY-----"], &["a private key"]);
        check(
            &["-----BEGIN OPENSSH ", "PRIVATE KEY-----"],
            &["a private key"],
        );
        check(&["x AK", "IAQWERTYUIOP23456Z y"], &["an AWS access key"]);
        check(&["gh", "p_", MIXED, MIXED], &["a GitHub token"]);
        check(&["github", "_pat_", MIXED, "_", MIXED], &["a GitHub token"]);
        check(&["sk-", "ant-api03-", MIXED, MIXED], &["an Anthropic key"]);
        check(&["sk-", "proj-", MIXED, MIXED], &["an OpenAI key"]);
        check(&["sk-", MIXED, MIXED], &["an OpenAI key"]);
        check(
            &["sk-", "or-v1-", "0123456789abcdef0123456789abcdef"],
            &["an OpenRouter key"],
        );
        check(&["xox", "b-1234567890-abcdef"], &["a Slack token"]);
        check(
            &[
                "https://hooks.",
                "slack.com/services/T01234567/B01234567/",
                MIXED,
            ],
            &["a Slack webhook"],
        );
        check(&["moltbook", "_sk_", MIXED], &["a MoltBook key"]);
        check(
            &["moltbook", "_", &"0123456789abcdef".repeat(4)],
            &["a MoltBook key"],
        );
        check(&["AI", "za", MIXED, "-Ab3dEf6hIj9lM2"], &["a Google key"]);
        check(&["sk_", "live_", MIXED], &["a Stripe key"]);
        check(&["np", "m_", MIXED, "Ab3dEf6hIj9lM2oP"], &["an npm token"]);
        check(
            &["ey", "J", MIXED, ".ey", "J", MIXED, ".", MIXED],
            &["a signed web token"],
        );
    }

    #[test]
    fn a_random_value_with_a_telling_name_is_found() {
        let general = ["a random value given to a secret's name"];
        check(&["api_key = \"", MIXED, "\""], &general);
        check(&["DB_PASSWORD", "=", MIXED], &general);
        check(&["\"accessKey\"", ": \"", MIXED, "\","], &general);
        check(
            &["private_key: 0x", &"3f9a1c07d2e8b465".repeat(4)],
            &general,
        );
    }

    #[test]
    fn code_prose_and_placeholders_are_no_secrets() {
        check(&["let token = self.cancellation_token.child_token();"], &[]);
        check(
            &["const TOKEN: &str = \"intent_key_of_the_executor_v1\";"],
            &[],
        );
        check(&["api_key = \"your-api-key-goes-here-please\""], &[]);
        check(&["OPENAI_API_KEY="], &[]);
        check(&["token = \"${CHIMERA_TOKEN_FROM_THE_KEYCHAIN}\""], &[]);
        check(&["sk-eleton and task-force-of-the-year"], &[]);
        check(&["password: \"correct horse battery staple 123\""], &[]);
        check(&["integrity sha512-", MIXED, MIXED], &[]);
    }
}
