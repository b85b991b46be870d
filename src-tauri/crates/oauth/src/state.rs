//! What a session knows at a moment, and what of it is told.
//!
//! Never here: asking anybody (`session`).

use chimera_domain::{fault::Fault, time::Timestamp};
use chimera_ports::authorizing::AuthorizationState;
use secrecy::SecretString;

use crate::{
    challenge::Challenge,
    codes::OAUTH_ROUNDS_SPENT,
    keeping::Kept,
    round::{Round, RoundId},
};

/// Most rounds that a server may ask for without asking for anything new.
pub const MAX_STEP_UPS: u32 = 2;

/// What a session knows.
#[derive(Default)]
pub(crate) struct State {
    /// How often everything had been let go when this was learned.
    pub(crate) epoch: u64,
    /// The round that was begun last, whatever became of it.
    pub(crate) newest: Option<RoundId>,
    pub(crate) loaded: bool,
    pub(crate) kept: Option<Kept>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) round: Option<Round>,
    pub(crate) fault: Option<Fault>,
    /// Whether the server refused a token that it never took.
    pub(crate) refused_anew: bool,
    /// When a renewal may be tried again.
    pub(crate) not_before: Option<Timestamp>,
    /// Rounds that brought nothing new.
    pub(crate) futile: u32,
    /// Why what is known could not be kept, and when that is tried again.
    pub(crate) unkept: Option<(Fault, Timestamp)>,
}

impl State {
    pub(crate) fn token(&self) -> Option<SecretString> {
        let access = self.kept.as_ref()?.access.clone()?;
        Some(SecretString::from(access))
    }

    /// Whether there is a leave to renew, and no pause.
    pub(crate) fn may_renew(&self, now: Timestamp) -> bool {
        let has_leave = self
            .kept
            .as_ref()
            .is_some_and(|kept| kept.refresh.is_some());
        has_leave && self.not_before.is_none_or(|at| at <= now)
    }

    /// Whether a round asks for nothing new; refused after enough of those.
    pub(crate) fn may_begin(&self) -> Result<bool, Fault> {
        let asked = self.kept.as_ref().map(|kept| &kept.asked);
        let is_futile = match (&self.challenge, asked) {
            (Some(challenge), Some(asked)) if challenge.wants_more() => {
                asked.and(&challenge.scopes) == *asked
            }
            _ => self.refused_anew,
        };
        if is_futile && self.futile >= MAX_STEP_UPS {
            return Err(Fault::of(
                OAUTH_ROUNDS_SPENT,
                format!(
                    "the server refuses what it was given and asks for the same again, after {MAX_STEP_UPS} rounds that brought nothing new; nothing was asked; disconnect it and begin anew, or tell whoever runs it"
                ),
            ));
        }
        Ok(is_futile)
    }

    /// How it stands.
    pub(crate) fn standing(&self) -> AuthorizationState {
        if let Some(fault) = &self.fault {
            return AuthorizationState::Refused(fault.clone());
        }
        if let Some(challenge) = &self.challenge {
            let scopes = challenge.scopes.names().to_vec();
            return if challenge.wants_more() {
                AuthorizationState::MoreNeeded { scopes }
            } else {
                AuthorizationState::Needed { scopes }
            };
        }
        let Some(kept) = self.kept.as_ref().filter(|kept| kept.access.is_some()) else {
            return AuthorizationState::NotAsked;
        };
        AuthorizationState::Authorized {
            issuer: kept.client.issuer.clone(),
            scopes: kept.granted.names().to_vec(),
            until: kept.until(),
            renews: kept.refresh.is_some(),
            unkept: self.unkept.as_ref().map(|(fault, _)| fault.clone()),
        }
    }
}
