//! Files encrypted as a whole: they keep the store's whole contract, nothing in them can be read without the key, and
//! the way from plain to sealed loses nothing.
//!
//! Each test closes what it opened: a thread that closes a sealed file while the process ends meets a library that was
//! taken down already.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chimera_ports::{
    data_key::DataKey,
    store::{Campaigns, People},
};
use chimera_testkit::{World, store_contract::Bed};
use tempfile::TempDir;

use super::options;
use crate::{AuditFile, SqliteSpans, SqliteStore, StoreError, StoreOptions, back_up};

fn key() -> DataKey {
    DataKey::new([0x5a; 32])
}

fn sealed(folder: &Path) -> StoreOptions {
    StoreOptions {
        key: Some(key()),
        ..options(folder)
    }
}

async fn fresh_sealed() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(sealed(folder.path())).await.unwrap();
    (store, folder)
}

mod contract {
    use super::fresh_sealed;

    chimera_testkit::store_contract!(fresh_sealed);
}

/// The files of the folder in which a text can be read.
fn readable(folder: &Path, text: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).contains(text))
        .collect()
}

/// A store with something in it; the words of its campaign's goal, and its bed.
async fn filled(store: &SqliteStore) -> (String, Bed) {
    let bed = Bed::in_store(store, World::default()).await;
    bed.ready_task(store).await;
    let campaign = store
        .campaign(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    let words = campaign.goal.to_string();
    assert!(words.len() > 10);
    (words, bed)
}

async fn goal(store: &SqliteStore, bed: &Bed) -> String {
    let campaign = store.campaign(bed.campaign.tenant, bed.campaign.id).await;
    campaign.unwrap().goal.to_string()
}

#[tokio::test]
async fn without_its_key_nothing_of_it_can_be_read_nor_is_it_changed() {
    let (store, folder) = fresh_sealed().await;
    let (words, bed) = filled(&store).await;
    // In use, with its log beside it, and closed.
    assert_eq!(readable(folder.path(), &words), [] as [PathBuf; 0]);
    store.close().await.unwrap();
    drop(store);
    assert_eq!(readable(folder.path(), &words), [] as [PathBuf; 0]);
    assert_eq!(readable(folder.path(), "CREATE TABLE"), [] as [PathBuf; 0]);
    let path = folder.path().join("chimera.db");
    let before = fs::read(&path).unwrap();
    let another = StoreOptions {
        key: Some(DataKey::new([0x5b; 32])),
        ..options(folder.path())
    };
    for (options, says) in [
        (options(folder.path()), "unless it is encrypted"),
        (another, "it cannot be decrypted"),
    ] {
        let refused = SqliteStore::open(options).await.unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
    assert!(AuditFile::open(&path, None).await.is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    let audit = AuditFile::open(&path, Some(key())).await.unwrap();
    assert_eq!(audit.tenants().await.unwrap(), [bed.campaign.tenant]);
    audit.close().await;
    let again = SqliteStore::open(sealed(folder.path())).await.unwrap();
    assert_eq!(goal(&again, &bed).await, words);
    again.close().await.unwrap();
}

#[tokio::test]
async fn a_plain_file_is_sealed_in_its_place_with_everything_in_it() {
    let (store, folder) = super::fresh().await;
    let (words, bed) = filled(&store).await;
    store.close().await.unwrap();
    drop(store);
    let path = folder.path().join("chimera.db");
    assert_eq!(readable(folder.path(), &words), std::slice::from_ref(&path));
    // Half a sealed form of a process that was killed is nobody's.
    fs::write(folder.path().join("chimera.db.sealing"), &words).unwrap();
    let store = SqliteStore::open(sealed(folder.path())).await.unwrap();
    assert_eq!(readable(folder.path(), &words), [] as [PathBuf; 0]);
    assert_eq!(goal(&store, &bed).await, words);
    assert_eq!(store.tenants().await.unwrap().len(), 1);
    store.close().await.unwrap();
    drop(store);
    let store = SqliteStore::open(sealed(folder.path())).await.unwrap();
    assert_eq!(goal(&store, &bed).await, words);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_sealed_stays_as_it_was() {
    let (store, folder) = super::fresh().await;
    let (words, bed) = filled(&store).await;
    store.close().await.unwrap();
    drop(store);
    // Something is in the way that cannot be taken away.
    fs::create_dir(folder.path().join("chimera.db.sealing")).unwrap();
    fs::write(folder.path().join("chimera.db.sealing/kept"), "x").unwrap();
    let refused = SqliteStore::open(sealed(folder.path())).await;
    assert!(refused.is_err());
    let store = SqliteStore::open(options(folder.path())).await.unwrap();
    assert_eq!(goal(&store, &bed).await, words);
}

#[tokio::test]
async fn copies_are_sealed_with_the_same_key() {
    let (store, folder) = fresh_sealed().await;
    let (words, bed) = filled(&store).await;
    let path = folder.path().join("chimera.db");
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("chimera.db");
    assert!(matches!(
        back_up(&path, &copy, None).await,
        Err(StoreError::NotOurs { .. })
    ));
    back_up(&path, &copy, Some(&key())).await.unwrap();
    assert_eq!(readable(copies.path(), &words), [] as [PathBuf; 0]);
    let copied = SqliteStore::open(sealed(copies.path())).await.unwrap();
    assert_eq!(goal(&copied, &bed).await, words);
    copied.close().await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn spans_are_sealed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spans.sqlite");
    SqliteSpans::open(&path, None).await.unwrap().close().await;
    assert_eq!(
        readable(folder.path(), "CREATE TABLE"),
        std::slice::from_ref(&path)
    );
    for _ in 0..2 {
        let spans = SqliteSpans::open(&path, Some(&key())).await.unwrap();
        spans.close().await;
        assert_eq!(readable(folder.path(), "CREATE TABLE"), [] as [PathBuf; 0]);
    }
    assert!(SqliteSpans::open(&path, None).await.is_err());
}
