//! A log that was cut by rule is whole from its new beginning on, says so, and cannot be cut by anybody else.

use chimera_canon::SigningKey;
use chimera_domain::time::Timestamp;

use super::{
    KEY,
    attacks::{kinds, trusting},
    memory::{Log, Memory},
    record, sealed, signing, stored, tenant,
};
use crate::{CutOutcome, CutRule, Report, Sealer, Standing, Trust, cut};

/// Everything up to the record of this number may go.
fn up_to(number: u64) -> CutRule {
    CutRule {
        before: record(number + 1).at,
        money_before: None,
        words: "audit 365 days, money 2557 days".to_owned(),
    }
}

async fn cut_once(store: &Memory, rule: &CutRule) -> CutOutcome {
    let now = Timestamp::from_seconds(9);
    cut((store, &signing()), tenant(), rule, now, &|_, _| Vec::new())
        .await
        .unwrap()
}

async fn cut_all(store: &Memory, rule: &CutRule) -> u64 {
    let mut gone = 0;
    while let CutOutcome::Taken { records } = cut_once(store, rule).await {
        gone += records;
    }
    gone
}

async fn check(store: &Memory, trust: &Trust) -> Report {
    crate::verify(store, tenant(), trust, &|_| {})
        .await
        .unwrap()
}

/// Ten records sealed by twos, of which the fourth is about money and the first is needed by open work.
async fn log() -> Memory {
    let store = sealed(0, 1).await;
    for number in 1..=10 {
        let mut one = record(number);
        if number == 4 {
            one.action = "prices.save".to_owned();
        }
        store.write(one);
        if number % 2 == 0 {
            signing()
                .round(&store, tenant(), Timestamp::from_seconds(1))
                .await
                .unwrap()
                .unwrap();
        }
    }
    let first = store.log().records[0].seq;
    store.log().needed = vec![first];
    store
}

