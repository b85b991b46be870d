//! Chimera as an MCP server at `/mcp`: the console's reads for other people's agents, over the very same API.
//!
//! Never here: what can be read (the server), or who may (the API).

use std::sync::Arc;

use async_trait::async_trait;
use chimera_api::{Router, any_service};
use chimera_domain::fault::Fault;
use chimera_door::{beside::Beside, inside::InsideCaller};
use chimera_servers::console::{Console, Reader};
use serde_json::Value;

/// Where it is.
pub(crate) const PLACE: &str = "/mcp";

/// The address, and what answers there, made over the API.
pub(crate) fn beside() -> Beside {
    Beside {
        path: PLACE,
        service: Arc::new(|api| {
            let server = Console::new(Arc::new(Reads(api)));
            any_service(server.over_http())
        }),
    }
}

struct Reads(Router);

#[async_trait]
impl Reader for Reads {
    async fn get(&self, token: &str, address: &str) -> Result<Value, Fault> {
        let caller = InsideCaller::new(self.0.clone(), token.to_owned());
        let answer = caller.request("GET", address, None, None).await;
        let answer = answer.map_err(|error| {
            tracing::error!(%error, "the API's answer to an MCP tool could not be read");
            Fault::of(
                "INTERNAL_ERROR",
                "Chimera's own answer could not be read; the log says why. Nothing was changed.",
            )
        })?;
        if answer.status < 400 {
            return Ok(answer.body);
        }
        // The API's refusal, with its own code and words.
        let word = |name: &str| answer.body["error"][name].as_str().unwrap_or_default();
        Err(Fault::of(word("code"), word("message")))
    }
}
