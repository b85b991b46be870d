//! Where a person may be named: one shelf for each kind of row, each with what of it stays and why.
//!
//! Never here: walking them (`persons`).

/// The shelf of accounts; the one that is erased itself does not count as named there.
pub(super) const ACCOUNTS: &str = "accounts";

/// One kind of row.
pub(super) struct Shelf {
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    /// `?1` tenant, `?2` the last row's number, `?3` how many: number, key, why it stays, the columns as a JSON array.
    pub(super) select: &'static str,
    /// `?1` tenant, `?2` the row's number, then the columns; none where the whole shelf stays.
    pub(super) update: Option<&'static str>,
}

macro_rules! shelf {
    ($name:expr, $table:literal, key $key:literal, stays $stays:expr, [$($column:literal),+], $update:expr) => {
        Shelf {
            name: $name,
            table: $table,
            columns: &[$($column),+],
            select: concat!(
                "SELECT t.rowid, CAST(t.", $key, " AS TEXT), ", $stays, ", json_array(", $("t.", $column, ", ",)+ "NULL) \
                 FROM ", $table, " t WHERE t.tenant_id = ?1 AND t.rowid > ?2 ORDER BY t.rowid LIMIT ?3"
            ),
            update: $update,
        }
    };
}

/// Rows of a campaign that is not over.
macro_rules! open_work {
    () => {
        "(SELECT 'open work: end the campaign first' FROM campaigns c WHERE c.id = t.campaign_id AND c.tenant_id = ?1 \
             AND c.status IN ('DRAFT', 'ACTIVE', 'PAUSED'))"
    };
}

/// Rows of a task of a campaign that is not over.
macro_rules! open_task {
    () => {
        "(SELECT 'open work: end the campaign first' FROM tasks k JOIN campaigns c ON c.id = k.campaign_id \
             AND c.tenant_id = ?1 WHERE k.id = t.task_id AND k.tenant_id = ?1 \
             AND c.status IN ('DRAFT', 'ACTIVE', 'PAUSED'))"
    };
}

pub(super) const SHELVES: &[Shelf] = &[
    shelf!("trends", "trends", key "id", stays "NULL",
        ["topic", "title", "description", "url", "tags"],
        Some("UPDATE trends SET topic = ?3, title = ?4, description = ?5, url = ?6, tags = ?7 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("what stood out", "trend_clusters", key "id", stays "NULL", ["cluster"],
        Some("UPDATE trend_clusters SET cluster = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("memories", "memories", key "id", stays "NULL", ["text", "source", "origin", "tags"],
        Some("UPDATE memories SET text = ?3, source = ?4, origin = ?5, tags = ?6 WHERE tenant_id = ?1 AND seq = ?2")),
    shelf!("campaigns", "campaigns", key "id",
        stays "CASE WHEN t.status IN ('DRAFT', 'ACTIVE', 'PAUSED') THEN 'open work: end the campaign first' END",
        ["name", "goal_text", "fault", "feeds"],
        Some("UPDATE campaigns SET name = ?3, goal_text = ?4, fault = ?5, feeds = ?6 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("plans", "plans", key "id", stays open_work!(), ["steps", "rationale"],
        Some("UPDATE plans SET steps = ?3, rationale = ?4 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("tasks", "tasks", key "id", stays open_work!(),
        ["title", "instructions", "payload", "guidance", "fault"],
        Some("UPDATE tasks SET title = ?3, instructions = ?4, payload = ?5, guidance = ?6, fault = ?7 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("tries", "attempts", key "id", stays open_task!(), ["fault"],
        Some("UPDATE attempts SET fault = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("drafts", "artifacts", key "id",
        stays concat!("coalesce(", open_work!(), ", (SELECT 'proves a decision: it was approved as it stands' FROM effects e \
            WHERE e.tenant_id = ?1 AND e.task_id = t.task_id AND e.artifact_id = t.id LIMIT 1))"),
        ["payload", "action"],
        Some("UPDATE artifacts SET payload = ?3, action = ?4 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("sources of drafts", "artifacts", key "id", stays open_work!(), ["sources", "recalled", "provenance"],
        Some("UPDATE artifacts SET sources = ?3, recalled = ?4, provenance = ?5 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("verdicts", "verdicts", key "id", stays open_task!(), ["criteria", "findings", "rationale"],
        Some("UPDATE verdicts SET criteria = ?3, findings = ?4, rationale = ?5 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("reviews", "reviews", key "id", stays open_work!(),
        ["preview_text", "reason_for_escalation", "findings", "note"],
        Some("UPDATE reviews SET preview_text = ?3, reason_for_escalation = ?4, findings = ?5, note = ?6 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("content", "content", key "id", stays "NULL", ["script", "metadata"],
        Some("UPDATE content SET script = ?3, metadata = ?4 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("publications", "publications", key "id", stays "NULL", ["title", "description", "tags"],
        Some("UPDATE publications SET title = ?3, description = ?4, tags = ?5 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("alerts", "alerts", key "id", stays "NULL", ["title", "detail"],
        Some("UPDATE alerts SET title = ?3, detail = ?4 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("incidents", "incidents", key "id", stays "NULL", ["detail"],
        Some("UPDATE incidents SET detail = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("answers to repeated writes", "idempotency_keys", key "key", stays "NULL", ["body"],
        Some("UPDATE idempotency_keys SET body = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("actions", "effects", key "id", stays "'proves what was approved and sent'", ["action", "receipt"], None),
    shelf!("what went wrong with actions", "effects", key "id", stays open_work!(), ["fault"],
        Some("UPDATE effects SET fault = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("calls of the AI", "model_calls", key "id", stays "'the ledger of money: no line of it can change'", ["fault"], None),
    shelf!("MCP servers", "mcp_servers", key "name", stays "'how a server is reached: change or remove it under Connections'",
        ["entry"], None),
    // One row of all of them: its items stand for rows.
    Shelf {
        name: "connected feeds",
        table: "settings",
        columns: &["url", "title"],
        select: "SELECT f.key + 1, coalesce(json_extract(f.value, '$.id'), ''), \
                'how a feed is reached: remove it under Connections', \
                json_array(json_extract(f.value, '$.url'), json_extract(f.value, '$.title'), NULL) \
            FROM settings t, json_each(t.value) f WHERE t.tenant_id = ?1 AND t.key = 'connections.feeds' \
                AND f.key + 1 > ?2 ORDER BY f.key LIMIT ?3",
        update: None,
    },
    shelf!("policies", "policies", key "version", stays "'a rule and its former versions: write a new version'",
        ["document"], None),
    shelf!("personas", "persona_versions", key "id", stays "'a persona is its owner''s text: write a new version'",
        ["source"], None),
    shelf!(ACCOUNTS, "users", key "id", stays "'an account: give its address too, and it is closed'", ["name"], None),
    shelf!("names of sessions and API keys", "sessions", key "id", stays "NULL", ["label"],
        Some("UPDATE sessions SET label = ?3 WHERE tenant_id = ?1 AND rowid = ?2")),
    shelf!("audit log", "audit_logs", key "id", stays "'the audit chain: a changed record would break it'",
        ["input_data", "output_data"], None),
];
