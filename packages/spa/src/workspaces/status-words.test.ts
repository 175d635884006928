import { expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { sinceWords, statusLine } from './status-words.ts';

const startedAt = '2026-03-01T12:00:00.000Z';

test.each([
  [-500, ', ', 'just started'],
  [26_000, ', ', 'just started'],
  [60_000, ' ', 'for 1 min'],
  [3_600_000, ' ', 'for 1 h'],
])('%i ms after its start it runs «%s%s»', (ms, joint, why) => {
  const workspace = aWorkspace({ status: 'running', startedAt });
  expect(statusLine(workspace, Date.parse(startedAt) + ms)).toEqual({ word: 'Running', since: null, joint, why });
});

const since = '2026-03-01T12:00:00.000Z';
const now = Date.parse(since);

test('what is stopped says since when and why', () => {
  const line = (change: Parameters<typeof aWorkspace>[0]) =>
    statusLine(aWorkspace({ status: 'stopped', statusSince: since, ...change }), now);
  expect(line({ stopReason: 'requested' })).toEqual({
    word: 'Stopped',
    since,
    joint: ' ',
    why: 'on request, its files stay',
  });
  expect(line({ stopReason: 'instance_gone' })).toMatchObject({ since, joint: ', ' });
});

test('what failed says since when and with what', () => {
  const error = {
    code: 'ide_not_ready',
    message: 'The editor did not answer.',
    action: 'start',
    fix: 'Retry.',
  } as const;
  expect(statusLine(aWorkspace({ status: 'error', statusSince: since, error }), now)).toEqual({
    word: 'Could not start',
    since,
    joint: ': ',
    why: 'the editor did not answer.',
  });
});

test.each(['creating', 'starting', 'stopping', 'deleting'] as const)(
  'what is %s counts no time in its words: its progress does',
  (status) => {
    expect(statusLine(aWorkspace({ status, statusSince: since }), now).since).toBeNull();
  },
);

test.each([
  [-1_000, 'just now'],
  [44_000, 'just now'],
  [300_000, '5 min. ago'],
  [7_200_000, '2 hr. ago'],
])('%i ms after it was so, it is so since «%s»', (ms, words) => {
  expect(sinceWords(since, now + ms)).toBe(words);
});
