/** Bounds what an answer may bring: the SDK reads whatever comes for as long as it may wait, and what answers need not be a queue. */
import { pipeline, Readable, Transform } from 'node:stream';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Bytes. Ten messages of the largest size that SQS allows, 1 MiB each, and what stands around them. */
const mostBytes = 16 * 2 ** 20;

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** An answer that is larger fails, and its connection ends. */
export function limitAnswers(client: SQSClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (
        typeof response === 'object' &&
        response !== null &&
        'body' in response &&
        response.body instanceof Readable
      ) {
        response.body = limited(response.body);
      }
      return result;
    },
    // The last before the connection: nobody has read yet.
    { step: 'deserialize', priority: 'low', name: 'limitAnswers' },
  );
}

function limited(body: Readable): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk, _, done) {
      bytes += chunk.length;
      if (bytes <= mostBytes) done(null, chunk);
      else done(new TooLarge(`it answers with more than ${mostBytes / 2 ** 20} MiB.`));
    },
  });
  // Whoever reads is told of a failure by the stream itself.
  return pipeline(body, limit, () => undefined);
}
