import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { start as startPartners } from '../../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent } from '../../support/given-members.ts';
import { givenTill } from '../../support/given-tills.ts';
import { callsOf, configOn, partnerViewer, testPlatform } from '../../support/subgraph.ts';

const april = new Date('2026-04-01T12:00:00Z');

interface Recorded {
  recordActivity: { activity: { status: string } | null; userErrors: { code: string }[] };
}

describe('a consent', () => {
  const test = useTestDatabase();
  const clock = new SetClock(april);
  let members: Subgraph;
  let partners: Subgraph;
  beforeAll(async () => {
    members = await start(configOn(test), testPlatform(clock));
    partners = await startPartners(configOn(test), testPlatform(clock));
  });
  afterAll(async () => {
    await members.drain();
    await partners.drain();
  });
  const { ask } = callsOf(() => members);
  const atPartners = callsOf(() => partners);
  const entityOf = async (reference: object, fields: string, viewer: Viewer) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${fields} } }`;
    const { _entities } = await ask<{ _entities: unknown[] }>(viewer, query, { of: [reference] });
    return _entities[0];
  };

  it('that is taken back counts no more in the next request, by every path', async () => {
    const { memberId, till } = await givenTill(test, { at: april });
    const { partnerId } = till;
    const viewer = partnerViewer(partnerId, [
      'ACCRUALS_WRITE',
      'BALANCES_READ',
      'REDEMPTIONS_AUTHORISE',
    ]);
    const place = () => {
      const query = `mutation ($input: HoldPointsInput!) { holdPoints(input: $input) {
        hold { id } userErrors { code path } } }`;
      const keys = { reference: randomUUID(), idempotencyKey: randomUUID() };
      return ask(viewer, query, { input: { member: { id: memberId }, points: 1, ...keys } });
    };
    const record = async () => {
      const query = `mutation ($input: ActivityInput!) { recordActivity(input: $input) {
        activity { status } userErrors { code } } }`;
      const input = {
        member: { id: memberId },
        kind: 'PURCHASE',
        reference: randomUUID(),
        occurredAt: april,
        amount: { amount: '10', currency: 'EUR' },
      };
      const { recordActivity } = await atPartners.ask<Recorded>(viewer, query, { input });
      return recordActivity.userErrors[0]?.code ?? recordActivity.activity!.status;
    };
    const { id } = await till.hold(memberId);
    const fields = 'status memberNumber joinedAt profile { locale } balance { available }';
    const self = { __typename: 'Member', id: memberId };
    const activities = '... on Member { activities { nodes { reference } } }';
    const paths = {
      root: async () =>
        (
          await ask<{ member: unknown }>(
            viewer,
            `query ($id: ID!) { member(by: { id: $id }) { ${fields} } }`,
            { id: memberId },
          )
        ).member,
      reference: () => entityOf(self, `... on Member { ${fields} }`, viewer),
      nested: async () =>
        (
          await ask<{ hold: { member: unknown } }>(
            viewer,
            `query ($id: ID!) { hold(id: $id) { member { ${fields} } } }`,
            { id },
          )
        ).hold.member,
      payload: async () => {
        const release = `mutation { releaseHold(id: "${id}", idempotencyKey: "${id}") {
          balance { available } hold { member { ${fields} } } } }`;
        const { releaseHold } = await ask<{
          releaseHold: { balance: object | null; hold: { member: object } };
        }>(viewer, release);
        return { ...releaseHold.hold.member, left: releaseHold.balance };
      },
      elsewhere: async () => {
        const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${activities} } }`;
        const { _entities } = await atPartners.ask<{ _entities: object[] }>(viewer, query, {
          of: [self],
        });
        return _entities[0];
      },
    };
    const open = {
      status: 'ACTIVE',
      memberNumber: expect.any(String),
      joinedAt: expect.any(String),
      profile: { locale: 'en' },
      balance: { available: expect.any(Number) },
    };
    const shut = { status: null, memberNumber: null, joinedAt: null, profile: null, balance: null };

    expect(await record()).toBe('POSTED');
    expect(await paths.root()).toEqual(open);
    expect(await paths.reference()).toEqual(open);
    expect(await paths.nested()).toEqual(open);
    expect(await paths.payload()).toEqual({ ...open, left: { available: expect.any(Number) } });
    expect(await paths.elsewhere()).toEqual({
      activities: { nodes: [{ reference: expect.any(String) }] },
    });

    await revokeConsent(test.db('members'), { partnerId }, { memberId, clock });

    expect(await record()).toBe('NOT_FOUND');
    expect(await place()).toMatchObject({
      holdPoints: { hold: null, userErrors: [{ code: 'NOT_FOUND', path: ['member'] }] },
    });
    expect(await paths.root()).toBeNull();
    expect(await paths.reference()).toEqual(shut);
    expect(await paths.nested()).toEqual(shut);
    expect(await paths.payload()).toEqual({ ...shut, left: null });
    expect(await paths.elsewhere()).toEqual({ activities: null });

    // Of a consent that is made smaller, what it lost is gone.
    await givenConsent(test, memberId, partnerId, ['EARN']);
    expect(await record()).toBe('POSTED');
    expect(await paths.root()).toEqual({ ...open, profile: null, balance: null });
    expect(await place()).toMatchObject({
      holdPoints: { userErrors: [{ code: 'CONSENT_REQUIRED', path: ['member'] }] },
    });
  });
});
