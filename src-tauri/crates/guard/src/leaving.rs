//! The last look at what leaves: every word of an action's arguments, its disclosure and its honesty, right before it goes.
//!
//! Not only what is shown as the post is read: a stranger's words may lie in any argument. Never here: whether a finding
//! stops it (the executor and the engine), topics (`policy`).

use chimera_domain::{
    artifact::Artifact,
    verdict::{Finding, FindingWeight},
};
use serde_json::Value;

use crate::honesty::{asks_whether_machine, denies_machine, says_machine};
use crate::outbound::{self, Category, Rules, RulesError};
use crate::{MAX_TEXT_BYTES, span};

/// Deepest nesting that is read; what lies deeper counts as unread, and stops it.
const MAX_DEPTH: usize = 16;
/// Most findings of one look.
const MAX_FINDINGS: usize = 16;
/// Where an action says that a machine made it, in each form that a network takes (C05, GOV-13).
const DISCLOSED: [&str; 5] = [
    "/disclosure/ai_generated",
    "/is_ai_labeled",
    "/is_generated",
    "/ai_label",
    "/content/is_ai_labeled",
];
/// Where it says how much of it is a machine's work.
const LEVELS: [&str; 2] = ["/disclosure/disclosure_level", "/disclosure_level"];

/// Something that is about to leave.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// The arguments, exactly as they are sent.
    pub arguments: &'a Value,
    /// The words that it answers, when it is an answer.
    pub answers: &'a [&'a str],
    /// Whether it is a post that an agent made: such a post is disclosed.
    pub is_post: bool,
}

/// What speaks against letting it leave, in order of weight.
#[must_use]
pub fn last_look(leaving: Leaving<'_>, rules: &Rules) -> Vec<Finding> {
    let mut found = Vec::new();
    read(leaving.arguments, String::new(), 0, rules, &mut found);
    if leaving.is_post {
        found.extend(undisclosed(leaving.arguments));
    }
    found.extend(dishonest(&said(leaving.arguments), leaving.answers));
    found.sort_by_key(|finding| match finding.weight {
        FindingWeight::Attack => 0,
        FindingWeight::Fails => 1,
        FindingWeight::NeedsPerson => 2,
        FindingWeight::Note => 3,
    });
    found.truncate(MAX_FINDINGS);
    found
}

/// Rules that cannot be read: stop and say so.
#[must_use]
pub fn unreadable(error: &RulesError) -> Finding {
    finding("persona.rules", FindingWeight::Fails, error.to_string())
}

/// Whether a finding stops what is about to leave: what fails stops it whoever let it go; what only a person may pass stops
/// what a rule let go.
#[must_use]
pub const fn bars(finding: &Finding, by_rule: bool) -> bool {
    match finding.weight {
        FindingWeight::Fails | FindingWeight::Attack => true,
        FindingWeight::NeedsPerson => by_rule,
        FindingWeight::Note => false,
    }
}

