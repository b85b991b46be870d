//! SKILL.md in the AgentSkills form: front matter and instructions.
//!
//! Never here: what Chimera makes of `metadata`, schemas, or a folder on a disk (`skills` does).

use serde_json::{Map, Value as Json};

use crate::{
    diagnostic::{At, Diagnostic, Findings, Parsed, quote},
    hidden, read, spelling,
    split::split,
    yaml::{self, Entry, Node, Value},
};

/// Most characters of a name.
pub const MAX_NAME_CHARS: usize = 64;
/// Most characters of a description.
pub const MAX_DESCRIPTION_CHARS: usize = 1_024;
/// Most characters of a compatibility note.
pub const MAX_COMPATIBILITY_CHARS: usize = 500;
/// Most characters of a licence.
pub const MAX_LICENSE_CHARS: usize = 200;

const KEYS: [&str; 6] = [
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    "allowed-tools",
];
/// Keys of other hosts, which mean nothing here and are no mistakes.
const FOREIGN: [&str; 6] = [
    "homepage",
    "user-invocable",
    "disable-model-invocation",
    "command-dispatch",
    "command-tool",
    "version",
];

/// What a SKILL.md says.
#[derive(Clone, PartialEq, Debug)]
pub struct SkillFile {
    /// 1 to 64 of a–z, 0–9, `-`, `_`; equal to the folder's name. The open form has no `_`: it is taken because the
    /// names of our own skills are given (SKL-03, S4).
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// Its licence.
    pub license: Option<String>,
    /// What it needs of its surroundings.
    pub compatibility: Option<String>,
    /// Whatever its host makes of it.
    pub metadata: Map<String, Json>,
    /// Tools that its author would like allowed. Shown, never granted by this.
    pub allowed_tools: Vec<String>,
    /// The Markdown body: the instructions.
    pub body: String,
    /// Line on which the key `metadata` stands, for those who read on in it; 1 where there is none.
    pub metadata_line: u32,
}

/// Reads a SKILL.md that lies in a folder named `folder`.
///
/// # Errors
/// Everything that is wrong with the file, when anything is an error. Nothing was taken.
pub fn parse_front_matter(text: &str, folder: &str) -> Result<Parsed<SkillFile>, Vec<Diagnostic>> {
    let parts = split(text).map_err(|found| vec![found])?;
    let mut findings = Findings::default();
    hidden::check(text, &mut findings);
    if findings.has_errors() {
        return findings.close(None);
    }
    let Some(front) = parts.front else {
        findings.error(
            At::START,
            "NO_FRONT_MATTER",
            "the file has no front matter",
            "put a block between two --- lines at the top with name and description",
        );
        return findings.close(None);
    };
    let Some(entries) = yaml::read(front, &mut findings) else {
        return findings.close(None);
    };
    for entry in &entries {
        unknown(entry, &mut findings);
    }
    let find = |key: &str| entries.iter().find(|entry| entry.key == key);
    let name = required("name", find("name"), MAX_NAME_CHARS, &mut findings);
    if let Some(name) = &name {
        check_name(name, folder, &mut findings);
    }
    let description = required(
        "description",
        find("description"),
        MAX_DESCRIPTION_CHARS,
        &mut findings,
    );
    let mut optional = |key, max_chars| {
        let line = read::text(find(key)?, max_chars, &mut findings)?;
        Some(line.text)
    };
    let license = optional("license", MAX_LICENSE_CHARS);
    let compatibility = optional("compatibility", MAX_COMPATIBILITY_CHARS);
    let metadata = find("metadata").map_or_else(Map::new, |entry| metadata(entry, &mut findings));
    let allowed_tools =
        find("allowed-tools").map_or_else(Vec::new, |entry| words(entry, &mut findings));
    let file = name.zip(description).map(|(name, description)| SkillFile {
        name: name.text,
        description: description.text,
        license,
        compatibility,
        metadata,
        allowed_tools,
        body: parts.body.trim().to_owned(),
        metadata_line: find("metadata").map_or(1, |entry| entry.at.line),
    });
    findings.close(file)
}

fn required(
    key: &str,
    entry: Option<&Entry>,
    max_chars: usize,
    findings: &mut Findings,
) -> Option<read::Line> {
    let Some(entry) = entry else {
        findings.error(
            At::line(2),
            "MISSING_KEY",
            format!("the key '{key}' is missing"),
            format!("add a line: {key}: …"),
        );
        return None;
    };
    read::text(entry, max_chars, findings)
}

fn check_name(name: &read::Line, folder: &str, findings: &mut Findings) {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = name.text.as_bytes();
    let sound = bytes.iter().all(|c| plain(*c) || b"-_".contains(c))
        && bytes.first().is_some_and(|c| plain(*c))
        && bytes.last().is_some_and(|c| plain(*c));
    if !sound {
        findings.error(
            name.at,
            "BAD_NAME",
            format!(
                "{} has characters that names do not have",
                quote(&name.text)
            ),
            "use a to z, 0 to 9, - and _, with a letter or digit at either end",
        );
    } else if name.text != folder {
        findings.error(
            name.at,
            "NAME_IS_NOT_FOLDER",
            format!(
                "the name is {} and the folder is {}",
                quote(&name.text),
                quote(folder)
            ),
            "give both the same name",
        );
    }
}

