// Run by the image's own Node before the image becomes visible: what was compiled loads, and a terminal opens.
// Called as `bin/node try.cjs TREE`; exits with 0 where all is well.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const editor = join(process.argv[2], 'lib/code-server');
const ofServer = createRequire(join(editor, 'package.json'));
const ofCode = createRequire(join(editor, 'lib/vscode/package.json'));

ofServer('argon2');
for (const name of ['@parcel/watcher', '@vscode/native-watchdog', '@vscode/spdlog', '@vscode/sqlite3', 'kerberos']) {
  ofCode(name);
}

const terminal = ofCode('node-pty').spawn('/bin/sh', ['-c', 'echo terminal $((6 * 7))'], { cols: 80, rows: 24 });
let output = '';
terminal.onData((data) => {
  output += data;
});
terminal.onExit(() => {
  if (output.includes('terminal 42')) process.exit(0);
  console.error(`a terminal wrote ${JSON.stringify(output)}`);
  process.exit(1);
});
setTimeout(() => {
  console.error('a terminal did not end within 20 s');
  process.exit(1);
}, 20_000).unref();
