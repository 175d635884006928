/** Fills a database with many workspaces that have come to rest, and what belongs to them, as years of use leave it. */
import Database from 'better-sqlite3';

export interface Filling {
  readonly workspaces: number;
  /** Finished ones, of each workspace; one in fifty of the last has failed. */
  readonly jobsOfEach: number;
}

/** Every tenth runs, every third was never used; names and last uses are in no order. */
export function fill(path: string, { workspaces, jobsOfEach }: Filling): void {
  const client = new Database(path);
  const workspace = client.prepare(`
    INSERT INTO workspaces (id, name, status, image, cpus, memory_mib, allotted_cpus, allotted_mib,
      instance_stopped, stop_reason, created_at, updated_at, status_since, started_at,
      last_accessed_at)
    VALUES (?, ?, ?, 'workspace@1', 2, 1024, 2, 1024, ?, ?, ?, ?, ?, ?, ?)`);
  const port = client.prepare(
    'INSERT INTO ports (workspace_id, port, label, strip_prefix, created_at) VALUES (?, ?, ?, 1, ?)',
  );
  const job = client.prepare(`
    INSERT INTO jobs (id, workspace_id, workspace_name, kind, status, plan, created_at, finished_at)
    VALUES (?, ?, ?, ?, ?, '[]', ?, ?)`);
  client.transaction(() => {
    for (let index = 0; index < workspaces; index++) {
      const id = crypto.randomUUID();
      const mixed = (index * 7919) % 10_007;
      const name = `workspace-${mixed}`;
      const at = new Date(Date.parse('2026-01-01T00:00:00.000Z') + mixed * 1000).toISOString();
      const runs = index % 10 === 0;
      const [status, reason] = runs ? ['running', null] : ['stopped', 'requested'];
      workspace.run(id, name, status, runs ? 0 : 1, reason, at, at, at, at, index % 3 === 0 ? null : at);
      for (const [number, label] of [
        [3000, `app ${mixed}`],
        [4000, null],
      ] as const) {
        port.run(id, number, label, at);
      }
      for (let count = 1; count <= jobsOfEach; count++) {
        const failed = count === jobsOfEach && index % 50 === 0;
        job.run(crypto.randomUUID(), id, name, 'start', failed ? 'failed' : 'succeeded', at, at);
      }
    }
  })();
  client.close();
}
