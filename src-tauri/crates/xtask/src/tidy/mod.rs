//! The manners of the code, as rules that a machine keeps: one rule per file,
//! each a pure function from files to findings. Rules about who knows whom are
//! in `layers`, about keys in `secrets`; formatting and lints are cargo's.

mod binaries;
mod codes;
mod headers;
mod layout;
mod length;
mod marks;
mod names;
mod paths;
mod proofs;
mod rooms;

use crate::files::TreeFile;
use crate::finding::Finding;

/// A rule that looks at one file at a time.
type FileRule = fn(&TreeFile) -> Vec<Finding>;

const FILE_RULES: [FileRule; 5] = [
    headers::check,
    length::check,
    marks::check,
    names::check,
    paths::check,
];

/// A rule that needs to see all files together.
type TreeRule = fn(&[TreeFile]) -> Vec<Finding>;

const TREE_RULES: [TreeRule; 5] = [
    layout::check,
    binaries::check,
    rooms::check,
    codes::check,
    proofs::check,
];

/// Everything the rules have to say about these files.
pub(crate) fn inspect(files: &[TreeFile]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files
        .iter()
        .flat_map(|file| FILE_RULES.iter().flat_map(|rule| rule(file)))
        .collect();
    findings.extend(TREE_RULES.iter().flat_map(|rule| rule(files)));
    findings
}

/// True for a file that a tool wrote: nobody reads it from top to bottom.
fn is_generated(file: &TreeFile) -> bool {
    file.path.contains("/generated/")
        || file.name().starts_with("generated")
        || file.name().contains(".gen.")
}

#[cfg(test)]
pub(crate) fn text_file(path: &str, text: &str) -> TreeFile {
    TreeFile::new(path, text.as_bytes().to_vec())
}
