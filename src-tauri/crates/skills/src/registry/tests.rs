//! Loading from folders, clashes, validation around a run, and tools as skills.

use std::{fs, path::Path};

use async_trait::async_trait;
use chimera_domain::action::EffectClass;
use serde_json::json;

use super::*;
use crate::{
    mcp_skill::NotReadable,
    schema::compile,
    testing::{FakeHost, Scripted, context, tool},
};

const SCHEMA: &str =
    r#"{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}"#;

fn write_skill(root: &Path, name: &str, metadata: &str) {
    let folder = root.join(name);
    fs::create_dir_all(folder.join("references")).unwrap();
    let text = format!(
        "---\nname: {name}\ndescription: A test.\nmetadata:\n  version: \"1.0.0\"\n{metadata}---\nDo it.\n"
    );
    fs::write(folder.join("SKILL.md"), text).unwrap();
    for file in ["input", "output"] {
        fs::write(
            folder.join(format!("references/{file}.schema.json")),
            SCHEMA,
        )
        .unwrap();
    }
}

fn load(path: &Path, may_replace: bool) -> (SkillRegistry, Vec<(String, String, &'static str)>) {
    let (registry, list) = SkillRegistry::load(&[SkillFolder {
        path: path.to_owned(),
        may_replace,
    }]);
    let list = list
        .into_iter()
        .map(|note| (note.skill, note.file, note.diagnostic.code))
        .collect();
    (registry, list)
}

fn note(skill: &str, file: &str, code: &'static str) -> (String, String, &'static str) {
    (skill.into(), file.into(), code)
}

#[test]
fn an_operators_skill_is_found_and_a_broken_one_beside_it_is_reported_and_left_out() {
    let root = tempfile::tempdir().unwrap();
    write_skill(root.path(), "good", "");
    write_skill(root.path(), "native", "  run: native\n");
    write_skill(root.path(), "intent", "  side_effects: intent\n");
    write_skill(root.path(), "no_output", "");
    fs::remove_file(root.path().join("no_output/references/output.schema.json")).unwrap();
    write_skill(root.path(), "not_utf8", "");
    fs::write(
        root.path().join("not_utf8/references/input.schema.json"),
        [0xff, 0xfe],
    )
    .unwrap();
    write_skill(root.path(), "huge", "");
    fs::write(root.path().join("huge/SKILL.md"), "x".repeat(300_000)).unwrap();
    write_skill(root.path(), "bad_example", "");
    fs::create_dir(root.path().join("bad_example/assets")).unwrap();
    fs::write(
        root.path().join("bad_example/assets/examples.json"),
        r#"[{"input": {}, "output": {"n": 1}}]"#,
    )
    .unwrap();
    fs::create_dir(root.path().join("no_skill")).unwrap();
    let (registry, list) = load(root.path(), false);
    assert_eq!(
        list,
        [
            note("bad_example", "assets/examples.json", "EXAMPLE_INVALID"),
            note("huge", "SKILL.md", "FILE_UNREADABLE"),
            note(
                "no_output",
                "references/output.schema.json",
                "FILE_UNREADABLE"
            ),
            note(
                "not_utf8",
                "references/input.schema.json",
                "FILE_UNREADABLE"
            ),
            note("intent", "SKILL.md", "INTENT_NOT_OURS"),
            note("native", "SKILL.md", "NATIVE_NOT_OURS"),
        ]
    );
    let good = registry.get("good").unwrap();
    assert_eq!(
        good.provenance(),
        &Provenance::Folder(root.path().join("good"))
    );
    assert!(matches!(good.body(), SkillBody::Loop(text) if text == "Do it."));
    assert_eq!(good.serves(), None);
    for (name, _, _) in &list {
        assert!(registry.get(name).is_none(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let root = tempfile::tempdir().unwrap();
    write_skill(root.path(), "linked", "");
    let target = root.path().join("linked/references/input.schema.json");
    fs::remove_file(&target).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &target).unwrap();
    let (registry, list) = load(root.path(), false);
    assert_eq!(
        list,
        [note(
            "linked",
            "references/input.schema.json",
            "FILE_UNREADABLE"
        )]
    );
    assert!(registry.get("linked").is_none());
}

#[test]
fn a_built_in_name_is_only_taken_where_the_operator_allows_it() {
    let root = tempfile::tempdir().unwrap();
    write_skill(root.path(), "write_post", "  task_kind: generate_caption\n");
    let (registry, list) = load(root.path(), false);
    assert_eq!(list, [note("write_post", "SKILL.md", "NAME_TAKEN")]);
    assert_eq!(
        registry.get("write_post").unwrap().provenance(),
        &Provenance::BuiltIn
    );
    let (registry, list) = load(root.path(), true);
    assert_eq!(list, []);
    let taken = registry.get("write_post").unwrap();
    assert_eq!(
        taken.provenance(),
        &Provenance::Folder(root.path().join("write_post"))
    );
    assert_eq!(taken.serves(), Some(TaskKind::GenerateCaption));
}

#[test]
fn of_two_folders_the_first_wins_and_an_absent_folder_is_no_trouble() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_skill(one.path(), "mine", "");
    write_skill(two.path(), "mine", "");
    let folder = |path: &Path| SkillFolder {
        path: path.to_owned(),
        may_replace: true,
    };
    let (registry, list) = SkillRegistry::load(&[
        folder(&one.path().join("nowhere")),
        folder(one.path()),
        folder(two.path()),
    ]);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].diagnostic.code, "NAME_TAKEN");
    let kept = registry.get("mine").unwrap();
    assert_eq!(
        kept.provenance(),
        &Provenance::Folder(one.path().join("mine"))
    );
    let file = one.path().join("file");
    fs::write(&file, "x").unwrap();
    let (_, list) = load(&file, false);
    assert_eq!(
        list,
        [note("", &file.display().to_string(), "FOLDER_UNREADABLE")]
    );
}

