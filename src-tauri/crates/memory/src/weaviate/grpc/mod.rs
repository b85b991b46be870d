//! Weaviate over gRPC: batches of objects, searches (words and a brought vector in one question, which REST does not
//! take for a class that embeds nothing itself), deletion.
//!
//! Its messages are those that Weaviate's own Python client sends for the same, byte for byte
//! (`recorded/`); it was never run against a live server. Never here: the schema (`wire`), or a text that is shown to
//! anybody: what comes back are numbers of rows.

pub(crate) mod asking;
mod channel;
pub(crate) mod messages;

use std::{error::Error as _, sync::Arc};

use chimera_domain::{
    fault::Fault,
    id::TenantId,
    memory::{Memory, Owner},
};
use chimera_net::{HttpClient, NetError};
use http::uri::PathAndQuery;
use prost::Message;
use secrecy::ExposeSecret;
use tonic::{
    Code, Request, Status,
    metadata::{Ascii, MetadataValue},
};
use tonic_prost::ProstCodec;

use self::{
    channel::{Channel, MAX_ANSWER_BYTES},
    messages as pb,
};
use super::{
    Question, REQUEST_TIMEOUT,
    trouble::{Refused, away, has_nothing, of_net, of_words, refused, told},
};
use crate::{embedder::KeySource, rank::Scored};

/// The calls, by their paths.
const SEARCH: &str = "/weaviate.v1.Weaviate/Search";
const BATCH_OBJECTS: &str = "/weaviate.v1.Weaviate/BatchObjects";
const BATCH_DELETE: &str = "/weaviate.v1.Weaviate/BatchDelete";
const HEALTH: &str = "/grpc.health.v1.Health/Check";
/// The largest whole number up to which a float has each one.
const MAX_EXACT: u64 = 1 << 53;

/// The gRPC side of a Weaviate.
pub(crate) struct Grpc {
    channel: Channel,
    key: Arc<dyn KeySource>,
}

impl Grpc {
    pub(crate) fn new(base_url: &str, client: HttpClient, key: Arc<dyn KeySource>) -> Self {
        let channel = Channel {
            client,
            base_url: base_url.into(),
            timeout: REQUEST_TIMEOUT,
        };
        Self { channel, key }
    }

    #[cfg(test)]
    pub(crate) fn patient_for(mut self, timeout: std::time::Duration) -> Self {
        self.channel.timeout = timeout;
        self
    }

    pub(super) fn address(&self) -> &str {
        &self.channel.base_url
    }

    /// Asks whether it takes calls.
    pub(crate) async fn ready(&self, tenant: TenantId) -> Result<(), Fault> {
        let request = pb::HealthCheckRequest::default();
        let reply: pb::HealthCheckResponse = self.ask(tenant, HEALTH, request).await?;
        if reply.status() == pb::Health::Serving {
            return Ok(());
        }
        Err(away(self.address(), "it says that it takes no calls now"))
    }

    /// Copies memories of one tenant, each with its row and its vector where it has one; answers which were refused.
    pub(crate) async fn put(
        &self,
        tenant: TenantId,
        memories: &[(u64, Memory, Vec<f32>)],
    ) -> Result<Refused, Fault> {
        if memories.iter().any(|(row, ..)| *row > MAX_EXACT) {
            return Err(self.refused("a row has a number that it cannot keep"));
        }
        let request = asking::batch(memories);
        let reply: pb::BatchObjectsReply = self.ask(tenant, BATCH_OBJECTS, request).await?;
        // A batch is answered well whatever became of its objects.
        let mut refused = Refused::new();
        for one in reply.errors {
            let place = usize::try_from(one.index).ok();
            let place = place.filter(|place| *place < memories.len());
            let place = place.ok_or_else(|| {
                self.refused("it says what became of a memory that it was not given")
            })?;
            let fault = of_words(self.address(), "it did not take a memory", &one.error);
            refused.insert(place, fault);
        }
        Ok(refused)
    }

    /// The rows that fit, best first: by words, by vector, or by both in one question.
    pub(crate) async fn search(
        &self,
        owner: Owner,
        question: Question<'_>,
        most: usize,
    ) -> Result<Vec<Scored>, Fault> {
        let Some(request) = asking::search(owner, question, most) else {
            return Ok(Vec::new());
        };
        let reply: pb::SearchReply = self.ask(owner.tenant, SEARCH, request).await?;
        let rows: Option<Vec<Scored>> = reply.results.iter().map(scored).collect();
        rows.ok_or_else(|| self.refused("its answer to a search cannot be read"))
    }

