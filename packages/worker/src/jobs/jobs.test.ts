import { jobKinds, plans } from '@tidepool/core';
import { expect, test } from 'vitest';
import { jobs } from './jobs.ts';

test.each(jobKinds)('%s runs the steps that its plan shows', (kind) => {
  expect(jobs[kind].map(({ name }) => name)).toEqual(plans[kind]);
});

test('only a delete has a step that removes', () => {
  const removing = jobKinds.filter((kind) => jobs[kind].some(({ name }) => /^remove(Instance|Logs)$/.test(name)));
  expect(removing).toEqual(['delete']);
});

test('every job that starts an instance undoes that start', () => {
  for (const kind of jobKinds) {
    for (const step of jobs[kind]) {
      if (step.name === 'ensureRunning') expect(step.undo).toBeTypeOf('function');
    }
  }
});
