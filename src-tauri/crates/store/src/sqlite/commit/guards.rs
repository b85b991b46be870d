//! Whether the rows that a set builds on are still as it saw them.
//!
//! Checked inside the write transaction, which nobody else can be in: that is the compare half of
//! compare-and-swap. Never here: writing.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use chimera_domain::id::{CampaignId, VersionId};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

use super::draft::{Draft, Guard};
use crate::batch::Listed;
use crate::{failure::Failure, rows::Standing, table::Cell};

/// What was found about each set of a group.
#[derive(Default)]
pub(super) struct Findings {
    /// Why a set may not be written, by its place.
    pub(super) refusals: HashMap<usize, PortError>,
    /// Open tasks of each campaign before the group.
    pub(super) open_tasks: HashMap<CampaignId, i64>,
    /// What a set's task counted as so far, where that changes.
    pub(super) left: HashMap<usize, Standing>,
}

/// Looks at everything that `drafts` build on.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    campaigns(conn, drafts, &mut findings).await?;
    tasks(conn, drafts, &mut findings).await?;
    stale(
        conn,
        "review",
        &REVIEWS,
        wanted(drafts, |draft| &draft.reviews),
        &mut findings,
    )
    .await?;
    stale(
        conn,
        "effect",
        &EFFECTS,
        wanted(drafts, |draft| &draft.effects),
        &mut findings,
    )
    .await?;
    Ok(findings)
}

static CAMPAIGNS: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (id, tenant_id) AS (VALUES",
        2,
        ") SELECT c.id, c.tenant_id, c.version_id, p.open_tasks FROM w \
         CROSS JOIN campaigns c ON c.id = w.id AND c.tenant_id = w.tenant_id \
         CROSS JOIN campaign_progress p ON p.campaign_id = c.id AND p.tenant_id = c.tenant_id",
    )
});

async fn campaigns(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut cells = Vec::new();
    let mut asked = HashSet::new();
    for draft in drafts {
        if asked.insert((draft.campaign.id, draft.tenant)) {
            cells.extend([
                draft.campaign.id.to_string().into(),
                draft.tenant.to_string().into(),
            ]);
        }
    }
    let found: Vec<(String, String, String, i64)> = CAMPAIGNS.ask(conn, &cells).await?;
    let found: HashMap<String, (String, String, i64)> = found
        .into_iter()
        .map(|(id, tenant, version, open)| (id, (tenant, version, open)))
        .collect();
    for (set, draft) in drafts.iter().enumerate() {
        let id = draft.campaign.id;
        let seen = found
            .get(&id.to_string())
            .filter(|(tenant, ..)| *tenant == draft.tenant.to_string());
        match seen {
            None => refuse(findings, set, PortError::not_found("campaign", id)),
            Some((_, version, open)) => {
                findings.open_tasks.insert(id, *open);
                if Some(version) != text(draft.campaign.expected).as_ref() {
                    refuse(findings, set, PortError::conflict("campaign", id));
                }
            }
        }
    }
    Ok(())
}

/// Only what is out of order comes back: a stale version, or a task that the counters count anew.
static TASKS: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, id, tenant_id, campaign_id, version_id, standing) AS (VALUES",
        6,
        ") SELECT w.place, w.id, t.version_id, t.standing FROM w \
         LEFT JOIN tasks t ON t.id = w.id AND t.tenant_id = w.tenant_id AND t.campaign_id = w.campaign_id \
         WHERE t.version_id IS NOT w.version_id OR t.standing IS NOT w.standing",
    )
});

async fn tasks(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut cells = Vec::new();
    for (set, draft) in drafts.iter().enumerate() {
        let Some(guard) = &draft.task else { continue };
        cells.extend([
            place(set),
            guard.id.to_string().into(),
            draft.tenant.to_string().into(),
            draft.campaign.id.to_string().into(),
            guard.expected.to_string().into(),
            guard.next.map(Standing::as_str).into(),
        ]);
    }
    let found: Vec<(i64, String, Option<String>, Option<String>)> = TASKS.ask(conn, &cells).await?;
    for (set, id, version, standing) in found {
        let Some((set, guard)) =
            at(drafts, set).and_then(|(set, draft)| Some((set, draft.task.as_ref()?)))
        else {
            continue;
        };
        match (version, standing) {
            (Some(version), Some(standing)) if version == guard.expected.to_string() => {
                findings.left.insert(set, Standing::read(&standing)?);
            }
            (Some(_), _) => refuse(findings, set, PortError::conflict("task", id)),
            (None, _) => refuse(findings, set, PortError::not_found("task", id)),
        }
    }
    Ok(())
}

static REVIEWS: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, id, tenant_id, version_id) AS (VALUES",
        4,
        ") SELECT w.place, w.id, r.version_id FROM w \
         LEFT JOIN reviews r ON r.id = w.id AND r.tenant_id = w.tenant_id \
         WHERE r.version_id IS NOT w.version_id",
    )
});

static EFFECTS: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, id, tenant_id, version_id) AS (VALUES",
        4,
        ") SELECT w.place, w.id, e.version_id FROM w \
         LEFT JOIN effects e ON e.id = w.id AND e.tenant_id = w.tenant_id \
         WHERE e.version_id IS NOT w.version_id",
    )
});

async fn stale(
    conn: &mut SqliteConnection,
    noun: &'static str,
    statement: &'static Listed,
    wanted: Vec<Cell>,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let found: Vec<(i64, String, Option<String>)> = statement.ask(conn, &wanted).await?;
    for (set, id, version) in found {
        let Ok(set) = usize::try_from(set) else {
            continue;
        };
        let refusal = match version {
            Some(_) => PortError::conflict(noun, id),
            None => PortError::not_found(noun, id),
        };
        refuse(findings, set, refusal);
    }
    Ok(())
}

fn wanted<Id: std::fmt::Display>(
    drafts: &[&Draft],
    pick: fn(&Draft) -> &Vec<Guard<Id>>,
) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (set, draft) in drafts.iter().enumerate() {
        for guard in pick(draft) {
            cells.extend([
                place(set),
                guard.id.to_string().into(),
                draft.tenant.to_string().into(),
                text(guard.expected).into(),
            ]);
        }
    }
    cells
}

/// The first refusal of a set is the one that is told.
fn refuse(findings: &mut Findings, set: usize, refusal: PortError) {
    findings.refusals.entry(set).or_insert(refusal);
}

fn text(version: Option<VersionId>) -> Option<String> {
    version.map(|version| version.to_string())
}

/// A set's place as a cell.
pub(super) fn place(set: usize) -> Cell {
    Cell::Int(i64::try_from(set).unwrap_or(i64::MAX))
}

fn at<'d>(drafts: &'d [&'d Draft], set: i64) -> Option<(usize, &'d Draft)> {
    let set = usize::try_from(set).ok()?;
    drafts.get(set).map(|draft| (set, *draft))
}
