-- Why the words of a plan are private, and of each task that was made from it: something private was in its planner's mind.
-- Null where nothing was, and for what was planned before this was kept.
ALTER TABLE plans ADD COLUMN private TEXT;
ALTER TABLE tasks ADD COLUMN plan_private TEXT;
