//! Bounds of one step, seen from the model: how many tools it may ask for.
//!
//! Never here: money (`spending`).

use chimera_testkit::model_server::{ModelServer, Reply, When};
use serde_json::json;

use crate::support::{Daemon, ONE_POST, brew, campaign_run, home_on, rss, script};

/// Calls of one answer: two of these are more than the 16 that a step may make.
const AT_ONCE: usize = 9;

#[tokio::test]
async fn a_model_that_never_stops_calling_tools_ends_its_step() {
    let call = ("fetch_trends", json!({ "platforms": ["web"] }));
    let calls = vec![call; AT_ONCE];
    let server = ModelServer::start(script().on(When::ask("research"), Reply::calls(&calls))).await;
    let home = home_on(&server).await;
    let feed = home.write("brew.xml", rss(&brew()[..1]));
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &[]).await;
    assert_eq!(run.code, Some(2), "{run:#?}");
    let failed = &run.told("summary")["failed"][0]["fault"];
    assert_eq!(failed["code"], "TOOL_CALLS_EXHAUSTED", "{failed:#}");
    let requests = server.requests();
    let results = requests.iter().map(|request| request.tool_results().len());
    assert_eq!(results.max(), Some(AT_ONCE), "those beyond were made");
    let daemon = Daemon::start(&home).await;
    let alerts = daemon.api().all("/api/v1/alerts").await;
    assert!(
        alerts
            .iter()
            .any(|alert| alert["code"] == "TOOL_CALLS_EXHAUSTED"),
        "{alerts:#?}"
    );
}
