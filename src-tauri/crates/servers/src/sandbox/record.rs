//! What the sandbox remembers, record by record, in the order in which it happened.
//!
//! Never here: what is derived from it (engagement, feeds).

use chimera_domain::{
    digest::Digest,
    id::{AgentId, TenantId},
    post::Disclosure,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Something that happened on the network.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Record {
    /// A post went out.
    Posted {
        /// Whose network.
        tenant: TenantId,
        /// The post.
        post: StoredPost,
    },
    /// A post was taken down.
    Deleted {
        /// Whose network.
        tenant: TenantId,
        /// Which post.
        number: u64,
        /// When.
        at: Timestamp,
    },
    /// An agent took a handle.
    Claimed {
        /// Whose network.
        tenant: TenantId,
        /// The account.
        account: Account,
    },
}

/// A post as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredPost {
    /// 1, 2, 3 … within the tenant's network.
    pub number: u64,
    /// Whose account.
    pub agent: AgentId,
    /// The text; empty once the post is deleted and the journal was compacted.
    pub text: String,
    /// Media by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media_ids: Vec<String>,
    /// The post that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<u64>,
    /// What the reader is told about its making.
    pub disclosure: Disclosure,
    /// When it went out.
    pub published_at: Timestamp,
    /// The intent behind it, when the caller gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent_key: Option<String>,
    /// Digest of what was asked for, so that a key used for something else is noticed.
    pub asked: Digest,
}

/// An account on the network.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Whose.
    pub agent: AgentId,
    /// With its `@`, lower case.
    pub handle: String,
    /// Name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}
