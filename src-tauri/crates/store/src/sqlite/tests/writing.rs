//! The writer: callers that go away, a store that closes, rows that nobody can read.

use chimera_domain::{change::Change, task::TaskState};
use chimera_ports::{
    error::PortError,
    store::{Boards, Campaigns, Log, Settings},
};
use chimera_testkit::{World, store_contract::Bed};
use futures::{FutureExt, future::join_all};

use super::{fresh, open};

#[tokio::test]
async fn a_commit_completes_without_its_caller() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tasks: Vec<_> = [0; 8].map(|_| bed.world.task(&bed.campaign)).into();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(&store, &new).await;
    for task in &tasks {
        let mut commit = Box::pin(store.commit(bed.completion(task)));
        // Handed over at the first look, and dropped before the answer.
        assert!((&mut commit).now_or_never().is_none());
        drop(commit);
    }
    // Closing writes what waits.
    store.close().await.unwrap();
    drop(store);
    let store = open(_folder.path()).await;
    for task in &tasks {
        assert_eq!(
            bed.stored(&store, task.id).await.state,
            TaskState::Completed
        );
    }
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    store.close().await.unwrap();
    let late = store.commit(bed.completion(&task)).await;
    assert!(
        matches!(&late, Err(PortError::Internal(why)) if why.contains("closed")),
        "{late:?}"
    );
    let late = store.task(bed.campaign.tenant, task.id).await;
    assert!(
        matches!(&late, Err(PortError::Internal(why)) if why.contains("closed")),
        "{late:?}"
    );
    assert!(store.close().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_does_not_wait_for_the_writer() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    // Another program holds the write lock: the writer waits, readers do not.
    let mut blocker: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(
        &sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("chimera.db")),
    )
    .await
    .unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut blocker)
        .await
        .unwrap();
    let writing = tokio::spawn({
        let (store, set) = (store.clone(), bed.completion(&task));
        async move { store.commit(set).await }
    });
    for _ in 0..50 {
        let board = store.board(bed.campaign.tenant, task.id).await.unwrap();
        assert_eq!(board.task, task);
    }
    assert!(!writing.is_finished());
    sqlx::query("ROLLBACK").execute(&mut blocker).await.unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(
        bed.stored(&store, task.id).await.state,
        TaskState::Completed
    );
}

#[tokio::test]
async fn a_row_that_nobody_can_read_is_named() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    let mut conn: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(
        &sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("chimera.db")),
    )
    .await
    .unwrap();
    sqlx::query("UPDATE tasks SET task_type = 'astrology'")
        .execute(&mut conn)
        .await
        .unwrap();
    for read in [
        store.task(bed.campaign.tenant, task.id).await.map(drop),
        store.board(bed.campaign.tenant, task.id).await.map(drop),
    ] {
        let Err(PortError::Internal(why)) = read else {
            panic!("{read:?}")
        };
        assert!(why.contains("tasks") && why.contains("astrology"), "{why}");
    }
}

/// What one of those that share a transaction cannot write, for a reason that nobody foresaw, is its own affair.
#[tokio::test]
async fn a_statement_that_cannot_be_run_fails_alone() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let tasks: Vec<_> = [0; 20].map(|_| bed.world.task(&bed.campaign)).into();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(&store, &new).await;
    let mut conn: sqlx::SqliteConnection = sqlx::ConnectOptions::connect(
        &sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("chimera.db")),
    )
    .await
    .unwrap();
    sqlx::query("ALTER TABLE settings RENAME TO away")
        .execute(&mut conn)
        .await
        .unwrap();
    let doomed = store.put_setting(tenant, "key", serde_json::json!(1), Vec::new());
    let commits = join_all(tasks.iter().map(|task| store.commit(bed.completion(task))));
    let (doomed, commits) = futures::future::join(doomed, commits).await;
    assert!(matches!(&doomed, Err(PortError::Internal(_))), "{doomed:?}");
    for (task, committed) in tasks.iter().zip(commits) {
        assert!(committed.is_ok(), "{committed:?}");
        let stored = bed.stored(&store, task.id).await;
        assert_eq!(stored.state, TaskState::Completed);
    }
}

#[tokio::test]
async fn events_keep_their_numbers_after_a_restart() {
    let (store, folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let task = bed.ready_task(&store).await;
    let tenant = bed.campaign.tenant;
    let note = || vec![Change::Event(bed.world.event(&task))];
    let first = store.append(tenant, note()).await.unwrap();
    // A failed write takes no number with it.
    let doomed = bed.set(vec![
        Change::Event(bed.world.event(&task)),
        Change::AddTasks(vec![chimera_domain::change::NewTask {
            task: task.clone(),
            needs: Vec::new(),
        }]),
    ]);
    assert!(store.commit(doomed).await.is_err());
    assert_eq!(store.append(tenant, note()).await.unwrap(), first + 1);
    store.close().await.unwrap();
    drop(store);
    let store = open(folder.path()).await;
    assert_eq!(store.append(tenant, note()).await.unwrap(), first + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sets_on_one_campaign_that_want_all_of_it_take_turns() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tasks: Vec<_> = [0; 30].map(|_| bed.world.task(&bed.campaign)).into();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(&store, &new).await;
    let fault =
        chimera_domain::fault::Fault::new(chimera_domain::fault::FaultClass::Permanent, "X", "x");
    let sets = tasks.iter().map(|task| {
        let cancel = Change::CancelDescendants {
            of: task.id,
            fault: fault.clone(),
        };
        bed.to(task, TaskState::Failed, vec![cancel])
    });
    let mut left: Vec<u32> = join_all(sets.map(|set| store.commit(set)))
        .await
        .into_iter()
        .map(|done| done.unwrap().open_tasks)
        .collect();
    left.sort_unstable();
    assert_eq!(
        left,
        (0..30).collect::<Vec<_>>(),
        "each saw those before it"
    );
}
