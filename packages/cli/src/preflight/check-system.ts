/** The system itself: its kind, its processor, its memory and disk. */
import { freemem } from 'node:os';
import { diskFinding } from '@tidepool/core';
import { type Check, type Look, ok, usesSandbox } from './look.ts';
import { systemOf } from './packages.ts';

/** MiB of disk for building the image. */
const buildMiB = 2048;

export const checkSystem: Check = async ({ host, config }) => {
  const { name, manager } = systemOf(host);
  const title = 'System';
  if (!usesSandbox(config)) return [ok('system', title, name)];
  if (host.platform !== 'linux') {
    const fix = 'Run Tidepool on a Linux machine.';
    return [{ id: 'system', title, status: 'failed', detail: `Sandboxes need Linux; this is ${host.platform}.`, fix }];
  }
  if (host.arch !== 'x64' && host.arch !== 'arm64') {
    const detail = `Workspaces run on 64-bit Intel or ARM processors; this one is ${host.arch}.`;
    return [{ id: 'system', title, status: 'failed', detail, fix: 'Run Tidepool on such a machine.' }];
  }
  if (manager !== null) return [ok('system', title, `${name}, ${host.arch}`)];
  const detail = `${name} is not known to Tidepool; what is missing has to be installed by hand.`;
  return [
    { id: 'system', title, status: 'warning', detail, fix: 'Debian 12, Ubuntu 24.04 or newer are known to work.' },
  ];
};

export const checkDisk: Check = async ({ host, config, toBuild }) => {
  const { home, paths } = config;
  const images = { id: 'disk.images', path: paths.images, needed: toBuild.length * buildMiB };
  const inHome = paths.images.startsWith(`${home}/`);
  const places = [{ id: 'disk', path: home, needed: inHome ? images.needed : 0 }, ...(inHome ? [] : [images])];
  return Promise.all(
    places.map(async ({ id, path, needed }): Promise<Look> => {
      const { freeMiB } = await host.disk(path);
      const found = diskFinding(id, path, freeMiB);
      if (freeMiB >= needed) return found;
      const fix = 'Free some space, or set TIDEPOOL_IMAGES to a directory on a larger disk.';
      return { ...found, status: 'failed', detail: `${found.detail} Building the image needs ${needed}.`, fix };
    }),
  );
};

export const checkMemory: Check = async ({ host, config }) => {
  const info = host.read('/proc/meminfo') ?? '';
  const mib = (key: string) => Math.floor(Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(info)?.[1]) / 1024);
  const [total, free] = [mib('MemTotal'), mib('MemAvailable')];
  const title = 'Memory';
  if (Number.isNaN(total)) return [ok('memory', title, `${Math.floor(freemem() / 2 ** 20)} MiB are free.`)];
  const detail = `${total} MiB, of which ${free} are free; workspaces may use ${config.budgetMiB}.`;
  if (config.budgetMiB > total) {
    const fix = 'Set TIDEPOOL_MEMORY_MIB to less, or leave it out.';
    return [{ id: 'memory', title, status: 'warning', detail, fix }];
  }
  if (free < 1024) {
    return [
      { id: 'memory', title, status: 'warning', detail, fix: 'End other programs: a workspace needs about 512 MiB.' },
    ];
  }
  return [ok('memory', title, detail)];
};
