//! AI providers and their keys, memory, MCP servers, feeds, prices, and the policy.

use super::{Endpoint, Group, Precondition};
use crate::tag::Topic;

const READ: Group = Group::ConnectionRead;
const WRITE: Group = Group::ConnectionWrite;
/// What answers, and what it costs, is one for the whole process: whoever chose it for another workspace would read along there.
const SHARED: Group = Group::Installation;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/connections/model", "get_model", READ)
        .provides(&[Topic::Connection.any()]),
    Endpoint::put("/api/v1/connections/model", "put_model", SHARED)
        .invalidates(&[Topic::Connection.any()]),
    // A test changes nothing here; its answer is only true at its moment.
    Endpoint::post("/api/v1/connections/model/test", "test_model", SHARED).never_replayed(),
    Endpoint::get("/api/v1/connections/keychain", "get_keychain", READ)
        .provides(&[Topic::Connection.any()]),
    Endpoint::post("/api/v1/connections/keychain/test", "test_keychain", WRITE)
        .never_replayed()
        .invalidates(&[Topic::Connection.any()]),
    // The request carries a secret: nothing of it is kept, not even a digest.
    Endpoint::post("/api/v1/connections/keys", "store_key", WRITE)
        .never_replayed()
        .invalidates(&[Topic::Connection.any()]),
    Endpoint::delete("/api/v1/connections/keys/{key}", "remove_key", WRITE)
        .never_replayed()
        .invalidates(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/connections/servers", "list_servers", READ)
        .provides(&[Topic::Connection.any()]),
    // Nothing is called; a server that had gone may be connected again by it.
    Endpoint::post(
        "/api/v1/connections/servers/{server}/test",
        "test_server",
        WRITE,
    )
    .never_replayed()
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/connections/memory", "get_memory_connection", READ)
        .provides(&[Topic::Connection.any(), Topic::Memory.any()]),
    // One word is embedded, and the backend is asked how it fares.
    Endpoint::post("/api/v1/connections/memory/test", "test_memory", WRITE)
        .never_replayed()
        .invalidates(&[Topic::Connection.any()]),
    // In memory of the process: who looks asks again and again.
    Endpoint::get("/api/v1/connections/questions", "list_questions", READ)
        .provides(&[Topic::Connection.any()]),
    // What is filled in is kept nowhere, not even as a digest; a question is answered once by itself.
    Endpoint::post(
        "/api/v1/connections/questions/{question}",
        "answer_question",
        Group::ConnectionAnswer,
    )
    .never_replayed()
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/connections/registry", "list_registered", READ)
        .provides(&[Topic::Connection.any()]),
    Endpoint::post("/api/v1/connections/registry", "register_server", WRITE)
        .invalidates(&[Topic::Connection.any()]),
    Endpoint::post(
        "/api/v1/connections/registry/import",
        "import_servers",
        WRITE,
    )
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::get(
        "/api/v1/connections/registry/{server}",
        "get_registered",
        READ,
    )
    .provides(&[Topic::Connection.any()]),
    Endpoint::get(
        "/api/v1/connections/registry/{server}/offer",
        "get_server_offer",
        READ,
    )
    .provides(&[Topic::Connection.any()]),
    // A person looks; the server may notice, and what it says may be another text each time.
    Endpoint::post(
        "/api/v1/connections/registry/{server}/read",
        "read_server_resource",
        WRITE,
    )
    .never_replayed(),
    // In memory of the process: who looks asks again and again, and when nobody asks any more it ends.
    Endpoint::post(
        "/api/v1/connections/registry/{server}/follow",
        "follow_server_resource",
        WRITE,
    )
    .never_replayed(),
    Endpoint::post(
        "/api/v1/connections/registry/{server}/prompt",
        "get_server_prompt",
        WRITE,
    )
    .never_replayed(),
    Endpoint::put(
        "/api/v1/connections/registry/{server}",
        "change_registered",
        WRITE,
    )
    .if_match(Precondition::Required)
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::delete(
        "/api/v1/connections/registry/{server}",
        "remove_registered",
        WRITE,
    )
    .if_match(Precondition::Required)
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::post(
        "/api/v1/connections/registry/{server}/rollback",
        "roll_back_server",
        WRITE,
    )
    .if_match(Precondition::Required)
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::post(
        "/api/v1/connections/registry/{server}/trust",
        "trust_server",
        WRITE,
    )
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::post(
        "/api/v1/connections/registry/{server}/pin",
        "pin_server",
        WRITE,
    )
    .invalidates(&[Topic::Connection.any()]),
    // The answer has the state of the round in it: it is kept nowhere, and to ask again begins anew.
    Endpoint::post(
        "/api/v1/connections/registry/{server}/authorization",
        "authorize_server",
        WRITE,
    )
    .never_replayed()
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::delete(
        "/api/v1/connections/registry/{server}/authorization",
        "unauthorize_server",
        WRITE,
    )
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::put(
        "/api/v1/connections/registry/{server}/classes",
        "class_tool",
        WRITE,
    )
    .invalidates(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/connections/tools", "list_tools", READ)
        .provides(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/connections/feeds", "list_feeds", READ)
        .provides(&[Topic::Connection.any()]),
    Endpoint::post("/api/v1/connections/feeds", "add_feed", WRITE)
        .invalidates(&[Topic::Connection.any()]),
    Endpoint::delete("/api/v1/connections/feeds/{feed}", "remove_feed", WRITE)
        .invalidates(&[Topic::Connection.any()]),
    // Whoever composes a campaign may try its feed.
    Endpoint::post(
        "/api/v1/connections/feeds/test",
        "test_feed",
        Group::CampaignWrite,
    )
    .never_replayed(),
    Endpoint::get("/api/v1/prices", "get_prices", READ).provides(&[Topic::Connection.any()]),
    Endpoint::put("/api/v1/prices", "put_prices", SHARED)
        .if_match(Precondition::Required)
        .invalidates(&[Topic::Connection.any()]),
    Endpoint::get("/api/v1/policy", "get_policy", Group::PolicyRead)
        .provides(&[Topic::Policy.any()]),
    Endpoint::put("/api/v1/policy", "put_policy", Group::PolicyWrite)
        .if_match(Precondition::Required)
        .invalidates(&[
            Topic::Policy.any(),
            Topic::Campaign.any(),
            Topic::Review.any(),
        ]),
];
