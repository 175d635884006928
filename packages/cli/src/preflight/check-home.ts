/** Whether the home is a place where a database, sockets and sandboxes can live. */
import { dirname } from 'node:path';
import { type Check, type Look, ok, usesSandbox } from './look.ts';
import { existingPart, upwards } from './paths.ts';

/** statfs(2)'s numbers of what SQLite's shared memory does not work on. */
const remoteFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9p',
  12805120: 'Ceph',
};

/** What fits into `sun_path` beside the byte that ends it (unix(7)). */
const longestSocketPath = 107;

export const checkHome: Check = async (question) => {
  const { host, config } = question;
  const { home } = config;
  const id = 'home';
  const title = 'Home';
  const elsewhere = 'Choose another: TIDEPOOL_HOME=/srv/tidepool npm start';
  const failed = (detail: string, fix: string, commands?: string[]): Look[] => {
    return [{ id, title, status: 'failed', detail, fix, ...(commands === undefined ? {} : { commands }) }];
  };
  const there = existingPart(home, host.exists);
  if (!host.writable(there)) {
    return failed(`${home} cannot be written: ${there} is not yours to write.`, elsewhere);
  }
  const { type } = await host.disk(home);
  const remote = remoteFileSystems[type];
  if (remote !== undefined) {
    return failed(
      `${home} is on ${remote}; the database needs a local disk.`,
      'Name a local one: TIDEPOOL_HOME=… npm start',
    );
  }
  const socket = longestSocket(config.paths.relay, config.caddy.admin);
  if (Buffer.byteLength(socket) > longestSocketPath) {
    const over = Buffer.byteLength(socket) - longestSocketPath;
    return failed(
      `${home} is too long: the path of a unix socket in it would exceed ${longestSocketPath} bytes by ${over}.`,
      `Choose a shorter one: TIDEPOOL_HOME=/srv/tidepool npm start`,
    );
  }
  if (host.isRoot && usesSandbox(config)) {
    // The home itself is made 0711 at the start.
    const above = [
      ...upwards(dirname(home)),
      ...(isInside(config.paths.images, home) ? [] : upwards(config.paths.images)),
    ];
    const closed = above.find((path) => ((host.stat(path)?.mode ?? 0o777) & 0o001) === 0);
    if (closed !== undefined) {
      return failed(
        `The sandbox user cannot enter ${closed}, so workspaces cannot be run from ${home}.`,
        'Let others pass through it, or choose another home.',
        [`chmod o+x ${closed}`],
      );
    }
  }
  if (usesSandbox(config) && isNoExec(host.read('/proc/mounts') ?? '', config.paths.images)) {
    const fix = 'Set TIDEPOOL_IMAGES to a directory on a disk without "noexec".';
    return failed(`${config.paths.images} is on a disk mounted "noexec", from which no program runs.`, fix);
  }
  return [ok(id, title, home)];
};

/** A relay's socket: a short id and a port. An admin endpoint on TCP has no path. */
function longestSocket(relay: string, admin: string): string {
  const relaySocket = `${relay}/${'0'.repeat(8)}/65535.sock`;
  const adminSocket = admin.startsWith('unix/') ? admin.slice('unix/'.length) : '';
  return adminSocket.length > relaySocket.length ? adminSocket : relaySocket;
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** The mount that the path is on is the one with the longest mount point; `/proc/mounts` writes a space as `\040`. */
function isNoExec(mounts: string, path: string): boolean {
  const found = mounts.split('\n').map((line) => line.split(' '));
  const holding = found.filter(([, point = '']) => point === '/' || isInside(path, point.replaceAll('\\040', ' ')));
  const longest = Math.max(...holding.map(([, point = '']) => point.length));
  const [, , , options = ''] = holding.findLast(([, point = '']) => point.length === longest) ?? [];
  return options.split(',').includes('noexec');
}
