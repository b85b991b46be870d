//! The network: what the records add up to, and the rules by which new ones are made. Each change
//! is decided, written down and only then true.
//!
//! Never here: the protocol, or simulated figures.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chimera_domain::{
    digest::Digest,
    fault::Fault,
    id::{AgentId, TenantId},
    platform::Platform,
    post::{PostContent, Scheduling},
    time::Timestamp,
};

use super::{
    book::{Book, Seen, Town, number, post_id},
    fault::{
        FULL, HANDLE_INVALID, HANDLE_TAKEN, INTENT_REUSED, NOT_YOURS, POST_REFUSED,
        TENANT_MISMATCH, no_post, post_refusal, refused,
    },
    handle,
    record::{Account, Record, StoredPost},
    state::{SandboxState, StateError},
};
use crate::caller::Caller;

/// Most posts of one tenant's network, deleted ones included: their intent keys are kept.
pub const MAX_POSTS_PER_TENANT: usize = 100_000;
/// Most media of one post.
const MAX_MEDIA: usize = 4;
/// Longest media id, in characters.
const MAX_MEDIA_ID_CHARS: usize = 200;
/// Longest display name, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Domain tag of the digest of what was asked for.
const ASKED_TAG: &str = "chimera.sandbox-post.v1";

/// All tenants' networks on one state.
pub(super) struct Network(Mutex<Book>);

/// What of the feed is wanted.
pub(super) struct FeedQuery {
    pub(super) limit: usize,
    /// Only posts before this number.
    pub(super) before: Option<u64>,
    /// Only posts of this account.
    pub(super) handle: Option<String>,
}

