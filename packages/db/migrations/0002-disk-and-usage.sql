-- 20 GiB is what a workspace gets where nobody asks for another size.
ALTER TABLE workspaces ADD COLUMN disk_gib INTEGER NOT NULL DEFAULT 20;

-- What each running instance took when it was last measured. Not activity: it changes every few seconds, and no
-- version of a workspace counts it.
CREATE TABLE usage (
  workspace_id TEXT PRIMARY KEY,
  -- Cores in use since the measurement before; null at the first.
  cpus REAL,
  memory_mib INTEGER NOT NULL,
  disk_mib INTEGER,
  at TEXT NOT NULL
) STRICT;

-- Written by an older worker, in another shape; the next one writes it anew as it starts.
DELETE FROM host;
