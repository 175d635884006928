/** What every `Queue` promises (`queue.ts`), as tests: called by the test of each adapter and of the fake. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maxReceiveCount, type Queue, type QueueMessage } from './queue.ts';

/** Opens a queue whose receives wait for `waitSeconds`, on a server without messages. Called once in each test. */
export type OpenQueue = (options: { readonly waitSeconds: number }) => Promise<Queue>;

export function describeQueue(open: OpenQueue): void {
  let queue: Queue;
  let ending: AbortController;

  async function start(waitSeconds: number): Promise<void> {
    queue = await open({ waitSeconds });
    await queue.ensure();
  }

  beforeEach(() => {
    ending = new AbortController();
  });
  afterEach(() => {
    ending.abort(new Error('the test is over'));
    queue.close();
  });

  const receive = (max = 1) => queue.receive({ max, signal: ending.signal });
  const dead = () => queue.receiveDead({ max: 10, signal: ending.signal });

  /** Asks again until something comes: a server may let a receive end empty and show the message to the next. */
  async function next(): Promise<QueueMessage> {
    for (let attempt = 0; attempt < 30; attempt += 1) {
      const [message] = await receive();
      if (message) return message;
    }
    throw new Error('no message came');
  }

  test('a body arrives as it was sent, JSON or not', async () => {
    await start(1);
    const bodies = ['{"jobId":"018f"}', 'no JSON «at all»', ' \n\t<&> '];
    for (const body of bodies) await queue.send(body);
    const received: string[] = [];
    while (received.length < bodies.length) {
      const message = await next();
      received.push(message.body);
      await message.delete();
    }
    expect(received.sort()).toEqual(bodies.sort());
  });

  test('ensure may be called again, by two at once too, and keeps the messages', async () => {
    await start(1);
    await queue.send('kept');
    await Promise.all([queue.ensure(), queue.ensure()]);
    expect((await next()).body).toBe('kept');
  });

  test('where nothing comes, a receive ends with an empty list', async () => {
    await start(1);
    expect(await receive(10)).toEqual([]);
  });

  test('a message sent while a receive waits ends the wait', async () => {
    await start(20);
    const began = performance.now();
    const received = receive();
    await pause(200);
    await queue.send('now');
    expect((await received)[0]?.body).toBe('now');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('a receive brings no more than it asked for', async () => {
    await start(1);
    for (const body of ['1', '2', '3']) await queue.send(body);
    const first = await receive(2);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThanOrEqual(2);
  });

  test('each message goes to one of two who receive at once', async () => {
    await start(1);
    for (let index = 0; index < 6; index += 1) await queue.send(String(index));
    const bodies: string[] = [];
    while (bodies.length < 6) {
      for (const [message] of await Promise.all([receive(), receive()])) if (message) bodies.push(message.body);
    }
    expect(bodies.sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('the same body sent twice is two messages', async () => {
    await start(1);
    await queue.send('twin');
    await queue.send('twin');
    const both = [await next(), await next()];
    expect(both.map(({ body }) => body)).toEqual(['twin', 'twin']);
    await both[0]?.delete();
    await both[1]?.extend(0);
    expect((await next()).receiveCount).toBe(2);
  });

  test('a deleted message never comes again; deleting it twice, or extending it, is no error', async () => {
    await start(1);
    await queue.send('done');
    const message = await next();
    await message.delete();
    await message.delete();
    await message.extend(0);
    expect(await receive(10)).toEqual([]);
  });

  test('a message that was not deleted comes again once its time is up, counted', async () => {
    await start(1);
    await queue.send('again');
    const first = await next();
    expect(first.receiveCount).toBe(1);
    await first.extend(1);
    const second = await next();
    expect(second).toMatchObject({ body: 'again', receiveCount: 2 });
  });

  test('deleting a message after its visibility time is no error', async () => {
    await start(1);
    await queue.send('late');
    const message = await next();
    await message.extend(1);
    await pause(1_200);
    await message.delete();
  });

  test('an extended message stays hidden past the time it had', async () => {
    await start(1);
    await queue.send('held');
    const message = await next();
    await message.extend(1);
    await message.extend(20);
    await pause(1_200);
    expect(await receive(10)).toEqual([]);
    expect(await dead()).toEqual([]);
  });

  test(`a message received ${maxReceiveCount} times and never deleted is a dead letter, one that does not parse too`, async () => {
    await start(1);
    await queue.send('{not json');
    for (let count = 1; count <= maxReceiveCount; count += 1) {
      const message = await next();
      expect(message.receiveCount).toBe(count);
      expect(await dead()).toEqual([]);
      await message.extend(0);
    }
    expect(await receive(10)).toEqual([]);
    const [letter] = await dead();
    expect(letter?.body).toBe('{not json');
    await letter?.delete();
    await letter?.delete();
    expect(await dead()).toEqual([]);
  });

  test('an aborted receive ends with the reason, before its wait is over', async () => {
    await start(20);
    const stop = new AbortController();
    const received = queue.receive({ max: 1, signal: stop.signal });
    stop.abort(new Error('the worker ends'));
    await expect(received).rejects.toThrow('the worker ends');
    await expect(queue.receive({ max: 1, signal: stop.signal })).rejects.toThrow('the worker ends');
  });

  test('a send whose signal is aborted sends nothing', async () => {
    await start(1);
    await expect(queue.send('never', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(await receive(10)).toEqual([]);
  });

  test('a server that answers is found to, with its queues and before they are made', async () => {
    queue = await open({ waitSeconds: 1 });
    expect(await queue.check()).toMatchObject({ id: 'queue', status: 'ok', fix: null });
    await queue.ensure();
    expect(await queue.check()).toMatchObject({ id: 'queue', status: 'ok', fix: null });
  });
}
