/** RFC 9457 problem documents: the one form in which the API says that something is wrong. */
import { z } from 'zod';
import { catalogue, TidepoolError } from './errors.ts';

export const problem = z.looseObject({
  /** `urn:tidepool:error:<code>`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  fields: z.array(z.strictObject({ field: z.string(), message: z.string() })),
  fix: z.string(),
  /** To find the request in the server's log. */
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

export const problemContentType = 'application/problem+json';

/** Anything that is no `TidepoolError` becomes `internal`, and says nothing of its inside. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known = error instanceof TidepoolError ? error : new TidepoolError('internal');
  const { status, title } = catalogue[known.code];
  return {
    ...known.extra,
    type: `urn:tidepool:error:${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
    fields: [...known.fields],
    fix: known.fix,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** For `safeParse(value, { error: plainMessage })`: what zod would say of a type; a schema's own message goes first. */
export const plainMessage: z.core.$ZodErrorMap = ({ code, expected, input }) => {
  if (code !== 'invalid_type') return undefined;
  const kind = typeWords[expected] ?? `a value of type ${expected}`;
  return input === undefined ? `Required. Send ${kind}.` : `Expected ${kind}.`;
};

const typeWords: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a boolean',
  object: 'an object',
  array: 'an array',
};

/** zod's issues as the fields of a problem document. `root` names the place where they were found: `body`, `query`, … */
export function fieldErrors(error: z.ZodError, root: string): { field: string; message: string }[] {
  return error.issues.flatMap((issue) => {
    const path = [root, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...path, key].join('.'),
        message: 'This field is unknown. Leave it out.',
      }));
    }
    return [{ field: path.join('.'), message: issue.message }];
  });
}
