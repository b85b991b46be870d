//! The worker pool and the judge pool: bounded, fed from stored state.

use std::future::Future;

use chimera_domain::id::TaskId;
use chimera_ports::{error::PortError, store::Due};
use tracing::error;

use super::crew::{Crashed, Crew};
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
    let mut crew = Crew::of(slots);
    let mut number = 0;
    let mut pulse = runtime.pulse();
    while !runtime.cancel().is_cancelled() {
        pulse.look();
        crew.ended().iter().for_each(tell);
        let mut begun = 0;
        if crew.free() > 0 {
            // Those already in hand may still look due until their first commit.
            let passed_over = if runtime.stops().any() {
                PASSED_OVER
            } else {
                0
            };
            let limit = crew.free() + crew.busy() + passed_over;
            let limit = u32::try_from(limit).unwrap_or(u32::MAX);
            match find(runtime.clone(), limit).await {
                Ok(due) => {
                    for due in due {
                        if crew.has(due.id) || runtime.stops().hold(due.tenant) {
                            continue;
                        }
                        if crew.free() == 0 {
                            break;
                        }
                        number = number % slots + 1;
                        begun += 1;
                        crew.begin(due, run(runtime.clone(), due, number));
                    }
                }
                Err(error) => error!(%error, "due work cannot be read; nothing is started"),
            }
        }
        if begun == 0 {
            tokio::select! {
                () = runtime.rest(&mut pulse) => {}
                crashed = crew.next_ended() => crashed.iter().for_each(tell),
            }
        }
    }
    // Workers notice the shutdown themselves and hand their tasks back.
    while crew.busy() > 0 {
        crew.next_ended().await.iter().for_each(tell);
    }
}

/// A unit of work contains its own panics, so this is a defect of what is around it; its lease lapses.
fn tell(crashed: &Crashed<TaskId>) {
    error!(task = %crashed.due.task, error = %crashed.error, "a worker's surroundings crashed; its lease will lapse");
}
