//! Calls that are reserved and settled at the same moment: each is treated as if it had come alone.

use chimera_domain::{
    campaign::Campaign,
    id::{AttemptId, CallId, CampaignId},
    money::Usd,
    spend::{Admission, CallOutcome, CallRole, ModelCall, Reservation, Settlement, Spending},
    time::Timestamp,
};
use chimera_ports::{error::PortError, store::Store};
use futures::future::join_all;

use super::{Bed, usd};
use crate::World;

/// Calls of several campaigns, steps, runs and days, as many as no statement takes at once.
const MANY: usize = 150;

impl Bed {
    async fn asked<S: Store>(&self, store: &S, calls: &[Reservation]) -> Vec<Admission> {
        join_all(calls.iter().map(|call| self.admitted(store, call))).await
    }

    async fn another_campaign<S: Store>(&self, store: &S) -> Campaign {
        let campaign = self.world.campaign(&self.agent);
        store.create_campaign(&campaign, Vec::new()).await.unwrap();
        campaign
    }
}

/// Reserved together and settled together, every call has its line, and sums are those of the lines.
pub async fn many_calls_at_once_each_have_their_line<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = bed.another_campaign(store).await;
    let task = bed.ready_task(store).await;
    let calls: Vec<Reservation> = (0..MANY)
        .map(|at| {
            if at == MANY / 2 {
                bed.world.pass(24 * 60 * 60);
            }
            let call = bed.call(task.id, Some("0.02"));
            match at % 4 {
                0 => Reservation {
                    campaign: None,
                    role: CallRole::Probe,
                    ..call
                },
                1 => Reservation {
                    campaign: Some(other.id),
                    ..call
                },
                2 => Reservation {
                    bound: None,
                    ..call
                },
                _ => call,
            }
        })
        .collect();
    assert_eq!(bed.asked(store, &calls).await, [Admission::Granted; MANY]);
    let ends: Vec<Settlement> = calls
        .iter()
        .enumerate()
        .map(|(at, call)| {
            if at % 5 == 0 {
                return Settlement {
                    outcome: CallOutcome::TimedOut,
                    fault: Some("MODEL_TIMEOUT".to_owned()),
                    tokens: None,
                    ..bed.ended(call, None)
                };
            }
            bed.ended(call, Some("0.01"))
        })
        .collect();
    let settle = |end| store.settle(bed.campaign.tenant, end);
    let settled = join_all(ends.iter().map(settle)).await;
    assert_eq!(settled, vec![Ok(true); MANY]);
    let mut lines = bed.lines(store).await;
    // Keys are minted in order; who comes first to the writer is nobody's promise.
    lines.sort_by_key(|line| line.id);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.id, line.campaign, line.outcome, line.cost))
        .collect();
    let expected: Vec<_> = calls
        .iter()
        .zip(&ends)
        .map(|(call, end)| (call.id, call.campaign, end.outcome, end.cost))
        .collect();
    assert_eq!(told, expected);
    for day in [calls[0].started_at, bed.world.now()] {
        for campaign in [None, Some(bed.campaign.id), Some(other.id)] {
            let found = store.spending(bed.campaign.tenant, campaign, day).await;
            let sum = spent(&lines, campaign, day);
            assert_eq!(found, Ok(sum), "{day} {campaign:?}");
        }
    }
}

/// The sum of the lines of a day, of one campaign or of all.
fn spent(lines: &[ModelCall], campaign: Option<CampaignId>, day: Timestamp) -> Spending {
    let mut sum = Spending::default();
    for line in lines {
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
    sum
}

/// Calls that ask for the last of a step's cap, or of a run's, at the same moment do not both get it.
pub async fn caps_of_steps_and_runs_bind_calls_at_once<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks = [bed.ready_task(store).await, bed.ready_task(store).await];
    let run = AttemptId::from_uuid(bed.world.uuid());
    let capped = |task| Reservation {
        cap: Some(usd("0.1")),
        ..bed.call(task, Some("0.04"))
    };
    let alone = || Reservation {
        campaign: None,
        task: None,
        attempt: Some(run),
        ..capped(tasks[0].id)
    };
    bed.made(store, &capped(tasks[1].id), Some("0.03")).await;
    // In turns, so that each call stands beside one of another purse.
    let calls: Vec<Reservation> = (0..24)
        .flat_map(|_| [capped(tasks[0].id), capped(tasks[1].id), alone()])
        .collect();
    let admitted = bed.asked(store, &calls).await;
    let of =
        |at: usize| -> Vec<Admission> { admitted.iter().skip(at).step_by(3).copied().collect() };
    // Of 0.1: two of 0.04; where 0.03 are spent, one.
    for (at, granted) in [(0, 2), (1, 1), (2, 2)] {
        let mut expected = vec![Admission::Granted; granted];
        expected.resize(24, Admission::Busy);
        let mut found = of(at);
        found.sort_unstable_by_key(|admission| *admission != Admission::Granted);
        assert_eq!(found, expected, "purse {at}");
    }
}

