/** The programs that Tidepool runs, and those that its image is compiled with. */
import { isOlder, TidepoolError } from '@tidepool/core';
import { sandboxTools } from '@tidepool/runtime';
import { findProgram } from './find-program.ts';
import type { Host } from './host.ts';
import { type Check, type Look, ok, usesSandbox } from './look.ts';
import type { PackageName } from './packages.ts';

/** The oldest that the routes were tried on. */
const oldestCaddy = '2.6.2';
/** The oldest that keeps WebSockets open while its config changes, as routes in it do. */
const oldestForAdminRoutes = '2.7.0';

export const checkCaddy: Check = async ({ host, config }) => {
  const { program } = config.caddy;
  const common = { id: 'caddy', title: 'Caddy' };
  const { code, output } = await host.run([program, 'version']);
  if (code === null) {
    // A program named by its path is the reader's own.
    const packages: readonly PackageName[] = program === 'caddy' ? ['caddy'] : [];
    const fix = program === 'caddy' ? 'Install Caddy.' : 'Correct TIDEPOOL_CADDY, or leave it out.';
    return [{ ...common, status: 'failed', detail: `${program} cannot be run.`, fix, packages }];
  }
  const version = /\d+\.\d+\.\d+/.exec(output)?.[0];
  if (code !== 0 || version === undefined) {
    const detail = `\`${program} version\` answered: ${output.split('\n')[0]}`;
    return [
      { ...common, status: 'failed', detail, fix: 'Install Caddy 2.6.2 or newer, or name it in TIDEPOOL_CADDY.' },
    ];
  }
  if (isOlder(version, oldestCaddy)) {
    const detail = `${version} is too old: ${oldestCaddy} is the oldest that works.`;
    return [{ ...common, status: 'failed', detail, fix: 'Install a newer Caddy, and name it in TIDEPOOL_CADDY.' }];
  }
  if (config.routes === 'admin' && isOlder(version, oldestForAdminRoutes)) {
    const { message, fix } = new TidepoolError('caddy_too_old');
    return [
      { ...common, status: 'failed', detail: `${version} is too old for TIDEPOOL_ROUTES=admin. ${message}.`, fix },
    ];
  }
  return [ok('caddy', 'Caddy', version)];
};

export const checkSandboxTools: Check = async ({ host, config }) => {
  if (!usesSandbox(config)) return [];
  const tools = Object.entries({ ...sandboxTools, unshare: 'util-linux' } as const);
  const looks = tools
    .filter(([tool]) => findProgram(host, tool) === null)
    .map(([tool, packageName]): Look => {
      const fix = `Install the package ${packageName}.`;
      const common = { id: `program.${tool}`, title: tool };
      return { ...common, status: 'failed', detail: 'Sandboxes need it.', fix, packages: [packageName] };
    });
  if (looks.length > 0) return looks;
  return [ok('programs', 'Programs of the sandbox', tools.map(([tool]) => tool).join(', '))];
};

const builders = { 'c++': 'g++', make: 'make', python3: 'python3' } as const satisfies Record<string, PackageName>;
const systemBuilders = { mmdebstrap: 'mmdebstrap', zstd: 'zstd' } as const satisfies Record<string, PackageName>;

/** Only while something is to be made: who never builds needs none of them. */
export const checkImageTools: Check = async ({ host, toBuild }) => {
  const compiling = toBuild.includes('tree') ? await lookAtCompiler(host) : [];
  const making = toBuild.includes('machine')
    ? missingOf(host, systemBuilders, 'The system of workspaces is made with it, once.')
    : [];
  const all = [...compiling, ...making];
  if (all.length > 0 || toBuild.length === 0) return all;
  return [ok('build', 'Programs that build the image', 'What the image is made with is there.')];
};

async function lookAtCompiler(host: Host): Promise<Look[]> {
  const looks = missingOf(host, builders, "The editor's native parts are compiled with it, once.");
  // Nobody can tell without a compiler, and both come from the same command.
  if (looks.some(({ id }) => id === 'build.c++')) {
    return looks.map((look) => ({ ...look, packages: [...(look.packages ?? []), 'libkrb5-dev'] }));
  }
  const headers = await kerberosHeaders(host);
  return headers.status === 'ok' ? looks : [...looks, headers];
}

function missingOf(host: Host, programs: Readonly<Record<string, PackageName>>, detail: string): Look[] {
  return Object.entries(programs)
    .filter(([program]) => findProgram(host, program) === null)
    .map(([program, name]): Look => {
      const fix = `Install the package ${name}.`;
      return { id: `build.${program}`, title: program, status: 'failed', detail, fix, packages: [name] };
    });
}

async function kerberosHeaders(host: Host): Promise<Look> {
  const common = { id: 'build.kerberos', title: 'Kerberos headers' };
  const { code } = await host.run([
    'c++',
    '-E',
    '-x',
    'c++',
    '-include',
    'gssapi/gssapi.h',
    '/dev/null',
    '-o',
    '/dev/null',
  ]);
  if (code === 0) return ok(common.id, common.title, 'They are there.');
  const detail = "The editor's native parts are compiled with them, once.";
  return { ...common, status: 'failed', detail, fix: 'Install the package libkrb5-dev.', packages: ['libkrb5-dev'] };
}
