-- A step may have no cap of its own; then only its campaign's day binds, and `max_cost_usd` means nothing.
ALTER TABLE tasks ADD COLUMN uncapped INTEGER NOT NULL DEFAULT 0 CHECK (uncapped IN (0, 1));

-- Plans that were made while a model had no price put 0.05 USD on steps whose estimate was nothing. Nobody typed
-- that: what a person wrote or changed is marked, and keeps its cap.
UPDATE plans SET steps = (
    SELECT json_group_array(json(CASE
        WHEN json_extract(s.value, '$.max_cost') = '0.05' AND json_extract(s.value, '$.estimated_cost') = '0.00'
            AND coalesce(json_extract(s.value, '$.edited'), 0) = 0
        THEN json_remove(s.value, '$.max_cost') ELSE s.value END))
    FROM json_each(plans.steps) s)
WHERE instr(steps, '"0.05"') > 0;
UPDATE tasks SET uncapped = 1
WHERE max_cost_usd = 50000000 AND state NOT IN ('completed', 'failed', 'cancelled', 'timed_out')
    AND EXISTS (
        SELECT 1 FROM plans p, json_each(p.steps) s
        WHERE p.campaign_id = tasks.campaign_id
            AND p.revision = (SELECT max(revision) FROM plans WHERE campaign_id = tasks.campaign_id)
            AND json_extract(s.value, '$.key') = substr(tasks.step, 1, instr(tasks.step || '~', '~') - 1)
            AND json_extract(s.value, '$.max_cost') IS NULL);

-- What of a campaign a verdict depends on, so that another budget does not void it.
ALTER TABLE verdicts ADD COLUMN judged_by TEXT;
