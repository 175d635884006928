import { expect, test } from 'vitest';
import { planOf } from './plan.ts';

test('without arguments everything runs, part by part', () => {
  const { runs, ...rest } = planOf([]);
  expect(runs.map(({ args }) => args.join(' '))).toEqual([
    '--project unit',
    '--project integration --project page',
    '--project e2e --project lighthouse',
  ]);
  expect(rest).toEqual({ check: true, machine: true, page: true });
});

test.each([
  [['--project', 'unit', 'packages/db'], { machine: false, page: false }],
  [['--project=integration'], { machine: true, page: false }],
  [['--project', 'unit', '--project', 'e2e'], { machine: true, page: true }],
  [['--project', 'page'], { machine: true, page: false }],
  [['--project', 'lighthouse'], { machine: true, page: true }],
  [['packages/db'], { machine: true, page: true }],
])('%j is one run with what it needs', (args, needs) => {
  expect(planOf(args)).toMatchObject({ runs: [{ args }], check: false, ...needs });
});
