//! Labels for what comes into a context: whose words it is, whether somebody outside may have shaped them, and whether they
//! are private.
//!
//! By class and not by reading: what a kind of thing is decides. That a text holds personal data is looked for besides, and
//! only ever adds. Never here: what follows (`policy::flow`).

use chimera_domain::{
    artifact::{Artifact, Origin},
    memory::{LESSON_SOURCES, MemoryKind, Recalled},
    provenance::{Label, Private, Provenance, Via},
    trend::Trend,
};

use crate::sensitive;

/// What stands where personal data was masked.
const MASKS: [&str; 5] = ["[email]", "[phone]", "[ssn]", "[iban]", "[card]"];

/// An item of a feed: anybody's words, and nothing of ours.
#[must_use]
pub fn item(trend: &Trend) -> Label {
    let source = trend.url.clone();
    let origin = Origin::Untrusted {
        source: source.clone(),
    };
    Label::foreign(origin, Via::Feed, &source)
}

/// What a tool of a registered server answered: a stranger's words, and nobody said that what its server knows is public.
#[must_use]
pub fn answer(tool: &str) -> Label {
    let origin = Origin::Tool {
        tool: tool.to_owned(),
    };
    Label::foreign(origin, Via::Tool, tool).kept(Some(Private::Knowledge))
}

/// Something that an agent recalled. A model's words may carry on a stranger's, so that only a person's own are trusted.
#[must_use]
pub fn memory(one: &Recalled) -> Label {
    let via = match one.kind {
        MemoryKind::Knowledge => Via::Knowledge,
        MemoryKind::Episodic | MemoryKind::Fact => Via::Memory,
    };
    let is_own = matches!(one.origin, Origin::Operator | Origin::Persona);
    let label = if is_own {
        Label::own(one.origin.clone(), via, &one.source)
    } else {
        Label::foreign(one.origin.clone(), via, &one.source)
    };
    label.kept(private(one))
}

/// Why what is thought with these in mind is private, when it is: the weightiest reason among them.
#[must_use]
pub fn in_mind(recalled: &[Recalled]) -> Option<Private> {
    recalled.iter().filter_map(private).min()
}

/// Knowledge is private, and so is every fact but the lessons about the agent's own drafts. What happened is not, unless
/// it holds data about somebody.
fn private(one: &Recalled) -> Option<Private> {
    let is_lesson = || {
        LESSON_SOURCES
            .iter()
            .any(|begins| one.source.starts_with(begins))
    };
    match one.kind {
        MemoryKind::Knowledge => Some(Private::Knowledge),
        MemoryKind::Fact if !is_lesson() => Some(Private::Memory),
        MemoryKind::Fact | MemoryKind::Episodic => read_in(&one.text),
    }
}

/// What a text shows to be private.
fn read_in(text: &str) -> Option<Private> {
    let found = sensitive::find(text);
    if found.iter().any(|place| place.kind.is_secret()) {
        return Some(Private::Secret);
    }
    let is_personal = !found.is_empty() || MASKS.iter().any(|mask| text.contains(mask));
    is_personal.then_some(Private::Personal)
}

/// What was in a context when something was thought in it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Items of feeds that were shown.
    pub items: &'a [Trend],
    /// What was remembered.
    pub recalled: &'a [Recalled],
    /// Whether earlier posts of the agent were shown.
    pub posts: bool,
    /// Why the plan's words for the step are private, when they are. There are always some: a step has a title.
    pub plan: Option<Private>,
    /// Whether something was said of earlier tries.
    pub guidance: bool,
}

/// The labels of what is made in a context, from what it builds on.
#[must_use]
pub fn of_context<'a>(
    context: Context<'_>,
    inputs: impl IntoIterator<Item = &'a Artifact>,
) -> Provenance {
    let mut provenance = Provenance::default();
    provenance.add(Whose::Operator.label());
    provenance.add(Whose::Persona.label());
    for one in context.items {
        provenance.add(item(one));
    }
    for one in context.recalled {
        provenance.add(memory(one));
    }
    for input in inputs {
        absorb(&mut provenance, input);
    }
    // What an agent published before it wrote after reading strangers' words; a planner reads what stands out in feeds, and
    // a judge what it judges: all their words may carry on a stranger's.
    let plan = Label::foreign(Origin::Model, Via::Plan, "the plan's words for this step");
    provenance.add(plan.kept(context.plan));
    for (there, via, name) in [
        (
            context.posts,
            Via::EarlierPost,
            "earlier posts of this agent",
        ),
        (
            context.guidance,
            Via::Guidance,
            "what was said of earlier tries",
        ),
    ] {
        if there {
            provenance.add(Label::foreign(Origin::Model, via, name));
        }
    }
    provenance
}

