//! Lists: every row once, in order, however large the list and the page.

use chimera_domain::{
    change::{Change, NewTask},
    id::CampaignId,
    review::{Review, ReviewState},
    task::{Task, TaskState, TaskStatus, TaskType},
};
use chimera_ports::{
    error::PortError,
    page::{MAX_PAGE_ROWS, Page, PageRequest},
    store::{ReviewFilter, Store, TaskFilter},
};

use super::Bed;
use crate::World;

/// Rows of the long lists: several pages of the largest size, and one row over.
const ROWS: usize = 1_001;

/// Follows the cursors to the end; each page but the last must be full.
async fn follow<T, F>(limit: u32, mut read: impl FnMut(PageRequest) -> F) -> Vec<T>
where
    F: Future<Output = Result<Page<T>, PortError>>,
{
    let mut all = Vec::new();
    let mut page = PageRequest::first(limit);
    loop {
        let found = read(page.clone()).await.unwrap();
        let full = found.items.len() == page.rows() as usize;
        assert!(
            full || found.next.is_none(),
            "a page in the middle is short"
        );
        all.extend(found.items);
        let Some(next) = found.next else { return all };
        page.after = Some(next);
    }
}

/// Tasks, oldest first, of a campaign or of the tenant, all or open ones.
pub async fn tasks_page_without_gap_or_repeat<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut tasks: Vec<Task> = (0..ROWS)
        .map(|at| {
            if at % 7 == 0 {
                bed.world.pass(1);
            }
            bed.world.task(&bed.campaign)
        })
        .collect();
    let new = tasks
        .iter()
        .rev()
        .map(|task| NewTask {
            task: task.clone(),
            needs: Vec::new(),
        })
        .collect();
    store
        .commit(bed.set(vec![Change::AddTasks(new)]))
        .await
        .unwrap();
    let other = bed.world.campaign(&bed.agent);
    store.create_campaign(&other, Vec::new()).await.unwrap();
    for (campaign, limit) in [(Some(bed.campaign.id), 0), (None, 33)] {
        let filter = TaskFilter {
            campaign,
            open_only: false,
            ..TaskFilter::default()
        };
        let found = follow(limit, |page| store.tasks(tenant, filter, page)).await;
        assert_eq!(found, tasks);
    }
    let ended = bed
        .go(store, &tasks[500], TaskState::Failed, Vec::new())
        .await;
    let open_only = TaskFilter {
        campaign: Some(bed.campaign.id),
        open_only: true,
        ..TaskFilter::default()
    };
    tasks.retain(|task| task.id != ended.id);
    let found = follow(MAX_PAGE_ROWS + 1, |page| {
        store.tasks(tenant, open_only, page)
    })
    .await;
    assert_eq!(found, tasks);
    let wanted = |status, task_type| TaskFilter {
        status,
        task_type,
        ..TaskFilter::default()
    };
    let failed = wanted(Some(TaskStatus::Failed), None);
    let found = follow(0, |page| store.tasks(tenant, failed, page)).await;
    assert_eq!(found, vec![ended.clone()]);
    let same = wanted(Some(TaskStatus::Failed), Some(ended.kind.task_type()));
    let found = follow(0, |page| store.tasks(tenant, same, page)).await;
    assert_eq!(found, vec![ended.clone()]);
    let other_type = wanted(None, Some(TaskType::Transaction));
    let found = follow(0, |page| store.tasks(tenant, other_type, page)).await;
    assert_eq!(found, Vec::new());
    let elsewhere = TaskFilter {
        campaign: Some(other.id),
        open_only: false,
        ..TaskFilter::default()
    };
    let found = follow(0, |page| store.tasks(tenant, elsewhere, page)).await;
    assert_eq!(found, Vec::new());
}

