//! Every code that the runtime can refuse with is declared in the contract.

use std::{collections::BTreeSet, fs, path::Path};

use chimera_contract::error;
use chimera_domain::{
    fault::FaultClass,
    taxonomy::{self, Place},
};

#[test]
fn the_contract_declares_every_code_of_the_runtime() {
    let mut found = BTreeSet::new();
    gather(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src")),
        &mut found,
    );
    assert!(
        found.contains("REVIEW_CLAIMED") && found.contains("MODEL_UNAVAILABLE"),
        "nothing was read: {found:?}"
    );
    let missing: Vec<&String> = found
        .iter()
        .filter(|code| chimera_contract::error::find(code).is_none())
        .collect();
    assert!(
        missing.is_empty(),
        "declare them in contract/src/error: {missing:?}"
    );
}

/// Codes stand as the argument after the kind of a `RuntimeError`, or first in `unavailable`.
fn gather(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for marker in [
            "ErrorKind::",
            "unavailable(\"",
            "RuntimeError::new(kind, \"",
        ] {
            for (place, _) in squeezed.match_indices(marker) {
                let rest = &squeezed[place..];
                let Some(code) = rest.split('"').nth(1) else {
                    continue;
                };
                let between = rest.split('"').next().unwrap_or_default();
                let is_argument = marker != "ErrorKind::"
                    || between.trim_end().ends_with(',') && between.len() < 40;
                let shape = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
                if is_argument && code.len() > 3 && code.bytes().all(shape) {
                    found.insert(code.to_owned());
                }
            }
        }
    }
}

/// Codes of the product that people can look up.
fn declared() -> BTreeSet<&'static str> {
    let answers = error::all().map(|entry| entry.code);
    answers
        .chain(error::fault::all().map(|entry| entry.code))
        .collect()
}

#[test]
fn every_declared_code_has_one_class_and_every_classed_code_is_declared() {
    let classed: BTreeSet<&str> = taxonomy::all().map(|(code, _)| code).collect();
    assert_eq!(classed, declared());
}

#[test]
fn what_is_said_about_trying_again_agrees_with_the_class() {
    use error::fault::Again;
    for entry in error::fault::all() {
        let place = taxonomy::place(entry.code).unwrap();
        let expected: &[Again] = match place {
            // An action that broke off is asked for again only by its key.
            Place::Fixed(FaultClass::Transient) => &[Again::Yes, Again::Sometimes],
            Place::Fixed(FaultClass::Waits) => &[Again::Waits],
            Place::Fixed(_) => &[Again::No],
            Place::OfCause => &[Again::Sometimes, Again::No],
        };
        assert!(expected.contains(&entry.again), "{}: {place:?}", entry.code);
    }
    for entry in error::all().filter(|entry| entry.status < 500) {
        let place = taxonomy::place(entry.code).unwrap();
        let passes = place == Place::Fixed(FaultClass::Transient);
        // Who read an outdated version reads again; the same request would be refused again.
        assert!(
            passes == entry.retryable || entry.code == "VERSION_CONFLICT",
            "{}: {place:?}",
            entry.code
        );
    }
}
