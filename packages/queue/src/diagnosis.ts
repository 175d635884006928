/** Why a queue cannot be used, in words for its owner, from what the SDK throws. */
import { QueueDoesNotExist, SQSServiceException } from '@aws-sdk/client-sqs';
import { type Finding, TidepoolError } from '@tidepool/core';
import { TooLarge } from './limit-answers.ts';

type Trouble = Pick<Finding, 'detail' | 'fix' | 'commands'>;

/** @param url without credentials. @param error what a call failed with */
export function queueTrouble(url: string, error: unknown): Finding {
  return {
    id: 'queue',
    title: 'Queue',
    status: 'warning',
    ...troubleOf(url, error instanceof TidepoolError ? error.cause : error),
  };
}

export function queueAnswers(url: string): Finding {
  return { id: 'queue', title: 'Queue', status: 'ok', detail: `${url} answers.`, fix: null, commands: [] };
}

/** Whether something answered a call that failed so, and not as the server of our queue does. */
export function isAnswer(error: unknown): boolean {
  const cause = error instanceof TidepoolError ? error.cause : error;
  if (cause instanceof QueueDoesNotExist) return false;
  return cause instanceof SQSServiceException || cause instanceof TooLarge || isNoSqs(cause);
}

const goesOn = 'Nothing is lost meanwhile: jobs go on without it, a little later.';
const correct = 'Correct TIDEPOOL_QUEUE_URL, or leave it out for the embedded queue.';

function troubleOf(url: string, error: unknown): Trouble {
  const { hostname, port } = new URL(url);
  const trouble = (detail: string, fix: string, commands: string[] = []): Trouble => ({ detail, fix, commands });
  const [name, message] = error instanceof Error ? [error.name, firstLine(error.message)] : ['', String(error)];
  const code = error instanceof Error && 'code' in error ? String(error.code) : name;

  if (code === 'ECONNREFUSED') {
    if (!isLoopback(hostname)) return trouble(`Nothing listens at ${url}.`, `Start the queue there. ${goesOn}`);
    const command = port === '9324' ? 'npm run elasticmq' : `npm run elasticmq -- --port ${port}`;
    return trouble(`Nothing listens at ${url}.`, `Start the queue. ${goesOn}`, [command]);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return trouble(`The name ${hostname} is not known here.`, correct);
  }
  if (silences.has(code)) return trouble(`${url} does not answer.`, `See what is wrong with it there. ${goesOn}`);
  if (isTls(code)) {
    return trouble(`No secure connection to ${url} can be made: ${message}`, `${correct} Is it http, not https?`);
  }
  if (error instanceof SQSServiceException && error.name !== 'Unknown') {
    const { httpStatusCode } = error.$metadata;
    if (httpStatusCode !== 401 && httpStatusCode !== 403) {
      const fix =
        httpStatusCode !== undefined && httpStatusCode >= 500
          ? `See the log of the queue's server, or restart it. ${goesOn}`
          : `Let the owner of the queue's server allow what it names, or name another server in TIDEPOOL_QUEUE_URL. ${goesOn}`;
      return trouble(`The queue at ${url} answered: ${name}: ${message}`, fix);
    }
    const fix =
      'Put key and secret of the same region into TIDEPOOL_QUEUE_URL, percent-encoded: https://KEY:SECRET@sqs.REGION.amazonaws.com';
    return trouble(`The queue at ${url} refuses us: ${name}: ${message}`, fix);
  }
  if (isNoSqs(error) || error instanceof SQSServiceException) {
    return trouble(`${url} answers, but not as an SQS server does.`, correct);
  }
  return trouble(`The queue at ${url} cannot be used: ${message}`, correct);
}

/** Codes of Node's sockets, and the names of what ends a wait: ours, and the SDK's. */
const silences: ReadonlySet<string> = new Set([
  'AbortError',
  'TimeoutError',
  'ETIMEDOUT',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What reading an answer fails with that is no HTTP, no JSON, or lacks what every SQS server says. */
function isNoSqs(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return noSqs.has(error.name) || ('code' in error && String(error.code).startsWith('HPE_'));
}

const noSqs: ReadonlySet<string> = new Set(['SyntaxError', 'TypeError', 'ZodError']);

/** OpenSSL's names of what is wrong with a certificate, and Node's of a handshake that failed. */
function isTls(code: string): boolean {
  return code === 'EPROTO' || /CERT|^ERR_TLS|^ERR_SSL|^UNABLE_TO_/.test(code);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
