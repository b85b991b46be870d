-- People, tenants, and what a tenant has set.
-- Conventions of every migration: ids are UUIDs as text, times are microseconds since 1970 (UTC),
-- money is nano-dollars, confidence is basis points, nested values are JSON text. Tables are STRICT.
-- A migration only adds; what an older binary reads stays readable.

-- One row: how new the schema is, which binaries may still open it, whether the last one left in order, and
-- the number of the installation's last event, which is never given twice.
CREATE TABLE schema_info (
    id                 INTEGER PRIMARY KEY CHECK (id = 1),
    version            INTEGER NOT NULL,
    min_reader_version INTEGER NOT NULL,
    clean              INTEGER NOT NULL,
    last_event         INTEGER NOT NULL DEFAULT 0
) STRICT;

-- S1 `tenant`: id, name, api_key_hash; the slug is C34's.
CREATE TABLE tenants (
    id           TEXT PRIMARY KEY NOT NULL,
    slug         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    api_key_hash TEXT,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id            TEXT PRIMARY KEY NOT NULL,
    tenant_id     TEXT NOT NULL REFERENCES tenants (id),
    name          TEXT NOT NULL,
    email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER
) STRICT;
CREATE INDEX users_by_name ON users (tenant_id, name, id);

-- S1 `users.role`, as rows: one person may hold several.
CREATE TABLE user_roles (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    user_id   TEXT NOT NULL REFERENCES users (id),
    role      TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY NOT NULL,
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    token      TEXT NOT NULL UNIQUE,
    label      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id);

CREATE TABLE settings (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    key       TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    version    INTEGER NOT NULL,
    document   TEXT NOT NULL,
    author     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, version)
) STRICT;

CREATE TABLE idempotency_keys (
    tenant_id  TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    TEXT NOT NULL,
    status     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, key)
) STRICT;

-- Who may do what only one may do at a time (the sealer); `fence` rises with every holder.
CREATE TABLE leases (
    tenant_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    holder      TEXT NOT NULL,
    fence       INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;
