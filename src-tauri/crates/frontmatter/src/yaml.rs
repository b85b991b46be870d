//! YAML as a tree that remembers where everything stands, under tight budgets.
//!
//! Never here: what a key means. Anchors, aliases, merge keys and foreign tags are refused: they have
//! no use in these files and are how a small file grows into a large one.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::{
    Error, Location, Options, Spanned,
    budget::BudgetBreach,
    options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy},
};

use crate::{
    diagnostic::{At, Findings, quote},
    split::Front,
};

/// Most values in one front matter.
const MAX_NODES: usize = 10_000;
/// Deepest nesting.
const MAX_DEPTH: usize = 12;

/// A value and its place in the file.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) value: Value,
}

/// What stands there.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: At,
    pub(crate) node: Node,
}

impl Value {
    /// In words, for a message.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a true/false value",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "keys with values",
        }
    }
}

/// Reads the front matter's keys; `None` where findings say why not.
pub(crate) fn read(front: Front<'_>, findings: &mut Findings) -> Option<Vec<Entry>> {
    let offset = front.line - 1;
    let parsed: Spanned<Raw> = match serde_saphyr::from_str_with_options(front.yaml, options()) {
        Ok(parsed) => parsed,
        Err(error) => {
            report(&error, front, findings);
            return None;
        }
    };
    match parsed.node(offset).value {
        Value::Map(entries) => {
            let before = findings.has_errors();
            refuse_twins(&entries, findings);
            (before || !findings.has_errors()).then_some(entries)
        }
        Value::Null => Some(Vec::new()),
        other => {
            findings.error(
                At::line(front.line),
                "NOT_KEYS",
                format!(
                    "the front matter is {}; it must be keys with values",
                    other.kind()
                ),
                "write one 'key: value' a line, with a space after the colon",
            );
            None
        }
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_depth: MAX_DEPTH,
            max_aliases: 0,
            max_anchors: 0,
        },
        // Twins are reported by us, each with the place of the first.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

/// YAML forbids equal keys in one map, at any depth.
fn refuse_twins(entries: &[Entry], findings: &mut Findings) {
    for (index, entry) in entries.iter().enumerate() {
        if let Some(first) = entries[..index].iter().find(|other| other.key == entry.key) {
            findings.error(
                entry.at,
                "DUPLICATE_KEY",
                format!(
                    "{} is written twice; the first is on line {}",
                    quote(&entry.key),
                    first.at.line
                ),
                "keep one of them",
            );
        }
        walk(&entry.node, findings);
    }
}

fn walk(node: &Node, findings: &mut Findings) {
    match &node.value {
        Value::Map(entries) => refuse_twins(entries, findings),
        Value::List(items) => items.iter().for_each(|item| walk(item, findings)),
        _ => {}
    }
}

fn report(error: &Error, front: Front<'_>, findings: &mut Findings) {
    if report_tabs(front, findings) {
        return;
    }
    let at = error.location().map_or(At::line(front.line), |location| {
        place(location, front.line - 1)
    });
    match error.without_snippet() {
        Error::Budget {
            breach: BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. },
            ..
        }
        | Error::UnknownAnchor { .. }
        | Error::MergeKeyNotAllowed { .. } => findings.error(
            at,
            "ANCHOR",
            "anchors (&), references (*) and merges (<<) are not read here",
            "write the text out; put quotes around a value that begins with & or *",
        ),
        Error::Budget { .. } => findings.error(
            at,
            "TOO_COMPLEX",
            format!("the front matter nests deeper than {MAX_DEPTH} or holds more than {MAX_NODES} values"),
            "keep to plain keys, texts and lists",
        ),
        Error::UnsupportedTag { tag, .. } => findings.error(
            at,
            "TAG",
            format!("the YAML tag {} is not read here", quote(tag)),
            "delete it, or put quotes around a value that begins with !",
        ),
        Error::MultipleDocuments { .. } => findings.error(
            at,
            "NOT_YAML",
            "the front matter holds a second document",
            "keep one block between the two --- lines",
        ),
        other => {
            let words = words(other);
            let fix = CAUSES
                .iter()
                .find(|(sign, _)| words.contains(sign))
                .map_or(
                    "check quotes, colons and leading spaces on and above this line",
                    |(_, fix)| fix,
                );
            findings.error(at, "NOT_YAML", format!("this is not YAML: {words}"), fix);
        }
    }
}

