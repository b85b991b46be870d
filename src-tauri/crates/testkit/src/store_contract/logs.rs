//! The logs: events to resume from, audit, alerts, incidents, answered requests.

use std::collections::HashSet;

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Alert, Change, IdempotencyRecord},
    digest::Digest,
    event::Event,
    id::AlertId,
    task::Task,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AuditFilter, IncidentFilter, Store},
};
use futures::future::join_all;

use super::Bed;
use crate::World;

/// Numbers rise one by one; a reader resumes where it stopped and misses nothing.
pub async fn events_are_numbered_without_gaps_and_in_order<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let start = store.last_event(tenant).await.unwrap();
    let task = bed.ready_task(store).await;
    let mut written: Vec<Event> = Vec::new();
    for batch in 1..5 {
        let events: Vec<Event> = (0..batch).map(|_| bed.world.event(&task)).collect();
        bed.world.pass(1);
        let notes = events.iter().cloned().map(Change::Event).collect();
        let last = store.append(tenant, notes).await.unwrap();
        written.extend(events);
        assert_eq!(last, start + written.len() as u64);
        assert_eq!(store.last_event(tenant).await.unwrap(), last);
    }
    for (event, seq) in written.iter_mut().zip(start + 1..) {
        event.seq = seq;
    }
    let mut read = Vec::new();
    loop {
        let after = read.last().map_or(start, |event: &Event| event.seq);
        let more = store.events_after(tenant, after, 3).await.unwrap();
        if more.is_empty() {
            break;
        }
        read.extend(more);
    }
    assert_eq!(read, written);
    assert_eq!(store.append(tenant, Vec::new()).await.unwrap(), 0);
}

/// Commits that share a transaction keep their events together, and each knows its last one.
pub async fn events_of_concurrent_commits_stay_whole<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks: Vec<_> = (0..50).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let sets = tasks.iter().map(|task| {
        let mut set = bed.completion(task);
        let second = Change::Event(bed.world.event(task));
        set.changes.push(second);
        set
    });
    let done = join_all(sets.map(|set| store.commit(set))).await;
    let events = bed.events(store).await;
    let first = events[0].seq;
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (first..first + 100).collect::<Vec<_>>());
    for (task, done) in tasks.iter().zip(done) {
        let last = done.unwrap().last_seq;
        for seq in [last - 1, last] {
            let at = usize::try_from(seq - first).unwrap();
            assert!(format!("{:?}", events[at].fact).contains(&task.id.to_string()));
        }
    }
}

