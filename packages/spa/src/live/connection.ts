/** Whether what the page shows is true now. */
import { z } from 'zod';

export const connection = z.discriminatedUnion('state', [
  z.object({ state: z.literal('connecting') }),
  z.object({ state: z.literal('live') }),
  /**
   * `since`: when we last heard something; `nextTryAt`: null while a try is under way. Both in milliseconds since 1970.
   * `isSignedOut`: Tidepool answers, and asks who we are. `instead`: what something else answers in its place.
   */
  z.object({
    state: z.literal('lost'),
    since: z.number(),
    nextTryAt: z.number().nullable(),
    isSignedOut: z.boolean().optional(),
    instead: z.object({ status: z.number(), type: z.string() }).optional(),
  }),
]);
export type Connection = z.infer<typeof connection>;
