-- Agents, personas, campaigns, plans.

-- S1 `agent`: id, name, soul_link, wallet_address.
CREATE TABLE agents (
    id                 TEXT PRIMARY KEY NOT NULL,
    tenant_id          TEXT NOT NULL REFERENCES tenants (id),
    name               TEXT NOT NULL,
    soul_link          TEXT NOT NULL,
    wallet_address     TEXT,
    persona_version_id TEXT NOT NULL,
    control            TEXT NOT NULL,
    version_id         TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    UNIQUE (tenant_id, name)
) STRICT;

CREATE TABLE persona_versions (
    id         TEXT PRIMARY KEY NOT NULL,
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    agent_id   TEXT NOT NULL REFERENCES agents (id),
    number     INTEGER NOT NULL,
    source     TEXT NOT NULL,
    persona    TEXT NOT NULL,
    digest     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    author     TEXT NOT NULL,
    UNIQUE (agent_id, number)
) STRICT;

-- S1 `campaign`: id, goal_text, daily_budget_usd, owner_id, status, version_id. state_version is C31's.
CREATE TABLE campaigns (
    id                          TEXT PRIMARY KEY NOT NULL,
    tenant_id                   TEXT NOT NULL REFERENCES tenants (id),
    agent_id                    TEXT NOT NULL REFERENCES agents (id),
    owner_id                    TEXT NOT NULL,
    name                        TEXT NOT NULL,
    goal_text                   TEXT NOT NULL,
    status                      TEXT NOT NULL,
    daily_budget_usd            INTEGER NOT NULL,
    feeds                       TEXT NOT NULL,
    platforms                   TEXT NOT NULL,
    max_posts_per_day           INTEGER NOT NULL,
    relevance_threshold_percent INTEGER NOT NULL,
    state_version               INTEGER NOT NULL,
    policy_version              INTEGER NOT NULL,
    persona_version_id          TEXT NOT NULL,
    trace_id                    TEXT NOT NULL,
    span_id                     TEXT NOT NULL,
    version_id                  TEXT NOT NULL,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL
) STRICT;
CREATE INDEX campaigns_by_age ON campaigns (tenant_id, created_at, id);
CREATE INDEX campaigns_of_agent ON campaigns (agent_id);
CREATE INDEX campaigns_active ON campaigns (id) WHERE status = 'ACTIVE';

-- Counted as tasks move; apart from the campaign so that counting does not change its version.
CREATE TABLE campaign_progress (
    campaign_id     TEXT PRIMARY KEY NOT NULL REFERENCES campaigns (id),
    tenant_id       TEXT NOT NULL,
    open_tasks      INTEGER NOT NULL DEFAULT 0 CHECK (open_tasks >= 0),
    completed_tasks INTEGER NOT NULL DEFAULT 0 CHECK (completed_tasks >= 0),
    failed_tasks    INTEGER NOT NULL DEFAULT 0 CHECK (failed_tasks >= 0),
    cancelled_tasks INTEGER NOT NULL DEFAULT 0 CHECK (cancelled_tasks >= 0)
) STRICT;

-- Every revision is kept; the newest one counts.
CREATE TABLE plans (
    id          TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    revision    INTEGER NOT NULL,
    steps       TEXT NOT NULL,
    author      TEXT NOT NULL,
    rationale   TEXT NOT NULL,
    version_id  TEXT NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, revision)
) STRICT;
