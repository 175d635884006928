/** What a run wrote into the log of its workspace. */
import { closeSync, openSync, readSync } from 'node:fs';
import { hasCode } from '../file-errors.ts';
import type { RunNote } from './run-record.ts';

/** The most that is read, in bytes: Tart says little. */
const mostRead = 64 * 1024;

/** From its launch on; empty where the log is gone. */
export function runLog({ logFile, logStart }: RunNote): string {
  try {
    const log = openSync(logFile, 'r');
    try {
      const buffer = Buffer.alloc(mostRead);
      return buffer.toString('utf8', 0, readSync(log, buffer, 0, mostRead, logStart));
    } finally {
      closeSync(log);
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
