/** What has to be installed for Incus, and how apt brings it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { type AptResult, apt } from '../preflight/apt.ts';
import { findProgram } from '../preflight/find-program.ts';
import type { Host } from '../preflight/host.ts';
import { type AptSource, deriveSource, offersSuite, parseAptSources } from './apt-sources.ts';
import { packageStates } from './package-states.ts';
import { type IncusSource, incusSource, readRelease } from './release.ts';
import type { Setup, Step } from './setup.ts';
import { asRoot } from './setup-command.ts';
import type { Survey } from './survey.ts';

const ourSource = '/etc/apt/sources.list.d/tidepool-backports.sources';

/** What Incus calls, and the package that has it in Debian and Ubuntu. */
const programs = {
  'mkfs.btrfs': 'btrfs-progs',
  lxcfs: 'lxcfs',
  newuidmap: 'uidmap',
  dnsmasq: 'dnsmasq-base',
  nft: 'nftables',
  ip: 'iproute2',
} as const;

export const packages: Step = {
  id: 'incus.packages',
  title: 'Incus and its programs',
  isInside: false,
  async look(setup, survey) {
    const lacks = await lacking(setup, survey);
    if (lacks.helpers.length === 0 && !lacks.incus) return { kind: 'done', detail: 'They are installed.' };
    const names = [...(lacks.incus ? ['Incus'] : []), ...lacks.helpers];
    const detail = `Missing: ${names.join(', ')}.`;
    const release = readRelease(setup.host);
    const source = incusSource(release, setup.host.isRoot);
    if (source.kind === 'none') {
      const { why: fix, commands } = source;
      return { kind: 'blocked', detail, fix: `${fix} Install it by hand, then run this again.`, commands };
    }
    const addition = lacks.incus ? additionalSource(setup.host, source, release.codename) : null;
    if (addition === 'unknown') {
      const fix = `No apt source of ${release.codename} was found to derive one for Incus from. Add one, then run this again.`;
      return { kind: 'blocked', detail, fix };
    }
    if (!setup.host.isRoot) return { kind: 'blocked', detail, ...asRoot(setup) };
    return {
      kind: 'todo',
      detail,
      will: [
        ...(addition === null ? [] : [`add the apt source ${ourSource}: ${addition.summary}`]),
        ...(lacks.helpers.length === 0 ? [] : [`install ${lacks.helpers.join(', ')}`]),
        ...(lacks.incus ? [`install ${describeIncus(source, survey)}`] : []),
      ],
    };
  },
  async apply(setup, survey) {
    const { host, record, signal } = setup;
    const release = readRelease(host);
    const source = incusSource(release, host.isRoot);
    const lacks = await lacking(setup, survey);
    if (source.kind === 'none' || (lacks.helpers.length === 0 && !lacks.incus)) return;
    const addition = lacks.incus ? additionalSource(host, source, release.codename) : null;
    if (addition !== null && addition !== 'unknown') {
      record.note({ source: ourSource });
      writeFileSync(ourSource, addition.text, { mode: 0o644 });
      await orFail(apt(['update'], signal), 'read the new source');
    }
    const suite = source.kind === 'backports' ? ['-t', source.suite] : [];
    if (lacks.helpers.length > 0) await install(setup, lacks.helpers);
    if (lacks.incus) await install(setup, [...suite, incusPackage(source, survey)]);
  },
};

interface Lacking {
  readonly incus: boolean;
  readonly helpers: readonly string[];
}

/** A running daemon has what it was started with; only what a pool or a bridge of ours needs is looked for then. */
async function lacking({ host }: Setup, survey: Survey): Promise<Lacking> {
  if (survey.remote) return { incus: false, helpers: [] };
  const needed = Object.entries(programs).filter(([program]) => {
    if (program === 'mkfs.btrfs') return !survey.hasPool;
    return survey.server === null || ['dnsmasq', 'nft', 'ip'].includes(program);
  });
  const broken = await halfInstalled(host);
  const helpers = needed.filter(([program, name]) => findProgram(host, program) === null || broken.has(name));
  const incus = survey.server === null && (survey.incusd === null || broken.has('incus') || broken.has('incus-base'));
  return { incus, helpers: helpers.map(([, name]) => name) };
}

