/** A listing of all objects of an Incus: what `--undo` has to leave as it was. */
import type { IncusClient } from '@tidepool/runtime';
import { z } from 'zod';
import { listObjects } from '../../src/setup/list-objects.ts';

const object = z.looseObject({
  name: z.string().optional(),
  fingerprint: z.string().optional(),
  /** Where a project uses those of the default one, they are listed in both. */
  project: z.string().optional(),
  used_by: z.array(z.string()).nullish(),
});
const ofProjects = ['instances', 'images', 'images/aliases', 'profiles', 'networks', 'network-acls', 'network-zones'];
const ofServer = ['certificates', 'projects', 'storage-pools'];

/** By kind, project and name; the interfaces of the machine itself come and go with other tests. */
export async function everything(client: IncusClient): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(60_000);
  const list = (path: string) => listObjects(client, `/1.0/${path}`, object, signal);
  const names = async (kind: string) => (await list(kind)).map(({ name }) => name ?? '');
  const [projects, pools] = await Promise.all([names('projects'), names('storage-pools')]);
  const inProjects = [...ofProjects, ...pools.map((pool) => `storage-pools/${pool}/volumes`)];
  const places = [
    ...projects.flatMap((project) => inProjects.map((kind) => ({ kind, project }))),
    ...ofServer.map((kind) => ({ kind, project: '' })),
  ];
  const found = await Promise.all(
    places.map(async ({ kind, project }) => {
      const objects = await list(project === '' ? kind : `${kind}?project=${project}`);
      const own = objects.filter(({ managed }) => managed !== false);
      return own.map(({ used_by: users, ...rest }) => {
        const name = rest.name ?? rest.fingerprint ?? '';
        const value = { ...rest, used_by: [...(users ?? [])].sort() };
        return [`${kind} ${rest.project ?? project}/${name}`, value] as const;
      });
    }),
  );
  const server = await client.read('/1.0', z.object({ config: z.record(z.string(), z.unknown()) }), signal);
  return { settings: server.value.config, ...Object.fromEntries(found.flat()) };
}