/// Newest first; by campaign, by task, by what the action begins with.
pub async fn audit_is_filtered_and_newest_first<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let tenant = bed.campaign.tenant;
    let mut records = Vec::new();
    for action in [
        "review.approve",
        "review_item.x",
        "effect.send",
        "review.reject",
    ] {
        bed.world.pass(1);
        records.push(bed.world.audit(action));
    }
    records[0].campaign = Some(bed.campaign.id);
    records[3].campaign = Some(bed.campaign.id);
    records[3].task = Some(task.id);
    records[3].agent = Some(bed.agent.id);
    records[3].trace = Some(bed.campaign.trace.trace);
    let notes = records.iter().cloned().map(Change::Audit).collect();
    store.append(tenant, notes).await.unwrap();
    let (campaign, task) = (Some(bed.campaign.id), Some(task.id));
    let cases: [(_, _, Option<&str>, &[usize]); 6] = [
        (None, None, None, &[3, 2, 1, 0]),
        (campaign, None, None, &[3, 0]),
        (None, task, None, &[3]),
        (None, None, Some("review."), &[3, 0]),
        // Not a pattern: an underscore is an underscore.
        (None, None, Some("review_"), &[1]),
        (campaign, task, Some("effect"), &[]),
    ];
    for (campaign, task, prefix, expected) in cases {
        let filter = AuditFilter {
            campaign,
            task,
            action_prefix: prefix.map(str::to_owned),
        };
        let expected: Vec<_> = expected.iter().map(|at| records[*at].clone()).collect();
        let found = one_by_one(|page| store.audit(tenant, filter.clone(), page)).await;
        let found: Vec<_> = found.into_iter().map(|entry| entry.record).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// A record says what it is about by today's names, and whether a later one tells more.
pub async fn records_say_what_they_are_about<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let [sent, open] = [bed.ready_task(store).await, bed.ready_task(store).await];
    let of = |action: &str, task: Option<&Task>, status| AuditRecord {
        task: task.map(|task| task.id),
        campaign: Some(bed.campaign.id),
        agent: Some(bed.agent.id),
        status,
        ..bed.world.audit(action)
    };
    let records = [
        of("effect.dispatch", Some(&sent), AuditStatus::Pending),
        of("effect.dispatch", Some(&open), AuditStatus::Pending),
        of("effect.settle", Some(&sent), AuditStatus::Success),
        // Not about the action: it tells nothing of how that ended.
        of("task.note", Some(&open), AuditStatus::Success),
        of("campaign.note", None, AuditStatus::Pending),
    ];
    let tenant = bed.campaign.tenant;
    let notes = records.iter().cloned().map(Change::Audit).collect();
    store.append(tenant, notes).await.unwrap();
    let found = one_by_one(|page| store.audit(tenant, AuditFilter::default(), page)).await;
    let shown: Vec<_> = found.iter().rev().collect();
    let overtaken: Vec<_> = shown.iter().map(|entry| entry.overtaken).collect();
    assert_eq!(overtaken, [true, false, false, false, false]);
    let titles: Vec<_> = shown.iter().map(|entry| &entry.task_title).collect();
    let (sent, open) = (Some(sent.title), Some(open.title));
    assert_eq!(titles, [&sent, &open, &sent, &open, &None]);
    for entry in shown {
        assert_eq!(entry.campaign_name.as_ref(), Some(&bed.campaign.name));
        assert_eq!(entry.agent_name.as_ref(), Some(&bed.agent.name));
    }
}

/// A whole list, read in pages of one row.
async fn one_by_one<T, F>(read: impl Fn(PageRequest) -> F) -> Vec<T>
where
    F: Future<Output = Result<Page<T>, PortError>>,
{
    let mut found = Vec::new();
    let mut page = PageRequest::first(1);
    loop {
        let more = read(page.clone()).await.unwrap();
        found.extend(more.items);
        let Some(next) = more.next else { return found };
        page.after = Some(next);
    }
}

/// Unacknowledged alerts first, then the newest; incidents newest first.
pub async fn alerts_and_incidents<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut alerts: Vec<Alert> = Vec::new();
    let mut incidents = Vec::new();
    for at in 0..4 {
        bed.world.pass(1);
        alerts.push(bed.world.alert(&format!("CODE_{at}")));
        let mut incident = bed.world.incident();
        if at % 2 == 1 {
            incident.severity = "critical".to_owned();
        }
        incidents.push(incident);
    }
    let notes = alerts.iter().cloned().map(Change::Alert);
    let notes = notes.chain(incidents.iter().cloned().map(Change::Incident));
    store.append(tenant, notes.collect()).await.unwrap();
    let seen_at = bed.world.now();
    let note = vec![Change::Audit(bed.world.audit("alert.acknowledge"))];
    store
        .acknowledge_alert(tenant, alerts[3].id, seen_at, note)
        .await
        .unwrap();
    let later = bed.world.pass(9);
    store
        .acknowledge_alert(tenant, alerts[3].id, later, Vec::new())
        .await
        .unwrap();
    alerts[3].acknowledged_at = Some(seen_at);
    let unknown = AlertId::from_uuid(bed.world.uuid());
    let missing = store
        .acknowledge_alert(tenant, unknown, later, Vec::new())
        .await;
    assert!(matches!(missing, Err(PortError::NotFound { .. })));
    let found = one_by_one(|page| store.alerts(tenant, page)).await;
    let expected: Vec<_> = [2, 1, 0, 3].map(|at: usize| alerts[at].clone()).into();
    assert_eq!(found, expected);
    incidents.reverse();
    let found = one_by_one(|page| store.incidents(tenant, IncidentFilter::default(), page)).await;
    assert_eq!(found, incidents);
    incidents.retain(|incident| incident.severity == "critical");
    let filter = IncidentFilter {
        severity: Some("critical".to_owned()),
    };
    let found = one_by_one(|page| store.incidents(tenant, filter.clone(), page)).await;
    assert_eq!((found.len(), found), (2, incidents));
}

