-- What the rehearsal model wrote says so wherever it is listed. An older binary neither reads nor needs these.
ALTER TABLE reviews ADD COLUMN rehearsal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE publications ADD COLUMN rehearsal INTEGER NOT NULL DEFAULT 0;
UPDATE reviews SET rehearsal = 1 WHERE artifact_id IN
    (SELECT id FROM artifacts WHERE json_extract(generation_metadata, '$.rehearsal') = 1);
UPDATE publications SET rehearsal = 1 WHERE content_id IN
    (SELECT id FROM content WHERE json_extract(metadata, '$.rehearsal') = 1);
