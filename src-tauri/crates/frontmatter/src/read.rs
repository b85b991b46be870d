//! Texts and lists out of the tree, within their bounds, each refusal with its place and its fix.
//!
//! Never here: which keys a file has.

use crate::{
    diagnostic::{At, Findings, quote},
    yaml::{Entry, Node, Value},
};

/// A text that was read, and where.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Line {
    pub(crate) at: At,
    pub(crate) text: String,
}

/// Bounds of a list of texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListBounds {
    /// Fewest items.
    pub(crate) min_items: usize,
    /// Most items.
    pub(crate) max_items: usize,
    /// Longest item in characters.
    pub(crate) max_item_chars: usize,
}

/// The entry's text, trimmed, of 1 to `max_chars` characters.
pub(crate) fn text(entry: &Entry, max_chars: usize, findings: &mut Findings) -> Option<Line> {
    let key = quote(&entry.key);
    match &entry.node.value {
        Value::Text(text) => bounded(entry.node.at, &key, text, max_chars, findings),
        Value::Null => {
            findings.error(
                entry.at,
                "EMPTY",
                format!("{key} has no value"),
                "write its value after the colon",
            );
            None
        }
        Value::List(_) => wrong(
            entry.node.at,
            &key,
            "one text",
            &entry.node.value,
            "write the text on the key's own line",
            findings,
        ),
        other => {
            let fix = format!("put quotes around it: {}: \"…\"", entry.key);
            wrong(entry.node.at, &key, "text", other, &fix, findings)
        }
    }
}

/// The entry's items, trimmed.
pub(crate) fn lines(
    entry: &Entry,
    bounds: ListBounds,
    findings: &mut Findings,
) -> Option<Vec<Line>> {
    let items = items(entry, bounds, findings)?;
    let what = format!("an item of {}", quote(&entry.key));
    let read: Vec<Option<Line>> = items
        .iter()
        .map(|node| item(node, &what, bounds.max_item_chars, findings))
        .collect();
    read.into_iter().collect()
}

/// The entry's list, when it has as many items as it may.
fn items<'e>(entry: &'e Entry, bounds: ListBounds, findings: &mut Findings) -> Option<&'e [Node]> {
    const FIX: &str = "write each item on its own line, beginning with '  - '";
    let key = quote(&entry.key);
    let items = match &entry.node.value {
        Value::List(items) => items.as_slice(),
        Value::Null => &[],
        other => return wrong(entry.node.at, &key, "a list", other, FIX, findings),
    };
    if items.len() < bounds.min_items {
        findings.error(entry.at, "EMPTY_LIST", format!("{key} has no items"), FIX);
        return None;
    }
    if items.len() > bounds.max_items {
        findings.error(
            entry.at,
            "TOO_MANY",
            format!(
                "{key} has {} items; at most {} are read",
                items.len(),
                bounds.max_items
            ),
            "keep those that matter most",
        );
        return None;
    }
    Some(items)
}

fn item(node: &Node, what: &str, max_chars: usize, findings: &mut Findings) -> Option<Line> {
    match &node.value {
        Value::Text(text) => bounded(node.at, what, text, max_chars, findings),
        Value::Null => {
            findings.error(
                node.at,
                "EMPTY",
                format!("{what} is empty"),
                "delete the dash or write the item",
            );
            None
        }
        Value::Map(_) => {
            let fix = "put quotes around the whole item: its colon makes it a key with a value";
            wrong(node.at, what, "text", &node.value, fix, findings)
        }
        other => wrong(
            node.at,
            what,
            "text",
            other,
            "put quotes around it",
            findings,
        ),
    }
}

fn bounded(
    at: At,
    what: &str,
    text: &str,
    max_chars: usize,
    findings: &mut Findings,
) -> Option<Line> {
    let text = text.trim();
    if text.is_empty() {
        findings.error(
            at,
            "EMPTY",
            format!("{what} is empty"),
            "write it, or delete it",
        );
        return None;
    }
    let length = text.chars().count();
    if length > max_chars {
        findings.error(
            at,
            "TOO_LONG",
            format!("{what} has {length} characters; at most {max_chars} are read"),
            "shorten it",
        );
        return None;
    }
    Some(Line {
        at,
        text: text.to_owned(),
    })
}

fn wrong<T>(
    at: At,
    what: &str,
    wanted: &str,
    got: &Value,
    fix: &str,
    findings: &mut Findings,
) -> Option<T> {
    findings.error(
        at,
        "WRONG_TYPE",
        format!("{what} must be {wanted}; it is {}", got.kind()),
        fix,
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{split::Front, yaml};

    const BOUNDS: ListBounds = ListBounds {
        min_items: 1,
        max_items: 3,
        max_item_chars: 5,
    };

    fn entry(yaml: &str) -> Entry {
        let mut findings = Findings::default();
        let entries = yaml::read(Front { yaml, line: 2 }, &mut findings).unwrap();
        entries.into_iter().next().unwrap()
    }

    #[test]
    fn texts_are_trimmed_and_bounded_and_other_kinds_named() {
        for (yaml, outcome) in [
            ("a: ' x '\n", Ok("x")),
            ("a: no\n", Ok("no")),
            ("a: 1_000_0\n", Err("WRONG_TYPE")),
            ("a:\n", Err("EMPTY")),
            ("a: '  '\n", Err("EMPTY")),
            ("a: 7\n", Err("WRONG_TYPE")),
            ("a: true\n", Err("WRONG_TYPE")),
            ("a: [x]\n", Err("WRONG_TYPE")),
            ("a: {b: c}\n", Err("WRONG_TYPE")),
            ("a: abcdef\n", Err("TOO_LONG")),
        ] {
            let mut findings = Findings::default();
            let read = text(&entry(yaml), 5, &mut findings);
            let got = match &read {
                Some(line) => Ok(line.text.as_str()),
                None => Err(findings.into_list()[0].code),
            };
            assert_eq!(got, outcome, "{yaml:?}");
        }
    }

    #[test]
    fn every_bad_item_of_a_list_is_reported() {
        let mut findings = Findings::default();
        let all = entry("a:\n  - Rule: x\n  - 3\n  -\n");
        assert_eq!(lines(&all, BOUNDS, &mut findings), None);
        let list = findings.into_list();
        let codes: Vec<_> = list.iter().map(|d| (d.line, d.code)).collect();
        assert_eq!(codes, [(3, "WRONG_TYPE"), (4, "WRONG_TYPE"), (5, "EMPTY")]);
        assert!(list[0].fix.contains("colon"));
        for (yaml, code) in [
            ("a: []\n", "EMPTY_LIST"),
            ("a:\n", "EMPTY_LIST"),
            ("a: x, y\n", "WRONG_TYPE"),
            ("a: [a, b, c, d]\n", "TOO_MANY"),
            ("a: [abcdef]\n", "TOO_LONG"),
        ] {
            let mut findings = Findings::default();
            assert_eq!(lines(&entry(yaml), BOUNDS, &mut findings), None);
            assert_eq!(findings.into_list()[0].code, code, "{yaml:?}");
        }
    }
}
