//! What is served beside the endpoints: the document, the page, the UI, what machines ask.

use axum::http::{HeaderValue, StatusCode};
use chimera_door::options::Options;
use serde_json::{Value, json};

use super::bench::{Bench, Call};

#[tokio::test]
async fn the_document_is_the_committed_one_and_the_page_needs_no_script() {
    let bench = Bench::new().await;
    let served = bench.call(Call::get("/api/openapi.json")).await.ok();
    let committed: Value =
        serde_json::from_str(include_str!("../../../../../specs/openapi.json")).unwrap();
    assert_eq!(served.body, committed);
    let page = bench.call(Call::get("/api/docs")).await.ok();
    assert!(
        page.text.contains("/api/v1/reviews/{review}/decision") && !page.text.contains("<script")
    );
    let style = bench.call(Call::get("/api/docs/style.css")).await.ok();
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn machines_learn_whether_it_lives_and_how_it_fares() {
    let bench = Bench::new().await;
    assert_eq!(
        bench.call(Call::get("/healthz")).await.ok().body,
        json!({ "alive": true })
    );
    assert_eq!(
        bench.call(Call::get("/readyz")).await.ok().body,
        json!({ "ready": true })
    );
    bench.call(Call::get("/api/v1/nothing")).await;
    let metrics = bench.call(Call::get("/metrics")).await.ok();
    assert!(
        metrics
            .text
            .contains("chimera_http_answers_total{class=\"2xx\"} 2"),
        "{}",
        metrics.text
    );
    assert!(
        metrics
            .text
            .contains("chimera_http_answers_total{class=\"4xx\"} 1")
    );
}

#[tokio::test]
async fn the_ui_is_served_beside_the_api_and_never_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    std::fs::write(
        folder.path().join("index.html"),
        "<!doctype html><title>Chimera</title>",
    )
    .unwrap();
    std::fs::write(folder.path().join("assets/app-1a2b.js"), "export {}").unwrap();
    let bench = Bench::with(Options {
        ui_dir: Some(folder.path().into()),
        ..Options::default()
    })
    .await;
    for path in ["/", "/index.html"] {
        let page = bench.call(Call::get(path)).await;
        assert_eq!(
            (page.status, page.text.contains("<title>Chimera")),
            (StatusCode::OK, true),
            "{path}"
        );
        assert_eq!(page.headers["cache-control"], "no-cache");
    }
    for (path, place) in [
        ("/review/x", "/#/review/x"),
        ("/traces/1?span=2", "/#/traces/1?span=2"),
    ] {
        let led = bench.call(Call::get(path)).await;
        assert_eq!(
            (led.status, &led.headers["location"]),
            (StatusCode::SEE_OTHER, &HeaderValue::from_static(place)),
        );
    }
    let gone = bench.call(Call::get("/assets/app-gone.js")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let script = bench.call(Call::get("/assets/app-1a2b.js")).await.ok();
    assert_eq!(
        script.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        bench.call(Call::get("/api/v1/nothing")).await.code(),
        "NOT_FOUND"
    );
    let above = bench.call(Call::get("/../Cargo.toml")).await;
    assert!(!above.text.contains("[package]"));
    assert_eq!(
        bench.call(Call::post("/reviews")).await.code(),
        "METHOD_NOT_ALLOWED"
    );
    assert_eq!(
        bench.call(Call::get("/healthz")).await.ok().body,
        json!({ "alive": true })
    );
}
