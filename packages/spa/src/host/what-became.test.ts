import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { whatBecame } from './what-became.ts';

const error = { code: 'disk_full', message: 'The disk is full.', fix: 'Free some space.' };
const failed = aJob({ id: '01900000-0000-7000-8000-00000000000b', status: 'failed', error });
const broken = aWorkspace({ status: 'error', error: { ...error, action: 'start' } });

test('the job that left its workspace in error can be retried', () => {
  expect(whatBecame(failed, broken, [failed])).toEqual({ kind: 'open', workspace: broken });
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
