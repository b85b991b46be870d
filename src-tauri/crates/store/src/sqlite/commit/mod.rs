//! Writing: every write of the store goes through one thread with one connection, and whatever waits at the
//! same time shares one transaction and one flush to disk (group commit).
//!
//! Never here: reading.

mod cascade;
mod direct;
mod draft;
mod group;
mod guards;
mod lanes;
mod needs;
mod records;
mod release;
mod replan;
mod revive;
mod sheets;
mod tally;
mod transaction;
mod writer;

pub(crate) use sheets::{Sheets, same_tenant};
pub(crate) use transaction::{Grouped, Outcomes};
pub(crate) use writer::{BatchLimits, Writer};

/// An SQL expression that mints a random (version 4) UUID per row.
macro_rules! uuid4 {
    () => {
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' \
         || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' \
         || hex(randomblob(6)))"
    };
}
pub(crate) use uuid4;
