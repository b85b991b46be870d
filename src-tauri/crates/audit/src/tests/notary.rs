//! The notary on a real store: it follows, carries on after a crash, says what does not work, and checks when asked.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chimera_canon::{SigningKey, VerifyingKey};
use chimera_domain::{change::Change, fault::Fault, id::TenantId, role::Actor, time::Span};
use chimera_ports::store::{ChainReader, Log};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};

use super::KEY;
use crate::{
    Anchors, Check, Keys, Notary, NotaryOptions, Sealer, Sealing, Signing, Standing, Status,
};

/// Between two checks by the clock.
const DAY: Span = Span::seconds(86_400);

/// Keys as they are put there.
#[derive(Default)]
struct Ring {
    key: Mutex<Option<SigningKey>>,
}

impl Ring {
    fn with(key: Option<[u8; 32]>) -> Arc<Self> {
        let ring = Self::default();
        ring.put(key);
        Arc::new(ring)
    }

    fn put(&self, key: Option<[u8; 32]>) {
        *self.key.lock().unwrap() = key.as_ref().map(SigningKey::from_seed);
    }

    fn key(&self) -> Option<SigningKey> {
        self.key
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn lost() -> Fault {
    Fault::of("AUDIT_KEY_LOST", "It is gone.")
}

#[async_trait]
impl Keys for Ring {
    async fn signing(&self, _: TenantId, last: Option<VerifyingKey>) -> Result<Signing, Fault> {
        match (self.key(), last) {
            (None, Some(_)) => Err(lost()),
            (key, _) => Ok(Signing {
                unsigned: key.is_none().then(lost),
                sealer: Sealer::new(key),
            }),
        }
    }

    async fn trusted(&self, _: TenantId) -> Result<Vec<VerifyingKey>, Fault> {
        Ok(self.key().iter().map(SigningKey::verifying_key).collect())
    }
}

struct House {
    store: Arc<SqliteStore>,
    bed: Bed,
    ring: Arc<Ring>,
    folder: tempfile::TempDir,
}

impl House {
    async fn new(key: Option<[u8; 32]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chimera.db");
        let store = Arc::new(SqliteStore::open(StoreOptions::at(path)).await.unwrap());
        let bed = Bed::in_store(store.as_ref(), World::default()).await;
        // The bed stores its campaign without a word, and that would be found.
        let mut made = bed.world.audit("campaign.create");
        made.campaign = Some(bed.campaign.id);
        let notes = vec![Change::Audit(made)];
        store.append(bed.campaign.tenant, notes).await.unwrap();
        Self {
            store,
            bed,
            ring: Ring::with(key),
            folder,
        }
    }

    fn anchor(&self) -> PathBuf {
        self.folder.path().join("elsewhere/anchors.jsonl")
    }

    fn notary(&self, anchor: Option<&Path>) -> Notary {
        let notary = Notary::new(NotaryOptions {
            store: self.store.clone(),
            clock: self.bed.world.clock.clone(),
            ids: self.bed.world.ids.clone(),
            keys: self.ring.clone(),
            anchor: anchor.map(Path::to_owned),
            checked_every: Some(DAY),
        });
        notary.start();
        notary
    }

    const fn tenant(&self) -> TenantId {
        self.bed.campaign.tenant
    }

    async fn write(&self, count: usize) {
        let record = |_| Change::Audit(self.bed.world.audit("review.approve"));
        let notes = (0..count).map(record).collect();
        self.store.append(self.tenant(), notes).await.unwrap();
    }

    /// The notary's status as soon as it is like this.
    async fn until(&self, notary: &Notary, like: impl Fn(&Status) -> bool) -> Status {
        for _ in 0..600 {
            let status = notary.status(self.tenant()).await.unwrap();
            if like(&status) {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("waited in vain: {:?}", notary.status(self.tenant()).await);
    }

    async fn sealed(&self, notary: &Notary) -> Status {
        self.until(notary, |status| {
            status.unsealed == 0 && status.newest.is_some()
        })
        .await
    }

    async fn checked(&self, notary: &Notary) -> Check {
        notary
            .check(self.tenant(), Actor::Person(self.bed.user.id))
            .await
            .unwrap();
        let ended = self
            .until(notary, |status| {
                status.checking.is_none() && status.last.is_some()
            })
            .await;
        ended.last.unwrap()
    }

    async fn alerts(&self) -> Vec<String> {
        let page = self.store.alerts(self.tenant(), Default::default()).await;
        page.unwrap()
            .items
            .into_iter()
            .map(|alert| alert.code)
            .collect()
    }
}

#[tokio::test]
async fn what_is_written_is_sealed_signed_kept_elsewhere_and_found_sound() {
    let house = House::new(Some(KEY)).await;
    std::fs::create_dir(house.folder.path().join("elsewhere")).unwrap();
    house.write(2_500).await;
    let notary = house.notary(Some(&house.anchor()));
    let status = house.sealed(&notary).await;
    let key = SigningKey::from_seed(&KEY).verifying_key();
    assert_eq!(status.sealing, Sealing::Signed(key));
    assert!(status.newest.unwrap().last >= 2_500);
    house
        .until(&notary, |status| {
            status
                .anchored
                .as_ref()
                .is_some_and(|anchored| anchored.last.is_some())
        })
        .await;
    let check = house.checked(&notary).await;
    let report = check.report.unwrap();
    assert_eq!(report.standing, Standing::Anchored, "{:?}", report.findings);
    assert_eq!(check.by, Actor::Person(house.bed.user.id));
    assert!(report.key_trusted);
    // The check is itself on record, and sealed on leaving; so is its checkpoint kept.
    notary.shut_down().await;
    assert_eq!(house.store.unsealed_count(house.tenant()).await.unwrap(), 0);
    let newest = house
        .store
        .last_checkpoint(house.tenant())
        .await
        .unwrap()
        .unwrap();
    let kept = Anchors::read(&house.anchor()).unwrap();
    assert_eq!(kept.at(house.tenant(), newest.last), Some(newest.head));
}

#[tokio::test]
async fn the_next_one_carries_on_where_the_last_one_was_cut_off() {
    let house = House::new(Some(KEY)).await;
    house.write(10).await;
    let first = house.notary(None);
    house.sealed(&first).await;
    // No farewell, as after a kill: the next one begins while this one may be in the middle of a round.
    house.write(1_500).await;
    let second = house.notary(None);
    house.sealed(&second).await;
    let report = house.checked(&second).await.report.unwrap();
    assert_eq!(report.findings, []);
    first.shut_down().await;
    second.shut_down().await;
}

#[tokio::test]
async fn a_lost_key_stops_sealing_and_loses_nothing() {
    let house = House::new(Some(KEY)).await;
    house.write(3).await;
    let notary = house.notary(None);
    house.sealed(&notary).await;
    notary.shut_down().await;
    house.ring.put(None);
    let notary = house.notary(None);
    let status = house
        .until(&notary, |status| {
            matches!(status.sealing, Sealing::Stopped(_))
        })
        .await;
    assert_eq!(status.sealing, Sealing::Stopped(lost()));
    house.write(4).await;
    for _ in 0..100 {
        if !house.alerts().await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(house.alerts().await, ["AUDIT_KEY_LOST"]);
    assert!(house.store.unsealed_count(house.tenant()).await.unwrap() >= 4);
    notary.shut_down().await;
    house.ring.put(Some(KEY));
    let notary = house.notary(None);
    house.sealed(&notary).await;
    assert_eq!(house.checked(&notary).await.report.unwrap().findings, []);
    notary.shut_down().await;
}

#[tokio::test]
async fn what_was_never_signed_is_sealed_all_the_same_and_a_later_key_is_on_record() {
    let house = House::new(None).await;
    house.write(3).await;
    let notary = house.notary(None);
    let status = house.sealed(&notary).await;
    assert_eq!(status.sealing, Sealing::Unsigned(Some(lost())));
    notary.shut_down().await;
    house.ring.put(Some(KEY));
    let notary = house.notary(None);
    let signed = |status: &Status| {
        let newest = status.newest.as_ref();
        newest.is_some_and(|newest| newest.signed.is_some())
    };
    house.until(&notary, signed).await;
    let check = house.checked(&notary).await.report.unwrap();
    assert_eq!(
        (check.standing, check.findings),
        (Standing::Unanchored, vec![])
    );
    let log = house
        .store
        .audit(house.tenant(), Default::default(), Default::default())
        .await
        .unwrap();
    let acts: Vec<_> = log
        .items
        .iter()
        .map(|entry| entry.record.action.as_str())
        .collect();
    assert!(acts.contains(&"audit.key"), "{acts:?}");
    notary.shut_down().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_alert_and_is_tried_again() {
    let house = House::new(Some(KEY)).await;
    house.write(3).await;
    // Its folder is not there yet.
    let notary = house.notary(Some(&house.anchor()));
    let failing = house
        .until(&notary, |status| {
            status
                .anchored
                .as_ref()
                .is_some_and(|anchored| anchored.fault.is_some())
        })
        .await;
    assert_eq!(
        failing.anchored.unwrap().fault.unwrap().code,
        "AUDIT_ANCHOR_FAILED"
    );
    house.sealed(&notary).await;
    let check = house.checked(&notary).await;
    assert_eq!(check.no_anchor.unwrap().code, "AUDIT_ANCHOR_UNREADABLE");
    assert_eq!(check.report.unwrap().standing, Standing::Unanchored);
    std::fs::create_dir(house.folder.path().join("elsewhere")).unwrap();
    house
        .until(&notary, |status| {
            status
                .anchored
                .as_ref()
                .is_some_and(|anchored| anchored.fault.is_none() && anchored.last.is_some())
        })
        .await;
    assert_eq!(
        house.alerts().await,
        ["AUDIT_ANCHOR_FAILED"],
        "once, however often it failed"
    );
    notary.shut_down().await;
}

#[tokio::test]
async fn a_log_that_was_written_anew_is_broken_and_an_alert() {
    let house = House::new(Some(KEY)).await;
    house.write(3).await;
    let notary = house.notary(None);
    house.sealed(&notary).await;
    notary.shut_down().await;
    // Another key signed: to this machine it is a stranger.
    house.ring.put(Some([8; 32]));
    let notary = house.notary(None);
    let check = house.checked(&notary).await.report.unwrap();
    assert_eq!(check.standing, Standing::Broken);
    assert_eq!(house.alerts().await, ["AUDIT_CHAIN_BROKEN"]);
    notary.shut_down().await;
}

#[tokio::test]
async fn a_log_that_nobody_asks_about_is_checked_by_the_clock_and_told_when_it_is_broken() {
    let house = House::new(Some(KEY)).await;
    house.write(3).await;
    let notary = house.notary(None);
    let status = house.sealed(&notary).await;
    assert_eq!((status.last, status.checking), (None, None), "too soon");

    let clock = &house.bed.world.clock;
    clock.pass(DAY);
    let by_the_clock = Actor::system("notary");
    let first = house
        .until(&notary, |status| status.last.is_some())
        .await
        .last
        .unwrap();
    assert_eq!(first.by, by_the_clock);
    assert_eq!(first.report.unwrap().standing, Standing::Unanchored);

    // One that a person asked for counts as well.
    clock.pass(Span::seconds(43_200));
    let asked = house.checked(&notary).await;
    assert_eq!(asked.by, Actor::Person(house.bed.user.id));
    clock.pass(Span::seconds(43_200));
    house.write(1).await;
    let status = house.sealed(&notary).await;
    assert_eq!(status.last.unwrap().begun_at, asked.begun_at);

    // Another key signed: to this machine it is a stranger.
    notary.shut_down().await;
    house.ring.put(Some([8; 32]));
    let notary = house.notary(None);
    clock.pass(DAY);
    let broken = house
        .until(&notary, |status| {
            let last = status.last.as_ref();
            last.is_some_and(|last| last.begun_at > asked.begun_at)
        })
        .await
        .last
        .unwrap();
    assert_eq!(broken.by, by_the_clock);
    assert_eq!(broken.report.unwrap().standing, Standing::Broken);
    assert_eq!(house.alerts().await, ["AUDIT_CHAIN_BROKEN"]);
    notary.shut_down().await;
}
