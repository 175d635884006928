import { expect, test } from 'vitest';
import { maxReplay, resumePoint } from './resume-point.ts';

const bounds = { databaseId: 'a1-b2', first: 11, last: 20 };

test.each([undefined, ''])('without an id (%j) a stream begins now', (id) => {
  expect(resumePoint(id, bounds)).toEqual({ kind: 'fresh', after: 20 });
});

test.each([10, 11, 19, 20])('after %i nothing is missing', (id) => {
  expect(resumePoint(`a1-b2-${id}`, bounds)).toEqual({ kind: 'resume', after: id });
});

test.each([
  ['x', 'unknown_id'],
  ['-', 'unknown_id'],
  ['a1-b2-', 'unknown_id'],
  ['a1-b2-x', 'unknown_id'],
  ['a1-b2--1', 'other_database'],
  ['a1-b2-1e1', 'unknown_id'],
  ['a1-b2-99999999999999999999', 'unknown_id'],
  ['other-15', 'other_database'],
  ['15', 'unknown_id'],
  ['a1-b2-9', 'pruned'],
  ['a1-b2-0', 'pruned'],
  ['a1-b2-21', 'ahead'],
])('%s is a reset: %s', (id, reason) => {
  expect(resumePoint(id, bounds)).toEqual({ kind: 'reset', after: 20, reason });
});

test('a gap that costs more to send than to read anew is a reset', () => {
  const long = { databaseId: 'a', first: 1, last: maxReplay + 1 };
  expect(resumePoint('a-1', long)).toEqual({ kind: 'resume', after: 1 });
  expect(resumePoint('a-0', long)).toMatchObject({ kind: 'reset', reason: 'too_far_behind' });
});

test('an empty log resumes at nothing; a log pruned whole at its end only', () => {
  expect(resumePoint('a-0', { databaseId: 'a', first: 0, last: 0 })).toEqual({ kind: 'resume', after: 0 });
  const pruned = { databaseId: 'a', first: 0, last: 7 };
  expect(resumePoint('a-7', pruned)).toEqual({ kind: 'resume', after: 7 });
  expect(resumePoint('a-6', pruned)).toMatchObject({ kind: 'reset', reason: 'pruned' });
});
