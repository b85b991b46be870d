-- How often another plan was sought after a step failed for good, and the request that is open (ORC-03).
-- An older binary does not know the kind of task in which the planner is asked.
ALTER TABLE campaigns ADD COLUMN replans INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN replanning TEXT;
