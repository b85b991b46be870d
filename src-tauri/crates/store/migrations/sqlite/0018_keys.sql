-- API keys of a workspace, and sessions that end when nobody uses them. A key is a session of a service account of its
-- own: the table keeps its digest, and the few signs by which people tell keys apart.
ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
ALTER TABLE sessions ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_used_at INTEGER;
-- Whose run it is that somebody asks for.
CREATE INDEX campaigns_of_trace ON campaigns (trace_id);
CREATE INDEX sessions_of_tenant ON sessions (tenant_id, kind, created_at, id);
