//! The door and the pump as the page meets them: on a scripted API, through the real commands and
//! capabilities, and once on a real Chimera.

mod commands;
mod door;
mod events;
mod real;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::to_bytes, extract::Request, response::Response};

use crate::{
    boot::{Backend, Stage},
    door::{Door, DoorRequest, DoorResponse},
};

/// What the API was asked: method, path with query, headers, body.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Asked {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// An API that writes down what it is asked and answers as told.
#[derive(Clone, Default)]
struct Script {
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Script {
    fn lines(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .map(|asked| asked.line.clone())
            .collect()
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Whatever is asked for is answered by `answer`.
    fn router(&self, answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Router {
        let asked = self.asked.clone();
        Router::new().fallback(move |request: Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let pairs = parts.headers.iter().map(|(name, value)| {
                (
                    name.as_str().to_owned(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            });
            let mut headers: Vec<_> = pairs.collect();
            headers.sort();
            asked.lock().unwrap().push(Asked {
                line: format!("{} {}", parts.method, parts.uri),
                headers,
                body: String::from_utf8(body.into()).unwrap(),
            });
            answer()
        })
    }
}

fn door(router: Router) -> Door {
    Door::new(&Backend::at(Stage::Ready(router)))
}

fn get(path: &str) -> DoorRequest {
    DoorRequest {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: BTreeMap::new(),
        body: None,
    }
}

fn post(path: &str, body: &str) -> DoorRequest {
    let headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
    DoorRequest {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers,
        body: Some(body.to_owned()),
    }
}

/// Status and code of a refusal.
#[track_caller]
fn refused(answer: &DoorResponse) -> (u16, String) {
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    (
        answer.status,
        body["error"]["code"].as_str().unwrap().to_owned(),
    )
}
