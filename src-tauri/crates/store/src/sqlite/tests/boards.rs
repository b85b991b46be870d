//! Boards that many wait for at the same moment.

use chimera_domain::{change::Board, id::TenantId};
use chimera_ports::{error::PortError, store::Boards};
use chimera_testkit::{World, store_contract::Bed};
use futures::{FutureExt, future::join_all};

use super::fresh;

#[tokio::test]
async fn boards_asked_for_together_are_each_of_their_own_task_and_tenant() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let stranger = TenantId::from_uuid(bed.world.uuid());
    // More than one statement reads.
    let tasks: Vec<_> = [0; 200].map(|_| bed.world.task(&bed.campaign)).into();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(&store, &new).await;
    let missing = bed.world.task(&bed.campaign);
    let ours = tasks.iter().chain([&missing]);
    let asked = ours.flat_map(|task| [(tenant, task.id), (stranger, task.id)]);
    let found = join_all(asked.map(|(tenant, task)| store.board(tenant, task))).await;
    let expected: Vec<Result<Board, PortError>> = tasks
        .iter()
        .flat_map(|task| {
            let board = Board {
                task: task.clone(),
                campaign: bed.campaign.clone(),
                control: chimera_domain::agent::Control::Running,
                artifact: None,
                verdict: None,
                review: None,
                effect: None,
                upstream: Vec::new(),
            };
            [Ok(board), Err(PortError::not_found("task", task.id))]
        })
        .chain([0; 2].map(|_| Err(PortError::not_found("task", missing.id))))
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn whoever_goes_away_takes_nobody_elses_board_along() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let (tenant, task) = (bed.campaign.tenant, bed.ready_task(&store).await);
    for _ in 0..8 {
        // Handed over at the first look, and dropped before the answer.
        let mut gone = Box::pin(store.board(tenant, task.id));
        assert!((&mut gone).now_or_never().is_none());
    }
    assert_eq!(store.board(tenant, task.id).await.unwrap().task, task);
}

#[tokio::test]
async fn a_board_of_a_closed_store_is_refused_in_words() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let (tenant, task) = (bed.campaign.tenant, bed.ready_task(&store).await);
    store.close().await.unwrap();
    assert_eq!(
        store.board(tenant, task.id).await,
        Err(PortError::Internal(
            "the store is closed; nothing was read".to_owned()
        ))
    );
}
