//! W1 on rig: one agent each with the crate's own scripted model of two turns, and one tool.
//!
//! usage: w1-rig AGENTS RUNS DELAY_MS IN_FLIGHT. The scripted model takes no time, so the delay must be 0. Built outside
//! of the house, by `peers.rs`.

use std::{fmt, sync::Arc, time::Instant};

use rig_agent::{
    AgentBuilder,
    tool::{Tool, ToolContext},
};
use rig_core::test_utils::{MockCompletionModel, MockTurn};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

#[derive(Deserialize)]
struct Arguments {
    key: String,
}

#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

#[derive(Clone, Serialize, Deserialize)]
struct Lookup;

impl Tool for Lookup {
    const NAME: &'static str = "lookup";
    type Error = Never;
    type Args = Arguments;
    type Output = String;

    fn description(&self) -> String {
        "Looks a key up.".to_owned()
    }

    fn parameters(&self) -> Value {
        json!({ "type": "object", "properties": { "key": { "type": "string" } }, "required": ["key"] })
    }

    async fn call(&self, _: &mut ToolContext, arguments: Arguments) -> Result<String, Never> {
        Ok(format!("value-of-{}", arguments.key))
    }
}

#[tokio::main]
async fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|word| word.parse().unwrap()).collect();
    let [agents, runs, 0, in_flight] = numbers[..] else {
        panic!("usage: w1-rig AGENTS RUNS 0 IN_FLIGHT");
    };
    let (mut rates, mut p99s) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let made: Vec<_> = (0..agents)
            .map(|number| {
                let script = [
                    MockTurn::tool_call("call-1", "lookup", json!({ "key": number.to_string() })),
                    MockTurn::text(format!("final: value-of-{number}")),
                ];
                AgentBuilder::new(MockCompletionModel::from_turns(script))
                    .preamble("You are a worker.")
                    .tool(Lookup)
                    .build()
            })
            .collect();
        let room = Arc::new(Semaphore::new(in_flight));
        let began = Instant::now();
        let running: Vec<_> = made
            .into_iter()
            .enumerate()
            .map(|(number, agent)| {
                let room = Arc::clone(&room);
                tokio::spawn(async move {
                    let _place = room.acquire().await.unwrap();
                    let answer = agent.prompt(format!("look up {number}")).max_turns(3).run().await.unwrap();
                    assert!(answer.output().contains(&format!("value-of-{number}")));
                    began.elapsed().as_secs_f64() * 1e3
                })
            })
            .collect();
        let mut times = Vec::with_capacity(agents);
        for run in running {
            times.push(run.await.unwrap());
        }
        rates.push(agents as f64 / began.elapsed().as_secs_f64());
        times.sort_by(f64::total_cmp);
        p99s.push(times[(times.len() - 1) * 99 / 100]);
    }
    let median = |all: &mut Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    println!("{}", json!({ "loops_s": median(&mut rates), "p99_ms": median(&mut p99s) }));
}
