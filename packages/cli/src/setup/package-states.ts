/** What dpkg knows of packages: `installed`, `not-installed`, or something between, by name. */
import type { Host } from '../preflight/host.ts';

const format = `\${db:Status-Status} \${Package}\n`;

/** Those that it has never heard of are left out; where there is no dpkg, all are. */
export async function packageStates(host: Host, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  // It ends with 1 where it does not know one of them, and lists the others all the same.
  const { output } = await host.run(['dpkg-query', '-W', '-f', format, ...names]);
  const lines = output.split('\n').map((line) => line.split(' '));
  return new Map(lines.flatMap(([state, name]) => (state && name && names.includes(name) ? [[name, state]] : [])));
}
