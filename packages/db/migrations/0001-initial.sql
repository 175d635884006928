-- Times are UTC as ISO 8601 text with milliseconds, sizes MiB, flags 0 or 1, monotonic times milliseconds.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

INSERT INTO meta (key, value) VALUES ('database_id', lower(hex(randomblob(8))));

-- No foreign key to workspaces: a finished delete still answers.
CREATE TABLE jobs (
  -- The order of acceptance, which ids of one millisecond do not give.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  workspace_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('create', 'start', 'stop', 'restart', 'delete', 'routes')),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- A waiting delete's predecessor: the job it cancelled.
  behind TEXT REFERENCES jobs (id),
  failures INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
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
  CHECK (status <> 'waiting' OR kind = 'delete')
) STRICT;

CREATE UNIQUE INDEX jobs_one_at_work ON jobs (workspace_id) WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_one_waiting ON jobs (workspace_id) WHERE status = 'waiting';
CREATE INDEX jobs_open ON jobs (status, seq) WHERE status IN ('waiting', 'queued', 'running');
CREATE INDEX jobs_finished ON jobs (kind, finished_at) WHERE status = 'succeeded';

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL
    CHECK (status IN ('creating', 'starting', 'running', 'stopping', 'stopped', 'error', 'deleting')),
  image TEXT NOT NULL,
  cpus INTEGER NOT NULL,
  memory_mib INTEGER NOT NULL,
  -- The size counted and given at the last accepted start; a resize applies at the next one.
  allotted_cpus INTEGER NOT NULL,
  allotted_mib INTEGER NOT NULL,
  address TEXT,
  error_code TEXT,
  error_message TEXT,
  error_action TEXT,
  -- Whether the instance is known to hold no memory: from where it stopped to the next accepted start.
  instance_stopped INTEGER NOT NULL DEFAULT 0,
  stop_reason TEXT,
  -- The lock: the job that is at work, or is next to be.
  lock_job_id TEXT REFERENCES jobs (id),
  fence INTEGER NOT NULL DEFAULT 0,
  ports_version INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  started_at TEXT,
  last_accessed_at TEXT,
  CHECK ((status = 'error') = (error_code IS NOT NULL)),
  CHECK ((status = 'error') = (error_message IS NOT NULL)),
  CHECK ((status = 'error') = (error_action IS NOT NULL)),
  CHECK ((status = 'stopped') = (stop_reason IS NOT NULL)),
  CHECK (status NOT IN ('creating', 'starting', 'stopping', 'deleting') OR lock_job_id IS NOT NULL),
  CHECK (status NOT IN ('stopped', 'error') OR lock_job_id IS NULL),
  CHECK (status <> 'stopped' OR instance_stopped),
  CHECK (status NOT IN ('creating', 'starting', 'running') OR NOT instance_stopped)
) STRICT;

CREATE TABLE ports (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  port INTEGER NOT NULL,
  label TEXT,
  strip_prefix INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, port)
) STRICT;

-- No foreign key: the log outlives what it tells of. AUTOINCREMENT: an id is never given twice.
CREATE TABLE activity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  workspace_id TEXT,
  workspace_name TEXT,
  message TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE INDEX activity_of_workspace ON activity (workspace_id, id);

CREATE TABLE tombstones (
  workspace_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  deleted_at TEXT NOT NULL
) STRICT;

CREATE INDEX tombstones_by_name ON tombstones (name, deleted_at);

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  body_hash TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  job_id TEXT,
  -- The answer given, for when the workspace is gone.
  workspace TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- One row, written by the worker.
CREATE TABLE host (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  record TEXT NOT NULL
) STRICT;

CREATE TABLE workers (
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  start_time TEXT NOT NULL,
  lease_until_ms INTEGER NOT NULL,
  PRIMARY KEY (boot_id, pid, start_time)
) STRICT;
