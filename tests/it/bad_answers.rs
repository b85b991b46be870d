//! A model that answers nonsense: the planner's plan that bites its own tail, words instead of JSON, half a
//! stream. A slip costs a turn or a try; one that stays ends in a state that says why, and nothing leaves.
//!
//! Never here: the same of drafts (`provider`), or details of the wire.

use chimera_scripted::{ModelRequest, ModelServer, Reply, When};
use serde_json::{Value, json};

use crate::support::{
    Daemon, Home, ONE_POST, Run, brew, campaign_run, home_on, judgement, rss, script, words,
};

const NONSENSE: &str = "Let me think about the weather instead.";
/// What is said of it.
const NOT_JSON: &str = "the answer is not the JSON that was asked for";
/// Most requests of one run in which a single kind of question is never answered: every try has eight
/// turns, and there are four tries.
const MOST_REQUESTS: usize = 60;

struct Scene {
    home: Home,
    server: ModelServer,
    run: Run,
}

impl Scene {
    /// A campaign of one post where these answers take the place of the usual ones.
    async fn with(rules: Vec<(When, Reply)>) -> Self {
        let script = rules
            .into_iter()
            .fold(script(), |script, (when, reply)| script.on(when, reply));
        let server = ModelServer::start(script).await;
        let home = home_on(&server).await;
        let feed = home.write("brew.xml", rss(&brew()));
        let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
        Self { home, server, run }
    }

    fn asked(&self, word: &str) -> Vec<ModelRequest> {
        let requests = self.server.requests().into_iter();
        requests
            .filter(|request| request.ask().as_deref() == Some(word))
            .collect()
    }

    /// It went well all the same: one post, sent once.
    fn published_once(&self) {
        assert_eq!(self.run.code, Some(0), "{:#?}", self.run);
        assert_eq!(self.run.told("summary")["outward_calls"], json!(1));
        let posts = self.home.posts();
        assert_eq!(posts.len(), 1, "{posts:#?}");
        assert!(
            posts[0]["text"].as_str().unwrap().starts_with(words()),
            "{posts:#?}"
        );
    }

    /// No plan came of it: the goal is kept as a draft without a plan, and the words say why.
    async fn never_planned(&self, parts: &[&str]) {
        assert_eq!(self.run.code, Some(1), "{:#?}", self.run);
        let noted = &self.run.noted;
        for part in [&["PLANNING_FAILED"], parts].concat() {
            assert!(noted.contains(part), "{part} is missing in: {noted}");
        }
        assert_eq!(self.home.posts(), [] as [Value; 0]);
        let daemon = Daemon::start(&self.home).await;
        let campaigns = daemon.api().all("/api/v1/campaigns").await;
        assert_eq!(campaigns.len(), 1, "the goal is lost: {campaigns:#?}");
        assert_eq!(
            (&campaigns[0]["status"], &campaigns[0]["goal"]),
            (&json!("DRAFT"), &json!(ONE_POST))
        );
        let path = format!("/api/v1/campaigns/{}", campaigns[0]["id"].as_str().unwrap());
        daemon
            .api()
            .look(&format!("{path}/plan"))
            .await
            .refused(404, "NOT_FOUND");
        assert_eq!(
            daemon.api().all(&format!("{path}/tasks")).await,
            [] as [Value; 0]
        );
        assert_eq!(daemon.api().all("/api/v1/effects").await, [] as [Value; 0]);
    }

    /// The campaign failed with this fault, said in the summary, on the campaign and as an alert.
    async fn failed_with(&self, code: &str, parts: &[&str]) {
        assert_eq!(self.run.code, Some(2), "{:#?}", self.run);
        let summary = self.run.told("summary");
        assert_eq!(summary["status"], "FAILED", "{summary:#}");
        assert_eq!(
            (&summary["published"], &summary["outward_calls"]),
            (&json!([]), &json!(0))
        );
        let failed = summary["failed"].as_array().unwrap();
        assert!(
            failed.iter().any(|step| step["fault"]["code"] == code),
            "{summary:#}"
        );
        let why = summary["why"].as_str().unwrap();
        for part in parts {
            assert!(why.contains(part), "{part} is missing in: {why}");
        }
        assert_eq!(self.home.posts(), [] as [Value; 0]);
        let daemon = Daemon::start(&self.home).await;
        let alerts = daemon.api().all("/api/v1/alerts").await;
        assert!(
            alerts.iter().any(|alert| alert["code"] == code),
            "{alerts:#?}"
        );
        assert_eq!(daemon.api().all("/api/v1/effects").await, [] as [Value; 0]);
        let count = self.server.requests().len();
        assert!(
            count < MOST_REQUESTS,
            "{count} requests: the tries have no bound"
        );
    }
}

fn circle() -> Reply {
    let step = |key: &str, kind: &str, skill: &str, needs: Value| {
        json!({
            "key": key, "title": key, "kind": kind, "skill": skill, "instructions": "Do it.",
            "platform": (kind != "analyze_trends").then_some("sandbox"), "needs": needs,
        })
    };
    Reply::json(&json!({
        "rationale": "Round and round.",
        "steps": [
            step("research", "analyze_trends", "fetch_trends", json!([])),
            step("draft-1", "generate_caption", "write_post", json!(["research", "draft-2"])),
            step("draft-2", "generate_caption", "write_post", json!(["draft-1"])),
            step("publish-1", "publish_post", "publish_content", json!(["draft-2"])),
        ],
    }))
}

