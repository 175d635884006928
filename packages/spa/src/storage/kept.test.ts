// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keep, readKept, readKeptJson } from './kept.ts';

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

test('what is kept is there again, each place for itself', () => {
  keep('local', 'tidepool.test', '["a"]');
  expect(readKept('local', 'tidepool.test')).toBe('["a"]');
  expect(readKept('session', 'tidepool.test')).toBeNull();
  expect(readKeptJson('local', 'tidepool.test')).toEqual(['a']);
  keep('local', 'tidepool.test', null);
  expect(readKept('local', 'tidepool.test')).toBeNull();
});

test('what is no JSON is nothing', () => {
  keep('session', 'tidepool.test', '{"a":');
  expect(readKeptJson('session', 'tidepool.test')).toBeUndefined();
  expect(readKeptJson('session', 'tidepool.other')).toBeUndefined();
});

test('a browser that refuses its storage breaks nothing', () => {
  const refusing = new Proxy(
    {},
    {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    },
  );
  vi.stubGlobal('localStorage', refusing);
  keep('local', 'tidepool.test', 'a');
  expect(readKept('local', 'tidepool.test')).toBeNull();
});