fn unknown(entry: &Entry, findings: &mut Findings) {
    let key = entry.key.as_str();
    if KEYS.contains(&key) || FOREIGN.contains(&key) {
        return;
    }
    let meant = KEYS.map(|known| known.replace('-', "_"));
    if let Some(meant) = spelling::nearest(key, meant.iter().map(String::as_str)) {
        findings.error(
            entry.at,
            "MISSPELT_KEY",
            format!("{} is not a key of a skill", quote(key)),
            format!("did you mean '{}'?", meant.replace('_', "-")),
        );
    } else {
        findings.warn(
            entry.at,
            "UNKNOWN_KEY",
            format!("{} is not a key of a skill and has no effect", quote(key)),
            "delete it, or put it below metadata",
        );
    }
}

fn metadata(entry: &Entry, findings: &mut Findings) -> Map<String, Json> {
    let Value::Map(entries) = &entry.node.value else {
        findings.error(
            entry.node.at,
            "WRONG_TYPE",
            format!(
                "'metadata' must be keys with values; it is {}",
                entry.node.value.kind()
            ),
            "write its keys below it, each indented by two spaces",
        );
        return Map::new();
    };
    entries
        .iter()
        .map(|entry| (entry.key.clone(), json(&entry.node)))
        .collect()
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => Json::Number(value.clone()),
        Value::Text(value) => Json::String(value.clone()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|entry| (entry.key.clone(), json(&entry.node)))
                .collect(),
        ),
    }
}

/// A list, or words with spaces between them.
fn words(entry: &Entry, findings: &mut Findings) -> Vec<String> {
    const BOUNDS: read::ListBounds = read::ListBounds {
        min_items: 0,
        max_items: 64,
        max_item_chars: 200,
    };
    match &entry.node.value {
        Value::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
        _ => read::lines(entry, BOUNDS, findings)
            .unwrap_or_default()
            .into_iter()
            .map(|line| line.text)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(text: &str, folder: &str) -> Vec<(u32, &'static str)> {
        let list = match parse_front_matter(text, folder) {
            Ok(parsed) => parsed.warnings,
            Err(list) => list,
        };
        list.iter().map(|d| (d.line, d.code)).collect()
    }

    #[test]
    fn a_skill_of_the_open_form_is_read() {
        let text = "---\nname: fetch_trends\ndescription: >-\n  Reads feeds.\n  Use it first.\nlicense: Apache-2.0\ncompatibility: needs the feeds server\nallowed-tools: Read feeds.fetch_feed\nmetadata:\n  version: \"1.0.0\"\n  openclaw: {emoji: x, requires: {bins: [jq]}}\n---\n\n# Do\n";
        assert_eq!(
            parse_front_matter(text, "fetch_trends"),
            Ok(Parsed {
                value: SkillFile {
                    name: "fetch_trends".into(),
                    description: "Reads feeds. Use it first.".into(),
                    license: Some("Apache-2.0".into()),
                    compatibility: Some("needs the feeds server".into()),
                    metadata: json!({"version": "1.0.0", "openclaw": {"emoji": "x", "requires": {"bins": ["jq"]}}})
                        .as_object()
                        .unwrap()
                        .clone(),
                    allowed_tools: vec!["Read".into(), "feeds.fetch_feed".into()],
                    body: "# Do".into(),
                    metadata_line: 9,
                },
                warnings: vec![],
            })
        );
    }

    #[test]
    fn what_breaks_a_skill_is_said_where_it_is() {
        let long = format!("---\nname: a\ndescription: {}\n---\n", "x".repeat(1_025));
        for (text, expected) in [
            ("# no front", (1, "NO_FRONT_MATTER")),
            ("---\ndescription: d\n---\n", (2, "MISSING_KEY")),
            ("---\nname: a\n---\n", (2, "MISSING_KEY")),
            (
                "---\nname: b\ndescription: d\n---\n",
                (2, "NAME_IS_NOT_FOLDER"),
            ),
            ("---\nname: A\ndescription: d\n---\n", (2, "BAD_NAME")),
            ("---\nname: -a\ndescription: d\n---\n", (2, "BAD_NAME")),
            ("---\nname: ../a\ndescription: d\n---\n", (2, "BAD_NAME")),
            (&long, (3, "TOO_LONG")),
            (
                "---\nname: a\ndescription: d\nmetadata: x\n---\n",
                (4, "WRONG_TYPE"),
            ),
            (
                "---\nname: a\ndescription: d\nlicence: x\n---\n",
                (4, "MISSPELT_KEY"),
            ),
            (
                "---\nname: a\ndescription: d\nallowed_tools: x\n---\n",
                (4, "MISSPELT_KEY"),
            ),
            (
                "---\nname: a\ndescription: d\nfoo: x\n---\n",
                (4, "UNKNOWN_KEY"),
            ),
            (
                "---\nname: a\ndescription: \"d\u{2066}\"\n---\n",
                (3, "HIDDEN_CHARACTER"),
            ),
        ] {
            assert_eq!(codes(text, "a"), [expected], "{text}");
        }
        assert_eq!(
            codes("---\nname: a\ndescription: d\nhomepage: x\n---\n", "a"),
            []
        );
    }
}
