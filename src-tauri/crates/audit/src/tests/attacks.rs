//! What somebody who can write the database could try, and what the verifier says to it.

use chimera_canon::{Digest, SigningKey};
use chimera_domain::{id::TenantId, time::Timestamp};
use chimera_ports::store::Unrecorded;
use proptest::prelude::*;

use super::{
    KEY,
    memory::{Log, Memory},
    record, sealed, signing, tenant,
};
use crate::{Anchors, AuditError, Finding, MAX_FINDINGS, Report, Sealer, Standing, Trust};

/// A check of the whole log of the tests' tenant.
async fn verify(store: &Memory, tenant: TenantId, trust: &Trust) -> Result<Report, AuditError> {
    crate::verify(store, tenant, trust, &|_| {}).await
}

pub(super) fn trusting(store: &Memory, anchored: bool) -> Trust {
    let mut anchors = Anchors::default();
    if anchored {
        store
            .log()
            .checkpoints
            .iter()
            .for_each(|checkpoint| anchors.add(checkpoint));
    }
    Trust {
        keys: vec![SigningKey::from_seed(&KEY).verifying_key()],
        anchors,
    }
}

/// Seals everything anew, with `key`, as if it had always been so.
async fn write_anew(store: &Memory, key: Option<SigningKey>) {
    {
        let mut log = store.log();
        log.links.clear();
        log.checkpoints.clear();
    }
    while Sealer::new(key.clone())
        .round(store, tenant(), Timestamp::from_seconds(1))
        .await
        .unwrap()
        .is_some()
    {}
}

/// Ten records sealed by twos, altered, and verified with a trusted key and no anchor.
async fn after(alter: impl FnOnce(&mut Log)) -> Report {
    let store = sealed(10, 2).await;
    let trust = trusting(&store, false);
    alter(&mut store.log());
    verify(&store, tenant(), &trust).await.unwrap()
}

