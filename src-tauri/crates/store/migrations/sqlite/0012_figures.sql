-- When a post's figures are read next: 0 is at once, null is never again.
ALTER TABLE publications ADD COLUMN figures_at INTEGER DEFAULT 0;
CREATE INDEX publications_figures ON publications (tenant_id, figures_at, id)
    WHERE status = 'published' AND post_id IS NOT NULL AND figures_at IS NOT NULL;

-- True where the network says that it made the figures up, as the sandbox does.
ALTER TABLE engagement ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0;

-- Who stands behind a post of a network.
CREATE INDEX publications_of_post ON publications (tenant_id, platform, post_id) WHERE post_id IS NOT NULL;
