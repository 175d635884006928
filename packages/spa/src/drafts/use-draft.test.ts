// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useDraft } from './use-draft.ts';

interface Form {
  readonly name?: string;
  readonly isPublic?: boolean;
}

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);

const use = (key: string, initial: Form = {}) => renderHook(() => useDraft<Form>(key, initial)).result;

test('what was typed is there again after a reload, for its own form only', () => {
  const first = use('create');
  act(() => first.current.set({ name: 'notes', isPublic: true }));
  expect(first.current.value).toEqual({ name: 'notes', isPublic: true });
  expect(use('create').current.value).toEqual({ name: 'notes', isPublic: true });
  expect(use('port.notes').current.value).toEqual({});
});

test('what was sent is forgotten', () => {
  const first = use('create', { name: 'offered' });
  act(() => first.current.set({ name: 'notes' }));
  act(() => first.current.forget());
  expect(first.current.value).toEqual({ name: 'offered' });
  expect(use('create').current.value).toEqual({});
});

test('what cannot be read, or has another kind now, is left', () => {
  sessionStorage.setItem('tidepool.draft.create', '{"name":');
  expect(use('create').current.value).toEqual({});
  sessionStorage.setItem('tidepool.draft.create', '{"name":true,"isPublic":true}');
  expect(use('create', { name: '' }).current.value).toEqual({ name: '', isPublic: true });
});
