//! The store, one trait per aggregate. Every call names its tenant, and every query enforces it.
//!
//! Never here: SQL.

mod boards;
mod campaigns;
mod chain;
mod content;
mod health;
mod ledger;
mod log;
mod memories;
mod people;
mod personas;
mod persons;
mod registry;
mod retention;
mod reviews;
mod settings;

pub use boards::{AgentWork, Boards, Due, FleetCounts, WaitingCounts};
pub use campaigns::{Campaigns, TaskEdge, TaskFilter};
pub use chain::{
    Chain, ChainHead, ChainReader, ChainRow, Counted, Cut, Found, NumberedRecord, StoredRecord,
    Unrecorded,
};
pub use content::{AgentPost, Contents};
pub use health::Health;
pub use ledger::{CallFilter, Ledger, MakeNotes, Reserved};
pub use log::{AuditEntry, AuditFilter, IncidentFilter, Log};
pub use memories::{Embedded, Kept, Memories, MemoryCounts, WordRows};
pub use people::{MAX_OWNED, Owned, People, Session, SessionKind, User};
pub use personas::Personas;
pub use persons::{FoundPerson, PersonAccount, PersonErasure, Persons, Place};
pub use registry::Registry;
pub use retention::Pruning;
pub use reviews::{ReviewFilter, Reviews};
pub use settings::{PolicyRecord, Settings};

/// Everything the store offers, for those who are handed the whole of it.
pub trait Store:
    Boards
    + Campaigns
    + Chain
    + Contents
    + Health
    + Ledger
    + Log
    + People
    + Personas
    + Persons
    + Pruning
    + Registry
    + Reviews
    + Settings
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: Boards
        + Campaigns
        + Chain
        + Contents
        + Health
        + Ledger
        + Log
        + People
        + Personas
        + Persons
        + Pruning
        + Registry
        + Reviews
        + Settings
        + Send
        + Sync
{
}
