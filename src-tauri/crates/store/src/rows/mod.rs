//! Rows as SQLite has them, and their way into and out of the domain. Rows never leave the store.
//!
//! Never here: SQL.

mod campaign;
mod chain;
mod content;
mod log;
mod memory;
mod people;
mod persona;
mod plan;
mod review;
mod server;
mod settings;
mod span;
mod spend;
mod task;
mod work;

mod effect;

pub(crate) use campaign::{CampaignRow, ProgressRow};
pub(crate) use chain::{BeginningRow, CheckpointRow, KeptRow, LinkRow};
pub(crate) use content::{ContentRow, EngagementRow, PublicationRow, TrendClusterRow, TrendRow};
pub(crate) use effect::{ApprovalRow, EffectRow, effect_of};
pub(crate) use log::{AlertRow, AuditRow, EventRow, IncidentRow};
pub(crate) use memory::{MemoryRow, VectorRow, bytes};
pub(crate) use people::{OwnedRow, RoleRow, SessionRow, TenantRow, UserRow};
pub(crate) use persona::{AgentRow, PersonaRow};
pub(crate) use plan::PlanRow;
pub(crate) use review::ReviewRow;
use serde::{Serialize, de::DeserializeOwned, de::IntoDeserializer};
pub(crate) use server::ServerRow;
pub(crate) use settings::{AnswerRow, PolicyRow, SettingRow};
pub(crate) use span::{SpanRow, TraceRow};
pub(crate) use spend::{CallRow, ReservationRow, day_of, tokens_kept};
pub(crate) use task::{EdgeRow, Standing, TaskRow};
pub(crate) use work::{ArtifactRow, AttemptRow, VerdictRow};

use super::failure::Failure;

/// A stored value that the domain does not accept: written by another program, or damaged.
#[derive(Debug, thiserror::Error)]
#[error("a row of {table} cannot be read: {column} holds {value:?} ({why}); it was left as it is")]
pub(crate) struct BadRow {
    table: &'static str,
    column: &'static str,
    value: String,
    why: String,
}

/// Most characters of a bad value that are told.
const MAX_TOLD_CHARS: usize = 80;

/// Reads the cells of one table's rows.
#[derive(Clone, Copy)]
pub(crate) struct Cells(pub(crate) &'static str);

impl Cells {
    fn bad(self, column: &'static str, value: &str, why: impl std::fmt::Display) -> BadRow {
        BadRow {
            table: self.0,
            column,
            value: value.chars().take(MAX_TOLD_CHARS).collect(),
            why: why.to_string(),
        }
    }

    /// An id, a digest, or whatever else has a text form.
    pub(crate) fn text<T>(self, column: &'static str, value: &str) -> Result<T, BadRow>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        value.parse().map_err(|why| self.bad(column, value, why))
    }

    /// The same for a cell that may be empty.
    pub(crate) fn maybe_text<T>(
        self,
        column: &'static str,
        value: Option<&str>,
    ) -> Result<Option<T>, BadRow>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        value.map(|value| self.text(column, value)).transpose()
    }

    /// A word of an enumeration, as it is on the wire.
    pub(crate) fn word<T: DeserializeOwned>(
        self,
        column: &'static str,
        value: &str,
    ) -> Result<T, BadRow> {
        T::deserialize(value.into_deserializer())
            .map_err(|why: serde::de::value::Error| self.bad(column, value, why))
    }

    /// The same for a cell that may be empty.
    pub(crate) fn maybe_word<T: DeserializeOwned>(
        self,
        column: &'static str,
        value: Option<&str>,
    ) -> Result<Option<T>, BadRow> {
        value.map(|value| self.word(column, value)).transpose()
    }

    /// A nested value, kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        self,
        column: &'static str,
        value: &str,
    ) -> Result<T, BadRow> {
        serde_json::from_str(value).map_err(|why| self.bad(column, value, why))
    }

    /// The same for a cell that may be empty.
    pub(crate) fn maybe_json<T: DeserializeOwned>(
        self,
        column: &'static str,
        value: Option<&str>,
    ) -> Result<Option<T>, BadRow> {
        value.map(|value| self.json(column, value)).transpose()
    }

    /// A number of the domain's width.
    pub(crate) fn number<T: TryFrom<i64, Error: std::fmt::Display>>(
        self,
        column: &'static str,
        value: i64,
    ) -> Result<T, BadRow> {
        T::try_from(value).map_err(|why| self.bad(column, &value.to_string(), why))
    }

    /// A score in basis points.
    pub(crate) fn score(
        self,
        column: &'static str,
        value: i64,
    ) -> Result<chimera_domain::confidence::Confidence, BadRow> {
        self.number(column, value)
            .map(chimera_domain::confidence::Confidence::from_basis_points)
    }
}

/// A nested value as JSON text.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::unwritable)
}

/// The same for one that may be absent.
pub(crate) fn maybe_json(value: Option<&impl Serialize>) -> Result<Option<String>, Failure> {
    value.map(json).transpose()
}

/// The word of an enumeration, as it is on the wire.
pub(crate) fn word(value: &impl Serialize) -> Result<String, Failure> {
    match serde_json::to_value(value).map_err(Failure::unwritable)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(Failure::unwritable(format!("{other} is no word"))),
    }
}

/// A score as the store keeps it.
pub(crate) fn points(score: chimera_domain::confidence::Confidence) -> i64 {
    i64::from(score.basis_points())
}
