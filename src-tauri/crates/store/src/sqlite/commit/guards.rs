//! Whether the rows that a set builds on are still as it saw them.
//!
//! Checked inside the write transaction, which nobody else can be in: that is the compare half of
//! compare-and-swap. Never here: writing.

use std::collections::HashMap;

use chimera_domain::id::{CampaignId, VersionId};
use chimera_ports::error::PortError;
use serde::Serialize;
use sqlx::SqliteConnection;

use super::draft::{Draft, Guard};
use crate::{failure::Failure, rows::Standing, table::Sheet};

/// What was found about each set of a group.
pub(super) struct Findings {
    /// Why a set may not be written, by its place.
    pub(super) refusals: HashMap<usize, PortError>,
    /// Open tasks of each campaign before the group.
    pub(super) open_tasks: HashMap<CampaignId, i64>,
    /// What a set's task counted as so far, where that changes.
    pub(super) left: HashMap<usize, Standing>,
}

#[derive(Serialize)]
struct Wanted {
    set: usize,
    id: String,
    tenant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<String>,
    version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
}

/// Looks at everything that `drafts` build on.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
) -> Result<Findings, Failure> {
    let mut findings = Findings {
        refusals: HashMap::new(),
        open_tasks: HashMap::new(),
        left: HashMap::new(),
    };
    campaigns(conn, drafts, &mut findings).await?;
    tasks(conn, drafts, &mut findings).await?;
    let reviews = wanted(drafts, |draft| &draft.reviews)?;
    stale(conn, "review", REVIEWS, &reviews, &mut findings).await?;
    let effects = wanted(drafts, |draft| &draft.effects)?;
    stale(conn, "effect", EFFECTS, &effects, &mut findings).await?;
    Ok(findings)
}

async fn campaigns(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut sheet = Sheet::default();
    let mut asked: HashMap<CampaignId, usize> = HashMap::new();
    for (set, draft) in drafts.iter().enumerate() {
        if asked.insert(draft.campaign.id, set).is_none() {
            sheet.push(&Wanted {
                set,
                id: draft.campaign.id.to_string(),
                tenant_id: draft.tenant.to_string(),
                campaign_id: None,
                version_id: None,
                standing: None,
            })?;
        }
    }
    let found: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT c.id, c.tenant_id, c.version_id, p.open_tasks \
         FROM jsonb_each(?1) w \
         JOIN campaigns c ON c.id = w.value ->> 'id' AND c.tenant_id = w.value ->> 'tenant_id' \
         JOIN campaign_progress p ON p.campaign_id = c.id",
    )
    .bind(sheet.array())
    .fetch_all(conn)
    .await?;
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
            None => {
                findings
                    .refusals
                    .insert(set, PortError::not_found("campaign", id));
            }
            Some((_, version, open)) => {
                findings.open_tasks.insert(id, *open);
                if Some(version) != text(draft.campaign.expected).as_ref() {
                    findings
                        .refusals
                        .insert(set, PortError::conflict("campaign", id));
                }
            }
        }
    }
    Ok(())
}

async fn tasks(
    conn: &mut SqliteConnection,
    drafts: &[&Draft],
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut sheet = Sheet::default();
    for (set, draft) in drafts.iter().enumerate() {
        let Some(guard) = &draft.task else { continue };
        sheet.push(&Wanted {
            set,
            id: guard.id.to_string(),
            tenant_id: draft.tenant.to_string(),
            campaign_id: Some(draft.campaign.id.to_string()),
            version_id: Some(guard.expected.to_string()),
            standing: guard.next.map(Standing::as_str),
        })?;
    }
    if sheet.is_empty() {
        return Ok(());
    }
    // Only what is out of order comes back: a stale version, or a task that the counters count anew.
    let found: Vec<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT w.value ->> 'set', w.value ->> 'id', t.version_id, t.standing \
         FROM jsonb_each(?1) w \
         LEFT JOIN tasks t ON t.id = w.value ->> 'id' AND t.tenant_id = w.value ->> 'tenant_id' \
             AND t.campaign_id = w.value ->> 'campaign_id' \
         WHERE t.version_id IS NOT (w.value ->> 'version_id') OR t.standing IS NOT (w.value ->> 'standing')",
    )
    .bind(sheet.array())
    .fetch_all(conn)
    .await?;
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

const REVIEWS: &str = "SELECT w.value ->> 'set', w.value ->> 'id', r.version_id \
     FROM jsonb_each(?1) w \
     LEFT JOIN reviews r ON r.id = w.value ->> 'id' AND r.tenant_id = w.value ->> 'tenant_id' \
     WHERE r.version_id IS NOT (w.value ->> 'version_id')";

const EFFECTS: &str = "SELECT w.value ->> 'set', w.value ->> 'id', e.version_id \
     FROM jsonb_each(?1) w \
     LEFT JOIN effects e ON e.id = w.value ->> 'id' AND e.tenant_id = w.value ->> 'tenant_id' \
     WHERE e.version_id IS NOT (w.value ->> 'version_id')";

async fn stale(
    conn: &mut SqliteConnection,
    noun: &'static str,
    statement: &'static str,
    wanted: &Sheet,
    findings: &mut Findings,
) -> Result<(), Failure> {
    if wanted.is_empty() {
        return Ok(());
    }
    let found: Vec<(i64, String, Option<String>)> = sqlx::query_as(statement)
        .bind(wanted.array())
        .fetch_all(conn)
        .await?;
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
) -> Result<Sheet, Failure> {
    let mut sheet = Sheet::default();
    for (set, draft) in drafts.iter().enumerate() {
        for guard in pick(draft) {
            sheet.push(&Wanted {
                set,
                id: guard.id.to_string(),
                tenant_id: draft.tenant.to_string(),
                campaign_id: None,
                version_id: text(guard.expected),
                standing: None,
            })?;
        }
    }
    Ok(sheet)
}

/// The first refusal of a set is the one that is told.
fn refuse(findings: &mut Findings, set: usize, refusal: PortError) {
    findings.refusals.entry(set).or_insert(refusal);
}

fn text(version: Option<VersionId>) -> Option<String> {
    version.map(|version| version.to_string())
}

fn at<'d>(drafts: &'d [&'d Draft], set: i64) -> Option<(usize, &'d Draft)> {
    let set = usize::try_from(set).ok()?;
    drafts.get(set).map(|draft| (set, *draft))
}