/// When many find the day used up at the same moment, people are told once.
pub async fn many_that_find_the_day_used_up_tell_of_it_once<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    bed.budget(store, "1").await;
    let task = bed.ready_task(store).await;
    bed.made(store, &bed.call(task.id, Some("1")), Some("1"))
        .await;
    let before = store.last_event(bed.campaign.tenant).await.unwrap();
    let calls: Vec<Reservation> = (0..20).map(|_| bed.call(task.id, Some("0.1"))).collect();
    let notes = || super::days::told(&bed);
    let asked = join_all(calls.iter().map(|call| store.reserve(call, &notes))).await;
    let told: Vec<u64> = asked.into_iter().map(|asked| asked.unwrap().told).collect();
    let mut expected = vec![0; 19];
    expected.push(before + 1);
    let mut found = told;
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// A call that cannot be reserved is refused alone: one of a campaign that is not there, one whose key is taken.
pub async fn a_call_that_does_not_fit_fails_alone<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let taken = bed.call(task.id, Some("0.01"));
    assert_eq!(bed.admitted(store, &taken).await, Admission::Granted);
    let nowhere = chimera_domain::id::CampaignId::from_uuid(bed.world.uuid());
    let calls: Vec<Reservation> = (0..20)
        .map(|at| {
            let call = bed.call(task.id, Some("0.01"));
            match at {
                5 => Reservation {
                    id: taken.id,
                    ..call
                },
                11 => Reservation {
                    campaign: Some(nowhere),
                    ..call
                },
                _ => call,
            }
        })
        .collect();
    let asked = join_all(calls.iter().map(|call| store.reserve(call, &Vec::new))).await;
    for (at, asked) in asked.iter().enumerate() {
        match (at, asked) {
            (5, asked) => assert!(
                matches!(asked, Err(PortError::Conflict { .. })),
                "{asked:?}"
            ),
            (11, asked) => assert_eq!(*asked, Err(PortError::not_found("campaign", nowhere))),
            (_, asked) => assert_eq!(asked.as_ref().unwrap().admission, Admission::Granted),
        }
    }
    assert_eq!(
        bed.today(store).await.reserved,
        usd("0.19"),
        "what was granted, once each"
    );
}

/// A caller that goes away settles what it has just asked for, perhaps twice: the call is reserved first, ends once and
/// nothing stays set aside.
pub async fn a_call_asked_for_and_given_up_at_once_ends_once<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let calls: Vec<Reservation> = (0..10).map(|_| bed.call(task.id, Some("0.1"))).collect();
    let tenant = bed.campaign.tenant;
    let lives = calls.iter().map(|call| async {
        let given_up = Settlement {
            outcome: CallOutcome::Refused,
            tokens: None,
            ..bed.ended(call, Some("0"))
        };
        let (asked, first, second) = futures::join!(
            store.reserve(call, &Vec::new),
            store.settle(tenant, &given_up),
            store.settle(tenant, &given_up),
        );
        (asked.unwrap().admission, first, second)
    });
    let lived = join_all(lives).await;
    assert_eq!(lived, vec![(Admission::Granted, Ok(true), Ok(false)); 10]);
    let ids: Vec<CallId> = bed
        .lines(store)
        .await
        .into_iter()
        .map(|line| line.id)
        .collect();
    assert_eq!(ids.len(), 10);
    let today = Spending {
        calls: 10,
        ..Spending::default()
    };
    assert_eq!(bed.today(store).await, today);
    assert_eq!(today.reserved, Usd::ZERO);
}
