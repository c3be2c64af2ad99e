import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, type OperationDefinitionNode, getVariableValues, parse, validate } from 'graphql';
import { audienceGraphs, audiences } from '../../gateway/audiences.ts';
import { readSamples } from '../../gateway/graphiql/samples.ts';
import { start } from '../../gateway/server.ts';
import type { Config } from '../../platform/config.ts';
import { root } from '../../platform/root.ts';
import { brands } from '../../scripts/demo/brands.ts';
import { type RunningGateway, gatewayConfig, startSmallGateway } from '../support/gateway.ts';
import { testPlatform } from '../support/subgraph.ts';

describe('the page at /', () => {
  let gateway: RunningGateway;
  beforeAll(async () => void (gateway = await startSmallGateway()));
  afterAll(() => gateway.drain());

  /** As a browser asks for a page. */
  const page = () => fetch(gateway.url, { headers: { accept: 'text/html,*/*;q=0.8' } });

  it('is for people, and JSON for programs', async () => {
    const shown = await page();
    const told = await fetch(gateway.url, { headers: { accept: 'application/json' } });

    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('vary')).toBe('accept');
    expect(await told.json()).toMatchObject({ graphql: '/graphql' });
    expect(told.headers.get('vary')).toBe('accept');
  });

  it('runs nothing but its own files, asks nobody but its origin, and stands in no frame', async () => {
    const { headers } = await page();

    const rules = headers.get('content-security-policy')!.split('; ');
    expect(rules).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(rules.filter((rule) => /unsafe|data:|blob:|http|\*/.test(rule))).toEqual([
      "style-src 'self' 'unsafe-inline'",
      "font-src 'self' data:",
      "img-src 'self' data:",
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('has files that a cache may keep, packed and plain', async () => {
    const html = await (await page()).text();
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);

    expect(files).toHaveLength(4);
    for (const path of files) {
      const [packed, plain] = await Promise.all(
        ['gzip', 'identity'].map((encoding) =>
          fetch(gateway.url + path, { headers: { 'accept-encoding': encoding } }),
        ),
      );
      expect(packed!.headers.get('content-encoding')).toBe('gzip');
      expect(plain!.headers.get('content-encoding')).toBeNull();
      expect(packed!.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(packed!.headers.get('content-type')).toMatch(
        /^text\/(javascript|css); charset=utf-8$/,
      );
      expect(await packed!.text()).toBe(await plain!.text());
    }
  });

  it.each(['samples.json', 'page.js.gz', '..%2fpage.js', 'nothing.js', '%2e%2e%2f.tsbuildinfo'])(
    'gives no other file: %s',
    async (name) => {
      const html = await (await page()).text();
      const [folder] = /\/graphiql\/[0-9a-f]+\//.exec(html)!;

      expect((await fetch(gateway.url + folder + name)).status).toBe(404);
    },
  );

  it('lets people sign in where the provider sends them back to it, and nowhere else', async () => {
    const clients = async (more: Partial<Config>) => {
      const config = { ...gatewayConfig(), ...more };
      const other = await startSmallGateway({ config });
      const html = await (await fetch(other.url, { headers: { accept: 'text/html' } })).text();
      await other.drain();
      return [...html.matchAll(/data-client="([^"]+)"/g)].map(([, client]) => client);
    };
    const { publicUrl } = gatewayConfig();
    const [here, elsewhere] = [[`${publicUrl}/`], ['https://app.example/']];

    expect(await clients({ redirectUris: { member: here, staff: here } })).toEqual([
      'member-web',
      'staff-web',
    ]);
    expect(await clients({ redirectUris: { member: elsewhere, staff: here } })).toEqual([
      'staff-web',
    ]);
    const redirectUris = { member: here, staff: here };
    expect(await clients({ embeddedIssuer: false, redirectUris })).toEqual([]);
  });

  it('is not there where it is switched off', async () => {
    const config = { ...gatewayConfig(), graphiql: false };
    const client = {
      send: () => Promise.reject(new Error('down')),
      close: () => Promise.resolve(),
    };
    const plain = await start(config, testPlatform(), {
      subgraphs: {
        members: client,
        partners: client,
        'rewards-catalog': client,
        community: client,
      },
      identity: { keys: () => Promise.reject(new Error('none')), mount: () => Promise.resolve() },
    });
    const answer = await fetch(await plain.listen(), { headers: { accept: 'text/html' } });
    await plain.drain();

    expect(await answer.json()).toMatchObject({ graphql: '/graphql' });
  });
});

describe('the sample operations', () => {
  const graphs = audienceGraphs(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'));
  const samples = readSamples();

  it('are there for everybody, the public’s first', () => {
    expect([...new Set(samples.map(({ audience }) => audience))]).toEqual([...audiences]);
    expect(new Set(samples.map(({ title }) => title)).size).toBe(samples.length);
  });

  it.each(samples)('fit the graph of $audience: $title', ({ audience, query, variables }) => {
    const document = parse(query);
    expect(validate(graphs[audience], document)).toEqual([]);

    const given = JSON.parse(variables || '{}') as Record<string, unknown>;
    const operations = document.definitions.filter(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    for (const { name, variableDefinitions = [] } of operations) {
      const { errors } = getVariableValues(graphs[audience], variableDefinitions, given);
      expect([name?.value, errors]).toEqual([expect.stringMatching(/^[A-Z]/), undefined]);
    }
    const used = operations.flatMap(({ variableDefinitions = [] }) =>
      variableDefinitions.map(({ variable }) => variable.name.value),
    );
    expect(used).toEqual(expect.arrayContaining(Object.keys(given)));
  });

  it('record a purchase in the money of the shop whose token they name', () => {
    const { query, variables } = samples.find(({ query }) => query.includes('recordActivity'))!;
    const [, code] = /-- partner (\w+)/.exec(query)!;
    const { input } = JSON.parse(variables) as { input: { amount: { currency: string } } };

    const brand = brands.find((each) => each.code === code)!;
    expect(input.amount.currency).toBe(brand.contract.currency);
  });
});
