/** Who may sign in, and how the server knows Caddy: made at the first start, kept in files that only the owner reads. */
import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, TidepoolError } from '@tidepool/core';
import bcrypt from 'bcryptjs';
import { z } from 'zod';

const credentials = z.object({ user: z.string().min(1), password: z.string().min(1) });
export type Credentials = z.infer<typeof credentials>;

const secrets = z.object({ proxy: z.string().length(43), passwordHash: z.string().startsWith('$2') });
export type Secrets = z.infer<typeof secrets>;

/** With the session files, a page costs none; scripts are checked from Caddy's cache after their first request. */
const bcryptCost = 10;

/** Null where Tidepool was never started on this home. */
export function readCredentials(config: Config): Credentials | null {
  return readJson(config.paths.credentials, credentials);
}

/**
 * Keeps what is there: a fresh salt or secret would be a changed config, and every terminal would close. A password that
 * was changed by `TIDEPOOL_PASSWORD`, or another user, signs everybody out.
 */
export function ensureSecrets(config: Config): Credentials & Secrets {
  const known = readCredentials(config);
  const wanted: Credentials = { user: config.user, password: config.password ?? known?.password ?? newPassword() };
  const secretsPath = join(config.home, 'secrets.json');
  const kept = readJson(secretsPath, secrets);
  const passwordHash =
    kept !== null && bcrypt.compareSync(wanted.password, kept.passwordHash)
      ? kept.passwordHash
      : bcrypt.hashSync(wanted.password, bcryptCost);
  const next: Secrets = { proxy: kept?.proxy ?? randomBytes(32).toString('base64url'), passwordHash };
  if (known !== null && (known.user !== wanted.user || passwordHash !== kept?.passwordHash)) {
    for (const session of readdirSync(config.paths.sessions))
      rmSync(join(config.paths.sessions, session), { force: true });
  }
  if (JSON.stringify(next) !== JSON.stringify(kept)) writeJson(secretsPath, next);
  if (JSON.stringify(wanted) !== JSON.stringify(known)) writeJson(config.paths.credentials, wanted);
  return { ...wanted, ...next };
}

/** 20 characters that cannot be mistaken for each other: about 98 bits. */
function newPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new TidepoolError('invalid_config', {
      detail: `${path} cannot be read.`,
      fix: `Remove it, and Tidepool makes a new one: rm ${path}`,
      cause,
    });
  }
}

function writeJson(path: string, value: object): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
