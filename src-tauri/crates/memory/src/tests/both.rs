//! Both sides of a scripted Weaviate: REST for its schema, and gRPC, which takes every object and finds what it is told.
//!
//! Never here: assertions.

use std::sync::{Arc, Mutex};

use prost::Message;

use super::{
    Home,
    rpc::{Called, Reply, Rpc},
    weaviate::Server,
};
use crate::{Embedder, WeaviateMemory, weaviate::grpc::messages as pb};

/// The calls.
pub(super) const SEARCH: &str = "/weaviate.v1.Weaviate/Search";
pub(super) const INSERT: &str = "/weaviate.v1.Weaviate/BatchObjects";
pub(super) const DELETE: &str = "/weaviate.v1.Weaviate/BatchDelete";

/// Both sides of a server.
pub(super) struct Both {
    pub(super) rest: Server,
    pub(super) rpc: Rpc,
    /// What it does instead of answering well, by a call's path.
    faults: Arc<Mutex<Vec<(&'static str, Reply)>>>,
    /// Rows that a search finds.
    pub(super) finds: Arc<Mutex<Vec<u64>>>,
}

impl Both {
    pub(super) async fn new() -> Self {
        let faults: Arc<Mutex<Vec<(&'static str, Reply)>>> = Arc::default();
        let finds: Arc<Mutex<Vec<u64>>> = Arc::default();
        let (told, rows) = (faults.clone(), finds.clone());
        let rpc = Rpc::new(move |called| {
            let mut faults = told.lock().unwrap();
            let mut own = (0..faults.len()).filter(|at| called.path == faults[*at].0);
            match (own.next(), own.next()) {
                (Some(first), Some(_)) => faults.remove(first).1,
                (Some(last), None) => faults[last].1.clone(),
                (None, _) => Reply::Message(well(called, &rows.lock().unwrap())),
            }
        });
        Self {
            rest: Server::new().await,
            rpc: rpc.await,
            faults,
            finds,
        }
    }

    pub(super) fn memory(
        &self,
        home: &Home,
        embedder: Option<Arc<dyn Embedder>>,
    ) -> WeaviateMemory {
        let grpc = Some(self.rpc.options());
        self.rest.memory_over(home, embedder, grpc)
    }

    pub(super) fn fails(&self, path: &'static str, reply: Reply) {
        *self.faults.lock().unwrap() = vec![(path, reply)];
    }

    /// And what it does the next time, and from then on.
    pub(super) fn then(&self, path: &'static str, reply: Reply) {
        self.faults.lock().unwrap().push((path, reply));
    }

    pub(super) fn is_well(&self) {
        self.faults.lock().unwrap().clear();
    }

    pub(super) fn called(&self, path: &str) -> Vec<Called> {
        let called = self.rpc.called().into_iter();
        called.filter(|one| one.path == path).collect()
    }

    pub(super) fn put(&self) -> Vec<pb::BatchObject> {
        let batches = self.called(INSERT).into_iter();
        let batches = batches.map(|one| pb::BatchObjectsRequest::decode(&one.message[..]).unwrap());
        batches.flat_map(|batch| batch.objects).collect()
    }

    pub(super) fn searches(&self) -> Vec<pb::SearchRequest> {
        let searches = self.called(SEARCH).into_iter();
        let decoded = searches.map(|one| pb::SearchRequest::decode(&one.message[..]).unwrap());
        decoded.collect()
    }

    /// From now on every search finds every row of everybody.
    pub(super) fn finds_everything(&self) {
        *self.finds.lock().unwrap() = self.put().iter().map(row_of).collect();
    }
}

pub(super) fn plain(object: &pb::BatchObject, property: &str) -> pb::Plain {
    let properties = object.properties.as_ref().unwrap();
    properties.non_ref_properties.as_ref().unwrap().fields[property].clone()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a row, which is whole and small"
)]
pub(super) fn row_of(object: &pb::BatchObject) -> u64 {
    plain(object, "row").number_value.unwrap() as u64
}

/// A server's answers while all is well.
fn well(called: &Called, rows: &[u64]) -> Vec<u8> {
    match called.path.as_str() {
        SEARCH => found(rows),
        DELETE => pb::BatchDeleteReply {
            matches: 1,
            successful: 1,
            ..pb::BatchDeleteReply::default()
        }
        .encode_to_vec(),
        INSERT => Vec::new(),
        // SERVING.
        _ => vec![0x08, 0x01],
    }
}

pub(super) fn found(rows: &[u64]) -> Vec<u8> {
    let hit = |row: &u64| {
        let value = pb::Value {
            int_value: Some(i64::try_from(*row).unwrap()),
            ..pb::Value::default()
        };
        let fields = [("row".to_owned(), value)].into();
        pb::SearchResult {
            properties: Some(pb::PropertiesResult {
                non_ref_props: Some(pb::Properties { fields }),
                ..pb::PropertiesResult::default()
            }),
            ..pb::SearchResult::default()
        }
    };
    let results = rows.iter().map(hit).collect();
    pb::SearchReply { took: 0.0, results }.encode_to_vec()
}
