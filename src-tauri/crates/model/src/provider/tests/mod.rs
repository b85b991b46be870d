//! The provider over a real socket against a scripted server.

mod families;
mod family_faults;
mod faults;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chimera_net::HttpSettings;
use chimera_ports::{
    facts::{Ask, DraftAnswer, JudgeAnswer, PlanAnswer, ResearchAnswer},
    model::{
        ChatModel, ChatReply, ChatRequest, Counted, FinishReason, ModelRole, OfferedTool,
        TokenUsage, ToolCall, Turn,
    },
};
use chimera_scripted::{ModelRequest, ModelServer, Reply, Script, When};
use serde_json::{Value, json};

use super::*;
use chimera_domain::spend::Rate;

/// What an error is, apart from its words.
fn kind(error: &ModelError) -> (FaultClass, &str) {
    (error.fault.class, error.fault.code.as_str())
}

/// Facts with words that no provider may see.
fn unsent() -> Ask {
    use crate::rehearsal::testdata::{personas, research};
    Ask::Research(research(&personas()[0], "facts are not sent", vec![]))
}

fn request(role: ModelRole, system: &str) -> ChatRequest {
    ChatRequest {
        role,
        system: system.to_owned(),
        turns: vec![Turn::User {
            text: "Go on.".to_owned(),
        }],
        tools: Counted::default(),
        answer_schema: None,
        facts: Some(Arc::new(unsent())),
        max_output_tokens: 500,
    }
}

fn settings(server: &ModelServer) -> ProviderSettings {
    ProviderSettings::new(
        Family::OpenAi,
        "scripted",
        &server.base_url(),
        "strong-model",
        "fast-model",
    )
    .with_key("sk-test-1234567890".into())
}

fn provider(server: &ModelServer, settings: ProviderSettings) -> Provider {
    let client = HttpClient::new(HttpSettings {
        allow_hosts: vec![server.host().parse().unwrap()],
        ..HttpSettings::default()
    })
    .unwrap();
    let price = Rate {
        input_per_million: "0.15".parse().unwrap(),
        output_per_million: "0.60".parse().unwrap(),
        cached_input_per_million: Some("0.05".parse().unwrap()),
    };
    let prices = PriceTable::shipped();
    prices.take_own([("priced-model".to_owned(), price)].into());
    Provider::new(settings, client, Arc::new(prices)).unwrap()
}

/// The answer of a server that always replies so.
async fn asked(reply: Reply) -> Result<ChatReply, ModelError> {
    let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
    provider(&server, settings(&server))
        .chat(&request(ModelRole::Worker, ""), None)
        .await
}

async fn fault(reply: Reply) -> (FaultClass, String, Option<u64>) {
    let fault = asked(reply).await.unwrap_err().fault;
    (fault.class, fault.code, fault.retry_after_ms)
}

#[tokio::test]
async fn text_comes_in_pieces_and_whole_with_usage() {
    let server = ModelServer::start(Script::new().on(
        When::any(),
        Reply::text("Früh am Morgen öffnet der Hafen.").in_pieces_of(3),
    ))
    .await;
    let pieces = Mutex::new(Vec::new());
    let sink = |piece: &str| pieces.lock().unwrap().push(piece.to_owned());
    let reply = provider(&server, settings(&server))
        .chat(&request(ModelRole::Planner, "You plan."), Some(&sink))
        .await
        .unwrap();
    let pieces = pieces.into_inner().unwrap();
    assert!(pieces.len() > 5, "{pieces:?}");
    assert_eq!(pieces.concat(), reply.text);
    assert_eq!(
        reply,
        ChatReply {
            text: "Früh am Morgen öffnet der Hafen.".to_owned(),
            tool_calls: vec![],
            finish: FinishReason::Stop,
            usage: TokenUsage {
                input: 100,
                cached: 0,
                output: 20,
                estimated: false
            },
            model: "scripted/strong-model".to_owned(),
            rehearsal: false,
        }
    );
    let [seen] = server
        .requests()
        .try_into()
        .unwrap_or_else(|seen: Vec<_>| panic!("{seen:?}"));
    assert_eq!(seen.line, "POST /v1/chat/completions");
    assert_eq!(seen.key.as_deref(), Some("sk-test-1234567890"));
    assert_eq!(
        (seen.model(), seen.system().as_str(), seen.user().as_str()),
        ("strong-model", "You plan.", "Go on.")
    );
    assert_eq!(
        (&seen.body["max_tokens"], &seen.body["stream"]),
        (&json!(500), &json!(true))
    );
    assert!(!seen.body.to_string().contains("facts are not sent"));
}

