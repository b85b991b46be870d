//! The page of figures: a part between two marks that is rewritten bench by
//! bench, and words of people around it that are never touched.

use std::collections::BTreeMap;

use crate::benches::figure::Figure;

const BEGIN: &str = "<!-- bench:begin -->";
const END: &str = "<!-- bench:end -->";

/// The page with these figures in place of the old ones of the same benches.
pub(super) fn with(page: &str, figures: &[Figure], facts: &str) -> String {
    let (before, inside, after) = parts(page);
    let mut sections = sections(inside);
    let mut benches: BTreeMap<&str, Vec<&Figure>> = BTreeMap::new();
    for figure in figures {
        benches.entry(&figure.bench).or_default().push(figure);
    }
    for (bench, figures) in benches {
        sections.insert(bench.to_owned(), section(&figures, facts));
    }
    let body: Vec<String> = sections
        .iter()
        .map(|(bench, text)| format!("### {bench}\n\n{text}\n"))
        .collect();
    format!("{before}{BEGIN}\n\n{}\n{END}{after}", body.join("\n"))
}

/// What stands before, between and after the marks; the marks are put at the
/// end of a page without any.
fn parts(page: &str) -> (String, &str, &str) {
    if let Some((before, rest)) = page.split_once(BEGIN)
        && let Some((inside, after)) = rest.split_once(END)
    {
        return (before.to_owned(), inside, after);
    }
    let before = if page.is_empty() {
        "# Figures\n\n".to_owned()
    } else {
        format!("{}\n\n", page.trim_end())
    };
    (before, "", "\n")
}

fn sections(inside: &str) -> BTreeMap<String, String> {
    let headed = inside.split("### ").skip(1);
    headed
        .filter_map(|section| section.split_once('\n'))
        .map(|(bench, text)| (bench.trim().to_owned(), text.trim().to_owned()))
        .collect()
}

fn section(figures: &[&Figure], facts: &str) -> String {
    let mut lines = vec![
        facts.to_owned(),
        String::new(),
        "| What | Figure | Unit | Ratio | Note |".to_owned(),
        "| --- | ---: | --- | --- | --- |".to_owned(),
    ];
    lines.extend(figures.iter().map(|figure| {
        let note = figure.note.as_deref().unwrap_or_default();
        let ratio = ratio(figure, figures);
        format!(
            "| {} | {} | {} | {ratio} | {note} |",
            figure.name,
            figure.shown(),
            figure.unit
        )
    }));
    lines.join("\n")
}

/// `3.10× of raw tokio`, from two figures of this very run; blank when the
/// other one was not measured.
fn ratio(figure: &Figure, figures: &[&Figure]) -> String {
    let other = figure
        .ratio_to
        .as_ref()
        .and_then(|name| figures.iter().find(|other| &other.name == name));
    match other {
        Some(other) if other.value != 0.0 && other.unit == figure.unit => {
            format!("{:.2}× of {}", figure.value / other.value, other.name)
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(bench: &str, name: &str, value: f64, ratio_to: Option<&str>) -> Figure {
        Figure {
            bench: bench.to_owned(),
            name: name.to_owned(),
            value,
            unit: "loops/s".to_owned(),
            ratio_to: ratio_to.map(str::to_owned),
            note: None,
        }
    }

    #[test]
    fn a_bench_replaces_its_own_section_and_nothing_else() {
        let first = with(
            "# Goals\n\nWords.\n",
            &[
                figure("w1", "ours", 10.0, None),
                figure("w2", "ours", 20.0, None),
            ],
            "old",
        );
        let page = format!("{first}\nMore words.\n");
        let second = with(
            &page,
            &[
                figure("w1", "floor", 400.0, None),
                figure("w1", "ours", 200.0, Some("floor")),
            ],
            "new",
        );
        let expected = "\
# Goals

Words.

<!-- bench:begin -->

### w1

new

| What | Figure | Unit | Ratio | Note |
| --- | ---: | --- | --- | --- |
| floor | 400 | loops/s |  |  |
| ours | 200 | loops/s | 0.50× of floor |  |

### w2

old

| What | Figure | Unit | Ratio | Note |
| --- | ---: | --- | --- | --- |
| ours | 20.0 | loops/s |  |  |

<!-- bench:end -->

More words.
";
        assert_eq!(second, expected);
    }

    #[test]
    fn a_peer_that_was_not_run_is_a_blank_cell() {
        let page = with("", &[figure("w1", "ours", 10.0, Some("rig"))], "facts");
        assert!(page.contains("| ours | 10.0 | loops/s |  |  |"), "{page}");
    }

    #[test]
    fn writing_the_same_figures_twice_changes_nothing() {
        let figures = [figure("w1", "ours", 10.0, None)];
        let once = with("", &figures, "facts");
        assert_eq!(with(&once, &figures, "facts"), once);
    }
}
