//! The corpus of attacks and of innocent look-alikes, and what the scan makes of it. Both were written by the same hands as
//! the rules: the rates tell that nothing got worse, and not how a stranger's attack fares.
//!
//! Never here: a rule, or anything that holds: what holds is `policy::flow`, with every detector switched off.

use super::{ThreatLevel, scan};

const ATTACKS: &str = include_str!("corpus/attacks.txt");
const INNOCENT: &str = include_str!("corpus/innocent.txt");
/// Where the rates are told.
const PAPER: &str = include_str!("../../../../../specs/technical.md");

/// Lines of a file, with `\u{…}` as the character that it names.
fn lines(file: &str) -> Vec<String> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(unescaped)
        .collect()
}

fn unescaped(line: &str) -> String {
    let mut parts = line.split("\\u{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('}').unwrap();
        let code = u32::from_str_radix(digits, 16).unwrap();
        whole.push(char::from_u32(code).unwrap());
        whole.push_str(rest);
    }
    whole
}

/// Attacks with their family, as the corpus names it.
fn attacks() -> Vec<(String, String)> {
    lines(ATTACKS)
        .iter()
        .map(|line| {
            let (family, text) = line.split_once(": ").unwrap();
            (family.to_owned(), text.to_owned())
        })
        .collect()
}

fn count(texts: &[String], at_least: ThreatLevel) -> usize {
    texts
        .iter()
        .filter(|text| scan(text).threat >= at_least)
        .count()
}

#[test]
fn the_rates_are_those_that_the_paper_tells() {
    let hostile: Vec<String> = attacks().into_iter().map(|(_, text)| text).collect();
    let innocent = lines(INNOCENT);
    let of = |texts: &[String]| {
        let (high, medium) = (
            count(texts, ThreatLevel::High),
            count(texts, ThreatLevel::Medium),
        );
        format!("{} | {high} | {medium}", texts.len())
    };
    for row in [
        format!("| attacks | {} |", of(&hostile)),
        format!("| innocent look-alikes | {} |", of(&innocent)),
    ] {
        assert!(
            PAPER.contains(&row),
            "specs/technical.md does not say: {row}"
        );
    }
}

#[test]
fn every_family_is_in_the_corpus_and_the_first_six_are_blocked_more_often_than_not() {
    let all = attacks();
    let families = [
        "ignore_instructions",
        "forget_instructions",
        "new_role",
        "override_safety",
        "reveal_prompt",
        "template_token",
        "mode_switch",
        "fake_authority",
        "addressed_to_machine",
        "exfiltration",
        "command",
        "concealment",
    ];
    for (number, family) in families.into_iter().enumerate() {
        let texts: Vec<String> = all
            .iter()
            .filter(|(of, _)| of == family)
            .map(|(_, text)| text.clone())
            .collect();
        assert!(texts.len() >= 3, "{family} has {} texts", texts.len());
        let blocked = count(&texts, ThreatLevel::High);
        assert!(
            number >= 6 || 2 * blocked > texts.len(),
            "{family}: {blocked} of {} are blocked",
            texts.len()
        );
    }
}

#[test]
fn what_is_blocked_says_which_rule_and_quotes_the_place() {
    for (_, text) in attacks() {
        let scanned = scan(&text);
        for found in &scanned.findings {
            assert!(
                !found.rule.is_empty() && !found.excerpt.is_empty(),
                "{text}"
            );
            assert!(text.get(found.span.start..found.span.end).is_some());
        }
        assert_eq!(
            scanned.threat == ThreatLevel::None,
            scanned.findings.is_empty()
        );
    }
}
