/**
 * `npm run bench`: all measurements from one run, each interleaved with what it is compared to. Prints Markdown and writes
 * `bench/results/latest.md` and `.json` (not kept in the repository: numbers belong to a machine). `-- routing` runs one part;
 * that of Incus takes `ROUNDS` of the environment, or 20.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { startTidepool } from '../e2e/tidepool.ts';
import { prepareImage } from '../scripts/test-run/image.ts';
import { benchCreate } from './create.ts';
import { benchFootprint } from './footprint.ts';
import { benchIncus } from './incus.ts';
import { benchPage } from './page.ts';
import { benchRouting } from './routing.ts';
import { type BenchTable, toMarkdown } from './table.ts';
import { withIncus } from './with-incus.ts';

const parts: Record<string, () => Promise<BenchTable[]>> = {
  routing: benchRouting,
  page: benchPage,
  create: async () => {
    const tidepool = await startTidepool({ env: await sharedImage() });
    try {
      return [await benchCreate(tidepool, 10)];
    } finally {
      await tidepool.dispose();
    }
  },
  incus: async () => {
    const env = await sharedImage();
    return withIncus(env, async (incusEnv) => {
      const tidepool = await startTidepool({ env: { ...env, ...incusEnv, TIDEPOOL_RUNTIME: 'incus' } });
      try {
        return await benchIncus(tidepool, Number(process.env.ROUNDS ?? 20));
      } finally {
        await tidepool.dispose();
      }
    });
  },
  footprint: async () => {
    const tidepool = await startTidepool({ env: await sharedImage() });
    try {
      return await benchFootprint(tidepool, 10, 60);
    } finally {
      await tidepool.dispose();
    }
  },
};

/** Built before anything is timed. */
async function sharedImage(): Promise<{ TIDEPOOL_IMAGES: string }> {
  return { TIDEPOOL_IMAGES: await prepareImage((line) => process.stderr.write(`${line}\n`)) };
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  process.stderr.write(`There is no measurement "${unknown}". There are: ${Object.keys(parts).join(', ')}.\n`);
  process.exit(2);
}

const tables: BenchTable[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`Measuring ${name}…\n`);
  for (const table of await measure()) {
    tables.push(table);
    process.stdout.write(`${toMarkdown(table)}\n`);
  }
}

const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  node: process.version,
};
const results = new URL('./results/', import.meta.url);
await mkdir(results, { recursive: true });
await writeFile(
  new URL('latest.json', results),
  `${JSON.stringify({ at: new Date().toISOString(), machine, tables }, null, 2)}\n`,
);
const heading = `# Tidepool, measured\n\n${machine.cpus} cores (${machine.model}), ${machine.memoryMiB} MiB, Node ${machine.node}\n`;
await writeFile(new URL('latest.md', results), [heading, ...tables.map(toMarkdown)].join('\n'));
