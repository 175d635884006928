/** Long polling for the embedded server: a receive looks at once, then whenever something changed, until its time is up. */
import { z } from 'zod';
import { createBell } from './bell.ts';
import type { Engine, EngineAnswer, EngineCall } from './engine.ts';

/** Nothing rings when a visibility time runs out, so a waiting receive also looks this often, in milliseconds. */
const lookMs = 1_000;

export interface Receive {
  /** `gone`: the client has left. What was taken for it is put back, so that the next one gets it at once. */
  wait(call: EngineCall, gone: AbortSignal): Promise<EngineAnswer>;
  /** Any other call: it may have made a message visible. */
  change(call: EngineCall): Promise<EngineAnswer>;
}

export function createReceive(engine: Engine): Receive {
  const bell = createBell();

  async function change(call: EngineCall): Promise<EngineAnswer> {
    const answer = await engine.call(call);
    bell.ring();
    return answer;
  }

  return {
    change,
    async wait(call, gone) {
      const { success, data: request } = receiveRequest.safeParse(call.body);
      if (!success) return invalid;
      const end = performance.now() + request.WaitTimeSeconds * 1_000;
      const look = { ...call, body: JSON.stringify({ ...request, WaitTimeSeconds: 0 }) };
      for (;;) {
        const seen = bell.rings;
        const answer = await engine.call(look);
        const messages = answer.status === 200 ? receiveAnswer.parse(answer.body).Messages : [];
        if (gone.aborted) {
          for (const { ReceiptHandle } of messages) await change(putBack(request.QueueUrl, ReceiptHandle));
          return answer;
        }
        const leftMs = end - performance.now();
        if (answer.status !== 200 || messages.length > 0 || leftMs <= 0) return answer;
        await bell.heard(seen, Math.min(leftMs, lookMs), gone);
      }
    },
  };
}

function putBack(QueueUrl: string, ReceiptHandle: string): EngineCall {
  const body = JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  return { action: 'ChangeMessageVisibility', body };
}

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('not JSON');
    return z.NEVER;
  }
});
const receiveRequest = json.pipe(
  z.looseObject({ QueueUrl: z.string(), WaitTimeSeconds: z.number().min(0).max(20).default(0) }),
);
const receiveAnswer = json.pipe(z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]) }));

const invalid: EngineAnswer = {
  status: 400,
  body: JSON.stringify({ __type: 'com.amazonaws.sqs#InvalidParameterValue', message: 'Not a valid ReceiveMessage' }),
  error: 'InvalidParameterValue;Sender',
};
