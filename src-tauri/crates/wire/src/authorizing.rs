//! The authorization of an MCP server by a person.

use chimera_contract::{authorizing as wire, scalar::Time};
use chimera_ports::authorizing::{Authorization, AuthorizationState, BegunRound, ClientChange};

use crate::ToWire;

impl ToWire for Authorization {
    type Wire = wire::ServerAuthorization;
    fn wire(&self) -> wire::ServerAuthorization {
        let bare = wire::ServerAuthorization {
            state: wire::AuthorizationState::NotAsked,
            waits_until: self.waits_until.map(Time::of),
            issuer: None,
            scopes: Vec::new(),
            until: None,
            renews: false,
            problem: None,
            client: self
                .client
                .as_ref()
                .map(|client| wire::AuthorizationClient {
                    id: client.id.clone(),
                    secret: client.secret.clone(),
                }),
            given_by: self.given.as_ref().map(|(by, _)| by.clone()),
            given_at: self.given.as_ref().map(|(_, at)| Time::of(*at)),
        };
        let asks = |state, scopes: &[String]| wire::ServerAuthorization {
            state,
            scopes: scopes.to_vec(),
            ..bare.clone()
        };
        match &self.state {
            AuthorizationState::NotAsked => bare,
            AuthorizationState::Needed { scopes } => asks(wire::AuthorizationState::Needed, scopes),
            AuthorizationState::MoreNeeded { scopes } => {
                asks(wire::AuthorizationState::MoreNeeded, scopes)
            }
            AuthorizationState::Authorized {
                issuer,
                scopes,
                until,
                renews,
                unkept,
            } => wire::ServerAuthorization {
                issuer: Some(issuer.clone()),
                until: until.map(Time::of),
                renews: *renews,
                problem: unkept.wire(),
                ..asks(wire::AuthorizationState::Authorized, scopes)
            },
            AuthorizationState::Refused(fault) => wire::ServerAuthorization {
                state: wire::AuthorizationState::Ended,
                problem: Some(fault.wire()),
                ..bare
            },
        }
    }
}

impl ToWire for BegunRound {
    type Wire = wire::AuthorizationRound;
    fn wire(&self) -> wire::AuthorizationRound {
        wire::AuthorizationRound {
            address: self.address.clone(),
            until: Time::of(self.until),
        }
    }
}

/// As whom we show ourselves from now on, by what a person asked for.
#[must_use]
pub fn client_change(asked: wire::AuthorizeServer) -> ClientChange {
    match asked.client {
        None => ClientChange::AsBefore,
        Some(client) if client.id.is_empty() => ClientChange::None,
        Some(client) => ClientChange::As(chimera_ports::authorizing::AuthorizationClient {
            id: client.id,
            secret: client.secret,
        }),
    }
}
