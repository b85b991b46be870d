//! The calls of one connection that are under way, how far each is by its server's word, and whose a question in the
//! middle of one is.
//!
//! Never here: a longer wait for what a server says of its progress, which is shown and changes nothing.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use chimera_domain::{id::TenantId, trace::TraceContext};
use chimera_ports::tools::{Progress, ProgressEar, RunningCall};
use futures::future::join_all;
use rmcp::model::{ProgressNotificationParam, ProgressToken, RequestId};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    clock::{CallClock, HeldUp},
    codes::cut,
    questions::MAX_QUESTIONS_PER_CALL,
};

/// Most reports of one call that are looked at.
const MAX_REPORTS: u32 = 10_000;

/// Why a call of ours that nobody waits for is put to nobody.
pub(crate) const NOBODY_WAITS: &str =
    "nobody waits for what is read again by itself; read it once by hand to be asked";

/// The calls under way.
#[derive(Default)]
pub(crate) struct Running {
    calls: Mutex<HashMap<CallNumber, Call>>,
    numbers: AtomicU64,
    ear: Ear,
}

/// Names a call from before it leaves until nobody waits for it. Travels in its request's extensions, which never reach
/// the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct CallNumber(u64);

/// Whoever else hears how far calls are, once there is somebody.
pub(crate) type Ear = Arc<OnceLock<Arc<dyn ProgressEar>>>;

#[derive(Debug)]
struct Call {
    tenant: TenantId,
    tool: Option<String>,
    asks: bool,
    trace: Option<TraceContext>,
    /// What it is called on the wire, once it goes there.
    sent_as: Option<(RequestId, ProgressToken)>,
    begun: Instant,
    progress: Option<Progress>,
    reports: u32,
    asked: QuestionCount,
    clock: CallClock,
    over: CancellationToken,
}

impl Call {
    fn is_request(&self, id: &RequestId) -> bool {
        self.sent_as.as_ref().is_some_and(|(own, _)| own == id)
    }

    fn is_told_with(&self, token: &ProgressToken) -> bool {
        self.sent_as.as_ref().is_some_and(|(_, own)| own == token)
    }
}

/// What is asked of a server, and for whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Called<'a> {
    pub(crate) tenant: TenantId,
    /// The tool that is called, where it is a call.
    pub(crate) tool: Option<&'a str>,
    /// Whether somebody waits for it whom the server may ask something.
    pub(crate) asks: bool,
    /// Where it stands in its trace, where it is part of one.
    pub(crate) trace: Option<TraceContext>,
}

/// How many questions were asked in one call: in all its sendings, and whichever way they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct QuestionCount(Arc<AtomicU32>);

impl QuestionCount {
    /// What is counted for a call in which a question was put to nobody, because nobody waits for it.
    const UNHEARD: u32 = u32::MAX;

    fn put_to_nobody(&self) {
        self.0.store(Self::UNHEARD, Ordering::Release);
    }

    /// Whether its server wanted to ask something that nobody was there for.
    pub(crate) fn was_unheard(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::UNHEARD
    }

    /// Counts so many more; false, and nothing is counted, where they would be too many for one call.
    pub(crate) fn take(&self, more: usize) -> bool {
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        let fits = |asked: u32| {
            asked
                .checked_add(more)
                .filter(|all| *all <= MAX_QUESTIONS_PER_CALL)
        };
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, fits)
            .is_ok()
    }
}

/// The call, or the calls, in which a server asks something.
pub(crate) struct Asking {
    pub(crate) tenant: TenantId,
    /// The tool, where only one can be meant.
    pub(crate) tool: Option<String>,
    over: Vec<CancellationToken>,
    _held_up: Vec<HeldUp>,
}

impl Asking {
    /// Returns when none of the calls is under way any longer.
    pub(crate) async fn is_over(&self) {
        join_all(self.over.iter().map(CancellationToken::cancelled)).await;
    }
}

impl Running {
    pub(crate) fn heard_by(ear: Ear) -> Self {
        Self {
            ear,
            ..Self::default()
        }
    }

