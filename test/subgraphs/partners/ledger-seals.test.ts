import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { anonymous } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenSealed } from '../../support/given-closed.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenLedgerPartner, givenPoints } from '../../support/given-points.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

interface Seals {
  ledgerSeals: {
    nodes: { number: number; hash: string; previous: string | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

describe('ledgerSeals', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  const { ask, codeOf } = callsOf(() => subgraph);
  const query = `query($first: Int, $after: String) {
    ledgerSeals(first: $first, after: $after) {
      nodes { number hash previous sealedAt } pageInfo { hasNextPage endCursor }
    }
  }`;

  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
    const issuerId = await givenLedgerPartner(test);
    for (const points of [1n, 2n, 3n]) {
      await givenPoints(test, points, issuerId);
      await givenSealed(test);
    }
  });
  afterAll(() => subgraph.drain());

  it('are shown to partners and staff, the last first, page by page', async () => {
    const partner = partnerViewer(await givenPartner(test));
    const stored = await rows<{ number: number; hash: string }>(
      test.owner(),
      `SELECT number::integer, encode(hash, 'hex') AS hash FROM ledger.seal ORDER BY number DESC`,
    );

    const { ledgerSeals: first } = await ask<Seals>(partner, query, { first: 2 });
    const { ledgerSeals: rest } = await ask<Seals>(adminViewer(), query, {
      first: 100,
      after: first.pageInfo.endCursor,
    });

    const shown = [...first.nodes, ...rest.nodes];
    expect(first.nodes).toHaveLength(2);
    expect(shown.map(({ number, hash }) => ({ number, hash }))).toEqual(stored);
    expect(shown.map(({ previous }) => previous)).toEqual([
      ...stored.slice(1).map(({ hash }) => hash),
      null,
    ]);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('are for nobody else, and take no cursor of another list', async () => {
    expect(await codeOf(anonymous, query)).toBe('UNAUTHENTICATED');
    expect(await codeOf(memberViewer('00000000-0000-4000-8000-000000000000'), query)).toBe(
      'FORBIDDEN',
    );
    const after = Buffer.from('["x"]').toString('base64url');
    expect(await codeOf(adminViewer(), query, { after })).toBe('BAD_USER_INPUT');
  });
});
