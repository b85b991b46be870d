//! The ledger: a call is reserved before and has its line after; caps hold whoever asks at once; sums equal the lines.

mod days;
mod many;
mod tokens;

use chimera_domain::{
    id::{AttemptId, CallId, TaskId},
    money::Usd,
    spend::{
        Admission, CallOutcome, CallRole, ModelCall, Reservation, Settlement, Spending, ToldTokens,
    },
};
use chimera_ports::{
    page::PageRequest,
    store::{CallFilter, Store},
};

pub use days::{
    a_used_up_day_holds_until_the_next_or_a_higher_budget,
    sixty_four_calls_at_once_do_not_overspend,
};
pub use many::{
    a_call_asked_for_and_given_up_at_once_ends_once, a_call_that_does_not_fit_fails_alone,
    caps_of_steps_and_runs_bind_calls_at_once, many_calls_at_once_each_have_their_line,
    many_that_find_the_day_used_up_tell_of_it_once,
};
pub use tokens::{
    absurd_tokens_are_counted_and_break_nothing,
    tokens_bind_calls_at_once_and_those_that_were_lost,
    tokens_count_as_they_were_told_or_with_their_bound,
};

use super::Bed;
use crate::World;

fn usd(text: &str) -> Usd {
    text.parse().unwrap()
}

impl Bed {
    fn call(&self, task: TaskId, bound: Option<&str>) -> Reservation {
        Reservation {
            id: CallId::from_uuid(self.world.uuid()),
            tenant: self.campaign.tenant,
            campaign: Some(self.campaign.id),
            task: Some(task),
            attempt: Some(AttemptId::from_uuid(self.world.uuid())),
            role: CallRole::Drafter,
            provider: "scripted".to_owned(),
            model: "fast".to_owned(),
            rehearsal: false,
            bound: bound.map(usd),
            cap: None,
            most_tokens: 1_000,
            token_cap: None,
            started_at: self.world.now(),
        }
    }

    fn ended(&self, call: &Reservation, cost: Option<&str>) -> Settlement {
        Settlement {
            id: call.id,
            outcome: CallOutcome::Answered,
            fault: None,
            tokens: Some(ToldTokens {
                input: 100,
                cached: 40,
                output: 7,
            }),
            cost: cost.map(usd),
            ended_at: self.world.now(),
        }
    }

    async fn admitted<S: Store>(&self, store: &S, call: &Reservation) -> Admission {
        store.reserve(call, &Vec::new).await.unwrap().admission
    }

    /// A call that was made and cost so much.
    async fn made<S: Store>(&self, store: &S, call: &Reservation, cost: Option<&str>) {
        assert_eq!(self.admitted(store, call).await, Admission::Granted);
        assert!(
            store
                .settle(call.tenant, &self.ended(call, cost))
                .await
                .unwrap()
        );
    }

    async fn lines<S: Store>(&self, store: &S) -> Vec<ModelCall> {
        let page = PageRequest::first(200);
        let filter = CallFilter::default();
        let found = store.model_calls(self.campaign.tenant, filter, page).await;
        found.unwrap().items
    }

    async fn today<S: Store>(&self, store: &S) -> Spending {
        let (tenant, campaign) = (self.campaign.tenant, Some(self.campaign.id));
        store
            .spending(tenant, campaign, self.world.now())
            .await
            .unwrap()
    }
}

