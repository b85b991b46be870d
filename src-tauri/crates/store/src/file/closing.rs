//! The end of the process, while threads still close encrypted files.
//!
//! SQLCipher takes its mutexes and its heap down among the exit handlers of the C library. A thread that closes a file at
//! that moment, because a store was dropped and not closed or the main thread panicked, would meet what is gone, and the
//! process would abort after its last word. Exit handlers run last registered first: this one is registered once the
//! cipher library is up, and so waits before it goes down. Never here: closing a file.

use std::{
    ffi::c_int,
    fs,
    sync::Once,
    thread,
    time::{Duration, Instant},
};

/// How the system calls a thread that holds a file: what sqlx names it, cut to the 15 characters that a name may have.
const HOLDER: &str = "sqlx-sqlite-wor";
/// Longest wait. Whoever still holds a file then does not close it: an idle thread is as good as none.
const WAIT: Duration = Duration::from_secs(2);
/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(1);

static REGISTERED: Once = Once::new();

#[expect(
    unsafe_code,
    reason = "the C library's exit handlers have no safe door"
)]
unsafe extern "C" {
    fn atexit(handler: extern "C" fn()) -> c_int;
}

/// Has the end of the process wait for files that are being closed. To be called after a first file was opened; once is enough.
pub(crate) fn wait_at_exit() {
    REGISTERED.call_once(|| {
        #[expect(
            unsafe_code,
            reason = "the C library's exit handlers have no safe door"
        )]
        // SAFETY: the handler is a function of this program that takes nothing, unwinds never and stays loaded.
        let refused = unsafe { atexit(wait) } != 0;
        if refused {
            tracing::warn!("the end of the process will not wait for files that are being closed");
        }
    });
}

extern "C" fn wait() {
    let until = Instant::now() + WAIT;
    while holders() > 0 && Instant::now() < until {
        thread::sleep(LOOK_EVERY);
    }
}

/// Threads that hold a file. None where the system lists no threads: there nothing is waited for.
fn holders() -> usize {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return 0;
    };
    threads
        .flatten()
        .filter(|thread| {
            // A thread that ended meanwhile has no name any more.
            fs::read_to_string(thread.path().join("comm"))
                .is_ok_and(|name| name.trim_end() == HOLDER)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SqliteStore, StoreOptions};

    #[tokio::test]
    async fn who_holds_a_file_is_seen_and_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(StoreOptions::at(folder.path().join("chimera.db")))
            .await
            .unwrap();
        assert!(holders() > 0, "a thread of an open file has another name");
        assert!(REGISTERED.is_completed());
        drop(store);
    }
}
