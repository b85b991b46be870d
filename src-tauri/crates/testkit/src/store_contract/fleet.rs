//! The gauge of a fleet, the work of its agents, and what waits for people: all of it counted, however much it is.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::{Alert, Change},
    id::AgentId,
    money::Usd,
    review::Review,
    task::{Task, TaskKind, TaskState},
    time::Span,
};
use chimera_ports::{
    page::MAX_PAGE_ROWS,
    store::{AgentWork, FleetCounts, Store, WaitingCounts},
};

use super::Bed;
use crate::World;

/// More than one page holds.
const MANY: u32 = MAX_PAGE_ROWS + 1;

/// One task in a worker's hands, two before judges (one of another agent), one ready; a review, an effect.
async fn busy_fleet<S: Store>(store: &S, bed: &Bed) {
    let tasks: Vec<Task> = (0..4).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let (judged, persona) = bed.world.agent("judged");
    store
        .create_agent(&judged, &persona, Vec::new())
        .await
        .unwrap();
    let (working, attempt) = bed.world.working(&bed.campaign, &tasks[0]);
    bed.go(store, &tasks[0], working, vec![Change::Attempt(attempt)])
        .await;
    for (task, agent, lease) in [
        (&tasks[1], bed.agent.id, None),
        (&tasks[2], judged.id, Some(bed.world.now())),
    ] {
        let artifact = bed.world.artifact(task);
        let after = Task {
            agent,
            state: TaskState::Judging {
                artifact: artifact.artifact_id,
                state_version: 1,
                lease_until: lease,
            },
            ..task.clone()
        };
        let changes = vec![Change::Artifact(Box::new(artifact))];
        let set = bed.world.step(&bed.campaign, task, after, changes);
        store.commit(set).await.unwrap();
    }
    let artifact = bed.world.artifact(&tasks[3]);
    let review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    let effect = bed.world.effect(&artifact);
    let changes = vec![
        Change::Review {
            review: Box::new(review),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(effect),
            expected: None,
        },
    ];
    store.commit(bed.set(changes)).await.unwrap();
}

/// The gauge of the whole tenant.
pub async fn the_fleet_is_counted<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let since = bed.world.now();
    busy_fleet(store, &bed).await;
    let expected = FleetCounts {
        agents: 2,
        agents_planning: 0,
        agents_working: 1,
        agents_judging: 1,
        tasks_ready: 1,
        tasks_working: 1,
        tasks_judging: 2,
        reviews_open: 1,
        effects_held: 1,
        campaigns_active: 1,
        active_budgets: bed.campaign.daily_budget,
        alerts_open: 0,
        // What an artifact says of its cost is not the ledger's.
        active_cost: Usd::ZERO,
        model_cost: Usd::ZERO,
        unpriced_calls: 0,
    };
    assert_eq!(
        store.fleet_counts(tenant, since, &[]).await.unwrap(),
        expected
    );
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let counts = store.fleet_counts(other.campaign.tenant, since, &[]).await;
    assert_eq!(
        counts.unwrap(),
        FleetCounts {
            agents: 1,
            campaigns_active: 1,
            active_budgets: other.campaign.daily_budget,
            ..FleetCounts::default()
        }
    );
}

/// A task in the hands of a worker.
async fn begin<S: Store>(store: &S, bed: &Bed, task: &Task) -> Task {
    let (working, attempt) = bed.world.working(&bed.campaign, task);
    bed.go(store, task, working, vec![Change::Attempt(attempt)])
        .await
}

fn many_tasks(bed: &Bed) -> Vec<Task> {
    (0..MANY).map(|_| bed.world.task(&bed.campaign)).collect()
}

async fn work<S: Store>(store: &S, bed: &Bed, agents: &[AgentId]) -> Vec<AgentWork> {
    let found = store.agent_work(bed.campaign.tenant, agents, 2).await;
    found.unwrap()
}

