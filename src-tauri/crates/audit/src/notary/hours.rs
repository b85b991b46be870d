//! Checking by the clock: a log that nobody asks about would keep its secret.
//!
//! Never here: the check itself (`checking`).

use chimera_domain::{
    id::TenantId,
    role::Actor,
    time::{Span, Timestamp},
};
use chimera_ports::error::PortError;

use super::{Notary, checking, told::PART};

/// Pause before another look where a check did not begin or is still under way.
const AGAIN: Span = Span::seconds(60);

impl Notary {
    /// Begins a check of a tenant's log when the last one, whoever asked for it, began too long ago; where there was
    /// none, when the log itself, begun at `began`, is as old. `look_at` is when that may be, as known so far.
    pub(super) async fn check_by_the_clock(
        &self,
        (tenant, began): (TenantId, Timestamp),
        look_at: &mut Option<Timestamp>,
    ) {
        let Some(every) = self.0.options.checked_every else {
            return;
        };
        let now = self.now();
        if look_at.is_some_and(|at| now < at) {
            return;
        }
        let due = match self.last_check(tenant).await {
            Ok(last) => last.unwrap_or(began) + every,
            Err(error) => {
                tracing::warn!(%error, "when the audit log was checked last cannot be read");
                now + AGAIN
            }
        };
        if now < due {
            *look_at = Some(due);
            return;
        }
        *look_at = Some(now + AGAIN);
        if let Err(error) = self.check(tenant, Actor::system(PART)).await {
            tracing::warn!(%error, "the audit log could not be checked in its turn");
        }
    }

    async fn last_check(&self, tenant: TenantId) -> Result<Option<Timestamp>, PortError> {
        let last = checking::last(self.0.options.store.as_ref(), tenant).await?;
        Ok(last.map(|check| check.begun_at))
    }
}