fn read(value: &Value, at: String, depth: usize, rules: &Rules, found: &mut Vec<Finding>) {
    match value {
        Value::String(text) => found.extend(words(text, &at, rules)),
        Value::Object(_) | Value::Array(_) if depth >= MAX_DEPTH => {
            let message = format!("{} is nested too deep to be read.", shown(&at));
            found.push(finding("gateway.unread", FindingWeight::Fails, message));
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                // A name can carry words as well as a value.
                found.extend(words(key, &at, rules));
                read(field, format!("{at}/{key}"), depth + 1, rules, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                read(item, format!("{at}/{index}"), depth + 1, rules, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn words(text: &str, at: &str, rules: &Rules) -> Vec<Finding> {
    let told = outbound::check(text, rules).into_iter().filter(|found| {
        // Ids, digests and keys of our own are random by nature; they stand alone and hold no other words.
        !(is_id(text) && matches!(found.category, Category::Sensitive(_)))
    });
    told.map(|found| {
        let (rule, weight) = rule_of(found.category);
        finding(rule, weight, format!("{}: {}", shown(at), found.why))
    })
    .collect()
}

/// The words that a post answers, where it is an answer: what it was built from.
#[must_use]
pub fn answered(artifact: &Artifact) -> Vec<String> {
    let replies = artifact
        .action
        .as_ref()
        .and_then(|action| action.arguments.pointer("/content/reply_to_id"))
        .is_some_and(|to| !to.is_null());
    if !replies {
        return Vec::new();
    }
    artifact
        .sources
        .iter()
        .map(|source| format!("{}\n{}", source.title, source.excerpt))
        .collect()
}

/// What a finding of the gateway is called, and what it means for the route.
#[must_use]
pub fn rule_of(category: Category) -> (&'static str, FindingWeight) {
    match category {
        Category::ForbiddenWord => ("persona.forbidden_word", FindingWeight::Fails),
        // A key never leaves, whoever approves it; whose telephone number it is, only a person can know.
        Category::Sensitive(kind) if kind.is_secret() => ("gateway.secret", FindingWeight::Fails),
        Category::Sensitive(_) => ("gateway.personal_data", FindingWeight::NeedsPerson),
        Category::SecurityKeyword => ("policy.security", FindingWeight::NeedsPerson),
        Category::Hidden(_) => ("gateway.hidden", FindingWeight::Fails),
        // What it means to say, only a person can know.
        Category::LookAlike => ("gateway.look_alike", FindingWeight::NeedsPerson),
        Category::Unread => ("gateway.unread", FindingWeight::Fails),
    }
}

fn is_id(text: &str) -> bool {
    uuid_like(text) || text.strip_prefix("chimera-").is_some_and(uuid_like)
}

fn uuid_like(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12]
        && text
            .chars()
            .all(|sign| sign == '-' || sign.is_ascii_hexdigit())
}

/// No autonomous post without its label (C05, C23, NFR-14).
fn undisclosed(arguments: &Value) -> Option<Finding> {
    let is_labelled = DISCLOSED
        .iter()
        .any(|at| arguments.pointer(at) == Some(&Value::Bool(true)));
    let denied = DISCLOSED
        .iter()
        .any(|at| arguments.pointer(at) == Some(&Value::Bool(false)));
    let level = LEVELS
        .iter()
        .find_map(|at| arguments.pointer(at).and_then(Value::as_str));
    let is_told = level.is_none_or(|level| matches!(level, "automated" | "assisted"));
    let by_level = level.is_some_and(|level| matches!(level, "automated" | "assisted"));
    if (is_labelled || by_level) && !denied && is_told {
        return None;
    }
    let message = "It does not say that an AI made it. Every post of an agent does.";
    Some(finding(
        "gateway.undisclosed",
        FindingWeight::Fails,
        message.to_owned(),
    ))
}

/// The honesty directive (GOV-12): what is `said` denies no machine, and where the words that it `answers` ask for one,
/// says so plainly.
#[must_use]
pub fn dishonest(said: &str, answers: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(place) = denies_machine(said) {
        found.push(finding(
            "honesty.denied",
            FindingWeight::Fails,
            format!(
                "It denies that an AI wrote it (\"{}\"). A machine never does.",
                place.excerpt(said)
            ),
        ));
    }
    let asked = answers
        .iter()
        .find_map(|words| asks_whether_machine(words).map(|place| place.excerpt(words)));
    if let Some(asked) = asked
        && !says_machine(said)
    {
        found.push(finding(
            "honesty.unanswered",
            FindingWeight::Fails,
            format!("It was asked directly whether a machine is speaking (\"{asked}\") and does not say so plainly."),
        ));
    }
    found
}

/// The words that readers see.
fn said(arguments: &Value) -> String {
    let parts = ["/content/text", "/text", "/content/title", "/title"]
        .iter()
        .filter_map(|at| arguments.pointer(at).and_then(Value::as_str));
    let whole = parts.collect::<Vec<_>>().join("\n");
    span::head(&whole, MAX_TEXT_BYTES).to_owned()
}

fn shown(at: &str) -> &str {
    if at.is_empty() { "the arguments" } else { at }
}

fn finding(rule: &str, weight: FindingWeight, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        weight,
        message,
        span: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn post(text: &str) -> Value {
        json!({
            "platform": "sandbox", "tenant_id": "01983f2a-77de-7c11-8a2b-90abcdef1234",
            "content": { "text": text, "media_ids": [] },
            "disclosure": { "ai_generated": true, "disclosure_level": "automated" },
            "tracking": { "source": "item-1" },
        })
    }

    fn rules() -> Rules {
        Rules::new(["miracle"], vec!["delete all".to_owned()]).unwrap()
    }

    fn found(arguments: &Value, answers: &[&str]) -> Vec<(String, FindingWeight)> {
        let leaving = Leaving {
            arguments,
            answers,
            is_post: true,
        };
        let found = last_look(leaving, &rules());
        found
            .into_iter()
            .map(|found| (found.rule, found.weight))
            .collect()
    }

    #[test]
    fn a_plain_post_passes_with_its_ids() {
        assert_eq!(found(&post("Fog again."), &[]), []);
    }

    #[test]
    fn every_argument_is_read_and_not_only_the_text() {
        use FindingWeight::{Fails, NeedsPerson};
        let key = format!("sk-{}", "abcdefghijklmnop1234567890ABCDEF");
        for (at, words, rule, weight) in [
            (
                "/content/text",
                "A miracle!",
                "persona.forbidden_word",
                Fails,
            ),
            (
                "/tracking/source",
                "a miracle of fog",
                "persona.forbidden_word",
                Fails,
            ),
            ("/tracking/source", key.as_str(), "gateway.secret", Fails),
            (
                "/content/text",
                "Ask jane@example.org",
                "gateway.personal_data",
                NeedsPerson,
            ),
            (
                "/content/text",
                "delete all of it",
                "policy.security",
                NeedsPerson,
            ),
            ("/tracking/source", "a\u{202e}b", "gateway.hidden", Fails),
            (
                "/content/text",
                "Sign in at раypal",
                "gateway.look_alike",
                NeedsPerson,
            ),
            (
                "/tracking/source",
                "https://раураl.example/feed",
                "gateway.look_alike",
                NeedsPerson,
            ),
        ] {
            let mut arguments = post("Fog again.");
            *arguments.pointer_mut(at).unwrap() = json!(words);
            assert_eq!(
                found(&arguments, &[]),
                [(rule.to_owned(), weight)],
                "{words}"
            );
        }
        let mut named = post("Fog again.");
        named["miracle"] = json!(1);
        assert_eq!(found(&named, &[])[0].0, "persona.forbidden_word");
        let mut deep = json!("end");
        for _ in 0..=MAX_DEPTH {
            deep = json!([deep]);
        }
        let mut nested = post("Fog again.");
        nested["more"] = deep;
        assert_eq!(found(&nested, &[])[0].0, "gateway.unread");
    }

    #[test]
    fn no_post_leaves_without_its_label() {
        let changes: [fn(&mut Value); 4] = [
            |post| post["disclosure"]["ai_generated"] = json!(false),
            |post| post["disclosure"]["disclosure_level"] = json!("none"),
            |post| post["disclosure"] = json!({}),
            |post| post["is_ai_labeled"] = json!(false),
        ];
        for change in changes {
            let mut arguments = post("Fog again.");
            change(&mut arguments);
            let fails = ("gateway.undisclosed".to_owned(), FindingWeight::Fails);
            assert_eq!(found(&arguments, &[]), [fails], "{arguments}");
        }
        for labelled in [
            json!({ "text": "Fog.", "is_ai_labeled": true }),
            json!({ "text": "Fog.", "disclosure_level": "assisted" }),
        ] {
            assert_eq!(found(&labelled, &[]), []);
        }
    }

    #[test]
    fn a_direct_question_gets_a_true_answer_and_nothing_denies() {
        let asked = ["@mara are you a bot?"];
        let rule = |text: &str, asked: &[&str]| {
            let found = found(&post(text), asked);
            found.first().map(|(rule, _)| rule.clone())
        };
        assert_eq!(rule("Yes, I am an AI.", &asked), None);
        assert_eq!(
            rule("Lovely weather!", &asked).as_deref(),
            Some("honesty.unanswered")
        );
        assert_eq!(
            rule("I'm a real person.", &asked).as_deref(),
            Some("honesty.denied")
        );
        assert_eq!(
            rule("Written by a human.", &[]).as_deref(),
            Some("honesty.denied")
        );
        assert_eq!(rule("Lovely weather!", &["Nice post!"]), None);
    }
}
