//! Taking out what the rule lets go, a checkpoint's records at a time, each cut with its own record.
//!
//! Never here: what may go (`cutting`), or the clock that asks for it (`retention`).

use chimera_domain::{audit::Beginning, event::Fact, fault::Fault, id::TenantId, role::Actor};
use serde_json::json;

use super::{Notary, told::PART};
use crate::{
    AuditError,
    cutting::{CutOutcome, CutRule, cut},
};

/// What came of asking for old records to be taken out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Taken {
    /// Records that are gone.
    pub records: u64,
    /// Why no more went, although more may be due; nothing where nothing more is.
    pub held_up: Option<String>,
}

impl Notary {
    /// Takes out what a rule lets go, in at most `cuts` transactions of a checkpoint's records each.
    ///
    /// # Errors
    /// When the store refuses. What was taken out before is on record, and the log is whole after it.
    pub async fn take_out(
        &self,
        tenant: TenantId,
        rule: &CutRule,
        cuts: u32,
    ) -> Result<Taken, AuditError> {
        let mut taken = Taken::default();
        let store = self.0.options.store.as_ref();
        let newest = store.last_checkpoint(tenant).await?;
        let Some(signed) = newest.and_then(|newest| newest.signed) else {
            taken.held_up = Some(UNSIGNED.to_owned());
            return Ok(taken);
        };
        let signing = match self.0.options.keys.signing(tenant, Some(signed.key)).await {
            Ok(signing) => signing,
            Err(fault) => {
                taken.held_up = Some(fault.message);
                return Ok(taken);
            }
        };
        let notes = |beginning: &Beginning, records: u64| {
            let told = json!({
                "records": records, "up_to": beginning.last, "kept": beginning.kept,
                "until": beginning.until, "rule": beginning.rule,
            });
            let area = "audit".to_owned();
            vec![
                self.event(tenant, Fact::SettingsChanged { area }),
                self.record(tenant, "audit.prune", told),
            ]
        };
        for _ in 0..cuts {
            // A check walks the log from its beginning: it is not moved under it.
            let checking = self.desks().entry(tenant).or_default().checking.is_some();
            if checking || self.0.cancel.is_cancelled() {
                taken.held_up = Some("a check of the log is under way".to_owned());
                return Ok(taken);
            }
            match cut((store, &signing.sealer), tenant, rule, self.now(), &notes).await? {
                CutOutcome::Taken { records } => taken.records += records,
                CutOutcome::NothingDue => return Ok(taken),
                CutOutcome::Unsigned => {
                    taken.held_up = Some(UNSIGNED.to_owned());
                    return Ok(taken);
                }
                CutOutcome::Altered => {
                    taken.held_up = Some(ALTERED.to_owned());
                    self.tell_altered(tenant).await;
                    return Ok(taken);
                }
            }
        }
        taken.held_up = Some("more is due; it goes with the next runs".to_owned());
        Ok(taken)
    }

    /// Evidence is not thrown away: the check says what is wrong with it.
    async fn tell_altered(&self, tenant: TenantId) {
        tracing::error!(%ALTERED, "old audit records stay");
        let message = format!("{ALTERED} Nothing was taken out; have the log checked.");
        let fault = Fault::of("AUDIT_CHAIN_BROKEN", message);
        let title = "Old audit records were altered, and are kept as evidence";
        if let Err(error) = self.check(tenant, Actor::system(PART)).await {
            tracing::warn!(%error, "the audit log could not be checked");
            self.tell(tenant, &fault, title).await;
        }
    }
}

const UNSIGNED: &str =
    "The log is not signed, so that a beginning could not be told from a forged one; records stay.";
const ALTERED: &str = "The oldest records are not as they were sealed.";
