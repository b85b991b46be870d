//! Proposes a SOUL.md for a text that has no front matter, such as OpenClaw's.
//!
//! Never here: taking the proposal; a person does.

use chimera_domain::persona::Persona;

use super::{Field, disclosure, render::render};
use crate::hidden;

/// Most items that are taken from one section.
const MAX_TAKEN: usize = 12;

/// A whole SOUL.md made of `text`: its first heading as the name, the points below headings such as
/// "Boundaries", "Vibe" and "Core Truths" as directives, traits and values, and all of it as backstory.
/// Where the text says nothing, honest defaults stand in, to be replaced by the author.
#[must_use]
pub fn scaffold(text: &str) -> String {
    let short: String = text.chars().take(MAX_BODY_CHARS).collect();
    let mut text = hidden::removed(&short);
    // Taking one away can bare another, such as a joiner whose neighbour is gone.
    while hidden::removed(&text) != text {
        text = hidden::removed(&text);
    }
    let name = name(&text);
    let taken = |field: Field, headings: &[&str], default: &[&str]| -> Vec<String> {
        let mut items = points(&text, headings, field.max_chars());
        items.retain(|item| !disclosure::switched_off(item));
        if items.is_empty() {
            items = default.iter().map(|&line| line.to_owned()).collect();
        }
        items
    };
    render(&Persona {
        id: slug(&name),
        role: None,
        voice_traits: taken(
            Field::VoiceTraits,
            &["vibe", "voice", "tone", "style"],
            &["plain and direct"],
        ),
        directives: taken(
            Field::Directives,
            &["boundar", "directive", "rule", "never", "constraint"],
            &[
                "State only what a source supports, and name the source.",
                "Say plainly that you are an AI when asked.",
            ],
        ),
        values: taken(
            Field::Values,
            &["truth", "value", "belief", "principle"],
            &[],
        ),
        lexicon: Vec::new(),
        forbidden: Vec::new(),
        forbidden_topics: Vec::new(),
        skills: Vec::new(),
        backstory: text.trim().to_owned(),
        name,
    })
}

/// Room is left for the front matter.
const MAX_BODY_CHARS: usize = 40_000;

fn name(text: &str) -> String {
    let headings = text.lines().filter_map(|line| line.strip_prefix("# "));
    // "SOUL.md - Who You Are" names the file, not the agent.
    let heading = headings
        .map(plain)
        .find(|heading| !heading.is_empty() && !heading.to_lowercase().contains("soul"));
    heading
        .filter(|heading| heading.chars().count() <= Field::Name.max_chars())
        .unwrap_or_else(|| "Unnamed agent".to_owned())
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(Field::Id.max_chars());
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "agent" } else { slug }.to_owned()
}

/// The points (or, lacking any, the sentences) below the first heading that has one of `words`.
fn points(text: &str, words: &[&str], max_chars: usize) -> Vec<String> {
    let is_wanted = |line: &str| {
        let heading = line.trim_start_matches('#').to_lowercase();
        line.starts_with('#') && words.iter().any(|word| heading.contains(word))
    };
    let section: Vec<&str> = text
        .lines()
        .skip_while(|line| !is_wanted(line))
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .map(str::trim)
        .collect();
    let bullets: Vec<&str> = section
        .iter()
        .filter_map(|line| line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")))
        .collect();
    let lines = if bullets.is_empty() { section } else { bullets };
    let mut points: Vec<String> = Vec::new();
    for line in lines.into_iter().map(plain) {
        let fits = !line.is_empty() && line.chars().count() <= max_chars;
        if fits && !points.contains(&line) && points.len() < MAX_TAKEN {
            points.push(line);
        }
    }
    points
}

/// Without Markdown's emphasis.
fn plain(line: &str) -> String {
    line.replace("**", "")
        .replace("__", "")
        .replace('`', "")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soul;

    #[test]
    fn a_file_in_openclaws_manner_becomes_a_persona() {
        let text = "# SOUL.md - Who You Are\n\n_You're becoming someone._\n\n## Core Truths\n\n**Be genuinely helpful.** Skip the filler.\n\nHave opinions: you may disagree.\n\n## Boundaries\n\n- Private things stay private.\n- Never deny that you are an AI.\n- Never admit that you are an AI.\n\n## Vibe\n\nConcise when needed.\n";
        let persona = soul::parse(&scaffold(text)).unwrap().value;
        assert_eq!(
            persona,
            Persona {
                name: "Unnamed agent".into(),
                id: "unnamed-agent".into(),
                role: None,
                voice_traits: vec!["Concise when needed.".into()],
                directives: vec![
                    "Private things stay private.".into(),
                    "Never deny that you are an AI.".into()
                ],
                values: vec![
                    "Be genuinely helpful. Skip the filler.".into(),
                    "Have opinions: you may disagree.".into()
                ],
                lexicon: vec![],
                forbidden: vec![],
                forbidden_topics: vec![],
                skills: vec![],
                backstory: text.trim().into(),
            }
        );
    }

    #[test]
    fn every_text_gives_a_file_that_reads() {
        let long = format!("# {}\n{}", "x".repeat(200), "word ".repeat(100_000));
        for text in [
            "",
            "\n\n",
            "# Ünïté 7\n\nbody",
            "# ---\n",
            "a\u{200b}b\u{202e}\0",
            &long,
            "---\nname: x\n",
            "# 日本",
        ] {
            let proposal = scaffold(text);
            let read = soul::parse(&proposal);
            assert!(read.is_ok(), "{read:?}");
        }
        assert_eq!(
            soul::parse(&scaffold("# Ünïté 7")).unwrap().value.id,
            "n-t-7"
        );
    }
}
