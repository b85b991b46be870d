//! The shipped servers behind the real host, as boot puts them together.
//!
//! Never here: what a server does by itself (its own tests have that).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chimera_domain::{
    action::{EffectClass, Grant, ToolRef},
    artifact::Origin,
    digest::Digest,
    id::EffectId,
    platform::Platform,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_mcp::{
    CallCounts, CooldownRule, HostOptions, McpHost, ServerSpec, Transport, codes, start,
};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::tools::{ToolHost, ToolRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    client::{StoodClock, tenant},
    feeds::{self, FeedPlace, Feeds, FeedsOptions, FileAccess, ListedFeed, Machine, UrlAccess},
    sandbox::{self, MemoryState, Sandbox, SandboxOptions},
};

const NOW: &str = "2026-11-21T10:00:00Z";

fn house(feed: &std::path::Path) -> (McpHost, Arc<StoodClock>) {
    let clock = StoodClock::at(NOW);
    let sandbox = Sandbox::open(SandboxOptions {
        state: Box::new(MemoryState),
        clock: clock.clone(),
        tenant: None,
    })
    .unwrap();
    let feeds = Feeds::new(FeedsOptions {
        http: HttpClient::new(HttpSettings::default()).unwrap(),
        clock: clock.clone(),
        feeds: vec![ListedFeed::new("town", FeedPlace::File(feed.to_owned()))],
        urls: UrlAccess::Listed,
        files: FileAccess::default(),
        machine: Machine::Everybodys,
    });
    let serve = move |pipe| crate::serve(sandbox.clone(), pipe);
    let mut network = ServerSpec::new(sandbox::NAME, Transport::in_process(serve)).with_tenant();
    for (tool, effect) in Sandbox::suggested_classes() {
        network = network.tool(tool, effect);
    }
    let cooldown = CooldownRule {
        span: Platform::Sandbox.cooldown(),
        account: "/agent_id".into(),
    };
    network = network
        .outward_with_cooldown("post_content", cooldown)
        .recognising_intents("post_content");
    let serve = move |pipe| crate::serve(feeds.clone(), pipe);
    let mut news = ServerSpec::new(feeds::NAME, Transport::in_process(serve))
        .with_tenant()
        .untrusted_content();
    for (tool, effect) in Feeds::suggested_classes() {
        news = news.tool(tool, effect);
    }
    let options = HostOptions {
        servers: vec![network, news],
        base_env: BTreeMap::new(),
        clock: clock.clone(),
    };
    (start(options).unwrap().1, clock)
}

fn request(server: &str, tool: &str, arguments: Value) -> ToolRequest {
    ToolRequest {
        tenant: tenant(1),
        agent: None,
        words_of: None,
        tool: ToolRef {
            server: server.into(),
            tool: tool.into(),
        },
        arguments,
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(2),
        },
        timeout: Duration::from_secs(20),
    }
}

fn post(text: &str) -> ToolRequest {
    let arguments = json!({
        "platform": "sandbox", "tenant_id": tenant(1), "agent_id": Uuid::from_u128(1),
        "content": {"text": text},
        "disclosure": {"ai_generated": true, "disclosure_level": "automated"},
        "scheduling": {"mode": "immediate"},
        "tracking": {"campaign_id": Uuid::from_u128(5), "task_id": Uuid::from_u128(6)},
    });
    request("sandbox", "post_content", arguments)
}

fn grant(key: &str) -> Grant {
    let effect = EffectId::from_uuid(Uuid::from_u128(1));
    Grant::after_recheck(effect, Digest::plain(b"decided"), key.into())
}

fn feed_file() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let feed = "<rss version='2.0'><channel><title>Town</title><item><title>Bakery opens</title></item></channel></rss>";
    std::fs::write(file.path(), feed).unwrap();
    file
}

