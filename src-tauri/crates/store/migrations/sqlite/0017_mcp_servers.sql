-- The registry of MCP servers: what the operator entered or imported, who trusted it, and what it looked like then.
-- No secret is in it: values name variables and secrets.
CREATE TABLE mcp_servers (
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0),
    entry      TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
) STRICT;
