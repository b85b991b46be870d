//! Two versions of a persona compared: by meaning (the front-matter reader knows how), and by line.
//!
//! Never here: drawing it.

use chimera_contract::persona::{DiffLine, FieldChange, LineKind};
use chimera_domain::persona::Persona;
use chimera_frontmatter::soul;

/// Most lines of one side that are compared line by line; beyond, the middle counts as replaced. The table
/// of the comparison has the square of this many cells.
const MAX_LINES: usize = 1_000;

/// Fields that say something else than before.
#[must_use]
pub fn fields(old: &Persona, new: &Persona) -> Vec<FieldChange> {
    soul::diff(old, new).into_iter().map(field).collect()
}

fn field(change: soul::FieldChange) -> FieldChange {
    match change {
        soul::FieldChange::Text {
            field,
            before,
            after,
        } => FieldChange {
            field: field.key().to_owned(),
            before,
            after,
            added: Vec::new(),
            removed: Vec::new(),
            reordered: false,
        },
        soul::FieldChange::List {
            field,
            added,
            removed,
            reordered,
        } => FieldChange {
            field: field.key().to_owned(),
            before: None,
            after: None,
            added,
            removed,
            reordered,
        },
    }
}

/// The files line by line: the longest common lines stay, the rest went or came.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut found = Vec::with_capacity(old.len().max(new.len()));
    found.extend(old[..head].iter().map(|text| line(LineKind::Same, text)));
    middle(old_middle, new_middle, &mut found);
    found.extend(
        old[old.len() - tail..]
            .iter()
            .map(|text| line(LineKind::Same, text)),
    );
    found
}

fn line(kind: LineKind, text: &str) -> DiffLine {
    DiffLine {
        kind,
        text: text.to_owned(),
    }
}

fn middle(old: &[&str], new: &[&str], found: &mut Vec<DiffLine>) {
    if old.len() > MAX_LINES || new.len() > MAX_LINES {
        found.extend(old.iter().map(|text| line(LineKind::Removed, text)));
        found.extend(new.iter().map(|text| line(LineKind::Added, text)));
        return;
    }
    // longest[i][j]: length of the longest common subsequence of old[i..] and new[j..].
    let width = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            found.push(line(LineKind::Same, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len()
            || (i < old.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            found.push(line(LineKind::Removed, old[i]));
            i += 1;
        } else {
            found.push(line(LineKind::Added, new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &str) {
        let drawn: Vec<String> = lines(&old.replace(' ', "\n"), &new.replace(' ', "\n"))
            .into_iter()
            .map(|line| {
                let sign = match line.kind {
                    LineKind::Same => '=',
                    LineKind::Added => '+',
                    LineKind::Removed => '-',
                };
                format!("{sign}{}", line.text)
            })
            .collect();
        assert_eq!(drawn.join(" "), expected);
    }

    #[test]
    fn what_both_have_stays_and_the_rest_went_or_came() {
        check("a b c d", "a c d e", "=a -b =c =d +e");
        check("a b c", "a b c", "=a =b =c");
        check("a x b y c", "a y b x c", "=a -x -b =y +b +x =c");
        check("a a a", "a a", "=a =a -a");
        check("", "a b", "+a +b");
        check("a b", "", "-a -b");
    }

    #[test]
    fn either_side_can_be_read_off_the_comparison() {
        let (old, new) = ("a b c a b b a", "c b a b a c");
        let found = lines(&old.replace(' ', "\n"), &new.replace(' ', "\n"));
        let side = |without: LineKind| {
            let kept = found
                .iter()
                .filter(|line| line.kind != without)
                .map(|line| line.text.as_str());
            kept.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            (side(LineKind::Added), side(LineKind::Removed)),
            (old.to_owned(), new.to_owned())
        );
    }
}
