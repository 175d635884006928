/** The messages of the embedded server: `fauxqs`, called in process. It opens no socket and is loaded only when started. */

export interface EngineCall {
  /** `SendMessage`, `CreateQueue`, … */
  readonly action: string;
  /** JSON, as SQS's JSON protocol has it. */
  readonly body: string;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: string;
  /** The value of `x-amzn-query-error`, from which clients take the error's code. */
  readonly error: string | undefined;
}

export interface Engine {
  call(call: EngineCall): Promise<EngineAnswer>;
  close(): Promise<void>;
}

export async function startEngine(): Promise<Engine> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  await app.ready();
  return {
    async call({ action, body }) {
      const { statusCode, headers, payload } = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
        payload: body,
      });
      const error = headers['x-amzn-query-error'];
      return { status: statusCode, body: payload, error: error === undefined ? undefined : String(error) };
    },
    async close() {
      await app.close();
    },
  };
}