    /// Takes a memory's copy away; one that is not there is no failure.
    pub(crate) async fn delete(&self, memory: &Memory) -> Result<(), Fault> {
        let request = asking::deletion(memory);
        let reply = self
            .call(memory.owner.tenant, BATCH_DELETE, request)
            .await?;
        let reply: pb::BatchDeleteReply = match reply {
            Ok(reply) => reply,
            Err(status) if has_nothing(status.message()) => return Ok(()),
            Err(status) => return Err(self.of_status(&status)),
        };
        if reply.failed == 0 {
            return Ok(());
        }
        let mut words = reply.objects.iter().filter_map(|one| one.error.as_deref());
        let words = words.find(|words| !words.is_empty()).unwrap_or_default();
        let what = "it did not take a memory's copy away";
        Err(of_words(self.address(), what, words))
    }

    async fn ask<Q, A>(&self, tenant: TenantId, path: &'static str, message: Q) -> Result<A, Fault>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let reply = self.call(tenant, path, message).await?;
        reply.map_err(|status| self.of_status(&status))
    }

    /// One call; what came of it once it could be made.
    async fn call<Q, A>(
        &self,
        tenant: TenantId,
        path: &'static str,
        message: Q,
    ) -> Result<Result<A, Status>, Fault>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let mut request = Request::new(message);
        request.set_timeout(REQUEST_TIMEOUT);
        if let Some(key) = self.key.key(tenant).await? {
            let bearer = format!("Bearer {}", key.expose_secret());
            let mut bearer: MetadataValue<Ascii> = bearer.parse().map_err(|_| {
                self.refused("its key has characters that no key can have; store it again")
            })?;
            bearer.set_sensitive(true);
            request.metadata_mut().insert("authorization", bearer);
        }
        let mut client = tonic::client::Grpc::new(self.channel.clone())
            .max_decoding_message_size(MAX_ANSWER_BYTES);
        let path = PathAndQuery::from_static(path);
        let reply = client.unary(request, path, ProstCodec::default()).await;
        Ok(reply.map(tonic::Response::into_inner))
    }

    fn of_status(&self, status: &Status) -> Fault {
        let address = self.address();
        let source = status.source();
        if let Some(error) = source.and_then(|error| error.downcast_ref::<NetError>()) {
            return of_net(address, error);
        }
        let words = told(status.message());
        match status.code() {
            Code::Unauthenticated => refused(address, "it does not accept the key"),
            Code::PermissionDenied => {
                refused(address, format_args!("the key may not do this: {words}"))
            }
            Code::Unimplemented => refused(
                address,
                format_args!("what answers there is no Weaviate's gRPC: {words}"),
            ),
            Code::NotFound
            | Code::AlreadyExists
            | Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::OutOfRange => refused(address, format_args!("it refuses: {words}")),
            Code::DeadlineExceeded => away(address, "it took too long"),
            Code::Unavailable | Code::ResourceExhausted | Code::Aborted | Code::Cancelled => {
                away(address, words)
            }
            // What the server does not name itself, and that is most of what it refuses, comes as unknown.
            Code::Ok | Code::Unknown | Code::Internal | Code::DataLoss => {
                of_words(address, "it answers with an error", status.message())
            }
        }
    }

    fn refused(&self, why: &str) -> Fault {
        refused(self.address(), why)
    }
}

/// A hit as a row and what it scores; nothing for one without a row.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "only of a whole number that a row can be"
)]
pub(crate) fn scored(result: &pb::SearchResult) -> Option<Scored> {
    let fields = &result.properties.as_ref()?.non_ref_props.as_ref()?.fields;
    let value = fields.get("row")?;
    let whole = |number: &f64| number.fract() == 0.0 && (0.0..=MAX_EXACT as f64).contains(number);
    let row = match (value.int_value, value.number_value) {
        (Some(row), _) => u64::try_from(row).ok()?,
        (None, number) => number.filter(whole)? as u64,
    };
    let metadata = result.metadata.as_ref();
    let score = metadata.map_or(0.0, |told| {
        if told.distance_present {
            1.0 - told.distance
        } else {
            told.score
        }
    });
    Some(Scored { row, score })
}
