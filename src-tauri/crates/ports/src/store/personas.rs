//! Agents and the versions of their SOUL.md.

use async_trait::async_trait;
use chimera_domain::{
    agent::Agent,
    change::Change,
    id::{AgentId, PersonaVersionId, TenantId, VersionId},
    persona::PersonaVersion,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// Agents and personas.
#[async_trait]
pub trait Personas: Send + Sync {
    /// Stores a new agent with its first persona version.
    ///
    /// # Errors
    /// Conflict when the tenant has an agent of that name.
    async fn create_agent(
        &self,
        agent: &Agent,
        first: &PersonaVersion,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Stores a new persona version and makes it the agent's current one; active campaigns of the agent
    /// get it too, which changes their version (C32).
    ///
    /// # Errors
    /// Conflict when the agent is no longer at `expected`.
    async fn add_persona_version(
        &self,
        agent: &Agent,
        expected: VersionId,
        version: &PersonaVersion,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Stores whether an agent may work, with `notes`.
    ///
    /// # Errors
    /// Conflict when the agent is no longer at `expected`.
    async fn control_agent(
        &self,
        agent: &Agent,
        expected: VersionId,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// An agent.
    ///
    /// # Errors
    /// Not found.
    async fn agent(&self, tenant: TenantId, id: AgentId) -> Result<Agent, PortError>;

    /// Agents by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn agents(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Agent>, PortError>;

    /// Agents that may not work, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn held_agents(&self, tenant: TenantId, limit: u32) -> Result<Vec<Agent>, PortError>;

    /// A persona version.
    ///
    /// # Errors
    /// Not found.
    async fn persona(
        &self,
        tenant: TenantId,
        id: PersonaVersionId,
    ) -> Result<PersonaVersion, PortError>;

    /// All versions of an agent's persona, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn persona_versions(
        &self,
        tenant: TenantId,
        agent: AgentId,
    ) -> Result<Vec<PersonaVersion>, PortError>;
}
