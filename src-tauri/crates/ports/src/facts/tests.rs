//! Facts and schemas on their way through JSON. Never here: a model.

use chimera_domain::{confidence::Confidence, persona::Persona, time::Timestamp};
use serde_json::json;

use super::*;

fn persona() -> Persona {
    serde_json::from_value(json!({
        "name": "Mara Voss", "id": "mara-voss", "voice_traits": ["dry"],
        "directives": ["no health claims"], "backstory": "Writes about coffee."
    }))
    .unwrap()
}

fn research() -> Ask {
    Ask::Research(ResearchFacts {
        goal: "Three posts about coffee".to_owned(),
        persona: persona().into(),
        instructions: String::new(),
        guidance: vec![],
        feeds: vec!["feed.xml".to_owned()],
        relevance_threshold: Confidence::from_percent(75),
        max_picks: 8,
        trends: vec![],
        memories: vec![],
        now: Timestamp::from_seconds(1_790_000_000),
    })
}

#[test]
fn facts_carry_their_question_as_a_tag_and_survive_the_trip() {
    let ask = research();
    let value = ask.to_value();
    assert_eq!(value["ask"], "research");
    assert_eq!(value["ask"], ask.word());
    assert_eq!(serde_json::from_value::<Ask>(value).unwrap(), ask);
}

#[test]
fn an_answer_schema_stands_alone_and_refuses_surprises() {
    let schema = Value::clone(&research().answer_schema());
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(
        schema["required"],
        json!(["summary", "picks", "dropped", "confidence"])
    );
    assert_eq!(
        schema["properties"]["picks"]["items"]["properties"]["relevance"],
        json!({
            "type": "number", "minimum": 0, "maximum": 1,
            "description": "0 has nothing to do with the goal, 1 is exactly what is wanted."
        })
    );
    assert!(!schema.to_string().contains("$ref"), "{schema}");
}
