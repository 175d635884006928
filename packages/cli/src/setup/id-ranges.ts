/** The range of user and group ids that root hands to containers (subuid(5)); Incus takes none without it. */
import { appendFileSync } from 'node:fs';
import type { Host } from '../preflight/host.ts';
import type { Step } from './setup.ts';

const files = ['/etc/subuid', '/etc/subgid'] as const;

/** A container needs 65,536; Incus' own packages give a thousand million, so that each can have its own. */
const enough = 65_536;
const size = 1_000_000_000;
const first = 1_000_000;

export const idRanges: Step = {
  id: 'incus.ids',
  title: 'User ids for containers',
  isInside: false,
  look({ host }, { server }) {
    const lacking = files.filter((file) => rangeLine(host.read(file) ?? '') !== null);
    // A running daemon has its ranges, from wherever it has them.
    if (server !== null || lacking.length === 0) return { kind: 'done', detail: 'root has a range of them.' };
    return {
      kind: 'todo',
      detail: `root has none in ${lacking.join(' and ')}.`,
      will: lacking.map((file) => `add "${rangeLine(host.read(file) ?? '')}" to ${file}`),
    };
  },
  async apply({ host, record }) {
    for (const file of files) {
      const text = read(host, file);
      const line = rangeLine(text);
      if (line === null) continue;
      record.note({ ids: [...(record.read()?.ids ?? []).filter((known) => known.file !== file), { file, line }] });
      appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`, { mode: 0o644 });
    }
  },
};

/** The line to add, behind all ranges that are given away; null where root has a range that is large enough. */
export function rangeLine(text: string): string | null {
  const ranges = text.split('\n').flatMap((line) => {
    const found = /^([^:]+):(\d+):(\d+)$/.exec(line.trim());
    return found === null ? [] : [{ user: found[1], start: Number(found[2]), count: Number(found[3]) }];
  });
  if (ranges.some(({ user, count }) => (user === 'root' || user === '0') && count >= enough)) return null;
  const start = Math.max(first, ...ranges.map((range) => range.start + range.count));
  return `root:${start}:${size}`;
}

function read(host: Host, file: string): string {
  return host.read(file) ?? '';
}
