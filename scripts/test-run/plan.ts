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

const projects = ['unit', 'integration', 'e2e'] as const;

/** Without arguments everything; with some, that one run of vitest and what it needs. */
export function planOf(args: readonly string[]): Plan {
  if (args.length === 0) {
    const runs = projects.map((project) => ({ title: `${project} tests`, args: ['--project', project] }));
    return { runs, check: true, machine: true, page: true };
  }
  const named = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return arg === '--project' ? (args[index + 1] ?? []) : [];
  });
  const wants = (project: string) => named.length === 0 || named.includes(project);
  return {
    runs: [{ title: 'tests', args }],
    check: false,
    machine: wants('integration') || wants('e2e'),
    page: wants('e2e'),
  };
}
