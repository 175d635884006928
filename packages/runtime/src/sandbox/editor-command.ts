/** How code-server is started inside, clean and ready: the project's folder, no dialog, nobody's promotion. */
import { idePort, workspacePath } from '@tidepool/core';
import { guestUser } from './guest-etc.ts';

/** `script` is where the guest sees `editor.cjs`. */
export function editorCommand(name: string, script: string): string[] {
  return [
    ...['/opt/tidepool/bin/node', script, '/opt/tidepool/lib/code-server/out/node/entry.js'],
    // The wall and Caddy keep everybody out; inside, the one user is the owner.
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${idePort}`],
    ...['--abs-proxy-base-path', workspacePath(name).slice(0, -1)],
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
    '--disable-getting-started-override',
    guestUser.project,
  ];
}
