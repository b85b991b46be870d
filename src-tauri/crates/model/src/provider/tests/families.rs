//! What every family must do alike, each over its own wire: words, tools, shapes, tokens, reasons to stop.
//!
//! Never here: what fails (`family_faults`), or a habit of one family beyond what the product relies on.

use super::*;

pub(super) fn settings_of(family: Family, server: &ModelServer) -> ProviderSettings {
    ProviderSettings::new(
        family,
        family.name(),
        &server.base_url(),
        "strong-model",
        "fast-model",
    )
    .with_key("sk-test-1234567890".into())
}

pub(super) async fn ask(
    family: Family,
    reply: Reply,
    request: ChatRequest,
) -> (Result<ChatReply, ModelError>, ModelRequest) {
    let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
    let said = provider(&server, settings_of(family, &server))
        .chat(&request, None)
        .await;
    (said, server.requests().remove(0))
}

pub(super) async fn failure(family: Family, reply: Reply) -> ModelError {
    let (said, _) = ask(family, reply, request(ModelRole::Worker, "")).await;
    said.unwrap_err()
}

#[tokio::test]
async fn words_come_in_pieces_and_whole_with_their_tokens() {
    for (family, line) in [
        (Family::OpenAi, "POST /v1/chat/completions"),
        (Family::Anthropic, "POST /v1/messages"),
        (
            Family::Gemini,
            "POST /v1/models/strong-model:streamGenerateContent?alt=sse",
        ),
        (Family::Ollama, "POST /api/chat"),
    ] {
        words_of(family, line).await;
    }
}

