//! Names that people give: within their bounds, seen as they are, and told apart by reading.
//!
//! Never here: names of people beside their ids (`names`).

use chimera_contract::error::work;
use chimera_domain::{
    id::{AgentId, TenantId},
    text::{InvalidText, written},
};
use chimera_door::{
    problem::{Answer, Problem},
    state::Api,
};
use chimera_guard::names::{likeness, shapeless};
use chimera_ports::page::{MAX_PAGE_ROWS, PageRequest};

/// A name of 1 to `max` characters in which every sign is seen.
///
/// # Errors
/// When it is empty or too long, and for the first sign that nobody sees.
pub(crate) fn named(what: &'static str, text: &str, max: usize) -> Result<String, InvalidText> {
    let name = written(what, text, 1, max)?;
    match shapeless(&name) {
        Some(sign) => Err(InvalidText::Unseen {
            what,
            sign: u32::from(sign),
        }),
        None => Ok(name),
    }
}

/// Refuses a SOUL.md whose name looks like that of another agent than `own`. A file that cannot be read is left to who
/// stores it, and so is an agent that keeps its name.
pub(crate) async fn alone_with_its_name(
    api: &Api,
    tenant: TenantId,
    own: Option<AgentId>,
    soul: &str,
) -> Answer<()> {
    let (_, Some(persona)) = api.runtime.lint_soul(soul) else {
        return Ok(());
    };
    let wanted = likeness(&persona.name);
    let mut taken = false;
    let mut after = None;
    loop {
        let page = PageRequest {
            after,
            limit: MAX_PAGE_ROWS,
        };
        let found = api.store().agents(tenant, page).await?;
        for agent in &found.items {
            if Some(agent.id) == own && agent.name == persona.name {
                return Ok(());
            }
            taken |= Some(agent.id) != own && likeness(&agent.name) == wanted;
        }
        match found.next {
            Some(next) => after = Some(next),
            None if taken => return Err(Problem::new(&work::AGENT_EXISTS)),
            None => return Ok(()),
        }
    }
}
