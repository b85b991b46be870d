//! What may go wrong with a call: what the server does, the code that it comes under, and a word of what is said.
//!
//! Never here: what comes of it for memory.

use prost::Message;
use tonic::Code;

use super::{both::found, rpc::Reply};
use crate::weaviate::grpc::messages as pb;

const AWAY: &str = "MEMORY_UNAVAILABLE";
const REFUSED: &str = "MEMORY_REFUSED";
/// More than an answer may have: 8 MiB.
const TOO_MUCH: usize = (8 << 20) + 1;

/// A trouble, its code, and a word of what is said.
pub(super) type Trouble = (Reply, &'static str, &'static str);

/// What it says by a status.
pub(super) fn statuses() -> Vec<Trouble> {
    let status = Reply::Status;
    vec![
        (
            status(Code::Unavailable, "server is in maintenance mode"),
            AWAY,
            "maintenance",
        ),
        (status(Code::DeadlineExceeded, ""), AWAY, "took too long"),
        (
            status(Code::ResourceExhausted, "tenant limit"),
            AWAY,
            "tenant limit",
        ),
        (
            status(Code::Internal, "panic occurred"),
            AWAY,
            "panic occurred",
        ),
        (
            status(Code::Unknown, "shard is not ready"),
            AWAY,
            "shard is not ready",
        ),
        (
            status(Code::Unauthenticated, "w-1?"),
            REFUSED,
            "does not accept the key",
        ),
        (
            status(Code::PermissionDenied, "read_data"),
            REFUSED,
            "key may not do this: read_data",
        ),
        (
            status(Code::NotFound, "no such tenant"),
            REFUSED,
            "no such tenant",
        ),
        // What a live server gives no code of its own.
        (
            status(Code::Unknown, "explorer: tenant not found: \"x\""),
            REFUSED,
            "tenant not found",
        ),
        (
            status(
                Code::Unknown,
                "vector dimensions do not match the index dimensions",
            ),
            REFUSED,
            "dimensions do not match",
        ),
        (
            status(Code::InvalidArgument, "alpha"),
            REFUSED,
            "it refuses: alpha",
        ),
        (
            status(Code::Unimplemented, "unknown service"),
            REFUSED,
            "is no Weaviate's gRPC",
        ),
    ]
}

/// What it does beside saying anything.
pub(super) fn answers() -> Vec<Trouble> {
    vec![
        (Reply::Http(404), REFUSED, "is no Weaviate's gRPC"),
        (Reply::Http(503), AWAY, "503"),
        (Reply::Http(302), AWAY, "302"),
        (Reply::Cut, AWAY, "broke off"),
        (Reply::Unfinished(found(&[1])), AWAY, "error"),
        (
            Reply::Message(vec![0; TOO_MUCH]),
            REFUSED,
            "larger than 8388608 bytes",
        ),
        (Reply::Frame(0, 9 << 20, vec![0; 8]), REFUSED, "too large"),
        (Reply::Frame(1, 2, vec![0; 2]), AWAY, "compress"),
        (Reply::Message(vec![0xff; 9]), REFUSED, "invalid"),
        // A hit without a row.
        (
            Reply::Message(
                pb::SearchReply {
                    took: 0.0,
                    results: vec![pb::SearchResult::default()],
                }
                .encode_to_vec(),
            ),
            REFUSED,
            "cannot be read",
        ),
    ]
}