/// The labels of a post that was prepared from a draft: all that the draft carries, in its words; what it is aimed at is the
/// operator's, the persona's or the host's.
#[must_use]
pub fn of_post<'a>(draft: &Artifact, inputs: impl IntoIterator<Item = &'a Artifact>) -> Provenance {
    let mut provenance = Provenance::default();
    absorb(&mut provenance, draft);
    for input in inputs {
        absorb(&mut provenance, input);
    }
    for (at, whose) in OWN_ARGUMENTS {
        let place = provenance.add(whose.label());
        provenance.argue(at, vec![place]);
    }
    provenance
}

/// What a person made of it: it carries what it carried, and that a person wrote it anew.
#[must_use]
pub fn edited(before: &Provenance) -> Provenance {
    let mut provenance = before.clone();
    provenance.add(Label::own(Origin::Operator, Via::Edit, "a person's edit"));
    provenance
}

/// What the host and the operator say of a post, and no model: the place, and whose word it is.
const OWN_ARGUMENTS: [(&str, Whose); 11] = [
    ("tool", Whose::Operator),
    ("account", Whose::Persona),
    ("/platform", Whose::Operator),
    ("/scheduling/mode", Whose::Operator),
    ("/scheduling/publish_at", Whose::Operator),
    ("/tenant_id", Whose::Host),
    ("/agent_id", Whose::Host),
    ("/disclosure/ai_generated", Whose::Host),
    ("/disclosure/disclosure_level", Whose::Host),
    ("/tracking/campaign_id", Whose::Host),
    ("/tracking/task_id", Whose::Host),
];

#[derive(Clone, Copy)]
enum Whose {
    Operator,
    Persona,
    Host,
}

impl Whose {
    fn label(self) -> Label {
        let (origin, via, name) = match self {
            Self::Operator => (
                Origin::Operator,
                Via::Goal,
                "the campaign, as a person set it up",
            ),
            Self::Persona => (Origin::Persona, Via::Persona, "SOUL.md"),
            Self::Host => (Origin::Operator, Via::Host, "Chimera itself"),
        };
        Label::own(origin, via, name)
    }
}

fn absorb(provenance: &mut Provenance, input: &Artifact) {
    match &input.provenance {
        Some(carried) => provenance.absorb(carried),
        // Nothing is known of it, so it may carry anything.
        None => {
            let name = "something made before labels were kept";
            let unknown = Label::foreign(Origin::Model, Via::Others, name);
            provenance.add(unknown.kept(Some(Private::Memory)));
        }
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::{id::MemoryId, time::Timestamp};
    use uuid::Uuid;

    use super::*;

    fn recalled(kind: MemoryKind, source: &str, origin: Origin, text: &str) -> Recalled {
        Recalled {
            memory: MemoryId::from_uuid(Uuid::from_u128(1)),
            kind,
            text: text.to_owned(),
            source: source.to_owned(),
            origin,
            at: Timestamp::from_seconds(1),
            score: None,
        }
    }

    #[test]
    fn what_a_memory_is_decides_who_may_trust_it_and_whether_it_is_private() {
        use MemoryKind::{Episodic, Fact, Knowledge};
        let stranger = || Origin::Untrusted {
            source: "https://a.example".to_owned(),
        };
        for (one, untrusted, private) in [
            (
                recalled(Knowledge, "price list", Origin::Operator, "12 EUR"),
                false,
                Some(Private::Knowledge),
            ),
            (
                recalled(Fact, "a talk", Origin::Operator, "She moved."),
                false,
                Some(Private::Memory),
            ),
            (
                recalled(
                    Fact,
                    "a rejected draft for sandbox: off-brand",
                    Origin::Operator,
                    "Shorter.",
                ),
                false,
                None,
            ),
            (
                recalled(
                    Fact,
                    "a person's decision on a draft",
                    Origin::Model,
                    "Rewritten.",
                ),
                true,
                None,
            ),
            (
                recalled(
                    Episodic,
                    "a post on sandbox",
                    Origin::Model,
                    "Published: Fog.",
                ),
                true,
                None,
            ),
            (
                recalled(Episodic, "the step", stranger(), "Read: Fog."),
                true,
                None,
            ),
            (
                recalled(Episodic, "the step", stranger(), "Ask [email] now"),
                true,
                Some(Private::Personal),
            ),
            (
                recalled(Episodic, "the step", Origin::Model, "Ask jane@example.org"),
                true,
                Some(Private::Personal),
            ),
        ] {
            let label = memory(&one);
            assert_eq!(
                (label.untrusted, label.private),
                (untrusted, private),
                "{one:?}"
            );
        }
    }
}
