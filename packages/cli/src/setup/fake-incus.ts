/** An Incus for tests: what a test says is in it, and the changes that it was asked for. */
import { type Change, type IncusClient, IncusError } from '@tidepool/runtime';

export interface FakeIncus extends IncusClient {
  /** `DELETE /1.0/instances/web?project=tidepool`, in their order. */
  readonly changes: string[];
}

/** @param objects by path with its query, such as `/1.0/images?project=tidepool`: a list is there where it is named */
export function fakeIncus(objects: Readonly<Record<string, unknown>>): FakeIncus {
  const changes: string[] = [];
  const find: IncusClient['find'] = async (path, schema) => {
    const object = objects[path.replace(/[?&]recursion=1/, '')];
    return object === undefined ? null : { value: schema.parse(object), etag: null };
  };
  const unknown = () => Promise.reject(new IncusError(501, 'not of this fake'));
  return {
    changes,
    place: { kind: 'unix', socket: '/var/lib/incus/unix.socket' },
    find,
    async read(path, schema, signal) {
      const found = await find(path, schema, signal);
      if (found === null) throw new IncusError(404, `${path} not found`);
      return found;
    },
    async change({ method, path }: Change) {
      changes.push(`${method} ${path}`);
      return {};
    },
    text: unknown,
    begin: unknown,
    wait: unknown,
    socket(path) {
      throw new IncusError(501, path);
    },
    async close() {},
  };
}
