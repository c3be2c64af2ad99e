import { serverAudits } from 'graphql-http';
import { useTestDatabase } from '../support/database.ts';
import { type RunningSystem, startInOneProcess } from '../support/system.ts';

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

describe('GraphQL over HTTP', () => {
  const db = useTestDatabase();
  let system: RunningSystem;
  beforeAll(async () => void (system = await startInOneProcess(db)));
  afterAll(() => system.stop());

  it('is spoken as the working group’s audits hear it', async () => {
    // Some ask about the schema, which not everyone may.
    const token = await system.token('admin');
    const audits = serverAudits({
      url: `${system.url}/graphql`,
      fetchFn: (url: string, init: AuditRequest = {}) =>
        fetch(url, {
          ...init,
          headers: {
            ...init.headers,
            ...(init.method === 'POST' && { authorization: `Bearer ${token}` }),
          },
        }),
    });

    const failed: string[] = [];
    for (const audit of audits) {
      const { status, name } = await audit.fn();
      if (status !== 'ok') failed.push(name);
    }

    expect(failed).toEqual(notDone);
    const counts = ['MUST', 'SHOULD', 'MAY'].map(
      (word) => audits.filter(({ name }) => name.startsWith(word)).length,
    );
    expect(counts).toEqual([13, 23, 25]);
  });
});
