//! Keys of providers: they go in, and nothing of them comes out or stays anywhere but in the keychain.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use axum::http::StatusCode;
use chimera_contract::{
    connection::ModelSettings,
    keychain::{SuppliedKey, Survival},
    price::ShippedPrices,
};
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    role::Role,
    spend::Rate,
};
use chimera_door::options::{Keychain, KeychainStatus, ModelSwitch, Options};
use chimera_runtime::Runtime;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::bench::{ALL_ROLES, Bench, Call, Reply};

const KEYS: &str = "/api/v1/connections/keys";
const KEYCHAIN: &str = "/api/v1/connections/keychain";
const SECRET: &str = "fake-key-of-a-test-4711";

/// A keychain in memory, and the provider behind it.
#[derive(Default)]
struct Kept {
    keys: Mutex<BTreeMap<(TenantId, String), String>>,
    refusal: Mutex<Option<Fault>>,
    changed: Mutex<Vec<ModelSettings>>,
}

impl Kept {
    fn keys(&self) -> Vec<(String, String)> {
        let keys = self.keys.lock().unwrap();
        keys.iter()
            .map(|((_, name), key)| (name.clone(), key.clone()))
            .collect()
    }

    fn refuse(&self, class: FaultClass, code: &str) {
        *self.refusal.lock().unwrap() = Some(Fault::new(class, code, "the keychain's own words"));
    }

