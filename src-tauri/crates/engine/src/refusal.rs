//! Why the engine refuses a command. A refusal changes nothing.

use chimera_domain::{agent::Control, campaign::CampaignStatus, time::Timestamp, verdict::Finding};

/// Why a command was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The task stands elsewhere.
    #[error("the task is {found}, and {command} needs it to be {needed}; nothing was changed")]
    WrongState {
        /// What was asked.
        command: &'static str,
        /// Where it would have to stand.
        needed: &'static str,
        /// Where it stands.
        found: &'static str,
    },
    /// The campaign does not allow it now.
    #[error("the campaign is {}, so {command} has to wait; nothing was changed", .found.as_str())]
    CampaignNot {
        /// What was asked.
        command: &'static str,
        /// How the campaign stands.
        found: CampaignStatus,
    },
    /// The agent may not work now.
    #[error("the agent is {}, so {command} has to wait; nothing was changed", .found.as_str())]
    AgentNot {
        /// What was asked.
        command: &'static str,
        /// Whether it may work.
        found: Control,
    },
    /// Everything is stopped, or nobody can tell whether it is.
    #[error("everything is stopped; nothing was sent")]
    Stopped,
    /// Its time has not come.
    #[error("not before {until}; nothing was changed")]
    TooEarly {
        /// When it may be.
        until: Timestamp,
    },
    /// Somebody else holds it by now.
    #[error("the lease belongs to another attempt by now; this result counts no more")]
    LeaseLost,
    /// The decision is about something else than what is there.
    #[error(
        "what you saw is no longer what would run; look at it again and decide again. Nothing was sent"
    )]
    DigestMismatch,
    /// It was decided already.
    #[error("this review was settled already ({0}); nothing was changed")]
    AlreadySettled(&'static str),
    /// Its time is over.
    #[error("this review expired at {at}; expiry denies, nothing was sent")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// The action was begun.
    #[error("the action was begun and may have left already; nothing was taken back")]
    UndoOver,
    /// Policy or safety blocks an edit.
    #[error("the edit cannot go out: {}", .findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join(" "))]
    EditBlocked {
        /// What was found.
        findings: Vec<Finding>,
    },
    /// A plan that cannot start.
    #[error(transparent)]
    Plan(#[from] crate::plan::PlanError),
    /// A record that the command needs is not on the board.
    #[error("the {0} that this needs is missing; nothing was changed")]
    Missing(&'static str),
    /// Arguments that have no canonical form.
    #[error("the action's arguments cannot be digested: {0}; nothing was changed")]
    Undigestible(String),
    /// The plan was changed on grounds that no longer hold.
    #[error(
        "the campaign changed while another plan was sought; the plan stays as it is, and the planner is asked again"
    )]
    PlanOutdated,
    /// A step that was given up cannot be done again.
    #[error("it cannot be done again: {0}; nothing was changed")]
    NoReplay(&'static str),
    /// It would change nothing.
    #[error("it is {0} already; nothing was changed")]
    NoChange(&'static str),
}
