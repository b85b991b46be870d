//! Exports: one file that stands alone, and what is found when somebody changes it.

use std::path::PathBuf;

use chimera_domain::time::Timestamp;

use super::{
    attacks::{kinds, trusting},
    memory::Memory,
    record, sealed, tenant,
};
use crate::{Exported, Finding, Standing, Trust, export_to, verify_bundle};

/// A log exported into a folder of its own.
async fn exported(store: &Memory) -> (tempfile::TempDir, PathBuf, Exported) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    let exported = export_to(store, tenant(), Timestamp::from_seconds(9), &path)
        .await
        .unwrap();
    (folder, path, exported)
}

#[tokio::test]
async fn an_export_stands_alone_and_is_never_written_over_another() {
    let store = sealed(11, 2).await;
    let (_folder, path, exported) = exported(&store).await;
    let expected = Exported {
        links: 10,
        missing: 0,
        checkpoints: 5,
    };
    assert_eq!(exported, expected);
    let report = verify_bundle(&path, &trusting(&store, true)).unwrap();
    assert_eq!((report.standing, report.sealed), (Standing::Anchored, 10));
    assert!(!report.completeness.compared && report.key_trusted);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.lines().next().unwrap().contains("RFC 8785"));
    let again = export_to(&store, tenant(), Timestamp::default(), &path).await;
    assert!(again.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn whatever_is_changed_in_an_export_is_found() {
    let store = sealed(10, 2).await;
    let (_folder, path, _) = exported(&store).await;
    let trust = trusting(&store, false);
    let whole = std::fs::read_to_string(&path).unwrap();
    let found = |text: String| {
        std::fs::write(&path, text).unwrap();
        kinds(&verify_bundle(&path, &trust).unwrap())
    };
    let lines: Vec<&str> = whole.lines().collect();
    let with = |change: &dyn Fn(&mut Vec<&str>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        lines.join("\n") + "\n"
    };
    assert_eq!(found(whole.clone()), Vec::<String>::new());
    let edited = whole.replacen("review.approve", "review.reject", 1);
    assert_eq!(found(edited), ["edited"]);
    let no_text = whole.replacen("\"text\":\"{", "\"text\":null,\"was\":\"{", 1);
    assert!(verify(&path, &no_text).is_err());
    // Line 0 is the head, then two links and their checkpoint by turns.
    let without = |at: usize| {
        with(&|lines| {
            lines.remove(at);
        })
    };
    let gone = found(without(4));
    assert!(gone.contains(&"links_missing".to_owned()), "{gone:?}");
    let gone = found(without(6));
    assert!(gone.contains(&"checkpoints_missing".to_owned()), "{gone:?}");
    let swapped = found(with(&|lines| lines.swap(4, 5)));
    assert!(!swapped.is_empty());
    // Cut off, between two lines and in the middle of one.
    assert_eq!(found(with(&|lines| lines.truncate(7))), ["cut_off"]);
    let middle = whole[..whole.len() / 2].to_owned();
    assert!(found(middle).contains(&"cut_off".to_owned()));
}

fn verify(path: &std::path::Path, text: &str) -> Result<crate::Report, crate::AuditError> {
    std::fs::write(path, text).unwrap();
    verify_bundle(path, &Trust::default())
}

#[tokio::test]
async fn what_is_wrong_with_the_log_stays_to_be_found_in_its_export() {
    let store = sealed(10, 2).await;
    let trust = trusting(&store, false);
    {
        let mut log = store.log();
        log.records[1].stored.record.action = "review.reject".to_owned();
        log.records.remove(3);
        log.links.truncate(8);
    }
    let (_folder, path, exported) = exported(&store).await;
    assert_eq!((exported.links, exported.missing), (8, 1));
    let report = verify_bundle(&path, &trust).unwrap();
    let expected = [
        Finding::Edited {
            number: 2,
            record: record(2).id,
        },
        Finding::Deleted {
            number: 4,
            record: record(4).id,
        },
        Finding::Truncated {
            sealed: 10,
            found: 8,
        },
    ];
    assert_eq!(report.findings, expected);
}

#[tokio::test]
async fn a_file_of_something_else_is_no_export() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other");
    for text in [
        "",
        "no JSON\n",
        "{\"end\":{\"links\":0,\"checkpoints\":0}}\n",
    ] {
        let said = verify(&path, text).unwrap_err().to_string();
        assert!(said.contains("line 1"), "{said}");
    }
}
