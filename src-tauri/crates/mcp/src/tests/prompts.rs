//! Prompts: listed ones are got with what they need, and nothing is sent for others.

use std::{collections::BTreeMap, sync::Arc};

use chimera_ports::tools::{Outcome, PromptMessage, PromptText, ToolError, ToolHost};

use super::{far::Server, host, in_process, peer_spec, tenant};
use crate::{McpHost, Terms, codes};

async fn got(host: &McpHost, prompt: &str, city: &str) -> Result<PromptText, ToolError> {
    let arguments = BTreeMap::from([("city".to_owned(), city.to_owned())]);
    host.prompt(tenant(), "peer", prompt, arguments).await
}

fn of_riga() -> PromptText {
    let message = |role: &str, text: &str| PromptMessage {
        role: role.to_owned(),
        text: text.to_owned(),
    };
    PromptText {
        description: None,
        messages: vec![
            message("user", "Weather of Riga?"),
            message("assistant", "(image image/png)"),
        ],
    }
}

#[tokio::test]
async fn over_http_both_revisions_give_it_and_the_newer_is_told_its_name() {
    for old in [false, true] {
        let shared = Arc::default();
        let server = Server::peer(&shared, old).await;
        let (_service, host, _) = host(vec![server.spec()]);
        assert_eq!(got(&host, "weather", "Riga").await.unwrap(), of_riga());
        let asked = server.asked();
        let get = asked
            .iter()
            .find(|one| one.method == "prompts/get")
            .unwrap();
        let name = get
            .headers
            .get("mcp-name")
            .and_then(|name| name.to_str().ok());
        assert_eq!(name, (!old).then_some("weather"));
    }
}

#[tokio::test]
async fn what_is_not_listed_or_lacks_what_it_needs_is_refused_unsent() {
    let (host, _) = in_process();
    host.tools(tenant()).await.unwrap();
    let none = host.prompt(tenant(), "peer", "weather", BTreeMap::new());
    let more = [("city", "Riga"), ("moon", "full")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let more = host.prompt(tenant(), "peer", "weather", more.into());
    for (refused, why) in [
        (
            got(&host, "wether", "Riga").await,
            "lists no prompt 'wether'",
        ),
        (none.await, "wants 'city'"),
        (more.await, "takes no 'moon'"),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(
            (error.fault.code.as_str(), error.outcome),
            (codes::MCP_PROMPT_UNKNOWN, Outcome::NotPerformed)
        );
        assert!(error.fault.message.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_prompt_without_measure_is_not_taken_and_a_refusal_is_told() {
    let (host, _) = in_process();
    for (city, code) in [
        ("everywhere", codes::TOOL_RESULT_TOO_LARGE),
        ("endless", codes::TOOL_RESULT_TOO_LARGE),
        ("nowhere", codes::MCP_REFUSED),
    ] {
        let error = got(&host, "weather", city).await.unwrap_err();
        assert_eq!(error.fault.code, code, "{error}");
    }
    assert_eq!(got(&host, "weather", "Riga").await.unwrap(), of_riga());
}

#[tokio::test]
async fn of_a_server_of_another_version_than_is_wanted_none_is_got_and_the_version_is_named() {
    let shared = Arc::default();
    let (_service, host, _) = host(Vec::new());
    let terms = Terms {
        version: Some("2.0.0".to_owned()),
        ..Terms::default()
    };
    host.place(tenant(), peer_spec(&shared), terms);
    let refused = got(&host, "weather", "Riga").await.unwrap_err();
    assert_eq!(
        (refused.fault.code.as_str(), refused.outcome),
        (codes::MCP_VERSION_REFUSED, Outcome::NotPerformed)
    );
}
