//! What may flow where, by labels alone: private data, words from outside and an action on the outside never come together
//! without a person, and words from outside never choose what an action is aimed at.
//!
//! No word is read for what it means here, no score counts, and no policy lifts it: whatever a detector overlooks, this
//! holds. Never here: writing labels (`guard`), or asking the person (the engine).

use chimera_domain::{
    action::{EffectClass, OutwardAction},
    artifact::Artifact,
    provenance::{Label, Private, Provenance, places_of},
    verdict::{Finding, FindingWeight},
};
use serde_json::Value;

use crate::aims::aims_in;

/// Rule: private data, words from outside and an outward action in one chain of steps.
pub const TRIFECTA: &str = "flow.trifecta";
/// Rule: words from outside could have chosen what the action is aimed at.
pub const TARGET: &str = "flow.target";
/// Rule: a link or a name that is called, in words that somebody outside may have shaped.
pub const AIM: &str = "flow.aim";
/// Rule: nobody wrote down where it came from.
pub const UNLABELLED: &str = "flow.unlabelled";

/// Arguments that are the words themselves: they may carry on what was read, for that is what a post is for. Whatever is
/// not listed is taken for a target.
pub const WORDS: [&str; 3] = ["/content/text", "/text", "/tracking/source"];
/// Most sources that a reason names.
const MAX_NAMED: usize = 3;
/// Most reasons of one rule.
const MAX_REASONS: usize = 8;

/// What the operator chose: nothing of it is a stranger's choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own<'a> {
    /// Words, such as the goal: what they name may be named.
    pub words: &'a str,
    /// Feeds that are read, addresses or paths: where an address is served from may be named as a source.
    pub feeds: &'a [String],
}

/// Why a person has to let this artifact's action go, whatever score and policy say; empty when nothing asks for one.
#[must_use]
pub fn held(artifact: &Artifact, own: Own<'_>) -> Vec<Finding> {
    let Some(action) = &artifact.action else {
        return Vec::new();
    };
    if matches!(
        action.effect,
        EffectClass::Read | EffectClass::InternalWrite
    ) {
        return Vec::new();
    }
    let known = artifact.provenance.as_ref();
    let Some(provenance) = known.filter(|provenance| !provenance.labels.is_empty()) else {
        let message = "Nobody wrote down where its words came from, so a person decides.";
        return vec![finding(UNLABELLED, message.to_owned())];
    };
    let mut found: Vec<Finding> = trifecta(action, provenance).into_iter().collect();
    found.extend(targets(action, provenance));
    found.extend(aims(action, provenance, own));
    found
}

fn trifecta(action: &OutwardAction, provenance: &Provenance) -> Option<Finding> {
    let outside: Vec<&Label> = provenance.untrusted().collect();
    let mut private: Vec<&Label> = provenance.private().collect();
    private.sort_by_key(|label| label.private);
    let money = action.effect == EffectClass::Money;
    if outside.is_empty() || (private.is_empty() && !money) {
        return None;
    }
    let private = if private.is_empty() {
        Private::Money.in_words().to_owned()
    } else {
        listed(private.iter().map(|label| {
            let what = label.private.map_or("", Private::in_words);
            format!("{what}: {}", label.name)
        }))
    };
    let message = format!(
        "Three things come together in one chain of steps: private data ({private}), words from outside ({}) and an action on the outside ({} as {}). Then a person decides, whatever the score.",
        listed(outside.iter().map(|label| label.name.clone())),
        action.tool,
        action.account,
    );
    Some(finding(TRIFECTA, message))
}

fn targets(action: &OutwardAction, provenance: &Provenance) -> Vec<Finding> {
    let places = places_of(action);
    let tainted = places
        .iter()
        .filter(|at| !WORDS.contains(&at.as_str()))
        .filter_map(|at| {
            let labels = provenance.of(at);
            let outside: Vec<&Label> = labels.into_iter().filter(|label| label.untrusted).collect();
            (!outside.is_empty()).then(|| {
                let from = listed(outside.iter().map(|label| label.name.clone()));
                finding(
                    TARGET,
                    format!("What it is aimed at ({}) comes in part from outside: {from}. Words from outside choose no target without a person.", at.trim_start_matches('/')),
                )
            })
        });
    tainted.take(MAX_REASONS).collect()
}

/// Links, and names that are called, in words that somebody outside may have shaped: a reader who follows them is led
/// where a stranger wants.
fn aims(action: &OutwardAction, provenance: &Provenance, own: Own<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in WORDS {
        let Some(text) = action.arguments.pointer(at).and_then(Value::as_str) else {
            continue;
        };
        let outside: Vec<&Label> = provenance
            .of(at)
            .into_iter()
            .filter(|label| label.untrusted)
            .collect();
        // What the item was is told to the network and not to readers.
        if outside.is_empty() || at == "/tracking/source" {
            continue;
        }
        let named: Vec<String> = aims_in(own.words)
            .into_iter()
            .map(|aim| aim.to_lowercase())
            .collect();
        for aim in aims_in(text) {
            if named.contains(&aim.to_lowercase()) || cites(&aim, own.feeds) {
                continue;
            }
            let from = listed(outside.iter().map(|label| label.name.clone()));
            found.push(finding(
                AIM,
                format!("It leads readers to \"{aim}\", in words that were written after reading {from}. A person looks where that leads."),
            ));
        }
    }
    found.truncate(MAX_REASONS);
    found
}

/// Whether it names nothing but the host of a feed that the operator chose: no path, nobody called. What an item says of
/// itself counts for nothing, its own address included, for its author chose that.
fn cites(aim: &str, feeds: &[String]) -> bool {
    feeds
        .iter()
        .filter_map(|feed| feed.split_once("://")?.1.split(['/', '?', '#']).next())
        .any(|host| bare(host).eq_ignore_ascii_case(bare(aim)))
}

/// A host without the part that says nothing.
fn bare(host: &str) -> &str {
    match host.split_at_checked(4) {
        Some((www, rest)) if www.eq_ignore_ascii_case("www.") => rest,
        _ => host,
    }
}

/// The first few, and how many more.
fn listed(names: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let more = all.len().saturating_sub(MAX_NAMED);
    all.truncate(MAX_NAMED);
    let told = all.join("; ");
    if more > 0 {
        return format!("{told} and {more} more");
    }
    told
}

fn finding(rule: &str, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        weight: FindingWeight::NeedsPerson,
        message,
        span: None,
    }
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