/// What the parser's words betray about the cause, and what to do about it.
const CAUSES: [(&str, &str); 6] = [
    (
        "mapping values",
        "a value with a colon in it needs quotes: key: \"like: this\"",
    ),
    (
        "escape",
        "in double quotes a backslash is special: use single quotes, or write it twice",
    ),
    ("quoted", "close the quotes that were opened"),
    (
        "unexpected character",
        "put quotes around the value: it begins with a character that YAML keeps for itself",
    ),
    ("bracket", "close the bracket that was opened"),
    (
        "indent",
        "give all lines of one list or value the same number of leading spaces",
    ),
];

/// The parser's own words without its place, which is given apart.
fn words(error: &Error) -> String {
    let text = error.render();
    let cut = text
        .find(" at line ")
        .or_else(|| text.find(" at byte "))
        .unwrap_or(text.len());
    quote(&text[..cut])
}

/// Tabs that indent are the one cause of a failed parse that nobody can see.
fn report_tabs(front: Front<'_>, findings: &mut Findings) -> bool {
    const MAX_REPORTED: usize = 5;
    let indented = |line: &str| {
        let blank = line.len() - line.trim_start().len();
        line[..blank].find('\t').filter(|_| !line.trim().is_empty())
    };
    let tabs: Vec<(usize, usize)> = front
        .yaml
        .lines()
        .enumerate()
        .filter_map(|(index, line)| indented(line).map(|column| (index, column)))
        .take(MAX_REPORTED)
        .collect();
    for (index, column) in &tabs {
        let at = At {
            line: front
                .line
                .saturating_add(u32::try_from(*index).unwrap_or(u32::MAX)),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        };
        findings.error(
            at,
            "TAB",
            "a tab indents this line; YAML takes only spaces there",
            "replace the tab with two spaces",
        );
    }
    !tabs.is_empty()
}

fn place(location: Location, offset: u32) -> At {
    let number = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).max(1);
    At {
        line: number(location.line()).saturating_add(offset),
        column: number(location.column()),
    }
}

