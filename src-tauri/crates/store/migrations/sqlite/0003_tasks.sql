-- Tasks, what waits for what, and what was prepared and judged.

-- S1 `task`: id, campaign_id, type, payload, confidence_score, current_worker_id, result_data, status,
-- version_id. `state` is exact, `status` is S1's view of it, `standing` is what the counters count.
CREATE TABLE tasks (
    id                TEXT PRIMARY KEY NOT NULL,
    tenant_id         TEXT NOT NULL,
    campaign_id       TEXT NOT NULL REFERENCES campaigns (id),
    agent_id          TEXT NOT NULL,
    step              TEXT NOT NULL,
    type              TEXT NOT NULL,
    task_type         TEXT NOT NULL,
    skill             TEXT NOT NULL,
    title             TEXT NOT NULL,
    instructions      TEXT NOT NULL,
    payload           TEXT NOT NULL,
    platform          TEXT,
    priority          INTEGER NOT NULL,
    max_cost_usd      INTEGER NOT NULL,
    deadline          INTEGER,
    publish_at        INTEGER,
    state             TEXT NOT NULL CHECK (state IN ('blocked', 'ready', 'working', 'judging', 'reviewing',
                          'releasing', 'completed', 'failed', 'cancelled', 'timed_out')),
    state_data        TEXT NOT NULL,
    not_before        INTEGER,
    lease_until       INTEGER,
    current_worker_id TEXT,
    waiting_on        INTEGER NOT NULL,
    attempts          INTEGER NOT NULL,
    rejections        INTEGER NOT NULL,
    guidance          TEXT NOT NULL,
    confidence_score  INTEGER,
    artifact_id       TEXT,
    fault             TEXT,
    trace_id          TEXT NOT NULL,
    span_id           TEXT NOT NULL,
    version_id        TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    status TEXT GENERATED ALWAYS AS (CASE state
        WHEN 'blocked' THEN 'PENDING' WHEN 'ready' THEN 'PENDING' WHEN 'reviewing' THEN 'REVIEW'
        WHEN 'completed' THEN 'COMPLETED' WHEN 'failed' THEN 'FAILED' WHEN 'cancelled' THEN 'CANCELLED'
        WHEN 'timed_out' THEN 'TIMED_OUT' ELSE 'IN_PROGRESS' END) VIRTUAL,
    standing TEXT GENERATED ALWAYS AS (CASE state
        WHEN 'completed' THEN 'completed' WHEN 'failed' THEN 'failed' WHEN 'timed_out' THEN 'failed'
        WHEN 'cancelled' THEN 'cancelled' ELSE 'open' END) VIRTUAL,
    result_data TEXT GENERATED ALWAYS AS (
        CASE WHEN artifact_id IS NULL THEN NULL ELSE json_object('artifact_id', artifact_id) END) VIRTUAL
) STRICT;
CREATE INDEX tasks_by_age ON tasks (tenant_id, created_at, id);
CREATE INDEX tasks_of_campaign ON tasks (campaign_id, created_at, id);
-- The queue and its gauges are answered from these indexes alone.
CREATE INDEX tasks_ready ON tasks (priority DESC, created_at, id, not_before, tenant_id, campaign_id, agent_id)
    WHERE state = 'ready';
-- Only tasks that were written with their time still to come: what `next_due` waits for.
CREATE INDEX tasks_delayed ON tasks (not_before) WHERE state = 'ready' AND not_before > updated_at;
CREATE INDEX tasks_unjudged ON tasks (updated_at, id, tenant_id, campaign_id, agent_id)
    WHERE state = 'judging' AND lease_until IS NULL;
CREATE INDEX tasks_leased ON tasks (lease_until, campaign_id, tenant_id, state, agent_id)
    WHERE lease_until IS NOT NULL;
CREATE INDEX tasks_deadline ON tasks (deadline) WHERE standing = 'open' AND deadline IS NOT NULL;

CREATE TABLE task_edges (
    tenant_id TEXT NOT NULL,
    task_id   TEXT NOT NULL REFERENCES tasks (id),
    needs_id  TEXT NOT NULL REFERENCES tasks (id),
    PRIMARY KEY (task_id, needs_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_edges_needed ON task_edges (needs_id, task_id);

CREATE TABLE attempts (
    id         TEXT NOT NULL,
    tenant_id  TEXT NOT NULL,
    task_id    TEXT NOT NULL REFERENCES tasks (id),
    worker     TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT NOT NULL,
    fault      TEXT,
    PRIMARY KEY (task_id, id)
) STRICT;

CREATE TABLE artifacts (
    id                     TEXT PRIMARY KEY NOT NULL,
    tenant_id              TEXT NOT NULL,
    campaign_id            TEXT NOT NULL,
    task_id                TEXT NOT NULL REFERENCES tasks (id),
    agent_id               TEXT NOT NULL,
    attempt_id             TEXT,
    edited_from            TEXT,
    artifact_type          TEXT NOT NULL,
    payload                TEXT NOT NULL,
    action                 TEXT,
    platform               TEXT,
    sources                TEXT NOT NULL,
    confidence_score       INTEGER,
    generation_metadata    TEXT NOT NULL,
    cost_usd               INTEGER NOT NULL,
    state_snapshot_version INTEGER NOT NULL,
    digest                 TEXT NOT NULL,
    created_at             INTEGER NOT NULL
) STRICT;
CREATE INDEX artifacts_of_task ON artifacts (task_id, created_at, id);
CREATE INDEX artifacts_cost ON artifacts (tenant_id, created_at, cost_usd);

CREATE TABLE verdicts (
    id                TEXT NOT NULL,
    tenant_id         TEXT NOT NULL,
    task_id           TEXT NOT NULL REFERENCES tasks (id),
    artifact_id       TEXT NOT NULL,
    worker_confidence INTEGER,
    judge_confidence  INTEGER NOT NULL,
    confidence_score  INTEGER NOT NULL,
    risk_category     TEXT NOT NULL,
    criteria          TEXT NOT NULL,
    findings          TEXT NOT NULL,
    rationale         TEXT NOT NULL,
    judge             TEXT NOT NULL,
    policy_version    INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    PRIMARY KEY (artifact_id, created_at, id)
) STRICT;