    fn refused(&self) -> Result<(), Fault> {
        self.refusal.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Keychain for Kept {
    async fn status(&self) -> KeychainStatus {
        let problem = self.refusal.lock().unwrap().clone();
        KeychainStatus {
            backend: "memory, for tests".to_owned(),
            works: problem.is_none(),
            survives_reboot: Survival::No,
            problem,
        }
    }

    async fn try_out(&self) -> KeychainStatus {
        self.status().await
    }

    fn supplied(&self) -> Vec<SuppliedKey> {
        Vec::new()
    }

    async fn store(&self, tenant: TenantId, name: &str, key: SecretString) -> Result<(), Fault> {
        self.refused()?;
        let key = key.expose_secret().to_owned();
        self.keys
            .lock()
            .unwrap()
            .insert((tenant, name.to_owned()), key);
        Ok(())
    }

    async fn remove(&self, tenant: TenantId, name: &str) -> Result<(), Fault> {
        self.refused()?;
        self.keys.lock().unwrap().remove(&(tenant, name.to_owned()));
        Ok(())
    }
}

#[async_trait]
impl ModelSwitch for Kept {
    async fn try_out(&self, _: &Runtime, _: TenantId, _: &ModelSettings) -> Result<String, Fault> {
        Ok("It answered.".to_owned())
    }

    fn shipped_prices(&self) -> ShippedPrices {
        ShippedPrices::default()
    }

    fn prices_changed(&self, _: BTreeMap<String, Rate>) {}

    async fn switch(&self, _: TenantId, _: &ModelSettings) -> Result<(), Fault> {
        Ok(())
    }

    fn key_changed(&self, _: TenantId, settings: &ModelSettings) {
        self.changed.lock().unwrap().push(settings.clone());
    }
}

async fn bench() -> (Bench, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let options = Options {
        keychain: Some(kept.clone()),
        models: Some(kept.clone()),
        ..Options::default()
    };
    (Bench::with(options).await, kept)
}

fn store(token: &str, name: &str, key: &str) -> Call {
    Call::post(KEYS)
        .token(token)
        .json(&json!({ "name": name, "key": key }))
}

fn remove(token: &str, name: &str) -> Call {
    Call::new("DELETE", format!("{KEYS}/{name}")).token(token)
}

/// Nothing in an answer, in the tables or in their files has the key.
#[track_caller]
fn never_shown(bench: &Bench, replies: &[&Reply]) {
    for reply in replies {
        assert!(!reply.text.contains(SECRET), "{}", reply.text);
    }
    assert_eq!(bench.files_with(SECRET), [] as [String; 0]);
}

#[tokio::test]
async fn a_key_goes_in_is_listed_by_name_and_never_comes_out() {
    let (bench, kept) = bench().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let pasted = format!("  {SECRET}\n");
    let stored = bench.call(store(&token, "openai", &pasted)).await.ok();
    let row = json!({ "name": "openai", "stored_by": "tomas", "stored_at": bed.world.now() });
    assert_eq!(stored.body, row);
    assert_eq!(kept.keys(), [("openai".to_owned(), SECRET.to_owned())]);
    let shown = bench.call(Call::get(KEYCHAIN).token(&token)).await.ok();
    let expected = json!({
        "backend": "memory, for tests", "works": true, "survives_reboot": "no", "problem": null,
        "keys": [row], "supplied": [], "data": null,
    });
    assert_eq!(shown.body, expected);
    let audit = bench
        .call(Call::get("/api/v1/audit?action=key.").token(&token))
        .await
        .ok();
    let record = &audit.body["items"][0];
    assert_eq!(
        (
            &record["action"],
            &record["output"],
            &record["actor"]["name"]
        ),
        (
            &json!("key.store"),
            &json!({ "name": "openai" }),
            &json!("tomas")
        )
    );
    never_shown(&bench, &[&stored, &shown, &audit]);
    // With a key for repeating, too: such a request is not remembered.
    let again = store(&token, "openai", SECRET).with("idempotency-key", "once");
    let again = bench.call(again).await.ok();
    never_shown(&bench, &[&again]);
}

#[tokio::test]
async fn a_removed_key_is_gone_and_the_provider_that_used_it_is_told() {
    let (bench, kept) = bench().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    for name in ["openai", "other"] {
        bench.call(store(&token, name, SECRET)).await.ok();
    }
    assert_eq!(
        kept.changed.lock().unwrap().len(),
        0,
        "nobody uses a key yet"
    );
    let settings = json!({
        "kind": "openai-compatible", "base_url": "https://api.example/v1", "models": { "worker": "small" },
        "key": { "place": "keychain", "name": "openai" },
    });
    let put = Call::put("/api/v1/connections/model")
        .token(&token)
        .json(&settings);
    bench.call(put).await.ok();
    assert_eq!(
        bench.call(remove(&token, "other")).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        kept.changed.lock().unwrap().len(),
        0,
        "another key was removed"
    );
    assert_eq!(
        bench.call(remove(&token, "openai")).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        (kept.keys().len(), kept.changed.lock().unwrap().len()),
        (0, 1)
    );
    assert_eq!(
        bench.call(remove(&token, "openai")).await.code(),
        "NOT_FOUND"
    );
    bench.call(store(&token, "openai", SECRET)).await.ok();
    assert_eq!(
        kept.changed.lock().unwrap().len(),
        2,
        "a stored key is taken up"
    );
}

#[tokio::test]
async fn a_refusing_keychain_keeps_its_code_and_its_words_and_nothing_is_listed() {
    let (bench, kept) = bench().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    for (class, code, seen) in [
        (
            FaultClass::Permanent,
            "KEYCHAIN_MISSING",
            "KEYCHAIN_MISSING",
        ),
        (FaultClass::Permanent, "KEYCHAIN_LOCKED", "KEYCHAIN_LOCKED"),
        (
            FaultClass::Transient,
            "KEYCHAIN_TIMEOUT",
            "KEYCHAIN_TIMEOUT",
        ),
        (
            FaultClass::Validation,
            "SECRET_READ_ONLY",
            "SECRET_READ_ONLY",
        ),
        (
            FaultClass::Validation,
            "SECRET_WRONG_SIZE",
            "VALIDATION_ERROR",
        ),
        (FaultClass::Unknown, "UNHEARD_OF", "KEYCHAIN_REFUSED"),
    ] {
        kept.refuse(class, code);
        let reply = bench.call(store(&token, "openai", SECRET)).await;
        assert_eq!(reply.code(), seen);
        assert_eq!(reply.body["error"]["message"], "the keychain's own words");
        never_shown(&bench, &[&reply]);
    }
    let shown = bench
        .call(Call::get(KEYCHAIN).token(&token))
        .await
        .ok()
        .body;
    assert_eq!(
        (&shown["works"], &shown["problem"]["code"], &shown["keys"]),
        (&json!(false), &json!("UNHEARD_OF"), &json!([]))
    );
}

#[tokio::test]
async fn only_an_admin_stores_a_key_and_without_a_keychain_nobody_does() {
    let (bench, kept) = bench().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, operator) = bench.person(&bed.world, "inga", &[Role::Operator]).await;
    assert_eq!(
        bench.call(store(&operator, "openai", SECRET)).await.code(),
        "FORBIDDEN"
    );
    bench.call(Call::get(KEYCHAIN).token(&operator)).await.ok();
    let (_, viewer) = bench.person(&bed.world, "vera", &[Role::Viewer]).await;
    assert_eq!(
        bench.call(Call::get(KEYCHAIN).token(&viewer)).await.code(),
        "FORBIDDEN"
    );
    assert!(kept.keys().is_empty());

    let bare = Bench::new().await;
    let bed = bare.bed(bare.world.clone()).await;
    let (_, token) = bare.person(&bed.world, "tomas", ALL_ROLES).await;
    let refused = bare.call(store(&token, "openai", SECRET)).await;
    assert_eq!(refused.code(), "KEYCHAIN_SWITCHED_OFF");
    assert!(refused.text.contains("OPENAI_API_KEY"), "{}", refused.text);
}
