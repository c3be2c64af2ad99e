import { GraphError, createGraphClient } from '../../examples/client/graph-client.ts';
import { RecordPurchaseDocument } from '../../examples/client/partner/operations.generated.ts';
import { serve } from '../support/small-graph.ts';

const input = {
  member: { email: 'ada@example.com' },
  kind: 'PURCHASE' as const,
  reference: 'TILL-1',
  occurredAt: '2026-01-31T12:00:00Z',
  amount: { amount: '120.50', currency: 'EUR' },
};
const posted = { data: { recordActivity: { activity: { points: 120 }, userErrors: [] } } };
const failed = (code: string, data?: object) => ({
  ...(data && { data }),
  errors: [{ message: 'no', path: ['recordActivity'], extensions: { code } }],
});
const away = failed('SUBGRAPH_UNAVAILABLE', { recordActivity: null });

/** What the graph does with each try: answers with a status and a body, or hangs up. */
type Act = [status: number, body: object, headers?: Record<string, string>] | 'hang up';

async function tried(acts: Act[]) {
  const bodies: string[] = [];
  const server = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const act = acts[bodies.push(body) - 1] ?? acts.at(-1)!;
    if (act === 'hang up') return void request.socket.destroy();
    const [status, answer, headers] = act;
    response.writeHead(status, { 'x-request-id': `try-${bodies.length}`, ...headers });
    response.end(JSON.stringify(answer));
  });
  const client = createGraphClient({ url: server.url, token: () => 'x', pauseMs: 1 });
  const outcome = await client
    .ask(RecordPurchaseDocument, { input })
    .catch((error: unknown) => error as GraphError);
  await server.close();
  return { outcome, bodies };
}

describe('the example of a client', () => {
  it.each<[string, Act[]]>([
    ['no answer came', ['hang up', 'hang up', [200, posted]]],
    [
      'a part of the graph was away',
      [
        [200, away],
        [200, away],
        [200, posted],
      ],
    ],
    [
      'it asked too often',
      [
        [429, failed('RATE_LIMITED')],
        [503, failed('SUBGRAPH_UNAVAILABLE')],
        [200, posted],
      ],
    ],
  ])('sends the very same again where %s', async (_, acts) => {
    const { outcome, bodies } = await tried(acts);

    expect(outcome).toEqual({ data: posted.data, missing: [] });
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  it('waits as long as the graph says', async () => {
    const started = performance.now();
    await tried([
      [429, failed('RATE_LIMITED'), { 'retry-after': '1' }],
      [200, posted],
    ]);

    expect(performance.now() - started).toBeGreaterThan(990);
  });

  it('gives up after four tries, with the reason', async () => {
    const { outcome, bodies } = await tried(['hang up']);

    expect(outcome).toMatchObject({ code: 'NO_ANSWER' });
    expect(bodies).toHaveLength(4);
  });

  it.each<[string, Act, object]>([
    ['a refused token', [401, failed('UNAUTHENTICATED')], { code: 'UNAUTHENTICATED' }],
    ['a bad document', [400, failed('GRAPHQL_VALIDATION_FAILED')], { requestId: 'try-1' }],
    [
      'a refusal',
      [200, { data: { recordActivity: { activity: null, userErrors: [{ code: 'INVALID' }] } } }],
      { missing: [] },
    ],
    [
      'an answer in part',
      [200, failed('SUBGRAPH_UNAVAILABLE', { recordActivity: null, other: 1 })],
      { data: { other: 1 }, missing: [{ path: ['recordActivity'] }] },
    ],
  ])('sends nothing again after %s', async (_, act, expected) => {
    const { outcome, bodies } = await tried([act]);

    expect(outcome).toMatchObject(expected);
    expect(bodies).toHaveLength(1);
  });
});
