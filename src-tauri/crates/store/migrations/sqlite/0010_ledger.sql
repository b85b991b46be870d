-- What model calls cost. One line for each call, written once when it ended, whatever came of it; amounts are
-- nano-dollars. `cost_usd` is null when nobody knows it; `counted_usd` is what caps count then: its upper bound.
CREATE TABLE model_calls (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    tenant_id     TEXT NOT NULL,
    campaign_id   TEXT,
    task_id       TEXT,
    attempt_id    TEXT,
    role          TEXT NOT NULL,
    provider      TEXT NOT NULL,
    model         TEXT NOT NULL,
    rehearsal     INTEGER NOT NULL,
    input_tokens  INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    cost_usd      INTEGER CHECK (cost_usd >= 0),
    counted_usd   INTEGER NOT NULL CHECK (counted_usd >= 0),
    outcome       TEXT NOT NULL,
    fault         TEXT,
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX model_calls_of_tenant ON model_calls (tenant_id);
CREATE INDEX model_calls_of_campaign ON model_calls (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX model_calls_of_task ON model_calls (task_id, counted_usd) WHERE task_id IS NOT NULL;
CREATE INDEX model_calls_of_attempt ON model_calls (attempt_id, counted_usd) WHERE attempt_id IS NOT NULL;
CREATE TRIGGER model_calls_stand BEFORE UPDATE ON model_calls
BEGIN SELECT RAISE(ABORT, 'a line of the ledger is never changed'); END;
CREATE TRIGGER model_calls_stay BEFORE DELETE ON model_calls
BEGIN SELECT RAISE(ABORT, 'a line of the ledger is never taken out'); END;

-- Calls under way, with what is set aside for each.
CREATE TABLE model_reservations (
    id          TEXT PRIMARY KEY NOT NULL,
    tenant_id   TEXT NOT NULL,
    campaign_id TEXT,
    task_id     TEXT,
    attempt_id  TEXT,
    role        TEXT NOT NULL,
    provider    TEXT NOT NULL,
    model       TEXT NOT NULL,
    rehearsal   INTEGER NOT NULL,
    bound_usd   INTEGER,
    started_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX model_reservations_of_task ON model_reservations (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX model_reservations_of_attempt ON model_reservations (attempt_id) WHERE attempt_id IS NOT NULL;

-- Sums of a UTC day, moved with every reservation and every line. Calls of no campaign count under the empty name.
CREATE TABLE spend_of_day (
    tenant_id    TEXT NOT NULL,
    day          INTEGER NOT NULL,
    campaign_id  TEXT NOT NULL,
    calls        INTEGER NOT NULL DEFAULT 0,
    unpriced     INTEGER NOT NULL DEFAULT 0,
    cost_usd     INTEGER NOT NULL DEFAULT 0,
    counted_usd  INTEGER NOT NULL DEFAULT 0,
    reserved_usd INTEGER NOT NULL DEFAULT 0 CHECK (reserved_usd >= 0),
    PRIMARY KEY (tenant_id, day, campaign_id)
) STRICT, WITHOUT ROWID;

-- A campaign whose budget of the day was used up. It holds while `until_at` is to come and the campaign's budget is
-- no higher than it was then: raising the budget lifts it without a write here.
CREATE TABLE budget_stops (
    tenant_id   TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    until_at    INTEGER NOT NULL,
    budget_usd  INTEGER NOT NULL,
    spent_usd   INTEGER NOT NULL,
    stopped_at  INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, until_at, budget_usd)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_stops_until ON budget_stops (until_at);
