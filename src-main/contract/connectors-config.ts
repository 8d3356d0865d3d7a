import { z } from 'zod';

/** An address that secrets may be sent to: https, or this machine itself, where a stand-in runs. */
const safeUrl = z
  .url()
  .refine(
    (text) => /^https:\/\//i.test(text) || /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/i.test(text),
  )
  // Paths are put behind it.
  .transform((text) => text.replace(/\/+$/, ''));

const text = z.string().trim().default('');

/** DingTalk documents. The app's secret is not a setting: it comes from the environment or from where secrets are kept. */
export const dingtalkConfigSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    appKey: text,
    /** The corpId. Shown to people, and not needed for anything else. */
    tenantId: text,
    baseUrl: safeUrl.default('https://api.dingtalk.com'),
    /** The older host, asked once when only `operatorUserId` is known. */
    oapiBaseUrl: safeUrl.default('https://oapi.dingtalk.com'),
    /** Seconds for which an app token is used at most. */
    tokenCacheTtl: z.int().min(60).max(86_400).default(3600),
    /** The unionId of the person in whose name documents are read and written. DingTalk demands one. */
    operatorId: text,
    /** The same person's userId in the organization, where the unionId is not at hand. */
    operatorUserId: text,
    /** Where documents go when a call names no space; the person's own documents when empty. */
    defaultSpaceId: text,
    /** Requests that one tool call may make; they count against the organization's monthly quota. */
    maxCallsPerTool: z.int().min(4).max(100).default(20),
    /** Requests a month after four fifths of which a warning is shown. */
    monthlyBudget: z.int().positive().default(5000),
    /** DingTalk allows an app 20 a second. */
    callsPerSecond: z.int().min(1).max(20).default(15),
    /** Spends two more requests per update on a version number, which DingTalk has for files in general. */
    readVersion: z.boolean().default(false),
  })
  .prefault({});

export type DingtalkConfig = z.infer<typeof dingtalkConfigSchema>;

/** Services of the intranet. The CAS session is not a setting: it comes from the environment or from where secrets are kept. */
export const psmConfigSchema = z
  .strictObject({
    enabled: z.boolean().default(false),
    /** Gives a JWT for the CAS session. */
    authUrl: safeUrl.default('https://cloud.bytedance.net'),
    /** Service registries, the preferred one first. */
    regions: z
      .array(safeUrl)
      .min(1)
      .max(8)
      .default(['https://ms-neptune.byted.org', 'https://ms-neptune.tiktok-us.org']),
    /** One request. */
    requestMs: z.int().positive().default(30_000),
    /** One search with all its repeats. */
    totalMs: z.int().positive().default(60_000),
    retries: z.int().min(0).max(5).default(2),
    /** Seconds for which an answer with services is good. */
    cacheTtl: z.int().min(0).default(300),
    /** Open connections in all. */
    connections: z.int().min(8).default(100),
    callsPerSecond: z.int().positive().default(50),
  })
  .prefault({});

export type PsmConfig = z.infer<typeof psmConfigSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables that stand for settings, which they win over. The names are those the connectors were specified with. */
const environmentNames = {
  dingtalk: {
    DINGTALK_APP_KEY: 'appKey',
    DINGTALK_TENANT_ID: 'tenantId',
    DINGTALK_BASE_URL: 'baseUrl',
    DINGTALK_OAPI_BASE_URL: 'oapiBaseUrl',
    DINGTALK_TOKEN_CACHE_TTL: 'tokenCacheTtl',
    DINGTALK_OPERATOR_ID: 'operatorId',
    DINGTALK_OPERATOR_USER_ID: 'operatorUserId',
    DINGTALK_DEFAULT_SPACE_ID: 'defaultSpaceId',
    DINGTALK_MAX_CALLS_PER_TOOL: 'maxCallsPerTool',
    DINGTALK_MONTHLY_BUDGET: 'monthlyBudget',
  },
  psm: {
    PSM_AUTH_URL: 'authUrl',
    PSM_REGIONS: 'regions',
  },
} as const;

const numeric: ReadonlySet<string> = new Set(['tokenCacheTtl', 'maxCallsPerTool', 'monthlyBudget']);

export interface ConnectorSecrets {
  dingtalkAppSecret: string | undefined;
  casSession: string | undefined;
}

/** The settings that the environment gives, still to be checked by the schemas, and the secrets, which are none. */
export function connectorsFromEnvironment(environment: Environment): {
  dingtalk: Record<string, unknown>;
  psm: Record<string, unknown>;
  secrets: ConnectorSecrets;
} {
  return {
    dingtalk: settingsOf(environmentNames.dingtalk, environment),
    psm: settingsOf(environmentNames.psm, environment),
    secrets: {
      dingtalkAppSecret: given(environment['DINGTALK_APP_SECRET']),
      casSession: given(environment['CAS_SESSION']),
    },
  };
}

function settingsOf(names: Readonly<Record<string, string>>, environment: Environment): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(names)) {
    const value = given(environment[name]);
    if (value !== undefined) settings[setting] = parsed(setting, value);
  }
  return settings;
}

function parsed(setting: string, value: string): unknown {
  if (setting === 'regions') return value.split(',').map((one) => one.trim());
  // A number that is none is left for the schema to refuse.
  return numeric.has(setting) && /^\d+$/.test(value) ? Number(value) : value;
}

/** An empty variable is none; a file read into one often ends in a line break. */
function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
