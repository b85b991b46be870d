//! Where words came from.

use chimera_contract::work as wire;
use chimera_domain::{
    action::OutwardAction,
    artifact::Artifact,
    provenance::{Label, Private, Provenance, Via, places_of},
};
use chimera_policy::{flow, likeness};
use serde_json::Value;

use crate::{ToWire, mirror, work::text_of};

/// Most characters of an argument's value that a card shows beside its labels.
const MAX_VALUE_CHARS: usize = 120;

mirror!(Via => wire::Via {
    Goal, Persona, Plan, Guidance, Feed, Tool, Memory, Knowledge, EarlierPost, Edit, Host, Others,
});
mirror!(Private => wire::Private { Secret, Money, Personal, Memory, Knowledge });

impl ToWire for Label {
    type Wire = wire::Label;
    fn wire(&self) -> wire::Label {
        wire::Label {
            origin: self.origin.wire(),
            via: self.via.wire(),
            name: self.name.clone(),
            untrusted: self.untrusted,
            private: self.private.wire(),
        }
    }
}

/// The labels of an artifact, of each argument of its action, and of each sentence of its words.
pub(crate) fn of(artifact: &Artifact) -> Option<wire::Provenance> {
    let provenance = artifact.provenance.as_ref()?;
    let text = text_of(artifact).unwrap_or_default();
    let arguments = artifact
        .action
        .as_ref()
        .map(|action| arguments(action, provenance));
    Some(wire::Provenance {
        labels: provenance.labels.wire(),
        arguments: arguments.unwrap_or_default(),
        sentences: likeness::sentences(&text, &artifact.sources)
            .into_iter()
            .map(|sentence| wire::SentenceOrigin {
                text: sentence.text,
                repeats: sentence.repeats,
            })
            .collect(),
    })
}

fn arguments(action: &OutwardAction, provenance: &Provenance) -> Vec<wire::ArgumentOrigin> {
    let place = |label: &Label| {
        let at = provenance.labels.iter().position(|known| known == label);
        at.and_then(|at| u32::try_from(at).ok())
    };
    places_of(action)
        .into_iter()
        .map(|at| {
            let labels = provenance.of(&at);
            wire::ArgumentOrigin {
                value: value(action, &at),
                untrusted: labels.iter().any(|label| label.untrusted),
                labels: labels.into_iter().filter_map(place).collect(),
                words: flow::WORDS.contains(&at.as_str()),
                at,
            }
        })
        .collect()
}

fn value(action: &OutwardAction, at: &str) -> String {
    let whole = match (at, action.arguments.pointer(at)) {
        ("tool", _) => action.tool.to_string(),
        ("account", _) => action.account.clone(),
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
        (_, None) => String::new(),
    };
    whole.chars().take(MAX_VALUE_CHARS).collect()
}
