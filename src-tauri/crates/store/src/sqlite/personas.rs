//! Agents and the versions of their SOUL.md.
//!
//! Never here: reading SOUL.md.

use async_trait::async_trait;
use chimera_domain::{
    agent::Agent,
    change::Change,
    id::{AgentId, PersonaVersionId, TenantId, VersionId},
    persona::PersonaVersion,
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::Personas,
};
use sqlx::SqliteConnection;

use super::{
    campaigns::{all, found},
    commit::{Sheets, same_tenant, uuid4},
    store::SqliteStore,
};
use crate::batch::{insert_one, upsert};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{AgentRow, Cells, EventRow, PersonaRow},
    table::Sheet,
};

#[async_trait]
impl Personas for SqliteStore {
    async fn create_agent(
        &self,
        agent: &Agent,
        first: &PersonaVersion,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        same_tenant(agent.tenant, first.tenant)?;
        let (row, version) = (AgentRow::of(agent)?, PersonaRow::of(first)?);
        self.write(agent.tenant, &notes, move |conn| {
            Box::pin(async move {
                insert_one(conn, row).await?;
                insert_one(conn, version).await
            })
        })
        .await?;
        Ok(())
    }

    async fn add_persona_version(
        &self,
        agent: &Agent,
        expected: VersionId,
        version: &PersonaVersion,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        same_tenant(agent.tenant, version.tenant)?;
        let (id, tenant, at) = (agent.id, agent.tenant, version.created_at);
        let (row, version) = (AgentRow::of(agent)?, PersonaRow::of(version)?);
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                unchanged(conn, &row, id, expected).await?;
                insert_one(conn, version).await?;
                upsert(conn, &Sheet::of(row.clone())).await?;
                hand_on(conn, tenant, &row, at).await
            })
        })
        .await?;
        Ok(())
    }

    async fn control_agent(
        &self,
        agent: &Agent,
        expected: VersionId,
        notes: Vec<Change>,
    ) -> Result<(), PortError> {
        let (id, row) = (agent.id, AgentRow::of(agent)?);
        self.write(agent.tenant, &notes, move |conn| {
            Box::pin(async move {
                unchanged(conn, &row, id, expected).await?;
                upsert(conn, &Sheet::of(row)).await
            })
        })
        .await?;
        Ok(())
    }

    async fn agent(&self, tenant: TenantId, id: AgentId) -> Result<Agent, PortError> {
        let row: Option<AgentRow> =
            sqlx::query_as("SELECT * FROM agents WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "agent", id)
    }

    async fn agents(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Agent>, PortError> {
        // A name is unique within the tenant, so it is a whole key.
        let after: String = cursor::after(&page)?.unwrap_or_default();
        let rows: Vec<AgentRow> = sqlx::query_as(
            "SELECT * FROM agents WHERE tenant_id = ?1 AND name > ?2 ORDER BY name LIMIT ?3",
        )
        .bind(tenant.to_string())
        .bind(after)
        .bind(rows_to_read(&page))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| row.name.clone())?)
    }

    async fn held_agents(&self, tenant: TenantId, limit: u32) -> Result<Vec<Agent>, PortError> {
        let rows: Vec<AgentRow> = sqlx::query_as(
            "SELECT * FROM agents WHERE tenant_id = ?1 AND control <> 'running' ORDER BY name LIMIT ?2",
        )
        .bind(tenant.to_string())
        .bind(limit)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn persona(
        &self,
        tenant: TenantId,
        id: PersonaVersionId,
    ) -> Result<PersonaVersion, PortError> {
        let row: Option<PersonaRow> =
            sqlx::query_as("SELECT * FROM persona_versions WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "persona version", id)
    }

    async fn persona_versions(
        &self,
        tenant: TenantId,
        agent: AgentId,
    ) -> Result<Vec<PersonaVersion>, PortError> {
        let rows: Vec<PersonaRow> =
            sqlx::query_as("SELECT * FROM persona_versions WHERE agent_id = ?1 AND tenant_id = ?2 ORDER BY number DESC")
                .bind(agent.to_string())
                .bind(tenant.to_string())
                .fetch_all(self.reads())
                .await
                .map_err(Failure::from)?;
        all(rows)
    }
}

/// Refuses a change that builds on another version than the stored one.
async fn unchanged(
    conn: &mut SqliteConnection,
    row: &AgentRow,
    id: AgentId,
    expected: VersionId,
) -> Result<(), Failure> {
    let now: Option<(String,)> =
        sqlx::query_as("SELECT version_id FROM agents WHERE id = ?1 AND tenant_id = ?2")
            .bind(&row.id)
            .bind(&row.tenant_id)
            .fetch_optional(conn)
            .await?;
    match now {
        None => Err(PortError::not_found("agent", id).into()),
        Some((now,)) if now != expected.to_string() => Err(PortError::conflict("agent", id).into()),
        Some(_) => Ok(()),
    }
}

/// Campaigns of the agent that have not ended get its persona, which changes their version (C32).
async fn hand_on(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    agent: &AgentRow,
    at: Timestamp,
) -> Result<(), Failure> {
    let changed: Vec<(String, String)> = sqlx::query_as(concat!(
        "UPDATE campaigns SET persona_version_id = ?3, state_version = state_version + 1, updated_at = ?4, \
             version_id = ",
        uuid4!(),
        " WHERE agent_id = ?1 AND tenant_id = ?2 AND status IN ('DRAFT', 'ACTIVE', 'PAUSED') RETURNING id, status"
    ))
    .bind(&agent.id)
    .bind(&agent.tenant_id)
    .bind(&agent.persona_version_id)
    .bind(at.micros())
    .fetch_all(&mut *conn)
    .await?;
    tell(conn, tenant, changed, at).await
}

/// Writes an event for every campaign that changed, given as `(id, status)`.
pub(super) async fn tell(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    changed: Vec<(String, String)>,
    at: Timestamp,
) -> Result<(), Failure> {
    use chimera_domain::{
        event::{Event, Fact},
        role::Actor,
    };

    let mut sheets = Sheets::default();
    for (campaign, status) in changed {
        let fact = Fact::CampaignChanged {
            campaign: Cells("campaigns").text("id", &campaign)?,
            status,
        };
        let event = Event {
            seq: 0,
            tenant,
            actor: Actor::system("board"),
            at,
            fact,
        };
        sheets.events.push(EventRow::of(&event)?);
    }
    sheets.write_log(conn).await?;
    Ok(())
}
