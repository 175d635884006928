import { expect, test } from 'vitest';
import { aJob, aWorkspace } from '../../test/samples.ts';
import { headingOf, outcomeOf, titleOf } from './outcome.ts';

const source = (status: 'waiting' | 'cloned' | 'failed') => ({
  git: 'https://example.org/project',
  ref: null,
  status,
  error: null,
});

test.each([
  ['create', 'running', 'creating', null, 'working'],
  ['create', 'succeeded', 'running', null, 'ready'],
  ['create', 'succeeded', 'running', source('cloned'), 'ready'],
  ['create', 'succeeded', 'running', source('failed'), 'uncloned'],
  ['restart', 'succeeded', 'running', source('waiting'), 'uncloned'],
  ['create', 'failed', 'error', source('failed'), 'failed'],
  ['source', 'failed', 'running', source('failed'), 'uncloned'],
  ['source', 'running', 'running', source('waiting'), 'working'],
  ['restart', 'failed', 'error', null, 'failed'],
  ['start', 'cancelled', 'deleting', null, 'cancelled'],
  ['stop', 'succeeded', 'stopped', null, 'done'],
] as const)('a %s that is %s of one that is %s is %#', (kind, status, workspaceStatus, itsSource, outcome) => {
  const workspace = aWorkspace({ status: workspaceStatus, source: itsSource });
  expect(outcomeOf(aJob({ kind, status }), workspace)).toBe(outcome);
});

test('the tab says it without the page', () => {
  expect(titleOf('working', 'create', 'notes')).toBe('Creating notes');
  expect(titleOf('ready', 'create', 'notes')).toBe('notes is ready');
  expect(titleOf('failed', 'restart', 'notes')).toBe('Could not restart notes');
  expect(headingOf('ready', 'start')).toBe('Ready:');
});
