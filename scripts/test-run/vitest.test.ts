import { expect, test } from 'vitest';
import { count } from './vitest.ts';

const root = '/repo';

function file(status: string, ...tests: string[]): object {
  const assertionResults = tests.map((each) => ({
    status: each,
    fullName: 'a door opens',
    failureMessages: each === 'failed' ? ['Error: first try', 'Error: it is locked\n    at door.ts:3'] : [],
  }));
  return {
    name: '/repo/e2e/door.test.ts',
    status,
    message: 'Cannot find hinge\nimported from door.ts',
    assertionResults,
  };
}

test('passed, failed and everything that did not run are counted', () => {
  const testResults = [
    file('passed', 'passed', 'passed', 'pending', 'skipped', 'todo'),
    file('failed', 'failed', 'passed'),
  ];
  expect(count(JSON.stringify({ testResults }), root)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 3,
    failures: ['e2e/door.test.ts > a door opens: Error: it is locked'],
  });
});

test('a file that did not load is a failure', () => {
  expect(count(JSON.stringify({ testResults: [file('failed')] }), root)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    failures: ['e2e/door.test.ts: Cannot find hinge'],
  });
});
