//! The loops that keep a fleet going. Each looks at stored state, does what is due, and rests.
//!
//! Never here: decisions (the engine) or what one unit of work does (`worker`, `judging`).

mod figures;
mod keeper;
mod last_look;
mod outbox;
mod pools;
mod remembering;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod limit_tests;
#[cfg(test)]
mod unforeseen_tests;

use std::future::Future;

use crate::{error::RuntimeError, runtime::Runtime};

/// Takes up what a former process left behind, before anything new begins.
pub(crate) async fn recover(runtime: &Runtime) -> Result<(), RuntimeError> {
    outbox::recover(runtime).await?;
    keeper::recover(runtime).await
}

/// Starts every loop; each ends at shutdown.
pub(crate) fn spawn_all(runtime: &Runtime) {
    spawn(runtime, pools::work);
    spawn(runtime, pools::judge);
    spawn(runtime, outbox::send);
    spawn(runtime, keeper::keep);
    spawn(runtime, figures::follow);
    spawn(runtime, remembering::follow);
}

fn spawn<F>(runtime: &Runtime, service: fn(Runtime) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let handle = runtime.clone();
    runtime.tracker().spawn(service(handle));
}
