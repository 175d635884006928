import { expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { statusLine } from './status-words.ts';

const startedAt = '2026-03-01T12:00:00.000Z';

test.each([
  [-500, 'for less than a minute'],
  [26_000, 'for less than a minute'],
  [60_000, 'for 1 min'],
  [3_600_000, 'for 1 h'],
])('%i ms after its start it runs «%s»', (ms, why) => {
  const workspace = aWorkspace({ status: 'running', startedAt });
  expect(statusLine(workspace, Date.parse(startedAt) + ms)).toEqual({ word: 'Running', why });
});
