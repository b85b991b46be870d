//! Tenants, people, agents and personas.

use std::sync::Arc;

use chimera_domain::{
    agent::{Agent, Control},
    digest::Digest,
    id::{AgentId, PersonaVersionId, SessionId, UserId, VersionId},
    persona::{Persona, PersonaVersion},
    role::Role,
    tenant::Tenant,
    time::Span,
};
use chimera_ports::store::{Session, SessionKind, User};

use super::World;

impl World {
    /// A version.
    #[must_use]
    pub fn version(&self) -> VersionId {
        VersionId::from_uuid(self.uuid())
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        let slug = format!("t_{}", self.tenant.as_uuid().simple());
        Tenant {
            id: self.tenant,
            slug: slug.parse().unwrap(),
            name: "Café Ä".to_owned(),
            created_at: self.now(),
        }
    }

    /// A person.
    #[must_use]
    pub fn user(&self, name: &str) -> User {
        let id = UserId::from_uuid(self.uuid());
        User {
            id,
            tenant: self.tenant,
            name: name.to_owned(),
            email: format!("{name}.{id}@example.org"),
            password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
            roles: vec![Role::Admin, Role::Moderator],
            created_at: self.now(),
            disabled_at: None,
        }
    }

    /// A session of `user` that lasts an hour.
    #[must_use]
    pub fn session(&self, user: &User) -> Session {
        let id = SessionId::from_uuid(self.uuid());
        Session {
            id,
            tenant: self.tenant,
            user: user.id,
            token: Digest::plain(id.as_uuid().as_bytes()),
            label: "browser".to_owned(),
            created_at: self.now(),
            expires_at: self.now() + Span::seconds(3_600),
            kind: SessionKind::Person,
            prefix: String::new(),
            revoked_at: None,
            last_used_at: None,
        }
    }

    /// An agent with its first persona version.
    #[must_use]
    pub fn agent(&self, name: &str) -> (Agent, PersonaVersion) {
        let agent = Agent {
            id: AgentId::from_uuid(self.uuid()),
            tenant: self.tenant,
            name: name.to_owned(),
            soul_link: format!("{name}/SOUL.md"),
            wallet_address: None,
            persona_version: PersonaVersionId::from_uuid(self.uuid()),
            control: Control::Running,
            version: self.version(),
            created_at: self.now(),
        };
        let version = self.persona_version(&agent, 1);
        (agent, version)
    }

    /// The version that `agent` names as its current one, under `number`.
    #[must_use]
    pub fn persona_version(&self, agent: &Agent, number: u32) -> PersonaVersion {
        let source = format!("---\nname: {}\n---\nVersion {number}.", agent.name);
        PersonaVersion {
            id: agent.persona_version,
            tenant: self.tenant,
            agent: agent.id,
            number,
            digest: Digest::plain(source.as_bytes()),
            source,
            persona: Arc::new(Persona {
                name: agent.name.clone(),
                id: "mara-voss".to_owned(),
                role: Some("coffee columnist".to_owned()),
                voice_traits: vec!["dry".to_owned()],
                directives: vec!["never invent a number".to_owned()],
                values: Vec::new(),
                lexicon: Vec::new(),
                forbidden: vec!["game-changer".to_owned()],
                forbidden_topics: vec!["politics".to_owned()],
                skills: Vec::new(),
                backstory: format!("Version {number}."),
            }),
            created_at: self.now(),
            author: "test".to_owned(),
        }
    }
}
