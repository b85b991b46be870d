//! Native notifications: that a person should know something, or that a decision waits and until when.
//!
//! They come from the page's own event stream, so nobody is told what they may not hear. They carry an alert's one
//! line, or a campaign's name and a time, and never a word of a draft. Never here: what is worth an alert.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Local, TimeDelta, Utc};
use serde_json::Value;

use crate::{
    door::{Door, DoorRequest},
    events::Frame,
};

/// What happened longer ago than this is no news: a page that comes back reads the log.
const NEWS: TimeDelta = TimeDelta::seconds(60);
/// Most characters of a line that is shown.
const MAX_LINE_CHARS: usize = 160;
/// A person's own setting that silences all of it, and its value.
const SETTING: (&str, &str) = ("notifications", "off");

/// One notification.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Notice {
    pub(crate) title: String,
    pub(crate) body: String,
}

/// Hands a notification to the system. May block.
type Show = Arc<dyn Fn(&Notice) + Send + Sync>;

/// Where notifications go.
#[derive(Clone)]
pub(crate) struct Notices {
    show: Show,
    now: fn() -> DateTime<Utc>,
}

/// What of a batch is worth a notification.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Wanted {
    /// Lines of alerts.
    alerts: Vec<String>,
    /// Reviews that were opened.
    reviews: Vec<String>,
}

impl Notices {
    /// To the system's own notifications.
    pub(crate) fn native() -> Self {
        Self {
            show: Arc::new(show),
            now: chimera_boot::now,
        }
    }

    #[cfg(test)]
    pub(crate) fn to(show: Show, now: fn() -> DateTime<Utc>) -> Self {
        Self { show, now }
    }

    /// What of a batch is worth telling.
    pub(crate) fn wanted(&self, batch: &[Frame]) -> Wanted {
        let mut wanted = Wanted::default();
        for frame in batch.iter().filter(|frame| self.is_news(&frame.data)) {
            let fact = &frame.data["fact"];
            let text = |name: &str| fact[name].as_str().map(str::to_owned);
            match fact["type"].as_str() {
                Some("alert_raised") => wanted.alerts.extend(text("title")),
                // A claim changes a review too, and is a person's.
                Some("review_changed")
                    if fact["state"] == "open" && frame.data["actor"]["kind"] == "system" =>
                {
                    wanted.reviews.extend(text("review"));
                }
                _ => {}
            }
        }
        wanted
    }

    fn is_news(&self, data: &Value) -> bool {
        let at = data["at"].as_str().and_then(|at| at.parse().ok());
        at.is_some_and(|at: DateTime<Utc>| (self.now)() - at < NEWS)
    }

    /// Tells it, unless the person wants none of it. What `window` may not read is not told.
    pub(crate) async fn tell(&self, door: &Door, window: &str, wanted: Wanted) {
        if wanted == Wanted::default() || is_silenced(door, window).await {
            return;
        }
        let mut notices = Vec::new();
        notices.extend(of_alerts(&wanted.alerts));
        if let [first, rest @ ..] = &wanted.reviews[..]
            && let Some(review) = read(door, window, &format!("/api/v1/reviews/{first}")).await
        {
            notices.extend(of_review(&review["review"], rest.len()));
        }
        let show = self.show.clone();
        let shown = tokio::task::spawn_blocking(move || notices.iter().for_each(|one| show(one)));
        if let Err(error) = shown.await {
            tracing::warn!(%error, "a notification was not shown");
        }
    }
}

/// One notification for all alerts of a batch.
fn of_alerts(lines: &[String]) -> Option<Notice> {
    let [first, rest @ ..] = lines else {
        return None;
    };
    let body = match rest.len() {
        0 => "Look at Incidents in Chimera.".to_owned(),
        more => format!("And {more} more. Look at Incidents in Chimera."),
    };
    Some(Notice {
        title: clipped(first),
        body,
    })
}

/// One notification for all reviews that were opened: whose campaign, and until when. Nothing of the draft.
fn of_review(review: &Value, more: usize) -> Option<Notice> {
    let campaign = review["campaign_name"].as_str()?;
    let until: DateTime<Utc> = review["expires_at"].as_str()?.parse().ok()?;
    let until = until.with_timezone(&Local).format("%a %H:%M");
    let title = match more {
        0 => "A decision waits for you".to_owned(),
        more => format!("{} decisions wait for you", more + 1),
    };
    Some(Notice {
        title,
        body: clipped(&format!(
            "Until {until}, or it is denied. Campaign: {campaign}"
        )),
    })
}

