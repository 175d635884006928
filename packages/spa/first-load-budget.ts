/** What a browser has to fetch before the page stands, shown at each build; more script than the limit fails the build. */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/**
 * Counts the script that `index.html` names and all that it imports, without what is imported dynamically. Sizes are gzip's,
 * the larger of what is sent: Brotli, where the browser takes it, is about a sixth less.
 * @param limit bytes of script
 */
export function firstLoadBudget(limit: number): Plugin {
  let say: (line: string) => void = () => undefined;
  return {
    name: 'tidepool:first-load-budget',
    apply: 'build',
    configResolved: ({ logger }) => {
      say = (line) => logger.info(line);
    },
    generateBundle: {
      // After Vite's own plugins: what counts are the bytes that are written.
      order: 'post',
      handler(_options, bundle) {
        const first = firstLoad(bundle);
        const parts = Object.values(bundle).map((part) => ({
          fileName: part.fileName,
          bytes: gzipSync(part.type === 'chunk' ? part.code : part.source, { level: 9 }).length,
          when: first.has(part.fileName) ? ('first' as const) : ('later' as const),
        }));
        const scripts = parts.filter(({ when, fileName }) => when === 'first' && fileName.endsWith('.js'));
        const sum = scripts.reduce((total, { bytes }) => total + bytes, 0);
        const table = [
          ...parts.toSorted(inOrder).map(({ fileName, bytes, when }) => row(when, bytes, fileName)),
          row('first', sum, `JavaScript in all, of at most ${kilobytes(limit)} kB`),
        ].join('\n');
        if (sum <= limit) return say(`kB, gzip\n${table}`);
        const detail = `The first load is ${kilobytes(sum)} kB of JavaScript, compressed; at most ${kilobytes(limit)} are allowed.`;
        this.error(`${detail}\n${table}\nMove what the list does not need at once behind routing/later.ts.`);
      },
    },
  };
}

interface Part {
  readonly fileName: string;
  readonly bytes: number;
  readonly when: 'first' | 'later';
}

/** `index.html`, what it names, the static imports of that and theirs, and their style sheets. */
function firstLoad(bundle: Rolldown.OutputBundle): ReadonlySet<string> {
  const found = new Set(['index.html']);
  const add = (fileName: string): void => {
    const part = bundle[fileName];
    if (part === undefined || found.has(fileName)) return;
    found.add(fileName);
    if (part.type !== 'chunk') return;
    for (const each of [...part.imports, ...(part.viteMetadata?.importedCss ?? [])]) add(each);
  };
  const html = bundle['index.html'];
  const text = html?.type === 'asset' ? String(html.source) : '';
  for (const { fileName } of Object.values(bundle)) if (text.includes(`/${fileName}"`)) add(fileName);
  return found;
}

function inOrder(one: Part, other: Part): number {
  return one.when === other.when ? other.bytes - one.bytes : one.when.localeCompare(other.when);
}

function row(when: string, bytes: number, what: string): string {
  return `  ${when.padEnd(5)} ${kilobytes(bytes).padStart(7)}  ${what}`;
}

/** 1,000 bytes. */
function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
