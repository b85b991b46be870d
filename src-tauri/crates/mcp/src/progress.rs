//! The calls of one connection that are under way, and how far each is by its server's word.
//!
//! Never here: a longer wait. What a server says of its progress is shown and changes nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chimera_domain::id::TenantId;
use chimera_ports::tools::{Progress, RunningCall};
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use tokio::time::Instant;

use crate::codes::cut;

/// Most reports of one call that are looked at.
const MAX_REPORTS: u32 = 10_000;

/// The calls under way, by the token that their progress is told with.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<HashMap<ProgressToken, Call>>);

#[derive(Debug)]
struct Call {
    tenant: TenantId,
    tool: String,
    begun: Instant,
    progress: Option<Progress>,
    reports: u32,
}

impl Running {
    /// Notes that a call is under way until what is returned goes. There are never more than the slot has turns.
    pub(crate) fn begin(&self, token: ProgressToken, tenant: TenantId, tool: &str) -> UnderWay<'_> {
        let call = Call {
            tenant,
            tool: tool.to_owned(),
            begun: Instant::now(),
            progress: None,
            reports: 0,
        };
        self.calls().insert(token.clone(), call);
        UnderWay {
            running: self,
            token,
        }
    }

    /// Takes a report. One of a call that is not under way, or that does not go forward, says nothing.
    pub(crate) fn note(&self, told: ProgressNotificationParam) {
        let mut calls = self.calls();
        let Some(call) = calls.get_mut(&told.progress_token) else {
            return;
        };
        let before = call.progress.as_ref().map(|before| before.done);
        let forward = told.progress.is_finite() && before.is_none_or(|done| told.progress > done);
        if !forward || call.reports == MAX_REPORTS {
            return;
        }
        call.reports += 1;
        call.progress = Some(Progress {
            done: told.progress,
            of: told.total.filter(|total| total.is_finite() && *total > 0.0),
            message: told.message.as_deref().map(cut),
        });
    }

    /// The calls of `tenant`, the oldest first.
    pub(crate) fn of(&self, tenant: TenantId) -> Vec<RunningCall> {
        let calls = self.calls();
        let mut of: Vec<&Call> = calls
            .values()
            .filter(|call| call.tenant == tenant)
            .collect();
        of.sort_by_key(|call| call.begun);
        of.into_iter()
            .map(|call| RunningCall {
                tool: call.tool.clone(),
                elapsed: call.begun.elapsed(),
                progress: call.progress.clone(),
            })
            .collect()
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<ProgressToken, Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way.
#[must_use = "it counts as ended when this goes"]
pub(crate) struct UnderWay<'a> {
    running: &'a Running,
    token: ProgressToken,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.running.calls().remove(&self.token);
    }
}

#[cfg(test)]
mod tests {
    use rmcp::model::NumberOrString;
    use uuid::Uuid;

    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(number))
    }

    fn token(number: i64) -> ProgressToken {
        ProgressToken(NumberOrString::Number(number))
    }

    #[test]
    fn only_what_goes_forward_is_told_and_only_to_those_whose_call_it_is() {
        let running = Running::default();
        let call = running.begin(token(1), tenant(1), "count");
        let _other = running.begin(token(2), tenant(2), "other");
        let report = |done: f64, message: &str| {
            running.note(
                ProgressNotificationParam::new(token(1), done)
                    .with_total(f64::INFINITY)
                    .with_message(message),
            );
        };
        let long = "x".repeat(10_000);
        report(2.0, &long);
        report(2.0, "again");
        report(1.0, "back");
        report(f64::NAN, "nowhere");
        // Nobody's call.
        running.note(ProgressNotificationParam::new(token(9), 5.0));
        let [shown] = &running.of(tenant(1))[..] else {
            panic!("one call is this tenant's")
        };
        assert_eq!(shown.tool, "count");
        let progress = shown.progress.as_ref().unwrap();
        assert_eq!((progress.done, progress.of), (2.0, None));
        assert!(progress.message.as_ref().unwrap().chars().count() < 300);
        drop(call);
        assert_eq!(running.of(tenant(1)), []);
        assert_eq!(running.of(tenant(2)).len(), 1);
    }

    #[test]
    fn a_server_that_never_stops_reporting_is_not_looked_at_for_ever() {
        let running = Running::default();
        let _call = running.begin(token(1), tenant(1), "count");
        for report in 0..2 * MAX_REPORTS {
            running.note(ProgressNotificationParam::new(token(1), f64::from(report)));
        }
        let shown = running.of(tenant(1)).remove(0).progress.unwrap();
        assert_eq!(shown.done, f64::from(MAX_REPORTS - 1));
    }
}
