//! Texts that are longer than an entry, on a keychain in memory that may fail at any step.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chimera_domain::id::TenantId;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::memory::{MemoryKeychain, Uuids};
use crate::{
    Act, EnvironmentSecret, KeychainChoice, LongName, MAX_LONG_BYTES, MAX_SECRET_BYTES, Vault,
    VaultError, VaultOptions,
    keychain::{Keychain, Known},
};

fn long(tenant: u128) -> LongName {
    let tenant = TenantId::from_uuid(Uuid::from_u128(tenant));
    LongName::new(tenant, "oauth", Uuid::from_u128(9))
}

/// A text of so many bytes in which no piece is like another.
fn text(seed: usize, bytes: usize) -> String {
    (0..)
        .flat_map(|at| format!("{seed}:{at};").into_bytes())
        .map(char::from)
        .take(bytes)
        .collect()
}

fn over(keychain: Arc<dyn Keychain>) -> Vault {
    Vault::with(Some(keychain), Vec::new(), Arc::new(Uuids::default()))
}

async fn keep(vault: &Vault, text: &str) -> Result<(), VaultError> {
    vault.set_long(&long(1), SecretString::from(text)).await
}

async fn read(vault: &Vault) -> Option<String> {
    let text = vault.get_long(&long(1)).await.unwrap();
    text.map(|text| text.expose_secret().to_owned())
}

/// Does so many changes, and nothing after them.
struct Mortal {
    inner: Arc<MemoryKeychain>,
    left: AtomicUsize,
}

impl Mortal {
    fn step(&self, act: Act) -> Result<(), VaultError> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        left.map(drop).map_err(|_| VaultError::Refused {
            act,
            detail: "gone".to_owned(),
        })
    }
}

impl Keychain for Mortal {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn describe(&self) -> Known {
        self.inner.describe()
    }

    fn set(&self, act: Act, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.step(act)?;
        self.inner.set(act, account, secret)
    }

    fn get(&self, act: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.inner.get(act, account)
    }

    fn delete(&self, act: Act, account: &str) -> Result<bool, VaultError> {
        self.step(act)?;
        self.inner.delete(act, account)
    }
}

#[tokio::test]
async fn a_text_of_any_length_is_kept_in_entries_that_every_keychain_takes() {
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = over(keychain.clone());
    for bytes in [
        1,
        MAX_SECRET_BYTES,
        MAX_SECRET_BYTES + 1,
        3 * MAX_SECRET_BYTES,
        MAX_LONG_BYTES,
    ] {
        let text = text(bytes, bytes);
        keep(&vault, &text).await.unwrap();
        assert_eq!(read(&vault).await, Some(text));
        let pieces = bytes.div_ceil(MAX_SECRET_BYTES);
        assert_eq!(keychain.accounts().len(), pieces + 1, "{bytes} bytes");
    }
    for bytes in [0, MAX_LONG_BYTES + 1] {
        let refused = keep(&vault, &text(1, bytes)).await;
        let limit = MAX_LONG_BYTES;
        assert_eq!(refused, Err(VaultError::WrongSize { bytes, limit }));
    }
    vault.delete_long(&long(1)).await.unwrap();
    assert_eq!(keychain.accounts(), [""; 0]);
    vault.delete_long(&long(1)).await.unwrap();
}

#[tokio::test]
async fn whatever_step_is_the_last_one_text_is_whole_and_nothing_is_left_for_good() {
    for (was, is) in [(3, 2), (2, 3), (1, 1)] {
        let (old, new) = (
            text(1, was * MAX_SECRET_BYTES),
            text(2, is * MAX_SECRET_BYTES),
        );
        // The new pieces, the head, the old pieces.
        for steps in 0..=(is + 1 + was) {
            let keychain = Arc::new(MemoryKeychain::default());
            keep(&over(keychain.clone()), &old).await.unwrap();
            let mortal = Mortal {
                inner: keychain.clone(),
                left: AtomicUsize::new(steps),
            };
            let kept = keep(&over(Arc::new(mortal)), &new).await;
            assert_eq!(kept.is_ok(), steps > is, "{steps} steps");
            let vault = over(keychain.clone());
            let whole = if steps > is { &new } else { &old };
            assert_eq!(read(&vault).await.as_ref(), Some(whole), "{steps} steps");
            let third = text(3, MAX_SECRET_BYTES);
            keep(&vault, &third).await.unwrap();
            assert_eq!(read(&vault).await, Some(third));
            assert_eq!(keychain.accounts().len(), 2, "{steps} steps");
        }
        for steps in 0..=was {
            let keychain = Arc::new(MemoryKeychain::default());
            keep(&over(keychain.clone()), &old).await.unwrap();
            let mortal = Mortal {
                inner: keychain.clone(),
                left: AtomicUsize::new(steps),
            };
            over(Arc::new(mortal))
                .delete_long(&long(1))
                .await
                .unwrap_err();
            let vault = over(keychain.clone());
            let left = (steps == 0).then_some(old.clone());
            assert_eq!(read(&vault).await, left, "{steps} steps");
            vault.delete_long(&long(1)).await.unwrap();
            assert_eq!(keychain.accounts(), [""; 0], "{steps} steps");
        }
    }
}

#[tokio::test]
async fn what_is_not_as_it_was_put_there_counts_as_nothing() {
    let account = |name: &str| format!("{}/{name}", long(1));
    for (name, bytes) in [
        ("a0", "other".as_bytes()),
        ("a1", b""),
        ("a1", b"\xff"),
        ("head", b"{}"),
        (
            "head",
            br#"{"bank":"b","pieces":18446744073709551615,"digest":"sha256:0"}"#,
        ),
    ] {
        let keychain = Arc::new(MemoryKeychain::default());
        let vault = over(keychain.clone());
        keep(&vault, &text(1, MAX_SECRET_BYTES + 4)).await.unwrap();
        keychain.put(&account(name), bytes);
        assert_eq!(read(&vault).await, None, "{name}");
        let again = text(2, MAX_SECRET_BYTES + 8);
        keep(&vault, &again).await.unwrap();
        assert_eq!(read(&vault).await, Some(again));
        assert_eq!(keychain.accounts().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn another_tenant_has_another_text() {
    let vault = over(Arc::new(MemoryKeychain::default()));
    keep(&vault, "ours").await.unwrap();
    assert!(vault.get_long(&long(2)).await.unwrap().is_none());
    vault.delete_long(&long(2)).await.unwrap();
    assert_eq!(read(&vault).await, Some("ours".to_owned()));
}

#[tokio::test]
async fn without_a_keychain_there_is_nothing_and_nothing_is_kept() {
    let vault = Vault::open(VaultOptions {
        keychain: KeychainChoice::None,
        environment: vec![EnvironmentSecret {
            name: "openai".to_owned(),
            variable: "OPENAI_API_KEY".to_owned(),
            value: SecretString::from("x"),
        }],
        ids: Arc::new(Uuids::default()),
    });
    assert_eq!(keep(&vault, "text").await, Err(VaultError::SwitchedOff));
    assert_eq!(read(&vault).await, None);
    // What lies there from before lies there still.
    assert_eq!(
        vault.delete_long(&long(1)).await,
        Err(VaultError::SwitchedOff)
    );
}