#[tokio::test]
async fn each_role_asks_its_model_and_a_keyless_server_gets_no_key() {
    let server =
        ModelServer::start(Script::answering(|request| Reply::text(request.model()))).await;
    let keyless = ProviderSettings {
        api_key: None,
        token_field: TokenField::MaxCompletionTokens,
        ask_usage: false,
        ..settings(&server)
    };
    let provider = provider(&server, keyless);
    for (role, model) in [
        (ModelRole::Planner, "strong-model"),
        (ModelRole::Judge, "strong-model"),
        (ModelRole::Worker, "fast-model"),
    ] {
        let reply = provider.chat(&request(role, ""), None).await.unwrap();
        assert_eq!(
            (reply.text.as_str(), provider.info(role).model.as_str()),
            (model, model)
        );
        // Not asked for and not told: an estimate that says so.
        assert!(
            reply.usage.estimated && reply.usage.input > 0 && reply.usage.output > 0,
            "{:?}",
            reply.usage
        );
    }
    for seen in server.requests() {
        assert_eq!(seen.key, None);
        assert_eq!(seen.body["max_completion_tokens"], 500);
        assert_eq!(seen.body.get("stream_options"), None);
    }
}

fn tools() -> Vec<OfferedTool> {
    vec![OfferedTool {
        name: "feeds.fetch_trends".to_owned(),
        description: "Reads feeds.".to_owned(),
        input_schema: json!({"type": "object", "properties": {"feeds": {"type": "array"}}}),
    }]
}

#[tokio::test]
async fn tools_are_asked_for_answered_and_followed_by_text() {
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
    let provider = provider(&server, settings(&server));
    let mut request = ChatRequest {
        tools: tools().into(),
        ..request(ModelRole::Worker, "")
    };
    let first = provider.chat(&request, None).await.unwrap();
    let call = |id: &str, arguments: &Value| ToolCall {
        id: id.to_owned(),
        name: "feeds.fetch_trends".to_owned(),
        arguments: arguments.clone(),
        mark: None,
    };
    assert_eq!(first.finish, FinishReason::ToolCalls);
    assert_eq!(
        first.tool_calls,
        [call("call_0", &arguments), call("call_1", &json!({}))]
    );

    request.turns.push(Turn::Model {
        text: first.text,
        tool_calls: first.tool_calls,
    });
    for (call_id, content, is_error) in [("call_0", "[1, 2]", false), ("call_1", "no feed", true)] {
        request.turns.push(Turn::ToolResult {
            call_id: call_id.to_owned(),
            name: "feeds.fetch_trends".to_owned(),
            content: content.to_owned(),
            is_error,
        });
    }
    assert_eq!(
        provider.chat(&request, None).await.unwrap().text,
        "Two items."
    );
    let second = server.requests().remove(1);
    assert_eq!(second.tools(), ["feeds_fetch_trends"]);
    assert_eq!(second.tool_results(), ["[1, 2]", "Error: no feed"]);
    let assistant = &second.body["messages"][2];
    assert_eq!(
        assistant["tool_calls"][0]["function"]["name"],
        "feeds_fetch_trends"
    );
    assert_eq!(
        assistant["tool_calls"][0]["function"]["arguments"],
        arguments.to_string()
    );
}

/// An answer that fits what research is asked for.
const FOUND: &str = r#"{"summary": "Nothing.", "picks": [], "dropped": [], "confidence": 0.5}"#;

