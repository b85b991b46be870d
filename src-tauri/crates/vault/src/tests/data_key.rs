//! The envelope around the data key: what opens it, what does not, and what a change of its key leaves behind.

use std::fs;

use chimera_ports::data_key::DataKey;

use super::*;
use crate::{DataKeyError, DataKeyFile, WRAPPING_KEY_NAME};

const VARIABLE: &str = "DATA_ENCRYPTION_KEY";

fn installation() -> Uuid {
    Uuid::from_u128(5)
}

fn supplied(key: &str) -> Vault {
    vault(
        &Arc::new(MemoryKeychain::default()),
        &[(WRAPPING_KEY_NAME, VARIABLE, key)],
    )
}

async fn opened(file: &DataKeyFile, vault: &Vault) -> [u8; 32] {
    *file.open(vault).await.unwrap().0.expose()
}

fn bytes(made: &(DataKey, Place)) -> [u8; 32] {
    *made.0.expose()
}

#[tokio::test]
async fn a_key_is_made_once_kept_in_the_keychain_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = DataKeyFile::at(folder.path().join("data.key"));
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    assert!(!file.exists());
    let made = file.create(&vault, installation()).await.unwrap();
    assert_eq!(made.1, Place::Keychain);
    assert_eq!(opened(&file, &vault).await, bytes(&made));
    let recovery = file.recovery_key(&vault).await.unwrap();
    let text = fs::read_to_string(folder.path().join("data.key")).unwrap();
    let key: String = bytes(&made)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert!(!text.contains(&key) && !text.contains(recovery.expose_secret()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // What was shown opens it where there is no keychain.
    assert_eq!(
        opened(&file, &supplied(recovery.expose_secret())).await,
        bytes(&made)
    );
    let again = file.create(&vault, installation()).await.unwrap_err();
    assert!(matches!(again, DataKeyError::Envelope { .. }), "{again}");
    assert_eq!(opened(&file, &vault).await, bytes(&made));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("data.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_new_wrapping_key_opens_the_same_data_and_the_former_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = DataKeyFile::at(folder.path().join("data.key"));
    let keychain = Arc::new(MemoryKeychain::default());
    let vault = vault(&keychain, &[]);
    let made = file.create(&vault, installation()).await.unwrap();
    let former = file.recovery_key(&vault).await.unwrap();
    let before = fs::read_to_string(folder.path().join("data.key")).unwrap();
    file.rewrap(&vault).await.unwrap();
    assert_eq!(opened(&file, &vault).await, bytes(&made));
    let refused = file
        .open(&supplied(former.expose_secret()))
        .await
        .unwrap_err();
    assert!(matches!(refused, DataKeyError::Wrong { .. }), "{refused}");
    assert!(refused.to_string().contains(VARIABLE), "{refused}");

    // Killed between the keychain and the file: both keys are there, the file is the former one.
    let new = file.recovery_key(&vault).await.unwrap();
    let both = format!("{},{}", new.expose_secret(), former.expose_secret());
    fs::write(folder.path().join("data.key"), &before).unwrap();
    assert_eq!(opened(&file, &supplied(&both)).await, bytes(&made));
    // A server's owner changes the key in the same way.
    file.rewrap(&supplied(&both)).await.unwrap();
    assert_eq!(
        opened(&file, &supplied(new.expose_secret())).await,
        bytes(&made)
    );
    let alone = file
        .rewrap(&supplied(new.expose_secret()))
        .await
        .unwrap_err();
    assert!(matches!(alone, DataKeyError::Supplied { .. }), "{alone}");
}

#[tokio::test]
async fn without_a_place_that_remembers_no_key_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = DataKeyFile::at(folder.path().join("data.key"));
    let forgetful = vault(&Arc::new(MemoryKeychain::with(Manner::Forgets)), &[]);
    let session = vault(&Arc::new(MemoryKeychain::with(Manner::Session)), &[]);
    let none = Vault::with(None, vec![], Arc::new(Uuids::default()));
    for vault in [forgetful, session, none] {
        let refused = file.create(&vault, installation()).await.unwrap_err();
        assert!(
            matches!(refused, DataKeyError::NowhereToKeep { .. }),
            "{refused}"
        );
        assert!(!file.exists());
    }
}

#[tokio::test]
async fn what_is_no_envelope_or_no_key_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.key");
    let file = DataKeyFile::at(&path);
    let good = "ab".repeat(32);
    file.create(&supplied(&good), installation()).await.unwrap();
    for bad in [
        "",
        "abc",
        &"zz".repeat(32),
        &format!("{good},{good},{good}"),
    ] {
        let refused = file.open(&supplied(bad)).await.unwrap_err();
        let is_refused = matches!(
            refused,
            DataKeyError::Malformed { .. } | DataKeyError::Locked { .. }
        );
        assert!(is_refused, "{bad}: {refused}");
        assert!(
            bad.is_empty() || !refused.to_string().contains(bad),
            "{refused}"
        );
    }
    let envelope = fs::read_to_string(&path).unwrap();
    // Of another installation, the same key opens nothing.
    let moved = envelope.replace(&installation().to_string(), &Uuid::from_u128(6).to_string());
    fs::write(&path, moved).unwrap();
    let refused = file.open(&supplied(&good)).await.unwrap_err();
    assert!(matches!(refused, DataKeyError::Wrong { .. }), "{refused}");
    for bad in [
        "",
        "{}",
        "\u{0}\u{1}",
        &envelope.replace("AES-256", "AES-512"),
    ] {
        fs::write(&path, bad).unwrap();
        let refused = file.open(&supplied(&good)).await.unwrap_err();
        assert!(
            matches!(refused, DataKeyError::Envelope { .. }),
            "{refused}"
        );
    }
}
