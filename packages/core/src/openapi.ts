/** OpenAPI 3.1, generated from the contract. Deterministic: the same contract gives the same bytes. */
import { z } from 'zod';
import { contract } from './contract.ts';
import { bodyErrors, commonErrors, type Endpoint } from './endpoint.ts';
import { catalogue, type ErrorCode } from './errors.ts';
import { problem, problemContentType } from './problem.ts';

export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, endpoint] of Object.entries<Endpoint>(contract)) {
    const path = endpoint.path.replace(/:([a-z]+)/gi, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(operationId, endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tidepool',
      version,
      description:
        'A private cloud IDE on one host. Changes answer 202 with the workspace and the job that carries them out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    security: [{ basic: [] }],
    paths,
    components: {
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

function operation(operationId: string, endpoint: Endpoint): Record<string, unknown> {
  const errors: ErrorCode[] = [...commonErrors, ...(endpoint.body ? bodyErrors : []), ...endpoint.errors];
  return {
    operationId,
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    parameters: [
      ...parameters(endpoint.params, 'path'),
      ...parameters(endpoint.query, 'query'),
      ...(endpoint.idempotent
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: false,
              description: 'The same key with the same request gives the same answer for 24 hours.',
              schema: { type: 'string', minLength: 1, maxLength: 200 },
            },
          ]
        : []),
    ],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } },
          },
        }
      : {}),
    responses: { [endpoint.status]: goodAnswer(endpoint), ...badAnswers(errors) },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): unknown[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function goodAnswer(endpoint: Endpoint): unknown {
  const description = endpoint.status === 202 ? 'Accepted: the job carries it out' : 'Done';
  if (endpoint.response) {
    return { description, content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } };
  }
  return {
    description,
    content: { [endpoint.contentType ?? 'application/octet-stream']: { schema: { type: 'string' } } },
  };
}

function badAnswers(codes: readonly ErrorCode[]): Record<string, unknown> {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => catalogue[code].status);
  const answers = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    answers.map(([status, members]) => [
      status,
      {
        description: members.map((code) => `\`${code}\`: ${catalogue[code].title}`).join('. '),
        content: { [problemContentType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return rest;
}