pub(super) fn kinds(report: &Report) -> Vec<String> {
    let kind = |finding: &Finding| {
        serde_json::to_value(finding).unwrap()["kind"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    report.findings.iter().map(kind).collect()
}

#[tokio::test]
async fn an_untouched_log_is_unanchored_until_something_kept_elsewhere_agrees() {
    let store = sealed(11, 2).await;
    let alone = verify(&store, tenant(), &trusting(&store, false))
        .await
        .unwrap();
    assert_eq!(alone.standing, Standing::Unanchored);
    assert!(alone.intact && alone.completeness.complete && alone.key_trusted);
    assert_eq!(
        (alone.sealed, alone.checkpoints, alone.completeness.unsealed),
        (10, 5, 1)
    );
    let kept = verify(&store, tenant(), &trusting(&store, true))
        .await
        .unwrap();
    assert_eq!(
        (kept.standing, kept.anchored_to),
        (Standing::Anchored, Some(10))
    );
}

#[tokio::test]
async fn an_empty_log_is_whole() {
    let report = verify(&Memory::default(), tenant(), &Trust::default())
        .await
        .unwrap();
    assert_eq!(
        (report.standing, report.findings_total),
        (Standing::Unanchored, 0)
    );
}

#[tokio::test]
async fn an_edited_record_is_named() {
    let report =
        after(|log| log.records[4].stored.record.action = "review.reject".to_owned()).await;
    let record = record(5).id;
    assert_eq!(report.findings, [Finding::Edited { number: 5, record }]);
    assert!(!report.intact && report.completeness.complete);
    assert_eq!(report.standing, Standing::Broken);
}

#[tokio::test]
async fn a_deleted_record_is_named_and_is_another_thing_than_an_altered_one() {
    let report = after(|log| drop(log.records.remove(4))).await;
    let record = record(5).id;
    assert_eq!(report.findings, [Finding::Deleted { number: 5, record }]);
    assert!(report.intact && !report.completeness.complete);
}

#[tokio::test]
async fn what_took_the_place_of_a_deleted_record_is_named_too() {
    // SQLite gives the place of the last row anew when it is deleted.
    let report = after(|log| {
        let mut other = log.records[4].clone();
        other.stored.record.id = record(99).id;
        log.records[4] = other;
    })
    .await;
    let (old, new) = (record(5).id, record(99).id);
    let expected = [
        Finding::Deleted {
            number: 5,
            record: old,
        },
        Finding::Inserted { record: new },
    ];
    assert_eq!(report.findings, expected);
}

#[tokio::test]
async fn what_was_sealed_long_after_it_was_written_is_counted() {
    let store = Memory::default();
    for number in 1..=3 {
        store.write(record(number));
    }
    let late = Timestamp::from_seconds(3_600);
    signing().round(&store, tenant(), late).await.unwrap();
    let mut fresh = record(4);
    fresh.at = late;
    store.write(fresh);
    signing().round(&store, tenant(), late).await.unwrap();
    let report = verify(&store, tenant(), &trusting(&store, false))
        .await
        .unwrap();
    assert_eq!((report.sealed, report.sealed_late), (4, 3));
    assert_eq!(report.began_at, Some(late));
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn records_that_changed_places_are_named() {
    let swapped = |log: &mut Log| {
        let seq = log.records[4].seq;
        log.records[4].seq = log.records[6].seq;
        log.records[6].seq = seq;
    };
    assert_eq!(kinds(&after(swapped).await), ["reordered", "reordered"]);
    // The same with the links' own idea of the places changed along.
    let along = after(|log| {
        swapped(log);
        let seq = log.links[4].seq;
        log.links[4].seq = log.links[6].seq;
        log.links[6].seq = seq;
    })
    .await;
    assert_eq!(kinds(&along), ["reordered", "reordered"]);
}

#[tokio::test]
async fn a_record_put_between_others_is_named() {
    let report = after(|log| {
        let mut stray = log.records[3].clone();
        stray.seq += 1;
        stray.stored.record.id = record(99).id;
        log.records.push(stray);
    })
    .await;
    assert_eq!(
        report.findings,
        [Finding::Inserted {
            record: record(99).id
        }]
    );
}

#[tokio::test]
async fn links_and_checkpoints_that_are_gone_are_counted() {
    let links = after(|log| drop(log.links.drain(3..5))).await;
    assert!(
        kinds(&links).contains(&"links_missing".to_owned()),
        "{links:?}"
    );
    let checkpoints = after(|log| {
        log.checkpoints.remove(2);
    })
    .await;
    assert_eq!(
        checkpoints.findings,
        [Finding::CheckpointsMissing { from: 3, to: 3 }]
    );
    let last = after(|log| {
        log.checkpoints.pop();
    })
    .await;
    assert_eq!(kinds(&last), ["checkpoints_missing"]);
}

#[tokio::test]
async fn an_end_that_was_cut_off_shows_as_long_as_a_checkpoint_tells_of_it() {
    let cut = |log: &mut Log| {
        log.records.truncate(6);
        log.links.truncate(6);
    };
    let report = after(cut).await;
    assert_eq!(
        report.findings,
        [Finding::Truncated {
            sealed: 10,
            found: 6
        }]
    );
    // With its checkpoints gone too, only one that was kept elsewhere tells.
    let store = sealed(10, 2).await;
    let (alone, anchored) = (trusting(&store, false), trusting(&store, true));
    cut(&mut store.log());
    store.log().checkpoints.truncate(3);
    let unseen = verify(&store, tenant(), &alone).await.unwrap();
    assert_eq!(unseen.standing, Standing::Unanchored);
    let seen = verify(&store, tenant(), &anchored).await.unwrap();
    assert_eq!(
        seen.findings,
        [Finding::Truncated {
            sealed: 10,
            found: 6
        }]
    );
}

#[tokio::test]
async fn a_link_written_anew_does_not_fit_its_checkpoint() {
    let report = after(|log| {
        log.links[5].link = Digest::plain(b"anew");
    })
    .await;
    assert_eq!(
        kinds(&report),
        ["link_broken", "checkpoint_broken", "link_broken"]
    );
}

#[tokio::test]
async fn a_log_written_anew_without_the_key_is_found_by_its_signatures() {
    let store = sealed(10, 2).await;
    let trust = trusting(&store, false);
    store.log().records[4].stored.record.action = "review.reject".to_owned();
    write_anew(&store, Some(SigningKey::from_seed(&[8; 32]))).await;
    assert_eq!(
        kinds(&verify(&store, tenant(), &trust).await.unwrap()),
        ["key_unknown"]
    );
    write_anew(&store, None).await;
    assert_eq!(
        kinds(&verify(&store, tenant(), &trust).await.unwrap()),
        ["unsigned"]
    );
    // A strange signature under the right name.
    write_anew(&store, Some(SigningKey::from_seed(&[8; 32]))).await;
    if let Some(signed) = &mut store.log().checkpoints[0].signed {
        signed.key = trust.keys[0];
    }
    assert_eq!(
        kinds(&verify(&store, tenant(), &trust).await.unwrap()),
        ["signature_broken"]
    );
}

#[tokio::test]
async fn a_log_written_anew_with_the_key_is_found_by_an_anchor_alone() {
    let store = sealed(10, 2).await;
    let (alone, anchored) = (trusting(&store, false), trusting(&store, true));
    store.log().records[4].stored.record.action = "review.reject".to_owned();
    write_anew(&store, Some(SigningKey::from_seed(&KEY))).await;
    let unseen = verify(&store, tenant(), &alone).await.unwrap();
    assert_eq!(unseen.standing, Standing::Unanchored);
    let seen = verify(&store, tenant(), &anchored).await.unwrap();
    assert_eq!(seen.standing, Standing::Broken);
    assert_eq!(
        seen.findings,
        [6, 8, 10].map(|number| Finding::Rechained { number })
    );
}

#[tokio::test]
async fn a_signature_that_was_left_out_later_is_found() {
    let store = sealed(4, 2).await;
    store.write(record(5));
    Sealer::new(None)
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap();
    let report = verify(&store, tenant(), &trusting(&store, false))
        .await
        .unwrap();
    assert_eq!(report.findings, [Finding::Unsigned { number: 3 }]);
}

#[tokio::test]
async fn a_key_that_came_later_covers_what_was_sealed_before_it() {
    let store = Memory::default();
    store.write(record(1));
    Sealer::new(None)
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap();
    store.write(record(2));
    signing()
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap();
    let report = verify(&store, tenant(), &trusting(&store, false))
        .await
        .unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn what_happened_without_a_record_is_told_apart() {
    let report = after(|log| {
        for number in 0..150 {
            log.unrecorded.push(Unrecorded {
                kind: "publication".to_owned(),
                id: number.to_string(),
            });
        }
    })
    .await;
    assert!(report.intact && !report.completeness.complete);
    assert_eq!(
        (report.findings_total, report.findings.len()),
        (150, MAX_FINDINGS)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever one thing is changed, anywhere, the log is broken.
    #[test]
    fn no_single_change_passes(at in 0_usize..12, what in 0_u8..10, each in 1_u64..5) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let report = runtime.block_on(async {
            let store = sealed(12, each).await;
            signing().round(&store, tenant(), Timestamp::default()).await.unwrap();
            let trust = trusting(&store, true);
            {
                let mut log = store.log();
                let checkpoint = at % log.checkpoints.len();
                match what {
                    0 => log.records[at].stored.output = at.to_string(),
                    1 => log.records[at].stored.record.at = Timestamp::from_micros(0),
                    2 => drop(log.records.remove(at)),
                    3 => log.links[at].digest = Digest::plain(b"x"),
                    4 => log.links[at].link = Digest::plain(b"x"),
                    5 => log.links[at].record = record(99).id,
                    6 => drop(log.links.remove(at)),
                    7 => log.checkpoints[checkpoint].head = Digest::plain(b"x"),
                    8 => log.checkpoints[checkpoint].signed = None,
                    _ => drop(log.checkpoints.remove(checkpoint)),
                }
            }
            verify(&store, tenant(), &trust).await.unwrap()
        });
        prop_assert_eq!(report.standing, Standing::Broken);
    }
}
