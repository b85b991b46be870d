//! `chimerad demo` (S2, TST-11): contracts and routing with nothing behind them.

use std::process::ExitCode;

use anyhow::Result;
use chimera_domain::{
    confidence::Confidence,
    task::AgentTask,
    verdict::{RiskCategory, RiskLevel},
};
use chimera_policy::{Assessment, Policy, Route, route};
use clap::Args;
use serde_json::{Value, json};

use crate::words::say;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Write JSON instead of lines for people.
    #[arg(long)]
    json: bool,
}

/// The cases that S2 names, with the route each must take.
const CASES: [(&str, u16, &str, &str); 3] = [
    ("sure, little at stake", 92, "low", "approve"),
    (
        "in doubt, brand at stake",
        78,
        "brand_safety_medium",
        "hitl",
    ),
    ("unsure, much at stake", 65, "high", "reject"),
];

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let contracts: Vec<Value> = contract_cases()
        .into_iter()
        .map(|(name, task, expected)| {
            let read = serde_json::from_value::<AgentTask>(task);
            let accepted = read.is_ok();
            json!({
                "case": name,
                "accepted": accepted,
                "as_expected": accepted == expected,
                "why": read.err().map(|error| error.to_string()),
            })
        })
        .collect();
    let policy = Policy::default();
    let routes: Vec<Value> = CASES
        .into_iter()
        .map(|(name, percent, risk, expected)| {
            let level =
                RiskCategory::try_from(risk.to_owned()).map_or(RiskLevel::High, |risk| risk.level);
            let confidence = Confidence::from_percent(percent);
            let assessment = Assessment {
                confidence,
                risk: level,
                findings: &[],
                outward: true,
            };
            let (word, reasons) = in_words(route(&policy, assessment));
            json!({
                "case": name, "confidence": confidence, "risk_category": risk,
                "route": word, "reasons": reasons, "as_expected": word == expected,
            })
        })
        .collect();
    let all_good = contracts
        .iter()
        .chain(&routes)
        .all(|case| case["as_expected"] == true);
    if arguments.json {
        say(&serde_json::to_string_pretty(
            &json!({ "contracts": contracts, "routes": routes, "ok": all_good }),
        )?);
    } else {
        print_for_people(&contracts, &routes, all_good);
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn print_for_people(contracts: &[Value], routes: &[Value], all_good: bool) {
    say("Contracts: is this an AgentTask (S1)?");
    for case in contracts {
        let verdict = if case["accepted"] == true {
            "accepted"
        } else {
            "refused "
        };
        let why = case["why"]
            .as_str()
            .map(|why| format!("  ({why})"))
            .unwrap_or_default();
        say(&format!("  {verdict}  {}{why}", text(&case["case"])));
    }
    say("");
    say("Routing: where does a verdict lead?");
    for case in routes {
        let line = format!(
            "  {:<7}  confidence {}  risk {:<20} {}",
            text(&case["route"]),
            case["confidence"],
            text(&case["risk_category"]),
            text(&case["case"])
        );
        say(line.trim_end());
        for reason in case["reasons"].as_array().into_iter().flatten() {
            say(&format!("           {}", text(reason)));
        }
    }
    say("");
    say(if all_good {
        "All as it should be. No server, no database and no MCP was used."
    } else {
        "Something is not as it should be."
    });
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn in_words(route: Route) -> (&'static str, Vec<String>) {
    match route {
        Route::Release => ("approve", Vec::new()),
        Route::Review { reasons, .. } => ("hitl", reasons),
        Route::Retry { reasons } => ("reject", reasons),
        Route::Incident { reasons } => ("incident", reasons),
    }
}

fn contract_cases() -> Vec<(&'static str, Value, bool)> {
    let id = "0199f1c2-7a3e-7cc1-8f00-2b1d5a6e9f10";
    vec![
        (
            "a whole task",
            json!({
                "task_id": id, "type": "CONTENT_GEN", "payload": { "topic": "fog" }, "status": "PENDING",
                "constraints": { "max_cost_usd": 0.5, "voice_ref": "SOUL.md" }, "confidence_score": 0.92
            }),
            true,
        ),
        (
            "another source's words for type and status",
            json!({ "task_id": id, "type": "generate_content", "payload": {}, "status": "queued" }),
            true,
        ),
        (
            "no payload",
            json!({ "task_id": id, "type": "RESEARCH", "status": "PENDING" }),
            false,
        ),
        (
            "a score above 1",
            json!({ "task_id": id, "type": "RESEARCH", "payload": {}, "status": "PENDING", "confidence_score": 1.2 }),
            false,
        ),
        (
            "a field that nobody knows",
            json!({ "task_id": id, "type": "RESEARCH", "payload": {}, "status": "PENDING", "approved": true }),
            false,
        ),
    ]
}
