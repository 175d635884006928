/** The double's machines: `TART_HOME/vms/<name>` with `config.json`, `disk/` (the home of the user inside) and `agent/`. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface MachineConfig {
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly diskGB: number;
}

/** What Tart prints and how it exits. */
export class Refusal extends Error {
  readonly status: number;
  constructor(words: string, status = 1) {
    super(words);
    this.status = status;
  }
}

export interface Machine {
  readonly name: string;
  readonly directory: string;
  readonly disk: string;
  /** The agent listens on `agent/s`. */
  readonly agent: string;
  readonly lease: string;
  /** The address its guest has when it runs: always the same one. */
  readonly address: string;
  /** As the real one's lock on its configuration: held by one process, let go when that ends. In no file system. */
  readonly lock: string;
  readConfig(): MachineConfig;
  writeConfig(config: MachineConfig): void;
}

export function machine(tartHome: string, name: string): Machine {
  const directory = join(tartHome, 'vms', name);
  const hash = createHash('sha256').update(directory).digest();
  const [a = 0, b = 0, c = 0] = hash;
  const file = join(directory, 'config.json');
  return {
    name,
    directory,
    disk: join(directory, 'disk'),
    agent: join(directory, 'agent'),
    lease: join(directory, 'lease'),
    address: `127.${64 + (a % 128)}.${b}.${1 + (c % 250)}`,
    lock: `\0tart-double-${hash.toString('hex')}`,
    readConfig: () => JSON.parse(readFileSync(file, 'utf8')),
    writeConfig: (wanted) => writeFileSync(file, JSON.stringify(wanted)),
  };
}

/** @throws Refusal where there is none */
export function openMachine(tartHome: string, name: string): Machine {
  const found = machine(tartHome, name);
  if (existsSync(found.directory)) return found;
  throw noSuchMachine(name);
}

export function noSuchMachine(name: string): Refusal {
  return new Refusal(`the specified VM "${name}" does not exist`, 2);
}

export function allMachines(tartHome: string): Machine[] {
  const vms = join(tartHome, 'vms');
  const names = existsSync(vms) ? readdirSync(vms).sort() : [];
  return names.map((name) => machine(tartHome, name));
}

/** The process that runs it; null where it is stopped. */
export function runner({ lock }: Machine): Promise<number | null> {
  return new Promise((resolve) => {
    let said = '';
    connect(lock)
      .on('data', (data) => {
        said += data;
      })
      .on('error', () => resolve(null))
      .on('close', () => resolve(said === '' ? null : Number(said)));
  });
}

/** What `tart create` or a pull would leave: for tests, an image. */
export function addMachine(tartHome: string, name: string, diskGB = 10): void {
  const made = machine(tartHome, name);
  mkdirSync(join(made.disk, 'project'), { recursive: true });
  made.writeConfig({ cpus: 4, memoryMiB: 4096, diskGB });
}
