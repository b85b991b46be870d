//! The two ways to one Weaviate: schema and tenants over REST; batches, searches and deletion over gRPC where it has an
//! address, else over REST too.
//!
//! Never here: how either speaks.

use chimera_domain::{
    fault::Fault,
    id::TenantId,
    memory::{Memory, Owner},
};

use super::{Question, grpc::Grpc, trouble::Refused, wire::Wire};
use crate::rank::Scored;

/// A Weaviate and the ways to it.
pub(super) struct Transport {
    pub(super) rest: Wire,
    pub(super) grpc: Option<Grpc>,
}

impl Transport {
    /// The server's version, as it says it, once each way to it answers.
    pub(super) async fn version(&self, tenant: TenantId) -> Result<String, Fault> {
        let version = self.rest.version(tenant).await?;
        if let Some(grpc) = &self.grpc {
            grpc.ready(tenant).await?;
        }
        Ok(version)
    }

    /// Copies memories of one tenant; answers which of them, by their place, were refused and why.
    pub(super) async fn put(
        &self,
        tenant: TenantId,
        memories: &[(u64, Memory, Vec<f32>)],
    ) -> Result<Refused, Fault> {
        match &self.grpc {
            Some(grpc) => grpc.put(tenant, memories).await,
            None => self.rest.put(tenant, memories).await,
        }
    }

    /// The lists of rows that fit, each best first: one that the server made of both over gRPC, one by words and one by
    /// vector over REST, which takes no brought vector beside words.
    pub(super) async fn search(
        &self,
        owner: Owner,
        question: Question<'_>,
        most: usize,
    ) -> Result<Vec<Vec<Scored>>, Fault> {
        if let Some(grpc) = &self.grpc {
            return Ok(vec![grpc.search(owner, question, most).await?]);
        }
        let mut lists = Vec::new();
        if !question.words.is_empty() {
            lists.push(self.rest.by_words(owner, question.words, most).await?);
        }
        if let Some(vector) = question.vector {
            lists.push(self.rest.by_meaning(owner, vector, most).await?);
        }
        Ok(lists)
    }

    /// Takes a memory's copy away; one that is not there is no failure.
    pub(super) async fn delete(&self, memory: &Memory) -> Result<(), Fault> {
        match &self.grpc {
            Some(grpc) => grpc.delete(memory).await,
            None => self.rest.delete(memory).await,
        }
    }
}
