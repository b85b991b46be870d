//! Seeded mutations: faults at the engine's real decision points, put in force by the tests that must catch them.
//!
//! This file is compiled for tests only; the product holds nothing of it. Never here: catching them
//! (`transitions/tests/interleaving`).

use std::cell::Cell;

use chimera_domain::task::Task;
use chimera_policy::Route;

/// A fault that somebody might build in one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mutation {
    /// What should wait for a person goes out by itself (`judge`).
    ReviewSkipped,
    /// The last look before an action leaves sees nothing (`dispatch`).
    RecheckSkipped,
    /// What may have gone out is decided anew, and goes out again (`dispatch`).
    UnclearVoided,
    /// A review that nobody decided in time counts as approved (`expire_review`).
    ExpiryApproves,
    /// A change of a task keeps the version that it was built on (`Step::finish`).
    VersionKept,
    /// Work from before a pause counts (`judge`).
    OldWorkCounts,
    /// Nobody reads the labels of what acts, so that all three of the trifecta go out together (`flow`).
    LabelsUnread,
    /// A lost worker is no try, so that a task which kills its workers is tried for ever (`lapse_lease`).
    LossUncounted,
    /// What has ended is called off once more, or runs out of its time (`withdraw`).
    EndsTwice,
}

thread_local! {
    static IN_FORCE: Cell<Option<Mutation>> = const { Cell::new(None) };
}

/// Takes the mutation out of force again.
#[derive(Debug)]
pub(crate) struct InForce(());

impl Drop for InForce {
    fn drop(&mut self) {
        IN_FORCE.set(None);
    }
}

impl Mutation {
    /// Puts it in force on this thread, until what comes back is dropped.
    pub(crate) fn put_in_force(self) -> InForce {
        IN_FORCE.set(Some(self));
        InForce(())
    }

    pub(crate) fn is_in_force(self) -> bool {
        IN_FORCE.get() == Some(self)
    }
}

/// Where a verdict leads, unless people are passed over.
pub(crate) fn past_people(route: Route) -> Route {
    match route {
        Route::Review { .. } if Mutation::ReviewSkipped.is_in_force() => Route::Release,
        route => route,
    }
}

/// Counts a lost worker as no try.
pub(crate) fn forget_loss(task: &mut Task) {
    if Mutation::LossUncounted.is_in_force() {
        task.attempts -= 1;
    }
}
