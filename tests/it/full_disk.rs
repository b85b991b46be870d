//! The real program on a real disk that has no room left: what it says, that it loses nothing it acknowledged, and that it
//! goes on by itself when there is room again.
//!
//! Never here: a bound of SQLite's own in the place of a disk (`disk`).

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::support::{
    Home, ONE_POST, SOON, WHILE, World, brew,
    mounted::{SmallDisk, is_apart},
    until,
};

/// A disk that holds a campaign and what it writes, in bytes.
const SMALL: u64 = 48 << 20;
/// A disk for the network's file alone, in bytes.
const TINY: u64 = 64 << 10;
/// What a disk gives at once, in bytes.
const PAGE: usize = 4_096;
/// Room that is left in the last page of the network's file: for a part of a post, and not for all of it.
const PART: usize = 100;
/// Most new agents until the disk takes no more.
const MOST_AGENTS: usize = 200;

/// The soul of another agent, long enough to need room.
fn soul(number: usize) -> Value {
    let soul = chimera_boot::starter_soul()
        .replace("name: Mara Voss", &format!("name: Ines {number}"))
        .replace("id: mara-voss", &format!("id: ines-{number}"));
    json!({ "soul": format!("{soul}\n{}", "She grinds slowly. ".repeat(4_000)) })
}

/// A person sees everything before it leaves.
async fn careful(world: &World) {
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
}

/// What the process wrote to its log.
fn log(home: &Home) -> String {
    fs::read_to_string(home.at("log")).unwrap()
}

/// Adds agents, from this number on, until one is refused; gives the refusal, and the number that it has.
async fn until_refused(world: &World, from: usize) -> (Value, usize) {
    for number in from..MOST_AGENTS {
        let answer = world.api().post("/api/v1/personas", soul(number)).await;
        if answer.status == 503 {
            return (answer.refused(503, "STORE_FULL"), number);
        }
        answer.ok();
    }
    panic!("the disk took {MOST_AGENTS} agents");
}

/// Names of all agents.
async fn names(world: &World) -> Vec<String> {
    let agents = world.api().all("/api/v1/swarm/agents").await;
    let name = |agent: &Value| agent["name"].as_str().unwrap().to_owned();
    agents.iter().map(name).collect()
}

/// Every agent is there that has a number below this one.
async fn each_is_there(world: &World, below: usize) {
    let found = names(world).await;
    for number in 0..below {
        let name = format!("Ines {number}");
        assert!(found.contains(&name), "{name} is not among {found:?}");
    }
}

#[tokio::test]
async fn a_disk_without_room_refuses_writes_loses_nothing_and_is_over_when_there_is_room() {
    let test = "full_disk::a_disk_without_room_refuses_writes_loses_nothing_and_is_over_when_there_is_room";
    if !is_apart(test) {
        return;
    }
    let home = Home::new().with_loopback();
    let data = home.data();
    let disk = SmallDisk::at(data, SMALL);
    let mut world = World::at(home).await;
    careful(&world).await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    disk.fill();

    let (error, refused) = until_refused(&world, 0).await;
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("othing of this was written"), "{words}");
    let status = world.api().get("/api/v1/status").await;
    assert_eq!(status["troubles"][0]["code"], "STORE_FULL", "{status:#}");
    // Everything that was acknowledged can be read.
    let open = world.open_reviews(&campaign).await;
    assert_eq!(open[0]["id"], review["id"]);
    each_is_there(&world, refused).await;

    disk.free();
    until("it is ready again by itself", SOON, || async {
        (world.api().look("/readyz").await.status == 200).then_some(())
    })
    .await;
    let status = world.api().get("/api/v1/status").await;
    assert_eq!(status["troubles"], json!([]), "it clears by itself");
    let again = soul(refused);
    world.api().post("/api/v1/personas", again).await.ok();
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);

    // Killed on a full disk, and started again when there is room.
    disk.fill();
    let (_, refused) = until_refused(&world, refused + 1).await;
    world.while_dead(async |_| disk.free()).await;
    each_is_there(&world, refused).await;
}

