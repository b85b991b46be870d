//! Personas and what the linter says.

use chimera_contract::{
    persona as wire,
    scalar::{Digest, Id, Time, Version},
};
use chimera_domain::{
    agent::Agent,
    persona::{Persona, PersonaVersion},
};
use chimera_frontmatter::{Diagnostic, Severity, soul::Field};

use crate::{ToWire, initials, mirror};

mirror!(Severity => wire::Severity { Warning, Error });
mirror!(Field => wire::SoulField {
    Name, Id, Role, VoiceTraits, Directives, Values, Lexicon, Forbidden, ForbiddenTopics, Skills, Backstory,
} and back);

impl ToWire for Persona {
    type Wire = wire::PersonaFields;
    fn wire(&self) -> wire::PersonaFields {
        wire::PersonaFields {
            name: self.name.clone(),
            id: self.id.clone(),
            role: self.role.clone(),
            voice_traits: self.voice_traits.clone(),
            directives: self.directives.clone(),
            values: self.values.clone(),
            lexicon: self.lexicon.clone(),
            forbidden: self.forbidden.clone(),
            forbidden_topics: self.forbidden_topics.clone(),
            skills: self.skills.clone(),
            backstory: self.backstory.clone(),
        }
    }
}

impl ToWire for Diagnostic {
    type Wire = wire::SoulDiagnostic;
    fn wire(&self) -> wire::SoulDiagnostic {
        wire::SoulDiagnostic {
            line: self.line,
            column: self.column,
            severity: self.severity.wire(),
            code: self.code.to_owned(),
            message: self.message.clone(),
            fix: self.fix.clone(),
        }
    }
}

/// A persona in the gallery.
pub fn row(agent: &Agent, version: &PersonaVersion) -> wire::PersonaRow {
    wire::PersonaRow {
        agent: Id::of(agent.id),
        name: version.persona.name.clone(),
        initials: initials(&version.persona.name),
        role: version.persona.role.clone(),
        voice_traits: version.persona.voice_traits.clone(),
        number: version.number,
        control: agent.control.wire(),
        updated_at: Time::of(version.created_at),
    }
}

/// A version of a persona, whole; `current` is the number in force, `author` a name for people.
pub fn whole(
    agent: &Agent,
    version: &PersonaVersion,
    current: u32,
    author: String,
) -> wire::Persona {
    wire::Persona {
        agent: Id::of(agent.id),
        initials: initials(&version.persona.name),
        fields: version.persona.wire(),
        source: version.source.clone(),
        number: version.number,
        current,
        digest: Digest::of(version.digest),
        author,
        created_at: Time::of(version.created_at),
        soul_link: agent.soul_link.clone(),
        version: Version::of(agent.version),
    }
}

/// A version in the list.
pub fn version_row(
    version: &PersonaVersion,
    current: bool,
    author: String,
) -> wire::PersonaVersionRow {
    wire::PersonaVersionRow {
        number: version.number,
        current,
        author,
        created_at: Time::of(version.created_at),
        digest: Digest::of(version.digest),
    }
}
