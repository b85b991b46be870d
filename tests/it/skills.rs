//! Skills by hand, from the command line: looked at, run one by one and in order, and never anything outward.
//!
//! Never here: what a skill makes of its input (the skills' own tests).

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::{Home, brew, finished, rss};

/// Runs a command with this on its standard input.
async fn told(home: &Home, arguments: &[&str], input: Option<&Value>) -> (Option<i32>, Value) {
    let mut command = home.chimerad();
    command.arg("skill").args(arguments);
    let (code, said, noted) = match input {
        None => finished(command, crate::support::SOON).await,
        Some(input) => {
            command
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut pipe = child.stdin.take().unwrap();
            pipe.write_all(input.to_string().as_bytes()).await.unwrap();
            drop(pipe);
            let ended = tokio::time::timeout(crate::support::SOON, child.wait_with_output());
            let ended = ended.await.unwrap().unwrap();
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
            (ended.status.code(), text(ended.stdout), text(ended.stderr))
        }
    };
    let value =
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{noted}"));
    (code, value)
}

#[tokio::test]
async fn skills_are_listed_shown_and_run_by_hand() {
    let home = Home::new();
    let (code, told_all) = told(&home, &["list"], None).await;
    assert_eq!(code, Some(0));
    let of = |name: &str| {
        let skills = told_all["skills"].as_array().unwrap();
        let found = skills.iter().find(|skill| skill["name"] == name);
        found.map(|skill| skill["runs_by_hand"].clone())
    };
    for (name, runs) in [
        ("echo", true),
        ("fetch_trends", true),
        ("trend_detection_alerting", true),
        ("normalize_handle", true),
        ("mcp_tool", true),
        ("feeds__fetch_feed", true),
        ("publish_content", false),
        ("write_post", false),
    ] {
        assert_eq!(of(name), Some(json!(runs)), "{name} in {told_all:#}");
    }
    let (code, shown) = told(&home, &["show", "normalize_handle"], None).await;
    assert_eq!(
        (code, &shown["name"]),
        (Some(0), &json!("normalize_handle"))
    );
    let example = &shown["examples"][0];
    let run = ["run", "normalize_handle", "--input", "-"];
    let (code, given) = told(&home, &run, Some(&example["input"])).await;
    assert_eq!(
        (code, &given["success"]),
        (Some(0), &json!(true)),
        "{given:#}"
    );
    for (name, value) in example["output"].as_object().unwrap() {
        assert_eq!(&given[name], value, "{given:#}");
    }
    assert!(!home.data().exists(), "a skill by hand made a data folder");
}

#[tokio::test]
async fn what_acts_or_wants_a_model_is_refused_with_its_code() {
    let home = Home::new();
    for (name, input, expected) in [
        ("publish_content", json!({}), "TOOL_NEEDS_DECISION"),
        ("write_post", json!({}), "SKILL_NEEDS_MODEL"),
        ("no_such_skill", json!({}), "SKILL_UNKNOWN"),
        (
            "normalize_handle",
            json!({ "surprise": 1 }),
            "VALIDATION_ERROR",
        ),
        (
            "mcp_tool",
            json!({ "tool_name": "sandbox.post_content", "arguments": {} }),
            "MCP_CLIENT_MISSING",
        ),
    ] {
        let (code, refused) = told(&home, &["run", name, "--input", "-"], Some(&input)).await;
        assert_eq!(
            (code, &refused["error_detail"]["code"]),
            (Some(1), &json!(expected)),
            "{name}: {refused:#}"
        );
        assert_eq!(refused["success"], json!(false));
    }
    let steps = json!([{ "skill_name": "echo", "input": {} }, { "skill_name": "publish_content" }]);
    let (code, refused) = told(&home, &["workflow", "--input", "-"], Some(&steps)).await;
    assert_eq!(
        (code, &refused["error_detail"]["code"]),
        (Some(1), &json!("TOOL_NEEDS_DECISION")),
        "{refused:#}"
    );
}

#[tokio::test]
async fn skills_run_in_order_and_a_tool_is_a_skill() {
    let home = Home::new();
    let feed = home.write("feeds/brew.xml", rss(&brew()));
    let feed = feed.display().to_string();
    let fetch =
        json!({ "skill_name": "fetch_trends", "input": { "platforms": ["web"], "feeds": [feed] } });
    let steps = json!([fetch, { "skill_name": "trend_detection_alerting", "input": { "window_hours": 24 } }]);
    let (code, done) = told(&home, &["workflow", "--input", "-"], Some(&steps)).await;
    assert_eq!(
        (code, &done["status"]),
        (Some(0), &json!("succeeded")),
        "{done:#}"
    );
    let records = done["records"].as_array().unwrap();
    assert_eq!(records.len(), 2, "{done:#}");
    assert_eq!(
        records[0]["output"]["trends"].as_array().unwrap().len(),
        brew().len()
    );
    assert_eq!(records[1]["output"]["window_hours"], json!(24), "{done:#}");
    let halted = json!([{ "skill_name": "fetch_trends", "input": { "platforms": ["web"], "feeds": ["http://127.0.0.1:1/x"] } }, fetch]);
    let (code, done) = told(&home, &["workflow", "--input", "-"], Some(&halted)).await;
    assert_eq!(
        (code, &done["status"]),
        (Some(1), &json!("failed")),
        "{done:#}"
    );
    assert_eq!(done["records"].as_array().unwrap().len(), 1, "{done:#}");
    let (code, read) = told(
        &home,
        &["run", "feeds__fetch_feed", "--input", "-"],
        Some(&json!({ "path": feed })),
    )
    .await;
    assert_eq!(
        (code, &read["success"]),
        (Some(0), &json!(true)),
        "{read:#}"
    );
}
