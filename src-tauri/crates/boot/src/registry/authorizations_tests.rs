//! Writes to a keychain that takes its time: what ends late, or is overtaken by an erasure, is taken out again.
//!
//! The keychain stands still wherever a test wants it to; the vault in front of it is the real one.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex as Lock},
    time::Duration,
};

use chimera_oauth::codes::OAUTH_NOT_BEGUN;
use chimera_ports::store::People as _;
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::World;
use chimera_vault::{Act, KEYCHAIN_TIMEOUT, Keychain, Known, Survival};
use secrecy::ExposeSecret;
use tempfile::TempDir;

use super::*;

const SERVER: &str = "ledger";
const URL: &str = "https://ledger.example/mcp";
/// Until an erasure stands in line; where it takes longer, its own time is waited for.
const IN_LINE: Duration = Duration::from_millis(200);

/// Entries by account; a call waits while it is held.
#[derive(Default)]
struct Slow {
    entries: Lock<BTreeMap<String, Vec<u8>>>,
    held: Lock<bool>,
    let_go: Condvar,
    waiting: Lock<bool>,
}

impl Slow {
    fn hold(&self) {
        *self.held.lock().unwrap() = true;
    }

    fn go_on(&self) {
        *self.held.lock().unwrap() = false;
        self.let_go.notify_all();
    }

    /// Waits until a call stands still here.
    async fn stands(&self) {
        while !*self.waiting.lock().unwrap() {
            tokio::task::yield_now().await;
        }
    }

    fn wait(&self) {
        let held = self.held.lock().unwrap();
        *self.waiting.lock().unwrap() = *held;
        drop(self.let_go.wait_while(held, |held| *held).unwrap());
        *self.waiting.lock().unwrap() = false;
    }

    fn accounts(&self) -> usize {
        self.entries.lock().unwrap().len()
    }
}

impl Keychain for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn describe(&self) -> Known {
        Known {
            name: "slow, for tests".to_owned(),
            survives_reboot: Survival::Yes,
        }
    }

    fn set(&self, _: Act, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.wait();
        let mut entries = self.entries.lock().unwrap();
        entries.insert(account.to_owned(), secret.to_vec());
        Ok(())
    }

    fn get(&self, _: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.wait();
        Ok(self.entries.lock().unwrap().get(account).cloned())
    }

    fn delete(&self, _: Act, account: &str) -> Result<bool, VaultError> {
        self.wait();
        Ok(self.entries.lock().unwrap().remove(account).is_some())
    }
}

struct Ground {
    keychain: Arc<Slow>,
    all: Arc<Authorizations>,
    tenant: TenantId,
    _folder: TempDir,
}

impl Ground {
    async fn new() -> Self {
        let (world, folder) = (World::default(), tempfile::tempdir().unwrap());
        let file = StoreOptions::at(folder.path().join("chimera.db"));
        let store = SqliteStore::open(file).await.unwrap();
        let tenant = world.tenant();
        store.create_tenant(&tenant, Vec::new()).await.unwrap();
        let keychain = Arc::new(Slow::default());
        let vault = Vault::over(keychain.clone(), Arc::new(TimeIds));
        Self {
            keychain,
            all: Arc::new(Authorizations::new(Arc::new(store), vault)),
            tenant: world.tenant,
            _folder: folder,
        }
    }

    /// Where a session keeps its authorization.
    fn place(&self) -> Place {
        Place::new(&self.all, self.tenant, SERVER, URL)
    }

    async fn found(&self) -> Option<String> {
        let found = self.place().load().await.unwrap();
        found.map(|text| text.expose_secret().to_owned())
    }

    async fn take_back(&self) {
        let taken = self.all.change(self.tenant, Vec::new(), |marks| {
            marks.take_back(SERVER);
        });
        taken.await.unwrap();
        self.all.erase(self.tenant).await.unwrap();
    }

    async fn leaving(&self) -> usize {
        self.all.marks(self.tenant).await.unwrap().leaving.len()
    }
}

fn text(text: &str) -> SecretString {
    SecretString::from(text)
}

/// The time that a call to the keychain has is over.
async fn given_up() {
    tokio::time::pause();
    tokio::time::advance(KEYCHAIN_TIMEOUT).await;
    tokio::time::resume();
}