/// The open queue by priority then age, the decided ones newest first.
pub async fn reviews_page_by_urgency_then_age<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut reviews: Vec<Review> = Vec::new();
    let tasks: Vec<Task> = (0..ROWS).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let mut changes = Vec::new();
    for (at, task) in (0_u32..).zip(&tasks) {
        let artifact = bed.world.artifact(task);
        let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
        review.priority = (at * 7_919) % 13;
        if at % 5 == 0 {
            bed.world.pass(1);
        }
        if at % 4 == 0 {
            review.state = [ReviewState::Approved, ReviewState::Rejected][(at % 8 / 4) as usize];
            review.decided_at = Some(bed.world.now());
        }
        changes.push(Change::Review {
            review: Box::new(review.clone()),
            expected: None,
        });
        reviews.push(review);
    }
    store.commit(bed.set(changes)).await.unwrap();
    let (mut open, mut decided): (Vec<Review>, Vec<Review>) = reviews
        .into_iter()
        .partition(|review| review.state.is_open());
    open.sort_by_key(|review| {
        (
            std::cmp::Reverse(review.priority),
            review.created_at,
            review.review_id,
        )
    });
    decided.sort_by_key(|review| std::cmp::Reverse((review.decided_at, review.review_id)));
    for campaign in [None, Some(bed.campaign.id)] {
        let filter = ReviewFilter {
            campaign,
            ..ReviewFilter::default()
        };
        let found = follow(0, |page| store.reviews(tenant, filter.clone(), page)).await;
        assert_eq!(found, open);
        let filter = ReviewFilter {
            states: vec![ReviewState::Approved, ReviewState::Rejected],
            campaign,
            ..ReviewFilter::default()
        };
        let found = follow(31, |page| store.reviews(tenant, filter.clone(), page)).await;
        assert_eq!(found, decided);
    }
    let approved = ReviewFilter {
        states: vec![ReviewState::Approved],
        ..ReviewFilter::default()
    };
    decided.retain(|review| review.state == ReviewState::Approved);
    let found = follow(9, |page| store.reviews(tenant, approved.clone(), page)).await;
    assert_eq!(found, decided);
    assert_eq!(store.open_reviews(tenant).await.unwrap(), open.len() as u64);
    let nowhere = ReviewFilter {
        campaign: Some(CampaignId::from_uuid(bed.world.uuid())),
        ..ReviewFilter::default()
    };
    let found = follow(0, |page| store.reviews(tenant, nowhere.clone(), page)).await;
    assert_eq!(found, Vec::new());
}

/// The other lists: newest first, or by name.
pub async fn campaigns_effects_and_agents_page<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut campaigns = vec![bed.campaign.clone()];
    let mut agents = vec![bed.agent.clone()];
    let mut effects = Vec::new();
    for name in ["zoe", "Ada", "bo", "ann"] {
        bed.world.pass(1);
        let (agent, persona) = bed.world.agent(name);
        store
            .create_agent(&agent, &persona, Vec::new())
            .await
            .unwrap();
        let campaign = bed.world.campaign(&agent);
        store.create_campaign(&campaign, Vec::new()).await.unwrap();
        let task = bed.ready_task(store).await;
        let artifact = bed.world.artifact(&task);
        let effect = bed.world.effect(&artifact);
        let change = Change::Effect {
            effect: Box::new(effect.clone()),
            expected: None,
        };
        bed.go(store, &task, task.state.clone(), vec![change]).await;
        campaigns.push(campaign);
        agents.push(agent);
        effects.push(effect);
    }
    campaigns.reverse();
    effects.reverse();
    agents.sort_by(|one, two| one.name.cmp(&two.name));
    let found = follow(2, |page| store.campaigns(tenant, None, page)).await;
    assert_eq!(found, campaigns);
    let drafts = Some(chimera_domain::campaign::CampaignStatus::Draft);
    let found = follow(2, |page| store.campaigns(tenant, drafts, page)).await;
    assert_eq!(found, Vec::new());
    for campaign in [None, Some(bed.campaign.id)] {
        let found = follow(3, |page| store.effects(tenant, campaign, page)).await;
        assert_eq!(found, effects);
    }
    let found = follow(2, |page| store.agents(tenant, page)).await;
    assert_eq!(found, agents);
}

/// Text that is no cursor of the list is said to be none.
pub async fn a_foreign_cursor_is_refused<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    for after in ["nonsense", "", "5b5d", "' OR 1=1 --"] {
        let page = PageRequest {
            after: Some(after.to_owned()),
            limit: 5,
        };
        let refused = store
            .reviews(tenant, ReviewFilter::default(), page.clone())
            .await;
        assert!(matches!(refused, Err(PortError::Invalid(_))), "{after}");
        let refused = store.tasks(tenant, TaskFilter::default(), page).await;
        assert!(matches!(refused, Err(PortError::Invalid(_))), "{after}");
    }
}
