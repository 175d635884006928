import { TidepoolError, toProblem } from '@tidepool/core';
import { expect, test } from 'vitest';
import { checkCreate, hasCredentials, refusedFields } from './create-form.ts';

const good = { name: 'web-app', cpus: '2', memory: '4', disk: '20', image: null, git: '', ref: '' };

test('what is right becomes the body, memory in MiB', () => {
  expect(checkCreate({ ...good, memory: '1,5' }, undefined)).toEqual({
    errors: {},
    body: { name: 'web-app', cpus: 2, memoryMiB: 1536, diskGiB: 20 },
  });
});

test('what is left empty is left to the server', () => {
  expect(checkCreate({ ...good, cpus: '', memory: '', disk: '' }, undefined).body).toEqual({ name: 'web-app' });
  expect(checkCreate({ ...good, disk: null }, undefined).body).not.toHaveProperty('diskGiB');
});

test('an image that was chosen is asked for by its name', () => {
  expect(checkCreate({ ...good, image: 'lean' }, undefined).body).toMatchObject({ image: 'lean' });
});

test('a repository is asked for with its branch, or with its default', () => {
  const git = 'https://example.org/team/project.git';
  expect(checkCreate({ ...good, git: ` ${git} ` }, undefined).body).toMatchObject({ source: { git } });
  expect(checkCreate({ ...good, git, ref: 'next' }, undefined).body).toMatchObject({ source: { git, ref: 'next' } });
  expect(checkCreate(good, undefined).body).not.toHaveProperty('source');
});

test.each([
  ['name', { ...good, name: 'we' }, 'at least 3'],
  ['name', { ...good, name: 'Web' }, 'lower-case'],
  ['name', { ...good, name: 'web-' }, 'end in a hyphen'],
  ['name', { ...good, name: 'api' }, 'reserved'],
  ['cpus', { ...good, cpus: '1.5' }, 'whole number'],
  ['cpus', { ...good, cpus: '0' }, 'At least 1'],
  ['disk', { ...good, disk: '4' }, 'At least 5 GiB.'],
  ['disk', { ...good, disk: '20.5' }, 'A whole number of GiB.'],
  ['memory', { ...good, memory: '0.1' }, 'At least 0.5 GiB.'],
  ['memory', { ...good, memory: 'much' }, 'A number, such as'],
  ['git', { ...good, git: 'git@example.org:team/project' }, 'begins with https://'],
  ['git', { ...good, git: 'https://me:secret@example.org/team/project' }, 'No user name, password or token'],
  ['git', { ...good, ref: 'main' }, 'Name the repository'],
  ['ref', { ...good, git: 'https://example.org/project', ref: 'a..b' }, 'no name of a branch'],
] as const)('%s of %j is refused with the reason', (field, input, reason) => {
  const { errors, body } = checkCreate(input, undefined);
  expect(errors[field]).toContain(reason);
  expect(body).toBeNull();
});

test('what the server refuses stands at its field', () => {
  const fields = [
    { field: 'body.name', message: 'In use.' },
    { field: 'body.source.git', message: 'Not this one.' },
  ];
  expect(refusedFields(toProblem(new TidepoolError('name_taken', { fields })))).toEqual({
    name: 'In use.',
    git: 'Not this one.',
  });
  expect(refusedFields(null)).toEqual({});
});

test('an address with credentials is known as one', () => {
  expect(hasCredentials('https://me:secret@example.org/project')).toBe(true);
  expect(hasCredentials('https://token@')).toBe(true);
  expect(hasCredentials('https://example.org/@team/project')).toBe(false);
});
