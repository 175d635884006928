-- A Git repository to begin with; `source_status` is null where there is none.
ALTER TABLE workspaces ADD COLUMN source_git TEXT;
ALTER TABLE workspaces ADD COLUMN source_ref TEXT;
ALTER TABLE workspaces ADD COLUMN source_status TEXT CHECK (source_status IN ('waiting', 'cloned', 'failed'));
ALTER TABLE workspaces ADD COLUMN source_error_code TEXT;
ALTER TABLE workspaces ADD COLUMN source_error_message TEXT;
-- The size of the disk that the present run was given.
ALTER TABLE workspaces ADD COLUMN allotted_disk_gib INTEGER NOT NULL DEFAULT 20;
UPDATE workspaces SET allotted_disk_gib = disk_gib;
-- When it came into its present status; of rows from before, their last change of any kind.
ALTER TABLE workspaces ADD COLUMN status_since TEXT NOT NULL DEFAULT '';
UPDATE workspaces SET status_since = updated_at;

-- Registered ports where something answered, as a JSON array; null where nobody looked yet.
ALTER TABLE usage ADD COLUMN listening TEXT;

-- What all workspaces together took, once a minute, of the last hour.
CREATE TABLE host_samples (
  at TEXT PRIMARY KEY,
  running INTEGER NOT NULL,
  allotted_mib INTEGER NOT NULL,
  -- In use of that; null where nobody measured.
  memory_mib INTEGER,
  cpus REAL
) STRICT;
