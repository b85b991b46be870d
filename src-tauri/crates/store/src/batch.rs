//! Statements over many rows at once.
//!
//! A batch costs a few statements per table whatever its size: its rows are bound into multi-row VALUES of a
//! few fixed lengths, so that every statement is prepared once. (Handing rows over as one JSON text and taking
//! them apart with `json_each` was measured at three times the work.) Never here: a particular table.

use std::sync::OnceLock;

use sqlx::{
    Arguments, FromRow, SqliteConnection,
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    failure::Failure,
    table::{Cell, Sheet, Table, columns},
};

/// Rows that one statement takes; a list of any length is cut into these. Each statement is a way to the connection's
/// thread and back, so that a long list wants few of them, whatever it leaves over.
const LENGTHS: [usize; 5] = [256, 64, 16, 4, 1];

/// A statement around a list of rows: `before (?, ?), (?, ?) after`. Its parts are source code, never data.
#[derive(Debug)]
pub(crate) struct Listed {
    before: String,
    width: usize,
    after: String,
    texts: [OnceLock<String>; LENGTHS.len()],
}

impl Listed {
    pub(crate) fn new(before: impl Into<String>, width: usize, after: impl Into<String>) -> Self {
        Self {
            before: before.into(),
            width,
            after: after.into(),
            texts: [const { OnceLock::new() }; LENGTHS.len()],
        }
    }

    /// Runs the statement over all rows; answers how many rows it changed.
    pub(crate) async fn run(
        &'static self,
        conn: &mut SqliteConnection,
        cells: &[Cell],
    ) -> Result<u64, Failure> {
        let mut changed = 0;
        for (text, part) in self.parts(cells) {
            let done = sqlx::query_with(text, bound(part)?)
                .execute(&mut *conn)
                .await?;
            changed += done.rows_affected();
        }
        Ok(changed)
    }

    /// Asks the statement about all rows.
    pub(crate) async fn ask<R>(
        &'static self,
        conn: &mut SqliteConnection,
        cells: &[Cell],
    ) -> Result<Vec<R>, Failure>
    where
        R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let mut found = Vec::new();
        for (text, part) in self.parts(cells) {
            found.extend(
                sqlx::query_as_with::<_, R, _>(text, bound(part)?)
                    .fetch_all(&mut *conn)
                    .await?,
            );
        }
        Ok(found)
    }

    /// The statement's texts, each with the cells that it takes.
    fn parts<'c>(
        &'static self,
        cells: &'c [Cell],
    ) -> impl Iterator<Item = (&'static str, &'c [Cell])> {
        let mut left = cells;
        std::iter::from_fn(move || {
            let rows = left.len() / self.width.max(1);
            let (length, text) = LENGTHS
                .into_iter()
                .zip(&self.texts)
                .find(|(length, _)| *length <= rows)?;
            let (part, rest) = left.split_at(length * self.width);
            left = rest;
            Some((text.get_or_init(|| self.text(length)).as_str(), part))
        })
    }

    fn text(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.width].join(", "));
        format!(
            "{} {} {}",
            self.before,
            vec![row; rows].join(", "),
            self.after
        )
    }
}

/// Cells as the arguments of a statement.
fn bound(cells: &[Cell]) -> Result<SqliteArguments, Failure> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(cells.len(), 0);
    for cell in cells {
        match cell {
            Cell::Null => arguments.add(None::<i64>),
            Cell::Int(number) => arguments.add(*number),
            Cell::Real(number) => arguments.add(*number),
            Cell::Text(text) => arguments.add(text.clone()),
        }
        .map_err(Failure::unwritable)?;
    }
    Ok(arguments)
}

/// A table with statements that write it.
pub(crate) trait Written: Table {
    /// The statements.
    fn statements() -> &'static Statements;
}

/// SQL made from a table's columns.
#[derive(Debug)]
pub(crate) struct Statements {
    insert: Listed,
    insert_new: Listed,
    upsert: Listed,
}

impl Statements {
    pub(crate) fn of<T: Table>() -> Self {
        let names: Vec<&str> = columns::<T>().collect();
        let insert = format!("INSERT INTO {} ({}) VALUES", T::NAME, names.join(", "));
        let key = T::KEY.join(", ");
        let live = columns::<T>().skip(T::FIXED.len());
        let set: Vec<String> = live
            .map(|name| format!("{name} = excluded.{name}"))
            .collect();
        // A table without live columns has nothing to overwrite: its rows are written once.
        let overwrite = if set.is_empty() {
            String::new()
        } else {
            let (table, set) = (T::NAME, set.join(", "));
            format!(
                "ON CONFLICT ({key}) DO UPDATE SET {set} WHERE {table}.tenant_id = excluded.tenant_id"
            )
        };
        let keep = format!("ON CONFLICT ({key}) DO NOTHING");
        let width = names.len();
        Self {
            insert: Listed::new(insert.clone(), width, ""),
            insert_new: Listed::new(insert.clone(), width, keep),
            upsert: Listed::new(insert, width, overwrite),
        }
    }
}

/// Inserts a sheet.
pub(crate) async fn insert<T: Written>(
    conn: &mut SqliteConnection,
    sheet: &Sheet<T>,
) -> Result<(), Failure> {
    T::statements().insert.run(conn, sheet.cells()).await?;
    Ok(())
}

/// Inserts those rows of a sheet that do not exist.
pub(crate) async fn insert_new<T: Written>(
    conn: &mut SqliteConnection,
    sheet: &Sheet<T>,
) -> Result<(), Failure> {
    T::statements().insert_new.run(conn, sheet.cells()).await?;
    Ok(())
}

/// Inserts a sheet, overwriting the live columns of rows that exist; one of another tenant is refused.
pub(crate) async fn upsert<T: Written>(
    conn: &mut SqliteConnection,
    sheet: &Sheet<T>,
) -> Result<(), Failure> {
    let written = T::statements().upsert.run(conn, sheet.cells()).await?;
    if written == sheet.rows() as u64 {
        Ok(())
    } else {
        Err(Failure::refused(format!(
            "a row of {} belongs to another tenant",
            T::NAME
        )))
    }
}

/// Inserts one row.
pub(crate) async fn insert_one<T: Written>(
    conn: &mut SqliteConnection,
    row: T,
) -> Result<(), Failure> {
    insert(conn, &Sheet::of(row)).await
}

/// `json_object(…)` over the columns of `alias`, for reading whole rows of several tables in one statement.
pub(crate) fn object<T: Table>(alias: &str) -> String {
    let pairs: Vec<String> = columns::<T>()
        .map(|name| format!("'{name}', {alias}.{name}"))
        .collect();
    format!("json_object({})", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_is_cut_into_prepared_ones() {
        let listed: &'static Listed = Box::leak(Box::new(Listed::new("VALUES", 2, "")));
        for rows in [0, 1, 3, 4, 5, 63, 64, 200, 600] {
            let cells: Vec<Cell> = (0..rows * 2).map(Cell::Int).collect();
            let parts: Vec<_> = listed.parts(&cells).collect();
            let joined: Vec<Cell> = parts.iter().flat_map(|(_, part)| part.to_vec()).collect();
            assert_eq!(joined, cells, "every cell once, in order");
            for (text, part) in parts {
                assert_eq!(text.matches('?').count(), part.len());
                assert!(LENGTHS.contains(&(part.len() / 2)));
            }
        }
    }
}
