//! The review list with 100,000 items: through the API's router on a real file, and the bare SQL beside it.
//!
//! The items are made through the store, so that every index and trigger has its say.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, ensure};
use chimera_boot::{Chimera, KeychainSetting, Settings};
use chimera_domain::{change::Change, confidence::Confidence};
use chimera_door::inside::InsideCaller;
use chimera_ports::{
    clock::Clock,
    store::{Boards, Campaigns, People, Personas},
};
use chimera_store::{SqliteStore, StoreOptions};
use chimera_testkit::{World, store_contract::Bed};
use serde_json::Value;
use sqlx::{ConnectOptions, Row, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    Options,
    figure::Figure,
    folder, records,
    series::{Series, exponent},
};

const BENCH: &str = "reviews";
/// Items of the list.
const REVIEWS: usize = 100_000;
/// Items that are made in one commit.
const MADE_AT_ONCE: usize = 1_000;
/// Rows of a page.
const PAGE: usize = 50;
/// Requests of each kind.
const REQUESTS: usize = 300;
/// One in so many is sensitive.
const SENSITIVE_ONE_IN: usize = 1_000;
/// The account in whose name the machine's own caller acts.
const OPERATOR: &str = "operator@localhost";
const QUEUE: &str = "SELECT * FROM reviews WHERE is_open = 1 AND tenant_id = ?1 \
    AND (rank, created_at, id) > (?2, ?3, ?4) ORDER BY rank, created_at, id LIMIT ?5";

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

async fn measure(options: Options) -> Result<()> {
    let folder = folder()?;
    let chimera = Chimera::open(settings(folder.path())).await?;
    let world = World {
        tenant: chimera.tenant(),
        ..World::of_family(7)
    };
    world.clock.jump(chimera_boot::SystemClock.now());
    leave(chimera).await;
    let sizes = [REVIEWS / 100, REVIEWS / 10, REVIEWS].map(|size| options.amount(size));
    let mut bed = None;
    let (mut there, mut points) = (0, Vec::new());
    for size in sizes {
        bed = Some(fill(folder.path(), &world, bed, there, size).await?);
        there = size;
        let chimera = Chimera::open(settings(folder.path())).await?;
        let list = List {
            caller: chimera.caller(),
            requests: options.amount(REQUESTS),
        };
        points.push((size, list.timed("").await?.median()));
        if size == sizes[2] {
            let bare = Bare::open(folder.path(), chimera.tenant().to_string(), size).await?;
            whole(&list, bare, size).await?;
        }
        drop(list);
        leave(chimera).await;
    }
    let grows = exponent(&points);
    Figure::new(
        BENCH,
        "growth of the first page with the list",
        grows,
        "exponent",
    )
    .goal("never worse than n log n", grows < 1.2)
    .note(format!("{} to {} items", sizes[0], sizes[2]))
    .print();
    Ok(())
}

/// Everything about the full list.
async fn whole(list: &List, mut bare: Bare, size: usize) -> Result<()> {
    let deep = list.cursor_at(size * 9 / 10).await?;
    let (mut first_bare, mut deep_bare) = (Series::default(), Series::default());
    for _ in 0..list.requests {
        first_bare.push_ms(bare.page(false).await?);
        deep_bare.push_ms(bare.page(true).await?);
    }
    let first = list.timed("").await?;
    let further = list.timed(&format!("&after={deep}")).await?;
    let few = list.timed("&sensitive=true").await?;
    let cards = list.cards().await?;
    let pairs = [
        ("first page", &first, Some(&first_bare)),
        ("page at nine tenths", &further, Some(&deep_bare)),
        ("filtered to one in a thousand", &few, None),
        ("one item with all that a decision needs", &cards, None),
    ];
    for (what, ours, bare) in pairs {
        let name = format!("{what}: p50");
        let figure = Figure::new(BENCH, &name, ours.median(), "ms");
        match bare {
            Some(bare) => {
                let peer = format!("{what}, bare SQL: p50");
                figure.beside(&peer).print();
                Figure::new(BENCH, peer, bare.median(), "ms")
                    .note("the same rows by the same index, not decoded, no names, no JSON")
                    .print();
            }
            None => figure.print(),
        }
        let p99 = ours.quantile(0.99);
        Figure::new(BENCH, format!("{what}: p99"), p99, "ms")
            .goal(
                "P14 ≤ 100 ms at p95, there of 1,000,000",
                ours.quantile(0.95) <= 100.0,
            )
            .print();
    }
    Ok(())
}

/// Takes it down, and lets its files go.
async fn leave(chimera: Chimera) {
    chimera.shut_down().await;
}

fn settings(folder: &Path) -> Settings {
    Settings {
        data_dir: folder.to_owned(),
        // The keychain of whoever measures is theirs.
        keychain: KeychainSetting::None,
        ..Settings::default()
    }
}

/// Brings the list from `there` to `size` items.
async fn fill(
    folder: &Path,
    world: &World,
    bed: Option<Bed>,
    there: usize,
    size: usize,
) -> Result<Bed> {
    let store = SqliteStore::open(StoreOptions::at(folder.join("chimera.db"))).await?;
    let bed = match bed {
        Some(bed) => bed,
        None => furnish(&store, world).await?,
    };
    let mut made = there;
    while made < size {
        let count = MADE_AT_ONCE.min(size - made);
        make(&store, &bed, made, count).await?;
        made += count;
    }
    store.close().await?;
    Ok(bed)
}

