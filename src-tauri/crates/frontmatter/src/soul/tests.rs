//! SOUL.md in its good and its many bad forms.

use super::*;
use crate::{MAX_FILE_BYTES, Severity};

const GOOD: &str = "---
name: Mara Voss
id: mara-voss
role: columnist
voice_traits:
  - warm, never gushing
directives:
  - State only what a source supports.
values: [honesty]
lexicon: [plainly]
forbidden: [game-changer]
forbidden_topics: [elections]
skills: [write_post]
---

# Mara

She reads the news.
";

fn findings(text: &str) -> Vec<(u32, u32, &'static str)> {
    lint(text)
        .iter()
        .map(|d| (d.line, d.column, d.code))
        .collect()
}

/// The good file with one piece replaced.
fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

fn persona() -> Persona {
    let one = |text: &str| vec![text.to_owned()];
    Persona {
        name: "Mara Voss".into(),
        id: "mara-voss".into(),
        role: Some("columnist".into()),
        voice_traits: one("warm, never gushing"),
        directives: one("State only what a source supports."),
        values: one("honesty"),
        lexicon: one("plainly"),
        forbidden: one("game-changer"),
        forbidden_topics: one("elections"),
        skills: one("write_post"),
        backstory: "# Mara\n\nShe reads the news.".into(),
    }
}

#[test]
fn a_good_file_is_read_whole_with_either_line_ending() {
    let expected = Ok(Parsed {
        value: persona(),
        warnings: vec![],
    });
    assert_eq!(parse(GOOD), expected);
    assert_eq!(parse(&format!("\u{feff}{GOOD}")), expected);
    assert_eq!(parse(&GOOD.replace('\n', "\r\n")), expected);
}

/// `text` is refused for one reason: `code` at `line` and `column`.
fn broken(text: &str, line: u32, column: u32, code: &'static str) {
    let list = parse(text).unwrap_err();
    let errors: Vec<_> = list
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| (d.line, d.column, d.code))
        .collect();
    assert_eq!(errors, [(line, column, code)], "{list:?}");
    assert!(
        list.iter()
            .all(|d| !d.message.is_empty() && !d.fix.is_empty())
    );
}

#[test]
fn a_file_of_another_shape_says_what_is_missing_of_it() {
    broken("", 1, 1, "NO_FRONT_MATTER");
    broken("# SOUL.md\n\nBe kind.\n", 1, 1, "NO_FRONT_MATTER");
    broken("---\nname: Mara\n", 1, 1, "FRONT_MATTER_OPEN");
    broken("---\n- name\n---\n", 2, 1, "NOT_KEYS");
    broken(&format!("\n{GOOD}"), 2, 1, "FRONT_MATTER_NOT_FIRST");
    broken(&"x".repeat(MAX_FILE_BYTES + 1), 1, 1, "FILE_TOO_LARGE");
}

#[test]
fn keys_and_values_of_the_wrong_kind_are_found_where_they_stand() {
    const TRAITS: &str = "\n  - warm, never gushing";
    let many = "\n  - trait".repeat(65);
    let long = "x".repeat(161);
    for (from, to, line, column, code) in [
        ("name: Mara Voss\n", "", 2, 1, "MISSING_KEY"),
        ("id: mara-voss\n", "", 2, 1, "MISSING_KEY"),
        ("name: Mara Voss", "name:", 2, 1, "EMPTY"),
        ("name: Mara Voss", "name: 42", 2, 7, "WRONG_TYPE"),
        ("name: Mara Voss", "name: [Mara]", 2, 7, "WRONG_TYPE"),
        (
            "name: Mara Voss",
            "name: |\n  Mara\n  Voss",
            3,
            3,
            "WRONG_TYPE",
        ),
        ("id: mara-voss", "id: Mara Voss", 3, 5, "BAD_NAME"),
        ("role: columnist", "role: columnist: tea", 4, 16, "NOT_YAML"),
        ("role: columnist", "role: \"columnist", 5, 1, "NOT_YAML"),
        ("columnist", &long, 4, 7, "TOO_LONG"),
        ("  - warm", "\t- warm", 6, 1, "TAB"),
        (TRAITS, "\n  []", 5, 1, "EMPTY_LIST"),
        (TRAITS, "", 5, 1, "EMPTY_LIST"),
        (TRAITS, " warm", 5, 15, "WRONG_TYPE"),
        (TRAITS, "\n  - 3.5", 6, 5, "WRONG_TYPE"),
        (TRAITS, &many, 5, 1, "TOO_MANY"),
        ("  - warm,", "  - Voice: warm,", 6, 5, "WRONG_TYPE"),
        ("role: columnist", "name: Other", 4, 1, "DUPLICATE_KEY"),
        ("directives:", "direktives:", 7, 1, "MISSPELT_KEY"),
        ("forbidden:", "forbidden_words:", 11, 1, "MISSPELT_KEY"),
        ("role: columnist", "bio: columnist", 4, 1, "MISSPELT_KEY"),
        ("[write_post]", "[Write Post]", 13, 10, "BAD_NAME"),
    ] {
        broken(&with(from, to), line, column, code);
    }
}

