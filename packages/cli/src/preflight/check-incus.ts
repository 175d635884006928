/** Whether Incus is there for the workspaces: all that its set-up finds where it is asked for, a word where it could be. */
import { type Check, type Look, ok } from './look.ts';

export const checkIncus: Check = async ({ host, config }) => {
  const { runtime, incus } = config;
  if (runtime === 'incus') return [...(await host.incus(config))];
  const mayBe = incus.place.kind === 'https' || host.exists(incus.place.socket);
  if (runtime !== 'auto' || !mayBe) return [];
  const missing = (await host.incus(config)).filter(({ status }) => status === 'failed');
  const common = { id: 'incus', title: 'Incus' };
  if (missing.length === 0) return [ok(common.id, common.title, 'It is set up: workspaces run there.')];
  const what = missing.map(({ title, detail }) => `${title}: ${detail}`).join(' ');
  const detail = `It is here, but not ready for workspaces, so they run in sandboxes. ${what}`;
  const fix = 'Set it up, or keep to sandboxes with TIDEPOOL_RUNTIME=sandbox.';
  const look: Look = { ...common, status: 'warning', detail, fix, commands: ['npm run tidepool -- setup incus'] };
  return [look];
};
