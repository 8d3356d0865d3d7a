import { z } from 'zod';

export const endpointSchema = z.object({
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  /**
   * How a client speaks there: `bare` posts requests one by one (the official server keeps nothing between them),
   * `session` is the 2025-11-25 handshake with its event stream, `stateless` is the 2026-07-28 revision.
   */
  dialect: z.enum(['bare', 'session', 'stateless']),
  /** Whose token must have reached Feishu. */
  reads: z.enum(['user', 'app']),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** What the generator is asked to do. */
export const jobSchema = z.discriminatedUnion('do', [
  /** Load a server for about `ms`. `pid` is the server's. */
  z.object({
    do: z.literal('load'),
    endpoint: endpointSchema,
    pid: z.int(),
    operation: z.enum(['list', 'call']),
    clients: z.int(),
    ms: z.int(),
  }),
  /** Open clients that stay until `close`. */
  z.object({ do: z.literal('open'), endpoint: endpointSchema, clients: z.int() }),
  z.object({ do: z.literal('close') }),
]);
export type Job = z.infer<typeof jobSchema>;
export type LoadJob = Extract<Job, { do: 'load' }>;
export type Operation = LoadJob['operation'];

export const loadSchema = z.object({
  requests: z.int(),
  perSecond: z.number(),
  /** Milliseconds. */
  p50: z.number(),
  p99: z.number(),
  /** CPU milliseconds of the server per request. */
  cpu: z.number(),
  answerBytes: z.int(),
});
export type Load = z.infer<typeof loadSchema>;

export const replySchema = z.union([z.object({ result: loadSchema.nullable() }), z.object({ error: z.string() })]);
export type Reply = z.infer<typeof replySchema>;
