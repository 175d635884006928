/** `npm run test:tart`: the runtime's contract over a real Tart. Only a Mac has one. */
import { root } from './root.ts';
import { runVitest } from './test-run/vitest.ts';

if (process.platform === 'darwin') {
  const { ok } = await runVitest({ root, args: ['--project', 'tart', ...process.argv.slice(2)], env: {} });
  process.exitCode = ok ? 0 : 1;
} else {
  console.error(
    `npm run test:tart needs macOS on Apple silicon with Tart, see docs/tart.md; this is ${process.platform}.`,
  );
  process.exitCode = 1;
}