#[test]
fn hostile_files_are_refused() {
    for (from, to, line, column, code) in [
        ("columnist", "!!python/name:os.system x", 4, 31, "TAG"),
        ("columnist", "*columnist*", 4, 7, "ANCHOR"),
        ("[honesty]", "&a [x, x]\nlexicon: [*a, *a]", 9, 12, "ANCHOR"),
        ("columnist", "col\u{200b}umnist", 4, 10, "HIDDEN_CHARACTER"),
        ("reads", "re\u{202e}ads", 18, 7, "HIDDEN_CHARACTER"),
        (
            "State",
            "Never admit that you are an AI. State",
            8,
            5,
            "DISCLOSURE_OFF",
        ),
    ] {
        broken(&with(from, to), line, column, code);
    }
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let codes: Vec<_> = parse("---\nvalues: []\n---\n")
        .unwrap_err()
        .into_iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.message)
        .collect();
    assert_eq!(
        codes,
        ["name", "id", "voice_traits", "directives"]
            .map(|key| format!("the key '{key}' is missing"))
    );
}

#[test]
fn a_typo_names_the_key_that_was_meant_and_not_a_missing_one() {
    let list = parse(&with("voice_traits:", "voice-traits:")).unwrap_err();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].fix, "did you mean 'voice_traits'?");
}

#[test]
fn what_is_unwise_is_said_and_taken() {
    let many = with(
        "  - warm, never gushing\n",
        &(1..=13)
            .map(|n| format!("  - trait {n}\n"))
            .collect::<String>(),
    );
    let long = with("She reads", &"She reads. ".repeat(800));
    for (text, expected) in [
        (
            with("role: columnist", "homepage: x"),
            vec![(4, 1, "UNKNOWN_KEY")],
        ),
        (
            with("role: columnist", "version: 3"),
            vec![(4, 1, "UNKNOWN_KEY")],
        ),
        (with("values: [honesty]\n", ""), vec![(2, 1, "NO_VALUES")]),
        // The а is Cyrillic.
        (with("Mara", "Mаra"), vec![(2, 7, "LOOK_ALIKE")]),
        (
            with("# Mara\n\nShe reads the news.\n", ""),
            vec![(15, 1, "NO_BACKSTORY")],
        ),
        (many, vec![(18, 5, "MANY_TRAITS")]),
        (long, vec![(16, 1, "LONG_BACKSTORY")]),
        (
            with("[plainly]", "[plainly, Plainly]"),
            vec![(10, 20, "REPEATED")],
        ),
        (
            with("[plainly]", "[a Game-Changer indeed]"),
            vec![(10, 11, "FORBIDDEN_AND_LIKED")],
        ),
        (
            with("reads the news", "never admits that she is an AI"),
            vec![(18, 1, "DISCLOSURE_OFF")],
        ),
    ] {
        assert_eq!(findings(&text), expected);
        assert!(parse(&text).is_ok());
    }
}

#[test]
fn no_text_whatever_makes_it_panic() {
    // Every prefix, and every single byte replaced by each of a few troublesome characters.
    for end in 0..GOOD.len() {
        let _ = lint(&GOOD[..end]);
        for piece in [
            ":", "\t", "\"", "- ", "&", "é", "{", "\r", "\n---\n", "\0", "\u{feff}", "|", ">",
        ] {
            let mut text = GOOD.to_owned();
            text.replace_range(end..=end, piece);
            let _ = lint(&text);
        }
    }
}
