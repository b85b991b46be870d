//! Whether a row can still be read after something was taken out of it: an identifier may be a word by which Chimera
//! itself tells one form from another.
//!
//! Never here: changing anything.

use chimera_domain::{
    artifact::Artifact,
    campaign::Campaign,
    change::{Alert, Attempt, Incident},
    id::TenantId,
    memory::Memory,
    plan::Plan,
    publication::{Content, Publication},
    review::Review,
    task::Task,
    trend::{Trend, TrendCluster},
    verdict::Verdict,
};
use sqlx::{FromRow, SqliteConnection, sqlite::SqliteRow};

use crate::{
    failure::Failure,
    rows::{
        AlertRow, ArtifactRow, AttemptRow, BadRow, CampaignRow, ContentRow, IncidentRow, MemoryRow,
        PlanRow, PublicationRow, ReviewRow, TaskRow, TrendClusterRow, TrendRow, VerdictRow,
    },
};

/// Reads one row of a table as its readers do, by its number.
pub(super) async fn read(
    conn: &mut SqliteConnection,
    table: &str,
    tenant: TenantId,
    number: i64,
) -> Result<(), Failure> {
    macro_rules! reads {
        ($($name:literal: $row:ty => $domain:ty),+ $(,)?) => {
            match table {
                $($name => reads_as::<$row, $domain>(
                    conn,
                    concat!("SELECT * FROM ", $name, " WHERE tenant_id = ?1 AND rowid = ?2"),
                    tenant,
                    number,
                )
                .await,)+
                // Its texts have no form.
                _ => Ok(()),
            }
        };
    }
    reads! {
        "trends": TrendRow => Trend,
        "trend_clusters": TrendClusterRow => TrendCluster,
        "memories": MemoryRow => Memory,
        "campaigns": CampaignRow => Campaign,
        "plans": PlanRow => Plan,
        "tasks": TaskRow => Task,
        "attempts": AttemptRow => Attempt,
        "artifacts": ArtifactRow => Artifact,
        "verdicts": VerdictRow => Verdict,
        "reviews": ReviewRow => Review,
        "content": ContentRow => Content,
        "publications": PublicationRow => Publication,
        "alerts": AlertRow => Alert,
        "incidents": IncidentRow => Incident,
    }
}

async fn reads_as<R, D>(
    conn: &mut SqliteConnection,
    select: &'static str,
    tenant: TenantId,
    number: i64,
) -> Result<(), Failure>
where
    R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    D: TryFrom<R, Error = BadRow>,
{
    let row: R = sqlx::query_as(select)
        .bind(tenant.to_string())
        .bind(number)
        .fetch_one(conn)
        .await?;
    D::try_from(row).map(drop).map_err(|bad| {
        Failure::refused(format!(
            "an identifier is a word that Chimera itself uses, and without it {bad}. Name the person more fully"
        ))
    })
}
