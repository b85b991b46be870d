//! Personas: an agent from a SOUL.md, and new versions of it. Only people publish one.

use std::sync::Arc;

use chimera_domain::{
    agent::{Agent, Control},
    event::Fact,
    id::{AgentId, PersonaVersionId, VersionId},
    persona::{Persona, PersonaVersion},
};
use chimera_frontmatter::{
    Parsed, Severity,
    soul::{self, EditRefused, FieldValue},
};
use chimera_guard::inbound::attacks_in;
use chimera_ports::error::PortError;
use serde_json::json;

use super::Caller;
use crate::{
    error::{ErrorKind, RuntimeError},
    records::about_agent,
    runtime::Runtime,
};

/// Something to mend, or to think about, in a SOUL.md.
pub use chimera_frontmatter::Diagnostic as SoulDiagnostic;
/// A field of a SOUL.md.
pub use chimera_frontmatter::soul::Field as SoulField;

/// A SOUL.md. It stands among a model's instructions, also where it was imported, so that words which are an attack in
/// anybody's mouth are none of a persona's.
fn read(source: &str) -> Result<Parsed<Persona>, Vec<SoulDiagnostic>> {
    let parsed = soul::parse(source)?;
    let attacks = attacks_in(source);
    if attacks.is_empty() {
        return Ok(parsed);
    }
    let error = |(line, message)| SoulDiagnostic {
        line,
        column: 1,
        severity: Severity::Error,
        code: "STEERS_A_MODEL",
        message,
        fix: "take it out, or say in other words what the persona does".to_owned(),
    };
    Err(attacks.into_iter().map(error).collect())
}

impl Runtime {
    /// Makes an agent from a SOUL.md.
    ///
    /// # Errors
    /// `SOUL_INVALID` with every diagnostic, or a conflict when the tenant has an agent of that name.
    pub async fn create_agent(
        &self,
        who: &Caller,
        soul: &str,
    ) -> Result<(Agent, PersonaVersion), RuntimeError> {
        let ids = &self.parts().ids;
        let agent_id = AgentId::from_uuid(ids.uuid());
        let version = self.persona_version(who, agent_id, 1, soul)?;
        let agent = Agent {
            id: agent_id,
            tenant: who.tenant,
            name: version.persona.name.clone(),
            soul_link: format!("personas/{}/SOUL.md", version.persona.id),
            wallet_address: None,
            persona_version: version.id,
            control: Control::Running,
            version: VersionId::from_uuid(ids.uuid()),
            created_at: self.now(),
        };
        let fact = Fact::PersonaChanged {
            agent: agent_id,
            number: 1,
        };
        let notes = self.notes(
            who,
            "agent.create",
            json!({ "agent": agent_id, "digest": version.digest }),
            Some(fact),
        );
        let notes = about_agent(notes, agent_id);
        self.parts()
            .store
            .create_agent(&agent, &version, notes)
            .await?;
        self.announce_newest(who.tenant).await;
        Ok((agent, version))
    }

    /// Stores a new version of an agent's SOUL.md; it is in force from the next piece of work on, and what
    /// was decided under the old one is decided again before it leaves.
    ///
    /// # Errors
    /// `SOUL_INVALID` with every diagnostic, or a conflict when somebody else saved first.
    pub async fn save_persona(
        &self,
        who: &Caller,
        agent: AgentId,
        expected: VersionId,
        soul: &str,
    ) -> Result<PersonaVersion, RuntimeError> {
        let store = &self.parts().store;
        let mut row = store.agent(who.tenant, agent).await?;
        if row.version != expected {
            return Err(PortError::conflict("agent", agent).into());
        }
        let newest = store.persona_versions(who.tenant, agent).await?;
        let number = newest.first().map_or(1, |version| version.number + 1);
        let version = self.persona_version(who, agent, number, soul)?;
        if newest
            .first()
            .is_some_and(|before| before.digest == version.digest)
        {
            return Err(chimera_engine::Refusal::NoChange("exactly this").into());
        }
        row.persona_version = version.id;
        row.name.clone_from(&version.persona.name);
        row.version = VersionId::from_uuid(self.parts().ids.uuid());
        let fact = Fact::PersonaChanged { agent, number };
        let output = json!({ "agent": agent, "number": number, "digest": version.digest });
        let notes = about_agent(self.notes(who, "persona.save", output, Some(fact)), agent);
        store
            .add_persona_version(&row, expected, &version, notes)
            .await?;
        self.announce_newest(who.tenant).await;
        Ok(version)
    }

    /// Everything to mend, or to think about, in a SOUL.md, and what it says where it can be read.
    #[must_use]
    pub fn lint_soul(&self, source: &str) -> (Vec<SoulDiagnostic>, Option<Persona>) {
        match read(source) {
            Ok(parsed) => (parsed.warnings, Some(parsed.value)),
            Err(diagnostics) => (diagnostics, None),
        }
    }

    /// A SOUL.md in which `field` says `value`, and every other byte is as it was. Nothing is stored.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` where the field takes one text, `SOUL_INVALID` where the file cannot be edited so.
    pub fn edit_soul(
        &self,
        source: &str,
        field: SoulField,
        mut value: Vec<String>,
    ) -> Result<String, RuntimeError> {
        let value = match (field.is_text(), value.len()) {
            (_, 0) => FieldValue::Absent,
            (true, 1) => FieldValue::Text(value.remove(0)),
            _ => FieldValue::Lines(value),
        };
        soul::with_field(source, field, &value).map_err(|refused| {
            let (code, diagnostics) = match &refused {
                EditRefused::Kind(_) => ("VALIDATION_ERROR", Vec::new()),
                EditRefused::Unreadable(found) | EditRefused::Broken(found) => {
                    ("SOUL_INVALID", found.clone())
                }
                EditRefused::NotByLine => ("SOUL_INVALID", Vec::new()),
            };
            let message = format!("The field was not changed: {refused}.");
            RuntimeError::new(ErrorKind::Invalid, code, message)
                .with(json!({ "diagnostics": diagnostics }))
        })
    }

    fn persona_version(
        &self,
        who: &Caller,
        agent: AgentId,
        number: u32,
        source: &str,
    ) -> Result<PersonaVersion, RuntimeError> {
        let parsed = read(source).map_err(|diagnostics| {
            let first = diagnostics
                .first()
                .map_or_else(String::new, ToString::to_string);
            let message =
                format!("This SOUL.md cannot be used; the persona in force stays. First: {first}");
            RuntimeError::new(ErrorKind::Invalid, "SOUL_INVALID", message)
                .with(json!({ "diagnostics": diagnostics }))
        })?;
        Ok(PersonaVersion {
            id: PersonaVersionId::from_uuid(self.parts().ids.uuid()),
            tenant: who.tenant,
            agent,
            number,
            source: source.to_owned(),
            persona: Arc::new(parsed.value),
            digest: chimera_domain::digest::Digest::plain(source.as_bytes()),
            created_at: self.now(),
            author: who.user.to_string(),
        })
    }
}
