//! One skill's files as texts, and what they say together: manifest, instructions, compiled schemas.
//!
//! Never here: a disk, or code that runs.

use chimera_domain::{
    skill::{SideEffects, SkillExample, SkillManifest, SkillRun},
    task::TaskKind,
};
use chimera_frontmatter::{
    Diagnostic, Severity,
    skill::{SkillFile, parse_front_matter},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{registry::SkillDiagnostic, schema::compile};
use chimera_schema::Schema;

/// Where the manifest lies in a skill's folder.
pub(crate) const SKILL_FILE: &str = "SKILL.md";
/// Where the input's schema lies.
pub(crate) const INPUT_FILE: &str = "references/input.schema.json";
/// Where the output's schema lies.
pub(crate) const OUTPUT_FILE: &str = "references/output.schema.json";
/// Where the worked examples lie.
pub(crate) const EXAMPLES_FILE: &str = "assets/examples.json";
/// Most tools that one skill may name.
const MAX_TOOLS: usize = 64;

/// One skill's files.
#[derive(Clone, Debug)]
pub(crate) struct Bundle<'t> {
    pub(crate) folder: &'t str,
    pub(crate) skill: &'t str,
    pub(crate) input: &'t str,
    pub(crate) output: &'t str,
    pub(crate) examples: Option<&'t str>,
}

/// What the files say, when nothing is wrong with them.
#[derive(Debug)]
pub(crate) struct Unpacked {
    pub(crate) manifest: SkillManifest,
    /// The task that the skill fulfils by itself; none for a part of others' work.
    pub(crate) serves: Option<TaskKind>,
    pub(crate) instructions: String,
    pub(crate) input: Schema,
    pub(crate) output: Schema,
}

/// Diagnostics of one skill as they are made.
pub(crate) struct Notes<'n> {
    pub(crate) skill: &'n str,
    pub(crate) list: &'n mut Vec<SkillDiagnostic>,
}

impl Notes<'_> {
    pub(crate) fn add(&mut self, file: &str, diagnostic: Diagnostic) {
        self.list.push(SkillDiagnostic {
            skill: self.skill.to_owned(),
            file: file.to_owned(),
            diagnostic,
        });
    }

    pub(crate) fn error(
        &mut self,
        file: &str,
        place: (u32, u32),
        code: &'static str,
        message: impl Into<String>,
        fix: &str,
    ) {
        let diagnostic = Diagnostic {
            line: place.0,
            column: place.1,
            severity: Severity::Error,
            code,
            message: message.into(),
            fix: fix.to_owned(),
        };
        self.add(file, diagnostic);
    }
}

impl Bundle<'_> {
    /// Reads all files; `None` where a note says what is wrong. Nothing is half read.
    pub(crate) fn unpack(&self, notes: &mut Notes<'_>) -> Option<Unpacked> {
        let file = match parse_front_matter(self.skill, self.folder) {
            Ok(parsed) => {
                for warning in parsed.warnings {
                    notes.add(SKILL_FILE, warning);
                }
                Some(parsed.value)
            }
            Err(list) => {
                for found in list {
                    notes.add(SKILL_FILE, found);
                }
                None
            }
        };
        let input = schema(self.input, INPUT_FILE, notes);
        let output = schema(self.output, OUTPUT_FILE, notes);
        let examples: Option<Vec<SkillExample>> = match self.examples {
            Some(text) => json(text, EXAMPLES_FILE, notes),
            None => Some(Vec::new()),
        };
        let file = file?;
        let card = Card::read(&file, notes);
        let ((input_schema, input), (output_schema, output)) = input.zip(output)?;
        let examples = examples?;
        let card = card?;
        check_examples(&examples, &input, &output, notes)?;
        Some(Unpacked {
            serves: card.task_kind,
            instructions: file.body,
            input,
            output,
            manifest: SkillManifest {
                name: file.name,
                description: file.description,
                version: card.version,
                // A manifest must name a kind; `serves` says whether the skill answers for it.
                task_kind: card.task_kind.unwrap_or(TaskKind::AnalyzeTrends),
                run: card.run,
                side_effects: card.side_effects,
                tools: card.tools,
                input_schema,
                output_schema,
                examples,
            },
        })
    }
}

/// What Chimera reads below `metadata`.
struct Card {
    version: String,
    task_kind: Option<TaskKind>,
    run: SkillRun,
    side_effects: SideEffects,
    tools: Vec<String>,
}

