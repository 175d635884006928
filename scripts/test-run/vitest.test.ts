import { expect, test } from 'vitest';
import { count } from './vitest.ts';

function file(status: string, ...tests: string[]): object {
  return { status, assertionResults: tests.map((each) => ({ status: each, title: 'x' })) };
}

test('passed, failed and everything that did not run are counted', () => {
  const testResults = [
    file('passed', 'passed', 'passed', 'pending', 'skipped', 'todo'),
    file('failed', 'failed', 'passed'),
  ];
  expect(count(JSON.stringify({ testResults }))).toEqual({ passed: 3, failed: 1, skipped: 3 });
});

test('a file that did not load is a failure', () => {
  expect(count(JSON.stringify({ testResults: [file('failed')] }))).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
