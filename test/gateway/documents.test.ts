import { parse } from 'graphql';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { canonical, readManifest } from '../../gateway/documents/manifest.ts';
import { localClient } from '../../gateway/subgraph-client.ts';
import type { TrustMode } from '../../platform/config.ts';
import { limits } from '../../platform/limits.ts';
import { collectOperations } from '../../scripts/documents/collect.ts';
import { type RunningGateway, startSmallGateway } from '../support/gateway.ts';
import { smallSubgraph } from '../support/small-graph.ts';
import { openSocket, subscribeByEvents, subscribeBySocket } from '../support/streams.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'coalition-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const manifestOf = (...sources: string[]) =>
  Object.fromEntries(sources.map((source) => [`sha256:${hashOf(source)}`, source]));

const names = 'query Names { partners { name } }';
const pages =
  'query Pages($n: Int) { catalog(first: $n) { nodes { a: catalog(first: $n) { nodes { b: catalog(first: $n) { nodes { id name } } } } } } }';
const both = 'query A { partners { id } }  query B { hop }';

const issuer = await createIssuer();
const clientId = randomUUID();
const tokenOf = async (claims: Record<string, unknown>) => ({
  authorization: `Bearer ${await issuer.issue(claims)}`,
});
const member = () => tokenOf({ principal: 'member', member_id: randomUUID() });
const partner = (sub: string) => tokenOf({ principal: 'partner', partner_id: randomUUID(), sub });

const lines: Record<string, unknown>[] = [];
const linesOf = (msg: string) => lines.filter((line) => line['msg'] === msg);
beforeEach(() => void (lines.length = 0));

const running: RunningGateway[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.drain()));
});

