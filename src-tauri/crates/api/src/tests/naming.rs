//! Names and reasons that people write: every sign of them is seen, and no two agents share one.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

/// Signs without a shape, and ones that change how their neighbours are read.
const UNSEEN: [char; 14] = [
    '\u{ad}', '\u{115f}', '\u{1160}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{2060}',
    '\u{2800}', '\u{3164}', '\u{fe0f}', '\u{feff}', '\u{ffa0}', '\n',
];

fn soul(name: &str) -> Value {
    json!({ "soul": format!(
        "---\nname: {}\nid: ines-ardo\nvoice_traits: [quick]\ndirectives:\n  - State only what a source supports.\n---\nInes pours.\n",
        json!(name)
    ) })
}

#[tokio::test]
async fn a_sign_that_nobody_sees_is_in_no_name() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let etag = format!("\"{}\"", bed.campaign.version);
    let asked = |name: &str| {
        let owner = json!({ "name": name, "email": "ada@halden.example", "password": "correct horse battery" });
        let user = json!({ "name": name, "email": "ada@halden.example", "password": "correct horse battery", "roles": ["viewer"] });
        let prices = json!({ "items": [{ "model": name, "input_per_million": "1", "output_per_million": "1" }] });
        [
            (Call::post("/api/v1/users"), user),
            (
                Call::post("/api/v1/keys"),
                json!({ "name": name, "roles": ["viewer"] }),
            ),
            (
                Call::post("/api/v1/swarm/tenants"),
                json!({ "tenant_id": "t_second", "name": name, "owner": owner }),
            ),
            (
                Call::new("PATCH", format!("/api/v1/campaigns/{}", bed.campaign.id))
                    .with("if-match", &etag),
                json!({ "name": name }),
            ),
            (
                Call::put("/api/v1/prices").with("if-match", "\"0\""),
                prices,
            ),
        ]
    };
    for sign in UNSEEN {
        let code = format!("U+{:04X}", u32::from(sign));
        for (call, body) in asked(&format!("Ada{sign}Lovelace")) {
            let refused = bench.call(call.token(&token).json(&body)).await;
            let said = refused.body["error"]["message"]
                .as_str()
                .unwrap_or_default();
            assert!(said.contains(&code), "{body}: {}", refused.body);
        }
        let persona = Call::post("/api/v1/personas").json(&soul(&format!("Ada{sign}Lovelace")));
        let refused = bench.call(persona.token(&token)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
    }
    for name in ["می\u{200c}خواهم", "Ada 👩\u{200d}💻"] {
        let persona = Call::post("/api/v1/personas").json(&soul(name));
        bench.call(persona.token(&token)).await.ok();
    }
}

#[tokio::test]
async fn two_agents_whose_names_look_alike_are_one_too_many() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let make = |name: &str| {
        let call = Call::post("/api/v1/personas").json(&soul(name));
        bench.call(call.token(&token))
    };
    let first = make("Josée Ardo").await.ok();
    for name in [
        "josée ardo",
        "Jose\u{301}e Ardo",
        "Ｊｏｓée\u{a0} Ardo",
        "Josée  Ardo",
    ] {
        assert_eq!(make(name).await.code(), "AGENT_EXISTS", "{name}");
    }
    let second = make("Josee Ardo").await.ok();
    let save = |agent: &Value, etag: &str, name: &str| {
        let path = format!("/api/v1/personas/{}", agent["agent"].as_str().unwrap());
        let call = Call::put(path).json(&soul(name)).with("if-match", etag);
        bench.call(call.token(&token))
    };
    let refused = save(&second.body, &second.etag(), "JOSÉE ARDO").await;
    assert_eq!(refused.code(), "AGENT_EXISTS");
    let own = save(&first.body, &first.etag(), "JOSÉE ARDO").await.ok();
    assert_eq!(own.body["number"], 2);
}

#[tokio::test]
async fn a_reason_to_pause_an_agent_is_seen_as_it_is() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let path = format!("/api/v1/swarm/agents/{}/pause", bed.campaign.agent);
    let pause = |reason: String| {
        let call = Call::post(path.as_str()).json(&json!({ "reason": reason }));
        bench.call(call.token(&token))
    };
    for reason in ["Stop\u{202e}.", "Stop\u{1b}[2J.", "Stop\u{e0041}."] {
        let refused = pause(reason.to_owned()).await;
        assert_eq!(refused.code(), "VALIDATION_ERROR", "{reason:?}");
    }
    assert_eq!(pause("o".repeat(501)).await.code(), "VALIDATION_ERROR");
    pause("It smells.".to_owned()).await.ok();
}
