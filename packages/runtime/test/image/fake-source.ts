/**
 * Inputs of an image that needs no registry: a stand-in for npm puts ready packages in place, notes what it was asked,
 * and hangs where a test wants to kill a build.
 */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { imageSource, readRecipe } from '../../src/image/recipe.ts';

export interface FakeSource {
  readonly root: string;
  /** What takes the place of `images/`. */
  readonly source: string;
  /** What takes the place of the built images. */
  readonly images: string;
  /** For the builder: its PATH begins with the stand-in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What npm and the trial were asked, in order. */
  journal(): string[];
  /** The next call named so hangs for ever, with half of its work done. */
  hang(call: string): void;
  /** The pid of what hangs; null until it does. */
  hanging(call: string): number | null;
  /** The next call named so fails with these words. */
  fail(call: string, words: string): void;
  remove(): void;
}

export function makeFakeSource(): FakeSource {
  const root = mkdtempSync('/tmp/tp-image-');
  chmodSync(root, 0o755);
  const path = (name: string) => join(root, name);
  const write = (name: string, content: string, mode = 0o600) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content, { mode });
  };
  const packageOf = (name: string, version: string) =>
    write(`packages/${name}/package.json`, JSON.stringify({ name, version }));

  write('bin/npm', `#!/usr/bin/env node\n${callScript(root)}\ncall(process.argv.slice(2));\n`, 0o755);
  packageOf('npm', '11.0.0');
  for (const program of ['npm', 'npx']) {
    write(`packages/npm/bin/${program}-cli.js`, `${callScript(root)}\ncall(process.argv.slice(2));\n`);
  }
  packageOf(`node-linux-${process.arch}`, '24.0.0');
  write(`packages/node-linux-${process.arch}/bin/node`, `#!/bin/sh\nexec ${process.execPath} "$@"\n`, 0o700);
  packageOf('code-server', '4.0.0');
  write('packages/code-server/out/node/entry.js', entryScript);
  write('packages/code-server/lib/vscode/extensions/package.json', '{}');
  write('packages/code-server/lib/vscode/program.exe', 'of another system');

  write('source/workspace/package.json', '{}');
  write('source/workspace/package-lock.json', '{}');
  write('source/workspace/share/bashrc', '# prompt\n');
  write('source/workspace/README.md', 'No input.');
  const prune = [{ why: 'others', remove: ['lib/node_modules/**/*.exe'], keep: [] }];
  write('source/recipe.json', JSON.stringify({ ...readRecipe(imageSource), editor: { prune } }));
  write('source/workspace/try.cjs', `${callScript(root)}\ncall(['try']);\n`);
  write('journal', '');

  return {
    root,
    source: path('source'),
    images: path('images'),
    env: { ...process.env, PATH: `${path('bin')}:${process.env.PATH}` },
    journal: () => readFileSync(path('journal'), 'utf8').split('\n').filter(Boolean),
    hang: (call) => writeFileSync(path(`hang ${call}`), ''),
    hanging: (call) =>
      existsSync(path(`hanging ${call}`)) ? Number(readFileSync(path(`hanging ${call}`), 'utf8')) : null,
    fail: (call, words) => appendFileSync(path(`fail ${call}`), words),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A call is known by its words that are no flags: `ci`, `install`, `rebuild`, `rebuild code-server argon2`, `try`. */
function callScript(root: string): string {
  return `
const fs = require('node:fs');
function call(args) {
  const root = ${JSON.stringify(root)};
  const name = args.filter((word) => !word.startsWith('-')).join(' ');
  fs.appendFileSync(root + '/journal', name + '\\n');
  if (name === 'install') fs.mkdirSync('node_modules/half', { recursive: true });
  if (name === 'ci') fs.mkdirSync('node_modules', { recursive: true });
  if (fs.existsSync(root + '/fail ' + name)) {
    console.error(fs.readFileSync(root + '/fail ' + name, 'utf8'));
    process.exit(1);
  }
  if (fs.existsSync(root + '/hang ' + name)) {
    fs.rmSync(root + '/hang ' + name);
    fs.writeFileSync(root + '/hanging.new', String(process.pid));
    fs.renameSync(root + '/hanging.new', root + '/hanging ' + name);
    setInterval(() => {}, 1000);
    return;
  }
  if (name === 'ci') fs.cpSync(root + '/packages', 'node_modules', { recursive: true });
  if (name === 'rebuild') console.log('> @scope/native@1.0.0 install');
}`;
}

const entryScript = `
const fs = require('node:fs');
const path = require('node:path');
const { createServer } = require('node:http');
const socket = process.argv[process.argv.indexOf('--socket') + 1];
if (process.argv.includes('--version')) process.exit(0);
const extensions = path.join(__dirname, '../../lib/vscode/extensions');
const cache = process.env.HOME + '/.local/share/code-server/CachedProfilesData/__default__profile__';
fs.mkdirSync(cache, { recursive: true });
const input = { location: { path: extensions }, mtime: fs.statSync(extensions).mtime.getTime() };
fs.writeFileSync(cache + '/extensions.builtin.cache', JSON.stringify({ input }));
createServer((request, response) => {
  response.end(request.url === '/healthz' ? '{"status":"expired"}' : '<title>workbench</title>');
}).listen(socket);
process.on('SIGTERM', () => process.exit(0));
`;
