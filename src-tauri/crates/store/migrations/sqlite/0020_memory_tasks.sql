-- The task that a memory came of, so that a person can look where it was made. No reference: whoever writes a memory
-- may name any, and it is only ever looked up within the tenant.
ALTER TABLE memories ADD COLUMN task_id TEXT;

-- Whose a memory is that a request names.
CREATE INDEX memories_of_id ON memories (id);
