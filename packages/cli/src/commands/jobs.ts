/** `tidepool jobs`: what was asked for last, and what became of it. */
import type { Config, Job } from '@tidepool/core';
import Table from 'cli-table3';
import type { Terminal } from './environment.ts';
import { ownApi } from './own-api.ts';

export interface JobsOptions {
  readonly config: Config;
  /** Only those that failed. */
  readonly failed: boolean;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** As many as are shown. */
const newest = 25;
const errorWidth = 60;

/** @throws TidepoolError what the API refuses */
export async function jobs({ config, failed, json, terminal }: JobsOptions): Promise<void> {
  const query = { limit: `${newest}`, status: failed ? 'failed' : undefined };
  const { items } = await ownApi(config)('listJobs', { query });
  if (json) return terminal.say(JSON.stringify(items, null, 2));
  if (items.length > 0) return terminal.say(jobTable(items));
  terminal.say(failed ? 'No job has failed.' : 'There was no job yet.');
}

function jobTable(jobs: readonly Job[]): string {
  const table = new Table({
    head: ['asked for (UTC)', 'workspace', 'job', 'status', 'took', 'why'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [null, null, null, null, null, errorWidth],
  });
  for (const { createdAt, finishedAt, workspaceName, kind, status, error } of jobs) {
    const took = finishedAt === null ? '' : `${((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000).toFixed(1)} s`;
    const asked = createdAt.slice(0, 19).replace('T', ' ');
    table.push([asked, workspaceName, kind, status, took, error === null ? '' : error.message]);
  }
  return table.toString();
}
