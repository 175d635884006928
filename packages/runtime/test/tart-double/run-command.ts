/** `tart run` of the double: holds the machine's lock and its guest, which is a tree of processes in bubblewrap, until either ends. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allMachines, type Machine, openMachine, Refusal, runner } from './machines.ts';
import { readDoubleSteering } from './steering.ts';

const here = dirname(fileURLToPath(import.meta.url));
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Never resolves while the machine runs. @throws Refusal */
export async function runMachine(tartHome: string, args: readonly string[]): Promise<void> {
  const name = args.find((word) => !word.startsWith('--')) ?? '';
  const machine = openMachine(tartHome, name);
  const steering = readDoubleSteering(tartHome);
  if (!args.includes('--net-softnet')) throw new Refusal('the double runs nothing without Softnet');
  await lock(machine);
  const running = (await Promise.all(allMachines(tartHome).map(runner))).filter((pid) => pid !== null).length;
  if (running > steering.limit) throw new Refusal('The number of VMs exceeds the system limit');

  rmSync(machine.agent, { recursive: true, force: true });
  mkdirSync(machine.agent);
  const [, share = '/dev/null'] = /^--dir=([^:]+):ro,tag=tidepool$/.exec(args.at(-1) ?? '') ?? [];
  const { agentDelayMs, leaseDelayMs, ignoresPoweroff, ignoresInterrupt } = steering;
  const guest = spawn('bwrap', [
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...['--tmpfs', '/tmp', '--tmpfs', '/home', '--tmpfs', '/run'],
    ...['--bind', machine.disk, '/home/dev', '--bind', machine.agent, '/run/agent'],
    ...['--ro-bind', share, '/run/tidepool', '--ro-bind', `${here}/guest-bin`, '/run/bin'],
    ...['--ro-bind', repository, repository, '--ro-bind', process.execPath, process.execPath],
    ...['--unshare-user', '--uid', '1000', '--gid', '1000', '--unshare-pid', '--unshare-uts', '--hostname', 'guest'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--chdir', '/', '--'],
    ...[process.execPath, `${here}/guest.ts`, machine.address, String(agentDelayMs), String(ignoresPoweroff)],
  ]);
  guest.stdout.pipe(process.stdout);
  guest.stderr.pipe(process.stderr);
  if (leaseDelayMs !== null) setTimeout(() => writeFileSync(machine.lease, machine.address), leaseDelayMs).unref();
  process.on('SIGINT', () => {
    if (ignoresInterrupt) return;
    console.log('Stopping VM...');
    guest.kill('SIGKILL');
  });
  await new Promise((resolve) => guest.once('close', resolve));
  console.log('guest has stopped the virtual machine');
  process.exit(0);
}

function lock(machine: Machine): Promise<void> {
  const server = createServer((client) => client.end(String(process.pid)));
  return new Promise((resolve, reject) => {
    server.once('error', () => reject(new Refusal(`VM "${machine.name}" is already running!`, 2)));
    server.listen(machine.lock, resolve);
  });
}
