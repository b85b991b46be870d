//! The floor of W1: tokio and serde, no agent features at all. What a provider call must at least do (the turns
//! written as JSON) is done, so that the floor is not a loop around nothing.

use std::{collections::HashMap, hint::black_box, pin::Pin, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

type Tool = Arc<dyn Fn(&Value) -> String + Send + Sync>;

/// Agents that run one loop each.
pub(super) fn agents(
    delay: Duration,
) -> impl Fn(usize) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    let lookup: Tool =
        Arc::new(|arguments| format!("value-of-{}", arguments["key"].as_str().unwrap_or_default()));
    let tools = Arc::new(HashMap::from([("lookup", lookup)]));
    move |number| {
        let tools = Arc::clone(&tools);
        Box::pin(async move {
            let answer = turns(&tools, number, delay).await?;
            ensure!(
                answer.ends_with(&format!("value-of-{number}")),
                "a wrong answer: {answer}"
            );
            Ok(())
        })
    }
}

async fn turns(
    tools: &HashMap<&'static str, Tool>,
    number: usize,
    delay: Duration,
) -> Result<String> {
    let mut turns = vec![
        json!({ "role": "system", "content": "You are a worker." }),
        json!({ "role": "user", "content": format!("look up {number}") }),
    ];
    loop {
        let reply = model(&turns, delay).await?;
        let Some(arguments) = reply["arguments"].as_str() else {
            return Ok(reply["content"].as_str().unwrap_or_default().to_owned());
        };
        let arguments: Value = serde_json::from_str(arguments)?;
        let result = tools["lookup"](&arguments);
        turns.push(reply);
        turns.push(json!({ "role": "tool", "content": result }));
    }
}

async fn model(turns: &[Value], delay: Duration) -> Result<Value> {
    if delay.is_zero() {
        tokio::task::yield_now().await;
    } else {
        tokio::time::sleep(delay).await;
    }
    black_box(serde_json::to_string(turns)?);
    let last = turns.last().context("nothing was asked")?;
    let words = last["content"].as_str().unwrap_or_default();
    Ok(if last["role"] == "tool" {
        json!({ "role": "assistant", "content": format!("final: {words}") })
    } else {
        let key = words.rsplit(' ').next().unwrap_or_default();
        json!({ "role": "assistant", "content": "", "arguments": json!({ "key": key }).to_string() })
    })
}
