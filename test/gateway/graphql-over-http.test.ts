import { serverAudits } from 'graphql-http';
import { type RunningGateway, startWholeGateway } from '../support/gateway.ts';
import { testPlatform } from '../support/subgraph.ts';
import { createIssuer } from '../support/tokens.ts';

/**
 * What the gateway does not do of what a server may. A GET needs a header that no page can send by
 * itself, or pages of other origins could ask in a browser's name (CSRF).
 */
const notDone = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];

interface AuditRequest extends RequestInit {
  headers?: Record<string, string>;
}

interface Heard {
  method: string;
  sent: unknown;
  status: number;
  type: string | null;
  body: string;
}

const platform = testPlatform();
const issuer = await createIssuer();
let gateway: RunningGateway;

beforeAll(async () => {
  // The audits ask for nothing that a subgraph has.
  const send = () => Promise.reject(new Error('asked'));
  gateway = await startWholeGateway({ keys: issuer.keys, send }, { platform });
});
afterAll(() => gateway.drain());

/** Runs the audits of the working group. @returns those that fail, and all answers as they came */
async function audit(): Promise<{ names: string[]; failed: string[]; heard: Heard[] }> {
  // Some ask about the schema, which not everyone may.
  const token = await issuer.issue({ principal: 'admin' });
  const heard: Heard[] = [];
  const fetchFn = async (to: string, init: AuditRequest = {}) => {
    const { method = 'GET' } = init;
    const authorization = method === 'POST' && { authorization: `Bearer ${token}` };
    const answer = await fetch(to, { ...init, headers: { ...init.headers, ...authorization } });
    const body = await answer.clone().text();
    heard.push({
      method,
      sent: init.body,
      status: answer.status,
      type: answer.headers.get('content-type'),
      // Of a fault it names the request.
      body: body.replaceAll(/[0-9a-f-]{36}/g, 'id'),
    });
    return answer;
  };
  const audits = serverAudits({ url: `${gateway.url}/graphql`, fetchFn });
  const failed: string[] = [];
  for (const { name, fn } of audits) {
    if ((await fn()).status !== 'ok') failed.push(name);
  }
  return { names: audits.map(({ name }) => name), failed, heard };
}

/** How often an operation was known. */
async function timesKnown(): Promise<number> {
  const metric = platform.metrics.getSingleMetric('coalition_gateway_prepared_operations_total');
  const { values } = await metric!.get();
  return values.find(({ labels }) => labels['result'] === 'hit')?.value ?? 0;
}

describe('GraphQL over HTTP', () => {
  it('is spoken as the working group’s audits hear it, by operations new and known', async () => {
    const first = await audit();

    const before = await timesKnown();
    const again = await audit();
    const known = (await timesKnown()) - before;

    expect(first.failed).toEqual(notDone);
    expect(again.failed).toEqual(notDone);
    expect(again.heard).toEqual(first.heard);
    // Each that has data was known, but for questions about the schema, GETs and extensions.
    const answered = again.heard.filter(
      ({ method, sent, body }) =>
        method === 'POST' &&
        body === '{"data":{"__typename":"Query"}}\n' &&
        !String(sent).includes('"extensions":{'),
    );
    expect(answered.length).toBeGreaterThan(10);
    expect(known).toBe(answered.length);
    const counts = ['MUST', 'SHOULD', 'MAY'].map(
      (word) => first.names.filter((name) => name.startsWith(word)).length,
    );
    expect(counts).toEqual([13, 23, 25]);
  });
});
