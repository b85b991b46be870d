//! Forms that strangers send, and answers to them.

use super::*;

fn asked(it: &Value) -> Result<Form, String> {
    Form::of(&json!({
        "message": "Well?",
        "requestedSchema": { "type": "object", "properties": { "it": it }, "required": ["it"] },
    }))
}

fn given(it: &Value) -> Map<String, Value> {
    Map::from_iter([("it".to_owned(), it.clone())])
}

#[test]
fn what_fits_is_taken_and_what_does_not_is_told_without_its_value() {
    for (says, good, bad) in [
        (
            json!({ "type": "string", "format": "email" }),
            json!("ada@example.org"),
            json!("hush"),
        ),
        (
            json!({ "type": "string", "format": "date" }),
            json!("2026-11-22"),
            json!("hush"),
        ),
        (
            json!({ "type": "string", "format": "secret-format" }),
            json!("anything"),
            json!(7),
        ),
        (
            json!({ "type": "integer", "minimum": 1 }),
            json!(3),
            json!(1.5),
        ),
        (
            json!({ "type": "number", "maximum": 2 }),
            json!(1.5),
            json!("hush"),
        ),
        (json!({ "type": "boolean" }), json!(false), json!("hush")),
        (
            json!({ "type": "string", "oneOf": [{ "const": "a", "title": "A" }] }),
            json!("a"),
            json!("A"),
        ),
        (
            json!({ "type": "array", "items": { "enum": ["a", "b"] }, "maxItems": 1 }),
            json!(["b"]),
            json!(["a", "b"]),
        ),
    ] {
        let form = asked(&says).unwrap();
        assert_eq!(form.check(&given(&good)), Ok(()), "{says}");
        let why = form.check(&given(&bad)).unwrap_err();
        assert!(why.starts_with("at /it") && !why.contains("hush"), "{why}");
        assert!(form.check(&Map::new()).is_err(), "{says}");
    }
}

#[test]
fn what_a_server_proposes_counts_only_where_it_fits() {
    let proposed = |says: Value| asked(&says).unwrap().fields.remove(0).default;
    let text = |default: &str| json!({ "type": "string", "maxLength": 3, "default": default });
    assert_eq!(proposed(text("abc")), Some(json!("abc")));
    assert_eq!(proposed(text("abcd")), None);
    assert_eq!(proposed(json!({ "type": "integer", "default": "1" })), None);
    assert_eq!(
        proposed(json!({ "type": "string", "enum": ["a"], "default": "b" })),
        None
    );
}

#[test]
fn a_reason_repeats_only_the_beginning_of_a_strangers_word() {
    let long = "x".repeat(150);
    let why = Form::of(&json!({
        "message": "Well?",
        "requestedSchema": { "type": "object", "properties": { long: { "type": "null" } } },
    }));
    let why = why.unwrap_err();
    assert!(
        why.contains(&"x".repeat(80)) && !why.contains(&"x".repeat(81)),
        "{why}"
    );
}
