//! Personas: gallery, making one, versions, saving, linting, comparing.

use axum::Json;
use chimera_contract::{
    error::work,
    page::{Page, PageQuery},
    persona::{
        DiffQuery, EditedSoul, FieldEdit, LintReport, Persona as WirePersona, PersonaDiff,
        PersonaRow, PersonaVersions, Severity, SoulText,
    },
};
use chimera_domain::{
    agent::Agent,
    id::{AgentId, TenantId},
    persona::PersonaVersion,
};
use chimera_door::{
    extract::{Body, IfMatch, Path, Query, id},
    problem::{Answer, Problem},
    respond::{Versioned, page},
    signed::Desk,
    state::Api,
};
use chimera_runtime::RuntimeError;
use chimera_wire::{ToDomain, ToWire, persona_diff};

use crate::{names::Names, naming};

/// Personas by name.
#[utoipa::path(get, path = "/api/v1/personas", tag = "personas",
    params(PageQuery), responses((status = 200, body = Page<PersonaRow>)))]
pub(crate) async fn list_personas(
    Desk { api, signed }: Desk,
    Query(asked): Query<PageQuery>,
) -> Answer<Json<Page<PersonaRow>>> {
    let tenant = signed.caller.tenant;
    let found = api
        .store()
        .agents(tenant, page(asked.after, asked.limit))
        .await?;
    let mut items = Vec::with_capacity(found.items.len());
    for agent in &found.items {
        let version = api.store().persona(tenant, agent.persona_version).await?;
        items.push(chimera_wire::persona::row(agent, &version));
    }
    Ok(Json(Page {
        items,
        next: found.next,
    }))
}

/// Makes an agent from a SOUL.md.
#[utoipa::path(post, path = "/api/v1/personas", tag = "personas",
    request_body = SoulText, responses((status = 201, body = WirePersona)))]
pub(crate) async fn create_persona(
    Desk { api, signed }: Desk,
    Body(asked): Body<SoulText>,
) -> Answer<Versioned<WirePersona>> {
    // One at a time: the second finds the first one's name.
    let turn = api.setup.lock().await;
    naming::alone_with_its_name(&api, signed.caller.tenant, None, &asked.soul).await?;
    let (agent, version) = api
        .runtime
        .create_agent(&signed.caller, &asked.soul)
        .await
        .map_err(name_taken)?;
    drop(turn);
    whole(&api, &agent, &version).await.map(Versioned::created)
}

/// Says what is wrong with a SOUL.md, and what to think about, without storing it.
#[utoipa::path(post, path = "/api/v1/personas/lint", tag = "personas",
    request_body = SoulText, responses((status = 200, body = LintReport)))]
pub(crate) async fn lint_soul(
    Desk { api, .. }: Desk,
    Body(asked): Body<SoulText>,
) -> Json<LintReport> {
    let (diagnostics, persona) = api.runtime.lint_soul(&asked.soul);
    let diagnostics = diagnostics.wire();
    let valid = diagnostics
        .iter()
        .all(|one| one.severity != Severity::Error);
    Json(LintReport {
        valid,
        fields: persona.map(|persona| persona.wire()),
        diagnostics,
    })
}

/// Changes one field of a SOUL.md and leaves every other byte as it was; stores nothing.
#[utoipa::path(post, path = "/api/v1/personas/edit-field", tag = "personas",
    request_body = FieldEdit, responses((status = 200, body = EditedSoul)))]
pub(crate) async fn edit_soul_field(
    Desk { api, .. }: Desk,
    Body(asked): Body<FieldEdit>,
) -> Answer<Json<EditedSoul>> {
    let field = asked.field.domain();
    let soul = api.runtime.edit_soul(&asked.soul, field, asked.value)?;
    Ok(Json(EditedSoul { soul }))
}

/// The persona in force.
#[utoipa::path(get, path = "/api/v1/personas/{agent}", tag = "personas",
    responses((status = 200, body = WirePersona)))]
pub(crate) async fn get_persona(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
) -> Answer<Versioned<WirePersona>> {
    let agent = api
        .store()
        .agent(signed.caller.tenant, key(&agent)?)
        .await?;
    let version = api
        .store()
        .persona(agent.tenant, agent.persona_version)
        .await?;
    whole(&api, &agent, &version).await
}