impl Card {
    fn read(file: &SkillFile, notes: &mut Notes<'_>) -> Option<Self> {
        let place = (file.metadata_line, 1);
        let mut sound = true;
        let mut refuse = |what: &str, fix: &str| {
            sound = false;
            notes.error(SKILL_FILE, place, "BAD_METADATA", what, fix);
        };
        let version = file.metadata.get("version").and_then(Value::as_str);
        let version = match version {
            Some(version) if is_version(version) => version.to_owned(),
            _ => {
                refuse(
                    "metadata.version is missing or not a version in quotes",
                    "write: version: \"1.0.0\"",
                );
                String::new()
            }
        };
        let mut word = |key: &str, words: &str| -> Option<Value> {
            let value = file.metadata.get(key)?;
            if !value.is_string() {
                refuse(&format!("metadata.{key} must be one word"), words);
            }
            Some(value.clone())
        };
        let run_words = "write: run: native, or: run: loop";
        let run = word("run", run_words);
        let effect_words = "write: side_effects: none, or: side_effects: intent";
        let effects = word("side_effects", effect_words);
        let kind_words = "write one of the task kinds, such as: task_kind: analyze_trends";
        let kind = word("task_kind", kind_words);
        let run = pick(run, SkillRun::Loop, "run", run_words, &mut refuse);
        let side_effects = pick(
            effects,
            SideEffects::None,
            "side_effects",
            effect_words,
            &mut refuse,
        );
        let task_kind = pick(kind.map(Some), None, "task_kind", kind_words, &mut refuse);
        let tools = tools(file.metadata.get("tools"));
        if tools.is_none() {
            refuse(
                "metadata.tools must name tools as server.tool, at most 64 of them",
                "write: tools: feeds.fetch_feed",
            );
        }
        sound.then_some(Self {
            version,
            task_kind,
            run,
            side_effects,
            tools: tools.unwrap_or_default(),
        })
    }
}

/// The word as its type; the default where there is none.
fn pick<T: DeserializeOwned>(
    word: Option<impl serde::Serialize>,
    default: T,
    key: &str,
    fix: &str,
    refuse: &mut impl FnMut(&str, &str),
) -> T {
    let Some(word) = word else {
        return default;
    };
    serde_json::to_value(word)
        .and_then(serde_json::from_value)
        .unwrap_or_else(|_| {
            refuse(
                &format!("metadata.{key} is not a word that Chimera knows"),
                fix,
            );
            default
        })
}

/// A list, or words with spaces between them; `None` where one is not `server.tool`.
fn tools(value: Option<&Value>) -> Option<Vec<String>> {
    let tools: Vec<String> = match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(words)) => words.split_whitespace().map(str::to_owned).collect(),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        Some(_) => return None,
    };
    let named = |tool: &String| {
        tool.split_once('.')
            .is_some_and(|(server, name)| !server.is_empty() && !name.is_empty())
    };
    (tools.len() <= MAX_TOOLS && tools.iter().all(named)).then_some(tools)
}

/// `1.2.3`.
fn is_version(text: &str) -> bool {
    const MAX_DIGITS: usize = 6;
    let parts: Vec<&str> = text.split('.').collect();
    let number =
        |p: &&str| (1..=MAX_DIGITS).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number)
}

fn schema(text: &str, file: &str, notes: &mut Notes<'_>) -> Option<(Value, Schema)> {
    let value: Value = json(text, file, notes)?;
    match compile(&value) {
        Ok(schema) => Some((value, schema)),
        Err(reason) => {
            notes.error(
                file,
                (1, 1),
                "BAD_SCHEMA",
                reason,
                "write a JSON Schema (2020-12) that refers to nothing outside itself",
            );
            None
        }
    }
}

fn json<T: DeserializeOwned>(text: &str, file: &str, notes: &mut Notes<'_>) -> Option<T> {
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
            notes.error(
                file,
                (number(error.line()), number(error.column())),
                "NOT_JSON",
                format!("the file cannot be read: {error}"),
                "correct the JSON at this place",
            );
            None
        }
    }
}

