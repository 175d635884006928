/** The contract's promises about snapshots and copies; where the runtime says that it cannot, that it refuses. */
import { expect, test } from 'vitest';
import type { InstanceSpec } from '../runtime.ts';
import { at, type ContractBench, type Declared, job, refusal, signal } from './bench.ts';

export function testSnapshots(opened: () => ContractBench, { can }: Declared): void {
  if (can.includes('snapshot')) testKept(opened);
  else {
    test('a snapshot is refused as unsupported', async () => {
      const { runtime, started } = opened();
      const { id } = await started();
      await expect(runtime.snapshot(id, 'first', at(1))).rejects.toEqual(refusal('unsupported'));
    });
  }
  if (can.includes('clone')) testCopied(opened);
  else {
    test('a copy is refused as unsupported, and nothing is made', async () => {
      const { runtime, started, spec } = opened();
      const { id } = await started();
      const copy = spec();
      await expect(runtime.clone(copy, { id, snapshot: null }, at(1))).rejects.toEqual(refusal('unsupported'));
      expect(await runtime.inspect(copy.id, signal)).toBeNull();
    });
  }
  if (can.includes('snapshot') && can.includes('clone')) testCopiedFromKept(opened);
}

function testKept(opened: () => ContractBench): void {
  test('of what is not there no snapshot is made', async () => {
    const { runtime, spec } = opened();
    await expect(runtime.snapshot(spec().id, 'first', at(1))).rejects.toEqual(refusal('instance_not_found'));
  });

  test('a lower fence keeps nothing', async () => {
    const { runtime, started } = opened();
    const { id } = await started();
    await runtime.stop(id, at(7));
    await expect(runtime.snapshot(id, 'first', at(6))).rejects.toEqual(refusal('fence_lost'));
  });
}

function testCopied(opened: () => ContractBench): void {
  test('a copy has the disk as it is, stopped; one that exists stays as it is', async () => {
    const { runtime, started, spec } = opened();
    const [source, copy] = [await started(), spec()];
    await write(opened(), source.id, 'one');
    await runtime.stop(source.id, at(1));
    await runtime.clone(copy, { id: source.id, snapshot: null }, at(3));
    expect(await runtime.inspect(copy.id, signal)).toEqual({
      id: copy.id,
      state: 'stopped',
      startedBy: null,
      fence: 3,
    });
    await runtime.start(source, job(1));
    await write(opened(), source.id, 'two');
    await runtime.stop(source.id, at(1));
    await runtime.clone(copy, { id: source.id, snapshot: null }, at(3));
    await runtime.start(copy, job(3));
    expect((await opened().run(copy.id, ['cat', 'file'])).out).toBe('one\n');
    await runtime.stop(copy.id, at(3));
  });

  test('what an instance was copied from can be removed', async () => {
    const { runtime, started, spec } = opened();
    const [source, copy, late] = [await started(), spec(), spec()];
    await write(opened(), source.id, 'one');
    await runtime.stop(source.id, at(1));
    await runtime.clone(copy, { id: source.id, snapshot: null }, at(1));
    await runtime.remove(source.id, at(1));
    expect(await runtime.inspect(source.id, signal)).toBeNull();
    expect(await content(opened(), copy)).toBe('one\n');
    const gone = { id: source.id, snapshot: null };
    await expect(runtime.clone(late, gone, at(1))).rejects.toEqual(refusal('instance_not_found'));
  });

  test('what is not there is not copied, and nothing is made', async () => {
    const { runtime, spec } = opened();
    const [nobody, copy] = [spec(), spec()];
    const missing = { id: nobody.id, snapshot: null };
    await expect(runtime.clone(copy, missing, at(1))).rejects.toEqual(refusal('instance_not_found'));
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });

  test('a lower fence copies nothing', async () => {
    const { runtime, started, spec } = opened();
    const [source, copy] = [await started(), spec()];
    await runtime.stop(source.id, at(7));
    await runtime.create(copy, at(5));
    await runtime.remove(copy.id, at(5));
    const late = runtime.clone(copy, { id: source.id, snapshot: null }, at(4));
    await expect(late).rejects.toEqual(refusal('fence_lost'));
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });
}

function testCopiedFromKept(opened: () => ContractBench): void {
  test('a snapshot holds the disk as it was; a second one of its name changes nothing', async () => {
    const { runtime, started, spec } = opened();
    const [source, before, after] = [await started(), spec(), spec()];
    await write(opened(), source.id, 'one');
    await runtime.snapshot(source.id, 'first', at(1));
    await write(opened(), source.id, 'two');
    await runtime.snapshot(source.id, 'first', at(1));
    await runtime.stop(source.id, at(1));
    await runtime.clone(before, { id: source.id, snapshot: 'first' }, at(1));
    await runtime.clone(after, { id: source.id, snapshot: null }, at(1));
    expect(await content(opened(), before)).toBe('one\n');
    expect(await content(opened(), after)).toBe('two\n');
    expect(await content(opened(), source)).toBe('two\n');
  });

  test('what a snapshot was copied from can be removed, with its snapshots', async () => {
    const { runtime, started, spec } = opened();
    const [source, copy, late] = [await started(), spec(), spec()];
    await write(opened(), source.id, 'one');
    await runtime.snapshot(source.id, 'first', at(1));
    await runtime.stop(source.id, at(1));
    await runtime.clone(copy, { id: source.id, snapshot: 'first' }, at(1));
    await runtime.remove(source.id, at(1));
    expect(await runtime.inspect(source.id, signal)).toBeNull();
    expect(await content(opened(), copy)).toBe('one\n');
    const gone = { id: source.id, snapshot: 'first' };
    await expect(runtime.clone(late, gone, at(1))).rejects.toEqual(refusal('instance_not_found'));
  });

  test('a snapshot that never was is not copied, and nothing is made', async () => {
    const { runtime, spec } = opened();
    const [source, copy] = [spec(), spec()];
    await runtime.create(source, at(1));
    const unknown = { id: source.id, snapshot: 'never' };
    await expect(runtime.clone(copy, unknown, at(1))).rejects.toEqual(refusal('instance_not_found'));
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });
}

async function write({ run }: ContractBench, id: string, text: string): Promise<void> {
  expect(await run(id, ['sh', '-c', `echo ${text} > file && sync`])).toMatchObject({ code: 0 });
}

/** What is in the file of a stopped instance. */
async function content({ runtime, run }: ContractBench, spec: InstanceSpec): Promise<string> {
  await runtime.start(spec, job(1));
  return (await run(spec.id, ['cat', 'file'])).out;
}
