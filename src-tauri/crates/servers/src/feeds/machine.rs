//! Whose the machine is: what lies on it, and hosts that only it reaches, are one workspace's where several share it.
//!
//! Never here: reading a feed.

use std::sync::{Arc, OnceLock};

use chimera_domain::{fault::Fault, id::TenantId};
use chimera_net::HttpClient;

use super::fault::{FILE_REFUSED, refused};

/// Who may read files of this machine, and hosts that are allowed though they are no public ones.
#[derive(Clone)]
pub enum Machine {
    /// Whoever calls: a server that somebody started by hand.
    Everybodys,
    /// One workspace; the others read what is public.
    Of {
        /// Which; nobody's as long as that is not known.
        workspace: Arc<OnceLock<TenantId>>,
        /// The way to the web for the others, which reaches public addresses alone. It shares no connection with the first
        /// one's, over which a private host would be reached without being looked up.
        public: HttpClient,
    },
}

impl Machine {
    /// Whether the machine is the caller's.
    pub(super) fn is_of(&self, tenant: Option<TenantId>) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Of { workspace, .. } => {
                let own = workspace.get();
                own.is_some() && own == tenant.as_ref()
            }
        }
    }
}

/// A file was named by a workspace that the machine does not belong to. Whether there is one is not said.
pub(super) fn not_yours() -> Fault {
    refused(
        FILE_REFUSED,
        "files of this machine are read for its first workspace alone; name a feed at an address, or ask whoever runs this installation",
    )
}
