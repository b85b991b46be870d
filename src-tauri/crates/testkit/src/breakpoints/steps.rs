//! Every step that is persisted or acts, by name.
//!
//! Never here: a list that has to be kept by hand. The compiler asks for each new command and each new method.

use std::fmt;

use chimera_domain::{
    change::{Change, ChangeSet},
    task::TaskState,
};
use chimera_engine::{CampaignCommand, Command};

/// An enum that knows all of its names.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "each is named as what it stands for")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}

named! {
    /// A command of the engine whose outcome is committed; those of a campaign end in its name.
    Transition {
        Assign Renew Record Fail TakeJudgement Judge Resolve ExpireReview Undo Dispatch Settle FailEffect Reconcile
        Replan HandBack LapseLease Replay TimeOut Cancel
        StartCampaign AmendCampaign PauseCampaign ResumeCampaign CancelCampaign FinishCampaign
    }
}

named! {
    /// A write of the store besides commits.
    Write {
        ControlAgent CreateCampaign SavePlan
        ReadFiguresNext AddEngagement SaveTrends SaveTrendClusters
        Reserve Settle SettleLost
        Append AcknowledgeAlert BeginAnswer DropKey RememberAnswer Forget
        CreateTenant RenameTenant CreateUser UpdateUser CreateSession ReplaceSessions RevokeSession UseSession EndSessions
        CreateAgent AddPersonaVersion
        ClaimReview
        PutSetting AddPolicy
        AddServer ChangeServer RemoveServer
        Prune ErasePerson
        Seal Cut
        Remember KeepVectors ForgetMemory
    }
}

/// A step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// A transition is committed.
    Commit(Transition),
    /// Something else is written.
    Write(Write),
    /// An action is performed outside.
    Perform,
}

impl Step {
    /// Every step there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let commits = Transition::ALL.iter().copied().map(Self::Commit);
        let writes = Write::ALL.iter().copied().map(Self::Write);
        commits.chain(writes).chain([Self::Perform])
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

impl Transition {
    /// The transition that a command asks for. A command that is new does not compile here until it is a step.
    #[must_use]
    pub const fn of(command: &Command) -> Self {
        match command {
            Command::Assign { .. } => Self::Assign,
            Command::Renew { .. } => Self::Renew,
            Command::Record { .. } => Self::Record,
            Command::Fail { .. } => Self::Fail,
            Command::TakeJudgement { .. } => Self::TakeJudgement,
            Command::Judge { .. } => Self::Judge,
            Command::Resolve { .. } => Self::Resolve,
            Command::ExpireReview { .. } => Self::ExpireReview,
            Command::Undo { .. } => Self::Undo,
            Command::Dispatch { .. } => Self::Dispatch,
            Command::Settle { .. } => Self::Settle,
            Command::FailEffect { .. } => Self::FailEffect,
            Command::Reconcile { .. } => Self::Reconcile,
            Command::Replan { .. } => Self::Replan,
            Command::HandBack { .. } => Self::HandBack,
            Command::LapseLease { .. } => Self::LapseLease,
            Command::Replay { .. } => Self::Replay,
            Command::TimeOut => Self::TimeOut,
            Command::Cancel { .. } => Self::Cancel,
        }
    }

    /// The same of a command of a campaign.
    #[must_use]
    pub const fn of_campaign(command: &CampaignCommand) -> Self {
        match command {
            CampaignCommand::Start { .. } => Self::StartCampaign,
            CampaignCommand::Amend { .. } => Self::AmendCampaign,
            CampaignCommand::Pause => Self::PauseCampaign,
            CampaignCommand::Resume => Self::ResumeCampaign,
            CampaignCommand::Cancel { .. } => Self::CancelCampaign,
            CampaignCommand::Finish { .. } => Self::FinishCampaign,
        }
    }

    /// Which transition wrote a set, by what it records.
    ///
    /// # Panics
    /// When no transition is known to write such a set: then this has to learn of it.
    #[must_use]
    pub fn behind(set: &ChangeSet) -> Self {
        let recorded = set.changes.iter().find_map(|change| match change {
            Change::Audit(record) => Some(record.action.as_str()),
            _ => None,
        });
        let calls_all_off = set
            .changes
            .iter()
            .any(|change| matches!(change, Change::CancelCampaignTasks(_)));
        match recorded {
            Some("campaign.start") => Self::StartCampaign,
            Some("campaign.amend") => Self::AmendCampaign,
            Some("campaign.pause") => Self::PauseCampaign,
            Some("campaign.resume") => Self::ResumeCampaign,
            Some("campaign.cancel") if calls_all_off => Self::CancelCampaign,
            Some("campaign.cancel" | "campaign.finish" | "campaign.fail") => Self::FinishCampaign,
            Some("campaign.replan") => Self::Replan,
            Some("task.lapse") => Self::LapseLease,
            Some("task.replay") => Self::Replay,
            Some("task.retry" | "task.fail") => Self::Fail,
            Some("task.record") => Self::Record,
            Some("task.invalidate") if ended(set).is_some() => Self::Record,
            Some("task.judge" | "task.invalidate") => Self::Judge,
            Some("review.approve" | "review.edit" | "review.reject" | "review.escalate") => {
                Self::Resolve
            }
            Some("review.expire") => Self::ExpireReview,
            Some("effect.undo") => Self::Undo,
            Some("effect.settle") => Self::Settle,
            Some("effect.reconcile") => Self::Reconcile,
            Some("effect.retry" | "effect.fail" | "effect.unclear") => Self::FailEffect,
            Some("effect.dispatch" | "effect.wait") => Self::Dispatch,
            // What waited for a task is taken back before the task is called off.
            Some("effect.void" | "review.withdraw" | "task.cancel" | "task.time_out") => {
                called_off(set)
            }
            None => unrecorded(set),
            Some(other) => panic!("no transition is known to record {other}: {set:#?}"),
        }
    }
}

fn ended(set: &ChangeSet) -> Option<&str> {
    set.changes.iter().find_map(|change| match change {
        Change::Attempt(attempt) if attempt.ended_at.is_some() => Some(attempt.outcome.as_str()),
        _ => None,
    })
}

fn called_off(set: &ChangeSet) -> Transition {
    let records = |action: &str| {
        set.changes
            .iter()
            .any(|change| matches!(change, Change::Audit(record) if record.action == action))
    };
    if records("task.time_out") {
        Transition::TimeOut
    } else if records("task.cancel") {
        Transition::Cancel
    } else {
        Transition::Dispatch
    }
}

/// What leaves no record: it only says who holds the task.
fn unrecorded(set: &ChangeSet) -> Transition {
    if let Some(outcome) = ended(set) {
        assert_eq!(outcome, "handed_back", "{set:#?}");
        return Transition::HandBack;
    }
    let begins = set
        .changes
        .iter()
        .any(|change| matches!(change, Change::Attempt(_)));
    match set.task.as_ref().map(|task| &task.state) {
        Some(TaskState::Working { .. }) if begins => Transition::Assign,
        Some(TaskState::Working { .. }) => Transition::Renew,
        Some(TaskState::Judging {
            lease_until: Some(_),
            ..
        }) if set.changes.is_empty() => Transition::TakeJudgement,
        Some(TaskState::Judging {
            lease_until: Some(_),
            ..
        }) => Transition::HandBack,
        Some(TaskState::Judging {
            lease_until: None, ..
        }) => Transition::LapseLease,
        _ => panic!("no transition is known to write {set:#?}"),
    }
}