/// Stores a new version; it is in force from the next piece of work on.
#[utoipa::path(put, path = "/api/v1/personas/{agent}", tag = "personas",
    request_body = SoulText, responses((status = 200, body = WirePersona)))]
pub(crate) async fn save_persona(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    seen: IfMatch,
    Body(asked): Body<SoulText>,
) -> Answer<Versioned<WirePersona>> {
    let agent = key(&agent)?;
    let expected = seen.required()?;
    let turn = api.setup.lock().await;
    naming::alone_with_its_name(&api, signed.caller.tenant, Some(agent), &asked.soul).await?;
    let done = api
        .runtime
        .save_persona(&signed.caller, agent, expected, &asked.soul)
        .await;
    drop(turn);
    let version = seen.guard(done)?;
    let agent = api.store().agent(signed.caller.tenant, agent).await?;
    whole(&api, &agent, &version).await
}

/// All versions, newest first.
#[utoipa::path(get, path = "/api/v1/personas/{agent}/versions", tag = "personas",
    responses((status = 200, body = PersonaVersions)))]
pub(crate) async fn list_persona_versions(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
) -> Answer<Json<PersonaVersions>> {
    let (agent, versions) = versions(&api, signed.caller.tenant, &agent).await?;
    let mut names = Names::of(&api, agent.tenant);
    let mut items = Vec::with_capacity(versions.len());
    for version in &versions {
        let author = names.author(&version.author).await?;
        items.push(chimera_wire::persona::version_row(
            version,
            version.id == agent.persona_version,
            author,
        ));
    }
    Ok(Json(PersonaVersions { items }))
}

/// One version.
#[utoipa::path(get, path = "/api/v1/personas/{agent}/versions/{number}", tag = "personas",
    responses((status = 200, body = WirePersona)))]
pub(crate) async fn get_persona_version(
    Desk { api, signed }: Desk,
    Path((agent, number)): Path<(String, u32)>,
) -> Answer<Versioned<WirePersona>> {
    let (agent, versions) = versions(&api, signed.caller.tenant, &agent).await?;
    whole(&api, &agent, numbered(&versions, number)?).await
}

/// Two versions compared, by meaning and by line.
#[utoipa::path(get, path = "/api/v1/personas/{agent}/diff", tag = "personas",
    params(DiffQuery), responses((status = 200, body = PersonaDiff)))]
pub(crate) async fn diff_persona(
    Desk { api, signed }: Desk,
    Path(agent): Path<String>,
    Query(asked): Query<DiffQuery>,
) -> Answer<Json<PersonaDiff>> {
    let (_, versions) = versions(&api, signed.caller.tenant, &agent).await?;
    let (from, to) = (
        numbered(&versions, asked.from)?,
        numbered(&versions, asked.to)?,
    );
    Ok(Json(PersonaDiff {
        from: from.number,
        to: to.number,
        fields: persona_diff::fields(&from.persona, &to.persona),
        lines: persona_diff::lines(&from.source, &to.source),
    }))
}

fn key(text: &str) -> Answer<AgentId> {
    id("agent", text)
}

fn name_taken(error: RuntimeError) -> Problem {
    let problem = Problem::from(error);
    if problem.code.status == 409 {
        Problem::new(&work::AGENT_EXISTS)
    } else {
        problem
    }
}

async fn versions(
    api: &Api,
    tenant: TenantId,
    agent: &str,
) -> Answer<(Agent, Vec<PersonaVersion>)> {
    let agent = api.store().agent(tenant, key(agent)?).await?;
    let versions = api.store().persona_versions(tenant, agent.id).await?;
    Ok((agent, versions))
}

fn numbered(versions: &[PersonaVersion], number: u32) -> Answer<&PersonaVersion> {
    versions
        .iter()
        .find(|version| version.number == number)
        .ok_or_else(|| Problem::not_found("persona version", &number.to_string()))
}

async fn whole(
    api: &Api,
    agent: &Agent,
    version: &PersonaVersion,
) -> Answer<Versioned<WirePersona>> {
    let current = if version.id == agent.persona_version {
        version.number
    } else {
        api.store()
            .persona(agent.tenant, agent.persona_version)
            .await?
            .number
    };
    let author = Names::of(api, agent.tenant).author(&version.author).await?;
    Ok(Versioned::of(
        agent.version,
        chimera_wire::persona::whole(agent, version, current, author),
    ))
}
