//! `chimerad audit verify` and `chimerad audit export`.
//!
//! Exit codes of `verify`: 0 sound, 1 it could not be checked, 3 broken, 4 sound in itself, but nothing of the anchor
//! that was to be compared agrees with it, 5 nothing of a log is sealed, so that nothing of it is proven. Never here:
//! what is right or wrong with a log.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use chimera_boot::{
    AuditFinding, AuditReport, AuditStanding, Believed, Settings, Verified, export_log,
    verify_export, verify_log,
};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::words::say;

/// Something was altered, or is missing.
const BROKEN: u8 = 3;
/// Nothing is wrong, and the anchor that was to be compared agrees with nothing.
const NOT_ANCHORED: u8 = 4;
/// Nothing is wrong, because nothing is sealed that could be.
const NOT_SEALED: u8 = 5;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check that nothing in the audit log was altered or is missing; also while Chimera runs.
    Verify(Verify),
    /// Write the sealed log, its chain and its checkpoints into one new file, which says how to check it.
    Export(Export),
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Check an export by its file alone, without Chimera's database.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Compare with checkpoints that were kept elsewhere.
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
    /// A key that may have signed, as ed25519:…; may be given several times.
    #[arg(long = "key", value_name = "KEY")]
    keys: Vec<String>,
    /// Write JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The file to make.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

