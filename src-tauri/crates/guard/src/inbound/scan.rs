//! How much a text looks like an attempt to instruct the machine that reads it, and why.
//!
//! Never here: what follows from it (`policy`), the rules (`high`, `medium`, `phrases`).

use serde::Serialize;

use super::attack::{self, Hit};
use super::rules::Family;
use crate::MAX_TEXT_BYTES;
use crate::fold::{Folded, Folding, is_styled};
use crate::hidden::{HiddenKind, Piece, pieces};
use crate::span::{self, Span};

/// Most findings reported for one text; the strongest are kept.
pub const MAX_FINDINGS: usize = 32;
/// Above this score, in basis points, the threat is high and the text is to be blocked
/// (SEC-02: threat > 0.7).
pub const HIGH_SCORE_BP: u16 = 7000;
/// Above this score, in basis points, the threat is medium.
pub const MEDIUM_SCORE_BP: u16 = 4000;

/// Most hits that are looked at closely.
const MAX_DISTINCT_HITS: usize = 4 * MAX_FINDINGS;
/// What a finding gains when its words were disguised: nobody does that by chance.
const DISGUISE_GAIN_BP: u16 = 2000;
/// No sign is certain.
const CERTAIN_BP: u16 = 9900;

/// How hostile a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ThreatLevel {
    /// Nothing was found.
    None,
    /// Something was found that ordinary text has too.
    Low,
    /// Looks like an instruction to a machine; a person should see it.
    Medium,
    /// An instruction to a machine; block it.
    High,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule, by a name that stays.
    pub rule: &'static str,
    /// The family that the rule belongs to.
    pub family: Family,
    /// How sure the rule is here, in basis points.
    pub score_bp: u16,
    /// Where, in the text as given.
    pub span: Span,
    /// The place quoted, hidden characters made visible, at most
    /// [`MAX_EXCERPT_CHARS`](crate::MAX_EXCERPT_CHARS) characters.
    pub excerpt: String,
    /// The reason in words, for a person.
    pub why: String,
}

/// The result for one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// The level of the score.
    pub threat: ThreatLevel,
    /// How sure all findings together are, in basis points: the strongest of each family,
    /// combined as independent signs.
    pub score_bp: u16,
    /// The findings, by place; at most [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
}

impl Scan {
    /// Every finding in words: its rule, the place as it was read, and why.
    #[must_use]
    pub fn explained(&self) -> String {
        let told = self
            .findings
            .iter()
            .map(|found| format!("{} ({}: \"{}\")", found.why, found.rule, found.excerpt));
        told.collect::<Vec<_>>().join("; ")
    }
}

/// Where a text is an attack, by line from 1, with the reasons; empty where it is none.
#[must_use]
pub fn attacks_in(text: &str) -> Vec<(u32, String)> {
    let scanned = scan(text);
    if scanned.threat < ThreatLevel::High {
        return Vec::new();
    }
    let found = scanned.findings.iter().map(|found| {
        let before = text.get(..found.span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let why = format!("{} ({}: \"{}\")", found.why, found.rule, found.excerpt);
        (u32::try_from(line).unwrap_or(u32::MAX), why)
    });
    found.collect()
}

/// Reads a text from outside for instructions to the machine. Spelling tricks (hidden
/// characters, look-alike letters, spaced-out words, invisible tags) do not hide them. Linear
/// in the length of the text; what lies beyond [`MAX_TEXT_BYTES`] is itself a finding of high
/// score, because nobody has read it.
#[must_use]
pub fn scan(text: &str) -> Scan {
    let read = span::head(text, MAX_TEXT_BYTES);
    let folded = Folded::new(read, Folding::Attack);
    let hits = distinct(attack::search(&folded, read));
    let mut findings: Vec<Finding> = hits.iter().map(|hit| finding(hit, &folded, read)).collect();
    findings.extend(hidden_text(read));
    if read.len() < text.len() {
        let span = Span {
            start: read.len(),
            end: text.len(),
        };
        let why = format!(
            "it is longer than {MAX_TEXT_BYTES} bytes; the rest was not read and must not be used"
        );
        let (rule, family) = ("hidden.unread", Family::HiddenText);
        findings.push(Finding {
            rule,
            family,
            score_bp: 7500,
            span,
            excerpt: span.excerpt(text),
            why,
        });
    }
    let findings = strongest(findings);
    let score_bp = combined(&findings);
    let threat = match score_bp {
        0 => ThreatLevel::None,
        _ if score_bp > HIGH_SCORE_BP => ThreatLevel::High,
        _ if score_bp > MEDIUM_SCORE_BP => ThreatLevel::Medium,
        _ => ThreatLevel::Low,
    };
    Scan {
        threat,
        score_bp,
        findings,
    }
}

/// The strongest of those hits of one family that overlap, and of them the strongest
/// [`MAX_DISTINCT_HITS`]: what a text repeats a thousand times is looked at closely a few times.
fn distinct(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable_by_key(|hit| (hit.family, hit.folded.start, hit.folded.end, hit.rule));
    hits.dedup_by(|next, kept| {
        let same = kept.family == next.family && next.folded.start < kept.folded.end;
        if same && next.score_bp > kept.score_bp {
            std::mem::swap(next, kept);
        }
        same
    });
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.score_bp));
    hits.truncate(MAX_DISTINCT_HITS);
    hits
}

