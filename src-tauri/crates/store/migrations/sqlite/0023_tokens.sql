-- Tokens count against a step's cap as money does: what is set aside for a call under way, and what its line counts.
-- Calls of before this count none.
ALTER TABLE model_reservations ADD COLUMN bound_tokens INTEGER NOT NULL DEFAULT 0 CHECK (bound_tokens >= 0);
ALTER TABLE model_calls ADD COLUMN counted_tokens INTEGER NOT NULL DEFAULT 0 CHECK (counted_tokens >= 0);
CREATE INDEX model_calls_counted_by_task ON model_calls (task_id, counted_usd, counted_tokens) WHERE task_id IS NOT NULL;
CREATE INDEX model_calls_counted_by_attempt ON model_calls (attempt_id, counted_usd, counted_tokens) WHERE attempt_id IS NOT NULL;
DROP INDEX model_calls_of_task;
DROP INDEX model_calls_of_attempt;
