//! What goes wrong over each family's wire: its class, its code, the wait that was asked for, what is known of its cost.
//!
//! Never here: answers that arrive.

use chimera_domain::spend::ToldTokens;
use chimera_ports::model::Charge;

use super::{
    families::{ask, failure, settings_of},
    *,
};

/// What was sent, what it means, and what is known of its cost.
type Meant = (Reply, FaultClass, &'static str, Option<u64>, Charge);

fn refusals() -> Vec<Meant> {
    use FaultClass::{Permanent, Transient, Validation};
    let said = |status| Reply::status(status, "scripted");
    let named = |kind: &str| json!({"message": "scripted", "type": kind});
    let (free, unknown) = (Charge::Nothing, Charge::Unknown);
    vec![
        (
            said(429).header("retry-after", "2"),
            Transient,
            CODE_RATE_LIMITED,
            Some(2_000),
            free,
        ),
        (said(500), Transient, CODE_UNAVAILABLE, None, unknown),
        (
            said(503).header("retry-after", "1.5"),
            Transient,
            CODE_UNAVAILABLE,
            Some(1_500),
            unknown,
        ),
        (
            Reply::error(529, named("overloaded_error")),
            Transient,
            CODE_UNAVAILABLE,
            None,
            free,
        ),
        (said(400), Validation, CODE_REFUSED, None, free),
        (said(401), Permanent, CODE_AUTH, None, free),
        (said(403), Permanent, CODE_AUTH, None, free),
        (said(404), Permanent, CODE_NOT_FOUND, None, free),
        (
            Reply::status(400, "Your credit balance is too low to access the API."),
            Permanent,
            CODE_NO_CREDIT,
            None,
            free,
        ),
        (
            Reply::status(400, "prompt is too long: 210000 tokens"),
            Validation,
            CODE_CONTEXT,
            None,
            free,
        ),
    ]
}

fn broken_answers() -> Vec<Meant> {
    use FaultClass::Transient;
    let text = || {
        Reply::text("The harbour opens on Monday, says the port authority of Rønne.")
            .in_pieces_of(4)
    };
    let overloaded = json!({"message": "scripted", "type": "overloaded_error"});
    let unknown = Charge::Unknown;
    vec![
        (Reply::garbage(), Transient, CODE_BAD_ANSWER, None, unknown),
        (
            Reply::raw(200, "<html>hello</html>"),
            Transient,
            CODE_BAD_ANSWER,
            None,
            unknown,
        ),
        (
            Reply::raw(200, "{}"),
            Transient,
            CODE_STREAM_CUT,
            None,
            unknown,
        ),
        (
            text().cut_after(8),
            Transient,
            CODE_STREAM_CUT,
            None,
            unknown,
        ),
        (
            text().end_after(8),
            Transient,
            CODE_STREAM_CUT,
            None,
            unknown,
        ),
        (
            text().cut_after(0),
            Transient,
            CODE_UNREACHABLE,
            None,
            unknown,
        ),
        (
            text().error_after(8, overloaded),
            Transient,
            CODE_UNAVAILABLE,
            None,
            unknown,
        ),
    ]
}

#[tokio::test]
async fn every_failure_on_the_wire_has_its_class_code_wait_and_cost() {
    for family in Family::ALL {
        failures_of(family).await;
    }
}

async fn failures_of(family: Family) {
    for (reply, class, code, wait, charge) in refusals().into_iter().chain(broken_answers()) {
        let shown = format!("{family:?}: {reply:?}");
        let error = failure(family, reply).await;
        let fault = &error.fault;
        assert_eq!(
            (
                fault.class,
                fault.code.as_str(),
                fault.retry_after_ms,
                error.charge
            ),
            (class, code, wait, charge),
            "{shown}: {fault}"
        );
        assert!(
            fault.message.contains("Nothing took effect")
                || code == CODE_UNREACHABLE
                || code == CODE_STREAM_CUT,
            "{fault}"
        );
    }
}

#[tokio::test]
async fn silence_drips_and_floods_end_at_their_own_bounds() {
    for family in Family::ALL {
        bounds_of(family).await;
    }
}

async fn bounds_of(family: Family) {
    let (short, long) = (Duration::from_millis(120), Duration::from_secs(60));
    let drip = Reply::text(&"word ".repeat(4_000))
        .in_pieces_of(1)
        .dripping(Duration::from_millis(5));
    for (reply, idle_timeout, total_timeout, code) in [
        (Reply::silence(), short, long, CODE_TIMEOUT),
        (drip, long, short, CODE_TIMEOUT),
        (Reply::flood(), long, long, CODE_TOO_LARGE),
    ] {
        let server = ModelServer::start(Script::new().on(When::any(), reply)).await;
        let bounded = ProviderSettings {
            idle_timeout,
            total_timeout,
            max_response_bytes: 200_000,
            ..settings_of(family, &server)
        };
        let error = provider(&server, bounded)
            .chat(&request(ModelRole::Worker, ""), None)
            .await
            .unwrap_err();
        assert_eq!(
            (error.fault.class, error.fault.code.as_str(), error.charge),
            (FaultClass::Transient, code, Charge::Unknown)
        );
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_are_estimated_and_those_of_a_useless_answer_are_charged() {
    for family in Family::ALL {
        tokens_of(family).await;
    }
}

async fn tokens_of(family: Family) {
    for usage in [
        json!(null),
        json!({"prompt_tokens": 0, "completion_tokens": 3}),
        json!({"prompt_tokens": -5, "completion_tokens": 3}),
        json!({"prompt_tokens": "many", "completion_tokens": 3}),
        json!({"prompt_tokens": 12, "completion_tokens": 0}),
        json!({"prompt_tokens": 12, "completion_tokens": -1}),
        json!({"prompt_tokens": 12, "completion_tokens": 99_999_999_999_u64}),
    ] {
        let reply = Reply::text("Twelve letters and more.").usage(usage.clone());
        let (said, _) = ask(family, reply, request(ModelRole::Worker, "")).await;
        let told = said.unwrap().usage;
        assert!(told.estimated && told.told().is_none(), "{usage}: {told:?}");
        assert_eq!(told.output, 6, "{usage}");
    }
    let wanted = ChatRequest {
        answer_schema: Some(json!({"type": "object"}).into()),
        ..request(ModelRole::Judge, "")
    };
    let (said, _) = ask(family, Reply::text("I would rather not."), wanted).await;
    assert_eq!(
        said.unwrap_err().charge,
        Charge::Tokens(ToldTokens {
            input: 100,
            cached: 0,
            output: 20
        })
    );
}

#[tokio::test]
async fn gemini_says_wrong_keys_and_waits_in_its_details() {
    let wrong = json!({"message": "API key not valid. Please pass a valid API key.", "type": "INVALID_ARGUMENT",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]});
    let error = failure(Family::Gemini, Reply::error(400, wrong)).await;
    assert_eq!(kind(&error), (FaultClass::Permanent, CODE_AUTH));
    let busy = json!({"message": "You exceeded your current quota.", "type": "RESOURCE_EXHAUSTED",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]});
    let error = failure(Family::Gemini, Reply::error(429, busy)).await;
    assert_eq!(
        (error.fault.code.as_str(), error.fault.retry_after_ms),
        (CODE_RATE_LIMITED, Some(34_500))
    );
}
