//! One question: to the model of its role, or to the one that stands in for it (COG-18). Each call is set aside, made,
//! written down and traced by itself, under the name and price of the model that is really asked.
//!
//! Never here: what is asked, a second try of the same model, or what becomes of the answer.

use chimera_domain::{
    fault::Fault,
    trace::{SpanKind, SpanStatus},
};
use chimera_ports::model::{ChatModel, ChatReply};
use chimera_spending::{OpenCall, Patience};

use super::reason::{Question, Talk};
use crate::runtime::Runtime;

/// Failures of a provider after which another one is asked. What it refuses or answers badly is no reason: that is
/// mended, or tried again where it was asked.
const HANDED_ON: [&str; 6] = [
    "MODEL_CIRCUIT_OPEN",
    "MODEL_RATE_LIMITED",
    "MODEL_STREAM_CUT",
    "MODEL_TIMEOUT",
    "MODEL_UNAVAILABLE",
    "MODEL_UNREACHABLE",
];

/// Asks once; the call is still to be settled by whoever reads the answer.
pub(super) async fn chat(
    runtime: &Runtime,
    question: &Question,
    talk: &mut Talk,
    patience: &mut Patience,
) -> Result<(ChatReply, OpenCall<Runtime>), Fault> {
    // Taken once: a provider that is chosen meanwhile neither answers nor gives its name and price to this call.
    let all = &runtime.parts().model;
    let (taken, fallback) = (all.behind(question.role), all.fallback(question.role));
    let model = taken.as_deref().unwrap_or_else(|| all.as_ref());
    // What would be refused at once needs no money set aside and no line in the ledger.
    let why = match model.health(question.role).refusal_at(runtime.now()) {
        Some(fault) => fault,
        None => match ask(runtime, question, (model, None), talk, patience).await {
            Err(fault) if HANDED_ON.contains(&fault.code.as_str()) => fault,
            ended => return ended,
        },
    };
    let Some(fallback) = fallback else {
        return Err(why);
    };
    let instead = (fallback.as_ref(), Some((model, &why)));
    if fallback
        .health(question.role)
        .refusal_at(runtime.now())
        .is_some()
    {
        return Err(why);
    }
    match ask(runtime, question, instead, talk, patience).await {
        Ok(answered) => Ok(answered),
        // What the provider's failure means for the step stays so: who waits for it loses no try by the other one.
        Err(fault) => {
            let name = fallback.info(question.role).model;
            Err(Fault {
                message: format!(
                    "{} {name} was to answer instead: {}",
                    why.message, fault.message
                ),
                ..why
            })
        }
    }
}

/// Asks this model; `instead` names the one that should have answered, and why it does not.
async fn ask(
    runtime: &Runtime,
    question: &Question,
    (model, instead): (&dyn ChatModel, Option<(&dyn ChatModel, &Fault)>),
    talk: &mut Talk,
    patience: &mut Patience,
) -> Result<(ChatReply, OpenCall<Runtime>), Fault> {
    let mut call = OpenCall::reserve(
        runtime,
        model,
        question.tenant,
        &question.account,
        (&talk.request, talk.read),
        patience,
    )
    .await?;
    let info = model.info(question.role);
    let name = format!("chat {}", info.model);
    let mut span = runtime
        .tracer()
        .open(question.tenant, question.trace, SpanKind::Model, &name);
    span.set("gen_ai.operation.name", "chat");
    span.set("gen_ai.provider.name", info.provider);
    span.set("gen_ai.request.model", info.model);
    span.set("chimera.ask", question.ask.word());
    span.set("chimera.rehearsal", info.rehearsal);
    if let Some((chosen, why)) = instead {
        let chosen = chosen.info(question.role);
        span.set(
            "chimera.fallback.for",
            format!("{}/{}", chosen.provider, chosen.model),
        );
        span.set("chimera.fallback.code", why.code.clone());
        span.set("chimera.fallback.because", why.message.clone());
    }
    span.asked(&talk.request, &mut talk.kept);
    match call.ask(model, &talk.request).await {
        Ok(reply) => {
            span.set("gen_ai.response.model", reply.model.clone());
            span.set("gen_ai.usage.input_tokens", reply.usage.input);
            span.set("gen_ai.usage.output_tokens", reply.usage.output);
            span.set("chimera.usage.estimated", reply.usage.estimated);
            if let Some(cost) = call.cost(&reply) {
                span.set("chimera.cost_usd", cost.to_string());
            }
            span.answered(&reply);
            span.end(SpanStatus::Ok);
            Ok((reply, call))
        }
        Err(error) => {
            span.fail(&error.fault.code, &error.fault.message);
            call.failed(&error).await;
            Err(error.fault)
        }
    }
}
