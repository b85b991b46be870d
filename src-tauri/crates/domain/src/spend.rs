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

impl ToldTokens {
    /// What counts against a cap of tokens: all that was read, cached or not, and written.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
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
    /// The most that it can read and write, in tokens.
    pub most_tokens: u64,
    /// How many tokens the task, or the attempt, may read and write in all.
    pub token_cap: Option<u64>,
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
    /// It does not fit the tokens that its task may read and write.
    StepTokensSpent {
        /// How many the task has read and written so far.
        spent: u64,
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
pub struct Purse<T = Usd> {
    /// The cap.
    pub cap: T,
    /// Counted against it.
    pub spent: T,
    /// Set aside of it for calls under way.
    pub reserved: T,
}

/// How a bound fits a purse.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
enum Fit {
    Fits,
    Later,
    Never,
}

/// What purses hold: money, or tokens.
trait Amount: Copy + Ord {
    const NONE: Self;
    fn plus(self, other: Self) -> Self;
}

impl Amount for Usd {
    const NONE: Self = Self::ZERO;
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl Amount for u64 {
    const NONE: Self = 0;
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

#[expect(
    private_bounds,
    reason = "purses hold money or tokens, and nothing else"
)]
impl<T: Amount> Purse<T> {
    /// Whether it would not do even untouched: waiting for another day does not help then.
    fn is_always_too_small(&self, bound: Option<T>) -> bool {
        let untouched = Self {
            cap: self.cap,
            spent: T::NONE,
            reserved: T::NONE,
        };
        untouched.fit(bound) == Fit::Never
    }

    fn fit(&self, bound: Option<T>) -> Fit {
        let Some(bound) = bound else {
            // Nobody knows what it will cost: it may begin only while something is left.
            return if self.spent >= self.cap {
                Fit::Never
            } else {
                Fit::Fits
            };
        };
        if bound == T::NONE {
            return Fit::Fits;
        }
        let alone = self.spent.plus(bound);
        if alone > self.cap {
            Fit::Never
        } else if alone.plus(self.reserved) > self.cap {
            Fit::Later
        } else {
            Fit::Fits
        }
    }
}

/// Everything that a call must fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Purses {
    /// What its task, or its run, may cost.
    pub step: Option<Purse>,
    /// What its task, or its run, may read and write.
    pub tokens: Option<Purse<u64>>,
    /// What its campaign may spend on the day.
    pub day: Option<Purse>,
}

/// Whether a call that costs at most `bound` and reads and writes at most `tokens` fits its purses; the caller holds
/// all of them still meanwhile.
#[must_use]
pub fn admit(bound: Option<Usd>, tokens: u64, purses: &Purses, now: Timestamp) -> Admission {
    let step = purses.step.map_or(Fit::Fits, |purse| purse.fit(bound));
    let words = purses
        .tokens
        .map_or(Fit::Fits, |purse| purse.fit(Some(tokens)));
    let day = purses.day.map_or(Fit::Fits, |purse| purse.fit(bound));
    match (purses.step, purses.tokens, purses.day) {
        (Some(purse), ..) if step == Fit::Never => Admission::StepSpent { spent: purse.spent },
        (_, Some(purse), _) if words == Fit::Never => {
            Admission::StepTokensSpent { spent: purse.spent }
        }
        (.., Some(purse)) if day == Fit::Never && purse.is_always_too_small(bound) => {
            Admission::BeyondDay { budget: purse.cap }
        }
        (.., Some(purse)) if day == Fit::Never => Admission::DaySpent(BudgetStop {
            until: next_day(now),
            budget: purse.cap,
            spent: purse.spent,
        }),
        _ if [step, words, day].contains(&Fit::Later) => Admission::Busy,
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
                admit(
                    bound.map(usd),
                    0,
                    &Purses {
                        day: Some(day),
                        ..Purses::default()
                    },
                    now
                ),
                expected,
                "{bound:?} of {day:?}"
            );
        }
        let both = Purses {
            step: Some(purse("0.7", "0")),
            day: Some(purse("0.7", "0")),
            ..Purses::default()
        };
        assert_eq!(
            admit(Some(usd("0.4")), 0, &both, now),
            Admission::StepSpent { spent: usd("0.7") }
        );
    }

    #[test]
    fn tokens_bind_where_nobody_knows_a_price_and_where_it_is_nothing() {
        let purses = |spent, reserved| Purses {
            tokens: Some(Purse {
                cap: 1_000,
                spent,
                reserved,
            }),
            ..Purses::default()
        };
        for (spent, reserved, expected) in [
            (0, 0, Admission::Granted),
            (600, 0, Admission::Granted),
            (601, 0, Admission::StepTokensSpent { spent: 601 }),
            (500, 101, Admission::Busy),
            (
                u64::MAX,
                u64::MAX,
                Admission::StepTokensSpent { spent: u64::MAX },
            ),
        ] {
            for bound in [None, Some(Usd::ZERO), Some(usd("0.1"))] {
                let admission = admit(bound, 400, &purses(spent, reserved), Timestamp::default());
                assert_eq!(admission, expected, "{spent} {reserved} {bound:?}");
            }
        }
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
                let purses = Purses { day: Some(purse), ..Purses::default() };
                match admit(Some(Usd::from_nanos(bound)), 0, &purses, Timestamp::default()) {
                    Admission::Granted => open.push(bound),
                    // One that is under way ends, at no more than what was set aside.
                    _ => if let Some(ended) = open.pop() { spent += cost.min(ended) },
                }
                prop_assert!(spent + open.iter().sum::<i64>() <= cap);
            }
        }
    }
}
