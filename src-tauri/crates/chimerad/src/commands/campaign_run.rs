//! `chimerad campaign run`: from a goal to posts, with people deciding over the API meanwhile.

use std::{collections::HashMap, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use chimera_boot::{Chimera, Settings, listen};
use clap::Args;
use serde_json::{Value, json};

use super::{
    serve::stop_signal,
    speaker::{Speaker, plain},
    standing::Standing,
};
use crate::{door::Door, figures, words::note};

/// Longest wait between two looks at the campaign.
const LOOK_EVERY: Duration = Duration::from_millis(200);

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The goal in plain words, 10 to 1,000 characters.
    #[arg(long)]
    goal: String,
    /// A feed to read: an address or a file; may be given several times.
    #[arg(long = "feed", required = true, value_name = "URL|FILE")]
    feeds: Vec<String>,
    /// The persona that speaks; the starter persona when absent.
    #[arg(long = "persona", value_name = "SOUL.md")]
    persona: Option<PathBuf>,
    /// Where posts go.
    #[arg(long = "platform", default_value = "sandbox")]
    platforms: Vec<String>,
    /// Most posts on one day (UTC).
    #[arg(long, default_value_t = 10, allow_hyphen_values = true, value_parser = figures::count)]
    max_posts_per_day: u32,
    /// Most that model calls may cost on one day (UTC), in US dollars.
    #[arg(long, default_value = "5.00", allow_hyphen_values = true, value_parser = figures::dollars)]
    daily_budget: String,
    /// Port of the API that people decide over meanwhile; 0 takes a free one.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true, value_parser = figures::port)]
    port: u16,
    /// Stay until everything is decided and sent, not just until only people's decisions are missing.
    #[arg(long)]
    wait: bool,
    /// Record the run in this new file, or in a new one in this folder, for `chimerad replay`. It has everything in it
    /// that was said.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Write one JSON object a line on standard output instead of lines for people.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(mut settings: Settings, arguments: Arguments) -> Result<ExitCode> {
    settings.port = arguments.port;
    settings.record = arguments.record.clone().or(settings.record);
    let feeds = local_feeds(&mut settings, &arguments.feeds)?;
    let soul = match &arguments.persona {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("the persona {} cannot be read", path.display()))?,
        None => chimera_boot::starter_soul().to_owned(),
    };
    let listener = listen(&settings).await?;
    let address = listener.local_addr()?;
    let chimera = Chimera::open(settings).await?;
    chimera.start().await?;
    let speaker = Speaker::new(arguments.json);
    speaker.tell(
        "serving",
        &json!({ "address": format!("http://{address}"), "token_file": chimera.token_file() }),
    );
    let outcome = tokio::select! {
        done = drive(&chimera, &arguments, feeds, &soul, &speaker) => done,
        served = chimera.serve(listener, std::future::pending()) => served.and_then(|()| bail!("the API ended early")),
        () = stop_signal() => bail_stopped(),
    };
    chimera.shut_down().await;
    outcome
}

async fn drive(
    chimera: &Chimera,
    arguments: &Arguments,
    feeds: Vec<String>,
    soul: &str,
    speaker: &Speaker,
) -> Result<ExitCode> {
    let door = Door::new(chimera.caller());
    let campaign = begin(chimera, &door, arguments, feeds, soul, speaker).await?;
    let outcome = follow(&door, &campaign, arguments.wait, speaker).await?;
    summarise(chimera, &door, &outcome, speaker).await
}

fn bail_stopped() -> Result<ExitCode> {
    bail!("stopped by a signal; nothing is lost: `chimerad serve` goes on where this ended")
}

/// Files become absolute paths, and the operator's naming them is the leave to read them.
fn local_feeds(settings: &mut Settings, feeds: &[String]) -> Result<Vec<String>> {
    feeds
        .iter()
        .map(|feed| {
            if feed.contains("://") {
                return Ok(feed.clone());
            }
            let path = std::fs::canonicalize(feed)
                .with_context(|| format!("the feed {feed} cannot be read"))?;
            ensure!(
                !path.is_dir(),
                "the feed {feed} is a folder; name a file in it. Nothing was started"
            );
            settings.feed_roots.push(path.clone());
            Ok(path.display().to_string())
        })
        .collect()
}

async fn begin(
    chimera: &Chimera,
    door: &Door,
    arguments: &Arguments,
    feeds: Vec<String>,
    soul: &str,
    speaker: &Speaker,
) -> Result<Value> {
    let agent = agent_with(door, soul).await?;
    let new = json!({
        "agent": agent,
        "goal": arguments.goal,
        "feeds": feeds,
        "platforms": arguments.platforms,
        "daily_budget": arguments.daily_budget,
        "max_posts_per_day": arguments.max_posts_per_day,
    });
    let campaign = door
        .write("POST", "/api/v1/campaigns", None, Some(&new))
        .await?;
    let id = plain(&campaign["id"]);
    let files: Vec<String> = feeds
        .into_iter()
        .filter(|feed| !feed.contains("://"))
        .collect();
    chimera.open_feed_files(&id, &files).await?;
    let path = format!("/api/v1/campaigns/{id}");
    let plan = door
        .write("POST", &format!("{path}/plan"), None, None)
        .await?;
    speaker.tell(
        "planned",
        &json!({
            "campaign": campaign["id"], "by": plan["author"], "estimated_cost_usd": plan["estimated_cost"], "unpriced": plan["unpriced"],
            "steps": plan["steps"],
        }),
    );
    let version = plain(&campaign["version"]);
    door.write(
        "POST",
        &format!("{path}/start"),
        Some(&format!("\"{version}\"")),
        None,
    )
    .await
}

