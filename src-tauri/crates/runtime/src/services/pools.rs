//! The worker pool and the judge pool: bounded, fed from stored state.

use std::{collections::HashSet, future::Future, sync::Arc};

use chimera_domain::id::TaskId;
use chimera_ports::{error::PortError, store::Due};
use tokio::{sync::Semaphore, task::JoinSet};
use tracing::error;

use crate::{judging, runtime::Runtime, worker};

/// Due rows looked at beyond the free places while somebody is stopped: theirs are passed over.
const PASSED_OVER: usize = 256;

/// Hands ready tasks to workers.
pub(crate) async fn work(runtime: Runtime) {
    let slots = runtime.bounds().workers;
    run_pool(
        runtime,
        slots,
        find_ready,
        |runtime, due, number| async move {
            worker::work(&runtime, due, &format!("worker-{number:02}")).await;
        },
    )
    .await;
}

/// Hands artifacts to judges.
pub(crate) async fn judge(runtime: Runtime) {
    let slots = runtime.bounds().judges;
    run_pool(
        runtime,
        slots,
        find_unjudged,
        |runtime, due, _| async move { judging::judge(&runtime, due).await },
    )
    .await;
}

async fn find_ready(runtime: Runtime, limit: u32) -> Result<Vec<Due<TaskId>>, PortError> {
    runtime
        .parts()
        .store
        .ready_tasks(runtime.now(), limit)
        .await
}

async fn find_unjudged(runtime: Runtime, limit: u32) -> Result<Vec<Due<TaskId>>, PortError> {
    runtime
        .parts()
        .store
        .unjudged_tasks(runtime.now(), limit)
        .await
}

async fn run_pool<Find, Found, Run, Running>(runtime: Runtime, slots: usize, find: Find, run: Run)
where
    Find: Fn(Runtime, u32) -> Found,
    Found: Future<Output = Result<Vec<Due<TaskId>>, PortError>>,
    Run: Fn(Runtime, Due<TaskId>, usize) -> Running,
    Running: Future<Output = ()> + Send + 'static,
{
    let free = Arc::new(Semaphore::new(slots));
    let mut running: JoinSet<TaskId> = JoinSet::new();
    let mut taken: HashSet<TaskId> = HashSet::new();
    let mut number = 0;
    let mut pulse = runtime.pulse();
    while !runtime.cancel().is_cancelled() {
        pulse.look();
        while let Some(ended) = running.try_join_next() {
            forget(&mut taken, ended);
        }
        let mut begun = 0;
        if free.available_permits() > 0 {
            // Those already in hand may still look due until their first commit.
            let passed_over = if runtime.stops().any() {
                PASSED_OVER
            } else {
                0
            };
            let limit = free.available_permits() + taken.len() + passed_over;
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            match find(runtime.clone(), limit).await {
                Ok(due) => {
                    for due in due {
                        if taken.contains(&due.id) || runtime.stops().hold(due.tenant) {
                            continue;
                        }
                        let Ok(permit) = free.clone().try_acquire_owned() else {
                            break;
                        };
                        taken.insert(due.id);
                        number = number % slots + 1;
                        begun += 1;
                        let work = run(runtime.clone(), due, number);
                        running.spawn(async move {
                            work.await;
                            drop(permit);
                            due.id
                        });
                    }
                }
                Err(error) => error!(%error, "due work cannot be read; nothing is started"),
            }
        }
        if begun == 0 {
            tokio::select! {
                () = runtime.rest(&mut pulse) => {}
                Some(ended) = running.join_next(), if !running.is_empty() => forget(&mut taken, ended),
            }
        }
    }
    // Workers notice the shutdown themselves and hand their tasks back.
    while running.join_next().await.is_some() {}
}

fn forget(taken: &mut HashSet<TaskId>, ended: Result<TaskId, tokio::task::JoinError>) {
    match ended {
        Ok(id) => {
            taken.remove(&id);
        }
        Err(join) => {
            // The unit of work contains its own panics; one here is a defect of the pool itself.
            error!(%join, "a pool task crashed");
            taken.clear();
        }
    }
}
