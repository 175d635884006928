/** The contract's promises about commands run inside. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { at, type ContractBench, type Declared, signal, until } from './bench.ts';

export function testExec(opened: () => ContractBench, { runsCommands }: Declared): void {
  test('exec passes input, output, errors and the exit code', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const output = text(stdout);
    const done = bench.runtime.exec(id, ['cat'], { stdin, stdout, stderr: new PassThrough() }, signal);
    stdin.end('through\n');
    expect(await done).toBe(0);
    stdout.end();
    expect(await output).toBe('through\n');
    expect(await bench.run(id, ['sh', '-c', 'echo out; echo err >&2; exit 7'])).toEqual({
      code: 7,
      out: 'out\n',
      err: 'err\n',
    });
  });

  test('exec passes arguments as they are, and runs in the project folder', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const odd = ['$HOME', 'a b', '', "'", '-n', 'ü'];
    expect((await bench.run(id, ['printf', '[%s]', ...odd])).out).toBe(odd.map((word) => `[${word}]`).join(''));
    expect((await bench.run(id, ['pwd'])).out).toMatch(/\/project\n$/);
  });

  test('exec says 127 where there is no such command and 128 + the signal where one ended it', async () => {
    const bench = opened();
    const { id } = await bench.started();
    expect((await bench.run(id, ['no-such-command'])).code).toBe(127);
    expect((await bench.run(id, ['sh', '-c', 'kill -TERM $$'])).code).toBe(128 + 15);
  });

  test('a large output of exec arrives whole', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const { out } = await bench.run(id, ['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x']);
    expect(out.length).toBe(3_000_000);
  });

  test('aborting exec ends the command', async () => {
    const bench = opened();
    const { id } = await bench.started();
    const abort = new AbortController();
    const stdout = new PassThrough();
    const mark = `${600 + Math.floor(Math.random() * 1e6)}`;
    const streams = { stdin: null, stdout, stderr: new PassThrough() };
    const done = bench.runtime.exec(id, ['sh', '-c', `echo ready; sleep ${mark}; echo late`], streams, abort.signal);
    await new Promise((resolve) => stdout.once('data', resolve));
    abort.abort();
    expect(await done).toBeGreaterThan(128);
    const alive = ['sh', '-c', `grep -alz "^${mark}$" /proc/[0-9]*/cmdline 2>/dev/null | grep -v "^/proc/$$/"`];
    await until(async () => (await bench.run(id, alive)).out === '');
  });

  if (runsCommands) {
    test('exec ends when its instance is stopped', async () => {
      const bench = opened();
      const { id } = await bench.started();
      const streams = { stdin: null, stdout: new PassThrough(), stderr: new PassThrough() };
      const done = bench.runtime.exec(id, ['sleep', '600'], streams, signal);
      await bench.runtime.stop(id, at(2));
      expect(await done).not.toBe(0);
    });
  }
}
