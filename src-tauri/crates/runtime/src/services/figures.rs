//! Reads the figures of published posts back from their networks and stores them (S4 `engagement`, PER-13).
//!
//! A figure that a network does not give stays unknown (C48). Never here: acting on the outside; a server whose tool
//! for it does more than read is not asked.

use std::{collections::HashSet, time::Duration};

use chimera_domain::{
    id::{EngagementId, PublicationId, TenantId},
    publication::{Engagement, Publication},
    time::{Span, Timestamp},
    trace::TraceContext,
};
use tokio::{sync::Semaphore, task::JoinSet};
use tracing::{debug, warn};

use crate::{error::RuntimeError, runtime::Runtime};
use chimera_skills::figures::{Answer, Network};

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Posts of one tenant that are read in one round; those due longest come first.
const POSTS_PER_ROUND: u32 = 32;
/// Tenants whose posts are read at once, so that one tenant's slow network does not hold up the others.
const TENANTS_AT_ONCE: usize = 4;
/// Shortest time between two readings of one post.
const READ_EVERY: Span = Span::seconds(60);
/// Shortest time until a post is tried again whose network gave nothing.
const TRY_AGAIN: Span = Span::seconds(5 * 60);
/// A reading waits for this part of the post's age: figures move less and less, and rows stay few.
const AGE_PARTS: u64 = 8;
/// How long a post is followed.
const FOLLOWED: Span = Span::seconds(7 * 24 * 60 * 60);

/// Reads figures until shutdown.
pub(crate) async fn follow(runtime: Runtime) {
    loop {
        tokio::select! {
            () = runtime.cancel().cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if let Err(error) = round(&runtime).await {
            warn!(%error, "figures cannot be read now; it is tried again");
        }
    }
}

/// One look at every tenant that is not stopped.
async fn round(runtime: &Runtime) -> Result<(), RuntimeError> {
    let free = std::sync::Arc::new(Semaphore::new(TENANTS_AT_ONCE));
    let mut running = JoinSet::new();
    for tenant in runtime.parts().store.tenants().await? {
        let (runtime, free) = (runtime.clone(), free.clone());
        running.spawn(async move {
            let Ok(_turn) = free.acquire().await else {
                return;
            };
            if let Err(error) = of_tenant(&runtime, tenant.id).await {
                warn!(tenant = %tenant.id, %error, "its figures cannot be read now; it is tried again");
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        if let Err(join) = ended {
            warn!(%join, "reading figures crashed; it is tried again");
        }
    }
    Ok(())
}

async fn of_tenant(runtime: &Runtime, tenant: TenantId) -> Result<(), RuntimeError> {
    if runtime.stops().hold(tenant) || runtime.cancel().is_cancelled() {
        return Ok(());
    }
    let store = &runtime.parts().store;
    let due = store
        .figures_due(tenant, runtime.now(), POSTS_PER_ROUND)
        .await?;
    if due.is_empty() {
        return Ok(());
    }
    let (tools, patience) = (runtime.parts().tools.clone(), runtime.bounds().tool_call);
    let network = tokio::select! {
        () = runtime.cancel().cancelled() => return Ok(()),
        network = Network::of(tools, tenant, patience) => network,
    };
    let mut taken = Taken::default();
    let mut silent = HashSet::new();
    for publication in &due {
        // What is left stays due.
        if runtime.stops().hold(tenant) || runtime.cancel().is_cancelled() {
            break;
        }
        let answer = if silent.contains(publication.platform.as_str()) {
            Answer::Silent
        } else {
            tokio::select! {
                () = runtime.cancel().cancelled() => break,
                answer = network.figures(publication, a_trace(runtime)) => answer,
            }
        };
        if matches!(answer, Answer::Silent) && silent.insert(publication.platform.as_str()) {
            debug!(publication = %publication.id, platform = %publication.platform, "its network tells no figures now");
        }
        taken.note(runtime, publication, answer);
    }
    store.add_engagement(taken.readings).await?;
    store.read_figures_next(tenant, taken.next).await?;
    Ok(())
}

/// Readings belong to no run: a run's trace ends with it.
fn a_trace(runtime: &Runtime) -> TraceContext {
    TraceContext {
        trace: runtime.parts().ids.trace(),
        span: runtime.parts().ids.span(),
    }
}

/// What one round brought. Every post that was taken up gets a next time, also one that gave nothing: or it would
/// be the longest due for ever, and stand in the way of the others.
#[derive(Default)]
struct Taken {
    readings: Vec<Engagement>,
    next: Vec<(PublicationId, Option<Timestamp>)>,
}

impl Taken {
    fn note(&mut self, runtime: &Runtime, publication: &Publication, answer: Answer) {
        let now = runtime.now();
        let least = match answer {
            Answer::Told { metrics, simulated } => {
                self.readings.push(Engagement {
                    id: EngagementId::from_uuid(runtime.parts().ids.uuid()),
                    tenant: publication.tenant,
                    publication: publication.id,
                    content: publication.content,
                    metrics,
                    simulated,
                    recorded_at: now,
                });
                READ_EVERY
            }
            Answer::Nothing | Answer::Silent => TRY_AGAIN,
        };
        let published = publication.published_at.unwrap_or(now);
        self.next
            .push((publication.id, next_look(published, now, least)));
    }
}

/// When a post is read next after `now`; never again once it was followed long enough.
fn next_look(published: Timestamp, now: Timestamp, least: Span) -> Option<Timestamp> {
    let age = now.since(published);
    if age >= FOLLOWED {
        return None;
    }
    let part = Span::millis(u64::try_from(age.micros() / 1_000).unwrap_or_default() / AGE_PARTS);
    Some(now + part.max(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_young_post_is_read_each_minute_an_old_one_seldom_and_a_very_old_one_never_again() {
        let published = Timestamp::from_seconds(0);
        let at = Timestamp::from_seconds;
        for (now, least, expected) in [
            (0, READ_EVERY, Some(60)),
            (480, READ_EVERY, Some(540)),
            (960, READ_EVERY, Some(1_080)),
            (86_400, READ_EVERY, Some(86_400 + 10_800)),
            (60, TRY_AGAIN, Some(360)),
            (86_400, TRY_AGAIN, Some(86_400 + 10_800)),
            (604_799, READ_EVERY, Some(604_799 + 75_599)),
            (604_800, READ_EVERY, None),
            (604_800, TRY_AGAIN, None),
        ] {
            let next = next_look(published, at(now), least);
            let seconds = next.map(|at| at.micros() / 1_000_000);
            assert_eq!(seconds, expected, "{now}");
        }
    }
}
