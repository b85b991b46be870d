-- Where an artifact's words came from: labels of everything in its maker's context, and of each argument of its action.
-- Null for what was made before; nothing of that leaves without a person.
ALTER TABLE artifacts ADD COLUMN provenance TEXT;