#[tokio::test]
async fn a_wanted_shape_is_told_and_checked() {
    let server = ModelServer::start(Script::answering(|_| {
        Reply::text(&format!("```json\n{FOUND}\n```"))
    }))
    .await;
    let ask = Ask::Research(crate::rehearsal::testdata::research(
        &crate::rehearsal::testdata::personas()[0],
        "Three posts about coffee",
        vec![],
    ));
    let request = ChatRequest {
        answer_schema: Some(ask.answer_schema()),
        ..request(ModelRole::Worker, "Score.")
    };
    for format in [
        AnswerFormat::JsonSchema,
        AnswerFormat::JsonObject,
        AnswerFormat::Prompt,
    ] {
        let settings = ProviderSettings {
            answer_format: format,
            ..settings(&server)
        };
        let reply = provider(&server, settings)
            .chat(&request, None)
            .await
            .unwrap();
        assert_eq!(reply.text, FOUND);
    }
    let told: Vec<_> = server
        .requests()
        .iter()
        .map(|seen| {
            (
                seen.body["response_format"]["type"].clone(),
                seen.system().contains("\"picks\""),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!("json_schema"), false),
            (json!("json_object"), true),
            (Value::Null, true)
        ]
    );
    let strict = &server.requests()[0].body["response_format"]["json_schema"];
    assert_eq!(
        (&strict["strict"], &strict["schema"]["additionalProperties"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn usage_that_cannot_be_is_replaced_by_an_estimate() {
    for usage in [
        json!(null),
        json!({}),
        json!({"prompt_tokens": -5, "completion_tokens": 3}),
        json!({"prompt_tokens": "many", "completion_tokens": 3}),
        json!({"prompt_tokens": 12, "completion_tokens": 0}),
        json!({"prompt_tokens": 12, "completion_tokens": 99_999_999_999_u64}),
    ] {
        let reply = asked(Reply::text("Twelve letters and more.").usage(usage.clone()))
            .await
            .unwrap();
        assert!(reply.usage.estimated, "{usage}");
        assert_eq!(reply.usage.output, 6, "{usage}");
    }
}

#[tokio::test]
async fn servers_of_other_habits_are_understood() {
    for reply in [
        Reply::text("Hello.").whole(),
        Reply::text("Hello.").without_end_mark(),
        Reply::raw(
            200,
            r#"{"choices": [{"finish_reason": "stop", "message": {"content": [{"type": "text", "text": "Hello."}]}}]}"#,
        ),
    ] {
        let shown = format!("{reply:?}");
        assert_eq!(asked(reply).await.unwrap().text, "Hello.", "{shown}");
    }
    let filtered = asked(Reply::text("Hel").finish("content_filter"))
        .await
        .unwrap();
    assert_eq!(filtered.finish, FinishReason::ContentFilter);
}

#[tokio::test]
async fn cost_comes_from_the_table_and_an_unknown_model_has_no_price() {
    let server = ModelServer::start(Script::answering(|_| {
        Reply::text("hello").usage(json!({"prompt_tokens": 1_000, "completion_tokens": 500,
            "prompt_tokens_details": {"cached_tokens": 400}}))
    }))
    .await;
    let known = ProviderSettings {
        name: "openai".to_owned(),
        fast: "priced-model".to_owned(),
        ..settings(&server)
    };
    let provider = provider(&server, known);
    let reply = provider
        .chat(&request(ModelRole::Worker, ""), None)
        .await
        .unwrap();
    assert_eq!(reply.usage.cached, 400);
    // 600 read at 0.15, 400 from the cache at 0.05, 500 written at 0.60 for a million.
    assert_eq!(
        provider.info(ModelRole::Worker).cost(reply.usage.told()),
        Some("0.00041".parse().unwrap())
    );
    assert_eq!(provider.info(ModelRole::Judge).rate, None);
    assert_eq!(
        provider.info(ModelRole::Judge).cost(reply.usage.told()),
        None,
        "a model without a price is not free"
    );
}

#[test]
fn settings_that_cannot_work_are_refused_before_use() {
    let client = HttpClient::new(HttpSettings::default()).unwrap();
    for (url, strong) in [
        ("api.openai.com/v1", "m"),
        ("ftp://x/v1", "m"),
        ("https://", "m"),
        ("https://x.example/v1", " "),
    ] {
        let settings = ProviderSettings::new(Family::OpenAi, "p", url, strong, "m");
        assert!(
            Provider::new(settings, client.clone(), Arc::new(PriceTable::empty())).is_err(),
            "{url}"
        );
    }
    let azure = ProviderSettings::new(
        Family::OpenAi,
        "azure",
        "https://x.example/openai/v1/?api-version=1",
        "m",
        "m",
    );
    assert_eq!(
        azure.address("chat/completions"),
        "https://x.example/openai/v1/chat/completions?api-version=1"
    );
    let address = |base: &str, path: &str| {
        ProviderSettings::new(Family::Ollama, "p", base, "m", "m").address(path)
    };
    for base in [
        "http://x:1",
        "http://x:1/",
        "http://x:1/api",
        "http://x:1/v1/",
    ] {
        assert_eq!(address(base, "api/chat"), "http://x:1/api/chat");
    }
    assert_eq!(
        address("http://x?a=1", "m?alt=sse"),
        "http://x/m?alt=sse&a=1"
    );
}

/// A plausible model for a whole campaign, from the markers in the prompts.
fn plausible(request: &ModelRequest) -> Reply {
    match request.ask().as_deref() {
        Some("plan") => Reply::json(&json!({"rationale": "Small.", "steps": [
            {"key": "research", "title": "Look", "kind": "analyze_trends", "skill": "fetch_trends", "instructions": "Read.", "platform": null, "needs": [], "estimated_output_tokens": null},
            {"key": "draft-1", "title": "Write", "kind": "generate_caption", "skill": "write_post", "instructions": "Write.", "platform": "sandbox", "needs": ["research"], "estimated_output_tokens": 200}
        ]})),
        Some("research") if request.tool_results().is_empty() => {
            Reply::calls(&[(&request.tools()[0], json!({"feeds": ["a.xml"]}))])
        }
        Some("research") => {
            let picks: Vec<_> = request
                .json_in("tool")
                .iter()
                .filter_map(|value| value.as_array())
                .flatten()
                .map(|item| json!({"trend_id": item["id"], "relevance": 0.9, "why": "It fits."}))
                .collect();
            Reply::json(
                &json!({"summary": "Read.", "picks": picks, "dropped": [], "confidence": 0.9}),
            )
        }
        Some("draft") => Reply::json(
            &json!({"text": "A post.", "hashtags": [], "based_on": ["a-1"], "claims": [], "confidence": 0.8}),
        ),
        Some("judge") => Reply::json(
            &json!({"criteria": [{"name": "voice", "score": 0.9, "note": "Dry."}], "confidence": 0.93, "risk": "low", "rationale": "Fine."}),
        ),
        _ => Reply::status(400, "unknown ask"),
    }
}

#[tokio::test]
async fn a_whole_campaign_can_be_asked_of_a_scripted_model() {
    let server = ModelServer::start(Script::answering(plausible)).await;
    let provider = provider(&server, settings(&server));
    let ask = async |role, word: &str, turns: Vec<Turn>| {
        let mut request = ChatRequest {
            tools: tools().into(),
            ..request(role, &format!("You work.\nASK: {word}\n"))
        };
        request.turns.extend(turns);
        provider.chat(&request, None).await.unwrap()
    };
    let plan: PlanAnswer =
        serde_json::from_str(&ask(ModelRole::Planner, "plan", vec![]).await.text).unwrap();
    assert_eq!(plan.steps.len(), 2);
    let call = ask(ModelRole::Worker, "research", vec![])
        .await
        .tool_calls
        .remove(0);
    let turns = vec![
        Turn::Model {
            text: String::new(),
            tool_calls: vec![call.clone()],
        },
        Turn::ToolResult {
            call_id: call.id,
            name: call.name,
            content: "<untrusted>[{\"id\": \"a-1\"}]</untrusted>".to_owned(),
            is_error: false,
        },
    ];
    let found: ResearchAnswer =
        serde_json::from_str(&ask(ModelRole::Worker, "research", turns).await.text).unwrap();
    assert_eq!(found.picks[0].trend_id, "a-1");
    let draft: DraftAnswer =
        serde_json::from_str(&ask(ModelRole::Worker, "draft", vec![]).await.text).unwrap();
    assert_eq!(draft.based_on, ["a-1"]);
    let judged: JudgeAnswer =
        serde_json::from_str(&ask(ModelRole::Judge, "judge", vec![]).await.text).unwrap();
    assert_eq!(judged.confidence.basis_points(), 9_300);
}

#[tokio::test]
async fn a_rule_answers_as_often_as_it_says_and_others_by_what_they_match() {
    let script = Script::new()
        .on(When::any().times(2), Reply::status(503, "busy"))
        .on(
            When::any().containing("harbour").of_model("fast-model"),
            Reply::text("sea"),
        )
        .on(When::ask("draft"), Reply::text("draft"));
    let server = ModelServer::start(script).await;
    let provider = provider(&server, settings(&server));
    let ask = async |system: &str| match provider
        .chat(&request(ModelRole::Worker, system), None)
        .await
    {
        Ok(reply) => reply.text,
        Err(error) => error.fault.code,
    };
    let mut said = Vec::new();
    for system in ["x", "x", "the harbour", "ASK: draft", "x"] {
        said.push(ask(system).await);
    }
    assert_eq!(
        said,
        [
            CODE_UNAVAILABLE,
            CODE_UNAVAILABLE,
            "sea",
            "draft",
            CODE_UNAVAILABLE
        ]
    );
}
