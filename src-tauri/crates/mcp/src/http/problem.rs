//! What went wrong between here and a server over HTTP, as it is told to people.
//!
//! Never here: waiting for an answer.

use chimera_domain::fault::{Fault, FaultClass};
use chimera_net::{NetError, Stage};
use http::StatusCode;

use crate::{
    codes::{
        MCP_ADDRESS_REFUSED, MCP_AUTHORIZATION_NEEDED, MCP_SCOPE_NEEDED, MCP_UNAUTHORIZED, cut,
    },
    wire::MAX_MESSAGE_BYTES,
};

/// What kind of thing it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// The server wants another key.
    KeyRefused,
    /// The server wants to be authorized by a person.
    Unauthorized,
    /// The server wants an authorization for more.
    Scope,
    /// The address may not or cannot be reached.
    Address,
    /// A message was larger than is read.
    Oversized,
    /// Anything else.
    Other,
}

/// One thing that went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    /// What kind.
    pub(crate) kind: Kind,
    /// In words.
    pub(crate) words: String,
    /// Whether it is certain that the server did not act on the request.
    pub(crate) unread: bool,
}

impl Problem {
    pub(crate) fn other(words: impl Into<String>) -> Self {
        Self {
            kind: Kind::Other,
            words: words.into(),
            unread: false,
        }
    }

    pub(crate) fn unread(words: &str) -> Self {
        Self {
            unread: true,
            ..Self::other(words)
        }
    }

    pub(crate) fn unauthorised(status: StatusCode) -> Self {
        Self {
            kind: Kind::KeyRefused,
            ..Self::unread(&format!("it answered {status}"))
        }
    }

    /// What a server says that a person authorizes.
    pub(crate) fn authorization(status: StatusCode, more: bool) -> Self {
        let (kind, why) = if more {
            (
                Kind::Scope,
                "wants an authorization for more than it was given",
            )
        } else {
            (Kind::Unauthorized, "wants to be authorized by a person")
        };
        Self {
            kind,
            ..Self::unread(&format!("it answered {status} and {why}"))
        }
    }

    /// What keeps a token from being sent along. Nothing left.
    pub(crate) fn unreadable(fault: &Fault) -> Self {
        Self {
            kind: Kind::Unauthorized,
            ..Self::unread(&fault.message)
        }
    }

    pub(crate) fn oversized() -> Self {
        Self {
            kind: Kind::Oversized,
            ..Self::other(format!(
                "it sent a message of more than {MAX_MESSAGE_BYTES} bytes"
            ))
        }
    }

    pub(crate) fn malformed() -> Self {
        Self::other("it sent a message that is not JSON")
    }

    pub(crate) fn of(error: &NetError) -> Self {
        let kind = match error {
            NetError::InvalidUrl { .. }
            | NetError::PrivateAddress { .. }
            | NetError::TooManyRedirects { .. }
            | NetError::RedirectRefused { .. }
            | NetError::RedirectLoop { .. } => Kind::Address,
            NetError::TooLarge { .. } => Kind::Oversized,
            _ => Kind::Other,
        };
        let unread = matches!(
            error,
            NetError::InvalidUrl { .. }
                | NetError::InvalidRequest { .. }
                | NetError::PrivateAddress { .. }
                | NetError::Tls { .. }
                | NetError::Dns { .. }
                | NetError::Connect { .. }
                | NetError::Timeout {
                    stage: Stage::Connect,
                    ..
                }
        );
        Self {
            kind,
            words: cut(&error.to_string()),
            unread,
        }
    }

    /// Class and code that it is told under; `usual` where there is no better one.
    pub(crate) const fn fault(&self, usual: &'static str) -> (FaultClass, &'static str) {
        match self.kind {
            Kind::KeyRefused => (FaultClass::Permanent, MCP_UNAUTHORIZED),
            Kind::Unauthorized => (FaultClass::Waits, MCP_AUTHORIZATION_NEEDED),
            Kind::Scope => (FaultClass::Waits, MCP_SCOPE_NEEDED),
            Kind::Address => (FaultClass::Permanent, MCP_ADDRESS_REFUSED),
            Kind::Oversized | Kind::Other => (FaultClass::Transient, usual),
        }
    }

    /// Whether an older handshake may be understood where this happened.
    pub(crate) fn may_be_legacy(&self) -> bool {
        self.kind == Kind::Other && !self.unread
    }
}
