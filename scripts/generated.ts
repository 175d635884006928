/** The files of this repository that are made from its code. `npm run generate` writes them, `npm run check` compares. */
import { exampleBaseConfig } from '@tidepool/caddy';
import { openApi } from '@tidepool/core';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { runtimesPage } from './runtimes-page.ts';

export interface Generated {
  /** From the root of the clone. */
  readonly path: string;
  make(): string;
}

export const generated: readonly Generated[] = [
  { path: 'docs/openapi.json', make: () => json(openApi(z.string().parse(manifest.version))) },
  { path: 'docs/runtimes.md', make: runtimesPage },
  { path: 'caddy/base.json', make: () => json(exampleBaseConfig()) },
];

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
