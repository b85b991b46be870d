//! Keys and passwords that must not be committed: which shapes they have, and
//! what counts as an excuse. What happens to a secret at run time is the
//! product's business (`vault`, `guard`), never this module's.

mod entropy;
mod patterns;
mod staged;

use crate::files::TreeFile;
use crate::finding::Finding;
use crate::secrets::patterns::{Shape, find};

pub(crate) use crate::secrets::staged::staged;

/// On the same line as a look-alike or on the line above, with a reason after it.
const ALLOWED: &str = "secret-scan: allow";
/// Letters of a reason worth the name.
const MIN_REASON_LETTERS: usize = 8;

const WHY: &str =
    "whoever reads the history has the key, for ever; a committed key counts as stolen";

/// Files whose very name says that they hold secrets.
const SECRET_FILES: [&str; 5] = [
    ".env",
    "id_rsa",
    "id_ed25519",
    "id_ecdsa",
    "credentials.json",
];
/// Endings of such files.
const SECRET_ENDINGS: [&str; 5] = [".pem", ".p12", ".pfx", ".jks", ".keystore"];

/// Everything in these files that looks like a secret.
pub(crate) fn inspect(files: &[TreeFile]) -> Vec<Finding> {
    files
        .iter()
        .flat_map(|file| by_name(file).into_iter().chain(by_content(file)))
        .collect()
}

fn by_name(file: &TreeFile) -> Option<Finding> {
    let name = file.name();
    let is_dotenv = name.starts_with(".env.") && name != ".env.example";
    let is_secret = is_dotenv
        || SECRET_FILES.contains(&name)
        || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending));
    is_secret.then(|| {
        let fix = "take it out of the commit and add it to .gitignore; examples go to .env.example without values";
        Finding::error(&file.path, None, "a file that usually holds secrets", WHY, fix)
    })
}

fn by_content(file: &TreeFile) -> Vec<Finding> {
    let Some(text) = file.text.as_deref() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut above = "";
    for (line, number) in text.lines().zip(1..) {
        let excuse = [line, above].into_iter().find_map(reason_of);
        above = line;
        for Shape { name, value } in find(line) {
            match excuse {
                Some(reason) if reason.len() >= MIN_REASON_LETTERS => {}
                Some(_) => findings.push(Finding::error(
                    &file.path,
                    number,
                    format!("{name} excused without a reason"),
                    "the next reader must be able to judge the excuse",
                    format!("write `{ALLOWED}: why this is no secret`"),
                )),
                None => findings.push(Finding::error(
                    &file.path,
                    number,
                    format!("{name}: {}", masked(value)),
                    WHY,
                    format!(
                        "withdraw the key and take it out; for a look-alike, add `{ALLOWED}: why`"
                    ),
                )),
            }
        }
    }
    findings
}

/// The words after the marker, without the comment's closing.
fn reason_of(line: &str) -> Option<&str> {
    let (_, after) = line.split_once(ALLOWED)?;
    Some(
        after
            .trim_start_matches(':')
            .trim_end_matches("-->")
            .trim_end_matches("*/")
            .trim(),
    )
}

/// Enough to find it again, too little to use it.
fn masked(value: &str) -> String {
    let head: String = value.chars().take(4).collect();
    format!("{head}… ({} characters)", value.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::text_file;

    fn key() -> String {
        ["AK", "IAQWERTYUIOP23456Z"].concat()
    }

    #[track_caller]
    fn whats(path: &str, text: &str, expected: &[&str]) {
        let found: Vec<_> = inspect(&[text_file(path, text)])
            .into_iter()
            .map(|finding| finding.what)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_secret_is_reported_masked() {
        whats(
            "a.toml",
            &format!("x = 1\nkey = {}\n", key()),
            &["an AWS access key: AKIA… (20 characters)"],
        );
    }

    #[test]
    fn an_excuse_needs_a_reason_and_stands_beside_or_above() {
        let excuse = "// secret-scan: allow";
        whats(
            "a.rs",
            &format!("{} {excuse}: the vendor's documented example\n", key()),
            &[],
        );
        whats(
            "a.rs",
            &format!("{excuse}: the vendor's documented example\n{}\n", key()),
            &[],
        );
        whats(
            "a.rs",
            &format!("{} {excuse}\n", key()),
            &["an AWS access key excused without a reason"],
        );
        whats(
            "a.rs",
            &format!("{excuse}: the vendor's documented example\n\n{}\n", key()),
            &["an AWS access key: AKIA… (20 characters)"],
        );
    }

    #[test]
    fn files_that_hold_secrets_are_known_by_name() {
        whats(".env", "", &["a file that usually holds secrets"]);
        whats(
            "deploy/.env.production",
            "",
            &["a file that usually holds secrets"],
        );
        whats(
            "deploy/server.pem",
            "",
            &["a file that usually holds secrets"],
        );
        whats(".env.example", "OPENAI_API_KEY=\n", &[]);
    }
}
