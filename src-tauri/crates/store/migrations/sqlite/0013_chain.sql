-- The chain over the audit log. One link for each sealed record, numbered from 1 in each tenant; the checkpoints that
-- cover them. Both are written in one transaction, and never changed. Records from before are sealed by the first
-- rounds. `audit_seals` of step 6 was never written to; it stays as it is.
CREATE TABLE audit_links (
    tenant_id TEXT NOT NULL,
    number    INTEGER NOT NULL CHECK (number > 0),
    seq       INTEGER NOT NULL,
    audit_id  TEXT NOT NULL,
    digest    TEXT NOT NULL,
    link      TEXT NOT NULL,
    PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_links_by_place ON audit_links (tenant_id, seq);

CREATE TABLE audit_checkpoints (
    tenant_id   TEXT NOT NULL,
    number      INTEGER NOT NULL CHECK (number > 0),
    last_number INTEGER NOT NULL,
    head        TEXT NOT NULL,
    previous    TEXT NOT NULL,
    sealed_at   INTEGER NOT NULL,
    key         TEXT,
    signature   TEXT,
    PRIMARY KEY (tenant_id, number),
    CHECK ((key IS NULL) = (signature IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_checkpoints_by_link ON audit_checkpoints (tenant_id, last_number);