/** Unpacked but not set up: an installation was cut off, or goes on at this moment. apt-get waits for it and ends it. */
async function halfInstalled(host: Host): Promise<ReadonlySet<string>> {
  const states = await packageStates(host, ['incus', 'incus-base', ...Object.values(programs)]);
  const whole = ['installed', 'not-installed', 'config-files'];
  return new Set([...states].flatMap(([name, state]) => (whole.includes(state) ? [] : [name])));
}

/** Null where apt knows the suite already; `unknown` where nothing is there to derive it from. */
function additionalSource(
  host: Host,
  source: IncusSource,
  codename: string,
): { readonly text: string; readonly summary: string } | 'unknown' | null {
  if (source.kind !== 'backports') return null;
  const sources = machineSources(host);
  if (offersSuite(sources, source.suite)) return null;
  const text = deriveSource(sources, codename, source.suite);
  if (text === null) return 'unknown';
  return { text, summary: `${source.suite} from ${/^URIs: (\S+)/m.exec(text)?.[1] ?? 'the same place'}` };
}

/** Those that apt reads now. */
export function machineSources(host: Host): AptSource[] {
  const directory = '/etc/apt/sources.list.d';
  const names = host.exists(directory) ? readdirSync(directory).sort() : [];
  const paths = names.filter((name) => /\.(list|sources)$/.test(name)).map((name) => `${directory}/${name}`);
  return ['/etc/apt/sources.list', ...paths].flatMap((path) => parseAptSources(path, host.read(path) ?? ''));
}

/** With qemu only where it can be of use: it is the larger part. */
function incusPackage(source: Exclude<IncusSource, { kind: 'none' }>, { canVirtualize }: Survey): string {
  return canVirtualize ? source.full : source.base;
}

function describeIncus(source: Exclude<IncusSource, { kind: 'none' }>, survey: Survey): string {
  const from = source.kind === 'backports' ? ` from ${source.suite}` : '';
  const why = survey.canVirtualize
    ? 'with virtual machines, which this host can run'
    : 'for containers only: this host has no KVM or no vhost_vsock for virtual machines';
  return `${incusPackage(source, survey)}${from}, ${source.base === source.full ? 'from the release' : why}`;
}

/** What comes with it is asked of apt first, and noted, so that exactly that can be removed again. */
async function install({ record, signal }: Setup, names: readonly string[]): Promise<void> {
  const words = ['install', '-y', '--no-install-recommends', ...names];
  let plan = await apt(['-s', ...words], signal);
  if (plan.code !== 0) {
    // The lists are missing, or older than what the archive has.
    await orFail(apt(['update'], signal), 'read its lists');
    plan = await orFail(apt(['-s', ...words], signal), `install ${names.join(' ')}`);
  }
  const known = record.read()?.packages ?? [];
  record.note({ packages: [...new Set([...known, ...newPackages(plan.lines)])] });
  const done = await apt(words, signal);
  if (done.code === 0) return;
  await orFail(apt(['update'], signal), 'read its lists');
  await orFail(apt(words, signal), `install ${names.join(' ')}`);
}

/** `Inst name (version …)` is new, `Inst name [old] (new …)` an upgrade. */
export function newPackages(simulation: readonly string[]): string[] {
  return simulation.flatMap((line) => /^Inst (\S+) \(/.exec(line)?.[1] ?? []);
}

async function orFail(running: Promise<AptResult>, what: string): Promise<AptResult> {
  const result = await running;
  if (result.code === 0) return result;
  throw new TidepoolError('runtime_missing', {
    detail: `apt-get could not ${what}: ${result.words}`,
    fix: 'Mend that (`apt-get update` shows whether apt works), then run `tidepool setup incus` again: it goes on from here.',
  });
}
