//! Pages of lists, by opaque cursor.
//!
//! Never here: what a cursor means (only the store knows).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of a page when the request does not say.
pub const DEFAULT_PAGE_ROWS: u32 = 50;

/// One page of a list.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
}

/// Which page is wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}
