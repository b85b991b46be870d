//! A call on its way out: what may not go at all, its arguments within bounds, and what goes along
//! in `_meta`.
//!
//! Never here: sending it.

use chimera_domain::{
    action::{EffectClass, Grant, ToolRef},
    fault::FaultClass,
    id::TenantId,
};
use chimera_ports::tools::{ToolError, ToolRequest};
use rmcp::model::{JsonObject, RequestMetaObject};
use serde_json::Value;

use crate::{
    codes::{TOOL_ARGUMENTS_INVALID, unsent},
    spec::ServerSpec,
};

/// Largest arguments that are sent, in bytes of JSON.
const MAX_ARGUMENT_BYTES: usize = 256 * 1024;
/// Key of the intent in `_meta`: the same for every try of one act, so that a server can tell.
const META_INTENT_KEY: &str = "chimera/intentKey";
/// Key of the tenant in `_meta`, for our own servers.
const META_TENANT: &str = "chimera/tenant";
/// Key of the agent in `_meta`, for our own servers.
const META_AGENT: &str = "chimera/agent";
/// Key of whose words the arguments carry, for our own servers.
const META_WORDS_OF: &str = "chimera/wordsOf";

pub(crate) const fn acts(effect: EffectClass) -> bool {
    matches!(effect, EffectClass::Outward | EffectClass::Money)
}

pub(crate) fn arguments(tool: &ToolRef, arguments: &Value) -> Result<JsonObject, ToolError> {
    let Value::Object(object) = arguments else {
        return Err(arguments_invalid(tool, "at /: arguments are an object"));
    };
    let bytes = arguments.to_string().len();
    if bytes > MAX_ARGUMENT_BYTES {
        let why = format!("they have {bytes} bytes; at most {MAX_ARGUMENT_BYTES} are sent");
        return Err(arguments_invalid(tool, &why));
    }
    Ok(object.clone())
}

pub(crate) fn arguments_invalid(tool: &ToolRef, why: &str) -> ToolError {
    unsent(
        FaultClass::Validation,
        TOOL_ARGUMENTS_INVALID,
        format!("the arguments of {tool} do not fit: {why}; nothing was sent"),
    )
}

pub(crate) fn meta(
    spec: &ServerSpec,
    tenant: TenantId,
    request: Option<&ToolRequest>,
    grant: Option<&Grant>,
) -> RequestMetaObject {
    let mut meta = RequestMetaObject::new();
    if let Some(request) = request {
        meta.set_traceparent(request.trace.traceparent());
    }
    if spec.takes_tenant {
        meta.insert(META_TENANT.to_owned(), tenant.to_string().into());
        if let Some(agent) = request.and_then(|request| request.agent) {
            meta.insert(META_AGENT.to_owned(), agent.to_string().into());
        }
        let words_of = request.and_then(|request| request.words_of.as_ref());
        if let Some(origin) = words_of.and_then(|origin| serde_json::to_value(origin).ok()) {
            meta.insert(META_WORDS_OF.to_owned(), origin);
        }
    }
    if let Some(grant) = grant {
        meta.insert(META_INTENT_KEY.to_owned(), grant.intent_key().into());
    }
    meta
}
