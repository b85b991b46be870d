//! What goes to a Weaviate against what its own Python client (4.24.1) was recorded sending for the same, and what its
//! own message classes encoded as answers (`recorded/README.md`). No live server was ever behind these tests.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    artifact::Origin,
    fault::Fault,
    id::{AgentId, MemoryId, TenantId},
    memory::{Memory, MemoryKind, Owner},
    time::Timestamp,
};
use prost::Message;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    rpc::{Reply, Rpc, client},
    weaviate::Key,
};
use crate::{
    rank::{MIN_COSINE, Scored},
    weaviate::{
        MAX_DISTANCE, Question,
        grpc::{Grpc, asking, messages as pb},
        wire::class,
    },
};

const WORDS: &str = "fog coffee";
const VECTOR: [f32; 2] = [0.6, 0.8];

fn recorded() -> Value {
    serde_json::from_str(include_str!("../../recorded/client.json")).unwrap()
}

/// One recorded call.
struct Call {
    path: String,
    key: Option<String>,
    request: Vec<u8>,
    reply: Vec<u8>,
}

fn call(name: &str) -> Call {
    let recorded = recorded();
    let calls = recorded["grpc"].as_array().unwrap();
    let call = calls.iter().find(|call| call["name"] == name).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let bytes = |value: &Value| -> Vec<u8> {
        let hex = value.as_str().unwrap().as_bytes().chunks(2);
        let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
        hex.map(byte).collect()
    };
    Call {
        path: text(&call["method"]).unwrap(),
        key: text(&call["metadata"]["authorization"]),
        request: bytes(&call["request"]),
        reply: bytes(&call["reply"]),
    }
}

fn id(last: u128) -> Uuid {
    let base = "00000000-0000-4000-8000-000000000000";
    Uuid::from_u128(base.parse::<Uuid>().unwrap().as_u128() + last)
}

fn owner() -> Owner {
    Owner {
        tenant: TenantId::from_uuid(id(0xaa)),
        agent: AgentId::from_uuid(id(0xbb)),
    }
}

fn memory(last: u128, text: &str, tags: &[&str]) -> Memory {
    Memory {
        id: MemoryId::from_uuid(id(last)),
        owner: owner(),
        kind: MemoryKind::Fact,
        text: text.to_owned(),
        source: String::new(),
        task: None,
        origin: Origin::Model,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        importance: 50,
        at: "2026-05-21T08:00:00Z".parse::<Timestamp>().unwrap(),
    }
}

/// The two that were put.
fn both() -> Vec<(u64, Memory, Vec<f32>)> {
    vec![
        (
            11,
            memory(1, "Mist sells coffee.", &["weather", "sales"]),
            VECTOR.to_vec(),
        ),
        (12, memory(2, "Rain does not.", &[]), Vec::new()),
    ]
}

/// The gRPC side of a server that gives the recorded answer to this call, and of which every call is written down.
async fn replaying(name: &str) -> (Rpc, Grpc) {
    let reply = call(name).reply;
    let rpc = Rpc::new(move |_| Reply::Message(reply.clone())).await;
    let grpc = Grpc::new(&rpc.url(), client(&["127.0.0.1"]), Arc::new(Key));
    (rpc, grpc)
}