/// A repeated request gets the answer of the first.
pub async fn the_first_answer_wins<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let answer = |body: &str| IdempotencyRecord {
        tenant,
        key: "k-1".to_owned(),
        request: Digest::plain(b"POST /x"),
        status: 201,
        body: body.to_owned(),
        created_at: bed.world.now(),
    };
    assert_eq!(store.answered(tenant, "k-1").await.unwrap(), None);
    let (first, second) = (answer("{\"first\":true}"), answer("{}"));
    store.remember_answer(&first).await.unwrap();
    store.remember_answer(&second).await.unwrap();
    assert_eq!(store.answered(tenant, "k-1").await.unwrap(), Some(first));
    let racing: Vec<IdempotencyRecord> = (0..20)
        .map(|at| IdempotencyRecord {
            key: "k-2".to_owned(),
            ..answer(&at.to_string())
        })
        .collect();
    join_all(racing.iter().map(|record| store.remember_answer(record))).await;
    let won = store.answered(tenant, "k-2").await.unwrap().unwrap();
    assert!(racing.contains(&won));
    let bodies: HashSet<_> = racing.iter().map(|record| &record.body).collect();
    assert_eq!(bodies.len(), 20);
}

/// What goes beside a write is a note; anything else is refused, and the write with it.
pub async fn notes_are_notes<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let refused = store.append(tenant, vec![Change::RecallWork]).await;
    assert!(matches!(refused, Err(PortError::Invalid(_))));
    let foreign = bed.world.other_tenant().audit("x.y");
    let campaign = bed.world.campaign(&bed.agent);
    let refused = store
        .create_campaign(&campaign, vec![Change::Audit(foreign)])
        .await;
    assert!(matches!(refused, Err(PortError::Invalid(_))));
    assert!(store.campaign(tenant, campaign.id).await.is_err());
    let note = bed.world.audit("campaign.create");
    store
        .create_campaign(&campaign, vec![Change::Audit(note.clone())])
        .await
        .unwrap();
    assert_eq!(store.campaign(tenant, campaign.id).await.unwrap(), campaign);
    let audit = store
        .audit(tenant, AuditFilter::default(), PageRequest::default())
        .await
        .unwrap();
    let [found] = audit.items.as_slice() else {
        panic!("{audit:?}")
    };
    assert_eq!(found.record, note);
}

/// A key is taken once, answered once, and free again only when its write was refused.
pub async fn a_key_is_taken_before_its_write<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let record = IdempotencyRecord {
        tenant,
        key: "k".to_owned(),
        request: Digest::of_bytes("chimera.test.v1", b"one").unwrap(),
        status: 201,
        body: "{}".to_owned(),
        created_at: bed.world.now(),
    };
    let begun = IdempotencyRecord {
        status: IdempotencyRecord::BEGUN,
        body: String::new(),
        ..record.clone()
    };
    assert_eq!(store.begin_answer(&begun).await.unwrap(), None);
    assert_eq!(
        store.begin_answer(&begun).await.unwrap(),
        Some(begun.clone())
    );
    store.drop_key(tenant, "k").await.unwrap();
    assert_eq!(store.answered(tenant, "k").await.unwrap(), None);
    assert_eq!(store.begin_answer(&begun).await.unwrap(), None);
    // Another request's answer does not fill it.
    let foreign = IdempotencyRecord {
        request: Digest::of_bytes("chimera.test.v1", b"two").unwrap(),
        ..record.clone()
    };
    store.remember_answer(&foreign).await.unwrap();
    assert_eq!(
        store.answered(tenant, "k").await.unwrap(),
        Some(begun.clone())
    );
    store.remember_answer(&record).await.unwrap();
    store.drop_key(tenant, "k").await.unwrap();
    let other = bed.world.other_tenant().tenant;
    store.drop_key(other, "k").await.unwrap();
    assert_eq!(store.begin_answer(&begun).await.unwrap(), Some(record));
}
