//! The commands as the page calls them: through the system's own gate, with the capabilities that ship.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tauri::{
    WebviewWindow, WebviewWindowBuilder,
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};

use super::Script;
use crate::{
    app::{Began, context, with_commands},
    boot::{Backend, Stage, StartFailure},
};

/// The program without a screen, its windows by label, and what came through channels.
struct Screenless {
    app: tauri::App<MockRuntime>,
    said: Arc<Mutex<Vec<Value>>>,
}

impl Screenless {
    fn with(backend: Backend) -> Self {
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = said.clone();
        let builder = mock_builder().channel_interceptor(move |_, _, _, body| {
            heard
                .lock()
                .unwrap()
                .push(body.clone().deserialize().unwrap());
            true
        });
        let app = with_commands(builder, backend, Began::new(Instant::now()))
            .build(context())
            .unwrap();
        Self { app, said }
    }

    fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default())
            .build()
            .unwrap()
    }
}

fn call(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    arguments: Value,
    page: &str,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

const PAGE: &str = if cfg!(windows) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// Shaped as `ui/src/ipc/windowTransport.ts` shapes it.
fn request() -> Value {
    json!({ "request": {
        "method": "POST",
        "path": "/api/v1/campaigns?limit=5",
        "headers": { "content-type": "application/json", "idempotency-key": "k" },
        "body": "{\"goal\":\"x\"}",
    } })
}

fn created() -> Response {
    (axum::http::StatusCode::CREATED, [("etag", "\"1\"")], "{}").into_response()
}

#[test]
fn the_main_window_asks_the_api_through_its_one_command() {
    let script = Script::default();
    let program = Screenless::with(Backend::at(Stage::Ready(script.router(created))));
    let answer = call(&program.window("main"), "api_request", request(), PAGE);
    let headers = json!({ "etag": "\"1\"", "content-type": "text/plain; charset=utf-8" });
    let mut answer = answer.unwrap();
    assert_eq!(answer["headers"].take(), headers);
    assert_eq!(
        answer,
        json!({ "status": 201, "headers": null, "body": "{}" })
    );
    assert_eq!(script.lines(), ["POST /api/v1/campaigns?limit=5"]);
}

#[test]
fn no_other_window_and_no_other_page_has_any_command() {
    let script = Script::default();
    let program = Screenless::with(Backend::at(Stage::Ready(script.router(created))));
    let (main, preview) = (program.window("main"), program.window("preview"));
    for command in [
        "api_request",
        "boot_state",
        "events_subscribe",
        "events_unsubscribe",
        "report_problem",
        "save_audit",
    ] {
        let denied = call(&preview, command, request(), PAGE).unwrap_err();
        assert!(
            denied
                .as_str()
                .is_some_and(|words| words.contains("not allowed")),
            "{command}: {denied}"
        );
        let foreign = call(&main, command, request(), "https://evil.example/").unwrap_err();
        assert!(
            foreign
                .as_str()
                .is_some_and(|words| words.contains("not allowed")),
            "{command}: {foreign}"
        );
    }
    for command in [
        "plugin:window|close",
        "plugin:event|listen",
        "plugin:webview|create_webview_window",
    ] {
        assert!(call(&main, command, json!({}), PAGE).is_err(), "{command}");
    }
    assert_eq!(script.lines(), [] as [&str; 0]);
}

#[test]
fn the_page_can_ask_how_far_the_start_has_come() {
    let failure = StartFailure {
        code: "STATE_REFUSED",
        message: "in use".to_owned(),
    };
    for (stage, expected) in [
        (Stage::Starting, json!({ "state": "starting" })),
        (
            Stage::Ready(axum::Router::new()),
            json!({ "state": "ready" }),
        ),
        (
            Stage::failed(failure),
            json!({ "state": "failed", "code": "STATE_REFUSED", "message": "in use" }),
        ),
        (Stage::Leaving, json!({ "state": "leaving" })),
    ] {
        let program = Screenless::with(Backend::at(stage));
        assert_eq!(
            call(&program.window("main"), "boot_state", json!({}), PAGE),
            Ok(expected)
        );
    }
}

#[test]
fn events_come_through_the_channel_in_batches() {
    let script = Script::default();
    let events = || {
        let text = "event: fact\ndata: {\"seq\":42}\n\nevent: fact\ndata: {\"seq\":43}\n\n";
        ([("content-type", "text/event-stream")], text).into_response()
    };
    let program = Screenless::with(Backend::at(Stage::Ready(script.router(events))));
    let main = program.window("main");
    let subscribed = call(
        &main,
        "events_subscribe",
        json!({ "after": 41, "channel": "__CHANNEL__:7" }),
        PAGE,
    );
    assert_eq!(subscribed, Ok(Value::Null));
    assert_eq!(script.lines(), ["GET /api/v1/events?after=41"]);
    let expected = [
        json!({ "event": "fact", "data": { "seq": 42 } }),
        json!({ "event": "fact", "data": { "seq": 43 } }),
        json!({ "event": "closed", "data": null }),
    ];
    let heard = || {
        program
            .said
            .lock()
            .unwrap()
            .iter()
            .flat_map(|batch| batch.as_array().unwrap().clone())
            .collect::<Vec<_>>()
    };
    while heard().len() < expected.len() {
        std::thread::yield_now();
    }
    assert_eq!(heard(), expected);
    assert_eq!(
        call(&main, "events_unsubscribe", json!({ "channel": 7 }), PAGE),
        Ok(Value::Null)
    );
}

#[test]
fn a_problem_of_the_page_is_taken() {
    let program = Screenless::with(Backend::at(Stage::Starting));
    let problem = json!({ "problem": { "message": "x is undefined", "stack": "at y" } });
    assert_eq!(
        call(&program.window("main"), "report_problem", problem, PAGE),
        Ok(Value::Null)
    );
}
