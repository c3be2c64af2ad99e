import { z } from 'zod';
import { inWords } from './input.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// URL');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

/** As a browser writes it: no path, no slash at the end. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

const trustMode = '(off|log|enforce)';

const paths = z.string().transform((text) => text.split(',').map((path) => path.trim()));

const uris = z
  .string()
  .transform((text) => text.split(',').map((uri) => uri.trim()))
  .refine(
    (list) => list.every((uri) => httpUrl.safeParse(uri).success && !uri.includes('#')),
    'must be http(s) URLs without a fragment',
  );

/** Pairs like `name=value,other=value`, percent-encoded where need be. Source: W3C Baggage §3.2.1, without its properties. */
const pairs = z.string().transform((text, context) => {
  const form = /^\s*([^\s=,;]+)\s*=\s*([^\s,;]*)\s*$/;
  const read = text.split(',').map((pair) => form.exec(pair)?.slice(1).map(decoded));
  if (read.every((pair) => pair?.every((each) => each !== null))) {
    return Object.fromEntries(read as [string, string][]);
  }
  const message = 'must be pairs like name=value, with commas between them';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The variables, each with its default. What they mean is told in docs/operations.md. */
const environment = z.object({
  PORT: port.optional(),
  HOST: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: postgresUrl.optional(),
  MEMBERS_DATABASE_URL: postgresUrl.optional(),
  PARTNERS_DATABASE_URL: postgresUrl.optional(),
  REWARDS_CATALOG_DATABASE_URL: postgresUrl.optional(),
  COMMUNITY_DATABASE_URL: postgresUrl.optional(),
  IDENTITY_DATABASE_URL: postgresUrl.optional(),
  WORKER_DATABASE_URL: postgresUrl.optional(),
  MEMBERS_URL: httpUrl.optional(),
  PARTNERS_URL: httpUrl.optional(),
  REWARDS_CATALOG_URL: httpUrl.optional(),
  COMMUNITY_URL: httpUrl.optional(),
  IDENTITY_URL: httpUrl.optional(),
  HOP_KEYS: z
    .string()
    .regex(
      /^[\w-]+:[^:,\s]{32,}(,[\w-]+:[^:,\s]{32,})*$/,
      'must be id:secret pairs, 32 characters or more each secret',
    )
    .optional(),
  SEAL_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url')
    .optional(),
  ISSUER: httpUrl.optional(),
  JWKS_URL: httpUrl.optional(),
  AUDIENCE: z.string().min(1).default('https://coalition.example/graphql'),
  MEMBER_REDIRECT_URIS: uris.optional(),
  STAFF_REDIRECT_URIS: uris.optional(),
  SEED: z.enum(['demo', 'none']).optional(),
  GRAPHIQL: z.enum(['on', 'off']).default('on'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// URL')
    .optional(),
  SMS_URL: httpUrl.optional(),
  LOCAL_RECEIVERS: z.enum(['on', 'off']).default('off'),
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), 'must be origins like https://app.example')
    .default([]),
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  GATEWAY_PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
  REQUESTS_IN_FLIGHT: z.coerce.number().int().min(8).max(10_000).default(200),
  BATCHING: z.enum(['on', 'off']).default('on'),
  PREPARED_STATEMENTS: z.enum(['on', 'off']).default('on'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL')
    .optional(),
  TRUSTED_DOCUMENTS: z
    .string()
    .regex(
      new RegExp(`^(${trustMode}|[\\w-]+=${trustMode}(,[\\w-]+=${trustMode})*)$`),
      'must be off, log or enforce, or like member=enforce,partner=log',
    )
    .default('off'),
  ANSWER_CACHE: z.enum(['on', 'off']).default('off'),
  DOCUMENT_FILES: paths.default([]),
  SUPERGRAPH_FILE: z.string().min(1).optional(),
  TRUST_PROXY: z
    .string()
    .regex(
      /^(\d|[\da-f.:]+(\/\d+)?(,[\da-f.:]+(\/\d+)?)*)$/i,
      'must be a number of proxies, or CIDRs',
    )
    .transform((text) => (/^\d$/.test(text) ? Number(text) : text))
    .optional(),
  UPLOAD_BYTES: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(1_000_000_000),
  LAME_DUCK_MS: z.coerce.number().int().min(0).max(60_000).default(500),
  LEDGER_MONTHS: z.coerce.number().int().min(1).max(1_200).optional(),
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.default({}),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs.default({}),
  OTEL_TRACES_SAMPLER: z
    .enum(
      ['always_on', 'always_off', 'traceidratio'].flatMap((root) => [root, `parentbased_${root}`]),
    )
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Every variable that is read. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** What is wrong with the environment: the variable's name and what was expected. */
export class ConfigError extends Error {}

/** The variables as they are given, read and checked. */
export type Environment = z.output<typeof environment>;

/**
 * Checks the variables; one that is empty counts as not given.
 *
 * @throws ConfigError naming each that is malformed
 */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = environment.safeParse(given, { error: inWords });
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not usable.\n${faults.join('\n')}`);
}
