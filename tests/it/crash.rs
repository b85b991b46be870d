//! The real process is killed again and again in the middle of its work. Nothing is lost, and nothing goes
//! out twice.
//!
//! Never here: crashes at chosen points of the code.

use std::{collections::BTreeSet, time::Duration};

use futures::StreamExt;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{Api, SOON, World, brew, until};

/// Rounds of work and sudden death.
const KILLS: usize = 16;
/// Longest life of a round, in milliseconds.
const LONGEST_LIFE_MS: u64 = 700;
/// Longest watch for a post that goes out.
const LONGEST_WATCH: Duration = Duration::from_secs(3);
/// Agents, each with an account and so a cooldown of its own.
const AGENTS: usize = 10;
/// Longest wait for the last life to bring everything to its end: a cooldown for each second post.
const ENDS_WITHIN: Duration = Duration::from_secs(120);

/// A small generator (SplitMix64): the same lives at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[tokio::test]
async fn killed_again_and_again_nothing_is_lost_and_nothing_goes_out_twice() {
    let (mut world, campaigns) = planned().await;
    let mut dice = Dice(20_261_121);
    for round in 0..KILLS {
        // New work in nearly every life, so that every stage of it is in the air when the end comes.
        if let Some(campaign) = campaigns.get(round) {
            world
                .api()
                .post(&format!("/api/v1/campaigns/{campaign}/start"), json!({}))
                .await
                .ok();
        }
        let mut life = || Duration::from_millis(dice.below(LONGEST_LIFE_MS));
        match round % 4 {
            // The worst moment of all: it went out, and nobody has written down that it did.
            1 | 3 => a_post_goes_out(&world).await,
            _ => tokio::time::sleep(life()).await,
        }
        if round % 4 == 2 {
            world.crash_twice(life()).await;
        } else {
            world.crash().await;
        }
    }
    until("every campaign has ended", ENDS_WITHIN, || async {
        let found = world.api().all("/api/v1/campaigns").await;
        let ended = found
            .iter()
            .all(|campaign| campaign["status"] == "COMPLETED");
        ended.then_some(())
    })
    .await;
    each_post_went_out_once(&world, &campaigns).await;
    events_have_no_gap(world.api()).await;
}

/// Waits, without a pause, until the network has one post more, or for a while.
async fn a_post_goes_out(world: &World) {
    let before = world.home().posted_bytes();
    let end = Instant::now() + LONGEST_WATCH;
    while world.home().posted_bytes() == before && Instant::now() < end {
        tokio::task::yield_now().await;
    }
}

/// Campaigns of two posts each, planned, each of another agent; a rule decides on everything.
async fn planned() -> (World, Vec<String>) {
    let world = World::new().await;
    world
        .policy(|policy| {
            policy["bands"] =
                json!({ "auto_above": 0.1, "review_from": 0.1, "must_approve_from": 0.1 });
            // A task that dies with its process is begun again however often.
            policy["max_retries"] = json!(100);
        })
        .await;
    let feed = world.feed_file(&brew());
    let mut campaigns = Vec::new();
    for number in 0..AGENTS {
        let soul = chimera_boot::starter_soul()
            .replace("name: Mara Voss", &format!("name: Mara {number}"))
            .replace("id: mara-voss", &format!("id: mara-{number}"));
        let agent = world.new_agent(&soul).await;
        let goal = "Two posts about cold brew and grinders";
        campaigns.push(world.planned(&agent, goal, &feed).await);
    }
    (world, campaigns)
}

async fn each_post_went_out_once(world: &World, campaigns: &[String]) {
    let mut done = BTreeSet::new();
    for campaign in campaigns {
        for task in world.tasks(campaign).await {
            assert_eq!(task["state"], "completed", "{task:#}");
            if task["kind"] == "publish_post" {
                done.insert(text(&task["id"]));
            }
        }
    }
    assert_eq!(done.len(), 2 * AGENTS);
    let posts = world.home().posts();
    let keys: BTreeSet<_> = posts.iter().map(|post| text(&post["intent_key"])).collect();
    assert_eq!(keys.len(), posts.len(), "an intent went out twice");
    let words = posts
        .iter()
        .map(|post| (text(&post["agent"]), text(&post["text"])));
    let words: BTreeSet<_> = words.collect();
    assert_eq!(
        words.len(),
        posts.len(),
        "a post went out twice under two intents"
    );
    assert_eq!(posts.len(), done.len());

    let effects = world.api().all("/api/v1/effects").await;
    let sent = effects.iter().filter(|effect| effect["state"] == "sent");
    let sent: Vec<_> = sent.map(|effect| text(&effect["task"])).collect();
    assert_eq!(sent.len(), done.len(), "a task acted twice");
    assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), done);
    let published = world.api().all("/api/v1/publications").await;
    assert_eq!(published.len(), posts.len());
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Every event from the first to the newest, each number once and in order.
async fn events_have_no_gap(api: &Api) {
    let gauge = api.get("/api/v1/swarm/gauge").await;
    let last = gauge["last_event"].as_u64().unwrap();
    let response = api
        .request(reqwest::Method::GET, "/api/v1/events?after=0")
        .send()
        .await
        .unwrap();
    let mut stream = response.bytes_stream();
    let (mut text, mut seen) = (String::new(), Vec::new());
    let reading = async {
        while seen.last() != Some(&last) {
            let piece = stream.next().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&piece).unwrap());
            while let Some((frame, rest)) = text.split_once("\n\n") {
                let data = frame.lines().find_map(|line| line.strip_prefix("data:"));
                if let Some(data) = data {
                    let fact: Value = serde_json::from_str(data.trim()).unwrap();
                    seen.push(fact["seq"].as_u64().unwrap());
                }
                text = rest.to_owned();
            }
        }
    };
    tokio::time::timeout(SOON, reading)
        .await
        .expect("the events do not come to their end");
    assert_eq!(seen, (1..=last).collect::<Vec<_>>());
}
