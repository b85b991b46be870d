//! API keys, workspaces, and where a person is signed in.

use super::{Endpoint, Group};
use crate::tag::Topic;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/keys", "list_api_keys", Group::Keys).provides(&[Topic::AccessKey.any()]),
    // The answer carries the key, this once.
    Endpoint::post("/api/v1/keys", "make_api_key", Group::Keys)
        .never_replayed()
        .invalidates(&[Topic::AccessKey.any(), Topic::Audit.any()]),
    Endpoint::delete("/api/v1/keys/{access_key}", "revoke_api_key", Group::Keys)
        .invalidates(&[Topic::AccessKey.any(), Topic::Audit.any()]),
    Endpoint::get("/api/v1/swarm/tenants", "list_tenants", Group::Tenants)
        .provides(&[Topic::Tenant.any()]),
    // The request carries a password.
    Endpoint::post("/api/v1/swarm/tenants", "make_tenant", Group::Tenants)
        .never_replayed()
        .invalidates(&[Topic::Tenant.any(), Topic::Audit.any()]),
    Endpoint::get("/api/v1/sessions", "list_sessions", Group::Own)
        .provides(&[Topic::Session.any()]),
    Endpoint::delete("/api/v1/sessions", "sign_out_everywhere", Group::Own)
        .never_replayed()
        .invalidates(&[Topic::Session.any()]),
];
