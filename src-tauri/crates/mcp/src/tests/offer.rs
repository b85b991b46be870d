//! What servers offer beside tools: listed in pages and within bounds, again when they say that it changed.

use std::sync::{Arc, atomic::Ordering};

use chimera_ports::tools::{OfferedArgument, OfferedResource, ServerOffer, ToolHost};
use serde_json::json;

use super::{far::Server, host, in_process, peer::Shared, request, tenant};
use crate::{McpHost, codes};

async fn offered(host: &McpHost) -> Arc<ServerOffer> {
    host.offer(tenant(), "peer").await.unwrap().unwrap()
}

fn addresses(resources: &[OfferedResource]) -> Vec<&str> {
    resources.iter().map(|one| one.uri.as_str()).collect()
}

async fn looks(host: &McpHost, shared: &Shared) {
    assert_eq!(
        host.offer(tenant(), "peer").await.unwrap(),
        None,
        "nobody connected it, and looking does not"
    );
    host.tools(tenant()).await.unwrap();
    let offer = offered(host).await;
    assert_eq!(
        offer.resources[0],
        OfferedResource {
            uri: "peer://hello".into(),
            name: "hello".into(),
            title: None,
            description: "Says hello.".into(),
            mime_type: Some("text/plain".into()),
            bytes: Some(5),
        }
    );
    assert_eq!(
        addresses(&offer.resources),
        ["peer://hello", "peer://binary"]
    );
    let left_out = &offer.left_out[..];
    assert!(
        matches!(left_out, [why] if why.contains("its address has more than 2048 characters")),
        "{left_out:?}"
    );
    assert_eq!(addresses(&offer.templates), ["peer://{word}"]);
    let [prompt] = &offer.prompts[..] else {
        panic!("{:?}", offer.prompts)
    };
    assert_eq!(prompt.name, "weather");
    assert_eq!(prompt.description.len(), 500, "bounded");
    let city = OfferedArgument {
        name: "city".into(),
        description: String::new(),
        required: true,
    };
    assert_eq!(prompt.arguments[0], city);

    // Looked at again from memory…
    offered(host).await;
    let before = shared.lists.load(Ordering::Acquire);
    offered(host).await;
    assert_eq!(shared.lists.load(Ordering::Acquire), before);
    // …until the server says that something changed; and of very many only so many are kept.
    host.read(request("grow", json!({}))).await.unwrap();
    let offer = loop {
        let offer = offered(host).await;
        if offer.resources.len() > 2 {
            break offer;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        offer.resources.len(),
        199,
        "200 are read, one of them left out"
    );
    assert!(
        offer.left_out[0].contains("there are more than are read"),
        "{:?}",
        offer.left_out
    );
}

#[tokio::test]
async fn what_is_beside_tools_is_listed_in_pages_within_bounds_and_again_when_it_changed() {
    let (host, shared) = in_process();
    looks(&host, &shared).await;
}

#[tokio::test]
async fn over_http_both_revisions_list_it_alike() {
    for old in [false, true] {
        let shared = Arc::default();
        let server = Server::peer(&shared, old).await;
        let (_service, host, _) = host(vec![server.spec()]);
        looks(&host, &shared).await;
    }
}

#[tokio::test]
async fn a_list_that_fails_is_named_and_asked_for_again_and_the_others_stand() {
    let (host, shared) = in_process();
    host.tools(tenant()).await.unwrap();
    shared.is_mute.store(true, Ordering::Release);
    let offer = offered(&host).await;
    assert_eq!(offer.resources.len(), 2);
    assert_eq!(offer.prompts, []);
    let why = offer.left_out.last().unwrap();
    assert!(
        why.starts_with("Not all prompts are here") && why.contains("no prompts today"),
        "{why}"
    );
    shared.is_mute.store(false, Ordering::Release);
    assert_eq!(offered(&host).await.prompts.len(), 1);
}

#[tokio::test]
async fn nobody_looks_at_a_server_that_is_not_theirs() {
    let (host, _) = in_process();
    let error = host.offer(tenant(), "other").await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SERVER_UNKNOWN);
}
