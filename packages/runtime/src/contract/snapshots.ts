/** The contract's promises about snapshots and copies; where the runtime says that it cannot, that it refuses. */
import { expect, test } from 'vitest';
import type { InstanceSpec } from '../runtime.ts';
import { at, type ContractBench, job, refusal, signal } from './bench.ts';

export function testSnapshots(opened: () => ContractBench): void {
  const write = async (id: string, text: string) => {
    expect(await opened().run(id, ['sh', '-c', `echo ${text} > file && sync`])).toMatchObject({ code: 0 });
  };
  const stopped = async ({ id }: InstanceSpec) => opened().runtime.stop(id, at(1));
  /** What is in the file of a stopped instance. */
  const content = async (spec: InstanceSpec) => {
    await opened().runtime.start(spec, job(1));
    return (await opened().run(spec.id, ['cat', 'file'])).out;
  };

  test('without the capability, a snapshot or a copy is refused, and nothing is made', async () => {
    const { runtime, started, spec, capabilities } = opened();
    const { snapshot, clone } = await capabilities();
    const { id } = await started();
    const copy = spec();
    if (!snapshot) await expect(runtime.snapshot(id, 'first', at(1))).rejects.toEqual(refusal('unsupported'));
    if (clone) return;
    await expect(runtime.clone(copy, { id, snapshot: null }, at(1))).rejects.toEqual(refusal('unsupported'));
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });

  test('a copy has the disk as it is, stopped; one that exists stays as it is', async () => {
    const { runtime, started, spec, capabilities } = opened();
    if (!(await capabilities()).clone) return;
    const [source, copy] = [await started(), spec()];
    await write(source.id, 'one');
    await stopped(source);
    await runtime.clone(copy, { id: source.id, snapshot: null }, at(3));
    expect(await runtime.inspect(copy.id, signal)).toEqual({
      id: copy.id,
      state: 'stopped',
      startedBy: null,
      fence: 3,
    });
    await runtime.start(source, job(1));
    await write(source.id, 'two');
    await stopped(source);
    await runtime.clone(copy, { id: source.id, snapshot: null }, at(3));
    await runtime.start(copy, job(3));
    expect((await opened().run(copy.id, ['cat', 'file'])).out).toBe('one\n');
    await runtime.stop(copy.id, at(3));
  });

  test('a snapshot holds the disk as it was; a second one of its name changes nothing', async () => {
    const { runtime, started, spec, capabilities } = opened();
    const { snapshot, clone } = await capabilities();
    if (!snapshot || !clone) return;
    const [source, before, after] = [await started(), spec(), spec()];
    await write(source.id, 'one');
    await runtime.snapshot(source.id, 'first', at(1));
    await write(source.id, 'two');
    await runtime.snapshot(source.id, 'first', at(1));
    await stopped(source);
    await runtime.clone(before, { id: source.id, snapshot: 'first' }, at(1));
    await runtime.clone(after, { id: source.id, snapshot: null }, at(1));
    expect(await content(before)).toBe('one\n');
    expect(await content(after)).toBe('two\n');
    expect(await content(source)).toBe('two\n');
  });

  test('what an instance was copied from can be removed, with its snapshots', async () => {
    const { runtime, started, spec, capabilities } = opened();
    const { snapshot, clone } = await capabilities();
    if (!clone) return;
    const [source, copy, late] = [await started(), spec(), spec()];
    await write(source.id, 'one');
    if (snapshot) await runtime.snapshot(source.id, 'first', at(1));
    await stopped(source);
    await runtime.clone(copy, { id: source.id, snapshot: snapshot ? 'first' : null }, at(1));
    await runtime.remove(source.id, at(1));
    expect(await runtime.inspect(source.id, signal)).toBeNull();
    expect(await content(copy)).toBe('one\n');
    const gone = { id: source.id, snapshot: snapshot ? 'first' : null };
    await expect(runtime.clone(late, gone, at(1))).rejects.toEqual(refusal('instance_not_found'));
  });

  test('what is not there is neither kept nor copied, and nothing is made', async () => {
    const { runtime, spec, capabilities } = opened();
    const { snapshot, clone } = await capabilities();
    const [nobody, copy] = [spec(), spec()];
    if (snapshot) {
      await expect(runtime.snapshot(nobody.id, 'first', at(1))).rejects.toEqual(refusal('instance_not_found'));
    }
    if (!clone) return;
    const missing = { id: nobody.id, snapshot: null };
    await expect(runtime.clone(copy, missing, at(1))).rejects.toEqual(refusal('instance_not_found'));
    if (snapshot) {
      await runtime.create(nobody, at(1));
      const unknown = { id: nobody.id, snapshot: 'never' };
      await expect(runtime.clone(copy, unknown, at(1))).rejects.toEqual(refusal('instance_not_found'));
    }
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });

  test('a lower fence keeps and copies nothing', async () => {
    const { runtime, started, spec, capabilities } = opened();
    const { snapshot, clone } = await capabilities();
    const source = await started();
    await runtime.stop(source.id, at(7));
    if (snapshot) {
      await expect(runtime.snapshot(source.id, 'first', at(6))).rejects.toEqual(refusal('fence_lost'));
    }
    if (!clone) return;
    const copy = spec();
    await runtime.create(copy, at(5));
    await runtime.remove(copy.id, at(5));
    const late = runtime.clone(copy, { id: source.id, snapshot: null }, at(4));
    await expect(late).rejects.toEqual(refusal('fence_lost'));
    expect(await runtime.inspect(copy.id, signal)).toBeNull();
  });
}
