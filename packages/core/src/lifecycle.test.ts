import { describe, expect, test } from 'vitest';
import { plans } from './job.ts';
import { actions, can, type Status, statuses, transient, transitions, type Verb, whyNot } from './lifecycle.ts';

const verbs: readonly Verb[] = ['start', 'stop', 'restart', 'delete', 'retry'];
const failed = (action: (typeof actions)[number]) => ({ status: 'error' as const, error: { action } });
const in_ = (status: Exclude<Status, 'error'>) => ({ status, error: null });

describe('what may be asked in which status', () => {
  test.each([
    ['creating', ['delete']],
    ['starting', ['delete']],
    ['running', ['stop', 'restart', 'delete']],
    ['stopping', ['delete']],
    ['stopped', ['start', 'delete']],
    ['deleting', []],
  ] as const)('%s: %j', (status, allowed) => {
    expect(verbs.filter((verb) => can(verb, in_(status)))).toEqual(allowed);
  });

  test('a failed start may be started, stopped, restarted, deleted and retried', () => {
    expect(verbs.filter((verb) => can(verb, failed('start')))).toEqual(verbs);
  });

  test('after a failed delete only delete and retry are possible: a start would make an empty disk', () => {
    expect(verbs.filter((verb) => can(verb, failed('delete')))).toEqual(['delete', 'retry']);
  });

  test('each refusal says why, and nothing else does', () => {
    for (const status of statuses) {
      const subject = status === 'error' ? failed('delete') : in_(status);
      for (const verb of verbs) expect(whyNot(verb, subject) === undefined).toBe(can(verb, subject));
    }
  });
});

test('every transient status is the way of some action, and every way is transient', () => {
  const ways = new Set(actions.map((action) => transitions[action].via));
  expect([...ways].sort()).toEqual([...transient].sort());
});

test('whatever stops an instance takes its routes away first', () => {
  for (const plan of Object.values(plans)) {
    const steps: readonly string[] = plan;
    if (steps.includes('stopInstance'))
      expect(steps.indexOf('removeRoutes')).toBeLessThan(steps.indexOf('stopInstance'));
  }
});
