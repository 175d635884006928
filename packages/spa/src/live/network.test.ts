// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { hasNetwork, onNetworkChange } from './network.ts';

test.each([
  ['localhost', true],
  ['tidepool.localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['localhost.example.org', false],
  ['192.168.1.7', false],
])('without a network, %s is reached: %s', (hostname, isReached) => {
  vi.stubGlobal('location', { hostname });
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  const heard: boolean[] = [];
  onNetworkChange((isOnline) => heard.push(isOnline));
  dispatchEvent(new Event('offline'));
  expect(hasNetwork()).toBe(isReached);
  expect(heard).toEqual(isReached ? [] : [false]);
});
