//! `chimerad mcp offer`: what a registered server offers beside tools.
//!
//! Never here: reading a resource, or using a prompt. All that is written is the server's own words, made visible.

use std::{process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    door::Door,
    words::{note, say, visible},
};

/// Looks for the server to be there, and the pause between two of them: it is started together with this command.
const LOOKS: u32 = 60;
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How each kind is called in a line.
const KINDS: [(&str, &str); 3] = [
    ("resources", "resource"),
    ("templates", "template"),
    ("prompts", "prompt"),
];

/// Lists what the server at this address of the registry offers.
pub(super) async fn offer(door: &Door, path: &str) -> Result<ExitCode> {
    let server = door.get(path).await?["server"].take();
    if server["standing"] != "trusted" {
        bail!("it is not trusted, so it is not asked; look at it with chimerad mcp trust");
    }
    let path = format!("{path}/offer");
    let mut offer = Value::Null;
    for _ in 0..LOOKS {
        offer = door.get(&path).await?;
        if offer["connected"] == true {
            break;
        }
        sleep(LOOK_EVERY).await;
    }
    if offer["connected"] != true {
        bail!("it is not connected; nothing was asked of it");
    }
    let mut is_empty = true;
    for (kind, word) in KINDS {
        for one in offer[kind].as_array().into_iter().flatten() {
            is_empty = false;
            say(&format!("{word}\t{}", line(one)));
        }
    }
    for why in offer["left_out"].as_array().into_iter().flatten() {
        note(&shown(why));
    }
    if is_empty {
        note("it offers nothing beside tools");
    }
    Ok(ExitCode::SUCCESS)
}

/// The address or the name, what it wants to know, what it is.
fn line(one: &Value) -> String {
    let arguments = one["arguments"].as_array();
    let arguments = arguments.into_iter().flatten().map(|argument| {
        let name = shown(&argument["name"]);
        if argument["required"] == true {
            name
        } else {
            format!("[{name}]")
        }
    });
    let (head, name) = match one["uri"].as_str() {
        Some(uri) => (visible(uri), Some(shown(&one["name"]))),
        None => (shown(&one["name"]), None),
    };
    let told = std::iter::once(head).chain(name).chain(arguments);
    let told: Vec<String> = told.chain([shown(&one["description"])]).collect();
    told.join("\t").trim_end().to_owned()
}

pub(super) fn shown(value: &Value) -> String {
    visible(value.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_server_offers_cannot_hide_in_a_terminal() {
        let arguments = json!([{ "name": "city", "required": true }, { "name": "state" }]);
        let prompt =
            json!({ "name": "a\u{1b}[2Jb", "description": "One.\nTwo.", "arguments": arguments });
        assert_eq!(
            line(&prompt),
            "a[U+001B][2Jb\tcity\t[state]\tOne.[U+000A]Two."
        );
        let resource = json!({ "uri": "demo://\u{202e}1", "name": "one", "description": "" });
        assert_eq!(line(&resource), "demo://[U+202E]1\tone");
    }
}
