import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { whatBecame } from './what-became.ts';

const error = { code: 'disk_full', message: 'The disk is full.', fix: 'Free some space.' };
const failed = aJob({ id: '01900000-0000-7000-8000-00000000000b', status: 'failed', error });
const broken = aWorkspace({ status: 'error', error: { ...error, action: 'start' } });

test('the job that left its workspace in error can be retried', () => {
  expect(whatBecame(failed, broken, [failed])).toEqual({ kind: 'open', again: 'retry', workspace: broken });
});

test('an older failure of the same workspace is past', () => {
  const older = aJob({ ...failed, id: '01900000-0000-7000-8000-00000000000c' });
  expect(whatBecame(older, broken, [failed, older])).toMatchObject({ words: 'Something else failed since' });
});

test.each([
  ['running', 'It runs now'],
  ['stopped', 'It is stopped now'],
  ['starting', 'It is starting again'],
] as const)('where it is %s since, that is said', (status, words) => {
  expect(whatBecame(failed, aWorkspace({ status }), [failed])).toMatchObject({ kind: 'past', words });
});

test('one that is deleted since is said to be', () => {
  expect(whatBecame(failed, undefined, [failed])).toEqual({ kind: 'past', words: 'Deleted since', workspace: null });
});

test('a failed change of ports leaves what failed before it to be retried', () => {
  const ports = aJob({ ...failed, kind: 'routes', id: '01900000-0000-7000-8000-00000000000d' });
  expect(whatBecame(failed, broken, [ports, failed]).kind).toBe('open');
  expect(whatBecame(ports, broken, [ports, failed]).kind).toBe('past');
});

const source = { git: 'https://git.example.org/a.git', ref: null, error } as const;
const clone = aJob({ ...failed, kind: 'source' });
const lacking = aWorkspace({ status: 'running', source: { ...source, status: 'failed' } });

test('a failed clone can be tried again while the workspace has no repository, in whatever status it is', () => {
  expect(whatBecame(clone, lacking, [clone])).toEqual({ kind: 'open', again: 'clone', workspace: lacking });
  const stopped = { ...lacking, status: 'stopped' } as const;
  expect(whatBecame(clone, stopped, [clone])).toEqual({ kind: 'open', again: 'clone', workspace: stopped });
});

test('a failed clone is past where it was cloned since, or tried again', () => {
  const cloned = { ...lacking, source: { ...source, status: 'cloned', error: null } } as const;
  expect(whatBecame(clone, cloned, [clone])).toMatchObject({ words: 'Its repository is cloned now' });
  const older = aJob({ ...clone, id: '01900000-0000-7000-8000-00000000000c' });
  expect(whatBecame(older, lacking, [clone, older])).toMatchObject({ words: 'Tried again since' });
});
