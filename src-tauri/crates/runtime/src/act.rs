//! Load, decide, commit, and again when somebody else was first (ORC-06).
//!
//! Never here: what to ask for.

use std::sync::Arc;

use chimera_domain::{
    action::Grant,
    campaign::Campaign,
    change::{Board, ChangeSet, Committed},
    id::{CampaignId, TaskId, TenantId},
    role::Actor,
};
use chimera_engine::{CampaignCommand, Command, Given, Refusal, decide, decide_campaign};
use chimera_policy::Policy;
use chimera_ports::error::PortError;
use chimera_replay::{Decision, Line, Outcome, Recorder, Subject};

use chimera_guard::mask_records;

use crate::{error::RuntimeError, runtime::Runtime};

/// What came of a command.
pub(crate) struct Acted {
    /// What the engine wanted stored, and was.
    pub(crate) set: ChangeSet,
    /// What the board was before.
    pub(crate) before: Board,
    /// Leave to perform, for a dispatch.
    pub(crate) grant: Option<Grant>,
}

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] PortError),
    #[error(transparent)]
    Policy(RuntimeError),
}

impl From<ActError> for RuntimeError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Refused(refusal) => refusal.into(),
            ActError::Store(error) => error.into(),
            ActError::Policy(error) => error,
        }
    }
}

/// A decision on its way into the recording.
struct Heard {
    recorder: Arc<Recorder>,
    subject: Subject,
    given: chimera_replay::Given,
}

impl Heard {
    fn of(recorder: &Arc<Recorder>, subject: Subject, given: chimera_replay::Given) -> Self {
        Self {
            recorder: recorder.clone(),
            subject,
            given,
        }
    }

    fn tell(self, outcome: Outcome) {
        let decision = Decision {
            subject: self.subject,
            given: self.given,
            outcome,
        };
        self.recorder.record(&Line::Decided(Box::new(decision)));
    }
}

fn refused(heard: Option<Heard>, refusal: Refusal) -> ActError {
    if let Some(heard) = heard {
        heard.tell(Outcome::Refused {
            words: refusal.to_string(),
        });
    }
    refusal.into()
}

fn tell(heard: Option<Heard>, set: &ChangeSet, stored: bool, leave: bool) {
    if let Some(heard) = heard {
        heard.tell(Outcome::Decided {
            set: Box::new(set.clone()),
            stored,
            leave,
        });
    }
}

impl Runtime {
    /// Asks a command of a task. A conflict re-reads the board and decides again.
    pub(crate) async fn act(
        &self,
        tenant: TenantId,
        task: TaskId,
        actor: Actor,
        command: Command,
    ) -> Result<Acted, ActError> {
        self.act_if(tenant, task, actor, command, |_| Ok(())).await
    }

    /// The same for what has happened already and must not be lost: while the store is in trouble it is asked again,
    /// until shutdown.
    pub(crate) async fn act_until_stored(
        &self,
        tenant: TenantId,
        task: TaskId,
        actor: Actor,
        command: Command,
    ) -> Result<Acted, ActError> {
        loop {
            let acted = self.act(tenant, task, actor.clone(), command.clone()).await;
            match acted {
                Err(ActError::Store(error))
                    if error.is_trouble() && !self.cancel().is_cancelled() =>
                {
                    tracing::warn!(%task, %error, "what was done cannot be stored yet; it is kept and stored later");
                }
                acted => return acted,
            }
            tokio::select! {
                () = tokio::time::sleep(self.bounds().idle) => {}
                () = self.cancel().cancelled() => {}
            }
        }
    }

