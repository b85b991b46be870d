//! One small question, to see whether a model answers.
//!
//! Never here: what the question is.

use chimera_domain::{fault::Fault, id::TenantId, spend::CallRole};
use chimera_ports::model::{ChatModel, ChatReply, ChatRequest};

use crate::{account::Account, call::OpenCall, house::House, patience::Patience};

/// Asks a model one small question to see whether it answers. It has no budget, and its line in the ledger.
///
/// # Errors
/// Why it does not answer.
pub async fn probe<H: House>(
    house: &H,
    tenant: TenantId,
    model: &dyn ChatModel,
    request: &ChatRequest,
) -> Result<ChatReply, Fault> {
    let account = Account {
        role: CallRole::Probe,
        campaign: None,
        task: None,
        attempt: None,
        cap: None,
        token_cap: None,
    };
    let mut patience = Patience::of(house.reasoning());
    let asked = (request, request.most_tokens());
    let mut call = OpenCall::reserve(house, model, tenant, &account, asked, &mut patience).await?;
    match call.ask(model, request).await {
        Ok(reply) => {
            call.answered(&reply, true).await;
            Ok(reply)
        }
        Err(error) => {
            call.failed(&error).await;
            Err(error.fault)
        }
    }
}
