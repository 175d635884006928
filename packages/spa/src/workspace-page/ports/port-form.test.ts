import { expect, test } from 'vitest';
import { checkPort, isBegun } from './port-form.ts';

const registered = [
  { port: 3000, label: null, listening: null, stripPrefix: true, path: '/', createdAt: '2026-03-01T12:00:00.000Z' },
] as const;

test('what is right becomes the body, an empty label left out', () => {
  expect(checkPort({ port: '5173', label: ' ', stripPrefix: false }, registered).body).toEqual({
    port: 5173,
    stripPrefix: false,
  });
});

test.each([
  ['', 'whole number'],
  ['80', '1024 to 65535'],
  ['8080', "editor's own"],
  ['3000', 'registered already'],
  ['web', 'whole number'],
])('port «%s» is refused with the reason', (port, reason) => {
  const { errors, body } = checkPort({ port, label: '', stripPrefix: true }, registered);
  expect(errors.port).toContain(reason);
  expect(body).toBeNull();
});

test('the first digits of a port are no mistake yet', () => {
  expect(['', '8', '80', '300'].map(isBegun)).toEqual([true, true, true, true]);
  expect(['0', 'web', '1023', '3000', '99999'].map(isBegun)).toEqual([false, false, false, false, false]);
});
