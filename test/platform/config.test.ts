import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../platform/config.ts';

describe('readConfig', () => {
  let DATA_DIR: string;
  beforeAll(async () => void (DATA_DIR = await mkdtemp(join(tmpdir(), 'coalition-config-'))));
  afterAll(() => rm(DATA_DIR, { recursive: true }));

  it('has the settled ports, and an embedded database under a role for each part', () => {
    const config = readConfig({ DATA_DIR });

    expect(config.ports).toEqual({
      gateway: 4000,
      members: 4001,
      partners: 4002,
      'rewards-catalog': 4003,
      community: 4004,
      identity: 4005,
      worker: 4006,
    });
    expect(config.hosts).toMatchObject({
      gateway: '0.0.0.0',
      members: '127.0.0.1',
      identity: '127.0.0.1',
      worker: '127.0.0.1',
    });
    expect(config.embedded).toBe(true);
    expect(config.databaseUrls['rewards-catalog']).toMatch(
      /^postgresql:\/\/coalition_rewards@localhost\/coalition\?host=/,
    );
    expect(config.issuer).toBe('http://localhost:4000/identity');
    expect(config.publicUrl).toBe('http://localhost:4000');
    expect(config.jwksUrl).toBe('http://127.0.0.1:4005/jwks');
  });

  it('shows GraphiQL unless it is told not to', () => {
    expect(readConfig({ DATA_DIR }).graphiql).toBe(true);
    expect(readConfig({ DATA_DIR, GRAPHIQL: 'off' }).graphiql).toBe(false);
    expect(() => readConfig({ DATA_DIR, GRAPHIQL: 'no' })).toThrow('GRAPHIQL');
  });

  it('keeps answers where it is told to', () => {
    expect(readConfig({ DATA_DIR }).answerCache).toBe(false);
    expect(readConfig({ DATA_DIR, ANSWER_CACHE: 'on' }).answerCache).toBe(true);
  });

  it('trusts every document unless it is told whose to hold to theirs', () => {
    const trustOf = (TRUSTED_DOCUMENTS: string) =>
      Object.fromEntries(readConfig({ DATA_DIR, TRUSTED_DOCUMENTS }).trust);
    const all = (mode: string) => ({ public: mode, member: mode, partner: mode, admin: mode });

    expect(trustOf('')).toEqual(all('off'));
    expect(trustOf('log')).toEqual(all('log'));
    expect(trustOf('member=enforce,a-1=log')).toEqual({ member: 'enforce', 'a-1': 'log' });
    expect(() => trustOf('member')).toThrow('TRUSTED_DOCUMENTS');
    expect(() => trustOf('member=no')).toThrow('TRUSTED_DOCUMENTS');
  });

  it('gathers commands unless it is told not to', () => {
    expect(readConfig({ DATA_DIR }).batching).toBe(true);
    expect(readConfig({ DATA_DIR, BATCHING: 'off' }).batching).toBe(false);
    expect(readConfig({ DATA_DIR, GATEWAY_PROCESSES: '4' }).gatewayProcesses).toBe(4);
  });

  it('prepares statements unless it is told not to', () => {
    expect(readConfig({ DATA_DIR }).prepared).toBe(true);
    expect(readConfig({ DATA_DIR, PREPARED_STATEMENTS: 'off' }).prepared).toBe(false);
  });

  it('makes the secrets of a data folder once, for all processes', () => {
    const [first, second] = [readConfig({ DATA_DIR }), readConfig({ DATA_DIR }, 'members')];

    expect(first.hopKeys[0]!.secret).toHaveLength(43);
    expect(second.hopKeys).toEqual(first.hopKeys);
    expect(second.sealKey).toBe(first.sealKey);
  });

  it('gives PORT and HOST to the part that runs', () => {
    const config = readConfig({ DATA_DIR, PORT: '5001', HOST: '0.0.0.0' }, 'members');

    expect(config.ports).toMatchObject({ gateway: 4000, members: 5001 });
    expect(config.hosts).toMatchObject({ members: '0.0.0.0', partners: '127.0.0.1' });
  });

  it('sends a part without a URL of its own to the owner’s server, under its own role', () => {
    const config = readConfig({
      DATA_DIR,
      DATABASE_URL: 'postgresql://owner:secret@db.example/points',
      MEMBERS_DATABASE_URL: 'postgresql://coalition_members:p%40ss@db.example/points',
    });

    expect(config.databaseUrls.partners).toBe('postgresql://coalition_partners@db.example/points');
    expect(config.rolePasswords).toEqual({ members: 'p@ss' });
  });

  it('looks for the keys of another issuer in its own discovery document', () => {
    const config = readConfig({ DATA_DIR, ISSUER: 'https://login.example' });

    expect(config).toMatchObject({
      issuer: 'https://login.example',
      embeddedIssuer: false,
      jwksUrl: null,
    });
  });

  it('reads who may call from where, and lets nobody by default', () => {
    const read = (env: Record<string, string>) => {
      const { corsOrigins, trustProxy } = readConfig({ DATA_DIR, ...env });
      return [corsOrigins, trustProxy];
    };

    expect(read({})).toEqual([[], false]);
    expect(read({ CORS_ORIGINS: 'https://a.example, http://localhost:5173' })[0]).toEqual([
      'https://a.example',
      'http://localhost:5173',
    ]);
    expect(read({ TRUST_PROXY: '2' })[1]).toBe(2);
    expect(read({ TRUST_PROXY: '10.0.0.0/8,fd00::/8' })[1]).toBe('10.0.0.0/8,fd00::/8');
  });

  it('sends traces where it is told to, by OpenTelemetry’s own names', () => {
    const traced = {
      DATA_DIR,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20eA==, x-tenant=points',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=live',
      OTEL_SERVICE_NAME: 'points',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.01',
    };

    expect(readConfig({ ...traced, OTEL_EXPORTER_OTLP_ENDPOINT: '' }).traces).toBeNull();
    expect(readConfig(traced).traces).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { authorization: 'Basic eA==', 'x-tenant': 'points' },
      attributes: { 'service.name': 'points', 'deployment.environment.name': 'live' },
      sampler: 'parentbased_traceidratio',
      ratio: 0.01,
    });
  });

  it('says what is wrong in words of the house', () => {
    expect(() => readConfig({ DATA_DIR, PORT: 'http', ISSUER: 'login', SEED: 'all' })).toThrow(
      'PORT: must be a number\nISSUER: must be an http(s) URL\nSEED: must be one of demo, none',
    );
  });

  it.each([
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://somewhere'],
    ['HOP_KEYS', 'short:secret'],
    ['SEAL_KEY', 'short'],
    ['ISSUER', 'login.example'],
    ['SEED', 'everything'],
    ['LOG_LEVEL', 'loud'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://app.example/'],
    ['CORS_ORIGINS', 'app.example'],
    ['REDIS_URL', 'localhost:6379'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '-1'],
    ['RATE_LIMITS', 'some'],
    ['BATCHING', 'yes'],
    ['GATEWAY_PROCESSES', '0'],
    ['PREPARED_STATEMENTS', 'yes'],
    ['LAME_DUCK_MS', '-1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'name=%'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('names %s where it is malformed', (name, value) => {
    expect(() => readConfig({ DATA_DIR, [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ DATA_DIR, [name]: value })).toThrow(`${name}: `);
  });
});
