-- What happened: events to resume from, audit records and their seals, alerts, incidents.

-- Numbered by `schema_info.last_event`: numbers follow without gaps, also after a write that failed. Kept in the
-- order of a tenant's events, so that reading on from a number is one walk, and writing touches one tree.
CREATE TABLE events (
    tenant_id TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    fact      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
) STRICT, WITHOUT ROWID;

-- S4 `audit_logs`: agent_id, action, skill_name, input_data, output_data, status, timestamp. Written in the
-- transaction that it reports; `seq` is the order of writing. The sealer chains them later. Every index here
-- costs every commit, so there are only those that a list walks.
CREATE TABLE audit_logs (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    agent_id    TEXT,
    campaign_id TEXT,
    task_id     TEXT,
    trace_id    TEXT,
    skill_name  TEXT,
    input_data  TEXT NOT NULL,
    output_data TEXT NOT NULL,
    status      TEXT NOT NULL,
    timestamp   INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_logs_of_tenant ON audit_logs (tenant_id);
CREATE INDEX audit_logs_of_campaign ON audit_logs (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX audit_logs_of_task ON audit_logs (task_id) WHERE task_id IS NOT NULL;

-- Filled by the sealer: each seal covers the records up to `last_seq` and carries on from the one before.
CREATE TABLE audit_seals (
    number      INTEGER PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    first_seq   INTEGER NOT NULL,
    last_seq    INTEGER NOT NULL,
    previous    TEXT NOT NULL,
    digest      TEXT NOT NULL,
    key_id      TEXT NOT NULL,
    signature   TEXT NOT NULL,
    sealed_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE alerts (
    id              TEXT PRIMARY KEY NOT NULL,
    tenant_id       TEXT NOT NULL,
    code            TEXT NOT NULL,
    title           TEXT NOT NULL,
    detail          TEXT NOT NULL,
    campaign_id     TEXT,
    task_id         TEXT,
    created_at      INTEGER NOT NULL,
    acknowledged_at INTEGER,
    unseen INTEGER GENERATED ALWAYS AS (acknowledged_at IS NULL) VIRTUAL
) STRICT;
CREATE INDEX alerts_by_need ON alerts (tenant_id, unseen, created_at, id);

CREATE TABLE incidents (
    id          TEXT PRIMARY KEY NOT NULL,
    tenant_id   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    severity    TEXT NOT NULL,
    detail      TEXT NOT NULL,
    blocked     INTEGER NOT NULL,
    campaign_id TEXT,
    task_id     TEXT,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_by_age ON incidents (tenant_id, created_at, id);
