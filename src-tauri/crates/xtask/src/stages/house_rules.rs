//! The house's own three checks. Each counts as one test; the rules are in
//! `tidy`, `layers` and `secrets`.

use anyhow::Result;

use crate::house::House;
use crate::summary::Tally;
use crate::{files, finding};

/// The manners of the code.
pub(crate) fn tidy(house: &House) -> Result<bool> {
    Ok(finding::report(
        "tidy",
        crate::tidy::inspect(&files::tree(house.root())?),
    ))
}

/// The arrows between the rooms.
pub(crate) fn layers(house: &House) -> Result<bool> {
    Ok(finding::report("layers", crate::layers::inspect(house)?))
}

/// Keys and passwords in the tree.
pub(crate) fn secrets(house: &House) -> Result<bool> {
    Ok(finding::report(
        "secrets",
        crate::secrets::inspect(&files::tree(house.root())?),
    ))
}

/// All three, even when one of them fails.
pub(super) fn all(house: &House) -> Result<Tally> {
    let mut tally = Tally::default();
    for check in [tidy, layers, secrets] {
        tally += Tally::of(check(house)?);
    }
    Ok(tally)
}
