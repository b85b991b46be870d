//! From one declaration of a table's columns: the row type, its way into the cells of a statement, and its
//! way out of JSON. Says nothing about a dialect.
//!
//! Never here: a particular table (`rows`), or statements.

use std::{marker::PhantomData, sync::Arc};

/// A table and the row type that mirrors it.
pub(crate) trait Table {
    /// Its name.
    const NAME: &'static str;
    /// Columns of its primary key.
    const KEY: &'static [&'static str];
    /// Columns that are written once.
    const FIXED: &'static [&'static str];
    /// Columns that an upsert overwrites.
    const LIVE: &'static [&'static str];

    /// The row's values in the order of the columns, fixed ones first.
    fn cells(self, cells: &mut Vec<Cell>);
}

/// One value on its way into a statement. Cheap to clone.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(Arc<str>),
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Rows of one table on their way to it.
#[derive(Debug)]
pub(crate) struct Sheet<T> {
    cells: Vec<Cell>,
    rows: usize,
    table: PhantomData<fn() -> T>,
}

impl<T> Default for Sheet<T> {
    fn default() -> Self {
        Self {
            cells: Vec::new(),
            rows: 0,
            table: PhantomData,
        }
    }
}

impl<T: Table> Sheet<T> {
    /// A sheet of one row.
    pub(crate) fn of(row: T) -> Self {
        let mut sheet = Self::default();
        sheet.push(row);
        sheet
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: T) {
        row.cells(&mut self.cells);
        self.rows += 1;
    }

    /// Adds the rows of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        self.cells.extend_from_slice(&other.cells);
        self.rows += other.rows;
    }

    /// Numbers the rows in one column, from `first` on.
    pub(crate) fn number(&mut self, column: usize, first: i64) {
        let width = T::FIXED.len() + T::LIVE.len();
        for (row, number) in self.cells.chunks_mut(width).zip(first..) {
            if let Some(cell) = row.get_mut(column) {
                *cell = Cell::Int(number);
            }
        }
    }

    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// The name of a column whose field had to be written `r#type`.
pub(crate) fn plain(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Every column, in the order of the cells.
pub(crate) fn columns<T: Table>() -> impl Iterator<Item = &'static str> {
    T::FIXED.iter().chain(T::LIVE).map(|name| plain(name))
}

macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:literal as $row:ident, key $key:literal $(+ $more:literal)*;
        fixed { $($fixed:ident: $fixed_type:ty),* $(,)? }
        live { $($live:ident: $live_type:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, sqlx::FromRow, serde::Deserialize)]
        pub(crate) struct $row {
            $(pub(crate) $fixed: $fixed_type,)*
            $(pub(crate) $live: $live_type,)*
        }

        impl $crate::table::Table for $row {
            const NAME: &'static str = $table;
            const KEY: &'static [&'static str] = &[$key $(, $more)*];
            const FIXED: &'static [&'static str] = &[$(stringify!($fixed)),*];
            const LIVE: &'static [&'static str] = &[$(stringify!($live)),*];

            fn cells(self, cells: &mut Vec<$crate::table::Cell>) {
                $(cells.push(self.$fixed.into());)*
                $(cells.push(self.$live.into());)*
            }
        }

        impl $crate::batch::Written for $row {
            fn statements() -> &'static $crate::batch::Statements {
                static STATEMENTS: std::sync::LazyLock<$crate::batch::Statements> =
                    std::sync::LazyLock::new($crate::batch::Statements::of::<$row>);
                &STATEMENTS
            }
        }
    };
}
pub(crate) use table;
