//! Cursors of lists: the sort key of the last row, opaque to everybody else.
//!
//! Never here: the order of a list.

use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
};
use serde::{Serialize, de::DeserializeOwned};

use super::failure::Failure;

/// Longest cursor that is read, in bytes.
const MAX_CURSOR_BYTES: usize = 2_048;

/// The sort key that a page starts behind, if any.
///
/// # Errors
/// Invalid for text that no list of this kind gave out.
pub(crate) fn after<K: DeserializeOwned>(page: &PageRequest) -> Result<Option<K>, PortError> {
    let Some(cursor) = &page.after else {
        return Ok(None);
    };
    let read = || -> Option<K> {
        if cursor.len() > MAX_CURSOR_BYTES || !cursor.len().is_multiple_of(2) || !cursor.is_ascii()
        {
            return None;
        }
        let bytes: Option<Vec<u8>> = (0..cursor.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(cursor.get(at..at + 2)?, 16).ok())
            .collect();
        serde_json::from_slice(&bytes?).ok()
    };
    read().map(Some).ok_or_else(|| {
        PortError::Invalid(
            "the cursor is not one of this list's; start again from the first page".to_owned(),
        )
    })
}

/// One row more than a page has: whether it comes back says whether there is a next page.
pub(crate) fn rows_to_read(page: &PageRequest) -> i64 {
    i64::from(page.rows()) + 1
}

/// A page out of its rows, read with [`rows_to_read`].
pub(crate) fn page<R, T, K>(
    page: &PageRequest,
    mut rows: Vec<R>,
    key: impl Fn(&R) -> K,
) -> Result<Page<T>, Failure>
where
    K: Serialize,
    T: TryFrom<R, Error: Into<Failure>>,
{
    let size = page.rows() as usize;
    let next = if rows.len() > size {
        rows.truncate(size);
        rows.last().map(|last| write(&key(last))).transpose()?
    } else {
        None
    };
    let items = rows
        .into_iter()
        .map(T::try_from)
        .collect::<Result<Vec<T>, _>>()
        .map_err(Into::into)?;
    Ok(Page { items, next })
}

fn write(key: &impl Serialize) -> Result<String, Failure> {
    let bytes = serde_json::to_vec(key).map_err(Failure::unwritable)?;
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 0x0f));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_foreign_text_is_refused() {
        let cursor = write(&(7_i64, "0199")).unwrap();
        let read = |after: &str| {
            super::after::<(i64, String)>(&PageRequest {
                after: Some(after.into()),
                limit: 1,
            })
        };
        assert_eq!(read(&cursor), Ok(Some((7, "0199".to_owned()))));
        for foreign in ["x", "zz", "5b5d", "ä€", &"00".repeat(MAX_CURSOR_BYTES)] {
            assert!(
                matches!(read(foreign), Err(PortError::Invalid(_))),
                "{foreign:.10}"
            );
        }
    }
}
