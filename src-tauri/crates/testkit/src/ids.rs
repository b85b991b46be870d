//! Ids that count, so that a test run is the same every time.
//!
//! Never here: randomness.

use std::sync::atomic::{AtomicU64, Ordering};

use chimera_ports::ids::IdSource;
use uuid::Uuid;

/// Mints 1, 2, 3 … as UUIDs of version 7, in ascending order, told apart from another source's by a family.
#[derive(Debug)]
pub struct SequentialIds {
    family: u16,
    next: AtomicU64,
}

impl Default for SequentialIds {
    fn default() -> Self {
        Self::of_family(0)
    }
}

impl SequentialIds {
    /// A source whose ids never meet those of another family.
    #[must_use]
    pub const fn of_family(family: u16) -> Self {
        Self {
            family,
            next: AtomicU64::new(1),
        }
    }
}

impl IdSource for SequentialIds {
    fn uuid(&self) -> Uuid {
        let count = self.next.fetch_add(1, Ordering::SeqCst);
        // 48 bits that ascend, version 7, then variant and family. The count is in the low half as well, which
        // is all that a span id has.
        let low = 0x8000_0000_0000_0000 | u64::from(self.family) << 40 | count;
        Uuid::from_u64_pair(count << 16 | 0x7000, low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_families_never_meet() {
        let (one, two) = (SequentialIds::default(), SequentialIds::of_family(1));
        let (first, second) = (one.uuid(), one.uuid());
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
        assert_ne!(first, two.uuid());
        assert_ne!(one.span(), one.span());
    }
}
