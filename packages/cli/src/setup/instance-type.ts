/** Whether instances of the type that is insisted on are possible. Looked at only: no set-up gives a machine what it lacks. */
import { TidepoolError } from '@tidepool/core';
import { canRunMachines, chooseType, hasMachineImage, incusReplies } from '@tidepool/runtime';
import type { Setup, Step } from './setup.ts';
import type { Survey } from './survey.ts';

export const instanceType: Step = {
  id: 'incus.type',
  title: 'Virtual machines or containers',
  isInside: false,
  async look(setup, survey) {
    const { type } = setup.config.incus;
    // A daemon that is yet to run will have found what this host has.
    const canRun = survey.server === null ? survey.canVirtualize : canRunMachines(survey.server.driver);
    try {
      const chosen = chooseType(type, canRun, await machineImage(setup, survey));
      const insisted = type === 'auto' ? '' : ', as TIDEPOOL_INCUS_TYPE says';
      return {
        kind: 'done',
        detail: `${chosen === 'container' ? 'System containers' : 'Virtual machines'}${insisted}.`,
      };
    } catch (error) {
      if (!(error instanceof TidepoolError && error.code === 'runtime_type_unavailable')) throw error;
      return { kind: 'blocked', detail: error.message, fix: error.fix };
    }
  },
  async apply() {},
};

/** While there is no project there cannot be one: whoever insists may bring it when there is. */
async function machineImage({ config, incus, signal }: Setup, { objects }: Survey): Promise<boolean> {
  const { project, type } = config.incus;
  const at = `/1.0/projects/${project}`;
  const space = objects === null ? null : await incus.find(at, incusReplies.project, signal);
  if (space === null) return type === 'virtual-machine';
  return hasMachineImage(incus, project, signal);
}