#[tokio::test]
async fn a_plan_in_a_circle_is_named_and_nothing_is_queued() {
    let scene = Scene::with(vec![(When::ask("plan"), circle())]).await;
    scene
        .never_planned(&[
            "draft-1 → draft-2",
            "wait for each other in a circle",
            "Nothing was queued",
        ])
        .await;
    assert_eq!(scene.asked("research").len(), 0);
}

#[tokio::test]
async fn a_plan_that_reads_what_is_not_the_campaigns_is_no_plan() {
    let step = |key: &str, kind: &str, skill: &str, needs: Value| {
        json!({
            "key": key, "title": key, "kind": kind, "skill": skill, "instructions": "", "platform": "sandbox",
            "needs": needs, "estimated_output_tokens": 200,
        })
    };
    let mut research = step("research", "analyze_trends", "fetch_trends", json!([]));
    research["feeds"] = json!(["http://169.254.169.254/feed.xml"]);
    let plan = Reply::json(&json!({
        "rationale": "Read elsewhere.",
        "steps": [
            research,
            step("draft-1", "generate_caption", "write_post", json!(["research"])),
            step("publish-1", "publish_post", "publish_content", json!(["draft-1"])),
        ],
    }));
    let scene = Scene::with(vec![(When::ask("plan"), plan)]).await;
    scene
        .never_planned(&[
            "http://169.254.169.254/feed.xml",
            "not among the campaign's feeds",
        ])
        .await;
    assert_eq!(scene.asked("research").len(), 0);
}

#[tokio::test]
async fn a_planner_that_slips_once_is_asked_again() {
    let slip = Reply::json(&json!({ "plan": "Post something nice." }));
    let scene = Scene::with(vec![(When::ask("plan").times(1), slip)]).await;
    scene.published_once();
    let asked = scene.asked("plan");
    assert_eq!(asked.len(), 2);
    let told = asked[1].user();
    assert!(told.contains("That answer cannot be used"), "{told}");
}

#[tokio::test]
async fn a_planner_that_never_makes_sense_leaves_a_draft() {
    let scene = Scene::with(vec![(When::ask("plan"), Reply::text(NONSENSE))]).await;
    let parts = [NOT_JSON, "Nothing took effect"];
    scene.never_planned(&parts).await;
    let count = scene.server.requests().len();
    assert!(
        count < MOST_REQUESTS,
        "{count} requests: the tries have no bound"
    );
}

#[tokio::test]
async fn a_researcher_that_slips_is_asked_again() {
    let slip = || When::ask("research").after_tool(true).times(1);
    let slips = vec![
        (slip(), Reply::text(NONSENSE)),
        (slip(), Reply::json(&json!({ "found": "much" }))),
    ];
    let scene = Scene::with(slips).await;
    scene.published_once();
    let asked = scene.asked("research").len();
    assert!(
        asked >= 4,
        "nonsense counted as an answer: {asked} questions"
    );
}

#[tokio::test]
async fn a_researcher_that_never_makes_sense_ends_the_campaign() {
    let scene = Scene::with(vec![(When::ask("research"), Reply::text(NONSENSE))]).await;
    scene
        .failed_with("MODEL_BAD_ANSWER", &["did not go out", NOT_JSON])
        .await;
    assert_eq!(
        scene.asked("draft").len(),
        0,
        "something was drafted from nothing"
    );
}

#[tokio::test]
async fn a_judge_that_slips_is_asked_again() {
    let slips = vec![
        (When::ask("judge").times(1), Reply::text(NONSENSE)),
        (
            When::ask("judge").times(1),
            Reply::json(&json!({ "verdict": "fine" })),
        ),
    ];
    let scene = Scene::with(slips).await;
    scene.published_once();
}

#[tokio::test]
async fn a_judge_cut_off_in_the_middle_has_said_nothing() {
    let half = Reply::json(&judgement(0.99)).cut_after(4);
    // Every word came, and then no end: nobody knows whether there was more.
    let open = Reply::json(&judgement(0.99))
        .in_pieces_of(10_000)
        .cut_after(2);
    let cuts = vec![
        (When::ask("judge").times(1), half),
        (When::ask("judge").times(1), open),
    ];
    let scene = Scene::with(cuts).await;
    scene.published_once();
    let judged = scene.asked("judge").len();
    assert!(
        judged >= 3,
        "half an answer counted as one: {judged} questions"
    );
}

#[tokio::test]
async fn a_judge_that_never_makes_sense_lets_nothing_go() {
    let scene = Scene::with(vec![(When::ask("judge"), Reply::text(NONSENSE))]).await;
    scene
        .failed_with("MODEL_BAD_ANSWER", &["did not go out", NOT_JSON])
        .await;
}

#[tokio::test]
async fn a_judge_that_is_always_cut_off_lets_nothing_go() {
    let cut = Reply::json(&judgement(0.99)).cut_after(4);
    let scene = Scene::with(vec![(When::ask("judge"), cut)]).await;
    scene
        .failed_with("MODEL_STREAM_CUT", &["did not go out"])
        .await;
}