async fn words_of(family: Family, line: &str) {
    let told = json!({"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 64}});
    for whole in [false, true] {
        let reply = Reply::text("Früh am Morgen öffnet der Hafen.").in_pieces_of(3);
        let reply = reply.usage(told.clone());
        let reply = if whole { reply.whole() } else { reply };
        let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
        let pieces = Mutex::new(Vec::new());
        let sink = |piece: &str| pieces.lock().unwrap().push(piece.to_owned());
        // Gemini is asked for a stream by the address, and always gives one.
        let said = provider(&server, settings_of(family, &server))
            .chat(&request(ModelRole::Planner, "You plan."), Some(&sink))
            .await
            .unwrap();
        assert_eq!(pieces.into_inner().unwrap().concat(), said.text);
        assert_eq!(
            said,
            ChatReply {
                text: "Früh am Morgen öffnet der Hafen.".to_owned(),
                tool_calls: vec![],
                finish: FinishReason::Stop,
                usage: TokenUsage {
                    input: 100,
                    // Ollama does not tell.
                    cached: if family == Family::Ollama { 0 } else { 64 },
                    output: 20,
                    estimated: false
                },
                model: format!("{}/strong-model", family.name()),
                rehearsal: false,
            }
        );
        let seen = server.requests().remove(0);
        assert_eq!(
            (seen.line.as_str(), seen.key.as_deref()),
            (line, Some("sk-test-1234567890"))
        );
        assert_eq!(
            (seen.model(), seen.system().as_str(), seen.user().as_str()),
            ("strong-model", "You plan.", "Go on.")
        );
        assert!(!seen.body.to_string().contains("facts are not sent"));
    }
}

#[tokio::test]
async fn a_bound_on_words_is_told_and_what_it_cut_off_says_so() {
    for (family, place) in [
        (Family::OpenAi, "/max_tokens"),
        (Family::Anthropic, "/max_tokens"),
        (Family::Gemini, "/generationConfig/maxOutputTokens"),
        (Family::Ollama, "/options/num_predict"),
    ] {
        bound_of(family, place).await;
    }
}

async fn bound_of(family: Family, place: &str) {
    let reply = Reply::text("The harbour opens on").finish("length");
    let (said, seen) = ask(family, reply, request(ModelRole::Worker, "")).await;
    assert_eq!(said.unwrap().finish, FinishReason::Length);
    assert_eq!(seen.body.pointer(place), Some(&json!(500)));
}

#[tokio::test]
async fn tools_are_asked_for_answered_and_followed_by_words() {
    for family in Family::ALL {
        tools_of(family).await;
    }
}

async fn tools_of(family: Family) {
    let arguments = json!({"feeds": ["https://a.example/feed.xml", "ä.xml"], "limit": 5});
    let script = Script::new()
        .on(
            When::any().after_tool(false),
            Reply::calls(&[
                ("feeds_fetch_trends", arguments.clone()),
                ("feeds_fetch_trends", json!({})),
            ])
            .in_pieces_of(4),
        )
        .on(When::any().after_tool(true), Reply::text("Two items."));
    let server = ModelServer::start(script).await;
    let provider = provider(&server, settings_of(family, &server));
    let mut request = ChatRequest {
        tools: tools().into(),
        answer_schema: Some(
            json!({"type": "object", "properties": {"a": {"type": "string"}}}).into(),
        ),
        ..request(ModelRole::Worker, "")
    };
    let first = provider.chat(&request, None).await.unwrap();
    assert_eq!(first.finish, FinishReason::ToolCalls);
    let asked: Vec<_> = first
        .tool_calls
        .iter()
        .map(|call| (call.name.as_str(), call.arguments.clone()))
        .collect();
    assert_eq!(
        asked,
        [
            ("feeds.fetch_trends", arguments),
            ("feeds.fetch_trends", json!({}))
        ]
    );
    assert_ne!(first.tool_calls[0].id, first.tool_calls[1].id);
    request.turns.push(Turn::Model {
        text: first.text,
        tool_calls: first.tool_calls.clone(),
    });
    for (call, content, is_error) in [
        (&first.tool_calls[0], "[1, 2]", false),
        (&first.tool_calls[1], "no feed", true),
    ] {
        request.turns.push(Turn::ToolResult {
            call_id: call.id.clone(),
            name: call.name.clone(),
            content: content.to_owned(),
            is_error,
        });
    }
    request.answer_schema = None;
    assert_eq!(
        provider.chat(&request, None).await.unwrap().text,
        "Two items."
    );
    handed_back(family, &server.requests().remove(1));
}

/// What tools returned is told in the family's own form.
fn handed_back(family: Family, second: &ModelRequest) {
    assert_eq!(second.tools(), ["feeds_fetch_trends"]);
    let results = second.tool_results();
    assert_eq!(results.len(), 2);
    assert!(
        results[0] == "[1, 2]" && results[1].ends_with("no feed"),
        "{results:?}"
    );
    if family == Family::Gemini {
        let parts = second.body.pointer("/contents/1/parts").unwrap();
        assert_eq!(parts[0]["thoughtSignature"], "mark-of-feeds_fetch_trends");
        assert_eq!(second.body["contents"].as_array().unwrap().len(), 3);
    }
    if family == Family::Anthropic {
        let results = second.body.pointer("/messages/2/content").unwrap();
        assert_eq!(
            (&results[0]["is_error"], &results[1]["is_error"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(
            results[0]["tool_use_id"],
            second.body["messages"][1]["content"][0]["id"]
        );
    }
}

#[tokio::test]
async fn a_wanted_shape_is_held_to_by_the_far_side() {
    for (family, place) in [
        (Family::OpenAi, "/response_format/json_schema/schema"),
        (Family::Anthropic, "/output_config/format/schema"),
        (Family::Gemini, "/generationConfig/responseJsonSchema"),
        (Family::Ollama, "/format"),
    ] {
        shape_of(family, place).await;
    }
}

async fn shape_of(family: Family, place: &str) {
    let schema =
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}});
    let wanted = ChatRequest {
        answer_schema: Some(schema.clone().into()),
        ..request(ModelRole::Worker, "Score.")
    };
    let (said, seen) = ask(
        family,
        Reply::text("```json\n{\"a\": 1}\n```"),
        wanted.clone(),
    )
    .await;
    assert_eq!(said.unwrap().text, "{\"a\": 1}");
    let told = seen.body.pointer(place).unwrap();
    assert_eq!(told["properties"], schema["properties"], "{told}");
    assert_eq!(seen.system(), "Score.");
    let (said, _) = ask(family, Reply::text("I would rather not."), wanted).await;
    assert_eq!(said.unwrap_err().fault.code, CODE_BAD_ANSWER);
}

#[tokio::test]
async fn where_a_shape_cannot_be_held_to_it_is_told_in_words() {
    let wanted = |tools| ChatRequest {
        answer_schema: Some(json!({"type": "object", "properties": {"picks": {}}}).into()),
        tools: Counted::from(tools),
        ..request(ModelRole::Worker, "Score.")
    };
    for family in [Family::Gemini, Family::Ollama] {
        let (_, seen) = ask(family, Reply::text("{}"), wanted(tools())).await;
        assert!(seen.system().contains("\"picks\""), "{}", seen.system());
        let body = seen.body.to_string();
        assert!(!body.contains("responseJsonSchema") && seen.body.get("format").is_none());
    }
    let server = ModelServer::start(Script::new().on(When::any(), Reply::text("{}"))).await;
    let old = ProviderSettings {
        fast: "claude-3-5-haiku-latest".to_owned(),
        ..settings_of(Family::Anthropic, &server)
    };
    let asked = provider(&server, old).chat(&wanted(vec![]), None).await;
    assert!(asked.is_ok());
    let seen = server.requests().remove(0);
    assert!(seen.system().contains("\"picks\"") && seen.body.get("output_config").is_none());
}

#[tokio::test]
async fn who_refuses_to_answer_is_understood() {
    for (family, reason) in [
        (Family::OpenAi, "content_filter"),
        (Family::Anthropic, "refusal"),
        (Family::Gemini, "SAFETY"),
        (Family::Gemini, "A_REASON_TO_COME"),
    ] {
        refusal_of(family, reason).await;
    }
}

async fn refusal_of(family: Family, reason: &str) {
    let (said, _) = ask(
        family,
        Reply::text("Hel").finish(reason),
        request(ModelRole::Worker, ""),
    )
    .await;
    assert_eq!(said.unwrap().finish, FinishReason::ContentFilter);
}

#[tokio::test]
async fn a_refusal_beside_the_content_and_one_of_the_question_are_understood_too() {
    for (family, body) in [
        (
            Family::OpenAi,
            r#"{"choices": [{"finish_reason": "stop", "message": {"content": null, "refusal": "I cannot."}}]}"#,
        ),
        (
            Family::Gemini,
            r#"{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 9}}"#,
        ),
    ] {
        let (said, _) = ask(
            family,
            Reply::raw(200, body),
            request(ModelRole::Worker, ""),
        )
        .await;
        assert_eq!(said.unwrap().finish, FinishReason::ContentFilter, "{body}");
    }
    let body = r#"{"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}"#;
    let error = failure(Family::Gemini, Reply::raw(200, body)).await;
    assert_eq!(error.fault.code, CODE_BAD_ANSWER);
}

#[tokio::test]
async fn calls_that_another_provider_asked_for_are_understood_by_each() {
    let call = ToolCall {
        id: "call#1/ä".to_owned(),
        name: "feeds.fetch_trends".to_owned(),
        arguments: json!({}),
        mark: None,
    };
    for (family, place, told) in [
        (
            Family::Anthropic,
            "/messages/1/content/0/id",
            json!("call_1__"),
        ),
        (
            Family::Gemini,
            "/contents/1/parts/0/thoughtSignature",
            json!("skip_thought_signature_validator"),
        ),
        (
            Family::Ollama,
            "/messages/2/tool_calls/0/function/name",
            json!("feeds_fetch_trends"),
        ),
    ] {
        let mut handed_over = request(ModelRole::Worker, "You look.");
        handed_over.turns.push(Turn::Model {
            text: String::new(),
            tool_calls: vec![call.clone()],
        });
        handed_over.turns.push(Turn::ToolResult {
            call_id: call.id.clone(),
            name: call.name.clone(),
            content: "[]".to_owned(),
            is_error: false,
        });
        let (said, seen) = ask(family, Reply::text("Nothing."), handed_over).await;
        assert!(said.is_ok());
        assert_eq!(seen.body.pointer(place), Some(&told), "{}", seen.body);
        assert_eq!(seen.tool_results(), ["[]"]);
    }
}
