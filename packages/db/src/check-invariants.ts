/**
 * What must hold in every database at every moment between transactions, as queries that find what breaks it. For
 * tests: the unit, stress and end-to-end ones all end with this.
 */
import Database from 'better-sqlite3';

/** @returns a sentence for each violation; empty where all is well */
export function checkInvariants(path: string): string[] {
  const client = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
  try {
    return client.transaction(() => [...checkFile(client), ...rules.flatMap((rule) => check(client, rule))])();
  } finally {
    client.close();
  }
}

interface Rule {
  /** What is the case where the query finds something. */
  readonly broken: string;
  /** Selects `what` that is, one row each. */
  readonly query: string;
}

/** Common to several rules: jobs that have not ended. */
const open = `('waiting', 'queued', 'running')`;

const rules: readonly Rule[] = [
  {
    broken: 'two jobs run for one workspace',
    query: `SELECT workspace_id AS what FROM jobs WHERE status = 'running' GROUP BY workspace_id HAVING count(*) > 1`,
  },
  {
    broken: 'more than three starts run',
    query: `SELECT group_concat(id) AS what FROM jobs WHERE status = 'running' AND kind IN ('create', 'start', 'restart')
      AND plan NOT LIKE '%"cloneSource"%' HAVING count(*) > 3`,
  },
  {
    broken: 'more than three clones run',
    query: `SELECT group_concat(id) AS what FROM jobs WHERE status = 'running' AND plan LIKE '%"cloneSource"%'
      HAVING count(*) > 3`,
  },
  {
    broken: 'an open job has no workspace',
    query: `SELECT id AS what FROM jobs WHERE status IN ${open} AND workspace_id NOT IN (SELECT id FROM workspaces)`,
  },
  {
    broken: 'a lock is no queued or running job of its workspace',
    query: `SELECT w.id AS what FROM workspaces w LEFT JOIN jobs j ON j.id = w.lock_job_id
      WHERE w.lock_job_id IS NOT NULL
        AND (j.id IS NULL OR j.workspace_id <> w.id OR j.status NOT IN ('queued', 'running'))`,
  },
  {
    broken: 'a queued or running job does not hold the lock',
    query: `SELECT j.id AS what FROM jobs j JOIN workspaces w ON w.id = j.workspace_id
      WHERE j.status IN ('queued', 'running') AND w.lock_job_id IS NOT j.id`,
  },
  {
    broken: 'a status and the job at work do not belong together',
    query: `SELECT w.id || ' ' || w.status AS what FROM workspaces w LEFT JOIN jobs j ON j.id = w.lock_job_id
      WHERE NOT CASE w.status
        WHEN 'creating' THEN j.kind IS 'create'
        WHEN 'starting' THEN ifnull(j.kind IN ('start', 'restart'), 0)
          OR EXISTS (SELECT 1 FROM jobs n WHERE n.workspace_id = w.id AND n.status = 'waiting' AND n.kind = 'restart')
        WHEN 'stopping' THEN j.kind IS 'stop'
          OR EXISTS (SELECT 1 FROM jobs n WHERE n.workspace_id = w.id AND n.status = 'waiting' AND n.kind = 'stop')
        WHEN 'running' THEN ifnull(j.kind IN ('routes', 'source'), 1)
        WHEN 'deleting' THEN j.kind IS 'delete'
          OR EXISTS (SELECT 1 FROM jobs n WHERE n.workspace_id = w.id AND n.status = 'waiting' AND n.kind = 'delete')
        ELSE j.id IS NULL
      END`,
  },
  {
    broken: 'a source and what became of it do not belong together',
    query: `SELECT id AS what FROM workspaces WHERE (source_git IS NULL) <> (source_status IS NULL)
      OR ifnull(source_status = 'failed', 0) <> (source_error_code IS NOT NULL)
      OR (source_error_code IS NULL) <> (source_error_message IS NULL)`,
  },
  {
    broken: 'a repository is to be cloned that does not wait for it',
    query: `SELECT j.id AS what FROM jobs j JOIN workspaces w ON w.lock_job_id = j.id
      WHERE j.kind = 'source' AND j.status = 'queued' AND j.failures = 0 AND j.started_at IS NULL
        AND w.source_status IS NOT 'waiting'`,
  },
  {
    broken: 'a job waits for nothing',
    query: `SELECT n.id AS what FROM jobs n LEFT JOIN jobs p ON p.id = n.behind
      LEFT JOIN workspaces w ON w.id = n.workspace_id
      WHERE n.status = 'waiting' AND NOT ifnull(
        p.status = 'running' AND p.cancel_requested AND p.workspace_id = n.workspace_id AND w.lock_job_id = p.id
        AND (n.kind = 'delete' OR p.kind = 'source')
        AND w.status = CASE n.kind WHEN 'delete' THEN 'deleting' WHEN 'stop' THEN 'stopping' ELSE 'starting' END, 0)`,
  },
  {
    broken: 'a job is to be cancelled for nothing',
    query: `SELECT j.id AS what FROM jobs j WHERE j.status IN ('queued', 'running') AND j.cancel_requested
      AND NOT EXISTS (SELECT 1 FROM jobs n WHERE n.status = 'waiting' AND n.behind = j.id)`,
  },
  {
    broken: 'a fence is lower than one given before',
    query: `SELECT w.id AS what FROM workspaces w JOIN jobs j ON j.workspace_id = w.id WHERE j.fence > w.fence`,
  },
  {
    broken: 'a fence was given twice',
    query: `SELECT workspace_id AS what FROM jobs WHERE fence > 0 GROUP BY workspace_id, fence HAVING count(*) > 1`,
  },
  {
    broken: 'a running job does not have the current fence',
    query: `SELECT j.id AS what FROM jobs j JOIN workspaces w ON w.id = j.workspace_id
      WHERE j.status = 'running' AND j.fence <> w.fence`,
  },
  {
    broken: 'a workspace lives beside its tombstone',
    query: `SELECT id AS what FROM workspaces WHERE id IN (SELECT workspace_id FROM tombstones)`,
  },
  {
    broken: 'a delete succeeded without a tombstone',
    query: `SELECT id AS what FROM jobs WHERE kind = 'delete' AND status = 'succeeded'
      AND workspace_id NOT IN (SELECT workspace_id FROM tombstones)`,
  },
  {
    broken: 'a tombstone stands without a delete that succeeded',
    query: `SELECT workspace_id AS what FROM tombstones t WHERE NOT EXISTS
      (SELECT 1 FROM jobs j WHERE j.workspace_id = t.workspace_id AND j.kind = 'delete' AND j.status = 'succeeded')`,
  },
  {
    broken: 'a job that ended did not end exactly once in the activity',
    // Only where nothing was pruned.
    query: `SELECT j.id || ' ' || count(a.id) AS what FROM jobs j LEFT JOIN activity a
        ON a.workspace_id = j.workspace_id AND a.type IN ('workspace.settled', 'workspace.gone', 'job.finished')
        AND json_extract(a.detail, '$.job.id') = j.id
      WHERE j.status NOT IN ${open} AND (SELECT min(id) FROM activity) = 1
      GROUP BY j.id HAVING count(a.id) <> 1`,
  },
  {
    broken: 'a workspace has more than five ports',
    query: `SELECT workspace_id AS what FROM ports GROUP BY workspace_id HAVING count(*) > 5`,
  },
  {
    broken: 'an activity id lies beyond the last one given',
    query: `SELECT id AS what FROM activity WHERE id > (SELECT seq FROM sqlite_sequence WHERE name = 'activity')`,
  },
];

function check(client: Database.Database, { broken, query }: Rule): string[] {
  return client
    .prepare<[], { what: unknown }>(query)
    .all()
    .map(({ what }) => `${broken}: ${String(what)}`);
}

function checkFile(client: Database.Database): string[] {
  const integrity = client.prepare<[], string>('PRAGMA integrity_check').pluck().all();
  const orphans = client.prepare('PRAGMA foreign_key_check').all();
  return [
    ...integrity.filter((line) => line !== 'ok').map((line) => `the file is damaged: ${line}`),
    ...orphans.map((row) => `a foreign key points nowhere: ${JSON.stringify(row)}`),
  ];
}
