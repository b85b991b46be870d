//! The process's own counters, for `/metrics`. No tenant's data is in them.
//!
//! Never here: anything that is counted from stored state.

use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;

/// Counters since the process started.
#[derive(Default)]
pub struct Counters {
    /// Answers by class of status: 1xx to 5xx.
    answers: [AtomicU64; 5],
    /// Wrong addresses or passwords.
    pub sign_ins_failed: AtomicU64,
    /// Attempts that had to wait.
    pub sign_ins_throttled: AtomicU64,
    /// Writes answered from memory.
    pub replays: AtomicU64,
    /// Facts pushed to watchers.
    pub events_sent: AtomicU64,
}

impl Counters {
    /// Counts an answer under the class of its status.
    pub fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }

    /// One more.
    pub fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// As Prometheus reads it (text format 0.0.4).
    #[must_use]
    pub fn render(&self, version: &str, streams_open: usize) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let mut line = |name: &str, kind: &str, help: &str, rows: &[(String, u64)]| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in rows {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let plain = |value: u64| vec![(String::new(), value)];
        let answers: Vec<(String, u64)> = (1..=5)
            .zip(&self.answers)
            .map(|(class, count)| (format!("{{class=\"{class}xx\"}}"), of(count)))
            .collect();
        line(
            "chimera_build_info",
            "gauge",
            "Version of this process.",
            &[(format!("{{version=\"{version}\"}}"), 1)],
        );
        line(
            "chimera_http_answers_total",
            "counter",
            "Answers by class of status.",
            &answers,
        );
        line(
            "chimera_sign_ins_failed_total",
            "counter",
            "Wrong e-mail address or password.",
            &plain(of(&self.sign_ins_failed)),
        );
        line(
            "chimera_sign_ins_throttled_total",
            "counter",
            "Attempts to sign in that had to wait.",
            &plain(of(&self.sign_ins_throttled)),
        );
        line(
            "chimera_idempotent_replays_total",
            "counter",
            "Writes answered from memory.",
            &plain(of(&self.replays)),
        );
        line(
            "chimera_events_sent_total",
            "counter",
            "Facts pushed to watchers.",
            &plain(of(&self.events_sent)),
        );
        line(
            "chimera_event_streams",
            "gauge",
            "Open event streams.",
            &plain(streams_open as u64),
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let counters = Counters::default();
        counters.answered(StatusCode::OK);
        counters.answered(StatusCode::CREATED);
        counters.answered(StatusCode::NOT_FOUND);
        Counters::add(&counters.replays);
        let text = counters.render("1.2.3", 2);
        for line in [
            "chimera_build_info{version=\"1.2.3\"} 1",
            "chimera_http_answers_total{class=\"2xx\"} 2",
            "chimera_http_answers_total{class=\"4xx\"} 1",
            "chimera_http_answers_total{class=\"5xx\"} 0",
            "chimera_idempotent_replays_total 1",
            "chimera_event_streams 2",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is missing in\n{text}"
            );
        }
    }
}
