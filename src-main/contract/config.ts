import { z } from 'zod';
import { dingtalkConfigSchema, psmConfigSchema } from './connectors-config.ts';

const port = z.int().min(0).max(65535);
/** A Feishu scope, such as `im:message:readonly`. */
export const scopePattern = /^[\w.:-]{1,100}$/;
const minutes = (value: number) => value * 60_000;

/** All settings with their defaults. A setting that is not here does not exist; unknown keys are refused. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      /** 0 asks the system for a free port. */
      port: port.default(5275),
      /** A person has paused the gateway: it answers, and runs no tool. */
      paused: z.boolean().default(false),
      /** Whether an MCP client must prove its key. Off only for tests of other programs. */
      keys: z.boolean().default(true),
      /** Also accept the key as the last path segment, for clients that cannot send headers. */
      keyInPath: z.boolean().default(false),
      /** Origins, such as "http://localhost:6274", whose pages may call. None by default. */
      origins: z.array(z.url()).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      perSession: z.int().positive().default(50),
      perAddress: z.int().positive().default(200),
      sessions: z.int().positive().default(1000),
      sseStreams: z.int().positive().default(200),
      batch: z.int().positive().default(50),
      bodyBytes: z
        .int()
        .positive()
        .default(4 * 1024 * 1024),
      /** Bytes that may wait for a client that does not read its stream. */
      queueBytes: z
        .int()
        .positive()
        .default(8 * 1024 * 1024),
      /** Bytes of past events kept per session, to be replayed after a dropped stream. */
      replayBytes: z
        .int()
        .positive()
        .default(1024 * 1024),
      answerBytes: z
        .int()
        .positive()
        .default(16 * 1024 * 1024),
      /** Bytes of text in one tool result. */
      resultBytes: z
        .int()
        .positive()
        .default(1024 * 1024),
      callMs: z.int().positive().default(60_000),
      upstreamMs: z.int().positive().default(30_000),
      idleMs: z
        .int()
        .positive()
        .default(minutes(24 * 60)),
      /** How long a session without a stream outlives its last one. */
      graceMs: z.int().positive().default(minutes(1)),
    })
    .prefault({}),
  lark: z
    .strictObject({
      /** An app from the developer console, whose secret the environment gives. When new, it becomes the default one. */
      appId: z.string().trim().default(''),
      /** The brand of that app. */
      brand: z.enum(['feishu', 'lark']).default('feishu'),
      /** Set only to reach a stand-in or a private deployment; the brand decides otherwise. */
      openUrl: z.url().optional(),
      accountsUrl: z.url().optional(),
      /** The same for apps of Lark international. */
      larkOpenUrl: z.url().optional(),
      larkAccountsUrl: z.url().optional(),
      tokenEndpoint: z.enum(['v3', 'v2']).default('v3'),
      /**
       * Asked for at sign-in. When empty, LarkGate asks for a small common set of what the app has enabled, and for
       * offline_access alone where that cannot be read: Feishu refuses a sign-in that asks for a scope the app has not
       * enabled. Others are asked for when a call first needs them.
       */
      scopes: z.array(z.string().regex(scopePattern)).max(200).default([]),
    })
    .prefault({}),
  tools: z
    .strictObject({
      /** Names of presets or tools of the official server. */
      enabled: z.array(z.string()).default(['preset.default']),
      language: z.enum(['zh', 'en']).default('en'),
      nameCase: z.enum(['snake', 'camel', 'kebab', 'dot']).default('snake'),
      /** Folders of this computer that tools may upload from and download into. A path without one is in the first. */
      folders: z.array(z.string().min(1)).max(50).default([]),
    })
    .prefault({}),
  dingtalk: dingtalkConfigSchema,
  psm: psmConfigSchema,
  records: z
    .strictObject({
      days: z.int().positive().default(30),
      calls: z.int().positive().default(200_000),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      megabytes: z.int().positive().default(10),
      files: z.int().positive().default(5),
    })
    .prefault({}),
  network: z
    .strictObject({
      /** Follow HTTP_PROXY, HTTPS_PROXY and NO_PROXY for upstreams. Loopback is always direct. */
      proxyFromEnvironment: z.boolean().default(true),
      /** A PEM file with certificates to trust besides the built-in ones. */
      extraCa: z.string().optional(),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
