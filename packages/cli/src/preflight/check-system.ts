/** The system itself: its kind, its processor, its memory and disk. */
import { freemem } from 'node:os';
import { type Check, type Look, ok, usesSandbox } from './look.ts';
import { systemOf } from './packages.ts';

/** MiB of disk for building the image; and below which it is said that space runs short. */
const disk = { build: 2048, low: 1024 } as const;

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
  const images = { id: 'disk.images', path: paths.images, needed: toBuild.length * disk.build };
  const inHome = paths.images.startsWith(`${home}/`);
  const places = [{ id: 'disk', path: home, needed: inHome ? images.needed : 0 }, ...(inHome ? [] : [images])];
  return Promise.all(
    places.map(async ({ id, path, needed }): Promise<Look> => {
      const { freeMiB } = await host.disk(path);
      const common = { id, title: `Disk of ${path}` };
      const detail = `${freeMiB} MiB are free.`;
      if (freeMiB < needed) {
        const fix = 'Free some space, or set TIDEPOOL_IMAGES to a directory on a larger disk.';
        return { ...common, status: 'failed', detail: `${detail} Building the image needs ${needed}.`, fix };
      }
      if (freeMiB >= disk.low) return ok(id, common.title, detail);
      return { ...common, status: 'warning', detail, fix: 'Free some space: workspaces keep their files there.' };
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
