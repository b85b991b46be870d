//! The policy as data: every threshold in one struct, with the defaults of requirements §17.
//!
//! Never here: applying it.

use chimera_domain::{confidence::Confidence, time::Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sensitive::is_findable;

/// Confidence bands (C01, C02): auto strictly above, review from, must-approve from; below that, rejected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Strictly above this, with low risk, an action goes out by itself.
    pub auto_above: Confidence,
    /// From here on up to `auto_above`, it waits in the queue while the agent goes on.
    pub review_from: Confidence,
    /// From here on up to `review_from`, it must be approved and its dependents wait.
    pub must_approve_from: Confidence,
}

/// What happens between `must_approve_from` and `review_from`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LowBandAction {
    /// A person must approve (S3).
    MustApprove,
    /// It is sent back with refined instructions (SRS NFR 1.1).
    Retry,
}

/// What a sensitive rule is about (C24).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveCategory {
    /// Parties, elections, politicians.
    Politics,
    /// Health and medical advice.
    Health,
    /// Financial advice and promotion.
    Finance,
    /// Legal claims and advice.
    Legal,
    /// Children and young people.
    Minors,
    /// Words of GOV-04: passwords, deletion, personal data.
    Security,
    /// A rule that the policy's owner added.
    Custom,
}

impl SensitiveCategory {
    /// The word in rule names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Politics => "politics",
            Self::Health => "health",
            Self::Finance => "finance",
            Self::Legal => "legal",
            Self::Minors => "minors",
            Self::Security => "security",
            Self::Custom => "custom",
        }
    }
}

/// Words that send a text to a person whatever its score.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveRule {
    /// What it is about.
    pub category: SensitiveCategory,
    /// Words and phrases, lower case; a `*` at the end of a word stands for any ending.
    pub terms: Vec<String>,
}

/// The policy of a tenant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Confidence bands.
    pub bands: Bands,
    /// What happens in the lowest band that is not rejected.
    pub low_band_action: LowBandAction,
    /// Sensitive topics.
    pub sensitive: Vec<SensitiveRule>,
    /// Seconds that a decided action is held so that it can be undone; at most a day.
    #[schemars(range(max = 86_400))]
    pub hold_seconds: u32,
    /// Seconds after which an undecided review expires and denies (C22); at most 90 days.
    #[schemars(range(min = 1, max = 7_776_000))]
    pub review_ttl_seconds: u32,
    /// Seconds after which an approval that was not used is void; at most 90 days.
    #[schemars(range(min = 1, max = 7_776_000))]
    pub approval_ttl_seconds: u32,
    /// Seconds that a claim on a review lasts; at most a day.
    #[schemars(range(min = 1, max = 86_400))]
    pub claim_seconds: u32,
    /// Rejections of one line of work after which a person takes over (ORC-15); at most 10.
    #[schemars(range(min = 1, max = 10))]
    pub max_rejections: u32,
    /// Tries after a transient failure (C52); at most 100.
    #[schemars(range(max = 100))]
    pub max_retries: u32,
    /// Tokens that a step may read and write in all, over all its tries; 20,000 to 100,000,000. What is asked about a plan
    /// counts by itself.
    #[serde(default = "step_tokens")]
    #[schemars(range(min = 20_000, max = 100_000_000))]
    pub max_step_tokens: u32,
}

/// The tokens of a step where a policy of before does not say.
const fn step_tokens() -> u32 {
    400_000
}

/// Fewest tokens that a step may be given: two turns of the longest that an agent reads and writes.
const MIN_STEP_TOKENS: u32 = 20_000;
/// Most tokens that a step may be given.
const MAX_STEP_TOKENS: u32 = 100_000_000;

/// Most sensitive terms of a policy, over all its rules.
pub const MAX_TERMS: usize = 2_000;
/// Longest sensitive term, in characters.
pub const MAX_TERM_CHARS: usize = 100;
/// Most rejections of one line of work before a person takes over.
const MAX_REJECTIONS: u32 = 10;
/// Most tries after transient failures.
const MAX_RETRIES: u32 = 100;
/// Longest undo time, in seconds: a day.
const MAX_HOLD_SECONDS: u32 = 24 * 60 * 60;
/// Longest claim on a review, in seconds: a day.
const MAX_CLAIM_SECONDS: u32 = 24 * 60 * 60;
/// Longest life of an undecided review or an unused approval, in seconds: 90 days.
const MAX_LIFE_SECONDS: u32 = 90 * 24 * 60 * 60;

