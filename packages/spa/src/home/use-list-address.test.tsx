// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useListAddress } from './use-list-address.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a key that is pressed while the address changes is not lost', () => {
  const { result } = renderHook(() => useListAddress(), { wrapper: MemoryRouter });
  act(() => result.current.type('for'));
  act(() => {
    vi.advanceTimersByTime(150);
    result.current.type('for-');
  });
  expect(result.current.text).toBe('for-');
  expect(result.current.filter.search).toBe('for');
  act(() => vi.advanceTimersByTime(150));
  expect(result.current.filter.search).toBe('for-');
});
