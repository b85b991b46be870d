//! What operators' machines ask: does it live, is it ready, how does it fare. Without signing in, because
//! those who ask have no account; and because of that, without a word about any tenant.
//!
//! Never here: anything under `/api/v1`.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use chimera_contract::error::request;
use chimera_door::{
    problem::{Answer, Problem, trouble_code},
    state::Api,
};
use serde_json::{Value, json};

use crate::listed::Listed;

pub(crate) fn routes() -> Listed {
    Listed::default()
        .get("/healthz", healthz)
        .get("/readyz", readyz)
        .get("/metrics", metrics)
}

/// The process answers.
async fn healthz() -> Json<Value> {
    Json(json!({ "alive": true }))
}

/// The store answers too, and could be written the last time.
async fn readyz(State(api): State<Api>) -> Answer<Json<Value>> {
    if let Some(trouble) = api.store().trouble() {
        return Err(Problem::new(trouble_code(trouble)));
    }
    api.store().has_users().await.map_err(|error| {
        tracing::error!(%error, "not ready: the store does not answer");
        Problem::saying(
            &request::UNAVAILABLE,
            "The database does not answer; nothing can be done until it does.",
        )
    })?;
    Ok(Json(json!({ "ready": true })))
}

/// Counters of this process, as Prometheus reads them.
async fn metrics(State(api): State<Api>) -> impl IntoResponse {
    let open = api.streams.open();
    let text = api.counters.render(&api.options.version, open);
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
}
