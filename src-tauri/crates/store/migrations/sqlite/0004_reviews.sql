-- The review queue with its claims, decisions, and the outbox.

-- `rank` is the priority upside down, so that one ascending key orders the queue: urgent first, then old.
-- `sensitive` is 1 when a finding needs a person. `settled_at` is when it left the open states.
CREATE TABLE reviews (
    id                    TEXT PRIMARY KEY NOT NULL,
    tenant_id             TEXT NOT NULL,
    campaign_id           TEXT NOT NULL,
    task_id               TEXT NOT NULL REFERENCES tasks (id),
    agent_id              TEXT NOT NULL,
    artifact_id           TEXT NOT NULL,
    preview_kind          TEXT NOT NULL,
    preview_text          TEXT NOT NULL,
    platform              TEXT,
    confidence_score      INTEGER NOT NULL,
    worker_confidence     INTEGER,
    judge_confidence      INTEGER NOT NULL,
    risk_category         TEXT NOT NULL,
    band                  TEXT NOT NULL,
    reason_for_escalation TEXT NOT NULL,
    findings              TEXT NOT NULL,
    sensitive             INTEGER NOT NULL,
    tainted               INTEGER NOT NULL,
    suggested_actions     TEXT NOT NULL,
    shown                 TEXT NOT NULL,
    priority              INTEGER NOT NULL,
    state                 TEXT NOT NULL CHECK (state IN ('open', 'escalated', 'approved', 'edited', 'rejected',
                              'expired', 'withdrawn')),
    claimed_by            TEXT,
    claimed_until         INTEGER,
    decided_by            TEXT,
    decided_at            INTEGER,
    note                  TEXT,
    reject_reason         TEXT,
    created_at            INTEGER NOT NULL,
    expires_at            INTEGER NOT NULL,
    version_id            TEXT NOT NULL,
    is_open    INTEGER GENERATED ALWAYS AS (state IN ('open', 'escalated')) VIRTUAL,
    rank       INTEGER GENERATED ALWAYS AS (-priority) VIRTUAL,
    settled_at INTEGER GENERATED ALWAYS AS (coalesce(decided_at, created_at)) VIRTUAL
) STRICT;
-- The last three columns let a filter be answered from the index alone.
CREATE INDEX reviews_queue ON reviews (tenant_id, rank, created_at, id, confidence_score, sensitive, state)
    WHERE is_open = 1;
CREATE INDEX reviews_queue_of_campaign
    ON reviews (campaign_id, rank, created_at, id, confidence_score, sensitive, state) WHERE is_open = 1;
CREATE INDEX reviews_settled ON reviews (tenant_id, settled_at, id, confidence_score, sensitive, state);
CREATE INDEX reviews_of_agent ON reviews (agent_id, settled_at) WHERE is_open = 0;
CREATE INDEX reviews_of_task ON reviews (task_id, created_at);
CREATE UNIQUE INDEX reviews_one_open ON reviews (task_id) WHERE is_open = 1;
CREATE INDEX reviews_expiry ON reviews (expires_at) WHERE is_open = 1;

CREATE TABLE approvals (
    id                 TEXT PRIMARY KEY NOT NULL,
    tenant_id          TEXT NOT NULL,
    task_id            TEXT NOT NULL REFERENCES tasks (id),
    review_id          TEXT,
    kind               TEXT NOT NULL,
    actor              TEXT NOT NULL,
    digest             TEXT NOT NULL,
    policy_version     INTEGER NOT NULL,
    persona_version_id TEXT NOT NULL,
    expires_at         INTEGER NOT NULL,
    created_at         INTEGER NOT NULL
) STRICT;

-- The outbox. `dispatched_at` is when the action left or was taken for dispatch, for cooldowns; it is
-- absent as long as, or once it is known that, nothing was sent.
CREATE TABLE effects (
    id            TEXT PRIMARY KEY NOT NULL,
    tenant_id     TEXT NOT NULL,
    campaign_id   TEXT NOT NULL,
    task_id       TEXT NOT NULL REFERENCES tasks (id),
    agent_id      TEXT NOT NULL,
    artifact_id   TEXT NOT NULL,
    action        TEXT NOT NULL,
    platform      TEXT NOT NULL,
    account       TEXT NOT NULL,
    approval_id   TEXT NOT NULL REFERENCES approvals (id),
    intent_key    TEXT NOT NULL UNIQUE,
    not_before    INTEGER NOT NULL,
    held_until    INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('held', 'dispatching', 'sent', 'failed', 'undone', 'voided',
                      'pending_reconciliation')),
    dispatching_since INTEGER,
    dispatched_at INTEGER,
    receipt       TEXT,
    fault         TEXT,
    trace_id      TEXT NOT NULL,
    span_id       TEXT NOT NULL,
    version_id    TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX effects_by_age ON effects (tenant_id, created_at, id);
CREATE INDEX effects_of_campaign ON effects (campaign_id, created_at, id);
CREATE INDEX effects_of_task ON effects (task_id, created_at);
CREATE INDEX effects_held ON effects (not_before, id) WHERE state = 'held';
CREATE INDEX effects_dispatching ON effects (dispatching_since) WHERE state = 'dispatching';
CREATE INDEX effects_cooldown ON effects (tenant_id, platform, account, dispatched_at)
    WHERE dispatched_at IS NOT NULL;
