/**
 * Whether the queue that the owner names answers as one. It may come later than Tidepool, which works without it as well,
 * so that what is wrong with it stops no start.
 */
import { fileURLToPath } from 'node:url';
import { finding } from '@tidepool/core';
import type { Check, Look } from './look.ts';

const program = fileURLToPath(new URL('../../../queue/src/main.ts', import.meta.url));

/** Asked by a process of the queue's own: it knows the protocol, and takes the URL from the environment as we do. */
export const checkQueue: Check = async ({ host, config }) => {
  if (config.queue.url === null) return [];
  const { output } = await host.run([process.execPath, program, 'check']);
  const found = finding.safeParse(parsed(output.split('\n')[0] ?? ''));
  return [found.success ? found.data : unasked(output)];
};

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unasked(output: string): Look {
  const detail = `It could not be asked: ${output.split('\n')[0] || 'no answer in time'}`;
  return { id: 'queue', title: 'Queue', status: 'warning', detail, fix: 'See TIDEPOOL_QUEUE_URL.' };
}
