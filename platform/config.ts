import { join, resolve } from 'node:path';
import { socketFolder } from './embedded-postgres.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type Limits, limits } from './limits.ts';
import { root } from './root.ts';
import { readSecrets } from './secrets.ts';

export { ConfigError } from './environment.ts';

/** The four subgraphs, in the order of their ports from 4001. */
export const subgraphNames = ['members', 'partners', 'rewards-catalog', 'community'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** What runs as a part of its own on the database: each has a role of its own there. */
export const partNames = [...subgraphNames, 'identity', 'worker'] as const;
export type PartName = (typeof partNames)[number];
/** The parts that the gateway calls; nobody calls the worker. */
type CalledPart = Exclude<PartName, 'worker'>;

/** The database role of a part: it may touch its own schema and what others publish. */
export function roleOf(part: PartName): string {
  return `coalition_${part.replace('-catalog', '')}`;
}

/** What becomes of a document that no frontend was built with: it runs, is told of, or is refused. */
export type TrustMode = 'off' | 'log' | 'enforce';

/** A secret that signs hops between the gateway and the subgraphs. */
export interface HopKey {
  id: string;
  secret: string;
}

/** Where traces go, and which. */
export interface TraceSettings {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Of the process that they are of. */
  attributes: Readonly<Record<string, string>>;
  /** By OpenTelemetry's name of it. */
  sampler: string;
  /** How many of all, where the sampler goes by that. */
  ratio: number;
}

export interface Config {
  readonly dataDir: string;
  /** True where no DATABASE_URL is given: the launcher's own PostgreSQL, under `dataDir`. */
  readonly embedded: boolean;
  /** The migrating owner's connection. */
  readonly databaseUrl: string;
  readonly databaseUrls: Readonly<Record<PartName, string>>;
  /** Set by the environment: the only roles whose passwords the migration may set. */
  readonly rolePasswords: Readonly<Partial<Record<PartName, string>>>;
  readonly ports: Readonly<Record<PartName | 'gateway', number>>;
  /** What each part listens on; only the gateway is open to the outside by default. */
  readonly hosts: Readonly<Record<PartName | 'gateway', string>>;
  readonly urls: Readonly<Record<CalledPart, string>>;
  /** The first signs, all verify. */
  readonly hopKeys: readonly HopKey[];
  /** 32 bytes, base64url: seals what must be shown again or kept private in the database. */
  readonly sealKey: string;
  /** The gateway as clients reach it, scheme, host and port: they reach the embedded issuer through it. */
  readonly publicUrl: string;
  readonly issuer: string;
  /** True where the identity part is the issuer: no other is named, or the part's own URL is. */
  readonly embeddedIssuer: boolean;
  /** Where the issuer's keys are read; found through the issuer's discovery document when null. */
  readonly jwksUrl: string | null;
  readonly audience: string;
  /** Where the embedded issuer may send people back to: of members' applications, and of staff's. */
  readonly redirectUris: Readonly<Record<'member' | 'staff', readonly string[]>>;
  readonly seed: 'demo' | 'none';
  /** Whether the gateway shows GraphiQL at `/`. */
  readonly graphiql: boolean;
  readonly smtpUrl: string | null;
  /** What sends texts to phones. */
  readonly smsUrl: string | null;
  /** Whether webhooks may go to this machine and to private networks: for development. */
  readonly localReceivers: boolean;
  /** Origins whose pages may call the graph from a browser. */
  readonly corsOrigins: readonly string[];
  /** Whether the gateway counts how often callers ask; a proxy in front of it may do so instead. */
  readonly rateLimits: boolean;
  /** How many processes answer clients: of the gateway, or of all parts where they run in one. */
  readonly gatewayProcesses: number;
  /** The most requests that the gateway works on at once; it may have room for fewer. */
  readonly requestsInFlight: number;
  /** Whether commands that arrive together go in one transaction. */
  readonly batching: boolean;
  /** Whether the server keeps statements that come often: not where a pooler hands on its connections. */
  readonly prepared: boolean;
  /** Where several gateways count together; each counts alone where it is null. */
  readonly redisUrl: string | null;
  /** Whether answers to callers without a token are kept, for as long as the schema says. */
  readonly answerCache: boolean;
  /** By audience, in small letters, or by a token's subject; off where neither stands here. */
  readonly trust: ReadonlyMap<string, TrustMode>;
  /** The manifests of documents that frontends were built with. */
  readonly documentFiles: readonly string[];
  /** The composed schema that the gateway serves. */
  readonly supergraphFile: string;
  /** The proxies whose word on a caller's address counts: so many, or those of these networks. */
  readonly trustProxy: number | string | false;
  /** The longest file that a partner may send. */
  readonly uploadBytes: number;
  /** How long a part that is told to stop takes requests still, for others to notice. */
  readonly lameDuckMs: number;
  /** How many whole months of the ledger's movements postings and readers see; null for all. */
  readonly ledgerMonths: number | null;
  /** Where whoever collects measures asks for them; null where nobody does. */
  readonly metricsPort: number | null;
  readonly metricsHost: string;
  /** Null where nobody collects them. */
  readonly traces: TraceSettings | null;
  readonly logLevel: string;
  readonly limits: Limits;
}

/**
 * Reads the environment once and checks it; the only reader of it in the program.
 *
 * `PORT` is the port of the part that this process runs (`running`), the gateway's where all run in
 * one; the others keep their settled ports, or are reached by `<PART>_URL`.
 *
 * @throws ConfigError naming each variable that is missing or malformed
 */
export function readConfig(
  env: Record<string, string | undefined>,
  running: PartName | 'gateway' = 'gateway',
): Config {
  const values = readEnvironment(env);
  const dataDir = resolve(values.DATA_DIR);
  const secrets = values.HOP_KEYS && values.SEAL_KEY ? null : readSecrets(dataDir);
  const ports = portsOf(values, running);
  const embeddedUrl = (user: string) =>
    `postgresql://${user}@localhost/coalition?host=${encodeURIComponent(socketFolder(dataDir))}`;
  const each = <T>(read: (part: PartName) => T) =>
    Object.fromEntries(partNames.map((part) => [part, read(part)])) as Record<PartName, T>;
  const databaseUrlOf = (part: PartName) => values[`${variable(part)}_DATABASE_URL`];

  const identityUrl = values.IDENTITY_URL ?? `http://127.0.0.1:${ports.identity}`;
  const embeddedIssuer = !values.ISSUER || !!values.IDENTITY_URL;
  const issuer = values.ISSUER ?? `http://localhost:${ports.gateway}/identity`;
  const publicUrl = embeddedIssuer ? new URL(issuer).origin : `http://localhost:${ports.gateway}`;

  return Object.freeze<Config>({
    dataDir,
    embeddedIssuer,
    embedded: !values.DATABASE_URL,
    databaseUrl: values.DATABASE_URL ?? embeddedUrl('postgres'),
    databaseUrls: each(
      (part) => databaseUrlOf(part) ?? partUrl(part, values.DATABASE_URL, embeddedUrl),
    ),
    rolePasswords: Object.fromEntries(
      partNames.flatMap((part) => {
        const url = databaseUrlOf(part);
        const password = url && new URL(url).password;
        return password ? [[part, decodeURIComponent(password)]] : [];
      }),
    ),
    ports,
    hosts: {
      gateway: '0.0.0.0',
      ...each(() => '127.0.0.1'),
      ...(values.HOST && { [running]: values.HOST }),
    },
    urls: urlsOf(values, ports),
    hopKeys: values.HOP_KEYS
      ? parseHopKeys(values.HOP_KEYS)
      : [{ id: 'local', secret: secrets!.hop }],
    sealKey: values.SEAL_KEY ?? secrets!.seal,
    publicUrl,
    issuer,
    jwksUrl: values.JWKS_URL ?? (embeddedIssuer ? `${identityUrl}/jwks` : null),
    audience: values.AUDIENCE,
    redirectUris: redirectUrisOf(values, publicUrl),
    // A database of one's own is for real: no demo in it, unless it is asked for.
    seed: values.SEED ?? (values.DATABASE_URL ? 'none' : 'demo'),
    ...switchesOf(values),
    ...messengersOf(values),
    corsOrigins: values.CORS_ORIGINS,
    gatewayProcesses: values.GATEWAY_PROCESSES,
    requestsInFlight: values.REQUESTS_IN_FLIGHT,
    redisUrl: values.REDIS_URL ?? null,
    trust: trustOf(values.TRUSTED_DOCUMENTS),
    ...filesOf(values),
    trustProxy: values.TRUST_PROXY ?? false,
    uploadBytes: values.UPLOAD_BYTES,
    lameDuckMs: values.LAME_DUCK_MS,
    ledgerMonths: values.LEDGER_MONTHS ?? null,
    metricsPort: values.METRICS_PORT ?? null,
    metricsHost: values.METRICS_HOST,
    traces: tracesOf(values),
    logLevel: values.LOG_LEVEL,
    limits,
  });
}

/** The settled ports, and of the part that runs here the one that is given. */
function portsOf(values: Environment, running: PartName | 'gateway'): Config['ports'] {
  return {
    gateway: 4000,
    members: 4001,
    partners: 4002,
    'rewards-catalog': 4003,
    community: 4004,
    identity: 4005,
    worker: 4006,
    ...(values.PORT && { [running]: values.PORT }),
  };
}

type VariableOf<Part extends PartName> = Part extends 'rewards-catalog'
  ? 'REWARDS_CATALOG'
  : Uppercase<Part>;

/** How the variables of a part begin. */
function variable<Part extends PartName>(part: Part): VariableOf<Part> {
  return part.toUpperCase().replace('-', '_') as VariableOf<Part>;
}

/** What is on or off. */
function switchesOf(values: Environment) {
  return {
    graphiql: values.GRAPHIQL === 'on',
    localReceivers: values.LOCAL_RECEIVERS === 'on',
    rateLimits: values.RATE_LIMITS === 'on',
    batching: values.BATCHING === 'on',
    prepared: values.PREPARED_STATEMENTS === 'on',
    answerCache: values.ANSWER_CACHE === 'on',
  };
}

/** What takes messages for members; null where they are written to files. */
function messengersOf({ SMTP_URL, SMS_URL }: Environment) {
  return { smtpUrl: SMTP_URL ?? null, smsUrl: SMS_URL ?? null };
}

/** What the gateway reads, and reads again when it changes. */
function filesOf({ DOCUMENT_FILES, SUPERGRAPH_FILE }: Environment) {
  return {
    documentFiles: DOCUMENT_FILES.map((path) => resolve(path)),
    supergraphFile: resolve(SUPERGRAPH_FILE ?? join(root, 'schema/supergraph.graphql')),
  };
}

/** Where the gateway finds the others. */
function urlsOf(values: Environment, ports: Config['ports']): Config['urls'] {
  const called = [...subgraphNames, 'identity'] as const;
  return Object.fromEntries(
    called.map((part) => [
      part,
      values[`${variable(part)}_URL`] ?? `http://127.0.0.1:${ports[part]}`,
    ]),
  ) as Config['urls'];
}

/** Where no application is named, people come back to GraphiQL. */
function redirectUrisOf(values: Environment, publicUrl: string): Config['redirectUris'] {
  const home = [`${publicUrl}/`];
  return {
    member: values.MEMBER_REDIRECT_URIS ?? home,
    staff: values.STAFF_REDIRECT_URIS ?? home,
  };
}

/** Where a part has no URL of its own, it goes to the owner's server under its own role. */
function partUrl(
  part: PartName,
  ownerUrl: string | undefined,
  embeddedUrl: (user: string) => string,
) {
  if (!ownerUrl) return embeddedUrl(roleOf(part));
  const url = new URL(ownerUrl);
  url.username = roleOf(part);
  url.password = '';
  return url.href;
}

/** As OpenTelemetry's own programs read them. Source: OTLP Exporter Configuration, Endpoint URLs. */
function tracesOf(values: Environment): Config['traces'] {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: name } = values;
  if (!endpoint) return null;
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: values.OTEL_EXPORTER_OTLP_HEADERS,
    attributes: { ...values.OTEL_RESOURCE_ATTRIBUTES, ...(name && { 'service.name': name }) },
    sampler: values.OTEL_TRACES_SAMPLER,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** One mode for all, or pairs of whom and what. */
function trustOf(text: string): Config['trust'] {
  const pairs = text.includes('=')
    ? text.split(',').map((pair) => pair.split('='))
    : ['public', 'member', 'partner', 'admin'].map((audience) => [audience, text]);
  return new Map(pairs as [string, TrustMode][]);
}

function parseHopKeys(text: string): HopKey[] {
  return text.split(',').map((pair) => {
    const [id, secret] = pair.split(':') as [string, string];
    return { id, secret };
  });
}
