/** Writing a file that others may read at the same moment, or after a power cut. */
import { renameSync, writeFileSync } from 'node:fs';

/** The old content or the new, never half of it. */
export function replaceFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}.${crypto.randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o644, flush: true });
  renameSync(draft, path);
}
