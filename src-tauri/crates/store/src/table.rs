//! From one declaration of a table's columns: the row type and the statements that write many rows at once.
//!
//! Rows travel to SQLite as one JSON array and are unpacked by `jsonb_each`, so that a batch costs one
//! statement per table whatever its size. Never here: a particular table (`rows`), or reading.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::failure::Failure;

/// A table and the row type that mirrors it.
pub(crate) trait Table: Serialize {
    /// Its name.
    const NAME: &'static str;
    /// Columns of its primary key.
    const KEY: &'static [&'static str];
    /// Columns that are written once.
    const FIXED: &'static [&'static str];
    /// Columns that an upsert overwrites.
    const LIVE: &'static [&'static str];

    /// The statements made from the above.
    fn statements() -> &'static Statements;
}

/// SQL made from a table's columns. Only names from the source code go into it.
#[derive(Debug)]
pub(crate) struct Statements {
    /// Inserts the rows of `?1`, in their order.
    insert: String,
    /// Inserts the rows of `?1`, or overwrites the live columns of those that exist and are the tenant's own.
    upsert: String,
    /// The same, leaving rows that exist as they are.
    insert_new: String,
}

impl Statements {
    pub(crate) fn of<T: Table>() -> Self {
        let columns: Vec<&str> = T::FIXED
            .iter()
            .chain(T::LIVE)
            .map(|name| plain(name))
            .collect();
        let values: Vec<String> = columns
            .iter()
            .map(|name| format!("value ->> '{name}'"))
            .collect();
        // `WHERE true` keeps the parser from taking ON CONFLICT for a join condition.
        let insert = format!(
            "INSERT INTO {} ({}) SELECT {} FROM jsonb_each(?1) WHERE true",
            T::NAME,
            columns.join(", "),
            values.join(", ")
        );
        let key = T::KEY.join(", ");
        let set: Vec<String> = T::LIVE
            .iter()
            .map(|name| plain(name))
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        // A table without live columns has nothing to overwrite: its rows are written once.
        let upsert = if set.is_empty() {
            insert.clone()
        } else {
            let (table, set) = (T::NAME, set.join(", "));
            format!(
                "{insert} ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {table}.tenant_id = excluded.tenant_id"
            )
        };
        let insert_new = format!("{insert} ON CONFLICT ({key}) DO NOTHING");
        Self {
            insert,
            upsert,
            insert_new,
        }
    }
}

/// The name of a column whose field had to be written `r#type`.
pub(crate) fn plain(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// `json_object(…)` over the columns of `alias`, for reading whole rows of several tables in one statement.
pub(crate) fn object<T: Table>(alias: &str) -> String {
    let pairs: Vec<String> = T::FIXED
        .iter()
        .chain(T::LIVE)
        .map(|name| plain(name))
        .map(|name| format!("'{name}', {alias}.{name}"))
        .collect();
    format!("json_object({})", pairs.join(", "))
}

/// Rows of one table on their way to it, already written as JSON.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sheet {
    json: String,
    rows: u64,
}

impl Sheet {
    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<(), Failure> {
        if self.rows > 0 {
            self.json.push(',');
        }
        self.json
            .push_str(&serde_json::to_string(row).map_err(Failure::unwritable)?);
        self.rows += 1;
        Ok(())
    }

    /// Adds the rows of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        if other.rows == 0 {
            return;
        }
        if self.rows > 0 {
            self.json.push(',');
        }
        self.json.push_str(&other.json);
        self.rows += other.rows;
    }

    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The JSON array for `jsonb_each`.
    pub(crate) fn array(&self) -> String {
        let mut array = String::with_capacity(self.json.len() + 2);
        array.push('[');
        array.push_str(&self.json);
        array.push(']');
        array
    }
}

/// Inserts a sheet and answers the number of its last row (`rowid`).
pub(crate) async fn insert<T: Table>(
    conn: &mut SqliteConnection,
    sheet: &Sheet,
) -> Result<i64, Failure> {
    if sheet.is_empty() {
        return Ok(0);
    }
    let done = sqlx::query(T::statements().insert.as_str())
        .bind(sheet.array())
        .execute(conn)
        .await?;
    Ok(done.last_insert_rowid())
}

/// Inserts a sheet, overwriting what exists; a row that exists for another tenant is refused.
pub(crate) async fn upsert<T: Table>(
    conn: &mut SqliteConnection,
    sheet: &Sheet,
) -> Result<(), Failure> {
    if sheet.is_empty() {
        return Ok(());
    }
    let done = sqlx::query(T::statements().upsert.as_str())
        .bind(sheet.array())
        .execute(conn)
        .await?;
    if done.rows_affected() == sheet.rows() {
        Ok(())
    } else {
        Err(Failure::refused(format!(
            "a row of {} belongs to another tenant",
            T::NAME
        )))
    }
}

/// Inserts those rows of a sheet that do not exist.
pub(crate) async fn insert_new<T: Table>(
    conn: &mut SqliteConnection,
    sheet: &Sheet,
) -> Result<(), Failure> {
    if sheet.is_empty() {
        return Ok(());
    }
    sqlx::query(T::statements().insert_new.as_str())
        .bind(sheet.array())
        .execute(conn)
        .await?;
    Ok(())
}

/// Inserts one row.
pub(crate) async fn insert_one<T: Table>(
    conn: &mut SqliteConnection,
    row: &T,
) -> Result<(), Failure> {
    let mut sheet = Sheet::default();
    sheet.push(row)?;
    insert::<T>(conn, &sheet).await?;
    Ok(())
}

macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:literal as $row:ident, key $key:literal $(+ $more:literal)*;
        fixed { $($fixed:ident: $fixed_type:ty),* $(,)? }
        live { $($live:ident: $live_type:ty),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Debug, sqlx::FromRow, serde::Serialize, serde::Deserialize)]
        pub(crate) struct $row {
            $(pub(crate) $fixed: $fixed_type,)*
            $(pub(crate) $live: $live_type,)*
        }

        impl $crate::table::Table for $row {
            const NAME: &'static str = $table;
            const KEY: &'static [&'static str] = &[$key $(, $more)*];
            const FIXED: &'static [&'static str] = &[$(stringify!($fixed)),*];
            const LIVE: &'static [&'static str] = &[$(stringify!($live)),*];

            fn statements() -> &'static $crate::table::Statements {
                static STATEMENTS: std::sync::LazyLock<$crate::table::Statements> =
                    std::sync::LazyLock::new($crate::table::Statements::of::<$row>);
                &STATEMENTS
            }
        }
    };
}
pub(crate) use table;
