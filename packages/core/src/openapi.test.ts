import { expect, test } from 'vitest';
import { contract } from './contract.ts';
import { openApi } from './openapi.ts';

const document = openApi('1.2.3') as {
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string }[] }>>;
};

test('each endpoint of the contract stands in it once', () => {
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(ids.sort()).toEqual(Object.keys(contract).sort());
});

test('each variable of a path is a parameter', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(methods))
      expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(variables));
  }
});

test('the same contract gives the same bytes', () => {
  expect(JSON.stringify(openApi('1.2.3'))).toBe(JSON.stringify(document));
});
