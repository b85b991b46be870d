//! The embedder behind an address, over real HTTP on loopback.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    money::Usd,
    spend::{CallOutcome, CallRole, ModelCall, Rate},
};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::{
    page::PageRequest,
    store::{CallFilter, Ledger},
};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::{Home, wire::Scripted};
use crate::{Books, DayLimits, Embedder, EndpointEmbedder, EndpointSettings, KeySource};

/// Who pays.
const TENANT: TenantId = TenantId::from_uuid(Uuid::nil());

const LIMITS: DayLimits = DayLimits {
    tokens: 1_000_000,
    usd: Usd::from_cents(500),
};

struct Key(Option<&'static str>);

#[async_trait]
impl KeySource for Key {
    async fn key(&self, _: TenantId) -> Result<Option<SecretString>, Fault> {
        Ok(self.0.map(SecretString::from))
    }
}

/// Books of a house, and a price for `small`.
fn books(home: &Home) -> Books {
    Books {
        ledger: home.store.clone(),
        ids: home.bed.world.ids.clone(),
        clock: home.bed.world.clock.clone(),
        rate_of: Arc::new(|_, model| {
            let input_per_million = "0.02".parse().unwrap();
            (model == "small").then_some(Rate {
                input_per_million,
                ..Rate::FREE
            })
        }),
        limits: LIMITS,
    }
}

fn embedder(
    home: &Home,
    server: &Scripted,
    client: HttpClient,
    key: Option<&'static str>,
) -> EndpointEmbedder {
    let settings = EndpointSettings {
        base_url: format!("http://{}/v1/", server.address),
        model: "small".to_owned(),
    };
    EndpointEmbedder::new(settings, client, Arc::new(Key(key)), books(home))
}

async fn embed(embedder: &EndpointEmbedder, texts: usize) -> Result<Vec<Vec<f32>>, Fault> {
    let texts = (0..texts).map(|number| format!("t{number}")).collect();
    embedder.embed(TENANT, texts).await
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
    let home = Home::new().await;
    let embedder = embedder(&home, &server, Scripted::client(), Some("k-1"));
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
    let home = Home::new().await;
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
        let refused = embed(&embedder(&home, &server, Scripted::client(), None), 2).await;
        assert_eq!(refused.unwrap_err().code, "EMBEDDER_REFUSED", "{data}");
    }
}

#[tokio::test]
async fn a_status_says_whether_waiting_helps_and_no_key_is_told() {
    let home = Home::new().await;
    for (status, class) in [
        (401, FaultClass::Permanent),
        (404, FaultClass::Permanent),
        (400, FaultClass::Permanent),
        (429, FaultClass::Transient),
        (503, FaultClass::Transient),
    ] {
        let server = Scripted::new(move |_| (status, "k-1 is wrong".to_owned())).await;
        let fault = embed(
            &embedder(&home, &server, Scripted::client(), Some("k-1")),
            1,
        )
        .await
        .unwrap_err();
        assert_eq!(fault.class, class, "{status}");
        assert!(!fault.message.contains("k-1"), "{fault}");
        assert!(fault.message.contains("nothing was lost"), "{fault}");
    }
}

#[tokio::test]
async fn a_private_address_that_nobody_listed_is_not_asked() {
    let home = Home::new().await;
    let server = Scripted::new(|_| (200, String::new())).await;
    let strict = HttpClient::new(HttpSettings::default()).unwrap();
    let refused = embed(&embedder(&home, &server, strict, None), 1)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "EMBEDDER_REFUSED");
    assert!(server.asked().is_empty());
}

async fn lines(home: &Home) -> Vec<ModelCall> {
    let page = home
        .store
        .model_calls(TENANT, CallFilter::default(), PageRequest::default());
    page.await.unwrap().items
}