/// An agent with a campaign, of the person at this machine.
async fn furnish(store: &SqliteStore, world: &World) -> Result<Bed> {
    let user = store.user_by_email(OPERATOR).await?;
    let user = user.context("nobody is at this machine")?;
    let (agent, persona) = world.agent("mara");
    store.create_agent(&agent, &persona, Vec::new()).await?;
    let mut campaign = world.campaign(&agent);
    campaign.owner = user.id;
    store.create_campaign(&campaign, Vec::new()).await?;
    Ok(Bed {
        world: world.clone(),
        user,
        agent,
        campaign,
    })
}

async fn make(store: &SqliteStore, bed: &Bed, from: usize, count: usize) -> Result<()> {
    let tasks: Vec<_> = (0..count)
        .map(|_| records::task(&bed.world, &bed.campaign))
        .collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let mut changes = Vec::with_capacity(2 * count);
    for (at, task) in (from..).zip(&tasks) {
        let artifact = records::artifact(&bed.world, task, None);
        let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
        review.priority = u32::try_from(at * 7_919 % 100)?;
        review.confidence_score = Confidence::from_basis_points(u16::try_from(at * 31 % 10_000)?);
        if !at.is_multiple_of(SENSITIVE_ONE_IN) {
            review.findings.clear();
        }
        changes.push(Change::Artifact(Box::new(artifact)));
        changes.push(Change::Review {
            review: Box::new(review),
            expected: None,
        });
    }
    bed.world.pass(1);
    store.commit(bed.set(changes)).await?;
    Ok(())
}

/// The list through the router, as a person's console asks for it.
struct List {
    caller: InsideCaller,
    requests: usize,
}

impl List {
    async fn ask(&self, path: &str) -> Result<Value> {
        let answer = self.caller.request("GET", path, None, None).await?;
        ensure!(answer.status == 200, "{path} answered {answer:?}");
        Ok(answer.body)
    }

    async fn timed(&self, query: &str) -> Result<Series> {
        let path = format!("/api/v1/reviews?limit={PAGE}{query}");
        let mut times = Series::default();
        self.ask(&path).await?;
        for _ in 0..self.requests {
            let began = Instant::now();
            let page = self.ask(&path).await?;
            times.push_ms(began.elapsed());
            ensure!(page["items"].as_array().is_some(), "a page without items");
        }
        Ok(times)
    }

    /// The cursor of a page so deep in the list, by walking there as a person would.
    async fn cursor_at(&self, depth: usize) -> Result<String> {
        let (mut seen, mut after) = (0, String::new());
        while seen < depth {
            let page = self
                .ask(&format!("/api/v1/reviews?limit=200{after}"))
                .await?;
            seen += page["items"].as_array().context("no items")?.len();
            let next = page["next"].as_str().context("the list ended early")?;
            after = format!("&after={next}");
        }
        Ok(after.split_off("&after=".len()))
    }

    /// Cards of the items of a page, one after another, as somebody who decides opens them.
    async fn cards(&self) -> Result<Series> {
        let page = self.ask(&format!("/api/v1/reviews?limit={PAGE}")).await?;
        let ids: Vec<&str> = page["items"]
            .as_array()
            .context("no items")?
            .iter()
            .filter_map(|item| item["id"].as_str().or_else(|| item["review"].as_str()))
            .collect();
        ensure!(!ids.is_empty(), "items without an id: {}", page["items"][0]);
        let mut times = Series::default();
        for at in 0..self.requests {
            let path = format!("/api/v1/reviews/{}", ids[at % ids.len()]);
            let began = Instant::now();
            self.ask(&path).await?;
            times.push_ms(began.elapsed());
        }
        Ok(times)
    }
}

/// The same file, read with nothing around it.
struct Bare {
    conn: SqliteConnection,
    tenant: String,
    deep: (i64, i64, String),
}

impl Bare {
    async fn open(folder: &Path, tenant: String, size: usize) -> Result<Self> {
        let mut conn = SqliteConnectOptions::new()
            .filename(folder.join("chimera.db"))
            .read_only(true)
            .disable_statement_logging()
            .connect()
            .await?;
        let deep = sqlx::query_as(
            "SELECT rank, created_at, id FROM reviews WHERE is_open = 1 AND tenant_id = ?1 \
             ORDER BY rank, created_at, id LIMIT 1 OFFSET ?2",
        )
        .bind(&tenant)
        .bind(i64::try_from(size * 9 / 10)?)
        .fetch_one(&mut conn)
        .await?;
        Ok(Self { conn, tenant, deep })
    }

    async fn page(&mut self, is_deep: bool) -> Result<std::time::Duration> {
        let (rank, created_at, id) = if is_deep {
            self.deep.clone()
        } else {
            (i64::MIN, i64::MIN, String::new())
        };
        let began = Instant::now();
        let rows = sqlx::query(QUEUE)
            .bind(&self.tenant)
            .bind(rank)
            .bind(created_at)
            .bind(id)
            .bind(i64::try_from(PAGE)? + 1)
            .fetch_all(&mut self.conn)
            .await?;
        let took = began.elapsed();
        ensure!(rows.iter().all(|row| row.len() > 1), "rows without columns");
        Ok(took)
    }
}