fn finding(hit: &Hit, folded: &Folded, text: &str) -> Finding {
    let span = folded.span(hit.folded.start, hit.folded.end);
    let disguise = disguise(span.of(text), &folded.text[hit.folded.clone()]);
    let gain = if disguise.is_some() {
        DISGUISE_GAIN_BP
    } else {
        0
    };
    let why = format!(
        "it {}{}",
        hit.why,
        disguise.map_or(String::new(), |d| format!(", disguised by {d}"))
    );
    Finding {
        rule: hit.rule,
        family: hit.family,
        score_bp: hit.score_bp.saturating_add(gain),
        span,
        excerpt: span.excerpt(text),
        why,
    }
}

/// How the words at a place were made to look like others.
fn disguise(original: &str, folded: &str) -> Option<&'static str> {
    if pieces(original).any(|p| matches!(p, Piece::Hidden(..))) {
        return Some("hidden characters");
    }
    let plain =
        |c: char| c.is_alphabetic() && !c.is_ascii() && !c.to_lowercase().eq(c.to_uppercase());
    let accented = Folded::new(original, Folding::Words).text;
    if folded.is_ascii() && accented.chars().any(plain) {
        return Some("letters of another script");
    }
    if original.chars().any(is_styled) {
        return Some("other forms of the letters");
    }
    let chars: Vec<char> = original.chars().collect();
    let digit_in_word =
        |w: &[char]| w[0].is_alphabetic() && w[1].is_ascii_digit() && w[2].is_alphabetic();
    if chars.windows(3).any(digit_in_word) {
        return Some("digits for letters");
    }
    let single = original
        .split_whitespace()
        .filter(|word| word.chars().nth(1).is_none())
        .count();
    (single > 4).then_some("spaces between the letters")
}

/// Text that is there for machines only: tag characters and runs of variation selectors.
fn hidden_text(text: &str) -> Option<Finding> {
    if text.is_ascii() {
        return None;
    }
    let mut first: Option<Span> = None;
    let (mut tags, mut selectors) = (0_usize, 0_usize);
    for piece in pieces(text) {
        let Piece::Hidden(c, kind @ (HiddenKind::Tag | HiddenKind::VariationSelector), at) = piece
        else {
            continue;
        };
        *(if kind == HiddenKind::Tag {
            &mut tags
        } else {
            &mut selectors
        }) += 1;
        let end = at + c.len_utf8();
        first.get_or_insert(Span { start: at, end }).end = end;
    }
    let span = first.filter(|_| tags > 1 || selectors > 3)?;
    let why = format!(
        "it carries invisible text: {tags} tag characters and {selectors} variation selectors"
    );
    let (rule, family) = ("hidden.text", Family::HiddenText);
    Some(Finding {
        rule,
        family,
        score_bp: 7500,
        span,
        excerpt: span.excerpt(text),
        why,
    })
}

/// The findings without those that a stronger one of the same family covers, in order of place.
fn strongest(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (b.score_bp, a.span, a.rule).cmp(&(a.score_bp, b.span, b.rule)));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        if kept.len() == MAX_FINDINGS {
            break;
        }
        if !kept
            .iter()
            .any(|k| k.family == finding.family && k.span.overlaps(&finding.span))
        {
            kept.push(Finding {
                score_bp: finding.score_bp.min(CERTAIN_BP),
                ..finding
            });
        }
    }
    kept.sort_by_key(|f| (f.span, f.rule));
    kept
}

fn combined(findings: &[Finding]) -> u16 {
    let mut families: Vec<(Family, u16)> = Vec::new();
    for finding in findings {
        match families
            .iter_mut()
            .find(|(family, _)| *family == finding.family)
        {
            Some((_, score)) => *score = finding.score_bp.max(*score),
            None => families.push((finding.family, finding.score_bp)),
        }
    }
    let doubt = families.iter().fold(10_000_u32, |doubt, &(_, score)| {
        doubt * (10_000 - u32::from(score)) / 10_000
    });
    u16::try_from(10_000 - doubt).unwrap_or(CERTAIN_BP)
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
