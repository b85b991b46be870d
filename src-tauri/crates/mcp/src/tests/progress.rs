//! Calls under way, and how far each is by its server's word.

use std::sync::{Arc, Mutex};

use chimera_domain::{action::EffectClass, id::TenantId, trace::TraceContext};
use chimera_ports::tools::{Progress, ProgressEar, RunningCall, ToolHost};
use serde_json::json;
use uuid::Uuid;

use super::{far::Server, grant, host, in_process, peer::Shared, peer_spec, request, tenant};
use crate::McpHost;

#[derive(Default)]
struct Heard(Mutex<Vec<(TenantId, TraceContext, f64)>>);

impl ProgressEar for Heard {
    fn told(&self, tenant: TenantId, at: TraceContext, progress: &Progress) {
        self.0.lock().unwrap().push((tenant, at, progress.done));
    }
}

async fn running(host: &McpHost, tenant: TenantId) -> Vec<RunningCall> {
    host.servers(tenant).await.remove(0).running
}

async fn tells(host: McpHost, shared: Arc<Shared>, acts: bool) {
    let heard = Arc::<Heard>::default();
    host.tell_progress(heard.clone());
    host.tell_progress(Arc::<Heard>::default());
    let call = tokio::spawn({
        let host = host.clone();
        async move {
            let request = request("step", json!({}));
            match acts {
                true => host.perform(request, &grant("k-1")).await,
                false => host.read(request).await,
            }
        }
    });
    shared.begun.notified().await;
    // The reports may still be on their way.
    let progress = loop {
        let running = running(&host, tenant()).await;
        let [call] = &running[..] else {
            panic!("{running:?}")
        };
        assert_eq!(call.tool, "step");
        match call.progress.clone() {
            Some(progress) if progress.done > 2.5 => break progress,
            _ => tokio::task::yield_now().await,
        }
    };
    let expected = Progress {
        done: 3.0,
        of: Some(4.0),
        message: Some("step 3".into()),
    };
    assert_eq!(progress, expected);
    let other = TenantId::from_uuid(Uuid::from_u128(8));
    assert_eq!(
        running(&host, other).await,
        [],
        "what one workspace calls is no other's business"
    );
    // Whoever keeps the trace heard it, with the place that the call has there; not what went backwards.
    let at = request("step", json!({})).trace;
    let told = [1.0, 3.0].map(|done| (tenant(), at, done));
    assert_eq!(*heard.0.lock().unwrap(), told);
    shared.go_on.notify_one();
    call.await.unwrap().unwrap();
    assert_eq!(running(&host, tenant()).await, []);
}

#[tokio::test]
async fn a_call_is_seen_while_it_runs_with_how_far_it_is() {
    let (host, shared) = in_process();
    tells(host, shared, false).await;
}

#[tokio::test]
async fn an_act_is_seen_alike() {
    let shared = Arc::default();
    let spec = peer_spec(&shared).tool("step", EffectClass::Outward);
    let (_service, host, _) = host(vec![spec]);
    tells(host, shared, true).await;
}

#[tokio::test]
async fn over_http_both_revisions_tell_it_alike() {
    for old in [false, true] {
        let shared = Arc::default();
        let server = Server::peer(&shared, old).await;
        let (_service, host, _) = host(vec![server.spec()]);
        tells(host, shared, false).await;
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_longer_is_not_under_way() {
    let (host, shared) = in_process();
    let call = tokio::spawn({
        let host = host.clone();
        async move { host.read(request("hang", json!({}))).await }
    });
    shared.begun.notified().await;
    assert_eq!(running(&host, tenant()).await.len(), 1);
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(running(&host, tenant()).await, []);
}
