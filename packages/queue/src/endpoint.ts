/** Where the queue is: `TIDEPOOL_QUEUE_URL` taken apart, so that its credentials stay out of whatever is shown. */
import { type Config, TidepoolError } from '@tidepool/core';

export interface QueueEndpoint {
  readonly kind: 'embedded' | 'external';
  /** Without credentials. */
  readonly url: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Servers of one's own check neither; the SDK insists on having them. */
const anyRegion = 'us-east-1';
const anyCredentials = { accessKeyId: 'tidepool', secretAccessKey: 'tidepool' };

/**
 * Amazon's own takes `https://KEY:SECRET@sqs.REGION.amazonaws.com`, both percent-encoded.
 * @throws TidepoolError `invalid_config`
 */
export function queueEndpoint({ port, url }: Config['queue']): QueueEndpoint {
  const embedded = `http://127.0.0.1:${port}`;
  const parsed = new URL(url ?? embedded);
  const credentials =
    parsed.username === ''
      ? anyCredentials
      : { accessKeyId: decoded(parsed.username), secretAccessKey: decoded(parsed.password) };
  return {
    kind: url === null ? 'embedded' : 'external',
    url: `${parsed.origin}${parsed.pathname}`.replace(/\/$/, ''),
    region: /^(?:sqs\.)?([a-z]+(?:-[a-z]+)+-\d)\..*\bamazonaws\.com(?:\.cn)?$/.exec(parsed.hostname)?.[1] ?? anyRegion,
    credentials,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new TidepoolError('invalid_config', {
      detail: 'TIDEPOOL_QUEUE_URL must hold its key and secret percent-encoded: %2F for /, %2B for +, %25 for %.',
      cause,
    });
  }
}
