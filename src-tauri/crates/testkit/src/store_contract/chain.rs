//! The chain over the audit log: what waits, what is sealed, and who was first.

use std::collections::HashMap;

use chimera_domain::{
    audit::{AuditLink, Checkpoint},
    change::Change,
    digest::Digest,
    id::AuditId,
};
use chimera_ports::store::{Found, NumberedRecord, Store};

use super::Bed;
use crate::World;

/// Links over these records, carrying on after link `after`. What they say is no concern of the store.
fn links(bed: &Bed, after: u64, records: &[NumberedRecord]) -> Vec<AuditLink> {
    let link = |(number, record): (u64, &NumberedRecord)| AuditLink {
        tenant: bed.campaign.tenant,
        number,
        seq: record.seq,
        record: record.stored.record.id,
        digest: Digest::plain(&number.to_be_bytes()),
        link: Digest::plain(&(number + 1_000).to_be_bytes()),
    };
    (after + 1..).zip(records).map(link).collect()
}

fn checkpoint(bed: &Bed, number: u64, links: &[AuditLink]) -> Checkpoint {
    let last = links.last().unwrap();
    Checkpoint {
        tenant: bed.campaign.tenant,
        number,
        last: last.number,
        head: last.link,
        previous: Digest::plain(b"before"),
        sealed_at: bed.world.now(),
        signed: None,
    }
}

async fn write<S: Store>(store: &S, bed: &Bed, count: usize) {
    let record = |_| Change::Audit(bed.world.audit("review.approve"));
    let notes = (0..count).map(record).collect();
    store.append(bed.campaign.tenant, notes).await.unwrap();
}

/// What was written is handed out in its order, until it is sealed.
pub async fn records_wait_in_order_until_they_are_sealed<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    write(store, &bed, 5).await;
    let waiting = store.unsealed(tenant, 100).await.unwrap();
    assert!(waiting.len() >= 5);
    assert!(waiting.is_sorted_by(|one, other| one.seq < other.seq));
    assert_eq!(
        store.unsealed_count(tenant).await.unwrap(),
        waiting.len() as u64
    );
    assert_eq!(store.chain_head(tenant).await.unwrap(), None);
    assert_eq!(store.last_checkpoint(tenant).await.unwrap(), None);

    let sealed = links(&bed, 0, &waiting[..3]);
    let first = checkpoint(&bed, 1, &sealed);
    store.seal(sealed.clone(), first.clone()).await.unwrap();
    assert_eq!(store.unsealed(tenant, 100).await.unwrap(), waiting[3..]);
    let head = store.chain_head(tenant).await.unwrap().unwrap();
    assert_eq!((&head.link, &head.checkpoint), (&sealed[2], &first));

    let rows = store.chain(tenant, 1, 100).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.link.clone()).collect();
    assert_eq!(found, sealed[1..]);
    for (row, record) in rows.iter().zip(&waiting[1..]) {
        assert_eq!(row.found, Found::Record(Box::new(record.stored.clone())));
    }
    assert_eq!(rows[0].checkpoint, None);
    assert_eq!(rows[1].checkpoint, Some(first));
    let (known, unknown) = (
        waiting[0].stored.record.id,
        AuditId::from_uuid(bed.world.uuid()),
    );
    let by_key = store
        .audit_records(tenant, &[known, unknown])
        .await
        .unwrap();
    let found = Found::Record(Box::new(waiting[0].stored.clone()));
    assert_eq!(by_key, HashMap::from([(known, found)]));
    assert_eq!(store.unlinked(tenant, 9).await.unwrap().total, 0);
}

/// Of two sealers one is first; the other one's links are not stored, in part either.
pub async fn of_two_sealers_one_is_first<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    write(store, &bed, 4).await;
    let waiting = store.unsealed(tenant, 100).await.unwrap();
    let mine = links(&bed, 0, &waiting[..2]);
    let yours = links(&bed, 0, &waiting);
    store
        .seal(mine.clone(), checkpoint(&bed, 1, &mine))
        .await
        .unwrap();
    let lost = store.seal(yours.clone(), checkpoint(&bed, 1, &yours)).await;
    assert!(lost.unwrap_err().is_conflict());
    // Neither a gap between links, nor between checkpoints.
    let ahead = links(&bed, 3, &waiting[2..]);
    let gap = store.seal(ahead.clone(), checkpoint(&bed, 2, &ahead)).await;
    assert!(gap.unwrap_err().is_conflict());
    let next = links(&bed, 2, &waiting[2..]);
    let gap = store.seal(next.clone(), checkpoint(&bed, 3, &next)).await;
    assert!(gap.unwrap_err().is_conflict());
    assert_eq!(store.chain(tenant, 0, 100).await.unwrap().len(), 2);
    store
        .seal(next.clone(), checkpoint(&bed, 2, &next))
        .await
        .unwrap();
    assert_eq!(store.unsealed_count(tenant).await.unwrap(), 0);
}

/// Each tenant has a chain of its own, from 1 on, and sees no other.
pub async fn each_tenant_has_its_own_chain<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    for bed in [&bed, &other] {
        write(store, bed, 2).await;
        let waiting = store.unsealed(bed.campaign.tenant, 100).await.unwrap();
        let sealed = links(bed, 0, &waiting);
        store
            .seal(sealed.clone(), checkpoint(bed, 1, &sealed))
            .await
            .unwrap();
    }
    let tenant = bed.campaign.tenant;
    let foreign = store.unsealed(other.campaign.tenant, 9).await.unwrap();
    assert!(foreign.is_empty());
    let rows = store.chain(tenant, 0, 100).await.unwrap();
    assert!(rows.iter().all(|row| row.link.tenant == tenant));
    let theirs = store.chain(other.campaign.tenant, 0, 1).await.unwrap()[0]
        .link
        .record;
    let foreign = store.audit_records(tenant, &[theirs]).await.unwrap();
    assert!(foreign.is_empty());
}

/// A campaign, a decision or a publication of which no record tells is named.
pub async fn what_no_record_tells_of_is_named<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    // The bed stored its campaign without a word.
    let found = store.unrecorded(tenant, 9).await.unwrap();
    let kinds: Vec<_> = found
        .first
        .iter()
        .map(|thing| thing.kind.as_str())
        .collect();
    assert_eq!((found.total, kinds), (1, vec!["campaign"]));
    assert_eq!(found.first[0].id, bed.campaign.id.to_string());
    let mut record = bed.world.audit("campaign.create");
    record.campaign = Some(bed.campaign.id);
    store
        .append(tenant, vec![Change::Audit(record)])
        .await
        .unwrap();
    assert_eq!(store.unrecorded(tenant, 9).await.unwrap().total, 0);

    let task = bed.ready_task(store).await;
    let (content, publication) = bed.world.publication(&task);
    let set = bed.completion(&task);
    let mut changes = set.changes.clone();
    changes.push(Change::Content(content));
    changes.push(Change::Publication(publication));
    store
        .commit(chimera_domain::change::ChangeSet { changes, ..set })
        .await
        .unwrap();
    let found = store.unrecorded(tenant, 9).await.unwrap();
    assert_eq!(
        (found.total, found.first[0].kind.as_str()),
        (1, "publication")
    );
    let mut record = bed.world.audit("effect.settle");
    record.task = Some(task.id);
    store
        .append(tenant, vec![Change::Audit(record)])
        .await
        .unwrap();
    assert_eq!(store.unrecorded(tenant, 9).await.unwrap().total, 0);
}