/// What went out is what was recorded: the path, the key, and the message's very bytes.
fn same(rpc: &Rpc, name: &str) {
    let [called] = &rpc.called()[..] else {
        panic!("{name}: one call")
    };
    let call = call(name);
    assert_eq!(called.path, call.path, "{name}");
    assert_eq!(
        called.header("authorization"),
        call.key.as_deref(),
        "{name}"
    );
    assert_eq!(called.message, call.request, "{name}");
    for (header, value) in [
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        ("grpc-timeout", "5000000u"),
    ] {
        assert_eq!(called.header(header), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_search_goes_out_byte_for_byte_as_the_official_client_sends_it_and_its_answer_is_read() {
    for (name, words, vector, scores) in [
        ("near_vector", "", Some(&VECTOR[..]), [0.9, 0.7]),
        ("bm25", WORDS, None, [1.5, 0.5]),
        ("hybrid", WORDS, Some(&VECTOR[..]), [0.0163, 0.0161]),
    ] {
        let (rpc, grpc) = replaying(name).await;
        let found = grpc.search(owner(), Question { words, vector }, 64).await;
        let rows = [11, 12].into_iter().zip(scores);
        let rows: Vec<_> = rows.map(|(row, score)| Scored { row, score }).collect();
        assert_eq!(found.unwrap(), rows, "{name}");
        same(&rpc, name);
    }
    // Nothing is asked where nothing is looked for.
    let (rpc, grpc) = replaying("bm25").await;
    let nothing = Question {
        words: "",
        vector: None,
    };
    assert_eq!(grpc.search(owner(), nothing, 64).await.unwrap(), []);
    assert_eq!(rpc.called().len(), 0);
}

#[tokio::test]
async fn a_deletion_goes_out_byte_for_byte_as_the_official_client_sends_it_and_its_answer_is_read()
{
    let (rpc, grpc) = replaying("delete").await;
    grpc.delete(&both()[0].1).await.unwrap();
    same(&rpc, "delete");
    let (rpc, grpc) = replaying("delete_refused").await;
    let fault = grpc.delete(&both()[0].1).await.unwrap_err();
    assert_eq!(fault.code, "MEMORY_UNAVAILABLE");
    assert!(fault.message.contains("the shard is read-only"), "{fault}");
    same(&rpc, "delete_refused");
}

/// The properties of an object are a map, and a map has no order on the wire: equal as messages, and nothing of what was
/// recorded is skipped, as both are of one length.
#[tokio::test]
async fn a_batch_says_what_the_official_client_says_and_its_errors_are_read_object_by_object() {
    let (rpc, grpc) = replaying("insert").await;
    let refused = grpc.put(owner().tenant, &both()).await.unwrap();
    assert!(refused.is_empty());
    let (sent, call) = (rpc.called().remove(0), call("insert"));
    assert_eq!(
        (sent.path, sent.message.len()),
        (call.path, call.request.len())
    );
    let theirs = pb::BatchObjectsRequest::decode(&call.request[..]).unwrap();
    assert_eq!(
        pb::BatchObjectsRequest::decode(&sent.message[..]).unwrap(),
        theirs
    );
    assert_eq!(theirs, asking::batch(&both()));
    assert_eq!(theirs.encoded_len(), call.request.len());

    let (_rpc, grpc) = replaying("insert_refused").await;
    let refused = grpc.put(owner().tenant, &both()).await.unwrap();
    assert_eq!(refused.keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(refused[&1].code, "MEMORY_REFUSED");
    let words = &refused[&1].message;
    assert!(words.contains("invalid date property"), "{words}");
}

#[tokio::test]
async fn whether_it_takes_calls_is_asked_as_the_official_client_asks() {
    let (rpc, grpc) = replaying("health").await;
    grpc.ready(owner().tenant).await.unwrap();
    let (sent, call) = (rpc.called().remove(0), call("health"));
    assert_eq!((sent.path, sent.message), (call.path, call.request));
    let rpc = Rpc::new(|_| Reply::Message(vec![0x08, 0x02])).await;
    let grpc = Grpc::new(&rpc.url(), client(&["127.0.0.1"]), Arc::new(Key));
    let fault: Fault = grpc.ready(owner().tenant).await.unwrap_err();
    assert!(fault.message.contains("takes no calls now"), "{fault}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_waited_for_no_longer_than_a_call_may_take() {
    let rpc = Rpc::new(|_| Reply::Silent).await;
    let grpc = Grpc::new(&rpc.url(), client(&["127.0.0.1"]), Arc::new(Key));
    let grpc = grpc.patient_for(Duration::from_millis(200));
    let fault = grpc.delete(&both()[0].1).await.unwrap_err();
    assert_eq!(fault.code, "MEMORY_UNAVAILABLE");
    assert!(fault.message.contains("took longer than 0.2 s"), "{fault}");
}

#[test]
fn the_class_and_its_tenants_are_made_as_the_official_client_makes_them() {
    let recorded = recorded();
    let posted = |path: &str| {
        let rest = recorded["rest"].as_array().unwrap();
        rest.iter().find(|one| one["path"] == path).unwrap()["body"].clone()
    };
    let mut theirs = posted("/v1/schema");
    // Two settings for a module that embeds; this class has none.
    for property in theirs["properties"].as_array_mut().unwrap() {
        let property = property.as_object_mut().unwrap();
        property.remove("skip_vectorization");
        property.remove("vectorize_property_name");
    }
    assert_eq!(class(), theirs);
    let tenants = posted("/v1/schema/AgentMemory/tenants");
    assert_eq!(tenants[0]["name"], json!(owner().tenant));
}

#[test]
fn the_greatest_distance_is_what_the_least_cosine_leaves() {
    #[expect(clippy::cast_possible_truncation, reason = "one digit after the point")]
    let distance = MAX_DISTANCE as f32;
    assert_eq!(distance.to_bits(), (1.0 - MIN_COSINE).to_bits());
}
