//! Caps of tokens: reserved and settled as money is, where there is no price too.

use chimera_domain::{
    id::{CallId, TaskId},
    spend::{Admission, CallOutcome, Reservation, Settlement, ToldTokens},
};
use chimera_ports::store::Store;
use futures::future::join_all;

use super::Bed;
use crate::World;

impl Bed {
    /// A call without a price that reads and writes at most so many tokens of a thousand.
    fn of_tokens(&self, task: TaskId, most_tokens: u64) -> Reservation {
        Reservation {
            most_tokens,
            token_cap: Some(1_000),
            ..self.call(task, None)
        }
    }

    /// A call of so many tokens that ended like this.
    async fn used<S: Store>(&self, store: &S, call: &Reservation, end: Settlement) {
        assert_eq!(self.admitted(store, call).await, Admission::Granted);
        assert!(store.settle(call.tenant, &end).await.unwrap());
    }
}

const fn told(input: u64, output: u64) -> Option<ToldTokens> {
    Some(ToldTokens {
        input,
        cached: 0,
        output,
    })
}

/// What was told counts; what nobody told counts with its bound, and what was not sent counts nothing. Over all
/// attempts of a step, and for calls of no step over their run.
pub async fn tokens_count_as_they_were_told_or_with_their_bound<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks = [
        bed.ready_task(store).await.id,
        bed.ready_task(store).await.id,
    ];
    let calls = [
        // What was told, what is not known, what was never sent.
        (400, CallOutcome::Answered, told(150, 50), 200),
        (300, CallOutcome::TimedOut, None, 500),
        (500, CallOutcome::Refused, None, 500),
        // A provider that tells more than was set aside is believed.
        (100, CallOutcome::Unusable, told(100, 150), 750),
    ];
    for (most, outcome, tokens, spent) in calls {
        let call = bed.of_tokens(tasks[0], most);
        let end = Settlement {
            outcome,
            tokens,
            ..bed.ended(&call, None)
        };
        bed.used(store, &call, end).await;
        let beyond = bed.of_tokens(tasks[0], 1_001 - spent);
        assert_eq!(
            bed.admitted(store, &beyond).await,
            Admission::StepTokensSpent { spent },
            "after {outcome:?}"
        );
    }
    let last = bed.of_tokens(tasks[0], 250);
    assert_eq!(bed.admitted(store, &last).await, Admission::Granted);
    let beside = bed.of_tokens(tasks[0], 1);
    assert_eq!(bed.admitted(store, &beside).await, Admission::Busy);
    // Another step has its own tokens, and calls of no step have those of their run.
    for task in [Some(tasks[1]), None] {
        let own = Reservation {
            task,
            ..bed.of_tokens(tasks[1], 900)
        };
        bed.used(store, &own, bed.ended(&own, None)).await;
        let more = Reservation {
            id: CallId::from_uuid(bed.world.uuid()),
            most_tokens: 894,
            ..own
        };
        assert_eq!(
            bed.admitted(store, &more).await,
            Admission::StepTokensSpent { spent: 107 },
            "{task:?}"
        );
    }
}

/// Calls that ask for the last tokens of a step at the same moment do not both get them; what a former process left
/// under way counts with its bound.
pub async fn tokens_bind_calls_at_once_and_those_that_were_lost<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await.id;
    let calls: Vec<Reservation> = (0..24).map(|_| bed.of_tokens(task, 300)).collect();
    let asked = join_all(calls.iter().map(|call| bed.admitted(store, call))).await;
    let granted = asked.iter().filter(|one| **one == Admission::Granted);
    assert_eq!(granted.count(), 3, "{asked:?}");
    assert!(
        asked
            .iter()
            .all(|one| matches!(one, Admission::Granted | Admission::Busy))
    );
    assert_eq!(store.settle_lost(bed.world.now()).await.unwrap(), 3);
    assert_eq!(
        bed.admitted(store, &bed.of_tokens(task, 300)).await,
        Admission::StepTokensSpent { spent: 900 }
    );
}

/// A number of tokens that no model ever read does not keep a line from being written, nor the sums from being read.
pub async fn absurd_tokens_are_counted_and_break_nothing<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await.id;
    for _ in 0..3 {
        let call = Reservation {
            token_cap: None,
            most_tokens: u64::MAX,
            ..bed.call(task, None)
        };
        let end = Settlement {
            tokens: told(u64::MAX, u64::MAX),
            ..bed.ended(&call, None)
        };
        bed.used(store, &call, end).await;
    }
    assert_eq!(bed.lines(store).await.len(), 3);
    let spent = 3 << 40;
    assert_eq!(
        bed.admitted(store, &bed.of_tokens(task, 1)).await,
        Admission::StepTokensSpent { spent }
    );
}
