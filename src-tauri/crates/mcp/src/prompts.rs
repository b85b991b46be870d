//! A listed prompt with its gaps filled in, for a person to look at.
//!
//! Never here: giving it to a model. Its words are its server's.

use std::{collections::BTreeMap, time::Duration};

use chimera_domain::{fault::FaultClass, id::TenantId};
use chimera_ports::tools::{OfferedPrompt, PromptMessage, PromptText, ServerOffer, ToolError};
use rmcp::model::{
    ClientRequest, GetPromptRequest, GetPromptRequestParams, GetPromptResult, JsonObject,
    RequestMetaObject, Role, ServerResult,
};

use crate::{
    admission::{Admission, Wanted},
    call::meta,
    clock::CallClock,
    codes::{MCP_PROMPT_UNKNOWN, MCP_REFUSED, TOOL_RESULT_TOO_LARGE, cut, unsent},
    connection::Connection,
    host::McpHost,
    reply::{MAX_TOOL_RESULT_BYTES, words_of},
    tries::with_leave,
};

/// Most messages of a prompt that are taken.
const MAX_MESSAGES: usize = 100;

impl McpHost {
    /// Gets a prompt that the server lists. It is connected where needed.
    ///
    /// # Errors
    /// When it lists no such prompt, an argument is missing or unknown, or the server refuses.
    pub async fn prompt(
        &self,
        tenant: TenantId,
        server: &str,
        prompt: &str,
        arguments: BTreeMap<String, String>,
    ) -> Result<PromptText, ToolError> {
        let slot = &self.slot(tenant, server)?;
        let (retries, limit) = (slot.spec.read_retries, slot.spec.request_timeout);
        let arguments = &arguments;
        with_leave(
            slot,
            false,
            retries,
            limit,
            |connection, limit| async move {
                let of = Wanted::Text;
                let admission = Admission { slot, tenant, of };
                admission.check(&connection).await?;
                let offer = connection.offer(&slot.spec).await;
                listed(&offer, server, prompt, arguments)?;
                let meta = meta(&slot.spec, tenant, None, None);
                connection
                    .prompt(admission, prompt, arguments, meta, limit)
                    .await
            },
        )
        .await
    }
}

/// Refuses what the server does not list, before anything is sent.
fn listed(
    offer: &ServerOffer,
    server: &str,
    prompt: &str,
    arguments: &BTreeMap<String, String>,
) -> Result<(), ToolError> {
    let refused = |why: String| {
        let words = format!("the MCP server '{server}' {why}; nothing was sent; correct it");
        Err(unsent(FaultClass::Permanent, MCP_PROMPT_UNKNOWN, words))
    };
    let found: Option<&OfferedPrompt> = offer.prompts.iter().find(|one| one.name == prompt);
    let Some(found) = found else {
        return refused(format!("lists no prompt '{}'", cut(prompt)));
    };
    let missing = found
        .arguments
        .iter()
        .find(|one| one.required && !arguments.contains_key(&one.name));
    if let Some(missing) = missing {
        return refused(format!("wants '{}' for that prompt", missing.name));
    }
    let known = |name: &str| found.arguments.iter().any(|one| one.name == name);
    match arguments.keys().find(|name| !known(name)) {
        Some(unknown) => refused(format!("takes no '{}' for that prompt", cut(unknown))),
        None => Ok(()),
    }
}

impl Connection {
    async fn prompt(
        &self,
        admission: Admission<'_>,
        prompt: &str,
        arguments: &BTreeMap<String, String>,
        meta: RequestMetaObject,
        limit: Duration,
    ) -> Result<PromptText, ToolError> {
        let what = format!("the prompt '{}'", cut(prompt));
        let given: JsonObject = arguments
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        let request = |responses, state| {
            let mut params = GetPromptRequestParams::new(prompt);
            params.arguments = (!given.is_empty()).then(|| given.clone());
            (params.input_responses, params.request_state) = (responses, state);
            let mut request = GetPromptRequest::new(params);
            request.extensions.insert(meta.clone());
            ClientRequest::GetPromptRequest(request)
        };
        let came = self
            .gone_on_with(&what, admission, CallClock::default(), limit, request)
            .await?;
        match came.answer {
            Ok(ServerResult::GetPromptResult(result)) => text(&what, result),
            Ok(_) => Err(unsent(
                FaultClass::Permanent,
                MCP_REFUSED,
                format!("{what}: the server answered with something else than a prompt"),
            )),
            Err(failure) => Err(failure.explain(&what, self.ending(), limit, came.has_left)),
        }
    }
}

/// The words of a prompt, within bounds.
fn text(what: &str, result: GetPromptResult) -> Result<PromptText, ToolError> {
    let too_large = |how: String| {
        let words = format!("{what} has {how} are taken; ask its makers for less");
        Err(unsent(FaultClass::Validation, TOOL_RESULT_TOO_LARGE, words))
    };
    if result.messages.len() > MAX_MESSAGES {
        let many = result.messages.len();
        return too_large(format!("{many} messages; at most {MAX_MESSAGES}"));
    }
    let messages: Vec<PromptMessage> = result
        .messages
        .into_iter()
        .map(|message| PromptMessage {
            role: match message.role {
                Role::Assistant => "assistant".to_owned(),
                _ => "user".to_owned(),
            },
            text: words_of(message.content),
        })
        .collect();
    let bytes: usize = messages.iter().map(|message| message.text.len()).sum();
    if bytes > MAX_TOOL_RESULT_BYTES {
        return too_large(format!("{bytes} bytes; at most {MAX_TOOL_RESULT_BYTES}"));
    }
    Ok(PromptText {
        description: result.description.as_deref().map(cut),
        messages,
    })
}
