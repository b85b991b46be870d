//! What the records add up to: every tenant's posts, accounts and intents.
//!
//! Never here: the rules by which new records are made (`network`).

use std::collections::{BTreeMap, HashMap};

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::{AgentId, TenantId},
    time::Timestamp,
};

use super::{
    fault::STATE_UNCERTAIN,
    handle,
    record::{Account, Record, StoredPost},
    state::SandboxState,
};
use crate::caller::Caller;

/// All tenants' networks, and where they are kept.
pub(super) struct Book {
    pub(super) state: Box<dyn SandboxState>,
    pub(super) towns: HashMap<TenantId, Town>,
}

/// One tenant's network.
#[derive(Default)]
pub(super) struct Town {
    pub(super) posts: BTreeMap<u64, Kept>,
    pub(super) intents: HashMap<String, u64>,
    pub(super) accounts: HashMap<AgentId, Account>,
    pub(super) handles: HashMap<String, AgentId>,
}

/// A post and what became of it.
pub(super) struct Kept {
    pub(super) post: StoredPost,
    pub(super) replies: Vec<u64>,
    pub(super) deleted_at: Option<Timestamp>,
}

/// A post as others see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub(super) post: StoredPost,
    pub(super) handle: String,
    pub(super) display_name: Option<String>,
    pub(super) replies: u64,
}

impl Book {
    /// Writes a record down, then makes it true.
    pub(super) fn record(&mut self, record: Record) -> Result<(), Fault> {
        self.state.append(&record)?;
        self.apply(record)
            .map_err(|why| Fault::new(FaultClass::Unknown, STATE_UNCERTAIN, why))
    }

    /// Makes a record true.
    ///
    /// # Errors
    /// In words, when it contradicts what is true already.
    pub(super) fn apply(&mut self, record: Record) -> Result<(), String> {
        match record {
            Record::Posted { tenant, post } => {
                let town = self.towns.entry(tenant).or_default();
                if town.posts.contains_key(&post.number) {
                    return Err(format!("post {} occurs twice", post.number));
                }
                if let Some(key) = &post.intent_key
                    && town.intents.insert(key.clone(), post.number).is_some()
                {
                    return Err(format!(
                        "the intent of post {} has another post",
                        post.number
                    ));
                }
                if let Some(parent) = post.reply_to.and_then(|number| town.posts.get_mut(&number)) {
                    parent.replies.push(post.number);
                }
                let kept = Kept {
                    post,
                    replies: Vec::new(),
                    deleted_at: None,
                };
                town.posts.insert(kept.post.number, kept);
            }
            Record::Deleted { tenant, number, at } => {
                let town = self.towns.entry(tenant).or_default();
                let kept = town.posts.get_mut(&number);
                kept.ok_or_else(|| format!("post {number} is deleted before it was written"))?
                    .deleted_at = Some(at);
            }
            Record::Claimed { tenant, account } => {
                let town = self.towns.entry(tenant).or_default();
                if let Some(old) = town.accounts.get(&account.agent) {
                    town.handles.remove(&old.handle);
                }
                town.handles.insert(account.handle.clone(), account.agent);
                town.accounts.insert(account.agent, account);
            }
        }
        Ok(())
    }

    pub(super) fn see(&self, tenant: TenantId, number: u64) -> Option<Seen> {
        let town = self.towns.get(&tenant)?;
        Some(town.seen(town.posts.get(&number)?))
    }

    /// The fewest records that add up to the same, in an order that can be applied.
    pub(super) fn records(&self) -> Vec<Record> {
        let mut tenants: Vec<_> = self.towns.keys().copied().collect();
        tenants.sort_unstable();
        let mut records = Vec::new();
        for tenant in tenants {
            let town = &self.towns[&tenant];
            let mut accounts: Vec<_> = town.accounts.values().cloned().collect();
            accounts.sort_by(|one, other| one.handle.cmp(&other.handle));
            records.extend(
                accounts
                    .into_iter()
                    .map(|account| Record::Claimed { tenant, account }),
            );
            for kept in town.posts.values() {
                records.push(Record::Posted {
                    tenant,
                    post: kept.post.clone(),
                });
                if let Some(at) = kept.deleted_at {
                    records.push(Record::Deleted {
                        tenant,
                        number: kept.post.number,
                        at,
                    });
                }
            }
        }
        records
    }

    /// Forgets the words of deleted posts; tells whether there were any. Their intents stay, so
    /// that asking again by key still finds them.
    pub(super) fn forget_deleted_text(&mut self) -> bool {
        let mut forgot = false;
        let posts = self
            .towns
            .values_mut()
            .flat_map(|town| town.posts.values_mut());
        for kept in posts.filter(|kept| kept.deleted_at.is_some()) {
            forgot |= !kept.post.text.is_empty();
            kept.post.text.clear();
            kept.post.media_ids.clear();
        }
        forgot
    }
}

impl Town {
    pub(super) fn by_intent(&self, caller: &Caller) -> Option<&Kept> {
        let number = self.intents.get(caller.intent_key.as_ref()?)?;
        self.posts.get(number)
    }

    pub(super) fn standing(&self, number: u64) -> Option<&Kept> {
        self.posts
            .get(&number)
            .filter(|kept| kept.deleted_at.is_none())
    }

    /// The handle that an agent took, or the one it has until it takes one.
    pub(super) fn handle_of(&self, agent: AgentId) -> String {
        let account = self.accounts.get(&agent);
        account.map_or_else(
            || handle::provisional(agent),
            |account| account.handle.clone(),
        )
    }

    pub(super) fn seen(&self, kept: &Kept) -> Seen {
        let account = self.accounts.get(&kept.post.agent);
        Seen {
            handle: self.handle_of(kept.post.agent),
            display_name: account.and_then(|account| account.display_name.clone()),
            replies: kept
                .replies
                .iter()
                .filter(|number| self.standing(**number).is_some())
                .count() as u64,
            post: kept.post.clone(),
        }
    }
}

/// A post's id on the network.
pub(super) fn post_id(number: u64) -> String {
    format!("p{number}")
}

/// The number behind a post's id; `None` for anything else.
pub(super) fn number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('p')?;
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    is_plain.then(|| digits.parse().ok()).flatten()
}