/// Planning anew is planning, and so is planning for the first time; no agent counts twice.
pub async fn an_agent_that_plans_is_counted_once<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let write = bed.world.task(&bed.campaign);
    let replan = Task {
        kind: TaskKind::Replan,
        ..bed.world.task(&bed.campaign)
    };
    bed.add(store, &[(&write, &[]), (&replan, &[])]).await;
    begin(store, &bed, &write).await;
    let of = async |planning: &[AgentId]| {
        let since = bed.world.now();
        let found = store.fleet_counts(tenant, since, planning).await.unwrap();
        (found.agents_planning, found.agents_working)
    };
    assert_eq!(of(&[]).await, (0, 1));
    assert_eq!(of(&[bed.agent.id]).await, (1, 0), "a first plan");
    bed.world.pass(1);
    begin(store, &bed, &replan).await;
    bed.world.pass(1);
    assert_eq!(of(&[]).await, (1, 0), "a plan anew");
    assert_eq!(of(&[bed.agent.id]).await, (1, 0), "both at once");
    let foreign = Bed::in_store(store, bed.world.other_tenant()).await;
    assert_eq!(of(&[foreign.agent.id]).await, (1, 0), "not of this tenant");
    let found = work(store, &bed, &[bed.agent.id]).await;
    let kinds: Vec<TaskKind> = found[0].in_hand.iter().map(|task| task.kind).collect();
    assert_eq!(kinds, [TaskKind::Replan, TaskKind::GenerateCaption]);
}

/// The last of many is as well known as the first.
pub async fn the_work_of_an_agent_is_counted_however_much_there_is<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks = many_tasks(&bed);
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    bed.world.pass(1);
    let (other, persona) = bed.world.agent("idle");
    store
        .create_agent(&other, &persona, Vec::new())
        .await
        .unwrap();
    let last = begin(store, &bed, tasks.last().unwrap()).await;
    let foreign = Bed::in_store(store, bed.world.other_tenant()).await;
    let asked = [bed.agent.id, other.id, foreign.agent.id];
    let mut found = work(store, &bed, &asked).await;
    found.sort_by_key(|work| work.open);
    let of = |agent, open, in_hand| AgentWork {
        agent,
        open,
        in_hand,
    };
    assert_eq!(
        found,
        [
            of(other.id, 0, vec![]),
            of(bed.agent.id, u64::from(MANY), vec![last])
        ]
    );
    for task in &tasks[..3] {
        bed.world.pass(1);
        begin(store, &bed, task).await;
    }
    let found = work(store, &bed, &[bed.agent.id]).await;
    let shown: Vec<_> = found[0].in_hand.iter().map(|task| task.id).collect();
    assert_eq!(shown, [tasks[2].id, tasks[1].id], "the newest, at most two");
}

/// What is due is counted whatever its rank, and alerts and drafts beyond a page are too.
pub async fn what_waits_is_counted_however_much_there_is<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (tenant, now) = (bed.campaign.tenant, bed.world.now());
    let tasks = many_tasks(&bed);
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let soon = now + Span::seconds(60 * 60);
    let reviews = tasks.iter().enumerate().map(|(index, task)| {
        let artifact = bed.world.artifact(task);
        let review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
        // Only the last of the queue is due.
        let expires_at = if index + 1 == tasks.len() {
            soon
        } else {
            soon + Span::seconds(1)
        };
        Change::Review {
            review: Box::new(Review {
                expires_at,
                created_at: now + Span::seconds(index.try_into().unwrap()),
                ..review
            }),
            expected: None,
        }
    });
    store.commit(bed.set(reviews.collect())).await.unwrap();
    let alert = |acknowledged_at| {
        Change::Alert(Alert {
            acknowledged_at,
            ..bed.world.alert("X")
        })
    };
    let unseen = (0..MANY).map(|_| alert(None));
    let seen = (0..MANY).map(|_| alert(Some(now)));
    store
        .append(tenant, unseen.chain(seen).collect())
        .await
        .unwrap();
    for _ in 0..MANY {
        let draft = Campaign {
            status: CampaignStatus::Draft,
            ..bed.world.campaign(&bed.agent)
        };
        store.create_campaign(&draft, Vec::new()).await.unwrap();
    }
    let all = u64::from(MANY);
    assert_eq!(
        store.waiting_counts(tenant, soon).await.unwrap(),
        WaitingCounts {
            reviews: all,
            reviews_due: 1,
            alerts: all,
            drafts: all,
        }
    );
    let counts = store.fleet_counts(tenant, now, &[]).await.unwrap();
    assert_eq!(
        (counts.alerts_open, counts.active_budgets),
        (all, bed.campaign.daily_budget),
        "drafts have no budget that runs"
    );
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    assert_eq!(
        store
            .waiting_counts(other.campaign.tenant, soon)
            .await
            .unwrap(),
        WaitingCounts::default()
    );
}
