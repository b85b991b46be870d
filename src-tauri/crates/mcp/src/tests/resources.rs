//! Resources: text or an error, never silently nothing (PER-14).

use chimera_domain::artifact::Origin;
use chimera_ports::tools::{ResourceReply, ToolHost};

use super::{in_process, tenant};
use crate::codes;

#[tokio::test]
async fn a_text_resource_is_read() {
    let (host, _) = in_process();
    assert_eq!(
        host.resource(tenant(), "peer", "peer://hello")
            .await
            .unwrap(),
        ResourceReply {
            mime_type: Some("text/plain".into()),
            text: "hello".into(),
            origin: Origin::Tool {
                tool: "peer:peer://hello".into()
            },
        }
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_that_names_it() {
    let (host, _) = in_process();
    for (server, uri, code) in [
        ("peer", "peer://nowhere", codes::MCP_RESOURCE_UNKNOWN),
        ("peer", "peer://empty", codes::MCP_RESOURCE_UNKNOWN),
        ("peer", "peer://binary", codes::MCP_RESOURCE_BINARY),
        ("peer", "peer://huge", codes::TOOL_RESULT_TOO_LARGE),
        ("news", "news://latest", codes::MCP_SERVER_UNKNOWN),
    ] {
        let error = host.resource(tenant(), server, uri).await.unwrap_err();
        assert_eq!(error.fault.code, code, "{error}");
        let named = if server == "peer" { uri } else { server };
        assert!(error.fault.message.contains(named), "{error}");
    }
}
