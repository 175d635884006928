import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageSource } from '../../src/image/index.ts';

test.each(['alpine/install.sh', 'alpine/files/boot.sh', 'alpine/files/tidepool.initd', 'machine/init.sh'])(
  'a shell can read %s',
  (file) => {
    const { status, stderr } = spawnSync('sh', ['-n', join(imageSource, file)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);

// Where Packer is installed, it reads the recipe, too; its plugins are not asked for.
if (spawnSync('packer', ['version']).status === 0) {
  test('the Alpine recipe is one to Packer', () => {
    const output = execFileSync('packer', ['validate', '-syntax-only', join(imageSource, 'alpine')], {
      encoding: 'utf8',
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    });
    expect(output).toContain('Syntax-only check passed');
  });
}