impl Policy {
    /// End of the undo time's length.
    #[must_use]
    pub const fn hold(&self) -> Span {
        Span::seconds(self.hold_seconds)
    }
    /// Life of an undecided review.
    #[must_use]
    pub const fn review_ttl(&self) -> Span {
        Span::seconds(self.review_ttl_seconds)
    }
    /// Life of an unused approval.
    #[must_use]
    pub const fn approval_ttl(&self) -> Span {
        Span::seconds(self.approval_ttl_seconds)
    }

    /// Terms of GOV-04: those of this policy and, whatever it leaves out, those that ship.
    #[must_use]
    pub fn security_terms(&self) -> Vec<String> {
        let mut terms: Vec<String> = shipped_rules()
            .iter()
            .chain(&self.sensitive)
            .filter(|rule| rule.category == SensitiveCategory::Security)
            .flat_map(|rule| rule.terms.iter().cloned())
            .collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// Refuses a policy that contradicts itself or switches its own safety off.
    ///
    /// # Errors
    /// Names the first thing that is wrong.
    pub fn validate(&self) -> Result<(), InvalidPolicy> {
        let bands = &self.bands;
        if bands.auto_above < bands.review_from || bands.review_from < bands.must_approve_from {
            return Err(InvalidPolicy(
                "the bands must rise: must_approve_from ≤ review_from ≤ auto_above",
            ));
        }
        if self.review_ttl_seconds == 0 || self.approval_ttl_seconds == 0 || self.claim_seconds == 0
        {
            return Err(InvalidPolicy(
                "reviews, approvals and claims must live for at least one second",
            ));
        }
        self.bounded()?;
        let built_in = [
            SensitiveCategory::Politics,
            SensitiveCategory::Health,
            SensitiveCategory::Finance,
            SensitiveCategory::Legal,
            SensitiveCategory::Minors,
            SensitiveCategory::Security,
        ];
        let mut terms = self.sensitive.iter().flat_map(|rule| &rule.terms);
        if terms.clone().count() > MAX_TERMS {
            return Err(InvalidPolicy(
                "there are more than 2,000 sensitive terms in all",
            ));
        }
        if !terms.all(|term| term.chars().count() <= MAX_TERM_CHARS && is_findable(term)) {
            return Err(InvalidPolicy(
                "every sensitive term needs a letter or a digit, or it is never found, and at most 100 characters",
            ));
        }
        let covered = |category| {
            self.sensitive
                .iter()
                .any(|rule| rule.category == category && !rule.terms.is_empty())
        };
        if !built_in.into_iter().all(covered) {
            return Err(InvalidPolicy(
                "politics, health, finance, legal, minors and security always go to a person; each needs at least one term",
            ));
        }
        Ok(())
    }
}

impl Policy {
    /// Refuses figures with which nothing would ever end.
    fn bounded(&self) -> Result<(), InvalidPolicy> {
        if !(1..=MAX_REJECTIONS).contains(&self.max_rejections) {
            return Err(InvalidPolicy("max_rejections must be 1 to 10"));
        }
        if self.max_retries > MAX_RETRIES {
            return Err(InvalidPolicy("max_retries must be 0 to 100"));
        }
        if !(MIN_STEP_TOKENS..=MAX_STEP_TOKENS).contains(&self.max_step_tokens) {
            return Err(InvalidPolicy(
                "max_step_tokens must be 20,000 to 100,000,000",
            ));
        }
        if self.hold_seconds > MAX_HOLD_SECONDS || self.claim_seconds > MAX_CLAIM_SECONDS {
            return Err(InvalidPolicy(
                "hold_seconds and claim_seconds may be 86,400 at most, which is a day",
            ));
        }
        if self.review_ttl_seconds > MAX_LIFE_SECONDS
            || self.approval_ttl_seconds > MAX_LIFE_SECONDS
        {
            return Err(InvalidPolicy(
                "review_ttl_seconds and approval_ttl_seconds may be 7,776,000 at most, which is 90 days",
            ));
        }
        Ok(())
    }
}

/// Why a policy was refused. The one in force stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this policy cannot be used: {0}")]
pub struct InvalidPolicy(pub &'static str);

impl Default for Policy {
    fn default() -> Self {
        Self {
            bands: Bands {
                auto_above: Confidence::from_percent(90),
                review_from: Confidence::from_percent(70),
                must_approve_from: Confidence::from_percent(50),
            },
            low_band_action: LowBandAction::MustApprove,
            sensitive: shipped_rules(),
            hold_seconds: 8,
            review_ttl_seconds: 24 * 60 * 60,
            approval_ttl_seconds: 24 * 60 * 60,
            claim_seconds: 5 * 60,
            max_rejections: 3,
            max_retries: 3,
            max_step_tokens: step_tokens(),
        }
    }
}

/// The terms that ship (`sensitive_terms.json`), the one list of such words; an owner's policy replaces them and may
/// not empty them.
pub(crate) fn shipped_rules() -> Vec<SensitiveRule> {
    // A test reads the file, so that a build that passed never falls back to the empty list, which
    // `validate` would refuse.
    serde_json::from_str(include_str!("sensitive_terms.json")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_survives_its_json() {
        let policy = Policy::default();
        assert_eq!(policy.validate(), Ok(()));
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    }

    #[test]
    fn a_policy_cannot_switch_its_own_safety_off() {
        let mut silent = Policy::default();
        silent
            .sensitive
            .retain(|rule| rule.category != SensitiveCategory::Health);
        assert!(silent.validate().is_err());
        for term in ["", " ", "*", "…", &"x".repeat(MAX_TERM_CHARS + 1)] {
            let mut hollow = Policy::default();
            for rule in &mut hollow.sensitive {
                rule.terms = vec![term.to_owned()];
            }
            assert!(hollow.validate().is_err(), "{term:?}");
        }
        let mut crossed = Policy::default();
        crossed.bands.review_from = Confidence::from_percent(95);
        assert!(crossed.validate().is_err());
    }

    #[test]
    fn every_figure_has_a_most_and_its_refusal_names_it() {
        type Set = fn(&mut Policy, u32);
        let figures: [(&str, Set, u32); 7] = [
            (
                "max_rejections",
                |policy, to| policy.max_rejections = to,
                MAX_REJECTIONS,
            ),
            (
                "max_retries",
                |policy, to| policy.max_retries = to,
                MAX_RETRIES,
            ),
            (
                "hold_seconds",
                |policy, to| policy.hold_seconds = to,
                MAX_HOLD_SECONDS,
            ),
            (
                "claim_seconds",
                |policy, to| policy.claim_seconds = to,
                MAX_CLAIM_SECONDS,
            ),
            (
                "review_ttl_seconds",
                |policy, to| policy.review_ttl_seconds = to,
                MAX_LIFE_SECONDS,
            ),
            (
                "approval_ttl_seconds",
                |policy, to| policy.approval_ttl_seconds = to,
                MAX_LIFE_SECONDS,
            ),
            (
                "max_step_tokens",
                |policy, to| policy.max_step_tokens = to,
                MAX_STEP_TOKENS,
            ),
        ];
        for (name, set, most) in figures {
            let mut policy = Policy::default();
            set(&mut policy, most);
            assert_eq!(policy.validate(), Ok(()), "{name}");
            for beyond in [most + 1, 1 << 31, u32::MAX] {
                set(&mut policy, beyond);
                let refused = policy.validate().unwrap_err();
                assert!(refused.0.contains(name), "{name} {beyond}: {refused}");
            }
        }
        for none in [
            Policy {
                max_rejections: 0,
                ..Policy::default()
            },
            Policy {
                max_step_tokens: MIN_STEP_TOKENS - 1,
                ..Policy::default()
            },
        ] {
            assert!(none.validate().is_err());
        }
    }

    #[test]
    fn a_policy_of_before_tokens_were_bounded_has_the_bound_that_ships() {
        let mut stored = serde_json::to_value(Policy::default()).unwrap();
        assert!(
            stored
                .as_object_mut()
                .unwrap()
                .remove("max_step_tokens")
                .is_some()
        );
        let read: Policy = serde_json::from_value(stored).unwrap();
        assert_eq!(read, Policy::default());
    }

    #[test]
    fn an_owner_adds_security_terms_and_takes_none_out() {
        let mut own = Policy::default();
        for rule in &mut own.sensitive {
            rule.terms = vec!["launch code*".to_owned()];
        }
        let terms = own.security_terms();
        for term in [
            "launch code*",
            "password*",
            "delete all",
            "override security",
            "pii",
            "ssn",
        ] {
            assert!(terms.iter().any(|known| known == term), "{term}: {terms:?}");
        }
        assert!(!terms.iter().any(|term| term == "election*"), "{terms:?}");
    }

    #[test]
    fn a_term_is_found_as_the_owner_wrote_it() {
        let mut own = Policy::default();
        own.sensitive.push(SensitiveRule {
            category: SensitiveCategory::Custom,
            terms: vec!["Gambling".into(), "High-Stakes*".into()],
        });
        assert_eq!(own.validate(), Ok(()));
        for text in ["no gambling here", "A high-stakes evening", "HIGH STAKES"] {
            assert_eq!(crate::detect(text, &own.sensitive).len(), 1, "{text}");
        }
    }
}
