//! Rows of `agents` and `persona_versions`.

use chimera_domain::{agent::Agent, persona::PersonaVersion, time::Timestamp};

use super::{BadRow, Cells, json, word};
use crate::{failure::Failure, table::table};

table! {
    /// An agent.
    "agents" as AgentRow, key "id";
    fixed { id: String, tenant_id: String, created_at: i64 }
    live {
        name: String,
        soul_link: String,
        wallet_address: Option<String>,
        persona_version_id: String,
        control: String,
        version_id: String,
    }
}

table! {
    /// One version of an agent's SOUL.md.
    "persona_versions" as PersonaRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        agent_id: String,
        number: i64,
        source: String,
        persona: String,
        digest: String,
        created_at: i64,
        author: String,
    }
    live {}
}

impl AgentRow {
    pub(crate) fn of(agent: &Agent) -> Result<Self, Failure> {
        Ok(Self {
            id: agent.id.to_string(),
            tenant_id: agent.tenant.to_string(),
            created_at: agent.created_at.micros(),
            name: agent.name.clone(),
            soul_link: agent.soul_link.clone(),
            wallet_address: agent.wallet_address.clone(),
            persona_version_id: agent.persona_version.to_string(),
            control: word(&agent.control)?,
            version_id: agent.version.to_string(),
        })
    }
}

impl TryFrom<AgentRow> for Agent {
    type Error = BadRow;

    fn try_from(row: AgentRow) -> Result<Self, BadRow> {
        let cells = Cells("agents");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            name: row.name,
            soul_link: row.soul_link,
            wallet_address: row.wallet_address,
            persona_version: cells.text("persona_version_id", &row.persona_version_id)?,
            control: cells.word("control", &row.control)?,
            version: cells.text("version_id", &row.version_id)?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl PersonaRow {
    pub(crate) fn of(version: &PersonaVersion) -> Result<Self, Failure> {
        Ok(Self {
            id: version.id.to_string(),
            tenant_id: version.tenant.to_string(),
            agent_id: version.agent.to_string(),
            number: i64::from(version.number),
            source: version.source.clone(),
            persona: json(&version.persona)?,
            digest: version.digest.to_string(),
            created_at: version.created_at.micros(),
            author: version.author.clone(),
        })
    }
}

impl TryFrom<PersonaRow> for PersonaVersion {
    type Error = BadRow;

    fn try_from(row: PersonaRow) -> Result<Self, BadRow> {
        let cells = Cells("persona_versions");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            agent: cells.text("agent_id", &row.agent_id)?,
            number: cells.number("number", row.number)?,
            source: row.source,
            persona: cells.json("persona", &row.persona)?,
            digest: cells.text("digest", &row.digest)?,
            created_at: Timestamp::from_micros(row.created_at),
            author: row.author,
        })
    }
}
