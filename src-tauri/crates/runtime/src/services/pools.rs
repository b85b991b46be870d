//! The worker pool and the judge pool: bounded, fed from stored state.

use std::future::Future;

use chimera_crew::{Crashed, Crew};
use chimera_domain::{change::Board, id::TaskId, role::Actor, task::TaskState};
use chimera_engine::{Command, Refusal};
use chimera_ports::{error::PortError, store::Due};
use tracing::{debug, error};

use crate::{act::ActError, judging, runtime::Runtime, worker};

/// Due rows looked at beyond the free places while somebody is stopped: theirs are passed over.
const PASSED_OVER: usize = 256;

/// Hands ready tasks to workers.
pub(crate) async fn work(runtime: Runtime) {
    let slots = runtime.bounds().workers;
    run_pool(
        runtime,
        slots,
        find_ready,
        |state| matches!(state, TaskState::Working { .. }),
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
        |state| {
            matches!(
                state,
                TaskState::Judging {
                    lease_until: Some(_),
                    ..
                }
            )
        },
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

async fn run_pool<Find, Found, Run, Running>(
    runtime: Runtime,
    slots: usize,
    find: Find,
    is_held: fn(&TaskState) -> bool,
    run: Run,
) where
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
        for crashed in crew.ended() {
            take_back(&runtime, crashed, is_held).await;
        }
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
                crashed = crew.next_ended() => {
                    if let Some(crashed) = crashed {
                        take_back(&runtime, crashed, is_held).await;
                    }
                }
            }
        } else if runtime.parts().store.trouble().is_some() {
            // What was begun cannot be stored: it is not begun again at once, over and over.
            tokio::select! {
                () = tokio::time::sleep(runtime.bounds().idle) => {}
                () = runtime.cancel().cancelled() => {}
            }
        }
    }
    // Workers notice the shutdown themselves and hand their tasks back.
    while crew.busy() > 0 {
        if let Some(crashed) = crew.next_ended().await {
            take_back(&runtime, crashed, is_held).await;
        }
    }
}

/// A unit of work contains its own panics, so this is a defect of what is around it. Its holder is known to be gone:
/// the row is taken back at once, and runs again.
async fn take_back(runtime: &Runtime, crashed: Crashed<TaskId>, is_held: fn(&TaskState) -> bool) {
    let Crashed { due, error } = crashed;
    error!(task = %due.task, %error, "a worker's surroundings crashed; its task is taken back");
    let command = Command::LapseLease {
        holder_is_gone: true,
    };
    // Nobody else of this pool can hold it: the pool finds its own rows one after the other, and that is here.
    let check = |board: &Board| match is_held(&board.task.state) {
        true => Ok(()),
        false => Err(ActError::Refused(Refusal::LeaseLost)),
    };
    let actor = Actor::system("keeper");
    let taken = runtime.act_if(due.tenant, due.task, actor, command, check);
    if let Err(error) = taken.await {
        debug!(task = %due.task, %error, "it held nothing, or its lease lapses later");
    }
}
