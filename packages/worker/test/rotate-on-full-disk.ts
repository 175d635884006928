/** Run in a mount namespace of its own by `log-files.test.ts`: two logs on a disk with room for a part of one copy. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { rotateLogs } from '../src/log-rotation.ts';

const [logs = ''] = process.argv.slice(2);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', logs]);
for (const name of ['one', 'two']) {
  mkdirSync(`${logs}/${name}`);
  writeFileSync(`${logs}/${name}/instance.log`, 'a'.repeat(200_000));
}
const { bavail, bsize } = statfsSync(logs);
writeFileSync(`${logs}/_filler`, Buffer.alloc(bavail * bsize - 8192));
await rotateLogs({ logs }, 100_000);
const sizes = (name: string) =>
  Object.fromEntries(readdirSync(`${logs}/${name}`).map((file) => [file, statSync(`${logs}/${name}/${file}`).size]));
process.stdout.write(JSON.stringify({ one: sizes('one'), two: sizes('two') }));
