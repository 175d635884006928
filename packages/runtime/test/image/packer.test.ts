import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageSource } from '../../src/image/index.ts';

const hasPacker = spawnSync('packer', ['version']).status === 0;

test.runIf(hasPacker)('the Alpine recipe is one to Packer (where Packer is installed)', () => {
  const output = execFileSync('packer', ['validate', '-syntax-only', join(imageSource, 'alpine')], {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  expect(output).toContain('Syntax-only check passed');
});
