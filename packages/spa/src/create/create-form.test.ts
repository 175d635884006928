import { expect, test } from 'vitest';
import { checkCreate } from './create-form.ts';

const good = { name: 'web-app', cpus: '2', memory: '4', disk: '20', image: null };
const nobody = new Set<string>();

test('what is right becomes the body, memory in MiB', () => {
  expect(checkCreate({ ...good, memory: '1,5' }, nobody, undefined)).toEqual({
    errors: {},
    body: { name: 'web-app', cpus: 2, memoryMiB: 1536, diskGiB: 20 },
  });
});

test('what is left empty is left to the server', () => {
  expect(checkCreate({ ...good, cpus: '', memory: '', disk: '' }, nobody, undefined).body).toEqual({ name: 'web-app' });
});

test('an image that was chosen is asked for by its name', () => {
  expect(checkCreate({ ...good, image: 'lean' }, nobody, undefined).body).toMatchObject({ image: 'lean' });
});

test.each([
  ['name', { ...good, name: 'we' }, 'at least 3'],
  ['name', { ...good, name: 'Web' }, 'lower-case'],
  ['name', { ...good, name: 'web-' }, 'end in a hyphen'],
  ['name', { ...good, name: 'api' }, 'reserved'],
  ['name', { ...good, name: 'taken' }, 'Taken'],
  ['cpus', { ...good, cpus: '1.5' }, 'whole number'],
  ['cpus', { ...good, cpus: '0' }, 'At least 1'],
  ['disk', { ...good, disk: '4' }, 'At least 5 GiB.'],
  ['disk', { ...good, disk: '20.5' }, 'A whole number of GiB.'],
  ['memory', { ...good, memory: '0.1' }, 'At least 0.5 GiB.'],
  ['memory', { ...good, memory: 'much' }, 'A number, such as'],
] as const)('%s of %j is refused with the reason', (field, input, reason) => {
  const { errors, body } = checkCreate(input, new Set(['taken']), undefined);
  expect(errors[field]).toContain(reason);
  expect(body).toBeNull();
});