struct Scribe {
    manifest: SkillManifest,
    answer: Option<SkillOutput>,
}

#[async_trait]
impl NativeSkill for Scribe {
    fn manifest(&self) -> &SkillManifest {
        &self.manifest
    }
    async fn execute(&self, _: &SkillContext, _: Value) -> SkillOutput {
        self.answer.clone().unwrap()
    }
}

fn with_scribe(answer: Option<SkillOutput>) -> SkillRegistry {
    let (mut registry, _) = SkillRegistry::built_in();
    let mut manifest = registry.get("echo").unwrap().manifest().clone();
    manifest.name = "scribe".into();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    registry.put(Skill {
        serves: None,
        body: SkillBody::Native(Arc::new(Scribe {
            manifest: manifest.clone(),
            answer,
        })),
        manifest,
        provenance: Provenance::BuiltIn,
        input: compile(&schema).unwrap(),
        output: compile(&schema).unwrap(),
    });
    registry
}

#[tokio::test]
async fn a_run_stands_between_its_contracts_and_never_raises() {
    let done = |data| Some(SkillOutput::done(data));
    let host = Arc::new(FakeHost::default());
    for (answer, skill, input, expected) in [
        (done(json!({"n": 2})), "scribe", json!({"n": 1}), None),
        (
            done(json!({"n": 2})),
            "scribe",
            json!({"n": "1"}),
            Some("VALIDATION_ERROR"),
        ),
        (
            done(json!({"m": 2})),
            "scribe",
            json!({"n": 1}),
            Some("SKILL_OUTPUT_INVALID"),
        ),
        (
            done(json!({"n": 2, "success": false})),
            "scribe",
            json!({"n": 1}),
            Some("SKILL_OUTPUT_INVALID"),
        ),
        (None, "scribe", json!({"n": 1}), Some("SKILL_PANICKED")),
        (
            None,
            "write_post",
            json!({"platform": "sandbox"}),
            Some("SKILL_NEEDS_MODEL"),
        ),
        (None, "no_such", json!({}), Some("SKILL_UNKNOWN")),
    ] {
        let output = with_scribe(answer)
            .run_native(skill, &context(&host), input)
            .await;
        let code = output
            .error_detail
            .as_ref()
            .map(|fault| fault.code.as_str());
        assert_eq!(
            (output.success, code),
            (expected.is_none(), expected),
            "{skill}"
        );
        assert_eq!(output.data.is_empty(), expected.is_some());
    }
}

#[tokio::test]
async fn a_reading_tool_becomes_a_skill_and_an_acting_one_does_not() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let info = tool("Weather.now", EffectClass::Read, schema.clone());
    let host = Arc::new(
        FakeHost::default()
            .with_tool("Weather.now", EffectClass::Read)
            .answering("Weather.now", Scripted::Content(json!({"text": "rain"}))),
    );
    let (registry, _) = SkillRegistry::built_in();
    let registry = registry.with_tool(McpSkill::wrap(info).unwrap());
    let ctx = context(&host);
    let run = |input| registry.run_native("weather__now", &ctx, input);
    assert_eq!(
        run(json!({"n": 1})).await,
        SkillOutput::done(json!({"text": "rain"}))
    );
    assert_eq!(
        run(json!({})).await.error_detail.unwrap().code,
        "VALIDATION_ERROR"
    );
    assert_eq!(host.calls(), 1);
    for effect in [
        EffectClass::InternalWrite,
        EffectClass::Outward,
        EffectClass::Money,
    ] {
        let acting = tool("x.y", effect, schema.clone());
        assert_eq!(
            McpSkill::wrap(acting.clone()).unwrap_err(),
            NotReadable::Acts(acting.tool)
        );
    }
    let broken = tool(
        "x.y",
        EffectClass::Read,
        json!({"$ref": "https://example.com"}),
    );
    assert!(matches!(
        McpSkill::wrap(broken),
        Err(NotReadable::Schema { .. })
    ));
}
