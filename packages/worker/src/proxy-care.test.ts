import { TidepoolError } from '@tidepool/core';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createProxyCare } from './proxy-care.ts';

const signal = new AbortController().signal;
const log = pino({ level: 'silent' });

/** Answers one look after the other: `had` and `loaded` its config, or an error. */
function careOf(...answers: readonly ('had' | 'loaded' | TidepoolError)[]) {
  const left = [...answers];
  return createProxyCare({
    log,
    proxy: {
      async ensureConfig() {
        const answer = left.shift();
        if (answer instanceof TidepoolError) throw answer;
        return answer === 'loaded';
      },
      version: async () => '2.11.7',
    },
  });
}

test('routes may be others after the first look, after a load, and when Caddy comes back, else not', async () => {
  const care = careOf('had', 'had', 'loaded', 'had', new TidepoolError('proxy_unavailable'), 'had', 'had');
  const looks: unknown[] = [];
  for (let look = 0; look < 7; look += 1) looks.push(await care.ensure(signal).catch(({ code }) => code));
  expect(looks).toEqual([true, false, true, false, 'proxy_unavailable', true, false]);
});

test('a Caddy that does not answer is not healthy, and has no version', async () => {
  const care = careOf('had', new TidepoolError('proxy_unavailable'));
  await care.ensure(signal);
  expect(care.known()).toEqual({ state: { caddyVersion: '2.11.7', healthy: true }, findings: [] });
  await expect(care.ensure(signal)).rejects.toMatchObject({ code: 'proxy_unavailable' });
  expect(care.known()).toEqual({ state: { caddyVersion: null, healthy: false }, findings: [] });
});

test('one that is too old is a finding with what to do, until another one answers', async () => {
  const care = careOf(new TidepoolError('caddy_too_old'), 'loaded');
  await expect(care.ensure(signal)).rejects.toMatchObject({ code: 'caddy_too_old' });
  expect(care.known()).toMatchObject({
    state: { healthy: false },
    findings: [{ id: 'caddy', status: 'failed', fix: expect.stringMatching(/TIDEPOOL_CADDY/) }],
  });
  await care.ensure(signal);
  expect(care.known().findings).toEqual([]);
});
