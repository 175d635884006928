import { expect, test } from 'vitest';
import { z } from 'zod';
import { catalogue } from './errors.ts';
import { fieldErrors, plainMessage, problem, toProblem } from './problem.ts';

test('what is no error of ours says nothing of its inside', () => {
  const shown = JSON.stringify(toProblem(new Error('SELECT password FROM secrets')));
  expect(shown).not.toContain('SELECT');
  expect(problem.parse(JSON.parse(shown))).toMatchObject({ code: 'internal', status: 500 });
});

test('each refused field is named where it stands, an unknown one by its own name', () => {
  const schema = z.strictObject({ ports: z.array(z.strictObject({ port: z.int() })) });
  const { error } = schema.safeParse({ ports: [{ port: 'x', tls: true }], extra: 1 });
  expect(error && fieldErrors(error, 'body').map(({ field }) => field)).toEqual([
    'body.ports.0.port',
    'body.ports.0.tls',
    'body.extra',
  ]);
});

test('a missing field and a wrong type are said in plain words, unless the schema has its own', () => {
  const schema = z.strictObject({
    name: z.string(),
    cpus: z.int('A whole number of cores.'),
    keep: z.boolean(),
    port: z.int(),
  });
  const { error } = schema.safeParse({ cpus: 'x', keep: 1, port: 1.5 }, { error: plainMessage });
  expect(error && fieldErrors(error, 'body').map(({ message }) => message)).toEqual([
    'Required. Send a string.',
    'A whole number of cores.',
    'Expected a boolean.',
    'Expected a whole number.',
  ]);
});

test('every error of the catalogue has a title and a fix that are sentences without a shout', () => {
  for (const { title, fix, status } of Object.values(catalogue)) {
    expect(title).toMatch(/^[A-Z].*[^.!]$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
    expect(status).toBeGreaterThanOrEqual(400);
  }
});
