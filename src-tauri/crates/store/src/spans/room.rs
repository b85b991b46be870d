//! Who waits until fewer spans wait: a flood of work goes on as fast as it is traced, and nothing of it is lost.
//!
//! Those who wait are let through in their turn, and only as many as have room. Never here: spans.

use std::{
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// From so many waiting spans on, whoever asks for room waits. Between this and the most that may wait there is room for
/// those who asked before.
pub(super) const EASY: usize = 8_192;
/// Spans that one who was let through makes before it asks again: a step of an agent, its call, both ended.
const SPANS_OF_A_TURN: usize = 4;
/// Longest wait. A disk that does not answer must not stop the work for the sake of its trace.
const WAIT_AT_MOST: Duration = Duration::from_secs(10);

/// A door that lets in as many as there is room for.
#[derive(Default, Debug)]
pub(super) struct Room {
    asking: AtomicUsize,
    eased: Notify,
}

/// One who asks, until it was let through or went away.
struct Asking<'a>(&'a AtomicUsize);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Room {
    /// Waits while it is full, and no longer than [`WAIT_AT_MOST`].
    pub(super) async fn wait(&self, is_full: impl Fn() -> bool) {
        if !is_full() {
            return;
        }
        self.asking.fetch_add(1, Ordering::Relaxed);
        let _asking = Asking(&self.asking);
        let let_in = async {
            loop {
                let mut eased = pin!(self.eased.notified());
                // First into the line, then another look: what eases in between is not missed.
                eased.as_mut().enable();
                if !is_full() {
                    break;
                }
                eased.await;
            }
        };
        if timeout(WAIT_AT_MOST, let_in).await.is_err() {
            tracing::debug!("spans are written slowly; the work goes on, and some may be lost");
        }
    }

    /// Lets in those who came first, as many as `waiting` spans leave room for.
    pub(super) fn ease(&self, waiting: usize) {
        let room = EASY.saturating_sub(waiting) / SPANS_OF_A_TURN;
        for _ in 0..room.min(self.asking.load(Ordering::Relaxed)) {
            self.eased.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicBool};

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_when_nothing_is_written_any_more() {
        let began = Instant::now();
        Room::default().wait(|| true).await;
        assert_eq!(began.elapsed(), WAIT_AT_MOST, "by a clock of the test");
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_are_let_in_as_there_is_room() {
        let room = Arc::new(Room::default());
        let full = Arc::new(AtomicBool::new(true));
        let through = Arc::new(AtomicUsize::new(0));
        let waiters: Vec<_> = (0..10)
            .map(|_| {
                let (room, full, through) = (room.clone(), full.clone(), through.clone());
                tokio::spawn(async move {
                    room.wait(|| full.load(Ordering::Relaxed)).await;
                    through.fetch_add(1, Ordering::Relaxed);
                })
            })
            .collect();
        settle().await;
        room.ease(EASY);
        settle().await;
        assert_eq!(through.load(Ordering::Relaxed), 0, "no room, nobody");
        full.store(false, Ordering::Relaxed);
        room.ease(EASY - 3 * SPANS_OF_A_TURN);
        settle().await;
        assert_eq!(through.load(Ordering::Relaxed), 3);
        assert_eq!(room.asking.load(Ordering::Relaxed), 7);
        room.ease(0);
        for waiter in waiters {
            waiter.await.unwrap();
        }
        assert_eq!(room.asking.load(Ordering::Relaxed), 0);
    }

    async fn settle() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}
