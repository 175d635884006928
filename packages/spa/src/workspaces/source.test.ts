import { expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { cloneWords, lacksSource } from './source.ts';

const aSource = (status: 'waiting' | 'cloned' | 'failed') =>
  ({ git: 'https://git.example.org/a.git', ref: null, status, error: null }) as const;
const jobId = '01900000-0000-7000-8000-00000000000a';

test.each([
  ['failed', 'running', null, true],
  ['failed', 'stopped', null, true],
  ['waiting', 'running', null, true],
  ['waiting', 'running', jobId, false],
  ['waiting', 'creating', jobId, false],
  ['waiting', 'stopped', null, false],
  ['cloned', 'running', null, false],
] as const)('with its source %s, one that is %s, with the job %s, lacks it: %s', (source, status, itsJob, lacks) => {
  expect(lacksSource(aWorkspace({ source: aSource(source), status, jobId: itsJob }))).toBe(lacks);
});

test('what was never tried is not tried again', () => {
  expect(cloneWords({ source: aSource('waiting') })).toBe('Clone now');
  expect(cloneWords({ source: aSource('failed') })).toBe('Try again');
});
