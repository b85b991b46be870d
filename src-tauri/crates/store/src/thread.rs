//! Threads of the store's own.
//!
//! On the common runtime, work of many small waits would stand behind every task that is ready, at each of them. Never
//! here: what a thread does.

use std::{future::Future, io};

use tokio::sync::oneshot;

/// Runs `work` to its end on a thread of its own; answers once it runs.
///
/// # Errors
/// When the system gives it no thread.
pub(crate) async fn run(
    name: &'static str,
    work: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (ready, told) = oneshot::channel();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            let built = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build();
            match built {
                Ok(runtime) => {
                    drop(ready.send(Ok(())));
                    runtime.block_on(work);
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
    told.await.map_err(io::Error::other)?
}
