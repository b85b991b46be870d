//! Who is signed in, as the guard found out; handlers take it as an argument.
//!
//! Never here: finding out.

use axum::extract::FromRequestParts;
use chimera_authz::Seat;
use chimera_contract::error::people;
use chimera_ports::store::{Session, SessionKind, User};
use chimera_runtime::Caller;
use http::request::Parts;

use crate::{problem::Problem, state::Api};

/// The signed-in person behind a request.
#[derive(Clone)]
pub struct Signed {
    /// Tenant, person and roles, as the runtime wants them.
    pub caller: Caller,
    /// The account.
    pub user: User,
    /// The session whose token was shown.
    pub session: Session,
    /// Whether it is of the installation's first workspace.
    pub here_first: bool,
}

impl Signed {
    /// What the rules are asked with.
    #[must_use]
    pub fn seat(&self) -> Seat<'_> {
        Seat {
            roles: &self.caller.roles,
            here_first: self.here_first,
            key: self.session.kind == SessionKind::Key,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The guard put it there; without a guard nobody is signed in.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::new(&people::UNAUTHENTICATED))
    }
}

/// A signed-in person and what that person may reach: the two things that nearly every handler takes.
pub struct Desk {
    /// What may be reached.
    pub api: Api,
    /// Who is signed in.
    pub signed: Signed,
}

impl FromRequestParts<Api> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let signed = Signed::from_request_parts(parts, api).await?;
        Ok(Self {
            api: api.clone(),
            signed,
        })
    }
}