#[tokio::test]
async fn spans_that_have_no_room_are_told_lost_and_traces_go_on_when_there_is_room() {
    let test =
        "full_disk::spans_that_have_no_room_are_told_lost_and_traces_go_on_when_there_is_room";
    if !is_apart(test) {
        return;
    }
    let home = Home::new().with_loopback();
    let data = home.data();
    let disk = SmallDisk::at(data, SMALL);
    let world = World::at(home).await;
    careful(&world).await;
    let feed = world.feed_file(&brew());
    let campaign = world.planned(world.agent(), ONE_POST, &feed).await;
    let path = format!("/api/v1/campaigns/{campaign}");
    let run = world.api().get(&path).await["trace"].take();
    let trace = format!("/api/v1/traces/{}", run.as_str().unwrap());
    let spans = async || -> usize {
        let trace = world.api().get(&trace).await;
        trace["spans"].as_array().unwrap().len()
    };
    until("its planning is in the trace", SOON, || async {
        (spans().await > 1).then_some(())
    })
    .await;
    disk.fill();
    // Who plans once more is traced, whatever becomes of the plan.
    let plan = format!("{path}/plan");
    until("the log tells that spans are lost", SOON, || async {
        world.api().post(&plan, json!({})).await;
        log(world.home()).contains("spans were lost").then_some(())
    })
    .await;
    // What was traced before can be read.
    let before = spans().await;
    assert!(before > 1);
    disk.free();
    until("the plan is made anew", SOON, || async {
        let made = world.api().post(&plan, json!({})).await;
        (made.status == 200 || made.status == 201).then_some(())
    })
    .await;
    until("it is traced", SOON, || async {
        (spans().await > before).then_some(())
    })
    .await;
    let lost = log(world.home()).matches("spans were lost").count();
    let start = format!("{path}/start");
    world.api().post(&start, json!({})).await.ok();
    world.review(&campaign).await;
    let now = log(world.home()).matches("spans were lost").count();
    assert_eq!(now, lost, "spans are lost although there is room");
}

/// Makes the first record longer by what means nothing, until `PART` bytes of the last page are left.
fn lengthened(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let over = (text.len() + PART) % PAGE;
    let blanks = " ".repeat(PAGE - over);
    fs::write(file, format!("{first}{blanks}\n{rest}")).unwrap();
    assert_eq!(
        fs::metadata(file).unwrap().len() as usize % PAGE,
        PAGE - PART
    );
}

#[tokio::test]
async fn a_post_for_which_the_networks_file_has_no_room_waits_and_goes_out_once() {
    let test = "full_disk::a_post_for_which_the_networks_file_has_no_room_waits_and_goes_out_once";
    if !is_apart(test) {
        return;
    }
    let home = Home::new().with_loopback();
    fs::create_dir(home.data()).unwrap();
    let file = home.data().join("sandbox.jsonl");
    let mut disk = SmallDisk::at(home.at("tiny"), TINY);
    disk.shows(file.clone());
    let mut world = World::at(home).await;
    careful(&world).await;
    let first = world.one_post().await;
    let review = world.review(&first).await;
    world.approve(&review).await;
    world.campaign_is(&first, "COMPLETED", SOON).await;
    world.while_closed(async |_| lengthened(&file)).await;
    disk.fill();
    let before = fs::read(&file).unwrap();

    // The disk takes a part of the post, and the rest has no room.
    let second = world.one_post().await;
    let review = world.review(&second).await;
    let effect = world.approve(&review).await;
    let effect = effect["id"].as_str().unwrap().to_owned();
    until("the post waits for room", WHILE, || async {
        let audited = world.audited(&second).await;
        let waits = audited.iter().any(|record| {
            record["action"] == "effect.wait" && record["output"]["code"] == "SANDBOX_DISK_FULL"
        });
        waits.then_some(())
    })
    .await;
    assert_eq!(fs::read(&file).unwrap(), before, "half a post is left");
    // The next life reads it, and the post still waits.
    world.crash().await;
    world.effect_is(&effect, "held").await;
    assert_eq!(world.home().posts().len(), 1);

    disk.free();
    world.campaign_is(&second, "COMPLETED", SOON).await;
    world.effect_is(&effect, "sent").await;
    assert_eq!(world.home().posts().len(), 2);
    assert!(fs::read(&file).unwrap().starts_with(&before));
}