    /// Notes that a call is under way until what is returned goes. There are never more than the slot has turns.
    pub(crate) fn begin(
        &self,
        called: Called<'_>,
        (clock, asked): (&CallClock, &QuestionCount),
    ) -> UnderWay<'_> {
        let over = CancellationToken::new();
        let call = Call {
            tenant: called.tenant,
            tool: called.tool.map(str::to_owned),
            asks: called.asks,
            trace: called.trace,
            sent_as: None,
            begun: Instant::now(),
            progress: None,
            reports: 0,
            asked: asked.clone(),
            clock: clock.clone(),
            over: over.clone(),
        };
        let number = CallNumber(self.numbers.fetch_add(1, Ordering::Relaxed));
        self.calls().insert(number, call);
        UnderWay {
            running: self,
            number,
            _over: over.drop_guard(),
        }
    }

    /// Notes what a call is named on the wire, before a byte of it is there: its server may be faster than we are.
    pub(crate) fn leaves(&self, number: CallNumber, request: RequestId, token: ProgressToken) {
        // One that nobody waits for any more leaves in vain.
        if let Some(call) = self.calls().get_mut(&number) {
            call.sent_as = Some((request, token));
        }
    }

    /// Whose question it is that came with the answer of `request`, or that nothing says the origin of. The time of what
    /// can be meant stands still until the returned goes.
    ///
    /// # Errors
    /// In words, when it is nobody's, or nobody knows whose, or there were too many.
    pub(crate) fn asking(&self, request: Option<&RequestId>) -> Result<Asking, String> {
        let calls = self.calls();
        let mut meant: Vec<&Call> = calls
            .values()
            .filter(|call| request.is_none_or(|request| call.is_request(request)))
            .collect();
        if !meant.is_empty() && meant.iter().all(|call| !call.asks) {
            meant.iter().for_each(|call| call.asked.put_to_nobody());
            return Err(NOBODY_WAITS.to_owned());
        }
        meant.retain(|call| call.asks);
        let Some(tenant) = meant.first().map(|call| call.tenant) else {
            return Err("no call is under way that it could belong to".to_owned());
        };
        if meant.iter().any(|call| call.tenant != tenant) {
            return Err("calls of several workspaces are under way, and it does not say to which it belongs".to_owned());
        }
        // Of several that may be meant each counts it.
        if !meant.iter().all(|call| call.asked.take(1)) {
            return Err(format!(
                "{MAX_QUESTIONS_PER_CALL} questions were asked in this call, which are the most"
            ));
        }
        let tool = match &meant[..] {
            [one] => one.tool.clone(),
            _ => None,
        };
        Ok(Asking {
            tenant,
            tool,
            over: meant.iter().map(|call| call.over.clone()).collect(),
            _held_up: meant.iter().map(|call| call.clock.hold()).collect(),
        })
    }

    /// Takes a report. One of a call that is not under way, or that does not go forward, says nothing.
    pub(crate) fn note(&self, told: ProgressNotificationParam) {
        let mut calls = self.calls();
        let meant = |call: &&mut Call| call.is_told_with(&told.progress_token);
        let Some(call) = calls.values_mut().find(meant) else {
            return;
        };
        let before = call.progress.as_ref().map(|before| before.done);
        let forward = told.progress.is_finite() && before.is_none_or(|done| told.progress > done);
        if !forward || call.reports == MAX_REPORTS {
            return;
        }
        call.reports += 1;
        let progress = Progress {
            done: told.progress,
            of: told.total.filter(|total| total.is_finite() && *total > 0.0),
            message: told.message.as_deref().map(cut),
        };
        call.progress = Some(progress.clone());
        let whose = call.trace.map(|trace| (call.tenant, trace));
        drop(calls);
        if let (Some((tenant, trace)), Some(ear)) = (whose, self.ear.get()) {
            ear.told(tenant, trace, &progress);
        }
    }

    /// The calls of `tenant`, the oldest first.
    pub(crate) fn of(&self, tenant: TenantId) -> Vec<RunningCall> {
        let calls = self.calls();
        let mut of: Vec<&Call> = calls
            .values()
            .filter(|call| call.tenant == tenant)
            .collect();
        of.sort_by_key(|call| call.begun);
        let tools = of.into_iter().filter_map(|call| {
            Some(RunningCall {
                tool: call.tool.clone()?,
                elapsed: call.begun.elapsed(),
                progress: call.progress.clone(),
            })
        });
        tools.collect()
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<CallNumber, Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way.
#[must_use = "it counts as ended when this goes"]
pub(crate) struct UnderWay<'a> {
    running: &'a Running,
    number: CallNumber,
    _over: DropGuard,
}