/// A reservation is set aside, then replaced by a line that keeps every field; a second settlement changes nothing.
pub async fn a_call_is_reserved_then_has_its_line<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let call = bed.call(task.id, Some("0.5"));
    assert_eq!(bed.admitted(store, &call).await, Admission::Granted);
    let reserved = Spending {
        reserved: usd("0.5"),
        ..Spending::default()
    };
    assert_eq!(bed.today(store).await, reserved);
    assert_eq!(bed.lines(store).await, []);
    bed.world.pass(3);
    let ended = Settlement {
        fault: Some("MODEL_BAD_ANSWER".to_owned()),
        outcome: CallOutcome::Unusable,
        ..bed.ended(&call, Some("0.000000123"))
    };
    assert!(store.settle(call.tenant, &ended).await.unwrap());
    assert!(
        !store.settle(call.tenant, &ended).await.unwrap(),
        "once only"
    );
    let line = ModelCall {
        id: call.id,
        tenant: call.tenant,
        campaign: call.campaign,
        task: call.task,
        attempt: call.attempt,
        role: CallRole::Drafter,
        provider: "scripted".to_owned(),
        model: "fast".to_owned(),
        rehearsal: false,
        tokens: ended.tokens,
        cost: Some(usd("0.000000123")),
        counted: usd("0.000000123"),
        outcome: CallOutcome::Unusable,
        fault: ended.fault,
        started_at: call.started_at,
        ended_at: ended.ended_at,
    };
    assert_eq!(bed.lines(store).await, [line]);
    let spent = Spending {
        calls: 1,
        cost: usd("0.000000123"),
        counted: usd("0.000000123"),
        ..Spending::default()
    };
    assert_eq!(bed.today(store).await, spent);
}

/// The step's cap is over all attempts; a call whose cost nobody knows counts with its upper bound.
pub async fn a_cap_counts_every_attempt_and_what_is_not_known<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let capped = |bound| Reservation {
        cap: Some(usd("1")),
        ..bed.call(task.id, bound)
    };
    bed.made(store, &capped(Some("0.4")), Some("0.3")).await;
    bed.made(store, &capped(Some("0.4")), None).await;
    assert_eq!(bed.today(store).await.unpriced, 1);
    // 0.3 + 0.4 are counted.
    let spent = Admission::StepSpent { spent: usd("0.7") };
    assert_eq!(
        bed.admitted(store, &capped(Some("0.300000001"))).await,
        spent
    );
    let last = capped(Some("0.3"));
    assert_eq!(bed.admitted(store, &last).await, Admission::Granted);
    let beside = capped(Some("0.1"));
    assert_eq!(bed.admitted(store, &beside).await, Admission::Busy);
    store
        .settle(last.tenant, &bed.ended(&last, Some("0.1")))
        .await
        .unwrap();
    assert_eq!(bed.admitted(store, &beside).await, Admission::Granted);
    // Another task has its own cap; calls of no task have that of their run.
    let other = bed.ready_task(store).await;
    let elsewhere = Reservation {
        task: Some(other.id),
        ..capped(Some("0.9"))
    };
    bed.made(store, &elsewhere, Some("0.9")).await;
    let run = Reservation {
        task: None,
        ..capped(Some("0.9"))
    };
    bed.made(store, &run, Some("0.9")).await;
    let again = Reservation {
        id: CallId::from_uuid(bed.world.uuid()),
        ..run.clone()
    };
    assert_eq!(
        bed.admitted(store, &again).await,
        Admission::StepSpent { spent: usd("0.9") }
    );
}

/// What a former process left under way becomes lines of unknown cost that count with their bound.
pub async fn calls_of_a_former_process_are_lost<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    for bound in [Some("0.2"), Some("0"), None] {
        let call = bed.call(task.id, bound);
        assert_eq!(bed.admitted(store, &call).await, Admission::Granted);
    }
    let at = bed.world.pass(5);
    assert_eq!(store.settle_lost(at).await.unwrap(), 3);
    assert_eq!(store.settle_lost(at).await.unwrap(), 0);
    let mut lost: Vec<_> = bed
        .lines(store)
        .await
        .into_iter()
        .map(|line| (line.counted, line.cost, line.outcome, line.tokens))
        .collect();
    lost.sort_by_key(|(counted, cost, ..)| (*counted, *cost));
    assert_eq!(
        lost,
        [
            (Usd::ZERO, None, CallOutcome::Lost, None),
            (Usd::ZERO, Some(Usd::ZERO), CallOutcome::Lost, None),
            (usd("0.2"), None, CallOutcome::Lost, None),
        ]
    );
}

