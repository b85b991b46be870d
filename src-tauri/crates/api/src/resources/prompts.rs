//! Prompts of MCP servers, for a person to look at.
//!
//! Never here: giving one to a model.

use axum::Json;
use chimera_contract::registry::{GetPrompt, PromptMessage, PromptText};
use chimera_door::{
    extract::{Body, Path},
    problem::{Answer, Problem},
    signed::Desk,
};
use chimera_guard::suspicion;
use chimera_wire::ToWire;

use super::registry::named;

/// Most characters of a prompt's name and of all its arguments together.
const MAX_GIVEN_CHARS: usize = 16_384;
/// Most characters of a prompt that are shown.
const MAX_SHOWN_CHARS: usize = 65_536;

/// Gets a listed prompt of a server, its gaps filled in, for a person to look at. No agent is shown it.
#[utoipa::path(post, path = "/api/v1/connections/registry/{server}/prompt", tag = "connections",
    request_body = GetPrompt, responses((status = 200, body = PromptText)))]
pub(crate) async fn get_server_prompt(
    Desk { api, signed }: Desk,
    Path(server): Path<String>,
    Body(asked): Body<GetPrompt>,
) -> Answer<Json<PromptText>> {
    let tenant = signed.caller.tenant;
    let texts = asked.arguments.iter().flat_map(|(name, text)| [name, text]);
    let given: usize = texts
        .chain([&asked.prompt])
        .map(|text| text.chars().count())
        .sum();
    if asked.prompt.is_empty() || given > MAX_GIVEN_CHARS {
        let why = format!(
            "A prompt has a name, and what is given for it at most {MAX_GIVEN_CHARS} characters. Nothing was sent."
        );
        return Err(Problem::invalid(why));
    }
    let got = named(&api, tenant, &server)
        .await?
        .prompt(tenant, &server, &asked.prompt, asked.arguments)
        .await?;
    let (got, problem) = match got {
        Ok(got) => (Some(got), None),
        Err(fault) => (None, Some(fault)),
    };
    let (description, whole) = got
        .map(|got| (got.description, got.messages))
        .unwrap_or_default();
    let characters: usize = whole.iter().map(|one| one.text.chars().count()).sum();
    let mut left = MAX_SHOWN_CHARS;
    let messages: Vec<PromptMessage> = whole
        .into_iter()
        .map(|one| {
            let text: String = one.text.chars().take(left).collect();
            left = left.saturating_sub(text.chars().count());
            PromptMessage {
                role: one.role,
                text,
            }
        })
        .collect();
    let words: Vec<&str> = messages.iter().map(|one| one.text.as_str()).collect();
    Ok(Json(PromptText {
        prompt: asked.prompt,
        description,
        suspicion: suspicion(&words.join("\n")),
        messages,
        characters: u64::try_from(characters).unwrap_or(u64::MAX),
        problem: problem.wire(),
    }))
}
