//! What passes the door.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures::stream;

use super::{Asked, Script, door, get, post, refused};
use crate::{
    boot::{Backend, Stage, StartFailure},
    door::{Door, DoorRequest, DoorResponse},
};

fn ok() -> Response {
    (
        [
            ("etag", "\"7\""),
            ("content-type", "application/json"),
            ("server", "x"),
        ],
        "{\"ok\":\"é\"}",
    )
        .into_response()
}

#[tokio::test]
async fn a_request_reaches_the_router_as_it_was_and_its_answer_comes_back() {
    let script = Script::default();
    let door = door(script.router(ok));
    let mut asked = post("/api/v1/campaigns?limit=5", "{\"goal\":\"x\"}");
    asked
        .headers
        .insert("idempotency-key".to_owned(), "k".to_owned());
    asked
        .headers
        .insert("x-other".to_owned(), "dropped".to_owned());
    let answer = door.ask("main", asked).await;
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let headers = pairs(&[("etag", "\"7\""), ("content-type", "application/json")]);
    let expected = DoorResponse {
        status: 200,
        headers: headers.into_iter().collect(),
        body: "{\"ok\":\"é\"}".to_owned(),
    };
    assert_eq!(answer, expected);
    let seen = Asked {
        line: "POST /api/v1/campaigns?limit=5".to_owned(),
        headers: pairs(&[
            ("content-type", "application/json"),
            ("host", "localhost"),
            ("idempotency-key", "k"),
        ]),
        body: "{\"goal\":\"x\"}".to_owned(),
    };
    assert_eq!(script.asked(), [seen]);
}

