-- Steps that were given up, and those whose action may have gone out unheard, by age: what people are shown as dead
-- letters is read from here and not by walking every task.
CREATE INDEX tasks_dead ON tasks (tenant_id, created_at, id)
    WHERE task_type <> 'replan'
        AND ((state = 'failed' AND json_extract(fault, '$.class') IN ('transient', 'permanent', 'unknown'))
            OR state = 'releasing');
