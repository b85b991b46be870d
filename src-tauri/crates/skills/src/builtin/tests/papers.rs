//! SKILL.md, schemas and examples of every built-in skill agree with each other and with the code.

use super::*;

#[test]
fn every_skill_is_described_bounded_and_has_two_valid_examples() {
    let registry = registry();
    let names: Vec<&str> = registry
        .list()
        .map(|manifest| manifest.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "echo",
            "fetch_trends",
            "mcp_tool",
            "normalize_handle",
            "publish_content",
            "trend_detection_alerting",
            "write_post"
        ]
    );
    for manifest in registry.list() {
        let name = &manifest.name;
        assert!(manifest.examples.len() >= 2, "{name}");
        for example in &manifest.examples {
            assert_eq!(
                registry.validate_input(name, &example.input),
                Ok(()),
                "{name}"
            );
            assert_eq!(
                registry.validate_output(name, &example.output),
                Ok(()),
                "{name}"
            );
        }
        for schema in [&manifest.input_schema, &manifest.output_schema] {
            assert_eq!(schema["additionalProperties"], false, "{name}");
            assert_eq!(schema["type"], "object", "{name}");
        }
    }
}

#[test]
fn a_planner_is_offered_exactly_the_three_that_do_a_task() {
    let registry = registry();
    let offered: Vec<_> = registry
        .offered()
        .map(|(kind, skill)| {
            let manifest = skill.manifest();
            (
                manifest.name.as_str(),
                kind,
                manifest.run,
                manifest.side_effects,
            )
        })
        .collect();
    assert_eq!(
        offered,
        [
            (
                "fetch_trends",
                TaskKind::AnalyzeTrends,
                SkillRun::Native,
                SideEffects::None
            ),
            (
                "publish_content",
                TaskKind::PublishPost,
                SkillRun::Native,
                SideEffects::Intent
            ),
            (
                "write_post",
                TaskKind::GenerateCaption,
                SkillRun::Loop,
                SideEffects::None
            ),
        ]
    );
}

#[test]
fn s4s_own_sample_of_an_input_is_taken_and_its_limits_hold() {
    let registry = registry();
    let check = |input: Value| registry.validate_input("fetch_trends", &input).is_ok();
    assert!(check(json!({
        "platforms": ["youtube", "tiktok", "twitter"],
        "categories": ["technology", "entertainment"],
        "time_range": "24h",
        "max_results": 50
    })));
    assert!(check(json!({"platforms": ["web"]})));
    let by_s4s_name = registry.get("skill_fetch_trends").unwrap();
    assert_eq!(by_s4s_name.manifest().name, "fetch_trends");
    for bad in [
        json!({}),
        json!({"platforms": []}),
        json!({"platforms": ["myspace"]}),
        json!({"platforms": ["web"], "time_range": "12h"}),
        json!({"platforms": ["web"], "max_results": 0}),
        json!({"platforms": ["web"], "max_results": 1001}),
        json!({"platforms": ["web"], "max_result": 5}),
    ] {
        assert!(!check(bad.clone()), "{bad}");
    }
    let defaults = &registry
        .get("fetch_trends")
        .unwrap()
        .manifest()
        .input_schema["properties"];
    assert_eq!(
        (
            &defaults["time_range"]["default"],
            &defaults["max_results"]["default"]
        ),
        (&json!("24h"), &json!(50))
    );
}

#[test]
fn what_a_writer_returns_is_what_the_model_port_asks_for() {
    use chimera_ports::facts::DraftAnswer;
    let registry = registry();
    let skill = registry.get("write_post").unwrap();
    for example in &skill.manifest().examples {
        let answer: DraftAnswer = serde_json::from_value(example.output.clone()).unwrap();
        assert_eq!(
            skill.validate_output(&serde_json::to_value(answer).unwrap()),
            Ok(())
        );
    }
}

#[tokio::test]
async fn the_examples_of_pure_skills_are_what_the_code_gives() {
    let registry = registry();
    let host = Arc::new(FakeHost::default());
    for name in ["echo", "normalize_handle", "trend_detection_alerting"] {
        let skill = registry.get(name).unwrap();
        for example in &skill.manifest().examples {
            let output = registry
                .run_native(name, &context(&host), example.input.clone())
                .await;
            let mut data = output.into_result().unwrap();
            if example.input.get("now").is_none() && data.get("generated_at").is_some() {
                data["generated_at"] = example.output["generated_at"].clone();
            }
            if let Some(at) = data.get_mut("generated_at") {
                *at = at.as_str().unwrap().replace(".000000Z", "Z").into();
            }
            let text = data.to_string().replace(".000000Z", "Z");
            assert_eq!(
                serde_json::from_str::<Value>(&text).unwrap(),
                example.output,
                "{name}"
            );
        }
    }
}
