//! What comes in is brought into canonical form and read for attacks before any model sees it (PER-09).
//!
//! Never here: fetching, or what is relevant.

use chimera_domain::trend::Trend;
use chimera_guard::inbound::{Limits, ThreatLevel, normalise, scan};

/// What of a list of items may be used.
pub(crate) struct Screened {
    /// Items in canonical form.
    pub(crate) clean: Vec<Trend>,
    /// Items that try to steer the agent, each with the reason.
    pub(crate) blocked: Vec<(Trend, String)>,
}

pub(crate) fn screen(trends: Vec<Trend>) -> Screened {
    let mut screened = Screened {
        clean: Vec::with_capacity(trends.len()),
        blocked: Vec::new(),
    };
    for mut trend in trends {
        // The attack is looked for in the words as they came: hiding places are evidence.
        let words = [&trend.title, &trend.description, &trend.topic]
            .into_iter()
            .chain(&trend.tags)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n");
        let scanned = scan(&words);
        trend.title = normalise(&trend.title, Limits::TITLE).text;
        trend.description = normalise(&trend.description, Limits::BODY).text;
        trend.topic = normalise(&trend.topic, Limits::TITLE).text;
        for tag in &mut trend.tags {
            *tag = normalise(tag, Limits::TITLE).text;
        }
        if scanned.threat >= ThreatLevel::High {
            let why: Vec<String> = scanned
                .findings
                .iter()
                .map(|finding| finding.why.clone())
                .collect();
            screened.blocked.push((trend, why.join("; ")));
        } else {
            screened.clean.push(trend);
        }
    }
    screened
}
