//! Pages of a list, by cursor.

use serde::{Deserialize, Serialize};

/// Most rows of one page.
pub const MAX_PAGE_ROWS: u32 = 200;

/// Which page is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PageRequest {
    /// Where the page before ended; absent for the first. Opaque: only the store reads it.
    pub after: Option<String>,
    /// How many rows; 0 and anything above [`MAX_PAGE_ROWS`] count as that.
    pub limit: u32,
}

impl PageRequest {
    /// The first `limit` rows.
    #[must_use]
    pub const fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }
    /// Rows to read, within the bound.
    #[must_use]
    pub const fn rows(&self) -> u32 {
        if self.limit == 0 || self.limit > MAX_PAGE_ROWS {
            MAX_PAGE_ROWS
        } else {
            self.limit
        }
    }
}

/// One page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Cursor of the next page; absent at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}