#[tokio::test]
async fn what_ends_late_is_never_used_and_taken_out_again_and_what_was_kept_before_stays() {
    for former in [None, Some("former")] {
        let ground = Ground::new().await;
        if let Some(former) = former {
            ground.place().keep(text(former)).await.unwrap();
        }
        let before = ground.keychain.accounts();
        ground.keychain.hold();
        let place = ground.place();
        let ((), kept) = tokio::join!(
            async {
                ground.keychain.stands().await;
                given_up().await;
            },
            place.keep(text("late"))
        );
        assert_eq!(kept.unwrap_err().code, "KEYCHAIN_TIMEOUT");
        // An erasure that is asked for meanwhile waits for its turn, and gives up as well.
        let ((), erased) = tokio::join!(
            async {
                tokio::time::sleep(IN_LINE).await;
                given_up().await;
            },
            ground.all.erase(ground.tenant)
        );
        erased.unwrap();
        assert_eq!(ground.leaving().await, 1);

        ground.keychain.go_on();
        assert_eq!(ground.found().await.as_deref(), former);
        ground.all.erase(ground.tenant).await.unwrap();
        assert_eq!(
            (ground.keychain.accounts(), ground.leaving().await),
            (before, 0)
        );
        assert_eq!(ground.found().await.as_deref(), former);
    }
}

#[tokio::test]
async fn of_what_is_taken_back_while_it_is_written_nothing_stays() {
    let ground = Ground::new().await;
    ground.place().keep(text("former")).await.unwrap();
    ground.keychain.hold();
    let place = ground.place();
    let ((), kept) = tokio::join!(
        async {
            ground.keychain.stands().await;
            let ((), ()) = tokio::join!(ground.take_back(), async {
                // The erasure stands in line behind what is written.
                tokio::task::yield_now().await;
                ground.keychain.go_on();
            });
        },
        place.keep(text("new"))
    );
    assert_eq!(kept.unwrap_err().code, OAUTH_NOT_BEGUN);
    assert_eq!((ground.keychain.accounts(), ground.leaving().await), (0, 0));
    assert_eq!(ground.found().await, None);
}

#[tokio::test]
async fn a_renewal_in_line_behind_an_erasure_leaves_nothing_in_the_keychain() {
    let ground = Ground::new().await;
    let place = ground.place();
    place.keep(text("former")).await.unwrap();
    // Somebody else has the keychain's turn, and the renewal waits for it.
    ground.keychain.hold();
    let elsewhere = ground.place();
    let ((), renewed, _) = tokio::join!(
        async {
            ground.keychain.stands().await;
            while ground.all.writes().is_empty() {
                tokio::task::yield_now().await;
            }
            let ((), ()) = tokio::join!(ground.take_back(), async {
                tokio::task::yield_now().await;
                ground.keychain.go_on();
            });
        },
        async {
            ground.keychain.stands().await;
            place.renew(text("renewed")).await
        },
        elsewhere.load()
    );
    assert_eq!(renewed.unwrap_err().code, OAUTH_NOT_BEGUN);
    assert_eq!((ground.keychain.accounts(), ground.leaving().await), (0, 0));
}

#[tokio::test]
async fn what_was_taken_back_is_not_renewed_under_anything_that_came_after_it() {
    let ground = Ground::new().await;
    let (old, new) = (ground.place(), ground.place());
    old.keep(text("old")).await.unwrap();
    old.renew(text("old, renewed")).await.unwrap();
    assert_eq!(ground.found().await.as_deref(), Some("old, renewed"));
    ground.take_back().await;
    assert_eq!(
        old.renew(text("late")).await.unwrap_err().code,
        OAUTH_NOT_BEGUN
    );
    new.keep(text("new")).await.unwrap();
    assert_eq!(
        old.renew(text("late")).await.unwrap_err().code,
        OAUTH_NOT_BEGUN
    );
    assert_eq!(ground.found().await.as_deref(), Some("new"));
}

#[test]
fn whoever_authorizes_is_told_what_is_wrong_with_the_keychain_and_that_nothing_was_begun() {
    let fault = told(&VaultError::SwitchedOff.fault());
    assert_eq!(fault.code, "KEYCHAIN_SWITCHED_OFF");
    assert_eq!(
        fault.message,
        "An authorization is kept in the system's keychain and nowhere else: this installation uses no keychain. Nothing was begun; mend that, or give the server a key of its own in its headers."
    );
}