impl Network {
    pub(super) fn open(mut state: Box<dyn SandboxState>) -> Result<Self, StateError> {
        let records = state.load()?;
        let mut book = Book {
            state,
            towns: HashMap::new(),
        };
        let count = records.len();
        for (index, record) in records.into_iter().enumerate() {
            book.apply(record).map_err(|why| StateError::Damaged {
                record: index + 1,
                why,
            })?;
        }
        let forgot = book.forget_deleted_text();
        let compact = book.records();
        if forgot || compact.len() < count {
            book.state.replace(&compact)?;
        }
        Ok(Self(Mutex::new(book)))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic between the record and its application would leave the book behind the state;
        // nothing between them can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a post on the network, once per intent key.
    pub(super) fn publish(
        &self,
        caller: &Caller,
        asked: &PostContent,
        now: Timestamp,
    ) -> Result<Seen, Fault> {
        same_tenant(caller, asked.tenant_id)?;
        let digest = Digest::of(ASKED_TAG, asked).map_err(|error| refused(POST_REFUSED, error))?;
        let mut book = self.book();
        let town = book.towns.entry(caller.tenant).or_default();
        if let Some(earlier) = town.by_intent(caller) {
            if earlier.post.asked != digest {
                return Err(refused(
                    INTENT_REUSED,
                    "this intent key already stands for another post; a new act needs a new key",
                ));
            }
            return Ok(town.seen(earlier));
        }
        let reply_to = town.check(asked, now)?;
        let number = town.posts.last_key_value().map_or(1, |(last, _)| last + 1);
        let post = StoredPost {
            number,
            agent: asked.agent_id,
            text: asked.content.text.clone(),
            media_ids: asked.content.media_ids.clone(),
            reply_to,
            disclosure: asked.disclosure.clone(),
            published_at: now,
            intent_key: caller.intent_key.clone(),
            asked: digest,
        };
        book.record(Record::Posted {
            tenant: caller.tenant,
            post,
        })?;
        book.see(caller.tenant, number)
            .ok_or_else(|| no_post(&post_id(number)))
    }

    /// Takes a post down; doing so again changes nothing. Tells when it was.
    pub(super) fn delete(
        &self,
        caller: &Caller,
        agent: AgentId,
        number: u64,
        now: Timestamp,
    ) -> Result<Timestamp, Fault> {
        let mut book = self.book();
        let kept = book
            .towns
            .get(&caller.tenant)
            .and_then(|town| town.posts.get(&number))
            .ok_or_else(|| no_post(&post_id(number)))?;
        if kept.post.agent != agent {
            return Err(refused(NOT_YOURS, "only its own account can delete a post"));
        }
        if let Some(at) = kept.deleted_at {
            return Ok(at);
        }
        book.record(Record::Deleted {
            tenant: caller.tenant,
            number,
            at: now,
        })?;
        Ok(now)
    }

    /// Gives an agent a handle that nobody else has; a new one replaces the old.
    pub(super) fn claim(&self, caller: &Caller, wanted: Account) -> Result<Account, Fault> {
        let account = Account {
            handle: handle::normalise(&wanted.handle)?,
            ..wanted
        };
        if let Some(name) = &account.display_name
            && !(1..=MAX_NAME_CHARS).contains(&name.chars().count())
        {
            return Err(refused(
                HANDLE_INVALID,
                format!("a display name has 1 to {MAX_NAME_CHARS} characters"),
            ));
        }
        let mut book = self.book();
        let town = book.towns.entry(caller.tenant).or_default();
        let owner = town.handles.get(&account.handle);
        if owner.is_some_and(|owner| *owner != account.agent) {
            return Err(refused(
                HANDLE_TAKEN,
                format!("{} is taken", account.handle),
            ));
        }
        if town.accounts.get(&account.agent) != Some(&account) {
            book.record(Record::Claimed {
                tenant: caller.tenant,
                account: account.clone(),
            })?;
        }
        Ok(account)
    }

    /// One post that is not deleted, with the first `limit` of its replies.
    pub(super) fn post(
        &self,
        caller: &Caller,
        number: u64,
        limit: usize,
    ) -> Result<(Seen, Vec<Seen>), Fault> {
        let book = self.book();
        let found = book.towns.get(&caller.tenant).and_then(|town| {
            let kept = town.standing(number)?;
            let replies = kept
                .replies
                .iter()
                .filter_map(|number| town.standing(*number));
            Some((
                town.seen(kept),
                replies.take(limit).map(|reply| town.seen(reply)).collect(),
            ))
        });
        found.ok_or_else(|| no_post(&post_id(number)))
    }

    /// The newest posts first, and whether there are more.
    pub(super) fn feed(&self, caller: &Caller, query: &FeedQuery) -> (Vec<Seen>, bool) {
        let book = self.book();
        let Some(town) = book.towns.get(&caller.tenant) else {
            return (Vec::new(), false);
        };
        let end = query.before.unwrap_or(u64::MAX);
        let mut found: Vec<Seen> = town
            .posts
            .range(..end)
            .rev()
            .filter(|(_, kept)| kept.deleted_at.is_none())
            .filter(|(_, kept)| {
                let wanted = query.handle.as_ref();
                wanted.is_none_or(|handle| *handle == town.handle_of(kept.post.agent))
            })
            .take(query.limit + 1)
            .map(|(_, kept)| town.seen(kept))
            .collect();
        let has_more = found.len() > query.limit;
        found.truncate(query.limit);
        (found, has_more)
    }
}

/// The rules of the network.
impl Town {
    /// Whether the network takes this post; tells which one it answers.
    fn check(&self, asked: &PostContent, now: Timestamp) -> Result<Option<u64>, Fault> {
        let refuse = |why: String| Err(refused(POST_REFUSED, why));
        if asked.platform != Platform::Sandbox {
            return refuse(format!(
                "this is the sandbox, and the post is for {}",
                asked.platform
            ));
        }
        asked.validate().map_err(|refusal| post_refusal(&refusal))?;
        if let Scheduling::Scheduled { publish_at } = asked.scheduling
            && publish_at > now
        {
            return refuse(format!(
                "the sandbox publishes at once, and the post is for {publish_at}; send it then"
            ));
        }
        let media = &asked.content.media_ids;
        let is_long = |id: &String| !(1..=MAX_MEDIA_ID_CHARS).contains(&id.chars().count());
        if media.len() > MAX_MEDIA || media.iter().any(is_long) {
            return refuse(format!(
                "a post has at most {MAX_MEDIA} media, each named by 1 to {MAX_MEDIA_ID_CHARS} characters"
            ));
        }
        if self.posts.len() >= MAX_POSTS_PER_TENANT {
            return Err(refused(
                FULL,
                format!(
                    "the sandbox holds {MAX_POSTS_PER_TENANT} posts, which is all it can; start a new one"
                ),
            ));
        }
        let Some(id) = &asked.content.reply_to_id else {
            return Ok(None);
        };
        let parent = number(id).filter(|number| self.standing(*number).is_some());
        parent.map(Some).ok_or_else(|| no_post(id))
    }
}

fn same_tenant(caller: &Caller, tenant: TenantId) -> Result<(), Fault> {
    if caller.tenant == tenant {
        return Ok(());
    }
    Err(refused(
        TENANT_MISMATCH,
        "the post belongs to another tenant than the caller",
    ))
}
