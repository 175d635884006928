/** The bridge of the workspaces with its rules, in an address range that nothing else on the host has. */
import { formatIpv4Range, type Ipv4Range, ipv4RangeOf, parseIpv4Range, TidepoolError } from '@tidepool/core';
import { incusPart, missing, partState } from './parts.ts';
import type { Setup, Step, StepState } from './setup.ts';
import { conflicts, freeRange, gatewayOf } from './subnet.ts';
import type { Survey } from './survey.ts';
import { type TakenRange, takenRanges } from './taken-ranges.ts';

/** 10.77.0.0/22: room for a thousand workspaces. */
const usual = ipv4RangeOf(10 * 2 ** 24 + 77 * 2 ** 16, 22);

/** Before the bridge, which names them. */
export const rules: Step = {
  id: 'incus.acl',
  title: 'Rules of the bridge',
  isInside: true,
  async look(setup, survey) {
    const choice = await rangeOf(setup, survey);
    if ('kind' in choice) return { ...choice, detail: 'They come with the bridge, which cannot be made.' };
    const part = await incusPart(setup, survey, 'acl', choice);
    return survey.objects === null ? missing(part) : partState(part, setup.signal);
  },
  async apply(setup, survey) {
    const part = await incusPart(setup, survey, 'acl', await rangeOrRefusal(setup, survey));
    await part.ensure(setup.signal);
  },
};

export const network: Step = {
  id: 'incus.network',
  title: 'Bridge',
  isInside: true,
  async look(setup, survey) {
    const name = setup.config.incus.network;
    const choice = await rangeOf(setup, survey);
    if ('kind' in choice) return choice;
    const there = bridgeRange(setup, survey);
    const part = await incusPart(setup, survey, 'network', choice);
    const state = survey.objects === null ? null : await partState(part, setup.signal);
    if (state === null || (state.kind === 'todo' && there === null)) {
      const will = [
        `make the bridge ${name} with the addresses ${formatIpv4Range(choice)}, behind the host's own (NAT)`,
      ];
      return { kind: 'todo', detail: 'Missing.', will };
    }
    if (state.kind !== 'done' || there === null) return state;
    return judgeRange(setup, survey, there);
  },
  async apply(setup, survey) {
    const range = await rangeOrRefusal(setup, survey);
    // Its rules once more: the range that they were made for a moment ago may have been taken since.
    for (const id of ['acl', 'network'] as const) {
      const part = await incusPart(setup, survey, id, range);
      await part.ensure(setup.signal);
    }
  },
};

type Refusal = Extract<StepState, { kind: 'blocked' }>;

/** That of the bridge that is there; else what was asked for, or the usual one, or the next one that is free. */
async function rangeOf(setup: Setup, survey: Survey): Promise<Ipv4Range | Refusal> {
  const there = bridgeRange(setup, survey);
  if (there !== null) return there;
  if (isOthersInterface(setup, survey)) {
    const detail = `There is a network interface called ${setup.config.incus.network} already, which is not of Incus.`;
    return { kind: 'blocked', detail, fix: 'Choose another name for the bridge with TIDEPOOL_INCUS_NETWORK.' };
  }
  const taken = await takenRanges(setup, survey.objects);
  const asked = setup.subnet;
  const met = asked === null ? [] : conflicts(asked, taken);
  if (asked !== null && met.length > 0) {
    return {
      kind: 'blocked',
      detail: `The addresses ${formatIpv4Range(asked)} are in use: ${describe(met, taken)} has them or some of them.`,
      fix: `Choose others, such as --subnet ${proposal(asked, taken)}, or leave it out.`,
    };
  }
  const free = asked ?? freeRange(usual, taken);
  if (free !== null) return free;
  const fix = 'Choose a range that this host can do without, with --subnet ADDRESS/PREFIX.';
  return { kind: 'blocked', detail: 'No private address range is free on this host.', fix };
}

/** Incus lists those of its machine too. While it does not answer only this host can be asked. */
function isOthersInterface({ config, host, directory }: Setup, { objects }: Survey): boolean {
  const name = config.incus.network;
  if (objects === null) return directory !== null && host.exists(`/sys/class/net/${name}`);
  return objects.networks.some((known) => known.name === name && !known.managed);
}

async function rangeOrRefusal(setup: Setup, survey: Survey): Promise<Ipv4Range> {
  const range = await rangeOf(setup, survey);
  if ('kind' in range) throw new TidepoolError('network_conflict', range);
  return range;
}

function bridgeRange({ config }: Setup, { objects }: Survey): Ipv4Range | null {
  const bridge = objects?.networks.find(({ name, managed }) => managed && name === config.incus.network);
  return parseIpv4Range(bridge?.config['ipv4.address'] ?? '');
}

/** The host may have joined a network with the same addresses since. */
async function judgeRange(setup: Setup, { objects }: Survey, range: Ipv4Range): Promise<StepState> {
  const name = setup.config.incus.network;
  const taken = await takenRanges(setup, objects);
  const met = conflicts(range, taken);
  const change = (to: string) =>
    `With all workspaces stopped, give it another range: incus network set ${name} ipv4.address=${to}`;
  if (met.length > 0) {
    const detail = `${name} has ${formatIpv4Range(range)}, and so has ${describe(met, taken)}: one of them is not reached.`;
    // With two links of one range the worker starts nothing; a route to it by way of another machine is only hidden.
    const kind = taken.some((known) => known.isLink && met.includes(known)) ? 'blocked' : 'warning';
    return { kind, detail, fix: change(proposal(range, taken)) };
  }
  if (setup.subnet !== null && formatIpv4Range(setup.subnet) !== formatIpv4Range(range)) {
    const detail = `${name} has ${formatIpv4Range(range)}, not ${formatIpv4Range(setup.subnet)}.`;
    return { kind: 'warning', detail, fix: change(gatewayOf(setup.subnet)) };
  }
  return { kind: 'done', detail: `${name} (${formatIpv4Range(range)})` };
}

function describe(met: readonly Ipv4Range[], taken: readonly TakenRange[]): string {
  const names = taken.filter((known) => met.includes(known)).map(({ by }) => by);
  return [...new Set(names)].join(', ');
}

function proposal(like: Ipv4Range, taken: readonly TakenRange[]): string {
  const free = freeRange(ipv4RangeOf(usual.first, like.prefix), taken);
  return free === null ? 'ADDRESS/PREFIX' : gatewayOf(free);
}