#[tokio::test]
async fn what_the_rule_lets_go_goes_by_whole_checkpoints_and_the_rest_is_whole() {
    let store = log().await;
    let kept_elsewhere = trusting(&store, true);
    // The seventh is old enough and shares its checkpoint with the eighth, which is not.
    assert_eq!(cut_all(&store, &up_to(7)).await, 4);
    let numbers: Vec<u64> = store.log().links.iter().map(|link| link.number).collect();
    assert_eq!(numbers, [7, 8, 9, 10]);
    assert_eq!(store.log().records.len(), 6, "two stay");
    let alone = check(&store, &trusting(&store, false)).await;
    assert_eq!(
        (alone.standing, alone.findings_total),
        (Standing::Unanchored, 0),
        "{:?}",
        alone.findings
    );
    let pruned = alone.pruned.unwrap();
    assert_eq!((pruned.records, pruned.up_to, pruned.kept), (4, 6, 2));
    assert_eq!(pruned.until, record(6).at);
    assert_eq!(pruned.rule, up_to(7).words);
    assert_eq!(alone.sealed, 10);
    // What was kept elsewhere before the cut agrees with what is left.
    let anchored = check(&store, &kept_elsewhere).await;
    assert_eq!(
        (anchored.standing, anchored.anchored_to),
        (Standing::Anchored, Some(10))
    );
    // And the log is carried on.
    store.write(record(11));
    signing()
        .round(&store, tenant(), Timestamp::from_seconds(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(check(&store, &kept_elsewhere).await.findings_total, 0);
}

#[tokio::test]
async fn the_newest_checkpoint_stays_however_old() {
    let store = log().await;
    assert_eq!(cut_all(&store, &up_to(100)).await, 6);
    let numbers: Vec<u64> = store.log().links.iter().map(|link| link.number).collect();
    assert_eq!(numbers, [9, 10]);
    assert_eq!(cut_once(&store, &up_to(100)).await, CutOutcome::NothingDue);
}

#[tokio::test]
async fn what_was_left_goes_when_nobody_needs_it_any_more() {
    let store = log().await;
    cut_all(&store, &up_to(6)).await;
    store.log().needed.clear();
    assert_eq!(
        cut_once(&store, &up_to(6)).await,
        CutOutcome::Taken { records: 1 }
    );
    let report = check(&store, &trusting(&store, false)).await;
    assert_eq!(report.findings_total, 0, "{:?}", report.findings);
    assert_eq!(report.pruned.unwrap().kept, 1, "what is about money stays");
    let money_too = CutRule {
        money_before: Some(record(5).at),
        ..up_to(6)
    };
    assert_eq!(cut_all(&store, &money_too).await, 1);
    assert_eq!(store.log().kept, []);
    assert_eq!(
        check(&store, &trusting(&store, false)).await.findings_total,
        0
    );
}

#[tokio::test]
async fn an_unsigned_log_is_not_cut() {
    let store = log().await;
    let unsigned = Sealer::new(None);
    let rule = up_to(10);
    let now = Timestamp::from_seconds(9);
    let outcome = cut((&store, &unsigned), tenant(), &rule, now, &|_, _| {
        Vec::new()
    })
    .await;
    assert_eq!(outcome.unwrap(), CutOutcome::Unsigned);
    assert_eq!(store.log().links.len(), 10);
}

#[tokio::test]
async fn evidence_is_not_taken_out() {
    let edits: [fn(&mut Log); 4] = [
        |log| log.records[0].stored.record.action = "review.reject".to_owned(),
        |log| drop(log.records.remove(1)),
        |log| log.links[1].link = chimera_canon::Digest::plain(b"x"),
        |log| log.checkpoints[0].signed.as_mut().unwrap().key = other().verifying_key(),
    ];
    for edit in edits {
        let store = log().await;
        edit(&mut store.log());
        assert_eq!(cut_once(&store, &up_to(8)).await, CutOutcome::Altered);
        assert_eq!(store.log().beginning, None);
        let report = check(&store, &trusting(&store, false)).await;
        assert_eq!(report.standing, Standing::Broken);
    }
}

fn other() -> SigningKey {
    SigningKey::from_seed(&[8; 32])
}

/// A log that was cut up to the sixth record, then altered, then checked.
async fn after(alter: impl FnOnce(&mut Log)) -> Report {
    let store = log().await;
    cut_all(&store, &up_to(6)).await;
    let trust = trusting(&store, false);
    alter(&mut store.log());
    check(&store, &trust).await
}

#[tokio::test]
async fn nobody_without_the_key_moves_the_beginning_or_what_it_keeps() {
    // More was taken out than the beginning says.
    let report = after(|log| {
        log.links.drain(..2);
        log.records
            .retain(|record| record.seq != 70 && record.seq != 80);
        log.checkpoints.remove(0);
    })
    .await;
    assert_eq!(kinds(&report), ["links_missing", "checkpoints_missing"]);
    // The same with a beginning that was made to fit.
    let report = after(|log| {
        let head = log.links[1].clone();
        log.links.drain(..2);
        log.records
            .retain(|record| record.seq != 70 && record.seq != 80);
        let gone = log.checkpoints.remove(0);
        let beginning = log.beginning.as_mut().unwrap();
        beginning.last = head.number;
        beginning.head = head.link;
        beginning.checkpoint = gone.number;
        beginning.covered = crate::checkpoint::digest(&gone).unwrap();
    })
    .await;
    assert_eq!(kinds(&report), ["beginning_broken"]);
    // The beginning is gone.
    let report = after(|log| log.beginning = None).await;
    assert!(kinds(&report).contains(&"links_missing".to_owned()));
    // A kept record goes, with its link or without.
    let report = after(|log| drop(log.records.remove(0))).await;
    assert_eq!(kinds(&report), ["deleted"]);
    let report = after(|log| {
        log.records.remove(0);
        log.kept.remove(0);
    })
    .await;
    assert_eq!(kinds(&report), ["beginning_broken"]);
    // One is edited.
    let report = after(|log| log.records[1].stored = stored(record(77))).await;
    assert_eq!(report.standing, Standing::Broken);
    // Another key than the trusted one.
    let report = after(|log| {
        let beginning = log.beginning.as_mut().unwrap();
        beginning.signed.key = other().verifying_key();
        let digest = crate::beginning::digest(beginning).unwrap();
        beginning.signed.signature = other().sign(&digest);
    })
    .await;
    assert_eq!(kinds(&report), ["beginning_broken", "key_unknown"]);
    let own = SigningKey::from_seed(&KEY).verifying_key();
    assert_ne!(own, other().verifying_key());
}

#[tokio::test]
async fn a_log_that_was_written_anew_behind_its_beginning_is_found_by_an_anchor() {
    let store = log().await;
    let trust = trusting(&store, true);
    cut_all(&store, &up_to(6)).await;
    {
        let mut log = store.log();
        log.links.clear();
        log.checkpoints.clear();
        log.beginning = None;
        log.kept.clear();
    }
    while signing()
        .round(&store, tenant(), Timestamp::from_seconds(1))
        .await
        .unwrap()
        .is_some()
    {}
    let report = check(&store, &trust).await;
    assert_eq!(report.standing, Standing::Broken);
}

#[tokio::test]
async fn an_export_begins_where_the_log_begins_and_proves_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("audit.jsonl");
    let store = log().await;
    cut_all(&store, &up_to(6)).await;
    let at = Timestamp::from_seconds(1);
    let exported = crate::export_to(&store, tenant(), at, &file).await.unwrap();
    assert_eq!((exported.links, exported.checkpoints), (4, 2));
    let trust = trusting(&store, false);
    let report = crate::verify_bundle(&file, &trust).unwrap();
    assert_eq!(report.findings_total, 0, "{:?}", report.findings);
    assert_eq!(report.pruned.unwrap().records, 4);
    // A kept record that is left out is missed.
    let text = std::fs::read_to_string(&file).unwrap();
    let without: String = text
        .lines()
        .filter(|line| !line.contains("prices.save"))
        .map(|line| format!("{line}\n"))
        .collect();
    let less = folder.path().join("less.jsonl");
    std::fs::write(&less, without).unwrap();
    let report = crate::verify_bundle(&less, &trust).unwrap();
    assert_eq!(kinds(&report), ["beginning_broken"]);
}
