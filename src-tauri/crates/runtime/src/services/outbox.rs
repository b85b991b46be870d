//! The outbox executor: the only caller of side-effecting tools (architecture §3 rule 1).
//!
//! Every effect is decided, held, re-checked and marked as leaving before its call is made; the call carries
//! the intent key. Never here: a decision.

use chimera_crew::{Crashed, Crew};
use chimera_domain::{
    action::{Effect, Grant, Receipt},
    change::Board,
    fault::{Fault, FaultClass},
    id::EffectId,
    role::Actor,
    time::{Span, Timestamp},
};
use chimera_engine::Command;
use chimera_ports::{
    store::Due,
    tools::{Outcome, ToolError, ToolInfo, ToolReply, ToolRequest},
};
use serde_json::Value;
use tracing::{debug, error, info, warn};

use super::last_look;
use crate::{
    act::{ActError, Acted},
    error::RuntimeError,
    runtime::Runtime,
};

/// Effects looked at in one round.
const ROUND: u32 = 64;
/// Pause before an action is looked at again whose server is away.
const UNREACHABLE_PAUSE: Span = Span::seconds(15);
/// What a server says that has no room to write down what it does.
const DISK_FULL: &str = "SANDBOX_DISK_FULL";
/// Pause before it is asked again, in milliseconds.
const ROOM_LOOKED_FOR_MS: u64 = 5_000;
/// Length of a day.
const DAY: Span = Span::seconds(86_400);

/// After a restart: whatever was leaving may have left.
pub(crate) async fn recover(runtime: &Runtime) -> Result<(), RuntimeError> {
    // The only process: whatever is leaving is stuck, also what began "later" than now by a clock that was set back.
    let horizon = if runtime.bounds().sole_process {
        runtime.now() + Span::seconds(u32::MAX)
    } else {
        runtime.now()
    };
    // Round by round: what is settled is stuck no longer, and a round that settles nothing is the last.
    loop {
        let stuck = runtime.parts().store.stuck_effects(horizon, ROUND).await?;
        if recover_round(runtime, stuck).await? == 0 {
            return Ok(());
        }
    }
}

/// Settles what was leaving; answers how much of it could be settled.
async fn recover_round(
    runtime: &Runtime,
    stuck: Vec<Due<EffectId>>,
) -> Result<usize, RuntimeError> {
    let mut settled = 0;
    for due in stuck {
        let message = "Chimera was stopped while this was leaving.";
        settled += usize::from(interrupted(runtime, due, message).await?);
    }
    Ok(settled)
}

/// Nobody knows whether what was leaving has left: asked for by its key where that can be done, or given to a person.
async fn interrupted(
    runtime: &Runtime,
    due: Due<EffectId>,
    message: &str,
) -> Result<bool, RuntimeError> {
    let board = runtime.parts().store.board(due.tenant, due.task).await?;
    let asks_by_key = match &board.effect {
        Some(effect) => asks_by_key(runtime, effect).await,
        None => false,
    };
    let command = Command::FailEffect {
        effect: due.id,
        fault: Fault::new(FaultClass::Transient, "INTERRUPTED", message),
        certainly_not_performed: false,
        asks_by_key,
        jitter: 0,
    };
    let actor = Actor::system("outbox");
    match runtime.act(due.tenant, due.task, actor, command).await {
        Ok(_) => Ok(true),
        // It had not begun to leave: it is looked at again.
        Err(ActError::Refused(refusal)) => {
            debug!(effect = %due.id, %refusal, "nothing to reconcile");
            Ok(false)
        }
        Err(error) => {
            error!(effect = %due.id, %error, "an interrupted action could not be reconciled; it is not sent");
            Ok(false)
        }
    }
}

/// Sends what is due until shutdown.
pub(crate) async fn send(runtime: Runtime) {
    let mut crew = Crew::of(runtime.bounds().senders);
    let mut pulse = runtime.pulse();
    while !runtime.cancel().is_cancelled() {
        pulse.look();
        for crashed in crew.ended() {
            sender_crashed(&runtime, crashed).await;
        }
        let mut begun = 0;
        // Unreadable stop state counts as stopped (architecture §3 rule 10).
        runtime.look_at_stops().await;
        match runtime
            .parts()
            .store
            .due_effects(runtime.now(), ROUND)
            .await
        {
            Ok(due) => {
                for due in due {
                    if crew.has(due.id) || runtime.stops().hold(due.tenant) {
                        continue;
                    }
                    // One whose server asks a person something stands still, and keeps nobody else's action back.
                    let asking = crew.count(|effect| runtime.parts().tools.is_asking(effect));
                    if crew.free() + asking == 0 {
                        break;
                    }
                    begun += 1;
                    let runtime = runtime.clone();
                    crew.begin(due, async move { perform(&runtime, due).await });
                }
            }
            Err(error) => error!(%error, "due actions cannot be read; nothing is sent"),
        }
        if begun == 0 {
            tokio::select! {
                () = runtime.rest(&mut pulse) => {}
                crashed = crew.next_ended() => {
                    if let Some(crashed) = crashed {
                        sender_crashed(&runtime, crashed).await;
                    }
                }
            }
        }
    }
    // A call that was begun is waited for: its outcome must be stored.
    while crew.busy() > 0 {
        if let Some(crashed) = crew.next_ended().await {
            sender_crashed(&runtime, crashed).await;
        }
    }
}

