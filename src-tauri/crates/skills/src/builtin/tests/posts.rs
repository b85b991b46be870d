//! `publish_content` prepares and never posts.

use chimera_domain::post::{DisclosureLevel, PostContent, Scheduling};

use super::*;

fn host() -> FakeHost {
    let schema = json!({
        "type": "object",
        "properties": {"content": {"properties": {"text": {"maxLength": 250}}}},
        "required": ["platform", "content", "disclosure"],
    });
    FakeHost {
        catalogue: vec![
            tool("sandbox.post_content", EffectClass::Outward, schema),
            tool("mastodon.post_content", EffectClass::Read, json!({})),
        ],
        ..FakeHost::default()
    }
    .answering(
        "sandbox.post_content",
        Scripted::Content(json!({"post_id": "1"})),
    )
}

#[tokio::test]
async fn a_post_is_labelled_bound_to_the_tools_schema_and_not_sent() {
    let input = json!({"platform": "sandbox", "text": "  Hello there. ", "hashtags": ["repair"], "source": "https://example.com/1"});
    let (output, host) = run(host(), "publish_content", input).await;
    let prepared: PreparedPost = serde_json::from_value(output.into_result().unwrap()).unwrap();
    assert_eq!(host.calls(), 0);
    assert_eq!(prepared.content.content.text, "Hello there.\n\n#repair");
    assert!(prepared.content.disclosure.ai_generated);
    assert_eq!(
        prepared.content.disclosure.disclosure_level,
        DisclosureLevel::Automated
    );
    assert_eq!(prepared.content.scheduling, Scheduling::Immediate);
    assert_eq!(
        prepared.action.arguments,
        serde_json::to_value(&prepared.content).unwrap()
    );
    assert_eq!(prepared.action.schema_hash, host.catalogue[0].schema_hash);
    assert_eq!(prepared.action.effect, EffectClass::Outward);
    assert_eq!(prepared.action.tool.to_string(), "sandbox.post_content");
    assert_eq!(
        prepared.action.account,
        "00000000-0000-0000-0000-000000000002"
    );
}

#[tokio::test]
async fn the_contract_that_every_social_server_shares_takes_what_is_prepared() {
    let schema = serde_json::to_value(schemars::schema_for!(PostContent)).unwrap();
    let host = FakeHost {
        catalogue: vec![tool("sandbox.post_content", EffectClass::Outward, schema)],
        ..FakeHost::default()
    };
    let input = json!({"platform": "sandbox", "text": "x", "schedule_time": "2026-02-06T07:30:00Z", "sponsor": "N"});
    let (output, _) = run(host, "publish_content", input).await;
    assert!(output.success, "{output:?}");
}

#[tokio::test]
async fn schedule_sponsor_title_and_account_are_kept() {
    let input = json!({
        "platform": "sandbox", "title": "On mending", "text": "Text.", "tags": ["Repair"], "disclosure_level": "assisted",
        "schedule_time": "2026-02-06T07:30:00Z", "sponsor": "Needle", "compliance_tags": ["ad"], "account": "@m"
    });
    let (output, _) = run(host(), "publish_content", input).await;
    let prepared: PreparedPost = serde_json::from_value(output.into_result().unwrap()).unwrap();
    assert_eq!(
        prepared.content.content.text,
        "On mending\n\nText.\n\n#Repair"
    );
    assert_eq!(
        prepared.content.disclosure.sponsor.as_deref(),
        Some("Needle")
    );
    let publish_at = "2026-02-06T07:30:00Z".parse().unwrap();
    assert_eq!(
        prepared.content.scheduling,
        Scheduling::Scheduled { publish_at }
    );
    assert_eq!(prepared.action.account, "@m");
}

#[tokio::test]
async fn what_may_not_be_posted_is_not_even_prepared() {
    let text = |text: &str| json!({"platform": "sandbox", "text": text});
    for (input, expected) in [
        (json!({"platform": "sandbox"}), "VALIDATION_ERROR"),
        (text(""), "VALIDATION_ERROR"),
        (text("   "), "VALIDATION_ERROR"),
        (text(&"x".repeat(281)), "VALIDATION_ERROR"),
        (text(&"x".repeat(260)), "VALIDATION_ERROR"),
        (
            json!({"platform": "myspace", "text": "x"}),
            "VALIDATION_ERROR",
        ),
        (
            json!({"platform": "sandbox", "text": "x", "disclosure_level": "none"}),
            "VALIDATION_ERROR",
        ),
        (
            json!({"platform": "sandbox", "text": "x", "ai_generated": false}),
            "VALIDATION_ERROR",
        ),
        (
            json!({"platform": "sandbox", "text": "x", "schedule_time": "tomorrow"}),
            "VALIDATION_ERROR",
        ),
        (
            json!({"platform": "bluesky", "text": "x"}),
            "MCP_CLIENT_MISSING",
        ),
        (
            json!({"platform": "mastodon", "text": "x"}),
            "TOOL_NEEDS_DECISION",
        ),
    ] {
        let (output, host) = run(host(), "publish_content", input.clone()).await;
        assert_eq!((code(&output), host.calls()), (expected, 0), "{input}");
    }
}