pub(crate) async fn run(settings: Settings, command: Command) -> Result<ExitCode> {
    match command {
        Command::Verify(asked) => verify(settings, asked).await,
        Command::Export(asked) => {
            let exported = export_log(&settings, &asked.to).await?;
            say(&format!(
                "{} records and {} checkpoints are in {}; check them with chimerad audit verify --bundle",
                exported.links,
                exported.checkpoints,
                asked.to.display()
            ));
            if exported.missing > 0 {
                say(&format!(
                    "{} sealed records are gone; their lines carry no text",
                    exported.missing
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn verify(mut settings: Settings, asked: Verify) -> Result<ExitCode> {
    let believed = Believed {
        keys: asked.keys,
        // What this machine keeps elsewhere by itself is compared without being asked for.
        anchor: asked.anchor.or_else(|| settings.audit_anchor.take()),
    };
    let compared = believed.anchor.is_some();
    let verified = match &asked.bundle {
        Some(file) => vec![verify_export(file, &believed)?],
        None => verify_log(&settings, &believed).await?,
    };
    let broken = verified
        .iter()
        .any(|verified| verified.report.standing == AuditStanding::Broken);
    let unanchored = compared
        && verified
            .iter()
            .any(|verified| verified.report.standing == AuditStanding::Unanchored);
    let unsealed = verified.iter().any(|verified| verified.report.sealed == 0);
    if asked.json {
        let rows: Vec<_> = verified
            .iter()
            .map(|one| {
                json!({
                    "report": one.report, "own_key_missing": one.no_key,
                    "unreadable_anchor_lines": one.unreadable_anchors,
                })
            })
            .collect();
        say(&serde_json::to_string_pretty(
            &json!({ "ok": !broken && !unsealed, "logs": rows }),
        )?);
    } else {
        for one in &verified {
            tell(one);
        }
    }
    Ok(match (broken, unsealed, unanchored) {
        (true, ..) => ExitCode::from(BROKEN),
        (_, true, _) => ExitCode::from(NOT_SEALED),
        (.., true) => ExitCode::from(NOT_ANCHORED),
        (false, false, false) => ExitCode::SUCCESS,
    })
}

fn tell(verified: &Verified) {
    let report = &verified.report;
    say(&format!("tenant {}: {}", report.tenant, standing(report)));
    say(&format!(
        "  {} sealed records under {} checkpoints",
        report.sealed, report.checkpoints
    ));
    if let Some(pruned) = &report.pruned {
        say(&format!(
            "  it begins after record {}, signed by {}: {} up to there were taken out by rule ({}), last on {}, and {} \
             stay; what happened until {} is not compared with the records",
            pruned.up_to,
            pruned.key,
            pruned.records,
            pruned.rule,
            pruned.at,
            pruned.kept,
            pruned.until
        ));
    }
    tell_integrity(report);
    let complete = match (report.completeness.complete, report.completeness.compared) {
        (true, true) => {
            "nothing is known to be missing, and every decision and post has its record"
        }
        (true, false) => {
            "nothing is known to be missing; an export cannot tell what was never written"
        }
        (false, _) => "SOMETHING IS MISSING",
    };
    say(&format!("  completeness: {complete}"));
    if let Some(began) = report.began_at.filter(|_| report.sealed_late > 0) {
        say(&format!(
            "  {} records were sealed more than a minute after they were written (the chain begins {began}): what they said \
             in between is not proven",
            report.sealed_late
        ));
    }
    match (&report.key, report.key_trusted) {
        (Some(key), true) => say(&format!("  signed by {key}, which is trusted")),
        (Some(key), false) => say(&format!(
            "  signed by {key}; compare it with one that you were given elsewhere (--key)"
        )),
        (None, _) => say("  not signed"),
    }
    if let Some(why) = &verified.no_key {
        say(&format!(
            "  the key of this machine was not compared: {why}"
        ));
    }
    if verified.unreadable_anchors > 0 {
        say(&format!(
            "  {} lines of the anchor could not be read",
            verified.unreadable_anchors
        ));
    }
    for finding in &report.findings {
        say(&format!("  - {}", words(finding)));
    }
    let more = report
        .findings_total
        .saturating_sub(report.findings.len() as u64);
    if more > 0 {
        say(&format!("  - and {more} more"));
    }
}

fn tell_integrity(report: &AuditReport) {
    let intact = match (report.intact, report.sealed) {
        (false, _) if only_its_key_is_unknown(report) => {
            "NOT PROVEN: it holds together, and is signed by another key than those to be trusted; either its key was not named, or the log was written anew"
        }
        (false, _) => "SOMETHING WAS ALTERED",
        (true, 0) => "nothing is sealed, so that nothing is proven",
        (true, _) => "no record was altered since it was sealed",
    };
    say(&format!("  integrity: {intact}"));
    if report.completeness.unsealed > 0 {
        say(&format!(
            "  {} records are not sealed: they could be altered unseen",
            report.completeness.unsealed
        ));
    }
}

/// Whether nothing was found but signatures by a key that nobody named.
fn only_its_key_is_unknown(report: &AuditReport) -> bool {
    let unknown = |finding: &AuditFinding| matches!(finding, AuditFinding::KeyUnknown { .. });
    usize::try_from(report.findings_total) == Ok(report.findings.len())
        && report.findings.iter().all(unknown)
}

fn standing(report: &AuditReport) -> String {
    match (report.standing, report.anchored_to) {
        (AuditStanding::Anchored, Some(number)) if number < report.sealed => {
            format!("anchored up to record {number} of {}, unanchored after it", report.sealed)
        }
        (AuditStanding::Anchored, _) => "anchored".to_owned(),
        (AuditStanding::Unanchored, _) => {
            "unanchored: sound in itself; only checkpoints kept elsewhere (--anchor) can show a log that was written anew as a whole".to_owned()
        }
        (AuditStanding::Broken, _) => format!("BROKEN: {} findings", report.findings_total),
    }
}

fn words(finding: &AuditFinding) -> String {
    match finding {
        AuditFinding::Edited { number, record } => format!("record {number} ({record}) was edited"),
        AuditFinding::Reordered { number, record } => {
            format!("record {number} ({record}) stands at another place")
        }
        AuditFinding::Deleted { number, record } => format!("record {number} ({record}) is gone"),
        AuditFinding::LinksMissing { from, to } => {
            format!("links {from} to {to} of the chain are gone")
        }
        AuditFinding::LinkBroken { number } => {
            format!("link {number} does not follow from the one before")
        }
        AuditFinding::CheckpointsMissing { from, to } => {
            format!("checkpoints {from} to {to} are gone")
        }
        AuditFinding::CheckpointBroken { number } => {
            format!("checkpoint {number} does not say where the chain stood")
        }
        AuditFinding::SignatureBroken { number } => {
            format!("the signature of checkpoint {number} does not hold")
        }
        AuditFinding::KeyUnknown { number, key } => {
            format!("checkpoint {number} is signed by {key}, which is not trusted")
        }
        AuditFinding::Unsigned { number } => {
            format!("checkpoint {number} is not signed, and should be")
        }
        AuditFinding::Truncated { sealed, found } => {
            format!("the end is gone: sealed up to {sealed}, found up to {found}")
        }
        AuditFinding::Rechained { number } => format!(
            "the chain was written anew: a checkpoint kept elsewhere tells of another link {number}"
        ),
        AuditFinding::Inserted { record } => format!("record {record} was put between sealed ones"),
        AuditFinding::BeginningBroken { number } => format!(
            "the log is said to begin after record {number} by a statement that does not hold"
        ),
        AuditFinding::WorkspaceGone => {
            "its workspace is gone from the database, and its log, or what was kept of it elsewhere, is not".to_owned()
        }
        AuditFinding::CutOff => "the export ends before its end".to_owned(),
        AuditFinding::Unrecorded { what, id } => format!("no record tells of {what} {id}"),
    }
}