fn clipped(text: &str) -> String {
    let visible = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    visible.take(MAX_LINE_CHARS).collect()
}

async fn is_silenced(door: &Door, window: &str) -> bool {
    let own = read(door, window, "/api/v1/preferences").await;
    // Who cannot be asked is not disturbed.
    own.is_none_or(|own| own["values"][SETTING.0] == SETTING.1)
}

async fn read(door: &Door, window: &str, path: &str) -> Option<Value> {
    let asked = DoorRequest {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: BTreeMap::new(),
        body: None,
    };
    let answer = door.ask(window, asked).await;
    if answer.status != 200 {
        return None;
    }
    serde_json::from_str(&answer.body).ok()
}

/// A system without notifications is no failure: everything is in the window as well.
fn show(notice: &Notice) {
    let shown = notify_rust::Notification::new()
        .appname("Chimera")
        .summary(&notice.title)
        .body(&escaped(&notice.body))
        .show();
    if let Err(error) = shown {
        tracing::debug!(%error, "this system shows no notifications");
    }
}

/// The body may be read as markup, the title may not.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use axum::{Json, Router, extract::Path, routing::get};
    use serde_json::json;

    use super::*;
    use crate::{
        app::MAIN,
        boot::{Backend, Stage},
    };

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn fact(at: &str, actor: &str, fact: Value) -> Frame {
        Frame {
            event: "fact".to_owned(),
            data: json!({ "seq": 1, "actor": { "kind": actor, "id": "x", "name": null }, "at": at, "fact": fact }),
        }
    }

    fn batch() -> Vec<Frame> {
        let review = |id: &str| json!({ "type": "review_changed", "review": id, "campaign": "c", "state": "open" });
        let alert = json!({ "type": "alert_raised", "alert": "a", "code": "X", "title": "The provider fails" });
        vec![
            fact("2026-11-22T11:59:50Z", "system", alert.clone()),
            fact("2026-11-22T11:50:00Z", "system", alert),
            fact("2026-11-22T11:59:50Z", "system", review("r1")),
            fact("2026-11-22T11:59:50Z", "person", review("claimed")),
            fact("2026-11-22T11:59:51Z", "system", review("r2")),
        ]
    }

    /// An API with one review, whose draft nobody may see outside, and these preferences.
    fn door(preferences: Value) -> Door {
        let router = Router::new()
            .route(
                "/api/v1/preferences",
                get(move || async move { Json(json!({ "values": preferences })) }),
            )
            .route(
                "/api/v1/reviews/{review}",
                get(|Path(review): Path<String>| async move {
                    Json(json!({ "review": {
                        "id": review, "campaign_name": "Cold <brew>", "expires_at": "2026-11-22T14:00:00Z",
                        "content_preview": { "kind": "text", "text": "The secret draft" },
                    }}))
                }),
            );
        Door::new(&Backend::at(Stage::Ready(router)))
    }

    async fn told(preferences: Value) -> Vec<Notice> {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let kept = shown.clone();
        let notices = Notices::to(
            Arc::new(move |notice| kept.lock().unwrap().push(notice.clone())),
            noon,
        );
        let wanted = notices.wanted(&batch());
        notices.tell(&door(preferences), MAIN, wanted).await;
        shown.lock().unwrap().clone()
    }

    #[tokio::test]
    async fn news_are_told_with_what_and_until_when_and_no_word_of_a_draft() {
        let told = told(json!({})).await;
        let titles: Vec<&str> = told.iter().map(|notice| notice.title.as_str()).collect();
        assert_eq!(titles, ["The provider fails", "2 decisions wait for you"]);
        let body = &told[1].body;
        assert!(
            body.starts_with("Until ") && body.ends_with("Campaign: Cold <brew>"),
            "{body}"
        );
        assert!(!format!("{told:?}").contains("secret draft"));
        assert_eq!(escaped("Cold <brew> & co"), "Cold &lt;brew&gt; &amp; co");
    }

    #[tokio::test]
    async fn who_wants_none_of_it_is_told_nothing() {
        assert_eq!(told(json!({ "notifications": "off" })).await, []);
    }
}
