//! What may share a transaction: change sets and model calls that touch different rows.
//!
//! Set-based statements see no order among the items of a group, so two sets on one row, and two words about one call,
//! go one after the other. Never here: whether a set still fits (`guards`).

use std::collections::{HashMap, HashSet};

use chimera_domain::id::{CallId, CampaignId};
use uuid::Uuid;

use super::draft::Draft;

/// Rows that the sets of a group have taken so far.
#[derive(Default)]
pub(super) struct Lanes {
    rows: HashSet<Uuid>,
    /// Campaigns in use, and whether one set has the whole of it.
    campaigns: HashMap<CampaignId, bool>,
    /// Model calls that are reserved or settled.
    calls: HashSet<CallId>,
}

impl Lanes {
    /// Takes the rows of `draft`; false when another set has one of them.
    ///
    /// The rows of a set that has to wait count as taken too: whoever comes later waits behind it.
    pub(super) fn take(&mut self, draft: &Draft) -> bool {
        let campaign = draft.campaign.id;
        let blocked = match self.campaigns.get(&campaign) {
            Some(whole) => *whole || draft.campaign_wide,
            None => false,
        };
        let whole = self.campaigns.entry(campaign).or_default();
        *whole |= draft.campaign_wide;
        let mut free = !blocked;
        for row in draft.rows() {
            free &= self.rows.insert(row);
        }
        free
    }

    /// Takes a model call; false when it is reserved or settled already.
    pub(super) fn take_call(&mut self, id: CallId) -> bool {
        self.calls.insert(id)
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::{
        change::{Change, ChangeSet, Expected},
        fault::{Fault, FaultClass},
        id::{TaskId, TenantId, VersionId},
    };

    use super::*;

    fn draft(campaign: u128, task: u128, wide: bool) -> Draft {
        let version = VersionId::from_uuid(Uuid::from_u128(1));
        let fault = Fault::new(FaultClass::Permanent, "X", "x");
        let set = ChangeSet {
            tenant: TenantId::from_uuid(Uuid::from_u128(9)),
            expected: Expected {
                campaign: (CampaignId::from_uuid(Uuid::from_u128(campaign)), version),
                task: Some((TaskId::from_uuid(Uuid::from_u128(task)), version)),
            },
            campaign: None,
            task: None,
            changes: if wide {
                vec![Change::CancelCampaignTasks(fault)]
            } else {
                Vec::new()
            },
        };
        Draft::of(&set).unwrap()
    }

    /// `(campaign, task, campaign-wide)` one after the other, and which of them get in.
    fn check(sets: &[(u128, u128, bool)], expected: &[bool]) {
        let mut lanes = Lanes::default();
        let taken: Vec<bool> = sets
            .iter()
            .map(|(campaign, task, wide)| lanes.take(&draft(*campaign, *task, *wide)))
            .collect();
        assert_eq!(taken, expected);
    }

    #[test]
    fn different_tasks_share_a_transaction_and_the_same_task_waits() {
        check(
            &[(1, 1, false), (1, 2, false), (1, 1, false)],
            &[true, true, false],
        );
    }

    #[test]
    fn a_set_on_the_whole_campaign_is_alone_in_it() {
        check(
            &[(1, 1, false), (1, 2, true), (2, 3, true)],
            &[true, false, true],
        );
        check(&[(1, 2, true), (1, 1, false)], &[true, false]);
    }

    #[test]
    fn a_call_is_spoken_of_once() {
        let mut lanes = Lanes::default();
        let taken = [1, 2, 1].map(|id| lanes.take_call(CallId::from_uuid(Uuid::from_u128(id))));
        assert_eq!(taken, [true, true, false]);
    }

    #[test]
    fn nobody_overtakes_a_set_that_waits() {
        check(
            &[(1, 1, false), (1, 2, true), (1, 3, false)],
            &[true, false, false],
        );
    }
}
