-- Where a tenant's audit log begins after older records were taken out by rule: one signed statement, replaced by each
-- cut. Links and checkpoints up to it are gone; the checker goes on from it.
CREATE TABLE audit_beginnings (
    tenant_id  TEXT PRIMARY KEY NOT NULL REFERENCES tenants (id),
    number     INTEGER NOT NULL CHECK (number > 0),
    checkpoint INTEGER NOT NULL,
    covered    TEXT NOT NULL,
    last       INTEGER NOT NULL,
    head       TEXT NOT NULL,
    pruned     INTEGER NOT NULL,
    kept       INTEGER NOT NULL,
    kept_head  TEXT NOT NULL,
    until_at   INTEGER NOT NULL,
    rule       TEXT NOT NULL,
    cut_at     INTEGER NOT NULL,
    key        TEXT NOT NULL,
    signature  TEXT NOT NULL
) STRICT;

-- Links of the records up to there that stay: about money, or still needed by open work.
CREATE TABLE audit_kept (
    tenant_id TEXT NOT NULL,
    number    INTEGER NOT NULL CHECK (number > 0),
    seq       INTEGER NOT NULL,
    audit_id  TEXT NOT NULL,
    digest    TEXT NOT NULL,
    link      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_kept_by_place ON audit_kept (tenant_id, seq);
