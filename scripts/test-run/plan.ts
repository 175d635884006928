/** What a run of the tests consists of, from the arguments of `npm test -- …`. */

export interface Plan {
  /** One run of vitest each, with its arguments; they follow one another so as not to disturb each other's timing. */
  readonly runs: readonly { readonly title: string; readonly args: readonly string[] }[];
  readonly check: boolean;
  /** Whether tests meet the machine: programs, daemons, the workspace image. */
  readonly machine: boolean;
  /** Whether the built page is served to a browser. */
  readonly page: boolean;
}

const runs: readonly Plan['runs'][number][] = [
  { title: 'unit tests', args: ['--project', 'unit'] },
  { title: 'integration tests', args: ['--project', 'integration', '--project', 'page'] },
  { title: 'e2e tests', args: ['--project', 'e2e', '--project', 'lighthouse'] },
];

/** Without arguments everything; with some, that one run of vitest and what it needs. */
export function planOf(args: readonly string[]): Plan {
  if (args.length === 0) return { runs, check: true, machine: true, page: true };
  const named = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return arg === '--project' ? (args[index + 1] ?? []) : [];
  });
  const wants = (project: string) => named.length === 0 || named.includes(project);
  return {
    runs: [{ title: 'tests', args }],
    check: false,
    machine: named.length === 0 || named.some((project) => project !== 'unit'),
    page: wants('e2e') || wants('lighthouse'),
  };
}
