-- What stood out in the feeds that were read (PER-06), for the planner; old ones are forgotten.
CREATE TABLE trend_clusters (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    id        TEXT NOT NULL,
    score     REAL NOT NULL,
    found_at  INTEGER NOT NULL,
    cluster   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX trend_clusters_by_time ON trend_clusters (tenant_id, found_at);
