/** `tidepool setup incus`: what the command line says, turned into what the set-up works on. */
import { createInterface } from 'node:readline/promises';
import {
  bridgeRangeRule,
  type Config,
  type Ipv4Range,
  isBridgeRange,
  parseIpv4Range,
  TidepoolError,
} from '@tidepool/core';
import { createIncusClient, IncusError } from '@tidepool/runtime';
import { realHost } from '../preflight/real-host.ts';
import { checkIncus } from '../setup/check-incus.ts';
import type { Setup } from '../setup/setup.ts';
import { type Ask, setUpIncus } from '../setup/setup-incus.ts';
import { noRecord, openSetupRecord } from '../setup/setup-record.ts';
import { incusDirectory } from '../setup/survey.ts';
import { undoIncus } from '../setup/undo-incus.ts';
import type { Terminal } from './environment.ts';
import { findingsTable } from './findings.ts';

export interface SetupOptions {
  readonly check?: true;
  /** With --check. */
  readonly json?: true;
  readonly undo?: true;
  readonly yes?: true;
  readonly poolSize?: string;
  readonly subnet?: string;
}

export interface SetupCommand {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: SetupOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** @returns the exit code. @throws TidepoolError for what the reader has to mend first */
export async function setup({ config, env, options, terminal, signal }: SetupCommand): Promise<number> {
  if (options.check && options.undo) throw invalid('--check and --undo exclude each other.', 'Leave one of them out.');
  const incus = createIncusClient(config.incus.place);
  const directory = incusDirectory(config);
  const context: Setup = {
    config,
    host: realHost,
    incus,
    directory,
    record: directory === null ? noRecord : openSetupRecord(directory),
    poolGiB: poolSize(options.poolSize),
    subnet: subnet(options.subnet ?? config.incus.subnet),
    env,
    say: terminal.say,
    signal,
  };
  try {
    if (options.check) {
      const findings = await checkIncus(context);
      terminal.say(options.json ? JSON.stringify(findings, null, 2) : findingsTable(findings));
      return findings.some(({ status }) => status === 'failed') ? 1 : 0;
    }
    const ask = options.yes ? async () => true : process.stdin.isTTY ? askOnTerminal(signal) : null;
    return await (options.undo ? undoIncus(context, ask) : setUpIncus(context, ask));
  } catch (error) {
    if (signal.aborted) {
      terminal.complain('\nInterrupted. What was done stays; run it again to go on.');
      return 130;
    }
    if (!(error instanceof IncusError)) throw error;
    const fix = 'See its log, and `tidepool setup incus --check` for what is there.';
    throw new TidepoolError('runtime_unavailable', { detail: `Incus refused: ${error.message}.`, fix, cause: error });
  } finally {
    await incus.close();
  }
}

function askOnTerminal(signal: AbortSignal): Ask {
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      const answer = await terminal.question(`${question} [y/N] `, { signal });
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      terminal.close();
    }
  };
}

/** GiB. */
function poolSize(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 5) return Number(text);
  throw invalid('--pool-size must be a number of GiB, 5 or more.', 'For example: --pool-size 50');
}

function subnet(text: string | null): Ipv4Range | null {
  if (text === null) return null;
  const range = isBridgeRange(text) ? parseIpv4Range(text) : null;
  if (range !== null) return range;
  throw invalid(`--subnet must be ${bridgeRangeRule}.`, 'For example: --subnet 10.80.0.0/22');
}

function invalid(detail: string, fix: string): TidepoolError {
  return new TidepoolError('invalid_config', { detail, fix });
}
