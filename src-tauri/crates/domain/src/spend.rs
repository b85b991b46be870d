//! What model calls cost: the price, one ledger entry per call, what is set aside for calls under way, and
//! whether another call still fits its caps.
//!
//! One rule for days: a call counts on the UTC day on which it was asked. One rule for what is not known: a call
//! whose cost nobody told counts against caps with its upper bound, and is shown as not known. Never here: storing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AttemptId, CallId, CampaignId, TaskId, TenantId},
    money::Usd,
    time::{Span, Timestamp},
};

/// Tokens that a price is given for.
const PER: i128 = 1_000_000;
/// A day of a daily budget.
const DAY: Span = Span::seconds(24 * 60 * 60);

/// Price of a million tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rate {
    /// Read.
    pub input_per_million: Usd,
    /// Written.
    pub output_per_million: Usd,
    /// Read again from the provider's cache; the full price when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_per_million: Option<Usd>,
}

impl Rate {
    /// It costs nothing, which is a price.
    pub const FREE: Self = Self {
        input_per_million: Usd::ZERO,
        output_per_million: Usd::ZERO,
        cached_input_per_million: None,
    };

    /// What these tokens cost, exact to a nano-dollar and rounded up; `cached` are among `input`.
    #[must_use]
    pub fn cost(&self, input: u64, cached: u64, output: u64) -> Usd {
        let part = |tokens: u64, price: Usd| i128::from(tokens) * i128::from(price.nanos());
        let cached = cached.min(input);
        let sum = part(input - cached, self.input_per_million)
            + part(
                cached,
                self.cached_input_per_million
                    .unwrap_or(self.input_per_million),
            )
            + part(output, self.output_per_million);
        let nanos = (sum + PER - 1).div_euclid(PER);
        Usd::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    /// The most that so many tokens can cost, cached or not.
    #[must_use]
    pub fn bound(&self, input: u64, output: u64) -> Usd {
        self.cost(input, 0, output)
            .max(self.cost(input, input, output))
    }
}

/// What a model was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallRole {
    /// A plan.
    Planner,
    /// To read feeds and choose.
    Researcher,
    /// A post.
    Drafter,
    /// A judgement on what a worker made.
    Judge,
    /// A judgement on a person's edit.
    EditCheck,
    /// One word, to see whether it answers.
    Probe,
    /// Places of texts in a space of meaning.
    Embedder,
}

/// How a call ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// With an answer that could be used.
    Answered,
    /// With an answer that could not.
    Unusable,
    /// It was not sent, or was turned away before anything was written: it costs nothing.
    Refused,
    /// The provider broke down over it.
    Failed,
    /// No answer in time.
    TimedOut,
    /// The answer broke off.
    Cut,
    /// Nobody waited for the answer any more: a bound on thinking, a recall, a shutdown.
    Stopped,
    /// The process ended meanwhile.
    Lost,
}

/// Tokens as the provider told them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ToldTokens {
    /// Read.
    pub input: u64,
    /// Of those, from the provider's cache.
    pub cached: u64,
    /// Written.
    pub output: u64,
}

/// A call that is about to be made, and the most that it can cost.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reservation {
    /// Key of the call.
    pub id: CallId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Whose daily budget binds, if any.
    pub campaign: Option<CampaignId>,
    /// Whose cap binds, over all its attempts.
    pub task: Option<TaskId>,
    /// The run; where there is no task, its calls together have the cap.
    pub attempt: Option<AttemptId>,
    /// What is asked for.
    pub role: CallRole,
    /// Provider's name.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// True for the built-in rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// The most that it can cost; nobody knows without a price.
    pub bound: Option<Usd>,
    /// What the task, or the attempt, may cost in all.
    pub cap: Option<Usd>,
    /// When it is asked.
    pub started_at: Timestamp,
}

/// What came of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settlement {
    /// The call.
    pub id: CallId,
    /// How it ended.
    pub outcome: CallOutcome,
    /// Code of the failure, if it was one.
    pub fault: Option<String>,
    /// Tokens, where the provider told them.
    pub tokens: Option<ToldTokens>,
    /// What it cost, where that is known.
    pub cost: Option<Usd>,
    /// When it ended.
    pub ended_at: Timestamp,
}

