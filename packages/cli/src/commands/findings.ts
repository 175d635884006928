/** What the preflight found: as a table, as the commands that mend it, and for the host page. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type Finding, TidepoolError } from '@tidepool/core';
import Table from 'cli-table3';

/** Taken up by the worker into the host row. */
export function writeFindings({ paths }: Config, findings: readonly Finding[]): void {
  const path = join(paths.run, 'findings.json');
  try {
    writeFileSync(`${path}.new`, JSON.stringify(findings), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    // On a full disk the page shows what was found before; Tidepool has to start all the same, to delete something.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** @throws TidepoolError with every failed finding and the exact commands */
export function refuseUnready(findings: readonly Finding[]): void {
  const failed = findings.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  const commands = [...new Set(failed.flatMap((finding) => finding.commands))];
  const fixes = failed.filter((finding) => finding.commands.length === 0).flatMap(({ fix }) => fix ?? []);
  throw new TidepoolError('invalid_config', {
    detail: `This machine is not ready:\n${failed.map(({ title, detail }) => `  - ${title}: ${detail}`).join('\n')}`,
    fix: [...fixes, ...(commands.length === 0 ? [] : ['Run:', ...commands.map((command) => `  ${command}`)])].join(
      '\n',
    ),
  });
}

/** Commands stand below it, whole lines to be copied. */
export function findingsTable(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['', 'what', 'found', 'what to do'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [9, 24, 44, 44],
  });
  for (const { status, title, detail, fix } of findings) table.push([status, title, detail, fix ?? '']);
  const commands = [...new Set(findings.flatMap((finding) => finding.commands))];
  if (commands.length === 0) return table.toString();
  return [table.toString(), '', 'Run:', ...commands.map((command) => `  ${command}`)].join('\n');
}