/// A tree as the deserialiser gives it.
enum Raw {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

trait Placed {
    fn node(self, offset: u32) -> Node;
}

impl Placed for Spanned<Raw> {
    fn node(self, offset: u32) -> Node {
        let value = match self.value {
            Raw::Null => Value::Null,
            Raw::Bool(value) => Value::Bool(value),
            Raw::Number(value) => Value::Number(value),
            Raw::Text(value) => Value::Text(value),
            Raw::List(items) => {
                Value::List(items.into_iter().map(|item| item.node(offset)).collect())
            }
            Raw::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        at: place(key.referenced, offset),
                        key: key.value,
                        node: value.node(offset),
                    })
                    .collect(),
            ),
        };
        Node {
            at: place(self.referenced, offset),
            value,
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("text, a number, a list or keys with values")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(serde_json::Number::from_f64(value)
            .map_or_else(|| Raw::Text(value.to_string()), Raw::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(yaml: &str) -> Vec<(u32, u32, &'static str, String)> {
        let mut findings = Findings::default();
        read(Front { yaml, line: 2 }, &mut findings);
        findings
            .into_list()
            .into_iter()
            .map(|d| (d.line, d.column, d.code, d.message))
            .collect()
    }

    #[test]
    fn every_key_and_item_knows_its_place_in_the_file() {
        let mut findings = Findings::default();
        let entries = read(
            Front {
                yaml: "name: Mara\nlist:\n  - é: 1.5\n  - \"two\"\n  - yes\nnone: ~\n",
                line: 2,
            },
            &mut findings,
        )
        .unwrap();
        assert_eq!(findings.into_list(), []);
        let keys: Vec<_> = entries.iter().map(|e| (e.key.as_str(), e.at)).collect();
        let at = |line, column| At { line, column };
        assert_eq!(
            keys,
            [("name", at(2, 1)), ("list", at(3, 1)), ("none", at(7, 1))]
        );
        let Value::List(items) = &entries[1].node.value else {
            panic!()
        };
        assert_eq!(
            items.iter().map(|i| i.at).collect::<Vec<_>>(),
            [at(4, 5), at(5, 5), at(6, 5)]
        );
        assert_eq!(items[2].value, Value::Text("yes".into()));
        assert_eq!(entries[2].node.value, Value::Null);
    }

    #[test]
    fn an_empty_front_matter_has_no_keys() {
        for yaml in ["", "\n", "# only a remark\n", "~\n"] {
            let mut findings = Findings::default();
            assert_eq!(
                read(Front { yaml, line: 2 }, &mut findings),
                Some(vec![]),
                "{yaml:?}"
            );
            assert_eq!(findings.into_list(), []);
        }
    }

    #[test]
    fn trouble_is_reported_where_it_is() {
        let deep = format!("a: {}1{}\n", "{b: ".repeat(20), "}".repeat(20));
        let wide = format!("a: [{}1]\n", "1, ".repeat(20_000));
        for (yaml, code, line, column) in [
            ("name: a\n\tb: c\n", "TAB", 3, 1),
            ("a: &x 1\nb: *x\n", "ANCHOR", 2, 7),
            ("a: *emphasis*\n", "ANCHOR", 2, 4),
            ("<<: {a: 1}\n", "ANCHOR", 2, 1),
            ("a: [1, 2\n", "NOT_YAML", 2, 4),
            ("a: \"open\nb: c\n", "NOT_YAML", 3, 1),
            ("role: x: y\n", "NOT_YAML", 2, 8),
            ("a: @x\n", "NOT_YAML", 2, 4),
            ("a: \"\\q\"\n", "NOT_YAML", 2, 4),
            ("? [x]\n: 1\n", "NOT_YAML", 2, 3),
            ("a: !foo 1\n", "TAG", 2, 9),
            ("a: 1\nb: 2\na: 3\n", "DUPLICATE_KEY", 4, 1),
            ("a:\n  x: 1\n  x: 2\n", "DUPLICATE_KEY", 4, 3),
            ("just text\n", "NOT_KEYS", 2, 1),
            ("name:Mara\n", "NOT_KEYS", 2, 1),
            ("- a\n", "NOT_KEYS", 2, 1),
            (&deep, "TOO_COMPLEX", 2, 48),
        ] {
            let list = found(yaml);
            let [(at_line, at_column, at_code, _)] = &list[..] else {
                panic!("{yaml:?}: {list:?}")
            };
            assert_eq!(
                (*at_code, *at_line, *at_column),
                (code, line, column),
                "{yaml:?}"
            );
        }
        assert_eq!(found(&wide)[0].2, "TOO_COMPLEX");
    }

    #[test]
    fn a_bomb_of_references_is_refused_at_its_first_anchor() {
        let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (from, to) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            let nine = vec![format!("*{from}"); 9].join(", ");
            bomb.push_str(&format!("{to}: &{to} [{nine}]\n"));
        }
        assert_eq!(found(&bomb)[0].2, "ANCHOR");
    }

    #[test]
    fn the_fix_fits_the_trouble() {
        for (yaml, fix) in [
            ("role: x: y\n", "colon"),
            ("a: \"\\q\"\n", "backslash"),
            ("a: \"open\n", "close the quotes"),
            ("a: @x\n", "quotes around"),
            ("a: [1, 2\n", "bracket"),
        ] {
            let mut findings = Findings::default();
            read(Front { yaml, line: 2 }, &mut findings);
            let list = findings.into_list();
            assert!(list[0].fix.contains(fix), "{yaml:?}: {}", list[0]);
        }
    }
}
