//! An unknown outcome, settled by a person who looked at the account.
//!
//! Never here: asking the far side (the outbox does, where it knows keys).

use chimera_domain::{
    action::{Effect, Receipt},
    change::{Board, Change},
    id::{EffectId, VersionId},
    text::written,
};
use chimera_engine::Command;
use chimera_ports::error::PortError;
use serde_json::json;

use super::Caller;
use crate::{
    act::ActError,
    error::{ErrorKind, RuntimeError},
    runtime::Runtime,
};

/// Most characters of a network's id of a post.
const MAX_POST_ID_CHARS: usize = 200;
/// Most characters of a post's address.
const MAX_URL_CHARS: usize = 2_000;
/// Most characters of a note.
const MAX_NOTE_CHARS: usize = 2_000;
/// How an address of a post begins.
const SCHEMES: [&str; 3] = ["https://", "http://", "sandbox://"];

/// What a person found on the account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reconciliation {
    /// Whether it went out.
    pub sent: bool,
    /// The network's id of the post, when known; only with `sent`.
    pub post_id: Option<String>,
    /// Where it can be seen, when known; only with `sent`.
    pub url: Option<String>,
    /// How they know, in own words; may be empty.
    pub note: String,
}

impl Runtime {
    /// Settles an action of which nobody knew whether it went out. Nothing is sent either way.
    ///
    /// # Errors
    /// When its outcome is known, it changed since `expected`, or what was found makes no sense.
    pub async fn reconcile(
        &self,
        who: &Caller,
        id: EffectId,
        expected: VersionId,
        said: Reconciliation,
    ) -> Result<Effect, RuntimeError> {
        let before = self.parts().store.effect(who.tenant, id).await?;
        let command = Command::Reconcile {
            effect: id,
            note: written("The note", &said.note, 0, MAX_NOTE_CHARS)?,
            found: receipt(&before, said)?,
        };
        let check = |board: &Board| {
            let is_as_seen = |found: &Effect| found.id != id || found.version == expected;
            if board.effect.as_ref().is_none_or(is_as_seen) {
                Ok(())
            } else {
                Err(ActError::Store(PortError::conflict("action", id)))
            }
        };
        let acted = self
            .act_if(who.tenant, before.task, who.actor(), command, check)
            .await?;
        let after = acted
            .set
            .changes
            .into_iter()
            .find_map(|change| match change {
                Change::Effect { effect, .. } => Some(*effect),
                _ => None,
            });
        Ok(after.unwrap_or(before))
    }
}

/// What takes the place of the network's own receipt, or `None` when it did not go out.
fn receipt(before: &Effect, said: Reconciliation) -> Result<Option<Receipt>, RuntimeError> {
    let invalid =
        |message: &str| RuntimeError::new(ErrorKind::Invalid, "VALIDATION_ERROR", message);
    let post_id = said
        .post_id
        .map(|id| written("The post's id", &id, 1, MAX_POST_ID_CHARS))
        .transpose()?;
    let url = said
        .url
        .map(|url| written("The post's address", &url, 1, MAX_URL_CHARS))
        .transpose()?;
    if !said.sent {
        if post_id.is_some() || url.is_some() {
            return Err(invalid(
                "`post_id` and `url` go with a post that was sent only. Nothing was changed.",
            ));
        }
        return Ok(None);
    }
    if let Some(url) = &url
        && !SCHEMES.iter().any(|scheme| url.starts_with(scheme))
    {
        return Err(invalid(
            "The post's address must begin with https://. Nothing was changed.",
        ));
    }
    Ok(Some(Receipt {
        post_id,
        url,
        raw: json!({ "reconciled_by_a_person": true }),
        // When it left at the latest: the day that it counts for.
        received_at: before.updated_at,
    }))
}