/// A line of the ledger. Written once, whatever came of the call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModelCall {
    /// Key.
    pub id: CallId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// For which task.
    pub task: Option<TaskId>,
    /// In which run.
    pub attempt: Option<AttemptId>,
    /// What was asked for.
    pub role: CallRole,
    /// Provider's name.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// True for the built-in rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// Tokens, where the provider told them.
    pub tokens: Option<ToldTokens>,
    /// What it cost; `None` when nobody knows.
    pub cost: Option<Usd>,
    /// What it counts against caps: its cost, or else its upper bound.
    pub counted: Usd,
    /// How it ended.
    pub outcome: CallOutcome,
    /// Code of the failure, if it was one.
    pub fault: Option<String>,
    /// When it was asked.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
}

/// Sums over a day's calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spending {
    /// Calls that ended.
    pub calls: u64,
    /// Of those, calls whose cost is not known; they are not in `cost`.
    pub unpriced: u64,
    /// What the others cost.
    pub cost: Usd,
    /// What all of them count against caps.
    pub counted: Usd,
    /// Set aside for calls under way.
    pub reserved: Usd,
}

/// A campaign whose budget of the day is used up. It holds until the day is over or the budget is raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BudgetStop {
    /// The next day's beginning.
    pub until: Timestamp,
    /// The budget that was used up.
    pub budget: Usd,
    /// What had been spent of it.
    pub spent: Usd,
}

/// Whether a call may be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// It fits; its upper bound is set aside.
    Granted,
    /// It would fit if calls under way cost less than was set aside for them: wait for those.
    Busy,
    /// It does not fit what its task may cost.
    StepSpent {
        /// What the task has cost so far.
        spent: Usd,
    },
    /// It does not fit what the campaign may spend on any day, however little it has spent.
    BeyondDay {
        /// The campaign's budget of a day.
        budget: Usd,
    },
    /// It does not fit what the campaign may spend on this day.
    DaySpent(BudgetStop),
}

/// What there is to spend from: a cap, what counts against it, what is set aside of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purse {
    /// The cap.
    pub cap: Usd,
    /// Counted against it.
    pub spent: Usd,
    /// Set aside of it for calls under way.
    pub reserved: Usd,
}

/// How a bound fits a purse.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
enum Fit {
    Fits,
    Later,
    Never,
}

impl Purse {
    /// Whether it would not do even untouched: waiting for another day does not help then.
    fn is_always_too_small(&self, bound: Option<Usd>) -> bool {
        let untouched = Self {
            cap: self.cap,
            spent: Usd::ZERO,
            reserved: Usd::ZERO,
        };
        untouched.fit(bound) == Fit::Never
    }

    fn fit(&self, bound: Option<Usd>) -> Fit {
        let Some(bound) = bound else {
            // Nobody knows what it will cost: it may begin only while something is left.
            return if self.spent >= self.cap {
                Fit::Never
            } else {
                Fit::Fits
            };
        };
        if bound == Usd::ZERO {
            return Fit::Fits;
        }
        let alone = self.spent.saturating_add(bound);
        if alone > self.cap {
            Fit::Never
        } else if alone.saturating_add(self.reserved) > self.cap {
            Fit::Later
        } else {
            Fit::Fits
        }
    }
}

/// Whether a call with this upper bound fits both purses; the caller holds both still meanwhile.
#[must_use]
pub fn admit(
    bound: Option<Usd>,
    step: Option<Purse>,
    day: Option<Purse>,
    now: Timestamp,
) -> Admission {
    let step_fit = step.map_or(Fit::Fits, |purse| purse.fit(bound));
    let day_fit = day.map_or(Fit::Fits, |purse| purse.fit(bound));
    match (step, step_fit, day, day_fit) {
        (Some(purse), Fit::Never, ..) => Admission::StepSpent { spent: purse.spent },
        (_, _, Some(purse), Fit::Never) if purse.is_always_too_small(bound) => {
            Admission::BeyondDay { budget: purse.cap }
        }
        (_, _, Some(purse), Fit::Never) => Admission::DaySpent(BudgetStop {
            until: next_day(now),
            budget: purse.cap,
            spent: purse.spent,
        }),
        (_, Fit::Later, ..) | (.., Fit::Later) => Admission::Busy,
        _ => Admission::Granted,
    }
}