    /// As [`Runtime::act`], after `check` has agreed to the board as it is at each try.
    pub(crate) async fn act_if(
        &self,
        tenant: TenantId,
        task: TaskId,
        actor: Actor,
        command: Command,
        check: impl Fn(&Board) -> Result<(), ActError> + Send + Sync,
    ) -> Result<Acted, ActError> {
        let mut last = None;
        for _ in 0..self.bounds().conflict_tries {
            let board = self.parts().store.board(tenant, task).await?;
            check(&board)?;
            // A campaign that was over goes on under the policy in force.
            let version = match &command {
                Command::Replay { policy_version, .. } => *policy_version,
                _ => board.campaign.policy_version,
            };
            let policy = self
                .policy(tenant, version)
                .await
                .map_err(ActError::Policy)?;
            let (decided, given) = self.given(&actor, &policy, |given| {
                decide(&board, command.clone(), given)
            });
            let heard = self.parts().recorder.as_ref().map(|recorder| {
                let subject = Subject::Task {
                    board: Box::new(board.clone()),
                    command: Box::new(command.clone()),
                };
                Heard::of(recorder, subject, given)
            });
            let mut decided = match decided {
                Ok(decided) => decided,
                Err(refusal) => return Err(refused(heard, refusal)),
            };
            mask_records(&mut decided.set);
            let stored = self.parts().store.commit(decided.set.clone()).await;
            tell(heard, &decided.set, stored.is_ok(), decided.grant.is_some());
            match stored {
                Ok(committed) => {
                    self.after(&decided.set, &committed);
                    return Ok(Acted {
                        set: decided.set,
                        before: board,
                        grant: decided.grant,
                    });
                }
                Err(error) if error.is_conflict() => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last
            .unwrap_or_else(|| PortError::conflict("task", task))
            .into())
    }

    /// Asks a command of a campaign.
    pub(crate) async fn act_on_campaign(
        &self,
        tenant: TenantId,
        id: CampaignId,
        actor: Actor,
        command: CampaignCommand,
        check: impl Fn(&Campaign) -> Result<(), ActError> + Send + Sync,
    ) -> Result<Campaign, ActError> {
        let mut last = None;
        for _ in 0..self.bounds().conflict_tries {
            let campaign = self.parts().store.campaign(tenant, id).await?;
            check(&campaign)?;
            let policy = self
                .policy(tenant, campaign.policy_version)
                .await
                .map_err(ActError::Policy)?;
            let (decided, given) = self.given(&actor, &policy, |given| {
                decide_campaign(&campaign, command.clone(), given)
            });
            let heard = self.parts().recorder.as_ref().map(|recorder| {
                let subject = Subject::Campaign {
                    campaign: Box::new(campaign.clone()),
                    command: Box::new(command.clone()),
                };
                Heard::of(recorder, subject, given)
            });
            let mut set = match decided {
                Ok(set) => set,
                Err(refusal) => return Err(refused(heard, refusal)),
            };
            mask_records(&mut set);
            let stored = self.parts().store.commit(set.clone()).await;
            tell(heard, &set, stored.is_ok(), false);
            match stored {
                Ok(committed) => {
                    self.after(&set, &committed);
                    return Ok(set.campaign.unwrap_or(campaign));
                }
                Err(error) if error.is_conflict() => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last
            .unwrap_or_else(|| PortError::conflict("campaign", id))
            .into())
    }

    fn given<T>(
        &self,
        actor: &Actor,
        policy: &Policy,
        decide: impl FnOnce(&mut Given<'_>) -> T,
    ) -> (T, chimera_replay::Given) {
        let source = &self.parts().ids;
        let (now, mut ids) = (self.now(), Vec::new());
        let mut mint = || {
            let id = source.uuid();
            ids.push(id);
            id
        };
        let mut given = Given {
            now,
            actor: actor.clone(),
            policy,
            mint: &mut mint,
        };
        let decided = decide(&mut given);
        let given = chimera_replay::Given {
            now,
            actor: actor.clone(),
            policy: policy.clone(),
            ids,
        };
        (decided, given)
    }

    fn after(&self, set: &ChangeSet, committed: &Committed) {
        self.tracer().follow(set);
        self.announce(committed.last_seq);
    }
}
