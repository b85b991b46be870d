//! Files that are damaged, taken, foreign, newer, or cannot be written: a clear word, and nothing changed.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use chimera_domain::{
    change::{Change, NewTask},
    task::Task,
};
use chimera_ports::{
    error::{PortError, Trouble},
    store::{Boards, Campaigns, Health, Log, People, Personas, Store},
};
use chimera_testkit::{World, store_contract::Bed};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{fresh, open, options};
use crate::{SqliteStore, StoreError, StoreOptions, back_up};

/// A second connection, as another program would open it.
async fn outside(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap()
}

async fn run(path: &Path, sql: &'static str) {
    let mut conn = outside(path).await;
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A well closed database with something in it; its folder and its path.
async fn closed() -> (tempfile::TempDir, PathBuf) {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    bed.ready_task(&store).await;
    store.close().await.unwrap();
    let path = folder.path().join("chimera.db");
    (folder, path)
}

async fn refusal(path: &Path) -> StoreError {
    let options = StoreOptions {
        lock_wait: Duration::ZERO,
        ..StoreOptions::at(path)
    };
    SqliteStore::open(options).await.unwrap_err()
}

#[tokio::test]
async fn a_second_instance_says_so_and_leaves() {
    let (store, folder) = fresh().await;
    let path = folder.path().join("chimera.db");
    let error = refusal(&path).await;
    assert!(
        matches!(error, StoreError::InUse { holder: Some(pid), .. } if pid == std::process::id()),
        "{error}"
    );
    let bed = Bed::in_store(&store, World::default()).await;
    assert!(store.agent(bed.campaign.tenant, bed.agent.id).await.is_ok());
    store.close().await.unwrap();
    drop(store);
    let store = open(folder.path()).await;
    assert_eq!(store.tenants().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("letter.txt");
    fs::write(&text, "Dear Sir or Madam, this is no database.").unwrap();
    let before = fs::read(&text).unwrap();
    let error = refusal(&text).await;
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
    assert_eq!(fs::read(&text).unwrap(), before);

    let foreign = folder.path().join("notes.db");
    run(
        &foreign,
        "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')",
    )
    .await;
    let before = fs::read(&foreign).unwrap();
    let error = refusal(&foreign).await;
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
    assert_eq!(fs::read(&foreign).unwrap(), before);

    let stamped = folder.path().join("stamped.db");
    run(
        &stamped,
        "PRAGMA application_id = 7; CREATE TABLE notes (text TEXT)",
    )
    .await;
    let error = refusal(&stamped).await;
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    let (_folder, path) = closed().await;
    // Only after an unclean end is the whole file looked through.
    run(&path, "UPDATE schema_info SET clean = 0").await;
    let mut bytes = fs::read(&path).unwrap();
    for page in 3..bytes.len() / 4_096 {
        bytes[page * 4_096..page * 4_096 + 64].fill(0xa5);
    }
    fs::write(&path, &bytes).unwrap();
    let error = refusal(&path).await;
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("chimera.db"), "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn a_truncated_file_is_refused_and_left_as_it_is() {
    let (_folder, path) = closed().await;
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..300]).unwrap();
    let error = refusal(&path).await;
    assert!(
        matches!(
            error,
            StoreError::Corrupt { .. } | StoreError::NotOurs { .. }
        ),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), &bytes[..300]);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_an_additive_one_is_not() {
    let (folder, path) = closed().await;
    run(
        &path,
        "UPDATE schema_info SET version = 99, min_reader_version = 99",
    )
    .await;
    let before = fs::read(&path).unwrap();
    let error = refusal(&path).await;
    assert!(
        matches!(error, StoreError::NewerSchema { needed: 99, .. }),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    // A newer binary only added something: this one reads on.
    run(
        &path,
        "UPDATE schema_info SET version = 99, min_reader_version = 6; ALTER TABLE tasks ADD COLUMN mood TEXT",
    )
    .await;
    let store = open(folder.path()).await;
    let tenant = store.tenants().await.unwrap()[0].id;
    let tasks = store
        .tasks(tenant, Default::default(), Default::default())
        .await
        .unwrap();
    assert_eq!(tasks.items.len(), 1);
    store.close().await.unwrap();
    let mut conn = outside(&path).await;
    let (version,): (i64,) = sqlx::query_as("SELECT version FROM schema_info")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(version, 99, "it stays what it is");
}

/// A file system in which nobody may make a file, whoever runs the tests.
#[cfg(target_os = "linux")]
fn writable(folder: &Path) -> bool {
    let probe = folder.join("chimera-probe");
    let written = fs::write(&probe, "").is_ok();
    if written {
        fs::remove_file(probe).unwrap();
    }
    written
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    // Root may write everywhere but in the kernel's own folders; which of them a small system has, differs.
    let folder = ["/sys/kernel", "/dev/pts"]
        .into_iter()
        .find(|folder| !writable(Path::new(folder)))
        .expect("a folder that root cannot write");
    let error = refusal(&Path::new(folder).join("chimera.db")).await;
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    assert!(error.to_string().contains(folder), "{error}");
}

#[tokio::test]
async fn a_path_below_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = refusal(&file.join("chimera.db")).await;
    assert!(matches!(error, StoreError::Other { .. }), "{error}");
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_an_unclean_end() {
    let folder = tempfile::tempdir().unwrap();
    let (bed, tasks) = {
        let store = open(folder.path()).await;
        let bed = Bed::in_store(&store, World::default()).await;
        let mut tasks = Vec::new();
        for _ in 0..20 {
            tasks.push(bed.ready_task(&store).await);
        }
        // No farewell: the handle is dropped, the log of writes stays behind.
        (bed, tasks)
    };
    assert!(folder.path().join("chimera.db-wal").exists());
    let store = open(folder.path()).await;
    for task in &tasks {
        assert_eq!(bed.stored(&store, task.id).await, *task);
    }
    assert_eq!(bed.events(&store).await.len(), 0);
    store.close().await.unwrap();
    assert!(
        !folder.path().join("chimera.db-wal").exists(),
        "left in order"
    );
}

#[tokio::test]
async fn a_log_of_writes_left_by_a_copy_is_read() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    // What a crash leaves: the file and its log, with no process behind them.
    let copy = tempfile::tempdir().unwrap();
    for name in ["chimera.db", "chimera.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let copied = open(copy.path()).await;
    assert_eq!(bed.stored(&copied, task.id).await, task);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let limited = StoreOptions {
        max_bytes: Some(1_200_000),
        ..options(folder.path())
    };
    let store = SqliteStore::open(limited).await.unwrap();
    let bed = Bed::in_store(&store, World::default()).await;
    let mut kept = Vec::new();
    let error = loop {
        let mut task = bed.world.task(&bed.campaign);
        task.instructions = "x".repeat(100_000);
        let new = NewTask {
            task: task.clone(),
            needs: Vec::new(),
        };
        let set = bed.set(vec![Change::AddTasks(vec![new])]);
        match store.commit(set).await {
            Ok(_) => kept.push(task),
            Err(error) => break error,
        }
        assert!(kept.len() < 100, "the limit must be met");
    };
    assert!(error.to_string().contains("full"), "{error}");
    assert!(!kept.is_empty());
    check_kept(&store, &bed, &kept).await;
    // A small write still fits, or fails as well; either way the store goes on.
    let note = vec![Change::Audit(bed.world.audit("x.y"))];
    drop(store.append(bed.campaign.tenant, note).await);
    // Full to the last page it cannot even be marked as left in order; what was answered is stored all the same.
    drop(store.close().await);
    let roomy = open(folder.path()).await;
    check_kept(&roomy, &bed, &kept).await;
    bed.ready_task(&roomy).await;
}

async fn check_kept<S: Store>(store: &S, bed: &Bed, kept: &[Task]) {
    for task in kept {
        assert_eq!(bed.stored(store, task.id).await, *task);
    }
    let progress = store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!(progress.open as usize, kept.len());
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_taken_away_or_replaced() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let before = bed.ready_task(&store).await;
    let path = folder.path().join("chimera.db");
    let (aside, other) = (folder.path().join("aside"), folder.path().join("other"));
    std::fs::copy(&path, &other).unwrap();
    std::fs::rename(&path, &aside).unwrap();
    for replaced in [false, true] {
        if replaced {
            std::fs::rename(&other, &path).unwrap();
        }
        let task = bed.world.task(&bed.campaign);
        let needs = Vec::new();
        let set = bed.set(vec![Change::AddTasks(vec![NewTask { task, needs }])]);
        let error = store.commit(set).await.unwrap_err();
        assert!(error.to_string().contains("taken away"), "{error}");
        assert_eq!(store.trouble(), Some(Trouble::Damaged), "{replaced}");
    }
    // Put back, it goes on, and what was answered is there.
    std::fs::rename(&aside, &path).unwrap();
    bed.ready_task(&store).await;
    assert_eq!(store.trouble(), None);
    assert_eq!(bed.stored(&store, before.id).await, before);
}

#[tokio::test]
async fn trouble_is_known_while_it_lasts_and_over_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let limited = StoreOptions {
        max_bytes: Some(1_200_000),
        ..options(folder.path())
    };
    let store = SqliteStore::open(limited).await.unwrap();
    let bed = Bed::in_store(&store, World::default()).await;
    assert_eq!(store.trouble(), None);
    // Another program takes the room.
    let path = folder.path().join("chimera.db");
    run(
        &path,
        "CREATE TABLE filler (b BLOB); INSERT INTO filler VALUES (zeroblob(3000000))",
    )
    .await;
    let large = || {
        let mut task = bed.world.task(&bed.campaign);
        task.instructions = "x".repeat(300_000);
        let needs = Vec::new();
        bed.set(vec![Change::AddTasks(vec![NewTask { task, needs }])])
    };
    let error = store.commit(large()).await.unwrap_err();
    assert!(
        matches!(
            error,
            PortError::Trouble {
                trouble: Trouble::Full,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(store.trouble(), Some(Trouble::Full));
    run(&path, "DROP TABLE filler").await;
    store.commit(large()).await.unwrap();
    assert_eq!(store.trouble(), None);
}

#[tokio::test]
async fn a_copy_is_made_while_the_store_is_in_use_and_opens_with_everything_in_it() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    let copy = folder.path().join("elsewhere").join("copy.db");
    let bytes = back_up(&folder.path().join("chimera.db"), &copy, None)
        .await
        .unwrap();
    assert_eq!(fs::metadata(&copy).unwrap().len(), bytes);
    // It is not written over, and nothing is left beside it.
    let before = fs::read(&copy).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others on this machine read it");
    }
    let refused = back_up(&folder.path().join("chimera.db"), &copy, None)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("not written over"),
        "{refused}"
    );
    assert_eq!(fs::read(&copy).unwrap(), before);
    let beside: Vec<_> = fs::read_dir(copy.parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
    let copied = SqliteStore::open(StoreOptions::at(&copy)).await.unwrap();
    assert_eq!(bed.stored(&copied, task.id).await, task);
}

#[tokio::test]
async fn a_copy_takes_away_what_killed_ones_left_and_nothing_that_somebody_writes() {
    let (_store, folder) = fresh().await;
    let at = |name: &str| folder.path().join(name);
    let foreign = [
        "data.key.8.unfinished",
        "log.5.writing",
        "notes.9.unfinished",
        "chimera.db.unfinished",
    ];
    let left = [
        "chimera.db.20261122T091501.bak.1.unfinished",
        "copy.2.unfinished",
    ];
    let written = ["other.3.unfinished", "other.3.writing"];
    for name in foreign.iter().chain(&left).chain(&written) {
        fs::write(at(name), "x").unwrap();
    }
    // Also where whoever took it away was killed.
    for name in [
        "copy.2.writing",
        "copy.2.unfinished-journal",
        "copy.4.writing",
        "other.3.writing",
    ] {
        fs::write(at(name), "").unwrap();
    }
    let writer = fs::File::open(at("other.3.writing")).unwrap();
    writer.lock().unwrap();
    let copies = || -> Vec<String> {
        let entries = fs::read_dir(folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .filter(|name| name.contains(".unfinished") || name.contains(".writing"))
            .collect();
        names.sort();
        names
    };
    let mut kept: Vec<&str> = foreign.into_iter().chain(written).collect();
    kept.sort_unstable();
    back_up(&at("chimera.db"), &at("whole.db"), None)
        .await
        .unwrap();
    assert_eq!(copies(), kept);
    drop(writer);
    back_up(&at("chimera.db"), &at("next.db"), None)
        .await
        .unwrap();
    let mut kept = foreign.to_vec();
    kept.sort_unstable();
    assert_eq!(copies(), kept);
}

#[tokio::test]
async fn nothing_is_copied_from_where_there_is_no_database_or_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let nothing = back_up(&folder.path().join("chimera.db"), &copy, None).await;
    assert!(
        matches!(nothing, Err(StoreError::Backup { .. })),
        "{nothing:?}"
    );
    let (_folder, path) = closed().await;
    let mut bytes = fs::read(&path).unwrap();
    for page in 3..bytes.len() / 4_096 {
        bytes[page * 4_096..page * 4_096 + 64].fill(0xa5);
    }
    fs::write(&path, &bytes).unwrap();
    let damaged = back_up(&path, &copy, None).await;
    assert!(damaged.is_err(), "{damaged:?}");
    assert!(!copy.exists());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn a_damaged_file_is_refused_with_the_name_of_its_newest_copy() {
    let (folder, path) = closed().await;
    let copy = folder.path().join("chimera.db.20261122T091500.bak");
    back_up(&path, &copy, None).await.unwrap();
    run(&path, "UPDATE schema_info SET clean = 0").await;
    let mut bytes = fs::read(&path).unwrap();
    for page in 3..bytes.len() / 4_096 {
        bytes[page * 4_096..page * 4_096 + 64].fill(0xa5);
    }
    fs::write(&path, &bytes).unwrap();
    let error = refusal(&path).await.to_string();
    assert!(error.contains(&copy.display().to_string()), "{error}");
    // And that copy is what helps.
    fs::copy(&copy, &path).unwrap();
    assert_eq!(open(folder.path()).await.tenants().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_database_that_may_only_be_read_says_so_and_is_read_on() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    // SQLite's own switch: every write is refused as on a disk that is mounted read-only.
    let switched = store.writer().run(|conn| {
        Box::pin(async move {
            sqlx::query("PRAGMA query_only = 1").execute(conn).await?;
            Ok(())
        })
    });
    drop(switched.await);
    let note = vec![Change::Audit(bed.world.audit("x.y"))];
    let error = store.append(bed.campaign.tenant, note).await.unwrap_err();
    let expected = Trouble::ReadOnly;
    assert!(
        matches!(error, PortError::Trouble { trouble, .. } if trouble == expected),
        "{error}"
    );
    assert!(
        error.to_string().contains("`chimerad backup --to`"),
        "a copy is offered: {error}"
    );
    assert_eq!(store.trouble(), Some(expected));
    assert_eq!(bed.stored(&store, task.id).await, task);
}