fn check_examples(
    examples: &[SkillExample],
    input: &Schema,
    output: &Schema,
    notes: &mut Notes<'_>,
) -> Option<()> {
    let mut sound = true;
    for (index, example) in examples.iter().enumerate() {
        for (part, checked) in [
            ("input", input.check(&example.input)),
            ("output", output.check(&example.output)),
        ] {
            if let Err(reason) = checked {
                sound = false;
                notes.error(
                    EXAMPLES_FILE,
                    (1, 1),
                    "EXAMPLE_INVALID",
                    format!(
                        "the {part} of example {} does not fit its schema: {reason}",
                        index + 1
                    ),
                    "correct the example or the schema",
                );
            }
        }
    }
    sound.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKILL: &str = "---\nname: count\ndescription: Counts.\nmetadata:\n  version: \"1.2.3\"\n  task_kind: analyze_trends\n  tools: feeds.fetch_feed\n---\nCount.\n";
    const SCHEMA: &str = r#"{"type": "object", "required": ["n"]}"#;

    fn unpack(
        skill: &str,
        input: &str,
        examples: Option<&str>,
    ) -> Result<Unpacked, Vec<(String, u32, &'static str)>> {
        let bundle = Bundle {
            folder: "count",
            skill,
            input,
            output: SCHEMA,
            examples,
        };
        let mut list = Vec::new();
        let unpacked = bundle.unpack(&mut Notes {
            skill: "count",
            list: &mut list,
        });
        unpacked.ok_or_else(|| {
            list.into_iter()
                .map(|note| (note.file, note.diagnostic.line, note.diagnostic.code))
                .collect()
        })
    }

    #[test]
    fn a_sound_bundle_is_unpacked_whole() {
        let read = unpack(
            SKILL,
            SCHEMA,
            Some(r#"[{"input": {"n": 1}, "output": {"n": 2}}]"#),
        )
        .unwrap();
        assert_eq!(read.serves, Some(TaskKind::AnalyzeTrends));
        assert_eq!(read.instructions, "Count.");
        assert_eq!(read.manifest.run, SkillRun::Loop);
        assert_eq!(read.manifest.side_effects, SideEffects::None);
        assert_eq!(read.manifest.tools, ["feeds.fetch_feed"]);
        assert_eq!(read.manifest.examples.len(), 1);
    }

    #[test]
    fn anything_wrong_leaves_nothing() {
        let with = |from: &str, to: &str| SKILL.replacen(from, to, 1);
        for (skill, line, code) in [
            (with("name: count", "name: other"), 2, "NAME_IS_NOT_FOLDER"),
            (with("\"1.2.3\"", "1.2"), 4, "BAD_METADATA"),
            (with("\"1.2.3\"", "\"one\""), 4, "BAD_METADATA"),
            (with("analyze_trends", "cook"), 4, "BAD_METADATA"),
            (
                with("task_kind: analyze_trends", "run: sometimes"),
                4,
                "BAD_METADATA",
            ),
            (
                with("task_kind: analyze_trends", "side_effects: [none]"),
                4,
                "BAD_METADATA",
            ),
            (with("feeds.fetch_feed", "fetch_feed"), 4, "BAD_METADATA"),
            (with("feeds.fetch_feed", "{a: b}"), 4, "BAD_METADATA"),
        ] {
            let found = unpack(&skill, SCHEMA, None).unwrap_err();
            assert!(
                found
                    .iter()
                    .all(|note| *note == (SKILL_FILE.to_owned(), line, code))
                    && !found.is_empty(),
                "{skill}: {found:?}"
            );
        }
        for (input, examples, file, line, code) in [
            ("{\n \"type\": ]", None, INPUT_FILE, 2, "NOT_JSON"),
            (r#"{"type": "objekt"}"#, None, INPUT_FILE, 1, "BAD_SCHEMA"),
            (
                r#"{"$ref": "https://example.com/x"}"#,
                None,
                INPUT_FILE,
                1,
                "BAD_SCHEMA",
            ),
            (SCHEMA, Some("{}"), EXAMPLES_FILE, 1, "NOT_JSON"),
            (
                SCHEMA,
                Some(r#"[{"input": {}, "output": {"n": 1}}]"#),
                EXAMPLES_FILE,
                1,
                "EXAMPLE_INVALID",
            ),
            (
                SCHEMA,
                Some(r#"[{"input": {"n": 1}, "output": []}]"#),
                EXAMPLES_FILE,
                1,
                "EXAMPLE_INVALID",
            ),
        ] {
            // An array satisfies `required`; the type does not.
            let found = unpack(SKILL, input, examples).unwrap_err();
            assert_eq!(
                found,
                [(file.to_owned(), line, code)],
                "{input} {examples:?}"
            );
        }
    }
}
