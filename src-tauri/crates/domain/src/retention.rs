//! How long each kind of data is kept: the kinds, the defaults, and the bounds within which an owner may choose
//! (NFR-16).
//!
//! Here: the one table. Never here: deleting anything (`retention`, `store`), or when it is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::{Span, Timestamp};

/// Setting under which a tenant's own choice is stored, as [`Retention`].
pub const SETTING: &str = "retention";
/// Setting under which the last run is stored, as [`Run`].
pub const RUN_SETTING: &str = "retention.run";
/// Setting under which stands when the newest run began, whether or not it ended.
pub const BEGUN_SETTING: &str = "retention.begun";
/// Longest time that can be named, in days: a hundred years.
pub const MAX_DAYS: u32 = 36_500;

/// Milliseconds of a day.
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1_000;

/// A kind of data that is not kept for good unless somebody says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// Spans of runs that have ended.
    Traces,
    /// The numbered facts that windows resume from.
    Events,
    /// Alerts that somebody acknowledged.
    Alerts,
    /// Security incidents.
    Incidents,
    /// Of tasks of campaigns that are over: excerpts of sources, what was recalled, tries.
    WorkingTexts,
    /// What was read in feeds, and what stood out in it.
    Trends,
    /// What agents remember of what happened; facts and knowledge stay.
    Memories,
    /// Sessions that have ended.
    Sessions,
    /// Answers to clients that repeat a write.
    Answers,
    /// Audit records.
    Audit,
    /// Audit records about money.
    FinanceAudit,
}

/// How long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// So many days.
    Days(u32),
    /// For ever.
    Forever,
}

/// Within which bounds an owner may choose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Where nobody chose.
    pub standard: Keep,
    /// Fewest days.
    pub least_days: u32,
    /// Whether it may be kept for ever.
    pub for_ever: bool,
}

impl Holding {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Traces,
        Self::Events,
        Self::Alerts,
        Self::Incidents,
        Self::WorkingTexts,
        Self::Trends,
        Self::Memories,
        Self::Sessions,
        Self::Answers,
        Self::Audit,
        Self::FinanceAudit,
    ];

    /// Its word, as on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Events => "events",
            Self::Alerts => "alerts",
            Self::Incidents => "incidents",
            Self::WorkingTexts => "working_texts",
            Self::Trends => "trends",
            Self::Memories => "memories",
            Self::Sessions => "sessions",
            Self::Answers => "answers",
            Self::Audit => "audit",
            Self::FinanceAudit => "finance_audit",
        }
    }

    /// The table: default, fewest days, and whether it may be for ever.
    #[must_use]
    pub const fn limits(self) -> Limits {
        let (standard, least_days, for_ever) = match self {
            Self::Traces => (Keep::Days(90), 1, true),
            // Windows and the writer of memories read on from a number.
            Self::Events => (Keep::Days(90), 7, true),
            Self::Alerts => (Keep::Days(90), 30, true),
            // NFR-16: security 90 days.
            Self::Incidents => (Keep::Days(90), 90, true),
            Self::WorkingTexts => (Keep::Days(180), 7, true),
            Self::Trends => (Keep::Days(90), 1, true),
            Self::Memories => (Keep::Days(365), 1, true),
            Self::Sessions => (Keep::Days(7), 1, false),
            Self::Answers => (Keep::Days(2), 2, false),
            // NFR-16: audit a year, finance seven.
            Self::Audit => (Keep::Days(365), 365, true),
            Self::FinanceAudit => (Keep::Days(2_557), 2_557, true),
        };
        Limits {
            standard,
            least_days,
            for_ever,
        }
    }
}

impl Keep {
    /// What is older than this may go at `now`; nothing where it is kept for ever.
    #[must_use]
    pub fn before(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Forever => None,
            Self::Days(days) => {
                let span = Span::millis(u64::from(days) * DAY_MILLIS);
                Some(now - span)
            }
        }
    }
}

/// Why a choice is refused. Nothing was stored.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InvalidRetention {
    /// Out of its bounds.
    #[error("{what} must be kept at least {least} days and at most {MAX_DAYS}")]
    OutOfBounds {
        /// Of which kind.
        what: &'static str,
        /// Fewest days.
        least: u32,
    },
    /// It may not be for ever.
    #[error("{what} cannot be kept for ever")]
    NotForever {
        /// Of which kind.
        what: &'static str,
    },
    /// Records about money are audit records too.
    #[error("finance_audit must be kept at least as long as audit")]
    FinanceBelowAudit,
}

/// A tenant's choice. What it does not name has its default.
///
/// One that is read from the store is checked like one that is made: whoever changed it there must not have records taken
/// out that are to stay.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Retention {
    /// Counts up with every change; 0 before the first.
    pub version: u32,
    keep: BTreeMap<Holding, Keep>,
}

/// A choice as it is stored, not checked yet.
#[derive(Deserialize)]
struct Stored {
    version: u32,
    keep: BTreeMap<Holding, Keep>,
}

impl TryFrom<Stored> for Retention {
    type Error = InvalidRetention;

    fn try_from(stored: Stored) -> Result<Self, InvalidRetention> {
        Self::new(stored.version, stored.keep)
    }
}