#[tokio::test]
async fn every_call_has_its_line_with_what_it_cost_or_that_nobody_knows() {
    let home = Home::new().await;
    let vectors = |usage: serde_json::Value| {
        let answer = json!({"data": [{"index": 0, "embedding": [1.0]}], "usage": usage});
        (200, answer.to_string())
    };
    for (status, usage, outcome, cost) in [
        (
            200,
            json!({"prompt_tokens": 1_000, "total_tokens": 1_000}),
            CallOutcome::Answered,
            Some("0.00002"),
        ),
        (200, json!({}), CallOutcome::Answered, None),
        (200, json!("none"), CallOutcome::Unusable, None),
        (401, json!({}), CallOutcome::Refused, Some("0")),
        (429, json!({}), CallOutcome::Refused, Some("0")),
        (500, json!({}), CallOutcome::Failed, None),
    ] {
        let server = Scripted::new(move |_| match status {
            200 => vectors(usage.clone()),
            other => (other, String::new()),
        })
        .await;
        let answered = embed(&embedder(&home, &server, Scripted::client(), None), 1).await;
        let line = lines(&home).await.remove(0);
        assert_eq!(line.outcome, outcome, "{status}");
        assert_eq!(
            line.cost,
            cost.map(|cost| cost.parse().unwrap()),
            "{status}"
        );
        assert_eq!((line.role, line.campaign), (CallRole::Embedder, None));
        assert_eq!(
            (line.provider.as_str(), line.model.as_str()),
            ("127.0.0.1", "small")
        );
        assert_eq!(line.fault, answered.err().map(|fault| fault.code));
    }
    let today = home
        .store
        .spending(TENANT, None, home.bed.world.now().utc_day_start());
    let today = today.await.unwrap();
    assert_eq!((today.calls, today.unpriced), (6, 3));
    assert_eq!(today.reserved, chimera_domain::money::Usd::ZERO);
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_is_settled_as_stopped() {
    let home = Home::new().await;
    let server = Scripted::silent().await;
    let embedder = embedder(&home, &server, Scripted::client(), None);
    {
        let asking = embed(&embedder, 1);
        tokio::pin!(asking);
        // Until it has been asked, and no longer.
        while server.asked().is_empty() {
            let turn = tokio::time::sleep(std::time::Duration::from_millis(5));
            tokio::select! { _ = &mut asking => panic!("nobody answered"), () = turn => {} }
        }
    }
    let line = loop {
        if let Some(line) = lines(&home).await.pop() {
            break line;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!((line.outcome, line.cost), (CallOutcome::Stopped, None));
    assert!(
        line.counted > chimera_domain::money::Usd::ZERO,
        "caps count what it may have cost"
    );
}

#[tokio::test]
async fn a_days_tokens_and_a_days_money_bind_and_the_next_day_has_its_own() {
    let home = Home::new().await;
    let server = Scripted::new(|asked| {
        let count = asked.body["input"].as_array().unwrap().len();
        let item = |index| json!({"object": "embedding", "index": index, "embedding": [1.0, 1.0]});
        let data: Vec<_> = (0..count).map(item).collect();
        let usage = json!({ "prompt_tokens": count });
        (200, json!({ "data": data, "usage": usage }).to_string())
    })
    .await;
    let limited = |limits: DayLimits| {
        let mut books = books(&home);
        books.limits = limits;
        let settings = EndpointSettings {
            base_url: format!("http://{}/v1/", server.address),
            model: "small".to_owned(),
        };
        EndpointEmbedder::new(settings, Scripted::client(), Arc::new(Key(None)), books)
    };
    let by_tokens = limited(DayLimits {
        tokens: 40,
        ..LIMITS
    });
    let mut answered = 0;
    let refused = loop {
        match embed(&by_tokens, 4).await {
            Ok(_) => answered += 1,
            Err(fault) => break fault,
        }
        assert!(answered < 20, "nothing binds");
    };
    assert!(answered > 0);
    assert!(refused.message.contains("40 tokens"), "{}", refused.message);
    let by_money = limited(DayLimits {
        usd: Usd::from_nanos(1),
        ..LIMITS
    });
    let refused = embed(&by_money, 4).await.unwrap_err();
    assert!(refused.message.contains("USD"), "{}", refused.message);
    home.bed.world.pass(86_400);
    assert!(embed(&by_tokens, 4).await.is_ok());
}
