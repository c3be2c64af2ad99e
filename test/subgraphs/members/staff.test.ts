import { randomUUID } from 'node:crypto';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { setMemberStatus } from '../../../subgraphs/members/membership/statuses.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { useTestDatabase } from '../../support/database.ts';
import {
  givenConsent,
  givenMember,
  givenMemberAt,
  givenProvisional,
} from '../../support/given-members.ts';
import { givenPartner, givenAgreed } from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

describe('what staff and test clients do with members', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform())));
  afterAll(() => members.drain());
  const { ask, codeOf } = callsOf(() => members);

  describe('members', () => {
    const query = `query ($filter: MemberFilter, $first: Int, $after: String) {
      members(filter: $filter, first: $first, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } totalCount } }`;
    type Answer = {
      members: {
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
        totalCount: null;
      };
    };
    const list = async (filter: object, page: object = {}) =>
      (await ask<Answer>(adminViewer(), query, { filter, ...page })).members;
    const idsOf = async (filter: object) => (await list(filter)).nodes.map(({ id }) => id);

    it('finds members by the beginning of a name, an address or a number', async () => {
      const word = randomUUID();
      const id = await givenMemberAt(test, `${word}@example.com`);
      const names = { displayName: `Zoë ${word}`, givenName: `G${word}`, familyName: `F${word}` };
      await db().update(Member, { id }, names);
      const { memberNumber } = await db().findOneByOrFail(Member, { id });
      const grouped = memberNumber.replaceAll(/(.{4})(?=.)/g, '$1 ');

      for (const search of [
        `ZOË ${word.toUpperCase()}`,
        `g${word.slice(0, -1)}`,
        `f${word}`,
        word.slice(0, 20),
        memberNumber.slice(0, 15),
        grouped,
      ]) {
        expect(await idsOf({ search })).toEqual([id]);
      }
      expect(await idsOf({ search: word.slice(1) })).toEqual([]);
      expect(await idsOf({ search: '%' })).toEqual([]);
    });

    it('goes by status, newest first, page by page, without members of the sandbox', async () => {
      const partnerId = await givenPartner(test);
      const provisional = [];
      for (const account of ['1', '2', '3']) {
        provisional.unshift(await givenProvisional(test, partnerId, account));
      }
      await givenProvisional(test, partnerId, '4', true);

      const first = await list({ status: 'PROVISIONAL' }, { first: 2 });
      const rest = await list(
        { status: 'PROVISIONAL' },
        { first: 2, after: first.pageInfo.endCursor },
      );

      expect([...first.nodes, ...rest.nodes].map(({ id }) => id)).toEqual(provisional);
      expect(first.pageInfo.hasNextPage).toBe(true);
      expect(rest.pageInfo.hasNextPage).toBe(false);
      expect(first.totalCount).toBeNull();
    });

    it('is for staff who look after members', async () => {
      expect(await codeOf(adminViewer(['PARTNERS_MANAGE']), query)).toBe('FORBIDDEN');
      expect(await codeOf(partnerViewer(randomUUID()), query)).toBe('FORBIDDEN');
      expect(await codeOf(adminViewer(), query, { first: 101 })).toBe('BAD_USER_INPUT');
      expect(await codeOf(adminViewer(), query, { after: 'x' })).toBe('BAD_USER_INPUT');
    });
  });

  describe('setMemberStatus', () => {
    const at = new Date('2026-03-01T12:00:00Z');
    const set = (memberId: string, status: Member['status'], viewer: Viewer = adminViewer()) =>
      setMemberStatus(
        db(),
        { memberId, status, reason: 'As asked' },
        { viewer, clock: new SetClock(at) },
      );
    const statusOf = async (id: string) => (await db().findOneByOrFail(Member, { id })).status;
    const eventsOf = async (memberId: string) =>
      (
        await rows<{ type: string }>(
          test.owner(),
          'SELECT type FROM platform.outbox WHERE member_id = $1 ORDER BY sequence',
          [memberId],
        )
      )
        .map(({ type }) => type)
        .filter((type) => type !== 'member.enrolled');

    it('suspends, reinstates and closes, once each, and records who did it and why', async () => {
      const id = await givenMember(test);

      for (const status of ['SUSPENDED', 'SUSPENDED', 'ACTIVE', 'CLOSED', 'CLOSED'] as const) {
        expect(await set(id, status)).toMatchObject({ id, status });
      }

      expect(await eventsOf(id)).toEqual([
        'member.suspended',
        'member.reinstated',
        'member.closed',
      ]);
      const acts = await rows(
        test.owner(),
        `SELECT actor, action, reason, changes FROM platform.audit_event
         WHERE subject_type = 'Member' AND subject_id = $1 ORDER BY sequence`,
        [id],
      );
      const act = (before: string, after: string) => ({
        actor: 'admin',
        action: 'setMemberStatus',
        reason: 'As asked',
        changes: [{ field: 'status', before, after }],
      });
      expect(acts).toEqual([
        act('ACTIVE', 'SUSPENDED'),
        act('SUSPENDED', 'ACTIVE'),
        act('ACTIVE', 'CLOSED'),
      ]);
    });

    it('goes no other way, and changes nothing then', async () => {
      const partnerId = await givenPartner(test);
      const provisional = await givenProvisional(test, partnerId, 'own');
      const active = await givenMember(test);
      const closed = await givenMember(test);
      await set(closed, 'CLOSED');

      for (const [id, from, status] of [
        [provisional, 'PROVISIONAL', 'ACTIVE'],
        [provisional, 'PROVISIONAL', 'SUSPENDED'],
        [active, 'ACTIVE', 'PROVISIONAL'],
        [closed, 'CLOSED', 'ACTIVE'],
        [closed, 'CLOSED', 'SUSPENDED'],
      ] as const) {
        await expect(set(id, status)).rejects.toEqual(
          refusal('NOT_ALLOWED', ['status'], { subject: from }),
        );
        expect(await statusOf(id)).toBe(from);
      }
    });

    it('finds nobody unknown, and nobody of the sandbox', async () => {
      const partnerId = await givenPartner(test);
      const sandbox = await givenProvisional(test, partnerId, 'test', true);

      await expect(set(randomUUID(), 'CLOSED')).rejects.toEqual(refusal('NOT_FOUND', ['memberId']));
      await expect(set(sandbox, 'CLOSED')).rejects.toEqual(refusal('NOT_FOUND', ['memberId']));
      await expect(
        setMemberStatus(
          db(),
          { memberId: sandbox, status: 'CLOSED', reason: ' ' },
          { viewer: adminViewer(), clock: databaseClock },
        ),
      ).rejects.toEqual(refusal('INVALID', ['reason']));
    });

    it('ends one way where two staff go different ones at once', async () => {
      const id = await givenMember(test);

      const ended = await Promise.allSettled([set(id, 'SUSPENDED'), set(id, 'CLOSED')]);

      expect(await statusOf(id)).toBe('CLOSED');
      expect((await eventsOf(id)).at(-1)).toBe('member.closed');
      const reasons = ended.flatMap((each) =>
        each.status === 'rejected' ? [each.reason as unknown] : [],
      );
      const refused = refusal('NOT_ALLOWED', ['status'], { subject: 'CLOSED' });
      expect(reasons).toEqual(reasons.map(() => refused));
    });

    it('lets a closed member trust nobody any more', async () => {
      const id = await givenMember(test);
      const partnerId = await givenPartner(test);
      await givenConsent(test, id, partnerId);
      const find = 'query ($id: ID!) { member(by: { id: $id }) { id } }';
      const seen = () => ask(partnerViewer(partnerId), find, { id });

      expect(await seen()).toEqual({ member: { id } });
      await set(id, 'SUSPENDED');
      expect(await seen()).toEqual({ member: { id } });
      await set(id, 'CLOSED');
      expect(await seen()).toEqual({ member: null });
    });
  });

  describe('createSandboxMember', () => {
    const mutation = `mutation ($name: String!, $points: Points) {
      createSandboxMember(displayName: $name, points: $points) {
        member { id displayName status balance { available } } userErrors { code path } } }`;
    type Answer = {
      createSandboxMember: { member: { id: string } | null; userErrors: object[] };
    };
    const testClient = (partnerId: string): Viewer => ({
      ...partnerViewer(partnerId, ['BALANCES_READ']),
      sandbox: true,
    });
    const create = async (viewer: Viewer, variables: object) =>
      (await ask<Answer>(viewer, mutation, variables)).createSandboxMember;

    it('makes a member with points whom the test client meets, and no live one', async () => {
      const partnerId = await givenAgreed(test);

      const { member, userErrors } = await create(testClient(partnerId), {
        name: 'Grace',
        points: 500,
      });

      expect(userErrors).toEqual([]);
      expect(member).toEqual({
        id: expect.any(String),
        displayName: 'Grace',
        status: 'ACTIVE',
        balance: { available: 500 },
      });
      const find = 'query ($id: ID!) { member(by: { id: $id }) { id } }';
      const { id } = member!;
      expect(await ask(testClient(partnerId), find, { id })).toEqual({ member: { id } });
      expect(await ask(testClient(await givenAgreed(test)), find, { id })).toEqual({
        member: null,
      });
      expect(await ask(adminViewer(), find, { id })).toEqual({ member: null });
    });

    it('makes another with each call, also at once', async () => {
      const client = testClient(await givenAgreed(test));

      const made = await Promise.all([
        create(client, { name: 'Grace' }),
        create(client, { name: 'Grace' }),
      ]);

      expect(new Set(made.map(({ member }) => member!.id)).size).toBe(2);
      expect(made.map(({ member }) => member)).toEqual([
        expect.objectContaining({ balance: { available: 0 } }),
        expect.objectContaining({ balance: { available: 0 } }),
      ]);
    });

    it('is not for live clients, and refuses what cannot be', async () => {
      const partnerId = await givenPartner(test);
      const before = await db().count(Member);
      const refused = (code: string, path: string[]) => ({
        member: null,
        userErrors: [{ code, path }],
      });

      expect(await create(partnerViewer(partnerId), { name: 'Grace' })).toEqual(
        refused('NOT_ALLOWED', []),
      );
      expect(await create(testClient(partnerId), { name: ' ' })).toEqual(
        refused('INVALID', ['displayName']),
      );
      expect(await create(testClient(partnerId), { name: 'Grace', points: -1 })).toEqual(
        refused('INVALID', ['points']),
      );
      expect(await db().count(Member)).toBe(before);
    });
  });
});
