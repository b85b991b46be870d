//! What goes wrong on the wire, over the wire. Never here: answers that arrive.

use chimera_domain::spend::ToldTokens;
use chimera_ports::model::Charge;

use super::*;

#[tokio::test]
async fn prose_where_json_was_wanted_is_a_bad_answer() {
    let server =
        ModelServer::start(Script::answering(|_| Reply::text("I would rather not."))).await;
    let request = ChatRequest {
        answer_schema: Some(json!({"type": "object"}).into()),
        ..request(ModelRole::Judge, "")
    };
    let error = provider(&server, settings(&server))
        .chat(&request, None)
        .await
        .unwrap_err();
    assert_eq!(kind(&error), (FaultClass::Transient, CODE_BAD_ANSWER));
}

#[tokio::test]
async fn every_status_means_what_the_taxonomy_says() {
    let said = |status| Reply::status(status, "scripted");
    for (reply, class, code, retry_after) in [
        (
            said(429).header("retry-after", "2"),
            FaultClass::Transient,
            CODE_RATE_LIMITED,
            Some(2_000),
        ),
        (
            said(429).header("retry-after-ms", "150"),
            FaultClass::Transient,
            CODE_RATE_LIMITED,
            Some(150),
        ),
        (
            said(429).header("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
            FaultClass::Transient,
            CODE_RATE_LIMITED,
            None,
        ),
        (said(408), FaultClass::Transient, CODE_UNAVAILABLE, None),
        (said(409), FaultClass::Transient, CODE_UNAVAILABLE, None),
        (said(500), FaultClass::Transient, CODE_UNAVAILABLE, None),
        (said(502), FaultClass::Transient, CODE_UNAVAILABLE, None),
        (
            said(503).header("retry-after", "1.5"),
            FaultClass::Transient,
            CODE_UNAVAILABLE,
            Some(1_500),
        ),
        (
            Reply::raw(529, "overloaded"),
            FaultClass::Transient,
            CODE_UNAVAILABLE,
            None,
        ),
        (said(400), FaultClass::Validation, CODE_REFUSED, None),
        (said(422), FaultClass::Validation, CODE_REFUSED, None),
        (said(401), FaultClass::Permanent, CODE_AUTH, None),
        (said(403), FaultClass::Permanent, CODE_AUTH, None),
        (said(404), FaultClass::Permanent, CODE_NOT_FOUND, None),
        (said(402), FaultClass::Permanent, CODE_NO_CREDIT, None),
        (
            Reply::raw(
                429,
                r#"{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}"#,
            ),
            FaultClass::Permanent,
            CODE_NO_CREDIT,
            None,
        ),
        (
            Reply::raw(
                400,
                r#"{"error": {"message": "This model's maximum context length is 8192 tokens", "code": null}}"#,
            ),
            FaultClass::Validation,
            CODE_CONTEXT,
            None,
        ),
    ] {
        let shown = format!("{reply:?}");
        assert_eq!(
            fault(reply).await,
            (class, code.to_owned(), retry_after),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn what_a_provider_says_is_passed_on_without_the_key() {
    let error = asked(Reply::status(
        401,
        "Incorrect API key provided: sk-test-1234567890.\nSee\tthe docs.",
    ))
    .await
    .unwrap_err();
    let message = error.fault.message;
    assert!(
        message.contains("Incorrect API key provided: •••. See the docs."),
        "{message}"
    );
    assert!(!message.contains("1234567890"), "{message}");
    assert!(message.contains("Check the key"), "{message}");
    let shown = format!("{:?}", settings(&ModelServer::start(Script::new()).await));
    assert!(!shown.contains("1234567890"), "{shown}");
}

#[tokio::test]
async fn a_key_is_not_passed_on_however_a_provider_spells_it() {
    let key = "sk+test/12\"34 5678";
    for spelling in [
        "sk%2Btest%2F12%2234+5678",
        "sk%2btest%2f12%2234%205678",
        "sk%252Btest%252F12%252234%25205678",
        r#"sk+test\/12\"34 5678"#,
        r#"\u0073k+test/12\u002234\u00205678"#,
        "sk+test/1\u{7}2\"34 56\n78",
    ] {
        let reply = Reply::status(401, &format!("Wrong key ?key={spelling} given."));
        let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
        let settings = settings(&server).with_key(key.into());
        let message = provider(&server, settings)
            .chat(&request(ModelRole::Worker, ""), None)
            .await
            .unwrap_err()
            .fault
            .message;
        assert!(message.contains("Wrong key ?key=••• given."), "{message}");
    }
}

#[tokio::test]
async fn broken_answers_are_told_apart() {
    let text = || Reply::text("The harbour opens on Monday, says the port authority of Rønne.");
    for (reply, code) in [
        (text().cut_after(3), CODE_STREAM_CUT),
        (text().end_after(3), CODE_STREAM_CUT),
        (text().cut_after(0), CODE_UNREACHABLE),
        (Reply::garbage(), CODE_BAD_ANSWER),
        (Reply::raw(200, "<html>hello</html>"), CODE_BAD_ANSWER),
        (Reply::raw(200, "{}"), CODE_STREAM_CUT),
        (Reply::text(""), CODE_BAD_ANSWER),
        (
            text().error_after(
                2,
                json!({"message": "The server had an error", "type": "server_error"}),
            ),
            CODE_UNAVAILABLE,
        ),
        (
            text().error_after(
                2,
                json!({"message": "slow down", "code": "rate_limit_exceeded"}),
            ),
            CODE_RATE_LIMITED,
        ),
        (Reply::text("").finish("length").usage(Value::Null), "none"),
    ] {
        let shown = format!("{reply:?}");
        match asked(reply).await {
            Ok(reply) => assert_eq!(
                (code, reply.finish),
                ("none", FinishReason::Length),
                "{shown}"
            ),
            Err(error) => assert_eq!(kind(&error), (FaultClass::Transient, code), "{shown}"),
        }
    }
}

#[tokio::test]
async fn tokens_that_were_told_with_an_answer_that_cannot_be_used_are_charged() {
    let whole = |usage: Value, message: Value, finish: &str| {
        let body =
            json!({"choices": [{"finish_reason": finish, "message": message}], "usage": usage});
        Reply::raw(200, &body.to_string())
    };
    let told = json!({"prompt_tokens": 70, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 64}});
    let half = json!({"content": null, "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "x", "arguments": "{\"half\": "}}
    ]});
    let tokens = Charge::Tokens(ToldTokens {
        input: 70,
        cached: 64,
        output: 9,
    });
    let empty = json!({ "content": "" });
    for (reply, charge) in [
        (whole(told.clone(), half.clone(), "tool_calls"), tokens),
        (whole(told, empty.clone(), "stop"), tokens),
        (
            whole(Value::Null, half.clone(), "tool_calls"),
            Charge::Unknown,
        ),
        // No words are written in no tokens: that is not believed.
        (
            whole(
                json!({"prompt_tokens": 70, "completion_tokens": 0}),
                half,
                "tool_calls",
            ),
            Charge::Unknown,
        ),
        (
            whole(
                json!({"prompt_tokens": 70, "completion_tokens": 0}),
                empty,
                "stop",
            ),
            Charge::Tokens(ToldTokens {
                input: 70,
                cached: 0,
                output: 0,
            }),
        ),
    ] {
        let shown = format!("{reply:?}");
        let error = asked(reply).await.unwrap_err();
        assert_eq!(
            (error.fault.code.as_str(), error.charge),
            (CODE_BAD_ANSWER, charge),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn silence_and_slow_drips_end_at_their_own_bounds() {
    let (short, long) = (Duration::from_millis(120), Duration::from_secs(60));
    let drip = Reply::text(&"word ".repeat(4_000))
        .in_pieces_of(1)
        .dripping(Duration::from_millis(5));
    for (reply, idle_timeout, total_timeout) in
        [(Reply::silence(), short, long), (drip, long, short)]
    {
        let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
        let bounded = ProviderSettings {
            idle_timeout,
            total_timeout,
            ..settings(&server)
        };
        let provider = provider(&server, bounded);
        let error = provider
            .chat(&request(ModelRole::Worker, ""), None)
            .await
            .unwrap_err();
        assert_eq!(kind(&error), (FaultClass::Transient, CODE_TIMEOUT));
        assert!(
            error.fault.message.contains("0.12 s"),
            "{}",
            error.fault.message
        );
    }
}

#[tokio::test]
async fn a_flood_stops_at_the_bound() {
    let server = ModelServer::start(Script::answering(|_| Reply::flood())).await;
    let bounded = ProviderSettings {
        max_response_bytes: 200_000,
        ..settings(&server)
    };
    let error = provider(&server, bounded)
        .chat(&request(ModelRole::Worker, ""), None)
        .await
        .unwrap_err();
    assert_eq!(kind(&error), (FaultClass::Transient, CODE_TOO_LARGE));
}

#[tokio::test]
async fn too_long_a_request_is_never_sent() {
    let server = ModelServer::start(Script::answering(|_| Reply::text("hello"))).await;
    let provider = provider(&server, settings(&server));
    let long = request(ModelRole::Worker, &"word ".repeat(10_000));
    let greedy = ChatRequest {
        max_output_tokens: MAX_OUTPUT_TOKENS + 1,
        ..request(ModelRole::Worker, "")
    };
    for request in [long, greedy] {
        let error = provider.chat(&request, None).await.unwrap_err();
        assert_eq!(kind(&error), (FaultClass::Validation, CODE_TOO_LONG));
    }
    assert_eq!(server.requests(), vec![]);
}

#[tokio::test]
async fn a_private_address_that_nobody_listed_is_never_asked() {
    let server = ModelServer::start(Script::answering(|_| Reply::text("hello"))).await;
    let client = HttpClient::new(HttpSettings::default()).unwrap();
    let provider = Provider::new(settings(&server), client, Arc::new(PriceTable::empty())).unwrap();
    let error = provider
        .chat(&request(ModelRole::Worker, ""), None)
        .await
        .unwrap_err();
    assert_eq!(kind(&error), (FaultClass::Permanent, CODE_ADDRESS));
    assert_eq!(server.requests(), vec![]);
}

#[tokio::test]
async fn nobody_at_home_is_worth_another_try() {
    let server = ModelServer::start(Script::new()).await;
    let (settings, client) = (
        settings(&server),
        provider(&server, settings(&server)).client,
    );
    drop(server);
    let provider = Provider::new(settings, client, Arc::new(PriceTable::empty())).unwrap();
    let error = provider
        .chat(&request(ModelRole::Worker, ""), None)
        .await
        .unwrap_err();
    assert_eq!(kind(&error), (FaultClass::Transient, CODE_UNREACHABLE));
}