/// The agent with this SOUL.md: the one that has it, a new version of the one with its id, or a new one.
async fn agent_with(door: &Door, soul: &str) -> Result<Value> {
    for row in door.all("/api/v1/personas").await? {
        let path = format!("/api/v1/personas/{}", plain(&row["agent"]));
        let persona = door.get(&path).await?;
        if persona["source"].as_str() == Some(soul) {
            return Ok(row["agent"].clone());
        }
        let id = persona["fields"]["id"].as_str().unwrap_or_default();
        if !id.is_empty() && soul.lines().any(|line| line.trim() == format!("id: {id}")) {
            let version = format!("\"{}\"", plain(&persona["version"]));
            door.write("PUT", &path, Some(&version), Some(&json!({ "soul": soul })))
                .await?;
            return Ok(row["agent"].clone());
        }
    }
    let made = door
        .write(
            "POST",
            "/api/v1/personas",
            None,
            Some(&json!({ "soul": soul })),
        )
        .await?;
    Ok(made["agent"].clone())
}

/// Follows the campaign until it ends, or until only people's decisions are missing.
async fn follow(door: &Door, campaign: &Value, wait: bool, speaker: &Speaker) -> Result<Standing> {
    let path = format!("/api/v1/campaigns/{}", plain(&campaign["id"]));
    let mut told: HashMap<String, String> = HashMap::new();
    loop {
        // The campaign first: one that had ended by then has no task that moves afterwards.
        let campaign = door.get(&path).await?;
        let tasks = door.all(&format!("{path}/tasks")).await?;
        for task in &tasks {
            let state = plain(&task["state"]);
            if told.insert(plain(&task["id"]), state.clone()).as_ref() != Some(&state) {
                speaker.task(task);
            }
        }
        let releasing = tasks.iter().any(|task| task["state"] == "releasing");
        let effects = if releasing {
            door.all(&format!("{path}/effects")).await?
        } else {
            Vec::new()
        };
        let seen = Standing::of(campaign, tasks, effects);
        if seen.has_ended() || (seen.waits_for_people() && !wait) {
            return Ok(seen);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn summarise(
    chimera: &Chimera,
    door: &Door,
    outcome: &Standing,
    speaker: &Speaker,
) -> Result<ExitCode> {
    let id = plain(&outcome.campaign["id"]);
    let reviews = door.all(&format!("/api/v1/reviews?campaign={id}")).await?;
    let published = door
        .all(&format!("/api/v1/campaigns/{id}/publications"))
        .await?;
    let failed = outcome.failed();
    speaker.tell(
        "summary",
        &json!({
            "campaign": id,
            "status": outcome.campaign["status"],
            "why": outcome.campaign["fault"]["message"],
            "published": published.iter().map(|post| json!({
                "text": post["description"], "rehearsal": post["rehearsal"], "url": post["url"], "platform": post["platform"], "post_id": post["post_id"],
            })).collect::<Vec<_>>(),
            "waiting_for_a_person": reviews.iter().map(waiting).collect::<Vec<_>>(),
            "outcome_unknown": outcome.unclear.iter().map(unclear).collect::<Vec<_>>(),
            "plan_changes": outcome.changes_of_the_plan().map(|task| task["title"].clone()).collect::<Vec<_>>(),
            "failed": failed.iter().map(|task| json!({ "title": task["title"], "fault": task["fault"] })).collect::<Vec<_>>(),
            "spent_today_usd": outcome.campaign["spending"]["spent"],
            "calls_of_unknown_cost_today": outcome.campaign["spending"]["unpriced_calls"],
            "budget_used_up_until": outcome.campaign["spending"]["used_up_until"],
            "outward_calls": chimera.calls().outward,
        }),
    );
    match outcome.trouble() {
        None => Ok(ExitCode::SUCCESS),
        Some(trouble) => {
            note(&trouble);
            Ok(ExitCode::from(2))
        }
    }
}

fn unclear(effect: &Value) -> Value {
    json!({
        "effect": effect["id"],
        "text": effect["action"]["arguments"]["content"]["text"],
        "account": effect["action"]["account"],
        "why": effect["fault"]["message"],
        "reconcile": format!("POST /api/v1/effects/{}/reconcile", plain(&effect["id"])),
    })
}

fn waiting(review: &Value) -> Value {
    let task = review["task"]
        .as_str()
        .map_or_else(|| plain(&review["task"]["id"]), str::to_owned);
    json!({
        "task": task,
        "review": review["id"],
        "text": review["preview"]["text"],
        "rehearsal": review["rehearsal"],
        "confidence": review["confidence"],
        "risk": review["risk"]["category"],
        "reasons": review["reasons"],
        "approve": format!("POST /api/approve/{task}"),
        "shown": review["shown"],
        "expires_at": review["expires_at"],
    })
}
