//! What the vault promises, on a keychain in memory; and once on a real one.

mod long;
mod memory;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;

use std::sync::Arc;

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    Act, EnvironmentSecret, KeychainChoice, MAX_SECRET_BYTES, Place, SecretName, Survival, Vault,
    VaultError, VaultOptions, VaultStatus,
};
use memory::{Manner, MemoryKeychain, Uuids};

fn name(tenant: u128, name: &str) -> SecretName {
    SecretName::new(TenantId::from_uuid(Uuid::from_u128(tenant)), name).unwrap()
}

fn vault(keychain: &Arc<MemoryKeychain>, environment: &[(&str, &str, &str)]) -> Vault {
    let supplied = environment
        .iter()
        .map(|(name, variable, value)| EnvironmentSecret {
            name: (*name).to_owned(),
            variable: (*variable).to_owned(),
            value: SecretString::from(*value),
        });
    Vault::with(
        Some(keychain.clone()),
        supplied.collect(),
        Arc::new(Uuids::default()),
    )
}

/// The secret and its place, comparable.
async fn read(vault: &Vault, name: &SecretName) -> Result<(String, Place), VaultError> {
    let found = vault.get(name).await?;
    Ok((found.secret.expose_secret().to_owned(), found.place))
}

fn not_found(name: &SecretName) -> VaultError {
    VaultError::NotFound {
        name: name.to_string(),
    }
}

#[tokio::test]
async fn a_secret_is_kept_replaced_and_taken_away_for_its_tenant_alone() {
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    let (ours, theirs) = (name(1, "openai"), name(2, "openai"));
    assert_eq!(read(&vault, &ours).await, Err(not_found(&ours)));
    vault.set(&ours, SecretString::from("first")).await.unwrap();
    vault
        .set(&ours, SecretString::from("zweiter Schlüssel"))
        .await
        .unwrap();
    assert_eq!(
        read(&vault, &ours).await,
        Ok(("zweiter Schlüssel".to_owned(), Place::Keychain))
    );
    assert_eq!(read(&vault, &theirs).await, Err(not_found(&theirs)));
    assert_eq!(vault.delete(&theirs).await, Err(not_found(&theirs)));
    assert_eq!(vault.delete(&ours).await, Ok(()));
    assert_eq!(keychain.accounts(), [] as [&str; 0]);
}

#[tokio::test]
async fn what_the_environment_supplies_wins_and_cannot_be_changed() {
    let keychain = Arc::new(MemoryKeychain::default());
    let openai = name(1, "openai");
    vault(&keychain, &[])
        .set(&openai, SecretString::from("kept"))
        .await
        .unwrap();
    let vault = vault(&keychain, &[("openai", "OPENAI_API_KEY", "supplied")]);
    let variable = "OPENAI_API_KEY".to_owned();
    let place = Place::Environment {
        variable: variable.clone(),
    };
    assert_eq!(
        read(&vault, &openai).await,
        Ok(("supplied".to_owned(), place))
    );
    let read_only = Err(VaultError::ReadOnly { variable });
    assert_eq!(
        vault.set(&openai, SecretString::from("new")).await,
        read_only
    );
    assert_eq!(vault.delete(&openai).await, read_only);
    assert_eq!(
        keychain.accounts(),
        ["00000000-0000-0000-0000-000000000001/openai"]
    );
}

#[tokio::test]
async fn without_a_keychain_nothing_is_stored_anywhere() {
    let vault = Vault::open(VaultOptions {
        keychain: KeychainChoice::None,
        environment: Vec::new(),
        ids: Arc::new(Uuids::default()),
    });
    let openai = name(1, "openai");
    assert_eq!(
        vault.set(&openai, SecretString::from("x")).await,
        Err(VaultError::SwitchedOff)
    );
    assert_eq!(read(&vault, &openai).await, Err(not_found(&openai)));
    let status = vault.probe().await;
    assert_eq!(
        (status.works, status.problem),
        (false, Some(VaultError::SwitchedOff.fault()))
    );
}

