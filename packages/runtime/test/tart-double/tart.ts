/**
 * A double of the `tart` command line, with the arguments, words and exit statuses of the real one's source (May 2026):
 * machines are directories below TART_HOME, and one that runs is a process with a guest in bubblewrap. See `steering.ts`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execInMachine } from './exec-command.ts';
import { allMachines, type Machine, machine, noSuchMachine, openMachine, Refusal, runner } from './machines.ts';
import { runMachine } from './run-command.ts';
import { type DoubleCommand, hold, readDoubleSteering } from './steering.ts';

const home = process.env.TART_HOME ?? '';

type Command = (args: readonly string[]) => Promise<number | string>;

const commands: Readonly<Record<DoubleCommand, Command>> = {
  async clone([source = '', name = '']) {
    const stop = readDoubleSteering(home).holds.clone;
    const copied = openMachine(home, source);
    const draft = join(home, 'tmp', `${process.pid}-${crypto.randomUUID()}`);
    cpSync(join(copied.directory, 'config.json'), join(draft, 'config.json'));
    cpSync(copied.disk, join(draft, 'disk'), { recursive: true, verbatimSymlinks: true });
    if (stop !== undefined) await hold(home, stop);
    // The real one replaces what is there, too.
    const { directory } = machine(home, name);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(join(home, 'vms'), { recursive: true });
    renameSync(draft, directory);
    return '';
  },
  async delete([name = '']) {
    const deleted = openMachine(home, name);
    if ((await runner(deleted)) !== null) throw new Refusal(`VM "${name}" is running`);
    try {
      rmSync(deleted.directory, { recursive: true });
    } catch (error) {
      // Another one deletes it, too: the real one calls a file that is gone a machine that is not there.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw noSuchMachine(name);
      throw error;
    }
    return '';
  },
  exec: (args) => execInMachine(home, args),
  async get([name = '']) {
    const found = openMachine(home, name);
    const { cpus, memoryMiB, diskGB } = found.readConfig();
    const state = await stateOf(found);
    const size = { OS: 'linux', CPU: cpus, Memory: memoryMiB, Disk: diskGB, DiskFormat: 'raw', Size: '1.234' };
    return JSON.stringify({ ...size, Display: '1024x768', ...state }, null, 2);
  },
  async ip([name = '', ...rest]) {
    const found = openMachine(home, name);
    const { values } = parseArgs({ args: [...rest], options: { resolver: { type: 'string', default: 'dhcp' } } });
    const running = (await runner(found)) !== null;
    if (values.resolver === 'agent' && running && existsSync(join(found.agent, 's'))) return found.address;
    // As the real one's leases, they stay when the machine stops.
    if (values.resolver === 'dhcp' && existsSync(found.lease)) return readFileSync(found.lease, 'utf8');
    throw new Refusal(`no IP address found${running ? '' : ', is your VM running?'}`);
  },
  async list() {
    const infos = allMachines(home).map(async (each) => {
      const { diskGB } = each.readConfig();
      const accessed = { Source: 'local', Name: each.name, Accessed: '2026-01-01T00:00:00Z' };
      return { ...accessed, Disk: diskGB, Size: 1, ...(await stateOf(each)) };
    });
    return JSON.stringify(await Promise.all(infos), null, 2);
  },
  async rename([name = '', next = '']) {
    if (!existsSync(machine(home, name).directory)) {
      throw new Refusal(`Error: failed to rename a non-existent local VM: ${name}`, 64);
    }
    if (existsSync(machine(home, next).directory)) {
      const words = `failed to rename VM ${name}, target VM ${next} already exists, delete it first!`;
      throw new Refusal(`Error: ${words}`, 64);
    }
    renameSync(machine(home, name).directory, machine(home, next).directory);
    return '';
  },
  async run(args) {
    await runMachine(home, args);
    return 0;
  },
  async set([name = '', ...rest]) {
    const changed = openMachine(home, name);
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args: [...rest], options: { cpu: text, memory: text, 'disk-size': text } });
    const { cpus, memoryMiB, diskGB } = changed.readConfig();
    const wanted = Number(values['disk-size'] ?? diskGB);
    if (wanted < diskGB) {
      throw new Refusal(`new disk size of ${wanted} GB should be larger than the current disk size of ${diskGB} GB`);
    }
    const size = { cpus: Number(values.cpu ?? cpus), memoryMiB: Number(values.memory ?? memoryMiB) };
    changed.writeConfig({ ...size, diskGB: wanted });
    return '';
  },
  async stop([name = '', ...rest]) {
    const { values } = parseArgs({ args: [...rest], options: { timeout: { type: 'string', default: '30' } } });
    const pid = await runner(openMachine(home, name));
    if (pid === null) throw new Refusal(`VM "${name}" is not running`, 2);
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < Number(values.timeout) * 1000; waited += 100) {
      if ((await runner(machine(home, name))) === null) return '';
      await sleep(100);
    }
    process.kill(pid, 'SIGKILL');
    return '';
  },
};

async function stateOf(found: Machine): Promise<{ Running: boolean; State: string }> {
  const running = (await runner(found)) !== null;
  return { Running: running, State: running ? 'running' : 'stopped' };
}

/** Copies that were killed half-way, as the real one clears them before each command. */
function collectGarbage(): void {
  const drafts = join(home, 'tmp');
  for (const name of existsSync(drafts) ? readdirSync(drafts) : []) {
    if (!existsSync(`/proc/${name.split('-')[0]}`)) rmSync(join(drafts, name), { recursive: true, force: true });
  }
}

async function main([command = '', ...args]: readonly string[]): Promise<number> {
  if (command === '--version') {
    console.log('double');
    return 0;
  }
  const known = Object.keys(commands).find((name): name is DoubleCommand => name === command);
  if (known === undefined) throw new Refusal(`Error: Unexpected argument '${command}'`, 64);
  collectGarbage();
  const { holds, failures } = readDoubleSteering(home);
  const stop = known === 'clone' ? undefined : holds[known];
  if (stop !== undefined) await hold(home, stop);
  const failure = failures[known];
  if (failure !== undefined) throw new Refusal(failure.words, failure.status);
  const result = await commands[known](args);
  if (typeof result === 'number') return result;
  if (result !== '') console.log(result);
  return 0;
}

try {
  const status = await main(process.argv.slice(2));
  // Output goes to pipes, which take it later.
  process.stdout.write('', () => process.exit(status));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`, () => process.exit(error.status));
}
