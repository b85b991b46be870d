//! The sealer: in order, once, in bounded rounds, and against another one.

use chimera_domain::{audit::Checkpoint, time::Timestamp};

use super::{memory::Memory, record, sealed, signing, tenant};
use crate::{AuditError, MAX_SEALED_AT_ONCE, sealer::links};

#[tokio::test]
async fn what_waits_is_sealed_once() {
    let store = sealed(5, 2).await;
    let now = Timestamp::from_seconds(9);
    let sealed = signing()
        .round(&store, tenant(), now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            sealed.checkpoint.number,
            sealed.checkpoint.last,
            sealed.more
        ),
        (3, 5, false)
    );
    assert_eq!(signing().round(&store, tenant(), now).await.unwrap(), None);
}

#[tokio::test]
async fn a_long_tail_is_sealed_in_bounded_rounds() {
    let store = Memory::default();
    for number in 1..=u64::from(MAX_SEALED_AT_ONCE) + 1 {
        store.write(record(number));
    }
    let first = signing()
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap()
        .unwrap();
    assert!(first.more);
    assert_eq!(first.checkpoint.last, u64::from(MAX_SEALED_AT_ONCE));
    let second = signing()
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap()
        .unwrap();
    assert!(!second.more);
}

#[tokio::test]
async fn the_second_of_two_sealers_begins_again() {
    let store = sealed(2, 2).await;
    store.write(record(3));
    store.let_another_in(|store| {
        let links = links(tenant(), store.head().as_ref(), &store.waiting()).unwrap();
        let head = store.head().unwrap();
        let checkpoint = Checkpoint {
            number: 2,
            last: 3,
            head: links[0].link,
            previous: crate::checkpoint::digest(&head.checkpoint).unwrap(),
            ..head.checkpoint
        };
        store.put(links, checkpoint);
    });
    let lost = signing()
        .round(&store, tenant(), Timestamp::default())
        .await
        .unwrap_err();
    assert!(matches!(lost, AuditError::Store(error) if error.is_conflict()));
    assert_eq!(
        signing()
            .round(&store, tenant(), Timestamp::default())
            .await
            .unwrap(),
        None
    );
}