#[tokio::test]
async fn a_secret_has_a_size() {
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    for bytes in [0, MAX_SECRET_BYTES + 1] {
        let refused = vault
            .set(&name(1, "a"), SecretString::from("x".repeat(bytes)))
            .await;
        assert_eq!(
            refused,
            Err(VaultError::WrongSize {
                bytes,
                limit: MAX_SECRET_BYTES
            })
        );
    }
    assert_eq!(
        vault
            .set(
                &name(1, "a"),
                SecretString::from("x".repeat(MAX_SECRET_BYTES))
            )
            .await,
        Ok(())
    );
}

#[tokio::test]
async fn a_probe_tries_the_keychain_for_real_and_leaves_nothing_behind() {
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    let expected = VaultStatus {
        backend: "memory, for tests".to_owned(),
        works: true,
        survives_reboot: Survival::Yes,
        problem: None,
    };
    assert_eq!(vault.probe().await, expected);
    assert_eq!(keychain.accounts(), [] as [&str; 0]);
    let entry = "probe/00000000-0000-0000-0000-000000000001";
    let calls = ["set", "get", "delete"].map(|call| format!("{call} {entry}"));
    assert_eq!(keychain.calls(), calls);
}

#[tokio::test]
async fn a_keychain_that_forgets_or_lies_does_not_work() {
    for (manner, words) in [
        (Manner::Forgets, "it forgot at once what was stored"),
        (Manner::Lies, "it returned something else than was stored"),
    ] {
        let vault = vault(&Arc::new(MemoryKeychain::with(manner)), &[]);
        let error = VaultError::Refused {
            act: Act::Probe,
            detail: words.to_owned(),
        };
        let expected = VaultStatus {
            backend: "memory".to_owned(),
            works: false,
            survives_reboot: Survival::Unknown,
            problem: Some(error.fault()),
        };
        assert_eq!(vault.probe().await, expected);
    }
}

#[tokio::test]
async fn what_is_no_text_is_not_a_secret_of_ours() {
    let keychain = Arc::new(MemoryKeychain::default());
    let openai = name(1, "openai");
    keychain.put(&openai.account(), &[0xff, 0xfe]);
    let expected = VaultError::Unreadable {
        name: openai.to_string(),
        detail: "it is not text".to_owned(),
    };
    assert_eq!(read(&vault(&keychain, &[]), &openai).await, Err(expected));
}

/// Time stands still but for the waiting itself, so that this takes no time.
#[tokio::test(start_paused = true)]
async fn a_keychain_that_hangs_hangs_nobody_and_is_used_again_once_it_answers() {
    let keychain = Arc::new(MemoryKeychain::with(Manner::Hangs));
    let vault = vault(&keychain, &[]);
    let openai = name(1, "openai");
    assert_eq!(
        vault.set(&openai, SecretString::from("x")).await,
        Err(VaultError::Timeout { act: Act::Set })
    );
    keychain.await_call();
    // It still hangs in that call: nobody else goes in.
    assert_eq!(
        read(&vault, &openai).await,
        Err(VaultError::Timeout { act: Act::Get })
    );
    let problem = Fault::new(
        FaultClass::Transient,
        "KEYCHAIN_TIMEOUT",
        VaultError::Timeout { act: Act::Probe }.to_string(),
    );
    assert_eq!(vault.probe().await.problem, Some(problem));
    assert_eq!(
        keychain.calls(),
        ["set 00000000-0000-0000-0000-000000000001/openai"]
    );
    tokio::time::resume();
    keychain.answer();
    assert_eq!(
        read(&vault, &openai).await,
        Ok(("x".to_owned(), Place::Keychain))
    );
}

#[tokio::test]
async fn one_call_goes_in_at_a_time() {
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    let calls = (0..16).map(|number| {
        let (vault, name) = (vault.clone(), name(number, "openai"));
        tokio::spawn(async move { vault.set(&name, SecretString::from("x")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(
        (keychain.accounts().len(), keychain.most_at_once()),
        (16, 1)
    );
}

mod data_key;
