import { randomUUID } from 'node:crypto';
import { type Act, recordAct } from '../../../platform/audit-log.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const auditor = adminViewer(['AUDIT_READ']);
const read = `query ($filter: AuditFilter, $first: Int, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    nodes { occurredAt actor audience partner { id } action subject reason changes { field before after } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Answer {
  auditLog: {
    nodes: { action: string; subject: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

describe('auditLog', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
  });
  afterAll(() => subgraph.drain());
  const { ask, codeOf } = callsOf(() => subgraph);

  const record = (by: Viewer, act: Partial<Act> & { action: string }) =>
    recordAct(test.db('partners'), by, {
      subject: { type: 'Partner', id: randomUUID() },
      at: new Date('2026-03-01T12:00:00Z'),
      ...act,
    });
  const acts = async (filter: object, page: object = {}) =>
    (await ask<Answer>(auditor, read, { filter, ...page })).auditLog;

  it('tells staff who did what, when, why and what changed', async () => {
    const [id, partnerId] = [randomUUID(), randomUUID()];
    await record(
      { ...partnerViewer(partnerId), subject: 'till' },
      {
        action: 'updatePartner',
        subject: { type: 'Partner', id },
        reason: 'New name.',
        before: { name: 'Old' },
        after: { name: 'New' },
      },
    );

    const { nodes } = await acts({ subject: `Partner:${id}` });

    expect(nodes).toEqual([
      {
        occurredAt: '2026-03-01T12:00:00.000Z',
        actor: 'till',
        audience: 'PARTNER',
        partner: { id: partnerId },
        action: 'updatePartner',
        subject: `Partner:${id}`,
        reason: 'New name.',
        changes: [{ field: 'name', before: 'Old', after: 'New' }],
      },
    ]);
  });

  it('is narrowed by actor, operation and day of the program, and paged the last first', async () => {
    const actor = randomUUID();
    const by = { ...adminViewer(), subject: actor };
    // The program is in Berlin: 23:30 in UTC is the next day there.
    await record(by, { action: 'first', at: new Date('2026-03-01T22:30:00Z') });
    await record(by, { action: 'second', at: new Date('2026-03-01T23:30:00Z') });
    await record(by, { action: 'third', at: new Date('2026-03-02T12:00:00Z') });
    const actions = ({ nodes }: Answer['auditLog']) => nodes.map(({ action }) => action);

    expect(actions(await acts({ actor }))).toEqual(['third', 'second', 'first']);
    expect(actions(await acts({ actor, action: 'second' }))).toEqual(['second']);
    const day = { from: '2026-03-02', to: '2026-03-02' };
    expect(actions(await acts({ actor, period: day }))).toEqual(['third', 'second']);
    const page = await acts({ actor }, { first: 2 });
    expect(actions(page)).toEqual(['third', 'second']);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(actions(await acts({ actor }, { after: page.pageInfo.endCursor }))).toEqual(['first']);
  });

  it.each([
    ['a member', memberViewer(randomUUID()), 'FORBIDDEN'],
    ['a partner', partnerViewer(randomUUID(), ['CLIENTS_MANAGE']), 'FORBIDDEN'],
    ['staff without the scope', adminViewer(['PROGRAM_MANAGE']), 'FORBIDDEN'],
  ])('is closed to %s', async (_, viewer, code) => {
    expect(await codeOf(viewer, read)).toBe(code);
  });

  it.each([{ subject: 'Partner' }, { period: { from: '2026-03-02', to: '2026-03-01' } }])(
    'refuses %j',
    async (filter) => {
      expect(await codeOf(auditor, read, { filter })).toBe('BAD_USER_INPUT');
    },
  );
});
