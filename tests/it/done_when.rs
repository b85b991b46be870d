//! The sentence that ends the Spine, word by word: `campaign run` holds a post, a person approves it over
//! `POST /api/approve/{task}`, it is published, and the command says so and ends well. On a feed file in
//! rehearsal, on a feed over HTTP, and on a provider behind OpenAI's wire.
//!
//! Never here: what else a person may decide (`decisions`).

use chimera_scripted::{ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{
    Daemon, FeedServer, Following, Home, ONE_POST, Page, SOON, World, brew, campaign_run, home_on,
    judgement, rss, script, until, words,
};

/// A home where every post waits for a person, with an undo time of one second.
async fn careful_home() -> Home {
    World::careful().await.closed().await
}

/// Runs a campaign of one post to its end, with a person in the middle; the post comes back.
async fn held_approved_published(home: &Home, feed: &str) -> Value {
    let mut run = Following::start(home, ONE_POST, &[feed]).await;
    let held = run.hears("publish-1", "reviewing").await;
    let reviews = run.api().all("/api/v1/reviews?state=open").await;
    assert_eq!(reviews.len(), 1, "{reviews:#?}");
    let review = &reviews[0];
    assert_eq!(review["task"], held["task"]);
    nothing_went_out(&run, home).await;

    let approve = format!("/api/approve/{}", held["task"].as_str().unwrap());
    let stranger = run.api().as_holder_of("chs_nobody");
    stranger
        .post(&approve, json!({}))
        .await
        .refused(401, "UNAUTHENTICATED");
    nothing_went_out(&run, home).await;
    assert!(run.is_running(), "--wait left while a person was missing");

    let outcome = run.api().post(&approve, json!({})).await.ok();
    assert_eq!(outcome["review"]["state"], "approved");
    assert_eq!(outcome["effect"]["state"], "held");
    let ended = run.ends().await;
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert_eq!(ended.state_of("publish-1"), Some("completed"));
    let posts = home.posts();
    assert_eq!(posts.len(), 1, "{posts:#?}");
    assert_eq!(posts[0]["text"], review["preview"]["text"]);
    let summary = ended.told("summary");
    assert_eq!(summary["status"], "COMPLETED");
    assert_eq!(
        summary["published"].as_array().unwrap().len(),
        1,
        "{summary:#}"
    );
    assert_eq!(summary["published"][0]["text"], posts[0]["text"]);
    assert_eq!(summary["published"][0]["platform"], "sandbox");
    assert_eq!(
        (&summary["waiting_for_a_person"], &summary["failed"]),
        (&json!([]), &json!([]))
    );
    // The tool host's own count over the whole life of the process: the one call after the decision.
    assert_eq!(summary["outward_calls"], json!(1));
    posts.into_iter().next().unwrap()
}

/// Neither by the network's own file nor by the product's books.
async fn nothing_went_out(run: &Following, home: &Home) {
    assert_eq!(home.posts(), [] as [Value; 0]);
    assert_eq!(run.api().all("/api/v1/effects").await, [] as [Value; 0]);
    assert_eq!(
        run.api().get("/api/v1/sandbox/feed").await["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_feed_file_in_rehearsal() {
    let home = careful_home().await;
    let feed = home.write("brew.xml", rss(&brew()));
    let post = held_approved_published(&home, feed.to_str().unwrap()).await;
    assert_eq!(post["disclosure"]["ai_generated"], json!(true), "{post:#}");
}

#[tokio::test]
async fn a_feed_over_http() {
    let home = careful_home().await;
    let server = FeedServer::start(vec![("/feed", Page::plain(rss(&brew())))]).await;
    held_approved_published(&home, &server.url("/feed")).await;
    let statuses: Vec<u16> = server.hits("/feed").iter().map(|hit| hit.status).collect();
    assert_eq!(statuses, [200]);
}

#[tokio::test]
async fn a_provider_whose_judge_is_not_sure_enough() {
    let unsure = Reply::json(&judgement(0.80));
    let server = ModelServer::start(script().on(When::ask("judge"), unsure)).await;
    // The bands that ship: nobody but the score holds it.
    let home = home_on(&server).await;
    let feed = home.write("brew.xml", rss(&brew()));
    let post = held_approved_published(&home, feed.to_str().unwrap()).await;
    assert!(
        post["text"].as_str().unwrap().starts_with(words()),
        "{post:#}"
    );
    let judged = server
        .requests()
        .iter()
        .filter(|asked| asked.ask().as_deref() == Some("judge"))
        .count();
    assert!(judged > 0, "nobody asked the judge");
}

/// What a run without `--wait` prints is enough to decide on exactly that, later and by another door.
#[tokio::test]
async fn what_the_summary_says_is_enough_to_decide() {
    let home = careful_home().await;
    let feed = home.write("brew.xml", rss(&brew()));
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    let waiting = run.told("summary")["waiting_for_a_person"].clone();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "{waiting:#}");
    assert_eq!(run.told("summary")["outward_calls"], json!(0));
    let words = waiting[0]["approve"].as_str().unwrap();
    let path = words.strip_prefix("POST ").unwrap();

    let daemon = Daemon::start(&home).await;
    let other = format!("sha256:{}", "0".repeat(64));
    let refused = daemon.api().post(path, json!({ "shown": other })).await;
    refused.refused(409, "SHOWN_CHANGED");
    assert_eq!(daemon.api().all("/api/v1/effects").await, [] as [Value; 0]);
    let shown = json!({ "shown": waiting[0]["shown"] });
    let outcome = daemon.api().post(path, shown).await.ok();
    assert_eq!(outcome["effect"]["state"], "held");
    let summary = run.told("summary");
    let campaign = summary["campaign"].as_str().unwrap();
    let path = format!("/api/v1/campaigns/{campaign}");
    until("the campaign is over", SOON, || async {
        (daemon.api().get(&path).await["status"] == "COMPLETED").then_some(())
    })
    .await;
    assert_eq!(home.posts().len(), 1);
    assert_eq!(home.posts()[0]["text"], waiting[0]["text"]);
}