#[tokio::test]
async fn what_is_refused_never_reaches_the_router() {
    let script = Script::default();
    let door = door(script.router(ok));
    let with_method = |method: &str| DoorRequest {
        method: method.to_owned(),
        ..get("/api/v1/session")
    };
    let with_header = |value: &str| {
        let mut request = get("/api/v1/session");
        request
            .headers
            .insert("if-match".to_owned(), value.to_owned());
        request
    };
    let large = "x".repeat(1024 * 1024 + 1);
    for (window, asked, expected) in [
        ("preview", get("/api/v1/session"), (404, "NOT_FOUND")),
        ("main", get("/metrics"), (404, "NOT_FOUND")),
        ("main", get("/api/v1/events"), (404, "NOT_FOUND")),
        ("main", get("/api/v1/../../metrics"), (400, "BAD_REQUEST")),
        (
            "main",
            get("http://evil.example/api/v1/session"),
            (400, "BAD_REQUEST"),
        ),
        ("main", with_method("TRACE"), (405, "METHOD_NOT_ALLOWED")),
        ("main", with_method("get"), (405, "METHOD_NOT_ALLOWED")),
        ("main", with_header("a\nb"), (400, "BAD_REQUEST")),
        (
            "main",
            post("/api/v1/campaigns", &large),
            (413, "BODY_TOO_LARGE"),
        ),
    ] {
        let answer = door.ask(window, asked).await;
        assert_eq!(refused(&answer), (expected.0, expected.1.to_owned()));
    }
    assert_eq!(script.lines(), [] as [&str; 0]);
    let largest = "x".repeat(1024 * 1024);
    assert_eq!(
        door.ask("main", post("/api/v1/campaigns", &largest))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_answer_that_is_too_large_endless_or_no_text_is_not_passed_on() {
    let endless = || {
        let pieces =
            stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 1024 * 1024])));
        Body::from_stream(pieces).into_response()
    };
    let answer = door(Script::default().router(endless))
        .ask("main", get("/api/v1/audit"))
        .await;
    assert_eq!(refused(&answer), (500, "INTERNAL_ERROR".to_owned()));
    let binary = || Bytes::from_static(&[0xff, 0xfe]).into_response();
    let answer = door(Script::default().router(binary))
        .ask("main", get("/api/v1/audit"))
        .await;
    assert_eq!(refused(&answer), (500, "INTERNAL_ERROR".to_owned()));
    // It has no end and says nothing: reading it would hang.
    let events = || {
        let silent = stream::pending::<Result<Bytes, Infallible>>();
        (
            [("content-type", "text/event-stream; charset=utf-8")],
            Body::from_stream(silent),
        )
            .into_response()
    };
    let answer = door(Script::default().router(events))
        .ask("main", get("/api/v1/other-events"))
        .await;
    assert_eq!(refused(&answer), (404, "NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn the_token_stays_on_this_side_and_signs_what_follows() {
    let script = Script::default();
    let opened = || {
        let cookie = "chimera_session=chs_1; HttpOnly; SameSite=Strict; Path=/; Max-Age=60";
        ([("set-cookie", cookie)], "{\"token\":\"chs_1\",\"me\":{}}").into_response()
    };
    let door = door(script.router(opened));
    let answer = door.ask("main", post("/api/v1/session", "{}")).await;
    assert_eq!(answer.body, "{\"token\":\"\",\"me\":{}}");
    assert_eq!(answer.headers.get("set-cookie"), None);
    door.ask("main", get("/api/v1/session")).await;
    let signed = ("authorization".to_owned(), "Bearer chs_1".to_owned());
    let signs: Vec<bool> = script
        .asked()
        .iter()
        .map(|asked| asked.headers.contains(&signed))
        .collect();
    assert_eq!(signs, [false, true]);
}

#[tokio::test(start_paused = true)]
async fn who_asks_before_chimera_has_started_waits_for_it() {
    let backend = Backend::at(Stage::Starting);
    let door = Door::new(&backend);
    let script = Script::default();
    let start = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        backend.go_to(Stage::Ready(script.router(ok)));
    };
    let (answer, ()) = tokio::join!(door.ask("main", get("/api/v1/setup")), start);
    assert_eq!(answer.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_lasts_too_long_or_ends_is_an_answer() {
    let backend = Backend::at(Stage::Starting);
    let answer = Door::new(&backend).ask("main", get("/api/v1/setup")).await;
    assert_eq!(refused(&answer), (503, "UNAVAILABLE".to_owned()));
    assert!(answer.body.contains("still starting"), "{}", answer.body);
    let failure = StartFailure {
        code: "STATE_REFUSED",
        message: "the file is damaged".to_owned(),
    };
    for (stage, code, words) in [
        (
            Stage::failed(failure),
            "NOT_STARTED",
            "Chimera did not start: the file is damaged.",
        ),
        (Stage::Leaving, "UNAVAILABLE", "Chimera is being closed."),
    ] {
        let answer = Door::new(&Backend::at(stage))
            .ask("main", get("/api/v1/setup"))
            .await;
        assert_eq!(refused(&answer), (503, code.to_owned()));
        assert!(answer.body.contains(words), "{}", answer.body);
    }
}

/// An export of two parts under this name; the second one breaks off where it shall.
fn export(name: &'static str, breaks: bool) -> Response {
    let second = if breaks {
        Err(std::io::Error::other("the disk is gone"))
    } else {
        Ok(Bytes::from_static(b"{\"end\":{}}\n"))
    };
    let parts = [Ok(Bytes::from_static(b"{\"log\":1}\n")), second];
    let headers = [
        ("content-type", "application/jsonl".to_owned()),
        (
            "content-disposition",
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, Body::from_stream(stream::iter(parts))).into_response()
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_export_is_saved_whole_under_a_plain_name_and_nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::default();
    let door = door(script.router(|| export("chimera-audit-1.jsonl", false)));
    let saved = door.save_audit("main", folder.path()).await.unwrap();
    assert_eq!(saved, folder.path().join("chimera-audit-1.jsonl"));
    let text = std::fs::read_to_string(&saved).unwrap();
    assert_eq!(text, "{\"log\":1}\n{\"end\":{}}\n");
    assert_eq!(script.lines(), ["GET /api/v1/audit/export"]);
    std::fs::write(&saved, "mine").unwrap();
    let again = door.save_audit("main", folder.path()).await.unwrap_err();
    assert_eq!(refused(&again), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), "mine");
}

#[tokio::test]
async fn an_export_that_breaks_off_is_refused_or_climbs_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("downloads");
    std::fs::create_dir(&below).unwrap();
    let broken = door(Script::default().router(|| export("a.jsonl", true)));
    let answer = broken.save_audit("main", &below).await.unwrap_err();
    assert_eq!(refused(&answer), (503, "UNAVAILABLE".to_owned()));
    let no = || {
        (
            StatusCode::FORBIDDEN,
            "{\"error\":{\"code\":\"FORBIDDEN\"}}",
        )
            .into_response()
    };
    let denied = door(Script::default().router(no));
    let answer = denied.save_audit("main", &below).await.unwrap_err();
    assert_eq!(refused(&answer), (403, "FORBIDDEN".to_owned()));
    let answer = broken.save_audit("preview", &below).await.unwrap_err();
    assert_eq!(refused(&answer), (404, "NOT_FOUND".to_owned()));
    assert_eq!(files(&below), [] as [&str; 0]);
    let climbing = door(Script::default().router(|| export("../over.jsonl", false)));
    climbing.save_audit("main", &below).await.unwrap();
    assert_eq!(files(&below), ["chimera-audit.jsonl"]);
    assert_eq!(files(folder.path()), ["downloads"]);
}