impl Retention {
    /// A choice, checked against every bound.
    ///
    /// # Errors
    /// What is out of its bounds.
    pub fn new(version: u32, keep: BTreeMap<Holding, Keep>) -> Result<Self, InvalidRetention> {
        for (holding, keep) in &keep {
            let (what, limits) = (holding.as_str(), holding.limits());
            match *keep {
                Keep::Forever if !limits.for_ever => {
                    return Err(InvalidRetention::NotForever { what });
                }
                Keep::Days(days) if days < limits.least_days || days > MAX_DAYS => {
                    let least = limits.least_days;
                    return Err(InvalidRetention::OutOfBounds { what, least });
                }
                Keep::Days(_) | Keep::Forever => {}
            }
        }
        let chosen = Self { version, keep };
        let finance_stays = match (chosen.of(Holding::FinanceAudit), chosen.of(Holding::Audit)) {
            (Keep::Forever, _) => true,
            (Keep::Days(_), Keep::Forever) => false,
            (Keep::Days(finance), Keep::Days(audit)) => finance >= audit,
        };
        if finance_stays {
            Ok(chosen)
        } else {
            Err(InvalidRetention::FinanceBelowAudit)
        }
    }

    /// How long one kind is kept.
    #[must_use]
    pub fn of(&self, holding: Holding) -> Keep {
        let chosen = self.keep.get(&holding).copied();
        chosen.unwrap_or(holding.limits().standard)
    }

    /// Whether somebody chose for this kind.
    #[must_use]
    pub fn is_chosen(&self, holding: Holding) -> bool {
        self.keep.contains_key(&holding)
    }

    /// What is older than this may go at `now`; nothing where it is kept for ever.
    #[must_use]
    pub fn before(&self, holding: Holding, now: Timestamp) -> Option<Timestamp> {
        self.of(holding).before(now)
    }
}

/// What one run took out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// When it began.
    pub begun_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Rows that were taken out or emptied, by kind.
    pub rows: BTreeMap<Holding, u64>,
    /// What could not be done, in words, by kind; the next run tries it again.
    pub held_up: BTreeMap<Holding, String>,
}

/// Actions whose audit records are about money, and are kept as [`Holding::FinanceAudit`].
pub const MONEY_ACTIONS: [&str; 4] = [
    "campaign.amend",
    "campaign.budget_used_up",
    "campaign.start",
    "prices.save",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: i64) -> Timestamp {
        Timestamp::from_seconds(count * 24 * 60 * 60)
    }

    fn chosen(pairs: &[(Holding, Keep)]) -> Result<Retention, InvalidRetention> {
        Retention::new(1, pairs.iter().copied().collect())
    }

    #[test]
    fn every_default_is_within_its_own_bounds() {
        let all: Vec<_> = Holding::ALL.map(|one| (one, one.limits().standard)).into();
        assert_eq!(all.len(), Holding::ALL.len());
        let named = chosen(&all).unwrap();
        for one in Holding::ALL {
            assert_eq!(named.of(one), Retention::default().of(one), "{one:?}");
        }
    }

    #[test]
    fn nothing_goes_below_what_audit_and_finance_require() {
        for (holding, days) in [
            (Holding::Audit, 364),
            (Holding::FinanceAudit, 2_556),
            (Holding::Incidents, 89),
            (Holding::Events, 6),
            (Holding::Traces, 0),
            (Holding::Traces, MAX_DAYS + 1),
        ] {
            let refused = chosen(&[(holding, Keep::Days(days))]);
            assert!(
                matches!(refused, Err(InvalidRetention::OutOfBounds { .. })),
                "{holding:?} {days}: {refused:?}"
            );
        }
        assert!(chosen(&[(Holding::Sessions, Keep::Forever)]).is_err());
        assert_eq!(
            chosen(&[(Holding::Audit, Keep::Days(3_000))]),
            Err(InvalidRetention::FinanceBelowAudit)
        );
        assert_eq!(
            chosen(&[(Holding::Audit, Keep::Forever)]),
            Err(InvalidRetention::FinanceBelowAudit)
        );
        chosen(&[
            (Holding::Audit, Keep::Forever),
            (Holding::FinanceAudit, Keep::Forever),
        ])
        .unwrap();
    }

    #[test]
    fn what_is_kept_for_ever_has_no_time_and_days_are_days() {
        let now = days(400);
        assert_eq!(Keep::Forever.before(now), None);
        assert_eq!(Keep::Days(3).before(now), Some(days(397)));
        let long = Keep::Days(MAX_DAYS).before(now).unwrap();
        assert!(long < Timestamp::from_seconds(0));
    }

    #[test]
    fn a_choice_survives_the_store() {
        let one = chosen(&[
            (Holding::Traces, Keep::Days(5)),
            (Holding::Alerts, Keep::Forever),
        ])
        .unwrap();
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Retention>(&text).unwrap(), one);
        // Changed behind our back, it does not shorten what is to stay.
        for keep in [
            r#"{"audit":{"days":1}}"#,
            r#"{"incidents":{"days":1}}"#,
            r#"{"finance_audit":{"days":400}}"#,
        ] {
            let text = format!(r#"{{"version":2,"keep":{keep}}}"#);
            assert!(serde_json::from_str::<Retention>(&text).is_err(), "{keep}");
        }
    }
}
