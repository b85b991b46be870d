//! What is decided, rendered from the bytes that the decision is bound to: what stands on the card is read back from the
//! canonical JSON whose digest the decision names, so that nothing can be shown that is not in them, and nothing left out.
//!
//! Never here: evidence (`review_card`), or which signs deceive (`guard::visible`).

use chimera_contract::{
    scalar::Digest as WireDigest,
    shown::{ShownBytes, ShownField, Sign, SignKind},
};
use chimera_domain::{
    artifact::{Artifact, BOUND_TAG, bound},
    digest::{Digest, canonical_json},
};
use chimera_door::problem::{Answer, Problem};
use chimera_guard::{
    HiddenKind,
    visible::{Oddness, Sign as Seen, name, signs},
};
use serde_json::Value;

/// Fields that are shown one by one; what lies behind them is shown as one text.
const MAX_FIELDS: usize = 200;

/// The bytes of `artifact`, field by field.
pub(crate) fn of(artifact: &Artifact) -> Answer<ShownBytes> {
    let bound = bound(
        artifact.artifact_type,
        &artifact.payload,
        artifact.action.as_ref(),
    );
    let bytes = canonical_json(&bound).map_err(|error| Problem::internal(&error))?;
    let digest = Digest::of_bytes(BOUND_TAG, &bytes).map_err(|error| Problem::internal(&error))?;
    let read: Value = serde_json::from_slice(&bytes).map_err(|error| Problem::internal(&error))?;
    let mut fields = Vec::new();
    // The envelope of a post stands in it twice, alike; where it is not alike, both are shown.
    let twice = read["payload"] == read["action"]["arguments"];
    for part in ["type", "action", "payload"] {
        if part != "payload" || !twice {
            flatten(part, &read[part], &mut fields);
        }
    }
    Ok(ShownBytes {
        digest: WireDigest::of(digest),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        fields,
    })
}

fn flatten(path: &str, value: &Value, fields: &mut Vec<ShownField>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(inner) => inner
            .iter()
            .map(|(name, value)| (format!("{path}.{name}"), value))
            .collect(),
        Value::Array(inner) => inner
            .iter()
            .enumerate()
            .map(|(at, value)| (format!("{path}[{at}]"), value))
            .collect(),
        Value::String(text) => return fields.push(field(path, text)),
        other => return fields.push(field(path, &other.to_string())),
    };
    if inner.is_empty() || fields.len() >= MAX_FIELDS {
        return fields.push(field(path, &value.to_string()));
    }
    for (at, (path, value)) in inner.iter().enumerate() {
        if fields.len() >= MAX_FIELDS {
            let rest: Vec<&Value> = inner[at..].iter().map(|(_, value)| *value).collect();
            let rest = serde_json::to_string(&rest).unwrap_or_default();
            return fields.push(field(&format!("{path} …"), &rest));
        }
        flatten(path, value, fields);
    }
}

fn field(path: &str, text: &str) -> ShownField {
    let value: Vec<Sign> = signs(text).into_iter().map(sign).collect();
    let odd = value
        .iter()
        .filter(|sign| sign.kind != SignKind::Plain)
        .map(|sign| sign.count)
        .sum();
    ShownField {
        path: path.to_owned(),
        chars: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
        value,
        odd,
    }
}

fn sign(seen: Seen<'_>) -> Sign {
    match seen {
        Seen::Plain(text) => Sign {
            kind: SignKind::Plain,
            text: text.to_owned(),
            code: None,
            name: None,
            count: 1,
        },
        Seen::Odd { sign, count, why } => Sign {
            kind: kind(why),
            text: sign.to_string(),
            code: Some(format!("U+{:04X}", u32::from(sign))),
            name: Some(name(sign, why)),
            count,
        },
    }
}

const fn kind(why: Oddness) -> SignKind {
    match why {
        Oddness::LooksLike(_) => SignKind::LookAlike,
        Oddness::Stacked => SignKind::Stacked,
        Oddness::Hidden(hidden) => match hidden {
            HiddenKind::Bidi => SignKind::Bidi,
            HiddenKind::ZeroWidth => SignKind::ZeroWidth,
            HiddenKind::Tag => SignKind::Tag,
            HiddenKind::Control => SignKind::Control,
            HiddenKind::VariationSelector | HiddenKind::Ignorable => SignKind::Nothing,
        },
    }
}

#[cfg(test)]
mod tests {
    use chimera_testkit::World;
    use serde_json::json;

    use super::*;

    /// A field as its bytes were, put together again.
    fn back(field: &ShownField) -> String {
        field
            .value
            .iter()
            .map(|sign| sign.text.repeat(sign.count as usize))
            .collect()
    }

    fn shown(payload: Value) -> (ShownBytes, Artifact) {
        let world = World::default();
        let (agent, _) = world.agent("mara");
        let campaign = world.campaign(&agent);
        let mut artifact = world.artifact(&world.task(&campaign));
        artifact.payload = payload;
        artifact.action = None;
        (of(&artifact).unwrap(), artifact)
    }

    #[test]
    fn every_field_of_the_bytes_is_shown_whole_and_the_digest_is_over_them() {
        let text = "pay\u{202E}evil\u{202C} r\u{430}ypal x\u{E0041}";
        let payload = json!({ "content": { "text": text, "media_ids": [] }, "n": 1, "b": true });
        let (shown, artifact) = shown(payload);
        let paths: Vec<&str> = shown.fields.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "type",
                "action",
                "payload.b",
                "payload.content.media_ids",
                "payload.content.text",
                "payload.n"
            ]
        );
        let words = &shown.fields[4];
        assert_eq!((back(words).as_str(), words.odd), (text, 4));
        assert_eq!(words.chars, u32::try_from(text.chars().count()).unwrap());
        let again = Digest::of(
            BOUND_TAG,
            &bound(artifact.artifact_type, &artifact.payload, None),
        );
        assert_eq!(shown.digest, WireDigest::of(again.unwrap()));
    }

    #[test]
    fn one_changed_byte_is_another_digest_and_many_fields_hide_nothing() {
        let (one, _) = shown(json!({ "text": "Grind slower." }));
        let (two, _) = shown(json!({ "text": "Grind slower.\u{200B}" }));
        assert_ne!(one.digest, two.digest);
        let many: Vec<u32> = (0..500).collect();
        let (long, _) = shown(json!({ "many": many, "text": "the end" }));
        let all: String = long.fields.iter().map(back).collect();
        assert!(long.fields.len() < MAX_FIELDS + 10, "{}", long.fields.len());
        assert!(all.contains("499") && all.contains("the end"));
    }
}
