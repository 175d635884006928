/** A Caddy of our own, started as `tidepool up` starts it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { caddyAdmin } from '@tidepool/core';
import { askAdmin } from '../src/admin-client.ts';

export interface CaddyProcess {
  readonly admin: string;
  readonly child: ChildProcess;
  /** What it wrote to stderr so far. */
  log(): string;
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** @param options `home`: its files go to `home/caddy`. `resume`: with the config it had, as after a crash. */
export async function startCaddy(options: {
  program: string;
  home: string;
  admin?: string;
  resume?: boolean;
}): Promise<CaddyProcess> {
  const { program, home, admin = `unix/${home}/caddy/admin.sock`, resume = false } = options;
  mkdirSync(`${home}/caddy`, { recursive: true, mode: 0o700 });
  writeFileSync(`${home}/caddy/boot.json`, JSON.stringify({ admin: caddyAdmin(admin) }), { mode: 0o600 });
  const args = ['run', ...(resume ? ['--resume'] : []), '--config', `${home}/caddy/boot.json`];
  const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: `${home}/caddy`, XDG_DATA_HOME: `${home}/caddy` };
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exited = once(child, 'exit');
  await answering(admin, () => {
    if (child.exitCode !== null) throw new Error(`Caddy ended with ${child.exitCode}: ${log}`);
  });
  return {
    admin,
    child,
    log: () => log,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await exited;
    },
  };
}

async function answering(admin: string, check: () => void): Promise<void> {
  for (const until = Date.now() + 30_000; ; ) {
    check();
    try {
      await askAdmin(admin, { method: 'GET', path: '/config/' });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(20);
    }
  }
}
