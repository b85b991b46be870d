-- Whose rows have the keys in ?1, a JSON array. Every table is here whose rows an address, a query or a body can name.
WITH asked (id) AS (SELECT value FROM json_each(?1))
SELECT 'workspace' AS noun, t.id, t.id AS tenant_id FROM tenants t JOIN asked USING (id)
UNION ALL SELECT 'account', t.id, t.tenant_id FROM users t JOIN asked USING (id)
UNION ALL SELECT 'session', t.id, t.tenant_id FROM sessions t JOIN asked USING (id)
UNION ALL SELECT 'agent', t.id, t.tenant_id FROM agents t JOIN asked USING (id)
UNION ALL SELECT 'campaign', t.id, t.tenant_id FROM campaigns t JOIN asked USING (id)
UNION ALL SELECT 'task', t.id, t.tenant_id FROM tasks t JOIN asked USING (id)
UNION ALL SELECT 'draft', t.id, t.tenant_id FROM artifacts t JOIN asked USING (id)
UNION ALL SELECT 'review', t.id, t.tenant_id FROM reviews t JOIN asked USING (id)
UNION ALL SELECT 'action', t.id, t.tenant_id FROM effects t JOIN asked USING (id)
UNION ALL SELECT 'content', t.id, t.tenant_id FROM content t JOIN asked USING (id)
UNION ALL SELECT 'publication', t.id, t.tenant_id FROM publications t JOIN asked USING (id)
UNION ALL SELECT 'alert', t.id, t.tenant_id FROM alerts t JOIN asked USING (id)
UNION ALL SELECT 'incident', t.id, t.tenant_id FROM incidents t JOIN asked USING (id)
UNION ALL SELECT 'memory', t.id, t.tenant_id FROM memories t JOIN asked USING (id)
UNION ALL SELECT 'run', a.id, t.tenant_id FROM asked a JOIN campaigns t ON t.trace_id = replace(a.id, '-', '')
UNION ALL SELECT 'feed', a.id, t.tenant_id FROM settings t, json_each(t.value) f
JOIN asked a ON a.id = json_extract(f.value, '$.id') WHERE t.key = 'connections.feeds'
