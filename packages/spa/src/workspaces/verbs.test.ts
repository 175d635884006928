import { can, statuses, whyNot } from '@tidepool/core';
import { expect, test } from 'vitest';
import { mainAction, otherVerbs, whyDisabled } from './verbs.ts';

test.each(statuses)('what a %s workspace offers agrees with the table of core', (status) => {
  const workspace = { status, error: null };
  const main = mainAction(workspace);
  const offered = [...(main.kind === 'verb' ? [main.verb] : []), ...otherVerbs(workspace)];
  expect(new Set(offered).size).toBe(offered.length);
  for (const verb of offered) {
    expect(whyDisabled(verb, workspace, undefined) === undefined).toBe(can(verb, workspace));
    expect(whyDisabled(verb, workspace, undefined)).toBe(whyNot(verb, workspace));
  }
  const possible = (['start', 'stop', 'restart', 'delete', 'retry'] as const).filter((verb) => can(verb, workspace));
  expect(offered).toEqual(expect.arrayContaining(possible));
});

test('a failed delete leaves only retry and delete', () => {
  const workspace = { status: 'error', error: { code: 'x', message: 'x', fix: 'x', action: 'delete' } } as const;
  expect(mainAction(workspace)).toEqual({ kind: 'verb', verb: 'retry' });
  const possible = otherVerbs(workspace).filter((verb) => whyDisabled(verb, workspace, undefined) === undefined);
  expect(possible).toEqual(['delete']);
});

test('without a connection every verb gives that as its reason', () => {
  const workspace = { status: 'stopped', error: null } as const;
  expect(whyDisabled('start', workspace, 'Not connected.')).toBe('Not connected.');
});
