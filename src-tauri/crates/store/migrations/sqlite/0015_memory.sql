-- What agents remember. Each owner (a tenant's agent) has a number of its own, and every row of its own has a `seq`
-- within number * 2^32 .. (number + 1) * 2^32: the index of words has no columns to tell owners apart by, so it is
-- only ever read within one owner's range.

CREATE TABLE memory_owners (
    number    INTEGER PRIMARY KEY NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    agent_id  TEXT NOT NULL REFERENCES agents (id),
    taken     INTEGER NOT NULL,
    held      INTEGER NOT NULL,
    UNIQUE (tenant_id, agent_id)
) STRICT;

CREATE TABLE memories (
    seq        INTEGER PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL,
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    agent_id   TEXT NOT NULL REFERENCES agents (id),
    kind       TEXT NOT NULL,
    text       TEXT NOT NULL,
    source     TEXT NOT NULL,
    origin     TEXT NOT NULL,
    tags       TEXT NOT NULL,
    importance INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    UNIQUE (tenant_id, agent_id, id)
) STRICT;
CREATE INDEX memories_by_age ON memories (tenant_id, agent_id, at, id);
CREATE INDEX memories_of_kind ON memories (tenant_id, agent_id, kind, at, id);

CREATE VIRTUAL TABLE memory_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);

-- One vector a memory, of one embedder. One of another embedder is of no use, and is replaced in time.
CREATE TABLE memory_vectors (
    seq        INTEGER PRIMARY KEY NOT NULL,
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    agent_id   TEXT NOT NULL REFERENCES agents (id),
    memory_seq INTEGER NOT NULL UNIQUE REFERENCES memories (seq) ON DELETE CASCADE,
    embedder   TEXT NOT NULL,
    dimension  INTEGER NOT NULL,
    vector     BLOB NOT NULL
) STRICT;
CREATE INDEX memory_vectors_by_embedder ON memory_vectors (tenant_id, embedder);

-- What the maker of an artifact had in mind.
ALTER TABLE artifacts ADD COLUMN recalled TEXT NOT NULL DEFAULT '[]';