#[tokio::test]
async fn every_tool_is_taken_into_the_catalogue_with_its_class() {
    let feed = feed_file();
    let (host, _) = house(feed.path());
    let tools = host.tools(tenant(1)).await.unwrap();
    let listed: Vec<_> = tools
        .iter()
        .map(|tool| (tool.tool.to_string(), tool.effect))
        .collect();
    assert_eq!(
        listed,
        [
            ("feeds.fetch_feed", EffectClass::Read),
            ("feeds.list_feeds", EffectClass::Read),
            ("sandbox.claim_handle", EffectClass::InternalWrite),
            ("sandbox.delete_post", EffectClass::Outward),
            ("sandbox.fetch_feed", EffectClass::Read),
            ("sandbox.get_engagement", EffectClass::Read),
            ("sandbox.get_post", EffectClass::Read),
            ("sandbox.post_content", EffectClass::Outward),
            ("sandbox.reply_to_post", EffectClass::Outward),
        ]
        .map(|(name, effect)| (name.to_owned(), effect))
    );
    for status in host.servers(tenant(1)).await {
        assert_eq!(
            (status.connected, status.problem),
            (true, None),
            "{}",
            status.name
        );
    }
}

#[tokio::test]
async fn from_a_feed_to_a_post_and_nothing_acts_before_the_grant() {
    let feed = feed_file();
    let (host, clock) = house(feed.path());
    let page = host
        .read(request("feeds", "fetch_feed", json!({"path": feed.path()})))
        .await
        .unwrap();
    assert_eq!(page.content["items"][0]["title"], "Bakery opens");
    assert_eq!(
        page.origin,
        Origin::Untrusted {
            source: feed.path().display().to_string()
        }
    );
    let news = host
        .resource(tenant(1), "feeds", "news://latest")
        .await
        .unwrap();
    assert!(news.text.contains("Bakery opens"));

    let refused = host.read(post("Hello")).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::TOOL_NEEDS_DECISION);
    assert_eq!(
        host.calls(),
        CallCounts {
            read: 1,
            ..CallCounts::default()
        }
    );

    let receipt = host.perform(post("Hello"), &grant("k1")).await.unwrap();
    assert!(!receipt.is_error, "{receipt:?}");
    assert_eq!(
        host.perform(post("Hello"), &grant("k1")).await.unwrap(),
        receipt
    );
    let early = host.perform(post("Again"), &grant("k2")).await.unwrap_err();
    assert_eq!(early.fault.code, codes::TOOL_COOLDOWN);
    clock.advance(10);
    host.perform(post("Again"), &grant("k2")).await.unwrap();
    let seen = host
        .read(request("sandbox", "fetch_feed", json!({})))
        .await
        .unwrap();
    let texts: Vec<_> = seen.content["posts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|post| &post["text"])
        .collect();
    assert_eq!(texts, ["Again", "Hello"]);
    let url = receipt.content["url"].as_str().unwrap();
    assert!(
        host.resource(tenant(1), "sandbox", url)
            .await
            .unwrap()
            .text
            .contains("Hello")
    );
}

#[tokio::test]
async fn a_servers_own_fault_comes_through_with_code_and_class() {
    let feed = feed_file();
    let (host, _) = house(feed.path());
    let mut unlabelled = post("Hello");
    unlabelled.arguments["disclosure"]["ai_generated"] = json!(false);
    let reply = host.perform(unlabelled, &grant("k")).await.unwrap();
    assert!(reply.is_error);
    assert_eq!(reply.content["code"], "SANDBOX_POST_UNLABELLED");
    assert_eq!(reply.content["class"], "validation");
    let elsewhere = json!({"url": "https://example.com/?leak=1"});
    let reply = host
        .read(request("feeds", "fetch_feed", elsewhere))
        .await
        .unwrap();
    assert_eq!(reply.content["code"], "FEED_NOT_LISTED");
    let misshapen = host
        .read(request("sandbox", "get_post", json!({"id": "p1"})))
        .await
        .unwrap_err();
    assert_eq!(misshapen.fault.code, codes::TOOL_ARGUMENTS_INVALID);
    let strangers = host
        .resource(tenant(1), "feeds", "news://nowhere")
        .await
        .unwrap_err();
    assert_eq!(strangers.fault.code, codes::MCP_RESOURCE_UNKNOWN);
}
