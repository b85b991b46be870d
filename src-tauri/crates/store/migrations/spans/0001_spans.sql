-- Spans of runs, in a file of their own: many, cheap, and allowed to be lost.

CREATE TABLE spans (
    trace_id   TEXT NOT NULL,
    span_id    TEXT NOT NULL,
    tenant_id  TEXT NOT NULL,
    parent_id  TEXT,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    status     TEXT NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (trace_id, span_id)
) STRICT;

-- One row per run, moved along with its spans so that the list of runs never counts them.
CREATE TABLE traces (
    trace_id    TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    named_at    INTEGER NOT NULL,
    campaign_id TEXT,
    started_at  INTEGER NOT NULL,
    last_end    INTEGER,
    spans       INTEGER NOT NULL,
    open_spans  INTEGER NOT NULL,
    errors      INTEGER NOT NULL,
    running INTEGER GENERATED ALWAYS AS (open_spans > 0) VIRTUAL,
    PRIMARY KEY (trace_id, tenant_id)
) STRICT;
CREATE INDEX traces_by_need ON traces (tenant_id, running, started_at, trace_id);
CREATE INDEX traces_ended ON traces (started_at) WHERE running = 0;
