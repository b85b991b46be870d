//! The embedder behind an address, over real HTTP on loopback.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{fault::Fault, fault::FaultClass, id::TenantId};
use chimera_net::{HttpClient, HttpSettings};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::wire::Scripted;
use crate::{Embedder, EndpointEmbedder, EndpointSettings, KeySource};

struct Key(Option<&'static str>);

#[async_trait]
impl KeySource for Key {
    async fn key(&self, _: TenantId) -> Result<Option<SecretString>, Fault> {
        Ok(self.0.map(SecretString::from))
    }
}

fn embedder(server: &Scripted, client: HttpClient, key: Option<&'static str>) -> EndpointEmbedder {
    let settings = EndpointSettings {
        base_url: format!("http://{}/v1/", server.address),
        model: "small".to_owned(),
    };
    EndpointEmbedder::new(settings, client, Arc::new(Key(key)))
}

async fn embed(embedder: &EndpointEmbedder, texts: usize) -> Result<Vec<Vec<f32>>, Fault> {
    let texts = (0..texts).map(|number| format!("t{number}")).collect();
    embedder
        .embed(TenantId::from_uuid(Uuid::nil()), texts)
        .await
}

#[tokio::test]
async fn texts_go_out_in_batches_and_vectors_come_back_in_order() {
    let server = Scripted::new(|asked| {
        let texts = asked.body["input"].as_array().unwrap();
        // In another order than asked, as the wire allows.
        let data: Vec<_> = texts
            .iter()
            .enumerate()
            .rev()
            .map(|(index, text)| {
                let number: f32 = text.as_str().unwrap()[1..].parse().unwrap();
                json!({"object": "embedding", "index": index, "embedding": [number, 1.0]})
            })
            .collect();
        (
            200,
            json!({"object": "list", "data": data, "model": "small", "usage": {}}).to_string(),
        )
    })
    .await;
    let embedder = embedder(&server, Scripted::client(), Some("k-1"));
    let vectors = embed(&embedder, 70).await.unwrap();
    for (number, vector) in vectors.iter().enumerate() {
        let ratio = vector[0] / vector[1];
        assert!((ratio - number as f32).abs() < 0.01, "{number}: {vector:?}");
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].line, "POST /v1/embeddings");
    assert_eq!(asked[0].key.as_deref(), Some("Bearer k-1"));
    assert_eq!(
        (&asked[0].body["model"], &asked[0].body["encoding_format"]),
        (&json!("small"), &json!("float"))
    );
    assert_eq!(embedder.name(), "small at 127.0.0.1");
}

#[tokio::test]
async fn an_answer_that_is_no_list_of_vectors_is_refused() {
    let item = |index: usize, embedding: serde_json::Value| json!({"index": index, "embedding": embedding});
    for data in [
        json!([]),
        json!([item(0, json!([1.0]))]),
        json!([item(0, json!([1.0])), item(0, json!([1.0]))]),
        json!([item(0, json!([1.0])), item(7, json!([1.0]))]),
        json!([item(0, json!([1.0])), item(1, json!([1.0, 2.0]))]),
        json!([item(0, json!([1.0])), item(1, json!([]))]),
        json!([item(0, json!([1.0])), item(1, json!([1e39]))]),
        json!("none"),
    ] {
        let answer = json!({"data": data}).to_string();
        let server = Scripted::new(move |_| (200, answer.clone())).await;
        let refused = embed(&embedder(&server, Scripted::client(), None), 2).await;
        assert_eq!(refused.unwrap_err().code, "EMBEDDER_REFUSED", "{data}");
    }
}

#[tokio::test]
async fn a_status_says_whether_waiting_helps_and_no_key_is_told() {
    for (status, class) in [
        (401, FaultClass::Permanent),
        (404, FaultClass::Permanent),
        (400, FaultClass::Permanent),
        (429, FaultClass::Transient),
        (503, FaultClass::Transient),
    ] {
        let server = Scripted::new(move |_| (status, "k-1 is wrong".to_owned())).await;
        let fault = embed(&embedder(&server, Scripted::client(), Some("k-1")), 1)
            .await
            .unwrap_err();
        assert_eq!(fault.class, class, "{status}");
        assert!(!fault.message.contains("k-1"), "{fault}");
        assert!(fault.message.contains("nothing was lost"), "{fault}");
    }
}

#[tokio::test]
async fn a_private_address_that_nobody_listed_is_not_asked() {
    let server = Scripted::new(|_| (200, String::new())).await;
    let strict = HttpClient::new(HttpSettings::default()).unwrap();
    let refused = embed(&embedder(&server, strict, None), 1)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "EMBEDDER_REFUSED");
    assert!(server.asked().is_empty());
}
