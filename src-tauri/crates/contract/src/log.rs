//! What was recorded: audit records, alerts, incidents.
//!
//! Never here: events to resume from (`event`).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    event::Actor,
    scalar::{Id, Time},
};

/// How an audited act ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditStatus {
    /// It took effect.
    Success,
    /// It did not.
    Failure,
    /// It is not known yet.
    Pending,
}

/// What a record is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A task: a draft, a report, a post on its way.
    Task,
    /// A campaign.
    Campaign,
    /// An agent.
    Agent,
}

/// What a record is about, by the name that it has now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its key.
    pub id: Id,
    /// Its title or name.
    pub label: String,
}

/// One audited act; data is redacted before it is stored.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AuditRecord {
    /// Key.
    pub id: Id,
    /// Who acted.
    pub actor: Actor,
    /// What was done, `noun.verb`.
    pub action: String,
    /// What it was done to, the nearest thing with a name; absent for an act on the installation.
    pub subject: Option<Subject>,
    /// Agent concerned.
    pub agent: Option<Id>,
    /// Campaign concerned.
    pub campaign: Option<Id>,
    /// Task concerned.
    pub task: Option<Id>,
    /// Its run in the traces.
    pub trace: Option<String>,
    /// Skill concerned.
    pub skill: Option<String>,
    /// What went in.
    pub input: Value,
    /// What came out.
    pub output: Value,
    /// How it ended, as it was known when it was written.
    pub status: AuditStatus,
    /// It was not known yet how it ended, and a later record of the same action tells more.
    pub overtaken: bool,
    /// When.
    pub at: Time,
}

/// Which records are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// Of one campaign only.
    pub campaign: Option<Id>,
    /// Of one task only.
    pub task: Option<Id>,
    /// Whose action begins with this, for example `review.`.
    pub action: Option<String>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// Something that a person should know.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Alert {
    /// Key.
    pub id: Id,
    /// Stable code.
    pub code: String,
    /// One line.
    pub title: String,
    /// What happened, whether anything took effect, what to do.
    pub detail: String,
    /// Its campaign.
    pub campaign: Option<Id>,
    /// Its task.
    pub task: Option<Id>,
    /// When.
    pub created_at: Time,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<Time>,
}

/// How bad a security event is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a look.
    Medium,
    /// An attack, or an attempt at what is another's.
    High,
    /// Something that must not happen.
    Critical,
}

impl Severity {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Which security events are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct IncidentQuery {
    /// Of this severity only; of all when absent.
    #[param(inline)]
    pub severity: Option<Severity>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

/// A security event.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Incident {
    /// Key.
    pub id: Id,
    /// `injection`, `permission`, `rate_limit` or `kill_switch`.
    pub kind: String,
    /// `low`, `medium`, `high` or `critical`.
    pub severity: String,
    /// What happened.
    pub detail: String,
    /// Whether it was stopped.
    pub blocked: bool,
    /// Its campaign.
    pub campaign: Option<Id>,
    /// Its task.
    pub task: Option<Id>,
    /// When.
    pub created_at: Time,
}