/// The day's sums are those of its lines, and a call counts on the day on which it was asked.
pub async fn sums_equal_a_recount<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let first_day = bed.world.now();
    let over_midnight = bed.call(task.id, Some("0.5"));
    assert_eq!(
        bed.admitted(store, &over_midnight).await,
        Admission::Granted
    );
    for cost in [Some("0.1"), None, Some("0.02")] {
        bed.made(store, &bed.call(task.id, Some("0.3")), cost).await;
    }
    let probe = || Reservation {
        campaign: None,
        task: None,
        attempt: None,
        role: CallRole::Probe,
        ..bed.call(task.id, Some("0.3"))
    };
    bed.made(store, &probe(), Some("0.001")).await;
    bed.world.pass(24 * 60 * 60);
    bed.made(store, &bed.call(task.id, Some("0.3")), Some("0.2"))
        .await;
    bed.made(store, &probe(), Some("0.001")).await;
    let ended = bed.ended(&over_midnight, Some("0.4"));
    store.settle(bed.campaign.tenant, &ended).await.unwrap();
    for (day, campaign) in [
        (first_day, Some(bed.campaign.id)),
        (first_day, None),
        (bed.world.now(), None),
    ] {
        let mut sum = Spending::default();
        for line in bed.lines(store).await {
            if line.started_at.utc_day_start() != day.utc_day_start()
                || (campaign.is_some() && line.campaign != campaign)
            {
                continue;
            }
            sum.calls += 1;
            sum.unpriced += u64::from(line.cost.is_none());
            sum.cost = sum.cost.saturating_add(line.cost.unwrap_or_default());
            sum.counted = sum.counted.saturating_add(line.counted);
        }
        let found = store.spending(bed.campaign.tenant, campaign, day).await;
        assert_eq!(found, Ok(sum), "{day} {campaign:?}");
        assert!(sum.calls > 0);
    }
    let counts = store
        .fleet_counts(bed.campaign.tenant, bed.world.now(), &[])
        .await
        .unwrap();
    assert_eq!(
        (counts.model_cost, counts.unpriced_calls),
        (usd("0.201"), 0),
        "today's, not yesterday's"
    );
    let mine = store
        .spending(bed.campaign.tenant, Some(bed.campaign.id), bed.world.now())
        .await
        .unwrap();
    assert_eq!(
        (counts.active_budgets, counts.active_cost),
        (bed.campaign.daily_budget, mine.cost),
        "of the same campaigns"
    );
}

/// Another tenant's campaign cannot be charged, its calls not settled, its lines and sums not seen.
pub async fn another_tenant_sees_and_settles_nothing<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let foreign = Reservation {
        tenant: other.campaign.tenant,
        ..bed.call(task.id, Some("0.1"))
    };
    assert!(
        store
            .reserve(&foreign, &Vec::new)
            .await
            .unwrap_err()
            .to_string()
            .contains("campaign")
    );
    let call = bed.call(task.id, Some("0.1"));
    assert_eq!(bed.admitted(store, &call).await, Admission::Granted);
    let ended = bed.ended(&call, Some("0.1"));
    assert!(!store.settle(other.campaign.tenant, &ended).await.unwrap());
    assert!(store.settle(call.tenant, &ended).await.unwrap());
    let filter = CallFilter {
        campaign: Some(bed.campaign.id),
        task: Some(task.id),
    };
    let page = || PageRequest::first(10);
    let theirs = store
        .model_calls(other.campaign.tenant, filter, page())
        .await
        .unwrap();
    let ours = store
        .model_calls(call.tenant, filter, page())
        .await
        .unwrap();
    assert_eq!((theirs.items.len(), ours.items.len()), (0, 1));
    let seen = store
        .spending(
            other.campaign.tenant,
            Some(bed.campaign.id),
            bed.world.now(),
        )
        .await;
    assert_eq!(seen, Ok(Spending::default()));
}
