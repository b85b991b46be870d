//! The campaign's budget of the day: what holds when it is used up, and that nobody passes it together.

use chimera_domain::{
    change::{Alert, Change},
    id::AlertId,
    money::Usd,
    spend::{Admission, BudgetStop, Reservation, next_day},
    task::{Task, TaskState},
};
use chimera_ports::{page::PageRequest, store::Store};
use futures::future::join_all;

use super::{Bed, usd};
use crate::World;

impl Bed {
    /// The campaign with another budget of the day.
    pub(super) async fn budget<S: Store>(&mut self, store: &S, budget: &str) {
        let set = self.change(|campaign| campaign.daily_budget = usd(budget), Vec::new());
        store.commit(set).await.unwrap();
    }
}

pub(super) fn told(bed: &Bed) -> Vec<Change> {
    vec![
        Change::Alert(Alert {
            id: AlertId::from_uuid(bed.world.uuid()),
            tenant: bed.campaign.tenant,
            code: "DAILY_BUDGET_EXHAUSTED".to_owned(),
            title: "Used up".to_owned(),
            detail: "Wait.".to_owned(),
            campaign: Some(bed.campaign.id),
            task: None,
            created_at: bed.world.now(),
            acknowledged_at: None,
        }),
        Change::Event(bed.world.event(&bed.world.task(&bed.campaign))),
    ]
}

/// With its budget used up a campaign has nothing due, people are told once, and the next day or more money ends it.
pub async fn a_used_up_day_holds_until_the_next_or_a_higher_budget<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    bed.budget(store, "1").await;
    let tasks = [bed.ready_task(store).await, bed.ready_task(store).await];
    let artifact = bed.world.artifact(&tasks[1]);
    let judging = TaskState::Judging {
        artifact: artifact.artifact_id,
        state_version: 1,
        lease_until: None,
    };
    let changes = vec![Change::Artifact(Box::new(artifact))];
    bed.go(store, &tasks[1], judging, changes).await;
    bed.made(store, &bed.call(tasks[0].id, Some("0.8")), Some("0.8"))
        .await;
    let before = (bed.world.now(), store.last_event(tenant).await.unwrap());
    let stop = BudgetStop {
        until: next_day(before.0),
        budget: usd("1"),
        spent: usd("0.8"),
    };
    let call = bed.call(tasks[0].id, Some("0.3"));
    let refused = store.reserve(&call, &|| told(&bed)).await.unwrap();
    assert_eq!(refused.admission, Admission::DaySpent(stop));
    assert_eq!(refused.told, before.1 + 1);
    let again = store.reserve(&call, &|| told(&bed)).await.unwrap();
    assert_eq!(
        (again.admission, again.told),
        (Admission::DaySpent(stop), 0),
        "told once"
    );
    let alerts = store
        .alerts(tenant, PageRequest::first(10))
        .await
        .unwrap()
        .items;
    assert_eq!(alerts.len(), 1);
    assert_eq!(due(store, before.0).await, (0, 0));
    let id = bed.campaign.id;
    assert_eq!(
        store.budget_stop(tenant, id, before.0).await.unwrap(),
        Some(stop)
    );
    assert_eq!(
        store.next_due(before.0).await.unwrap(),
        Some(stop.until),
        "the next day is looked at"
    );
    // The next day.
    assert_eq!(due(store, stop.until).await, (1, 1));
    assert_eq!(
        store.budget_stop(tenant, id, stop.until).await.unwrap(),
        None
    );
    // More money on the same day; less of it does not lift the stop.
    bed.budget(store, "0.9").await;
    assert_eq!(due(store, before.0).await, (0, 0));
    bed.budget(store, "1.1").await;
    assert_eq!(due(store, before.0).await, (1, 1));
    assert_eq!(store.budget_stop(tenant, id, before.0).await.unwrap(), None);
    assert_eq!(bed.admitted(store, &call).await, Admission::Granted);
}

/// Ready and unjudged tasks that are due.
async fn due<S: Store>(store: &S, at: chimera_domain::time::Timestamp) -> (usize, usize) {
    (
        store.ready_tasks(at, 10).await.unwrap().len(),
        store.unjudged_tasks(at, 10).await.unwrap().len(),
    )
}

/// Sixty-four workers that ask at once get no more than there is, whatever their calls cost in the end.
pub async fn sixty_four_calls_at_once_do_not_overspend<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    bed.budget(store, "1").await;
    let task: Task = bed.ready_task(store).await;
    let calls: Vec<Reservation> = (0..64).map(|_| bed.call(task.id, Some("0.09"))).collect();
    let admitted = join_all(calls.iter().map(|call| bed.admitted(store, call))).await;
    let granted: Vec<&Reservation> = calls
        .iter()
        .zip(&admitted)
        .filter(|(_, admission)| **admission == Admission::Granted)
        .map(|(call, _)| call)
        .collect();
    assert_eq!(granted.len(), 11, "0.99 of 1");
    assert_eq!(
        admitted
            .iter()
            .filter(|admission| **admission == Admission::Busy)
            .count(),
        53
    );
    join_all(granted.iter().map(|call| async {
        let ended = bed.ended(call, Some("0.09"));
        store.settle(call.tenant, &ended).await.unwrap()
    }))
    .await;
    let spent = bed.today(store).await;
    assert_eq!(
        (spent.cost, spent.reserved, spent.calls),
        (usd("0.99"), Usd::ZERO, 11)
    );
}
