//! A keychain in memory with the bad manners of real ones.

use std::{
    collections::BTreeMap,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use chimera_ports::ids::IdSource;
use uuid::Uuid;

use crate::{
    Act, Survival, VaultError,
    keychain::{Keychain, Known},
};

/// How it behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Manner {
    #[default]
    Well,
    /// Takes an entry and does not have it.
    Forgets,
    /// Returns another entry.
    Lies,
    /// Does not come back before it is told to.
    Hangs,
    /// Keeps what it has until the machine stops.
    Session,
}

#[derive(Default)]
pub(super) struct MemoryKeychain {
    manner: Manner,
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    calls: Mutex<Vec<String>>,
    answers: Mutex<bool>,
    told: Condvar,
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl MemoryKeychain {
    pub(super) fn with(manner: Manner) -> Self {
        Self {
            manner,
            ..Self::default()
        }
    }

    pub(super) fn accounts(&self) -> Vec<String> {
        self.entries.lock().unwrap().keys().cloned().collect()
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    /// Waits until a call has come in: under a clock that stands still, a timeout overtakes its thread.
    pub(super) fn await_call(&self) {
        while self.calls.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
    }

    pub(super) fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    pub(super) fn put(&self, account: &str, secret: &[u8]) {
        self.entries
            .lock()
            .unwrap()
            .insert(account.to_owned(), secret.to_vec());
    }

    /// Whoever hangs comes back, and nobody hangs any more.
    pub(super) fn answer(&self) {
        *self.answers.lock().unwrap() = true;
        self.told.notify_all();
    }

    fn call<T>(&self, words: String, work: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        self.calls.lock().unwrap().push(words);
        if self.manner == Manner::Hangs {
            let answers = self.answers.lock().unwrap();
            drop(self.told.wait_while(answers, |answers| !*answers).unwrap());
        }
        // Others would come in here, if they could.
        std::thread::yield_now();
        let done = work(&mut self.entries.lock().unwrap());
        self.inside.fetch_sub(1, Ordering::SeqCst);
        done
    }
}

impl Keychain for MemoryKeychain {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn describe(&self) -> Known {
        Known {
            name: "memory, for tests".to_owned(),
            survives_reboot: match self.manner {
                Manner::Session => Survival::No,
                _ => Survival::Yes,
            },
        }
    }

    fn set(&self, _: Act, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.call(format!("set {account}"), |entries| {
            entries.insert(account.to_owned(), secret.to_vec());
        });
        Ok(())
    }

    fn get(&self, _: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let found = self.call(format!("get {account}"), |entries| {
            entries.get(account).cloned()
        });
        Ok(match self.manner {
            Manner::Forgets => None,
            Manner::Lies => Some(b"something else".to_vec()),
            Manner::Well | Manner::Session | Manner::Hangs => found,
        })
    }

    fn delete(&self, _: Act, account: &str) -> Result<bool, VaultError> {
        Ok(self.call(format!("delete {account}"), |entries| {
            entries.remove(account).is_some()
        }))
    }
}

/// 1, 2, 3 …, so that what is random elsewhere is known here.
#[derive(Default)]
pub(super) struct Uuids(AtomicUsize);

impl IdSource for Uuids {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(self.0.fetch_add(1, Ordering::SeqCst) as u128 + 1)
    }
}
