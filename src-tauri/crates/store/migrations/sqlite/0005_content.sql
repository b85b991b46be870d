-- S4's content pipeline, with tenant and campaign added (C30).

CREATE TABLE trends (
    id                 TEXT NOT NULL,
    tenant_id          TEXT NOT NULL REFERENCES tenants (id),
    platform           TEXT NOT NULL,
    topic              TEXT NOT NULL,
    title              TEXT NOT NULL,
    description        TEXT NOT NULL,
    engagement_metrics TEXT NOT NULL,
    velocity           REAL NOT NULL,
    created_at         INTEGER NOT NULL,
    fetched_at         INTEGER NOT NULL,
    url                TEXT NOT NULL,
    tags               TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX trends_by_fetch ON trends (tenant_id, fetched_at, id);
CREATE INDEX trends_by_platform ON trends (platform, fetched_at);
CREATE INDEX trends_by_velocity ON trends (velocity DESC);
CREATE INDEX trends_by_topic ON trends (topic);

CREATE TABLE content (
    id          TEXT PRIMARY KEY NOT NULL,
    tenant_id   TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    task_id     TEXT NOT NULL REFERENCES tasks (id),
    type        TEXT NOT NULL,
    script      TEXT NOT NULL,
    style       TEXT,
    local_path  TEXT,
    metadata    TEXT NOT NULL,
    status      TEXT NOT NULL,
    trend_id    TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX content_by_age ON content (tenant_id, created_at, id);
CREATE INDEX content_of_campaign ON content (campaign_id, created_at, id);
CREATE INDEX content_by_status ON content (status);
CREATE INDEX content_of_trend ON content (trend_id) WHERE trend_id IS NOT NULL;

-- `listed_at` orders lists: when it went out, or is due, or neither yet.
CREATE TABLE publications (
    id           TEXT PRIMARY KEY NOT NULL,
    tenant_id    TEXT NOT NULL,
    agent_id     TEXT NOT NULL,
    campaign_id  TEXT NOT NULL,
    task_id      TEXT NOT NULL REFERENCES tasks (id),
    content_id   TEXT NOT NULL REFERENCES content (id),
    platform     TEXT NOT NULL,
    post_id      TEXT,
    url          TEXT,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    tags         TEXT NOT NULL,
    published_at INTEGER,
    scheduled_at INTEGER,
    status       TEXT NOT NULL,
    listed_at INTEGER GENERATED ALWAYS AS (coalesce(published_at, scheduled_at, 0)) VIRTUAL
) STRICT;
CREATE INDEX publications_by_age ON publications (tenant_id, listed_at, id);
CREATE INDEX publications_of_campaign ON publications (campaign_id, listed_at, id);
CREATE INDEX publications_of_agent ON publications (agent_id, listed_at);
CREATE INDEX publications_of_content ON publications (content_id);

-- A figure that the network does not give is NULL, never zero (C48).
CREATE TABLE engagement (
    id              TEXT PRIMARY KEY NOT NULL,
    tenant_id       TEXT NOT NULL,
    publication_id  TEXT NOT NULL REFERENCES publications (id),
    content_id      TEXT NOT NULL REFERENCES content (id),
    views           INTEGER,
    likes           INTEGER,
    comments        INTEGER,
    shares          INTEGER,
    engagement_rate REAL,
    recorded_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX engagement_of_publication ON engagement (publication_id, recorded_at, id);
