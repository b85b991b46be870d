//! Spans of a run's trace, in the names of OpenTelemetry's GenAI conventions.
//!
//! Never here: where spans are kept or exported.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{attributes::Attributes, id::TenantId, time::Timestamp};

/// 16 bytes as 32 hex digits (W3C trace context).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceId(u128);

/// 8 bytes as 16 hex digits (W3C trace context).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SpanId(u64);

/// Text that is not a trace or span id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a trace or span id; those are 32 or 16 hex digits")]
pub struct InvalidTraceId(pub String);

macro_rules! hex_id {
    ($name:ident, $int:ty, $count:literal, $digits:literal) => {
        impl $name {
            /// From the number that the hex digits write.
            #[must_use]
            pub const fn from_bits(bits: $int) -> Self {
                Self(bits)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $digits, "x}"), self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = InvalidTraceId;
            fn from_str(text: &str) -> Result<Self, InvalidTraceId> {
                let digits: usize = $count;
                if text.len() == digits
                    && let Ok(bits) = <$int>::from_str_radix(text, 16)
                {
                    return Ok(Self(bits));
                }
                Err(InvalidTraceId(text.chars().take(64).collect()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidTraceId;
            fn try_from(text: String) -> Result<Self, InvalidTraceId> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": concat!("^[0-9a-f]{", $digits, "}$") })
            }
        }
    };
}

hex_id!(TraceId, u128, 32, "32");
hex_id!(SpanId, u64, 16, "16");

/// What a span stands for; its colour and its shape on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// A whole campaign run (`invoke_workflow`).
    Workflow,
    /// Making a plan (`plan`).
    Plan,
    /// One task by one worker (`invoke_agent`).
    Agent,
    /// A model call (`chat`).
    Model,
    /// A tool call (`execute_tool`).
    Tool,
    /// A recall (`search_memory`).
    Memory,
    /// A judge's evaluation.
    Judge,
    /// Waiting for a person.
    Approval,
    /// An outward action by the outbox.
    Effect,
}

/// How a span ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanStatus {
    /// Not yet.
    Open,
    /// Well.
    Ok,
    /// With an error; `attributes["error.type"]` holds the code.
    Error,
    /// Cut off by a pause or a cancellation.
    Cancelled,
}

/// One stretch of work in a trace.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TraceSpan {
    /// Owner of the row.
    pub tenant: TenantId,
    /// The run it belongs to.
    pub trace: TraceId,
    /// Key within the trace.
    pub span: SpanId,
    /// The stretch that it is part of.
    pub parent: Option<SpanId>,
    /// What it stands for.
    pub kind: SpanKind,
    /// Short name, for example `chat rehearsal-1`.
    pub name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent while open.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub status: SpanStatus,
    /// GenAI and `chimera.*` attributes.
    pub attributes: Attributes,
}

/// Where in a trace something happens; handed down with every piece of work.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TraceContext {
    /// The run.
    pub trace: TraceId,
    /// The stretch that causes what follows.
    pub span: SpanId,
}

impl TraceContext {
    /// W3C `traceparent` header value.
    #[must_use]
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-01", self.trace, self.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_fixed_width_hex() {
        let context = TraceContext {
            trace: TraceId::from_bits(0xabc),
            span: SpanId::from_bits(1),
        };
        assert_eq!(
            context.traceparent(),
            "00-00000000000000000000000000000abc-0000000000000001-01"
        );
        assert_eq!(context.trace.to_string().parse(), Ok(context.trace));
        assert!("abc".parse::<SpanId>().is_err());
    }
}
