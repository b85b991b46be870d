//! Every statement of the store names the tenant of every row that it touches.
//!
//! Read from the source: each literal of SQL, with the parts that `concat!` and `Listed::new` put together.

use std::{collections::BTreeSet, fs, path::Path};

use regex::Regex;

/// Statements that look across tenants or need no tenant, by a part of their text, with the reason.
const EXCEPTIONS: [(&str, &str); 7] = [
    (
        "FROM model_reservations ORDER BY rowid",
        "model calls of a former process, of any tenant, are entered as lost at the next start",
    ),
    (
        "INDEXED BY tasks_delayed",
        "the runtime's own loops sleep until the next time of any tenant",
    ),
    (
        "EXISTS (SELECT 1 FROM users WHERE password_hash <> '')",
        "whether the installation has an owner is asked before there is a tenant",
    ),
    (
        "SELECT tenant_id FROM audit_logs UNION",
        "a verifier looks for logs whose workspace was taken away",
    ),
    (
        "FROM sessions WHERE token = ?1",
        "a token is 256 random bits and tells the tenant; who signs in has none yet",
    ),
    (
        "JOIN tasks n ON n.id = e.needs_id",
        "compares the tenants of both ends, so that a foreign need is refused in words",
    ),
    (
        "AND (?4 = 0 OR sensitive = 1)",
        "a macro whose three uses each begin with the tenant",
    ),
];

fn source(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && name != "tests" && name != "spans" {
            source(&path, into);
        } else if name.ends_with(".rs") {
            into.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Tables whose rows have an owner, from the migrations.
fn owned_tables(manifest: &Path) -> BTreeSet<String> {
    let create = Regex::new(r"(?s)CREATE TABLE (\w+) \((.*?)\n\) STRICT").unwrap();
    let mut tables = BTreeSet::new();
    for entry in fs::read_dir(manifest.join("migrations/sqlite")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for found in create.captures_iter(&text) {
            if found[2].contains("tenant_id") {
                tables.insert(found[1].to_owned());
            }
        }
    }
    tables
}

/// The statements of a file: literals, joined where only a macro stands between them.
fn statements(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let literal = Regex::new(r#""(?:[^"\\]|\\.|\\\n)*""#).unwrap();
    let glue = Regex::new(r"^(?:[\s,()]|\d+|uuid4!|concat!|\$\w+)*$").unwrap();
    let mut found: Vec<String> = Vec::new();
    let mut end = None;
    for part in literal.find_iter(&code) {
        let joined = end.is_some_and(|end| glue.is_match(&code[end..part.start()]));
        match found.last_mut().filter(|_| joined) {
            Some(last) => last.push_str(part.as_str()),
            None => found.push(part.as_str().to_owned()),
        }
        end = Some(part.end());
    }
    found
}

#[test]
fn every_statement_names_the_tenant_of_every_table_that_it_touches() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tables = owned_tables(manifest);
    assert!(tables.len() > 20, "{tables:?}");
    let mut files = Vec::new();
    source(&manifest.join("src/sqlite"), &mut files);
    source(&manifest.join("src/keeping"), &mut files);
    source(&manifest.join("src/board"), &mut files);
    let touched = Regex::new(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)").unwrap();
    let (mut looked_at, mut wrong) = (0, Vec::new());
    let mut used = BTreeSet::new();
    for (file, text) in &files {
        for statement in statements(text) {
            let owned = touched
                .captures_iter(&statement)
                .filter(|found| tables.contains(&found[1]))
                .count();
            if owned == 0 {
                continue;
            }
            looked_at += 1;
            let exception = EXCEPTIONS.iter().find(|(part, _)| statement.contains(part));
            if let Some((part, _)) = exception {
                used.insert(*part);
            } else if statement.matches("tenant_id").count() < owned {
                wrong.push(format!("{file}: {statement}"));
            }
        }
    }
    assert!(looked_at > 60, "only {looked_at} statements were found");
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n\n"));
    for (part, reason) in EXCEPTIONS {
        assert!(
            used.contains(part),
            "no statement has {part:?} ({reason}) any more"
        );
    }
}
