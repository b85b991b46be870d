//! Scores and risks: each pair of them leads where the policy's bands say, whoever gives it.
//!
//! Never here: the bands' own table (`policy`), or what a person decides (`decisions`).

use chimera_scripted::{ModelRequest, Reply, Script};
use serde_json::{Value, json};

use super::Run;
use crate::support::{SOON, draft_saying, judgement, script_of, words};

macro_rules! stories {
    ($($story:ident: $given:expr => $leads:expr;)+) => {
        $(
            #[tokio::test]
            async fn $story() {
                leads($given, $leads).await;
            }
        )+
    };
}

stories! {
    a_sure_judge_and_little_risk_let_it_go: judged(0.96, "low") => By::Rule;
    a_sure_judge_and_some_risk_ask_a_person: judged(0.96, "medium") => By::Person("queue");
    a_sure_judge_and_much_risk_ask_a_person: judged(0.96, "high") => By::Person("queue");
    a_doubtful_judge_asks_a_person: judged(0.80, "low") => By::Person("queue");
    a_doubtful_judge_and_some_risk_ask_a_person: judged(0.80, "medium") => By::Person("queue");
    a_doubtful_judge_and_much_risk_ask_a_person: judged(0.80, "high") => By::Person("queue");
    an_unsure_judge_needs_a_person: judged(0.60, "low") => By::Person("must_approve");
    an_unsure_judge_and_some_risk_need_a_person: judged(0.60, "medium") => By::Person("must_approve");
    an_unsure_judge_and_much_risk_send_it_back: judged(0.60, "high") => By::Nobody;
    a_judge_who_finds_it_bad_sends_it_back: judged(0.40, "low") => By::Nobody;
    a_judge_who_finds_it_bad_and_risky_sends_it_back: judged(0.40, "high") => By::Nobody;
    a_doubtful_writer_asks_a_person: written(0.80) => By::Person("queue");
    an_unsure_writer_needs_a_person: written(0.60) => By::Person("must_approve");
    a_writer_who_finds_it_bad_has_it_sent_back: written(0.40) => By::Nobody;
}

/// Who lets it go.
enum By {
    Rule,
    /// In this band.
    Person(&'static str),
    /// It is written anew until a person takes over.
    Nobody,
}

/// What is said of the draft, and of all else as usual.
#[derive(Clone, Copy)]
struct Given {
    worker: f64,
    judge: f64,
    risk: &'static str,
}

fn judged(judge: f64, risk: &'static str) -> Given {
    Given {
        worker: 0.97,
        judge,
        risk,
    }
}

fn written(worker: f64) -> Given {
    Given {
        worker,
        judge: 0.96,
        risk: "low",
    }
}

impl Given {
    fn script(self) -> Script {
        Script::answering(move |request: &ModelRequest| {
            match request.ask().as_deref() {
                Some("draft") => {
                    let mut draft = draft_saying(&request.user(), words());
                    draft["confidence"] = json!(self.worker);
                    Reply::json(&draft)
                }
                // The research is found good: its words are not the draft's.
                Some("judge") if request.user().contains(words()) => {
                    let mut judgement = judgement(self.judge);
                    judgement["risk"] = json!(self.risk);
                    Reply::json(&judgement)
                }
                _ => script_of(request),
            }
        })
    }
}

async fn leads(given: Given, by: By) {
    let run = Run::of(given.script()).await;
    match by {
        By::Rule => {
            run.publishes_once().await;
            assert_eq!(run.asked("draft"), 1);
        }
        By::Person(band) => {
            let card = run.waits().await;
            assert_eq!(card["review"]["band"], band, "{card:#}");
            assert_eq!(run.asked("draft"), 1);
            run.world.approve(&card["review"]).await;
            run.publishes_once().await;
        }
        By::Nobody => {
            let card = run.waits().await;
            assert_eq!(card["review"]["band"], "exhausted", "{card:#}");
            assert!(run.asked("draft") > 1, "it was not written anew");
            assert_eq!(run.world.home().posts(), [] as [Value; 0]);
            // Whoever takes over may call it all off.
            let path = format!("/api/v1/campaigns/{}", run.campaign);
            let cancel = format!("{path}/cancel");
            run.world.api().post(&cancel, json!({})).await.ok();
            run.world
                .campaign_is(&run.campaign, "CANCELLED", SOON)
                .await;
            assert_eq!(run.world.home().posts(), [] as [Value; 0]);
        }
    }
}
