-- A stop or a restart may wait behind a clone that it puts an end to. SQLite changes no CHECK, so the table is made anew,
-- as https://sqlite.org/lang_altertable.html#otheralter says; foreign keys are off meanwhile and checked afterwards.
CREATE TABLE new_jobs (
  -- The order of acceptance, which ids of one millisecond do not give.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  workspace_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('create', 'start', 'stop', 'restart', 'delete', 'routes', 'source')),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- Of one that waits: the job that it puts an end to.
  behind TEXT REFERENCES jobs (id),
  failures INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  -- The names of its steps, as a JSON array; `steps` is what became of them.
  plan TEXT NOT NULL,
  steps TEXT NOT NULL DEFAULT '[]',
  error_code TEXT,
  error_message TEXT,
  -- Due from then on; `put_off_at` is when that was decided, to tell a clock that was set back.
  not_before TEXT,
  put_off_at TEXT,
  -- When the queue took it last; null where it has to be sent.
  sent_at TEXT,
  -- The number of its last claim.
  fence INTEGER NOT NULL DEFAULT 0,
  lease_boot_id TEXT,
  lease_pid INTEGER,
  lease_start_time TEXT,
  lease_until_ms INTEGER,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  CHECK ((status = 'waiting') = (behind IS NOT NULL)),
  CHECK ((status = 'running') = (lease_until_ms IS NOT NULL)),
  CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK (status <> 'waiting' OR kind IN ('delete', 'stop', 'restart'))
) STRICT;

INSERT INTO new_jobs
SELECT
  seq, id, workspace_id, workspace_name, kind, status, behind, failures, crashes, cancel_requested, plan, steps,
  error_code, error_message, not_before, put_off_at, sent_at, fence,
  lease_boot_id, lease_pid, lease_start_time, lease_until_ms, created_at, started_at, finished_at
FROM jobs;

DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;

CREATE UNIQUE INDEX jobs_one_at_work ON jobs (workspace_id) WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_one_waiting ON jobs (workspace_id) WHERE status = 'waiting';
-- Whatever asks for open jobs, or for failed ones, reads no others: of those that ended there come to be many.
CREATE INDEX jobs_by_status ON jobs (status, seq);
CREATE INDEX jobs_finished ON jobs (kind, finished_at) WHERE status = 'succeeded';
-- What waits for a workspace, and what was done to it last.
CREATE INDEX jobs_of_workspace ON jobs (workspace_id, status, finished_at);

-- Of many workspaces few run: who asks for those reads no others. By name, as they are listed.
CREATE INDEX workspaces_by_status ON workspaces (status, name);
