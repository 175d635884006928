import { expect, test } from 'vitest';
import { tartFailure } from './tart-failure.ts';

test.each([
  ['the specified VM "tidepool-1" does not exist', 'instance_not_found'],
  ['VM "tidepool-1" is not running', 'instance_not_running'],
  ['VM "tidepool-1" is already running!', 'wrong_status'],
  ['VM "tidepool-1" is running', 'wrong_status'],
  ['The number of VMs exceeds the system limit (other running VMs: a, b)', 'vm_limit'],
  ['no IP address found, is your VM running?', 'instance_no_address'],
  ['The file “disk.img” couldn’t be copied because there isn’t enough space.', 'disk_full'],
  ['Error: InitializationFailed(why: "softnet not found in PATH")', 'instance_failed'],
  ['something nobody has seen before', 'instance_failed'],
])('%s is %s', (said, code) => {
  expect(tartFailure('"tart run" failed.', said, { code: 'instance_failed' })).toMatchObject({
    code,
    message: `"tart run" failed. ${said}`,
  });
});

test('an agent that does not answer yet is worth another try', () => {
  const said = 'Failed to connect to the VM using its control socket: timed out, is the Tart Guest Agent running?';
  expect(tartFailure('', said, { code: 'instance_failed' })).toMatchObject({
    code: 'runtime_unavailable',
    passing: true,
    message: said,
  });
});

test('of a long text the end is told', () => {
  const { message } = tartFailure('It failed.', `${'x'.repeat(5000)}\nlast\n`, { code: 'instance_failed' });
  expect(message.length).toBeLessThan(700);
  expect(message).toMatch(/x last$/);
});
