//! How many calls were sent, by effect class: a metric, and the proof that nothing acts before a
//! decision.
//!
//! Never here: what was called.

use std::sync::atomic::{AtomicU64, Ordering};

use chimera_domain::action::EffectClass;

/// Calls handed to a connection since the host started, whatever came of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CallCounts {
    /// Calls of tools that read.
    pub read: u64,
    /// Calls of tools that write what stays inside.
    pub internal_write: u64,
    /// Calls of tools that act on the outside.
    pub outward: u64,
    /// Calls of tools that move money.
    pub money: u64,
}

/// The running tally behind [`CallCounts`].
#[derive(Debug, Default)]
pub(crate) struct Tally {
    read: AtomicU64,
    internal_write: AtomicU64,
    outward: AtomicU64,
    money: AtomicU64,
}

impl Tally {
    pub(crate) fn note(&self, effect: EffectClass) {
        let cell = match effect {
            EffectClass::Read => &self.read,
            EffectClass::InternalWrite => &self.internal_write,
            EffectClass::Outward => &self.outward,
            EffectClass::Money => &self.money,
        };
        cell.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> CallCounts {
        CallCounts {
            read: self.read.load(Ordering::Relaxed),
            internal_write: self.internal_write.load(Ordering::Relaxed),
            outward: self.outward.load(Ordering::Relaxed),
            money: self.money.load(Ordering::Relaxed),
        }
    }
}
