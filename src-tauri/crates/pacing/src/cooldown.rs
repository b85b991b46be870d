//! The shortest time between two acts of one account on one server, kept where nothing gets past
//! it (ACT-05).
//!
//! This is the last line, not the only one: the outbox keeps the stored cooldown, which survives
//! a restart; this one holds within a process whoever asks.
//!
//! Never here: the length of a cooldown (the operator's rule says it).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chimera_domain::{
    id::TenantId,
    time::{Span, Timestamp},
};

/// Accounts that are remembered at once; when full, those whose time has passed go first.
const MAX_ACCOUNTS: usize = 10_000;

/// Whose clock it is: tenant, server, account.
pub type Account = (TenantId, String, String);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Act {
    at: Timestamp,
    until: Timestamp,
    intent_key: String,
}

/// The last act of each account.
#[derive(Debug, Default)]
pub struct Cooldowns(Mutex<HashMap<Account, Act>>);

/// An act that was let through; given back when it certainly did not happen.
#[derive(Debug)]
pub struct Pass {
    account: Account,
    mine: Act,
    before: Option<Act>,
}

impl Cooldowns {
    /// Lets an act through, and remembers it.
    ///
    /// The same intent key passes again: it is the same act, asked about once more.
    ///
    /// # Errors
    /// The time still to wait.
    pub fn pass(
        &self,
        account: Account,
        span: Span,
        intent_key: &str,
        now: Timestamp,
    ) -> Result<Pass, Duration> {
        let mut acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = acts.get(&account).cloned();
        if let Some(act) = &before
            && act.intent_key != intent_key
            && now < act.until
        {
            return Err(act.until.since(now).to_std());
        }
        if acts.len() >= MAX_ACCOUNTS && !acts.contains_key(&account) {
            acts.retain(|_, act| now < act.until);
            if acts.len() >= MAX_ACCOUNTS {
                // So many accounts at once: wait rather than forget one that is cooling down.
                return Err(span.to_std());
            }
        }
        let mine = Act {
            at: now,
            until: now + span,
            intent_key: intent_key.to_owned(),
        };
        acts.insert(account.clone(), mine.clone());
        Ok(Pass {
            account,
            mine,
            before,
        })
    }

    /// Takes an act back that certainly did not happen.
    pub fn give_back(&self, pass: Pass) {
        let mut acts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have passed since; theirs stands.
        if acts.get(&pass.account) != Some(&pass.mine) {
            return;
        }
        match pass.before {
            Some(before) => acts.insert(pass.account, before),
            None => acts.remove(&pass.account),
        };
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const SPAN: Span = Span::seconds(10);

    fn account(name: &str) -> Account {
        (
            TenantId::from_uuid(Uuid::nil()),
            "sandbox".into(),
            name.into(),
        )
    }

    #[test]
    fn an_account_waits_and_others_do_not() {
        let cooldowns = Cooldowns::default();
        let start = Timestamp::from_seconds(100);
        assert!(cooldowns.pass(account("ada"), SPAN, "one", start).is_ok());
        let soon = start + Span::seconds(3);
        assert_eq!(
            cooldowns
                .pass(account("ada"), SPAN, "two", soon)
                .unwrap_err(),
            Duration::from_secs(7)
        );
        assert!(cooldowns.pass(account("bob"), SPAN, "two", soon).is_ok());
        assert!(
            cooldowns
                .pass(account("ada"), SPAN, "two", start + SPAN)
                .is_ok()
        );
    }

    #[test]
    fn the_same_act_is_not_kept_waiting_by_itself() {
        let cooldowns = Cooldowns::default();
        let start = Timestamp::from_seconds(100);
        assert!(cooldowns.pass(account("ada"), SPAN, "one", start).is_ok());
        assert!(cooldowns.pass(account("ada"), SPAN, "one", start).is_ok());
    }

    #[test]
    fn what_did_not_happen_costs_no_wait() {
        let cooldowns = Cooldowns::default();
        let start = Timestamp::from_seconds(100);
        let pass = cooldowns.pass(account("ada"), SPAN, "one", start).unwrap();
        cooldowns.give_back(pass);
        let pass = cooldowns.pass(account("ada"), SPAN, "two", start).unwrap();
        // A later act of somebody else is not undone by an earlier one's return.
        let later = start + SPAN;
        assert!(cooldowns.pass(account("ada"), SPAN, "three", later).is_ok());
        cooldowns.give_back(pass);
        assert!(cooldowns.pass(account("ada"), SPAN, "four", later).is_err());
    }

    #[test]
    fn a_full_memory_forgets_the_past_and_never_the_present() {
        let cooldowns = Cooldowns::default();
        let start = Timestamp::from_seconds(100);
        for number in 0..MAX_ACCOUNTS {
            assert!(
                cooldowns
                    .pass(account(&number.to_string()), SPAN, "k", start)
                    .is_ok()
            );
        }
        assert!(cooldowns.pass(account("new"), SPAN, "k", start).is_err());
        assert!(cooldowns.pass(account("0"), SPAN, "other", start).is_err());
        assert!(
            cooldowns
                .pass(account("new"), SPAN, "k", start + SPAN)
                .is_ok()
        );
    }
}
