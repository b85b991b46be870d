//! Facts and their authors.

use chimera_contract::{
    event as wire,
    scalar::{Id, Time},
};
use chimera_domain::{
    event::{Event, Fact},
    role::Actor,
};

use crate::ToWire;

/// An author, with a name where it is known.
pub fn actor(actor: &Actor, name: Option<String>) -> wire::Actor {
    let (kind, id) = match actor {
        Actor::Person(user) => (wire::ActorKind::Person, user.to_string()),
        Actor::Agent(agent) => (wire::ActorKind::Agent, agent.to_string()),
        Actor::System(part) => (wire::ActorKind::System, part.clone()),
    };
    wire::Actor { kind, id, name }
}

impl ToWire for Fact {
    type Wire = wire::Fact;
    fn wire(&self) -> wire::Fact {
        use wire::Fact as Out;
        match self {
            Self::CampaignChanged { campaign, status } => Out::CampaignChanged {
                campaign: Id::of(campaign),
                status: status.clone(),
            },
            Self::TaskChanged {
                task,
                campaign,
                state,
            } => Out::TaskChanged {
                task: Id::of(task),
                campaign: Id::of(campaign),
                state: state.clone(),
            },
            Self::ReviewChanged {
                review,
                campaign,
                state,
            } => Out::ReviewChanged {
                review: Id::of(review),
                campaign: Id::of(campaign),
                state: state.clone(),
            },
            Self::EffectChanged {
                effect,
                task,
                state,
            } => Out::EffectChanged {
                effect: Id::of(effect),
                task: Id::of(task),
                state: state.clone(),
            },
            Self::PersonaChanged { agent, number } => Out::PersonaChanged {
                agent: Id::of(agent),
                number: *number,
            },
            Self::AlertRaised { alert, code, title } => Out::AlertRaised {
                alert: Id::of(alert),
                code: code.clone(),
                title: title.clone(),
            },
            Self::SettingsChanged { area } => Out::SettingsChanged { area: area.clone() },
        }
    }
}

impl ToWire for Event {
    type Wire = wire::EventFrame;
    fn wire(&self) -> wire::EventFrame {
        wire::EventFrame {
            seq: self.seq,
            actor: actor(&self.actor, None),
            at: Time::of(self.at),
            fact: self.fact.wire(),
        }
    }
}
