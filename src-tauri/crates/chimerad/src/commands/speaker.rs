//! What `chimerad campaign run` says, for people or for programs.
//!
//! Never here: what is done.

use serde_json::{Value, json};

use crate::words::{note, say};

/// Says what happens, for people or for programs.
pub(super) struct Speaker {
    json: bool,
}

impl Speaker {
    /// For programs (`json`), or for people.
    pub(super) const fn new(json: bool) -> Self {
        Self { json }
    }

    pub(super) fn tell(&self, what: &str, data: &Value) {
        if self.json {
            say(&json!({ "event": what, "data": data }).to_string());
            return;
        }
        match what {
            "serving" => note(&format!(
                "Deciding is possible at {} (token in {})",
                plain(&data["address"]),
                plain(&data["token_file"])
            )),
            "planned" => {
                let cost = if data["unpriced"] == true {
                    "at a cost that is not known (no price is entered for its models)".to_owned()
                } else {
                    format!("about {} USD", plain(&data["estimated_cost_usd"]))
                };
                say(&format!("Planned by {}, {cost}:", plain(&data["by"])));
                for step in data["steps"].as_array().into_iter().flatten() {
                    say(&format!(
                        "  {:<12} {}",
                        plain(&step["key"]),
                        plain(&step["title"])
                    ));
                }
            }
            _ => summary(data),
        }
    }

    pub(super) fn task(&self, task: &Value) {
        if self.json {
            let data = json!({
                "task": task["id"], "step": task["step"], "title": task["title"], "state": task["state"],
                "score": task["score"], "fault": task["fault"],
            });
            return say(&json!({ "event": "task", "data": data }).to_string());
        }
        let score = task["score"]
            .as_f64()
            .map(|score| format!("  {score}"))
            .unwrap_or_default();
        let fault = task["fault"]["message"]
            .as_str()
            .map(|message| format!("  ({message})"))
            .unwrap_or_default();
        say(&format!(
            "  {:<10} {}{score}{fault}",
            plain(&task["state"]),
            plain(&task["title"])
        ));
    }
}

fn summary(data: &Value) {
    say("");
    for change in data["plan_changes"].as_array().into_iter().flatten() {
        say(&plain(change));
    }
    for post in data["published"].as_array().into_iter().flatten() {
        say(&format!(
            "Published on {}: {}",
            plain(&post["platform"]),
            plain(&post["text"])
        ));
    }
    for review in data["waiting_for_a_person"]
        .as_array()
        .into_iter()
        .flatten()
    {
        say(&format!(
            "Waits for a person ({}, {}): {}",
            plain(&review["confidence"]),
            plain(&review["risk"]),
            plain(&review["text"])
        ));
        for reason in review["reasons"].as_array().into_iter().flatten() {
            say(&format!("    because: {}", plain(reason)));
        }
        // The digest binds the decision to these words, should others wait by then.
        let body = serde_json::json!({ "shown": review["shown"] });
        say(&format!("    {} {body}", plain(&review["approve"])));
    }
    for unclear in data["outcome_unknown"].as_array().into_iter().flatten() {
        say(&format!(
            "Nobody knows whether this went out as {}: {}",
            plain(&unclear["account"]),
            plain(&unclear["text"])
        ));
        say(&format!("    {}", plain(&unclear["why"])));
        say(&format!(
            "    look at the account, then {} with {{\"sent\": true}} or {{\"sent\": false}}",
            plain(&unclear["reconcile"])
        ));
    }
    for failed in data["failed"].as_array().into_iter().flatten() {
        say(&format!(
            "Failed: {}: {}",
            plain(&failed["title"]),
            plain(&failed["fault"]["message"])
        ));
    }
    if let Some(why) = data["why"].as_str() {
        say(&format!("The campaign failed: {why}"));
    }
    let unknown = match data["calls_of_unknown_cost_today"].as_u64() {
        None | Some(0) => String::new(),
        Some(1) => ", and 1 call whose cost is not known".to_owned(),
        Some(count) => format!(", and {count} calls whose cost is not known"),
    };
    say(&format!(
        "Spent today (UTC): {} USD{unknown}",
        plain(&data["spent_today_usd"])
    ));
    if let Some(until) = data["budget_used_up_until"].as_str() {
        say(&format!(
            "The budget of the day is used up; no model is asked for it before {until} unless the daily budget is raised."
        ));
    }
    say(&format!(
        "Outward calls made: {}",
        plain(&data["outward_calls"])
    ));
}

/// A value's text without quotes.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
