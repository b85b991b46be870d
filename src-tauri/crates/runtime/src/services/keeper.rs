//! The keeper of times: leases that lapse, reviews that expire, deadlines that pass, campaigns that are done.

use chimera_domain::{
    id::{TaskId, TenantId},
    retention::{self, Holding, Retention},
    role::Actor,
    time::Span,
};
use chimera_engine::{CampaignCommand, Command};
use tracing::{debug, error};

use crate::{act::ActError, error::RuntimeError, runtime::Runtime};

/// Rows looked at in one round.
const ROUND: u32 = 256;
/// Pause between two times of forgetting.
const FORGET_EVERY: Span = Span::seconds(60 * 60);

/// After a restart of the only process: nobody holds anything any more, so no lease is waited for.
pub(crate) async fn recover(runtime: &Runtime) -> Result<(), RuntimeError> {
    if !runtime.bounds().sole_process {
        return Ok(());
    }
    let lost = runtime.parts().ledger.settle_lost(runtime.now()).await?;
    if lost > 0 {
        tracing::info!(
            calls = lost,
            "model calls of a former process are written as lost"
        );
    }
    // Far enough ahead that every lease has ended by then.
    let horizon = runtime.now() + Span::seconds(u32::MAX);
    let mut freed = 0;
    // Round by round: what is freed has no lease any more, and a round that frees nothing is the last.
    loop {
        let mut now_freed = 0;
        for due in runtime.parts().store.lapsed_tasks(horizon, ROUND).await? {
            let command = Command::LapseLease {
                holder_is_gone: true,
            };
            now_freed += ask(runtime, due.tenant, due.task, command).await;
        }
        if now_freed == 0 {
            break;
        }
        freed += now_freed;
    }
    if freed > 0 {
        tracing::info!(tasks = freed, "tasks of a former process run again");
    }
    Ok(())
}

/// Keeps times until shutdown.
pub(crate) async fn keep(runtime: Runtime) {
    let mut pulse = runtime.pulse();
    let mut forgets_at = runtime.now();
    while !runtime.cancel().is_cancelled() {
        pulse.look();
        if runtime.now() >= forgets_at {
            forgets_at = runtime.now() + FORGET_EVERY;
            if let Err(error) = forget(&runtime).await {
                error!(%error, "what ended long ago cannot be forgotten now; it is tried again");
            }
        }
        if let Some(trouble) = runtime.parts().store.trouble()
            && let Err(error) = runtime.parts().store.try_out().await
        {
            tracing::debug!(?trouble, %error, "the store cannot be written yet");
        }
        match round(&runtime).await {
            Ok(0) => runtime.rest(&mut pulse).await,
            Ok(_) => {}
            Err(error) => {
                error!(%error, "times cannot be kept now");
                runtime.rest(&mut pulse).await;
            }
        }
    }
}

/// Forgets sessions and answers that nobody can use any more, after as long as the tenant chose.
async fn forget(runtime: &Runtime) -> Result<(), RuntimeError> {
    let store = &runtime.parts().store;
    let now = runtime.now();
    for tenant in store.tenants().await? {
        let chosen = store.setting(tenant.id, retention::SETTING).await?;
        let chosen: Retention = match chosen.map(serde_json::from_value).transpose() {
            Ok(chosen) => chosen.unwrap_or_default(),
            Err(error) => {
                // A default must not take the place of a choice.
                error!(%error, "how long data are kept cannot be read; nothing is forgotten");
                continue;
            }
        };
        let before = |holding| chosen.before(holding, now);
        if let (Some(sessions), Some(answers)) =
            (before(Holding::Sessions), before(Holding::Answers))
        {
            store.forget(tenant.id, sessions, answers).await?;
        }
    }
    Ok(())
}

/// One look at everything; returns how much was done.
async fn round(runtime: &Runtime) -> Result<usize, RuntimeError> {
    let store = &runtime.parts().store;
    let now = runtime.now();
    let mut done = 0;
    for due in store.lapsed_tasks(now, ROUND).await? {
        done += ask(
            runtime,
            due.tenant,
            due.task,
            Command::LapseLease {
                holder_is_gone: false,
            },
        )
        .await;
    }
    for due in store.expired_reviews(now, ROUND).await? {
        done += ask(
            runtime,
            due.tenant,
            due.task,
            Command::ExpireReview { review: due.id },
        )
        .await;
    }
    for due in store.overdue_tasks(now, ROUND).await? {
        done += ask(runtime, due.tenant, due.task, Command::TimeOut).await;
    }
    for (tenant, campaign) in store.spent_campaigns(ROUND).await? {
        let ending = store.ending(tenant, campaign).await?;
        let command = CampaignCommand::Finish { ending };
        let finished = runtime
            .act_on_campaign(tenant, campaign, Actor::system("keeper"), command, |_| {
                Ok(())
            })
            .await;
        match finished {
            Ok(campaign) => {
                runtime.end_run(&campaign);
                done += 1;
            }
            Err(error) => debug!(%campaign, %error, "not finished"),
        }
    }
    Ok(done)
}

async fn ask(runtime: &Runtime, tenant: TenantId, task: TaskId, command: Command) -> usize {
    match runtime
        .act(tenant, task, Actor::system("keeper"), command)
        .await
    {
        Ok(_) => 1,
        Err(ActError::Refused(refusal)) => {
            debug!(%task, %refusal, "not due after all");
            0
        }
        Err(error) => {
            error!(%task, %error, "could not keep a time");
            0
        }
    }
}
