/** Where the queue is: `TIDEPOOL_QUEUE_URL` taken apart, so that its credentials stay out of whatever is shown. */
import type { Config } from '@tidepool/core';

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

/** Amazon's own takes `https://KEY:SECRET@sqs.REGION.amazonaws.com`, both percent-encoded. */
export function queueEndpoint({ port, url }: Config['queue']): QueueEndpoint {
  const embedded = `http://127.0.0.1:${port}`;
  const parsed = new URL(url ?? embedded);
  const credentials =
    parsed.username === ''
      ? anyCredentials
      : { accessKeyId: decodeURIComponent(parsed.username), secretAccessKey: decodeURIComponent(parsed.password) };
  return {
    kind: url === null ? 'embedded' : 'external',
    url: `${parsed.origin}${parsed.pathname}`.replace(/\/$/, ''),
    region: /^(?:sqs\.)?([a-z]+(?:-[a-z]+)+-\d)\..*\bamazonaws\.com(?:\.cn)?$/.exec(parsed.hostname)?.[1] ?? anyRegion,
    credentials,
  };
}