/// A sender that crashed may have sent.
async fn sender_crashed(runtime: &Runtime, crashed: Crashed<EffectId>) {
    let Crashed { due, error } = crashed;
    error!(effect = %due.id, %error, "a sender crashed; what it was sending is reconciled");
    let message = "The sender crashed while this was leaving.";
    if let Err(error) = interrupted(runtime, due, message).await {
        error!(effect = %due.id, %error, "it cannot be reconciled now; it is at the next start");
    }
}

async fn perform(runtime: &Runtime, due: Due<EffectId>) {
    let board = match runtime.parts().store.board(due.tenant, due.task).await {
        Ok(board) => board,
        Err(error) => return warn!(effect = %due.id, %error, "could not read the action"),
    };
    let Some(effect) = board.effect.clone().filter(|effect| effect.id == due.id) else {
        return;
    };
    let tool = match find_tool(runtime, &effect).await {
        Ok(tool) => tool,
        Err(fault) => return postpone_unreachable(runtime, due, &effect, &fault).await,
    };
    let Some(grant) = dispatched(runtime, due, &board, &effect, &tool).await else {
        return;
    };
    let request = ToolRequest {
        tenant: due.tenant,
        agent: None,
        words_of: None,
        tool: effect.action.tool.clone(),
        arguments: effect.action.arguments.clone(),
        trace: chimera_tracer::call_of(&effect),
        timeout: runtime.bounds().tool_call,
    };
    let answer = runtime.parts().tools.perform(request, &grant).await;
    let command = settle_command(
        runtime,
        &effect,
        answer,
        asks_by_key(runtime, &effect).await,
    );
    // The outcome must not be lost: it is stored however long that takes, or found again at the next start.
    let actor = Actor::system("outbox");
    let stored = runtime.act_until_stored(due.tenant, due.task, actor, command);
    match stored.await {
        Ok(_) => info!(effect = %due.id, tool = %effect.action.tool, "settled"),
        Err(error) => {
            error!(effect = %due.id, %error, "the outcome could not be stored; it is reconciled at the next start")
        }
    }
}

/// Looks at the effect once more and marks it as leaving; the grant is what its call needs. None: it does not leave now.
async fn dispatched(
    runtime: &Runtime,
    due: Due<EffectId>,
    board: &Board,
    effect: &Effect,
    tool: &ToolInfo,
) -> Option<Grant> {
    // One look and one dispatch at a time: two posts must not both find the account rested, and no stop is
    // stored between the look and the dispatch.
    let _gate = runtime.dispatch_gate().lock().await;
    let (cooldown_until, quota_until) = match waits(runtime, &board.campaign, effect).await {
        Ok(waits) => waits,
        Err(error) => {
            error!(effect = %due.id, %error, "cooldowns cannot be read; nothing is sent");
            return None;
        }
    };
    let barred = match last_look::barred(runtime, board, effect).await {
        Ok(barred) => barred,
        Err(error) => {
            error!(effect = %due.id, %error, "its words cannot be looked at; nothing is sent");
            return None;
        }
    };
    let command = Command::Dispatch {
        effect: due.id,
        stopped: runtime.stopped_now(due.tenant).await,
        schema_hash: tool.schema_hash,
        cooldown_until,
        quota_until,
        barred,
    };
    let actor = Actor::system("outbox");
    match runtime.act(due.tenant, due.task, actor, command).await {
        Ok(Acted { grant, .. }) => return grant,
        Err(ActError::Refused(refusal)) => debug!(effect = %due.id, %refusal, "not sent"),
        Err(error) => warn!(effect = %due.id, %error, "could not dispatch"),
    }
    None
}