impl UnderWay<'_> {
    pub(crate) const fn number(&self) -> CallNumber {
        self.number
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.running.calls().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rmcp::model::NumberOrString;
    use tokio::time::sleep;
    use uuid::Uuid;

    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(number))
    }

    fn token(number: i64) -> ProgressToken {
        ProgressToken(NumberOrString::Number(number))
    }

    fn begun<'a>(running: &'a Running, number: i64, of: u128, tool: &str) -> UnderWay<'a> {
        let called = Called {
            tenant: tenant(of),
            tool: Some(tool),
            asks: true,
            trace: None,
        };
        let fresh = (&CallClock::default(), &QuestionCount::default());
        let call = running.begin(called, fresh);
        running.leaves(call.number(), NumberOrString::Number(number), token(number));
        call
    }

    fn refusal(running: &Running, request: Option<i64>) -> String {
        let request = request.map(NumberOrString::Number);
        running.asking(request.as_ref()).err().unwrap()
    }

    #[test]
    fn questions_are_counted_for_a_call_and_not_for_each_of_its_sendings() {
        let (running, clock) = (Running::default(), CallClock::default());
        let asked = QuestionCount::default();
        let called = Called {
            tenant: tenant(1),
            tool: Some("one"),
            asks: true,
            trace: None,
        };
        let sending = || running.begin(called, (&clock, &asked));
        let first = sending();
        assert!(running.asking(None).is_ok());
        drop(first);
        // What came with its answer, all at once; then the next sending has none left.
        assert!(!asked.take(4) && asked.take(3));
        let _second = sending();
        assert!(refusal(&running, None).contains("which are the most"));
    }

    #[test]
    fn a_question_belongs_to_the_call_that_it_came_with_or_to_the_only_tenant_that_can_be_meant() {
        let running = Running::default();
        assert!(refusal(&running, None).contains("no call is under way"));
        let first = begun(&running, 1, 1, "one");
        let asking = running.asking(None).unwrap();
        assert_eq!(
            (asking.tenant, asking.tool.as_deref()),
            (tenant(1), Some("one"))
        );
        let second = begun(&running, 2, 1, "two");
        let asking = running.asking(None).unwrap();
        assert_eq!(
            (asking.tenant, asking.tool),
            (tenant(1), None),
            "either of them"
        );
        let _strange = begun(&running, 3, 2, "three");
        assert!(refusal(&running, None).contains("several workspaces"));
        let asking = running.asking(Some(&NumberOrString::Number(3))).unwrap();
        assert_eq!(
            (asking.tenant, asking.tool.as_deref()),
            (tenant(2), Some("three"))
        );
        drop((first, second));
        assert!(refusal(&running, Some(1)).contains("no call is under way"));
    }

    #[test]
    fn a_call_is_not_asked_about_for_ever() {
        let running = Running::default();
        let _call = begun(&running, 1, 1, "one");
        for _ in 0..MAX_QUESTIONS_PER_CALL {
            drop(running.asking(None).unwrap());
        }
        assert!(refusal(&running, None).contains("which are the most"));
    }

    #[tokio::test]
    async fn the_time_of_a_call_stands_still_while_a_person_is_asked() {
        let (running, clock) = (Running::default(), CallClock::default());
        let called = Called {
            tenant: tenant(1),
            tool: Some("one"),
            asks: true,
            trace: None,
        };
        let _call = running.begin(called, (&clock, &QuestionCount::default()));
        let limit = Duration::from_millis(200);
        let asked = clock.within(limit, async {
            let asking = running.asking(None).unwrap();
            sleep(limit * 3).await;
            drop(asking);
            "answered"
        });
        assert_eq!(asked.await, Some("answered"));
        let late = clock.within(limit, async {
            drop(running.asking(None).unwrap());
            std::future::pending::<()>().await;
        });
        assert_eq!(late.await, None);
    }

    #[test]
    fn only_what_goes_forward_is_told_and_only_to_those_whose_call_it_is() {
        let running = Running::default();
        let call = begun(&running, 1, 1, "count");
        let _other = begun(&running, 2, 2, "other");
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
        let _call = begun(&running, 1, 1, "count");
        for report in 0..2 * MAX_REPORTS {
            running.note(ProgressNotificationParam::new(token(1), f64::from(report)));
        }
        let shown = running.of(tenant(1)).remove(0).progress.unwrap();
        assert_eq!(shown.done, f64::from(MAX_REPORTS - 1));
    }
}
