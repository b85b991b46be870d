//! Who calls, as the request's `_meta` tells: for which tenant and agent, with whose words, with which intent.
//!
//! Never here: permissions.

use chimera_domain::{
    artifact::Origin,
    fault::{Fault, FaultClass},
    id::{AgentId, TenantId},
};
use rmcp::model::RequestMetaObject;
use serde_json::Value;

/// `_meta` key of the tenant. The host sends it to our own servers only.
pub const META_TENANT: &str = "chimera/tenant";
/// `_meta` key of the intent: the same for every try of one act.
pub const META_INTENT_KEY: &str = "chimera/intentKey";
/// `_meta` key of the agent. The host sends it to our own servers only.
pub const META_AGENT: &str = "chimera/agent";
/// `_meta` key of whose words the arguments carry, as an `Origin`. The host sends it to our own servers only.
pub const META_WORDS_OF: &str = "chimera/wordsOf";
/// Longest intent key, in characters.
const MAX_INTENT_KEY_CHARS: usize = 200;

/// Who calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// For whom.
    pub tenant: TenantId,
    /// For which of its agents, where it is for one.
    pub agent: Option<AgentId>,
    /// Whose words the arguments carry, where the host answers for that.
    pub words_of: Option<Origin>,
    /// Which act this is a try of, for calls that act.
    pub intent_key: Option<String>,
}

impl Caller {
    /// Reads the caller from `meta`. Without a tenant there, `fallback` stands in: the one tenant
    /// of a server that somebody started by hand.
    ///
    /// # Errors
    /// When neither names a tenant, or a key is malformed. Nothing happened.
    pub(crate) fn read(
        meta: &RequestMetaObject,
        fallback: Option<TenantId>,
    ) -> Result<Self, Fault> {
        let tenant = match meta.get(META_TENANT) {
            None => fallback.ok_or_else(|| {
                invalid("the request names no tenant, and the server has none of its own; start it with one")
            })?,
            Some(Value::String(text)) => text.parse().map_err(|error| invalid(&format!("{error}")))?,
            Some(_) => return Err(invalid("the tenant is no text")),
        };
        let intent_key = match meta.get(META_INTENT_KEY) {
            None => None,
            Some(Value::String(key))
                if (1..=MAX_INTENT_KEY_CHARS).contains(&key.chars().count()) =>
            {
                Some(key.clone())
            }
            Some(_) => {
                return Err(invalid(&format!(
                    "the intent key is no text of 1 to {MAX_INTENT_KEY_CHARS} characters"
                )));
            }
        };
        let agent = match meta.get(META_AGENT) {
            None => None,
            Some(Value::String(text)) => {
                Some(text.parse().map_err(|error| invalid(&format!("{error}")))?)
            }
            Some(_) => return Err(invalid("the agent is no text")),
        };
        let words_of = meta
            .get(META_WORDS_OF)
            .map(|origin| serde_json::from_value(origin.clone()))
            .transpose()
            .map_err(|error| invalid(&format!("whose words these are cannot be read: {error}")))?;
        Ok(Self {
            tenant,
            agent,
            words_of,
            intent_key,
        })
    }
}

/// The tenant that a request names, for servers that hold nothing of anybody's.
pub(crate) fn tenant_of(meta: &RequestMetaObject) -> Option<TenantId> {
    meta.get(META_TENANT)?.as_str()?.parse().ok()
}

/// Code of a request whose `_meta` cannot be used.
pub(crate) const CALLER_INVALID: &str = "MCP_CALLER_INVALID";

fn invalid(why: &str) -> Fault {
    Fault::new(
        FaultClass::Validation,
        CALLER_INVALID,
        format!("{why}; nothing happened"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn meta(value: Value) -> RequestMetaObject {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_tenant_of_the_request_comes_before_the_servers_own() {
        let own = TenantId::from_uuid(Uuid::from_u128(1));
        let theirs = TenantId::from_uuid(Uuid::from_u128(2));
        let meta = meta(json!({META_TENANT: theirs, META_INTENT_KEY: "k"}));
        let caller = Caller::read(&meta, Some(own)).unwrap();
        assert_eq!(
            caller,
            Caller {
                tenant: theirs,
                agent: None,
                words_of: None,
                intent_key: Some("k".into())
            }
        );
        let bare = RequestMetaObject::new();
        assert_eq!(Caller::read(&bare, Some(own)).unwrap().tenant, own);
    }

    #[test]
    fn a_call_for_nobody_is_refused() {
        for bad in [
            json!({}),
            json!({META_TENANT: 7}),
            json!({META_TENANT: "everybody"}),
            json!({META_TENANT: Uuid::nil(), META_INTENT_KEY: ""}),
            json!({META_TENANT: Uuid::nil(), META_INTENT_KEY: "k".repeat(201)}),
            json!({META_TENANT: Uuid::nil(), META_INTENT_KEY: 1}),
            json!({META_TENANT: Uuid::nil(), META_AGENT: "each"}),
            json!({META_TENANT: Uuid::nil(), META_WORDS_OF: "mine"}),
        ] {
            let error = Caller::read(&meta(bad.clone()), None).unwrap_err();
            assert_eq!(error.code, CALLER_INVALID, "{bad}");
        }
    }
}
