//! Traces, the audit log, alerts and incidents.

use super::{Endpoint, Group};
use crate::tag::Topic;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/traces", "list_traces", Group::TraceRead)
        .provides(&[Topic::Trace.any()]),
    Endpoint::get("/api/v1/traces/{trace}", "get_trace", Group::TraceRead)
        .provides(&[Topic::Trace.by("trace")]),
    Endpoint::get("/api/v1/audit", "list_audit", Group::AuditRead).provides(&[Topic::Audit.any()]),
    Endpoint::get("/api/v1/audit/chain", "get_audit_chain", Group::AuditRead)
        .provides(&[Topic::Audit.any()]),
    Endpoint::post(
        "/api/v1/audit/chain/verify",
        "verify_audit_chain",
        Group::AuditVerify,
    )
    .invalidates(&[Topic::Audit.any()]),
    Endpoint::get("/api/v1/audit/export", "export_audit", Group::AuditRead)
        .provides(&[Topic::Audit.any()]),
    Endpoint::get("/api/v1/alerts", "list_alerts", Group::AlertRead)
        .provides(&[Topic::Alert.any()]),
    Endpoint::post(
        "/api/v1/alerts/{alert}/acknowledge",
        "acknowledge_alert",
        Group::AlertWrite,
    )
    .invalidates(&[Topic::Alert.by("alert"), Topic::Gauge.any()]),
    Endpoint::get(
        "/api/v1/dead-letters",
        "list_dead_letters",
        Group::AlertRead,
    )
    .provides(&[Topic::DeadLetter.any()]),
    Endpoint::post(
        "/api/v1/dead-letters/{task}/replay",
        "replay_dead_letter",
        Group::FleetWrite,
    )
    .invalidates(&[
        Topic::DeadLetter.any(),
        Topic::Task.by("task"),
        Topic::Campaign.any(),
        Topic::CampaignTasks.any(),
        Topic::Review.any(),
        Topic::Gauge.any(),
        Topic::Audit.any(),
    ]),
    Endpoint::get("/api/v1/incidents", "list_incidents", Group::AlertRead)
        .provides(&[Topic::Incident.any()]),
];
