//! How long the review queue takes to open, page and filter, and a claim to be stored, with many items waiting.
//! Prints, asserts nothing.
//!
//! `cargo run --release -p chimera-store --example queue -- [reviews]`
#![expect(clippy::print_stdout, reason = "it prints what it measures")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails should say so loudly"
)]

use std::time::Instant;

use chimera_domain::{change::Change, review::Claim, time::Span};
use chimera_ports::{
    page::PageRequest,
    store::{Boards, ReviewFilter, Reviews},
};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};

/// Reviews that are made in one commit.
const MADE_AT_ONCE: u32 = 1_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let reviews: u32 = std::env::args()
        .nth(1)
        .map_or(100_000, |arg| arg.parse().unwrap());
    let folder = tempfile::tempdir_in(".").unwrap();
    let options = StoreOptions::at(folder.path().join("chimera.db"));
    let store = SqliteStore::open(options).await.unwrap();
    let bed = Bed::in_store(&store, World::default()).await;
    for batch in 0..reviews / MADE_AT_ONCE {
        make(&store, &bed, batch).await;
    }
    pages(&store, &bed).await;
    single(&store, &bed).await;
    store.close().await.unwrap();
}

/// The list, whole and filtered.
async fn pages(store: &SqliteStore, bed: &Bed) {
    let tenant = bed.campaign.tenant;
    let all = ReviewFilter::default();
    let sensitive = ReviewFilter {
        sensitive_only: true,
        ..all.clone()
    };
    let unsure = ReviewFilter {
        below_basis_points: Some(50),
        ..all.clone()
    };
    let of_campaign = ReviewFilter {
        campaign: Some(bed.campaign.id),
        ..all.clone()
    };
    for (name, filter) in [
        ("all", all),
        ("sensitive, one in a thousand", sensitive),
        ("score below 0.005", unsure),
        ("of the campaign", of_campaign),
    ] {
        let began = Instant::now();
        let page = store
            .reviews(tenant, filter.clone(), PageRequest::first(50))
            .await
            .unwrap();
        println!(
            "{name}: {} of the first page in {:?}",
            page.items.len(),
            began.elapsed()
        );
        let Some(mut after) = page.next else { continue };
        let began = Instant::now();
        for _ in 0..20 {
            let page = PageRequest {
                after: Some(after.clone()),
                limit: 50,
            };
            let found = store.reviews(tenant, filter.clone(), page).await.unwrap();
            let Some(next) = found.next else { break };
            after = next;
        }
        println!("{name}: twenty more pages in {:?}", began.elapsed());
    }
}

/// Counts and a claim.
async fn single(store: &SqliteStore, bed: &Bed) {
    let tenant = bed.campaign.tenant;
    let began = Instant::now();
    let open = store.open_reviews(tenant).await.unwrap();
    println!("{open} counted in {:?}", began.elapsed());
    let first = store
        .reviews(tenant, ReviewFilter::default(), PageRequest::first(1))
        .await
        .unwrap();
    let by = bed.user.id;
    let now = bed.world.now();
    let claim = Claim {
        by,
        until: now + Span::seconds(60),
    };
    let began = Instant::now();
    let version = bed.world.version();
    let id = first.items[0].review_id;
    store
        .claim_review(tenant, id, by, Some(claim), now, version)
        .await
        .unwrap();
    println!("claimed in {:?}", began.elapsed());
    let began = Instant::now();
    let counts = store.fleet_counts(tenant, now).await.unwrap();
    println!(
        "fleet of {} open tasks counted in {:?}",
        counts.tasks_ready,
        began.elapsed()
    );
}

async fn make(store: &SqliteStore, bed: &Bed, batch: u32) {
    let tasks: Vec<_> = (0..MADE_AT_ONCE)
        .map(|_| bed.world.task(&bed.campaign))
        .collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let changes = (0..MADE_AT_ONCE)
        .zip(&tasks)
        .map(|(at, task)| {
            let artifact = bed.world.artifact(task);
            let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
            review.priority = (at * 7_919 + batch) % 100;
            let points = u16::try_from(at * 10).unwrap();
            review.confidence_score =
                chimera_domain::confidence::Confidence::from_basis_points(points);
            if at != 500 {
                review.findings.clear();
            }
            Change::Review {
                review: Box::new(review),
                expected: None,
            }
        })
        .collect();
    bed.world.pass(1);
    store.commit(bed.set(changes)).await.unwrap();
}
