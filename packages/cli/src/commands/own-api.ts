/** The API as commands ask it: what it refuses ends a command with its reason and what to do. */
import { ApiError, type Client, type Config, type ErrorCode, isErrorCode, TidepoolError } from '@tidepool/core';
import { readCredentials } from '../home/secrets.ts';
import { localApi } from './local-api.ts';

/** Its calls throw TidepoolError. @throws TidepoolError `not_ready` where this home was never started */
export function ownApi(config: Config): Client {
  const credentials = readCredentials(config);
  if (credentials === null) {
    throw new TidepoolError('not_ready', {
      detail: `Tidepool was never started on ${config.home}.`,
      fix: 'Start it with `npm start`, or name its home in TIDEPOOL_HOME.',
    });
  }
  const api = localApi(config, credentials);
  return async (name, request) => {
    try {
      return await api(name, request);
    } catch (error) {
      throw error instanceof ApiError ? refusal(error) : error;
    }
  };
}

function refusal(error: ApiError): TidepoolError {
  const { code, detail, fields, fix } = error.problem;
  const known: ErrorCode = isErrorCode(code) ? code : 'not_ready';
  const lines = [detail, ...fields.map(({ message }) => message)].filter((line, at, all) => all.indexOf(line) === at);
  return new TidepoolError(known, { detail: lines.join('\n'), fix, cause: error });
}
