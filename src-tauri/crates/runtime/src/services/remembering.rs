//! Writes what happened into agents' memory: what was published, what people and judges decided and why, what
//! was read and drafted (COG-06, COG-09).
//!
//! It follows the event log behind everything else, and remembers how far it came; what it writes has an id of what
//! happened, so that whatever is gone through twice after a crash is remembered once. Personal data is masked (COG-15).
//! Never here: what is worth remembering (`skills::memory::outcome`).

use chimera_domain::{
    event::Fact,
    fault::Fault,
    id::{AgentId, ReviewId, TaskId, TenantId},
    memory::Owner,
    review::ReviewState,
    trace::TraceContext,
};
use chimera_guard::redact;
use chimera_ports::error::PortError;
use chimera_skills::memory::{AgentMemory, ToRemember, outcome};
use serde_json::{Value, json};
use tracing::debug;

use crate::{judging::text_of, runtime::Runtime};

/// Setting under which it is kept how far the log was followed.
const FOLLOWED: &str = "memory.followed";
/// Events of one look.
const ROUND: u32 = 256;

/// Follows the log until shutdown.
pub(crate) async fn follow(runtime: Runtime) {
    let mut pulse = runtime.pulse();
    while !runtime.cancel().is_cancelled() {
        pulse.look();
        match round(&runtime).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => {
                debug!(%error, "what happened cannot be remembered now; it is tried again")
            }
        }
        runtime.rest(&mut pulse).await;
    }
}

/// One look at every tenant's log; answers how many events were gone through.
async fn round(runtime: &Runtime) -> Result<usize, PortError> {
    let mut gone_through = 0;
    for tenant in runtime.parts().store.tenants().await? {
        gone_through += of_tenant(runtime, tenant.id).await?;
    }
    Ok(gone_through)
}

async fn of_tenant(runtime: &Runtime, tenant: TenantId) -> Result<usize, PortError> {
    let store = &runtime.parts().store;
    let followed = store.setting(tenant, FOLLOWED).await?;
    let followed = followed.as_ref().and_then(Value::as_u64).unwrap_or(0);
    let events = store.events_after(tenant, followed, ROUND).await?;
    let Some(last) = events.last().map(|event| event.seq) else {
        return Ok(0);
    };
    for event in &events {
        if runtime.cancel().is_cancelled() {
            return Ok(0);
        }
        let Some((agent, what)) = happened(runtime, tenant, &event.fact).await? else {
            continue;
        };
        if let Err(fault) = remember(runtime, Owner { tenant, agent }, what).await {
            if fault.class.is_retryable() {
                return Err(PortError::Internal(fault.to_string()));
            }
            // It will not be taken later either; the rest goes on.
            tracing::warn!(%fault, "something that happened was not remembered");
        }
    }
    store
        .put_setting(tenant, FOLLOWED, json!(last), Vec::new())
        .await?;
    Ok(events.len())
}

/// What an event says that is worth remembering, and by whom.
async fn happened(
    runtime: &Runtime,
    tenant: TenantId,
    fact: &Fact,
) -> Result<Option<(AgentId, ToRemember)>, PortError> {
    match fact {
        Fact::EffectChanged { effect, state, .. } if state == "sent" => {
            let effect = runtime.parts().store.effect(tenant, *effect).await?;
            Ok(outcome::published(&effect).map(|what| (effect.agent, what)))
        }
        Fact::ReviewChanged { review, state, .. }
            if ["approved", "edited", "rejected"].contains(&state.as_str()) =>
        {
            decided(runtime, tenant, *review).await
        }
        Fact::TaskChanged { task, state, .. } if state == "completed" => {
            done(runtime, tenant, *task).await
        }
        // Where the judge leaves what it sends back.
        Fact::TaskChanged { task, state, .. } if ["ready", "failed"].contains(&state.as_str()) => {
            sent_back(runtime, tenant, *task).await
        }
        _ => Ok(None),
    }
}

async fn sent_back(
    runtime: &Runtime,
    tenant: TenantId,
    task: TaskId,
) -> Result<Option<(AgentId, ToRemember)>, PortError> {
    let store = &runtime.parts().store;
    let mut task = store.task(tenant, task).await?;
    // Words of it become tags.
    if let Some(reason) = task.guidance.last_mut() {
        *reason = redact(reason);
    }
    // Nearly always it is not the judge's: then what was made is not read.
    if outcome::sent_back(&task, &[]).is_none() {
        return Ok(None);
    }
    let made = store.artifacts(tenant, task.id).await?;
    Ok(outcome::sent_back(&task, &made).map(|what| (task.agent, what)))
}

async fn decided(
    runtime: &Runtime,
    tenant: TenantId,
    review: ReviewId,
) -> Result<Option<(AgentId, ToRemember)>, PortError> {
    let store = &runtime.parts().store;
    let mut review = store.review(tenant, review).await?;
    // Words of it become tags.
    review.content_preview.text = redact(&review.content_preview.text);
    let edited = if review.state == ReviewState::Edited {
        let made = store.artifacts(tenant, review.task_id).await?;
        made.iter()
            .filter(|artifact| artifact.edited_from == Some(review.artifact_id))
            .max_by_key(|artifact| artifact.created_at)
            .map(text_of)
    } else {
        None
    };
    let what = outcome::decided(&review, edited.as_deref());
    Ok(what.map(|what| (review.agent_id, what)))
}

async fn done(
    runtime: &Runtime,
    tenant: TenantId,
    task: TaskId,
) -> Result<Option<(AgentId, ToRemember)>, PortError> {
    let store = &runtime.parts().store;
    let task = store.task(tenant, task).await?;
    let Some(artifact) = task.artifact else {
        return Ok(None);
    };
    let artifact = store.artifact(tenant, artifact).await?;
    Ok(outcome::done(&task, &artifact).map(|what| (task.agent, what)))
}

async fn remember(runtime: &Runtime, owner: Owner, what: ToRemember) -> Result<(), Fault> {
    let (tools, patience) = (runtime.parts().tools.clone(), runtime.bounds().tool_call);
    // It belongs to no run: a run's trace ends with it.
    let trace = TraceContext {
        trace: runtime.parts().ids.trace(),
        span: runtime.parts().ids.span(),
    };
    let what = ToRemember {
        text: redact(&what.text),
        ..what
    };
    AgentMemory::of(tools, owner, patience)
        .remember(what, trace)
        .await
}