fn settle_command(
    runtime: &Runtime,
    effect: &Effect,
    answer: Result<ToolReply, ToolError>,
    asks_by_key: bool,
) -> Command {
    let failed = |fault, certainly_not_performed| Command::FailEffect {
        effect: effect.id,
        fault,
        certainly_not_performed,
        asks_by_key,
        jitter: runtime.jitter(),
    };
    match answer {
        Ok(reply) if reply.is_error => {
            if let Some(fault) = without_room(&reply.content).filter(|_| asks_by_key) {
                return failed(fault, true);
            }
            let words = words(&reply.content);
            let words = words.trim_end_matches('.');
            let message = format!("{} refused: {words}.", effect.action.tool);
            // The request had left. That a failure means "not done" is known of servers that recognise a repeated key
            // alone; another one may have failed after it had acted.
            failed(
                Fault::new(FaultClass::Permanent, "TOOL_REFUSED", message),
                asks_by_key,
            )
        }
        Ok(reply) => Command::Settle {
            effect: effect.id,
            receipt: receipt(reply.content, runtime.now()),
        },
        Err(error) => failed(error.fault, error.outcome == Outcome::NotPerformed),
    }
}

/// Why a server that was asked did nothing and is asked again, with no try counted: it has no room to write down what it
/// does. What another server says of itself means nothing here.
fn without_room(content: &Value) -> Option<Fault> {
    let fault: Fault = serde_json::from_value(content.clone()).ok()?;
    (fault.code == DISK_FULL).then(|| Fault {
        retry_after_ms: Some(ROOM_LOOKED_FOR_MS),
        ..Fault::of(DISK_FULL, fault.message)
    })
}

fn receipt(raw: Value, received_at: Timestamp) -> Receipt {
    let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
    Receipt {
        post_id: text("post_id"),
        url: text("url"),
        raw,
        received_at,
    }
}

fn words(content: &Value) -> String {
    content
        .get("text")
        .and_then(Value::as_str)
        .map_or_else(|| content.to_string(), str::to_owned)
}

async fn find_tool(runtime: &Runtime, effect: &Effect) -> Result<ToolInfo, Fault> {
    let tools = runtime
        .parts()
        .tools
        .tools(effect.tenant)
        .await
        .map_err(|error| error.fault)?;
    tools
        .into_iter()
        .find(|info| info.tool == effect.action.tool)
        .ok_or_else(|| {
            let message = format!(
                "The tool {} is not there. Nothing was sent; connect its server.",
                effect.action.tool
            );
            Fault::of("MCP_SERVER_DOWN", message)
        })
}

/// The server is away: the action stays held, and is looked at again later.
async fn postpone_unreachable(
    runtime: &Runtime,
    due: Due<EffectId>,
    effect: &Effect,
    fault: &Fault,
) {
    warn!(effect = %due.id, %fault, "its server is away; the action stays held");
    let until = runtime.now() + UNREACHABLE_PAUSE;
    let command = Command::Dispatch {
        effect: due.id,
        stopped: runtime.stops().hold(due.tenant),
        schema_hash: effect.action.schema_hash,
        cooldown_until: Some(until),
        quota_until: None,
        barred: Vec::new(),
    };
    if let Err(error) = runtime
        .act(due.tenant, due.task, Actor::system("outbox"), command)
        .await
    {
        debug!(effect = %due.id, %error, "not postponed");
    }
}

/// When the account's cooldown ends, and when today's posts of the campaign are used up until.
async fn waits(
    runtime: &Runtime,
    campaign: &chimera_domain::campaign::Campaign,
    effect: &Effect,
) -> Result<(Option<Timestamp>, Option<Timestamp>), RuntimeError> {
    let store = &runtime.parts().store;
    let (now, pause) = (runtime.now(), effect.action.platform.cooldown());
    // What is dated further ahead was sent by a clock that was set back since: it would keep the account silent until
    // the clock is there again.
    let last = store
        .last_dispatch(
            effect.tenant,
            effect.action.platform,
            &effect.action.account,
            now + pause,
        )
        .await?;
    let cooldown = last.map(|last| last + pause);
    let today = now.utc_day_start();
    let sent = store
        .published_on(effect.tenant, effect.campaign, today)
        .await?;
    let quota = (sent >= campaign.max_posts_per_day).then(|| today + DAY);
    Ok((cooldown, quota))
}

/// Whether the far side recognises a repeated intent key.
async fn asks_by_key(runtime: &Runtime, effect: &Effect) -> bool {
    runtime
        .parts()
        .tools
        .asks_by_key(effect.tenant, &effect.action.tool)
        .await
}
