//! The network: what the records add up to, and the rules by which new ones are made. Each change
//! is decided, written down and only then true.
//!
//! Never here: the protocol, or simulated figures.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chimera_domain::{
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{AgentId, TenantId},
    platform::Platform,
    post::{PostContent, Scheduling},
    time::Timestamp,
};

use super::{
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

struct Book {
    state: Box<dyn SandboxState>,
    towns: HashMap<TenantId, Town>,
}

/// One tenant's network.
#[derive(Default)]
struct Town {
    posts: BTreeMap<u64, Kept>,
    intents: HashMap<String, u64>,
    accounts: HashMap<AgentId, Account>,
    handles: HashMap<String, AgentId>,
}

struct Kept {
    post: StoredPost,
    replies: Vec<u64>,
    deleted_at: Option<Timestamp>,
}

/// A post as others see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub(super) post: StoredPost,
    pub(super) handle: String,
    pub(super) display_name: Option<String>,
    pub(super) replies: u64,
}

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
        let compact = book.records();
        if compact.len() < count || book.has_deleted_text() {
            let forgotten = compact
                .iter()
                .map(without_deleted_text(&book))
                .collect::<Vec<_>>();
            book.state.replace(&forgotten)?;
            for town in book.towns.values_mut() {
                town.forget_deleted_text();
            }
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
            .map(|(_, kept)| town.seen(kept))
            .filter(|seen| {
                query
                    .handle
                    .as_ref()
                    .is_none_or(|handle| *handle == seen.handle)
            })
            .take(query.limit + 1)
            .collect();
        let has_more = found.len() > query.limit;
        found.truncate(query.limit);
        (found, has_more)
    }
}

impl Book {
    /// Writes a record down, then makes it true.
    fn record(&mut self, record: Record) -> Result<(), Fault> {
        self.state.append(&record)?;
        self.apply(record)
            .map_err(|why| Fault::new(FaultClass::Unknown, FULL, why))
    }

    /// Makes a record true.
    ///
    /// # Errors
    /// In words, when it contradicts what is true already.
    fn apply(&mut self, record: Record) -> Result<(), String> {
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

    fn see(&self, tenant: TenantId, number: u64) -> Option<Seen> {
        let town = self.towns.get(&tenant)?;
        Some(town.seen(town.posts.get(&number)?))
    }

    /// The fewest records that add up to the same, in an order that can be applied.
    fn records(&self) -> Vec<Record> {
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

    fn has_deleted_text(&self) -> bool {
        let mut kept = self.towns.values().flat_map(|town| town.posts.values());
        kept.any(|kept| kept.deleted_at.is_some() && !kept.post.text.is_empty())
    }
}

/// A record with the words of a deleted post gone; its intent stays, so that asking again by key
/// still finds it.
fn without_deleted_text(book: &Book) -> impl Fn(&Record) -> Record + '_ {
    |record| match record {
        Record::Posted { tenant, post } => {
            let town = book.towns.get(tenant);
            let kept = town.and_then(|town| town.posts.get(&post.number));
            let mut post = post.clone();
            if kept.is_some_and(|kept| kept.deleted_at.is_some()) {
                post.text.clear();
                post.media_ids.clear();
            }
            Record::Posted {
                tenant: *tenant,
                post,
            }
        }
        other => other.clone(),
    }
}

impl Town {
    fn by_intent(&self, caller: &Caller) -> Option<&Kept> {
        let number = self.intents.get(caller.intent_key.as_ref()?)?;
        self.posts.get(number)
    }

    fn standing(&self, number: u64) -> Option<&Kept> {
        self.posts
            .get(&number)
            .filter(|kept| kept.deleted_at.is_none())
    }

    fn seen(&self, kept: &Kept) -> Seen {
        let account = self.accounts.get(&kept.post.agent);
        Seen {
            handle: account.map_or_else(
                || handle::provisional(kept.post.agent),
                |account| account.handle.clone(),
            ),
            display_name: account.and_then(|account| account.display_name.clone()),
            replies: kept
                .replies
                .iter()
                .filter(|number| self.standing(**number).is_some())
                .count() as u64,
            post: kept.post.clone(),
        }
    }

    fn forget_deleted_text(&mut self) {
        for kept in self
            .posts
            .values_mut()
            .filter(|kept| kept.deleted_at.is_some())
        {
            kept.post.text.clear();
            kept.post.media_ids.clear();
        }
    }

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