/** Starts a gateway on a manifest. */
async function startOn(documents: object, trust: Record<string, TrustMode> = {}) {
  const file = join(folder, `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(documents));
  const { answer, hops } = smallSubgraph('partners');
  const gateway = await startSmallGateway({
    identity: { keys: issuer.keys, mount: () => Promise.resolve() },
    clients: { partners: localClient({ answer }) },
    limits: { fileWatchMs: 10 },
    config: { documentFiles: [file], trust: new Map(Object.entries(trust)) },
    platform: {
      ...testPlatform(),
      log: pino({}, { write: (line) => void lines.push(JSON.parse(line) as never) }),
    },
  });
  running.push(gateway);
  return { gateway, file, hops };
}

const send = async ({ url }: RunningGateway, body: object, headers: object = {}) => {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await answer.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return { status: answer.status, data, code: errors?.[0]?.extensions.code };
};

describe('a trusted document', () => {
  const answered = { data: { partners: [{ name: 'Partner p1' }, { name: 'Partner p2' }] } };

  it('is asked for by its id, in each of the forms that clients have', async () => {
    const { gateway } = await startOn(manifestOf(names, both));
    const hash = hashOf(names);
    const persistedQuery = { version: 1, sha256Hash: hash };
    const get = async (search: Record<string, string>) => {
      const headers = { 'apollo-require-preflight': '1' };
      const path = `/graphql?${new URLSearchParams(search).toString()}`;
      return (await fetch(`${gateway.url}${path}`, { headers })).json();
    };

    for (const form of [
      { documentId: `sha256:${hash}` },
      { documentId: hash },
      { documentId: hash, operationName: 'Names' },
      { documentId: hash, query: names },
      { extensions: { persistedQuery } },
      { extensions: { persistedQuery }, query: names },
    ]) {
      expect(await send(gateway, form)).toMatchObject({ status: 200, ...answered });
    }
    expect(await get({ documentId: `sha256:${hash}` })).toEqual(answered);
    expect(await get({ extensions: JSON.stringify({ persistedQuery }) })).toEqual(answered);
    const several = { documentId: hashOf(both), operationName: 'A' };
    expect(await send(gateway, several)).toMatchObject({ data: { partners: [{}, {}] } });
  });

  it('is NOT_FOUND by an id that no manifest has, and must be that of what is beside it', async () => {
    const { gateway, hops } = await startOn(manifestOf(names));
    const persistedQuery = { version: 1, sha256Hash: hashOf('{ hop }') };

    expect([
      await send(gateway, { documentId: hashOf('{ hop }') }),
      await send(gateway, { documentId: hashOf(names), query: '{ hop }' }),
      await send(gateway, { extensions: { persistedQuery } }),
    ]).toMatchObject([
      { status: 404, code: 'DOCUMENT_NOT_FOUND' },
      { status: 400, code: 'BAD_REQUEST' },
      { status: 200, code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    ]);
    expect(hops).toEqual([]);
  });

  it('is measured with its variables as any other', async () => {
    const { gateway, hops } = await startOn(manifestOf(pages), { public: 'enforce' });
    const ask = (n: number) => send(gateway, { documentId: hashOf(pages), variables: { n } });

    expect([await ask(2), await ask(100), await ask(2), await ask(100)]).toMatchObject([
      { status: 200 },
      { status: 400, code: 'QUERY_TOO_EXPENSIVE' },
      { status: 200 },
      { status: 400, code: 'QUERY_TOO_EXPENSIVE' },
    ]);
    expect(hops).toHaveLength(2);
  });

  it('is prepared before it is asked for; one that does not fit the graph is told of', async () => {
    const { gateway } = await startOn(manifestOf('{ gone }', names, both));

    await until(async () => linesOf('operations prepared').length > 0);

    expect(linesOf('operations prepared')).toMatchObject([{ prepared: 3 }]);
    expect(linesOf('operation not prepared')).toMatchObject([
      { documentId: `sha256:${hashOf('{ gone }')}`, reason: expect.stringContaining('gone') },
    ]);
    expect(await send(gateway, { documentId: hashOf('{ gone }') })).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });
});

describe('another document', () => {
  it('runs where trust is off, is told of once where it is logged, and is refused where it is enforced', async () => {
    const { gateway, hops } = await startOn(manifestOf(names), {
      public: 'enforce',
      partner: 'log',
      [clientId]: 'enforce',
    });
    const query = '{ hop }';
    const refused = { status: 403, code: 'DOCUMENT_NOT_TRUSTED' };

    expect(await send(gateway, { query })).toMatchObject(refused);
    expect(await send(gateway, { query: '{ __schema { description } }' })).toMatchObject(refused);
    expect(await send(gateway, { query }, await partner(clientId))).toMatchObject(refused);
    const get = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(get.status).toBe(403);
    expect(hops).toEqual([]);
    expect(await send(gateway, { query }, await member())).toMatchObject({ status: 200 });
    for (const _ of [1, 2]) {
      const answer = await send(gateway, { query }, await partner('another-client'));
      expect(answer).toMatchObject({ status: 200 });
    }
    const untrusted = linesOf('untrusted document').filter(
      ({ documentId }) => documentId === `sha256:${hashOf(query)}`,
    );
    expect(untrusted.map(({ audience, client, mode }) => ({ audience, client, mode }))).toEqual([
      { audience: 'PUBLIC', client: undefined, mode: 'enforce' },
      { audience: 'PARTNER', client: clientId, mode: 'enforce' },
      { audience: 'PARTNER', client: 'another-client', mode: 'log' },
    ]);
    expect(JSON.stringify(lines)).not.toContain(query);
  });

  it('is no subscription either', async () => {
    const { gateway } = await startOn(manifestOf(names), { member: 'enforce' });
    const token = (await member()).authorization.slice('Bearer '.length);
    const query = 'subscription { pointsMoved { id } }';
    const socket = openSocket(gateway.url, token);

    const byEvents = await subscribeByEvents(gateway.url, token, query);
    const bySocket = subscribeBySocket(socket, query);

    expect(byEvents.end).toBe('403');
    expect(await bySocket.ended()).toBe('DOCUMENT_NOT_TRUSTED');
    await socket.dispose();
  });

  it('is a trusted one where it differs in space, comments and the order of fragments alone', async () => {
    const trusted =
      'query Q { partners { ...A ...B } } fragment A on Partner { id } fragment B on Partner { name }';
    const { gateway } = await startOn(manifestOf(trusted), { public: 'enforce' });
    const laidOut = `# mine
      fragment B on Partner { name }
      query Q { partners { ...A, ...B } }
      fragment A on Partner { id }`;

    expect(await send(gateway, { query: laidOut })).toMatchObject({ status: 200 });
    expect(await send(gateway, { query: laidOut.replace('name', 'id') })).toMatchObject({
      status: 403,
    });
    expect(await send(gateway, { query: '{ partners' })).toMatchObject({ status: 403 });
  });
});

describe('a manifest', () => {
  it('is read again when another takes its place, and kept where the new one is broken', async () => {
    const { gateway, file } = await startOn(manifestOf(names), { public: 'enforce' });
    const replace = (text: string) => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    const ask = (source: string) => send(gateway, { documentId: hashOf(source) });

    replace('{');
    await until(
      async () => linesOf('manifest refused: the documents stay as they were').length > 0,
    );
    expect(await ask(names)).toMatchObject({ status: 200 });
    replace(JSON.stringify(manifestOf(both, pages)));
    await until(async () => linesOf('manifest read').length > 0);

    expect(linesOf('manifest read')).toMatchObject([{ documents: 2 }]);
    expect(await ask(names)).toMatchObject({ status: 404 });
    expect(await ask(pages)).toMatchObject({ status: 200 });
  });

  it('is also read in the form of Apollo’s tools', () => {
    const operation = { id: hashOf(names), name: 'Names', type: 'query', body: names };
    const text = JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [operation],
    });

    expect([...readManifest(text, limits).keys()]).toEqual([`sha256:${hashOf(names)}`]);
  });

  it.each([
    ['is no JSON', '{', 'not JSON'],
    ['is no object of documents', '["{ hop }"]', 'an object of documents'],
    ['has an id of another document', JSON.stringify({ [hashOf('{ a }')]: '{ hop }' }), 'SHA-256'],
    ['has a document that is none', JSON.stringify(manifestOf('{ hop')), 'Syntax Error'],
    [
      'has too many',
      JSON.stringify(manifestOf(...Array.from({ length: 2_001 }, (_, i) => `{ a${i}: hop }`))),
      'at most 2000',
    ],
  ])('is refused where it %s', (_, text, reason) => {
    expect(() => readManifest(text, limits)).toThrow(reason);
  });

  it('keeps a gateway from starting where it is not there', async () => {
    const config = { documentFiles: [join(folder, 'none.json')] };

    await expect(startSmallGateway({ config })).rejects.toThrow('DOCUMENT_FILES');
  });
});

describe('the operations of a frontend', () => {
  const frontend = (files: Record<string, string>) => {
    const path = mkdtempSync(join(folder, 'app-'));
    mkdirSync(join(path, 'node_modules'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return collectOperations(path).map(({ name, source }) => [name, source]);
  };

  it('stand in files and in templates, with the fragments that they use', () => {
    const found = frontend({
      'b.graphql': 'fragment P on Partner { id }  query Second { hop }',
      'a.tsx':
        'const F = gql`fragment Q on Partner { ...P }`;\nuse(graphql(`query First { partners { ...Q } } ${F}`));',
      'c.js': 'const same = /* GraphQL */ `query Second { hop }`;',
      'node_modules/d.graphql': 'query Fourth { hop }',
    });

    expect(found.map(([name]) => name)).toEqual(['First', 'Second']);
    expect(canonical(parse(found[0]![1]!))).toBe(
      canonical(
        parse(
          'query First { partners { ...Q } } fragment P on Partner { id } fragment Q on Partner { ...P }',
        ),
      ),
    );
  });

  it.each([
    ['an operation has no name', { 'a.graphql': '{ hop }' }, 'has no name'],
    [
      'two have the same',
      { 'a.graphql': 'query A { hop }', 'b.graphql': 'query A { partners { id } }' },
      'A is the name of another',
    ],
    ['a fragment is missing', { 'a.graphql': 'query A { ...F }' }, 'no fragment F'],
    ['one is no GraphQL', { 'a.graphql': 'query A {' }, 'Syntax Error'],
  ])('are refused where %s', (_, files, reason) => {
    expect(() => frontend(files as never)).toThrow(reason);
  });
});
