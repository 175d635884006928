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

test.each([0, 150])('a status that is chosen %i ms after a search was typed is asked with it', (ms) => {
  const { result } = renderHook(() => useListAddress(), { wrapper: MemoryRouter });
  act(() => result.current.type('notes'));
  act(() => {
    vi.advanceTimersByTime(ms);
    result.current.change({ group: 'stopped' });
  });
  expect(result.current.filter).toMatchObject({ search: 'notes', group: 'stopped' });
  act(() => vi.advanceTimersByTime(500));
  expect(result.current.filter).toMatchObject({ search: 'notes', group: 'stopped' });
  expect(result.current.text).toBe('notes');
});