/// When the day's budget is whole again.
#[must_use]
pub fn next_day(now: Timestamp) -> Timestamp {
    now.utc_day_start() + DAY
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(text: &str) -> Usd {
        text.parse().unwrap()
    }

    fn rate(input: &str, output: &str, cached: Option<&str>) -> Rate {
        Rate {
            input_per_million: usd(input),
            output_per_million: usd(output),
            cached_input_per_million: cached.map(usd),
        }
    }

    #[test]
    fn cost_is_exact_rounded_up_and_knows_the_cache() {
        for (price, tokens, cost) in [
            (rate("0.15", "0.60", None), (1_000, 0, 500), "0.00045"),
            (rate("0.000001", "0", None), (1, 0, 0), "0.000000001"),
            (rate("3", "15", None), (0, 0, 0), "0"),
            (rate("2", "8", Some("0.5")), (1_000, 400, 100), "0.0022"),
            (rate("2", "8", None), (1_000, 400, 100), "0.0028"),
            (rate("2", "8", Some("0.5")), (100, 400, 0), "0.00005"),
        ] {
            let (input, cached, output) = tokens;
            assert_eq!(price.cost(input, cached, output), usd(cost), "{price:?}");
        }
        let most = rate("75", "150", None).cost(u64::MAX, 0, u64::MAX);
        assert_eq!(most, Usd::from_nanos(i64::MAX));
    }

    #[test]
    fn at_the_cap_no_call_is_made_and_free_calls_always_are() {
        let now = Timestamp::from_seconds(86_400 + 5);
        let purse = |spent: &str, reserved: &str| Purse {
            cap: usd("1"),
            spent: usd(spent),
            reserved: usd(reserved),
        };
        let stop = |spent: &str| {
            Admission::DaySpent(BudgetStop {
                until: Timestamp::from_seconds(2 * 86_400),
                budget: usd("1"),
                spent: usd(spent),
            })
        };
        let cases = [
            (Some("0.4"), purse("0.6", "0"), Admission::Granted),
            (Some("0.4"), purse("0.600000001", "0"), stop("0.600000001")),
            (Some("0.4"), purse("0.5", "0.2"), Admission::Busy),
            (Some("0"), purse("7", "0"), Admission::Granted),
            (None, purse("0.99", "0"), Admission::Granted),
            (None, purse("1", "0"), stop("1")),
            (Some("1"), purse("0.5", "0"), stop("0.5")),
            (
                Some("1.1"),
                purse("0.5", "0"),
                Admission::BeyondDay { budget: usd("1") },
            ),
        ];
        for (bound, day, expected) in cases {
            assert_eq!(
                admit(bound.map(usd), None, Some(day), now),
                expected,
                "{bound:?} of {day:?}"
            );
        }
        let step = admit(
            Some(usd("0.4")),
            Some(purse("0.7", "0")),
            Some(purse("0.7", "0")),
            now,
        );
        assert_eq!(step, Admission::StepSpent { spent: usd("0.7") });
    }

    proptest! {
        #[test]
        fn what_is_granted_never_adds_up_to_more_than_the_cap(
            cap in 0_i64..1_000, bounds in prop::collection::vec(1_i64..200, 1..40),
            costs in prop::collection::vec(0_i64..200, 1..40)
        ) {
            let (mut spent, mut open) = (0, Vec::new());
            for (bound, cost) in bounds.into_iter().zip(costs.into_iter().cycle()) {
                let purse = Purse {
                    cap: Usd::from_nanos(cap),
                    spent: Usd::from_nanos(spent),
                    reserved: Usd::from_nanos(open.iter().sum()),
                };
                match admit(Some(Usd::from_nanos(bound)), None, Some(purse), Timestamp::default()) {
                    Admission::Granted => open.push(bound),
                    // One that is under way ends, at no more than what was set aside.
                    _ => if let Some(ended) = open.pop() { spent += cost.min(ended) },
                }
                prop_assert!(spent + open.iter().sum::<i64>() <= cap);
            }
        }
    }
}
