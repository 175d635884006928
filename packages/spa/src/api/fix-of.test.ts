import { expect, test } from 'vitest';
import { fixOf } from './fix-of.ts';

test.each([
  ['unreachable', 'Try now'],
  ['page_mistake', 'Reload the page'],
  ['intercepted', 'Reload the page'],
  ['disk_full', 'See the host'],
  ['runtime_missing', 'See the host'],
  ['job_in_the_way', 'Watch it'],
  ['ide_not_ready', 'See its log'],
])('%s is mended by «%s»', (code, label) => {
  expect(fixOf({ code }, 'notes')?.label).toBe(label);
});

test('what is about a workspace leads nowhere without its name, and what has no fix here to nothing', () => {
  expect(fixOf({ code: 'job_in_the_way' })).toBeUndefined();
  expect(fixOf({ code: 'invalid_request' }, 'notes')).toBeUndefined();
});
