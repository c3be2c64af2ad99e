import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenContract, givenPartner } from '../../support/given-partners.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const april = new Date('2026-04-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(april.getTime() + minutes * 60_000);

describe('the graph at the till', () => {
  const test = useTestDatabase();
  const clock = new SetClock(april);
  let members: Subgraph;
  let partnerId: string;
  let memberId: string;
  beforeAll(async () => {
    members = await start(configOn(test), testPlatform(clock));
    partnerId = await givenPartner(test);
  });
  afterAll(() => members.drain());
  beforeEach(async () => {
    clock.at = april;
    memberId = await givenMember(test, 500n, undefined, new Date('2026-03-01T12:00:00Z'));
    await givenConsent(test, memberId, partnerId);
  });

  const { ask, codeOf } = callsOf(() => members);
  const till = (...more: Viewer['scopes']) =>
    partnerViewer(partnerId, ['REDEMPTIONS_AUTHORISE', 'REDEMPTIONS_CAPTURE', ...more]);
  const place = `mutation ($input: HoldPointsInput!) { holdPoints(input: $input) {
    hold { id points worth { amount currency } status } balance { available }
    userErrors { code path } } }`;
  const inputOf = (points = 300) => ({
    input: {
      member: { id: memberId },
      points,
      reference: randomUUID(),
      idempotencyKey: randomUUID(),
    },
  });
  interface Placed {
    holdPoints: { hold: { id: string } | null; balance: { available: number } | null };
  }
  const hold = async (points = 300, viewer = till()) =>
    (await ask<Placed>(viewer, place, inputOf(points))).holdPoints.hold!.id;
  const entityOf = async (reference: object, fields: string, viewer: Viewer) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${fields} } }`;
    const { _entities } = await ask<{ _entities: unknown[] }>(viewer, query, { of: [reference] });
    return _entities[0];
  };

  it('takes a hold from the till to the member’s statement', async () => {
    const viewer = till('BALANCES_READ');
    const placed = await ask<Placed>(viewer, place, inputOf());
    const { id } = placed.holdPoints.hold!;
    expect(placed.holdPoints).toEqual({
      hold: { id, points: 300, worth: { amount: '2.40', currency: 'EUR' }, status: 'ACTIVE' },
      balance: { available: 200 },
      userErrors: [],
    });
    await ask(
      viewer,
      `mutation ($id: ID!) {
         captureHold(input: { id: $id, points: 250, idempotencyKey: "c-${id}" }) { hold { id } }
         refundCapture(input: { id: $id, points: 50, refundReference: "r-${id}" }) { hold { id } } }`,
      { id },
    );

    const all = `id points capturedPoints refundedPoints status reference createdAt expiresAt
      partner { id } member { id }`;
    const { me } = await ask<{ me: Record<string, Record<string, unknown>> }>(
      memberViewer(memberId),
      `{ me {
         balance { available held worth { amount currency } }
         holds { nodes { ${all} } edges { cursor } pageInfo { hasNextPage } }
         statement(first: 2) { nodes { kind points description partner { id } hold { id } } } } }`,
    );

    expect(me['balance']).toEqual({
      available: 300,
      held: 0,
      worth: { amount: '2.40', currency: 'EUR' },
    });
    expect(me['holds']).toEqual({
      nodes: [
        {
          id,
          points: 300,
          capturedPoints: 250,
          refundedPoints: 50,
          status: 'PARTIALLY_CAPTURED',
          reference: expect.any(String),
          createdAt: april.toISOString(),
          expiresAt: minutesLater(15).toISOString(),
          partner: { id: partnerId },
          member: { id: memberId },
        },
      ],
      edges: [{ cursor: expect.any(String) }],
      pageInfo: { hasNextPage: false },
    });
    const entry = { partner: { id: partnerId }, hold: { id } };
    expect(me['statement']!['nodes']).toEqual([
      { ...entry, kind: 'REVERSAL', points: 50, description: expect.stringContaining('Brand') },
      { ...entry, kind: 'REDEMPTION', points: -250, description: expect.stringContaining('Brand') },
    ]);
  });

  it('reads the balance after each operation of a request', async () => {
    const input = (points: number) =>
      `{ member: { id: "${memberId}" }, points: ${points}, reference: "${randomUUID()}",
         idempotencyKey: "${randomUUID()}" }`;

    const answered = await ask(
      till('BALANCES_READ'),
      `mutation { one: holdPoints(input: ${input(100)}) { balance { available } }
                  two: holdPoints(input: ${input(150)}) { balance { available } } }`,
    );

    expect(answered).toEqual({
      one: { balance: { available: 400 } },
      two: { balance: { available: 250 } },
    });
  });

  it('shows no balance without the scope, nor without the consent', async () => {
    expect((await ask<Placed>(till(), place, inputOf(10))).holdPoints.balance).toBeNull();
    await givenConsent(test, memberId, partnerId, ['SPEND']);
    const { holdPoints } = await ask<Placed>(till('BALANCES_READ'), place, inputOf(10));
    expect(holdPoints).toMatchObject({ hold: { points: 10 }, balance: null });
  });

  it('answers a refusal as data', async () => {
    expect(await ask(till('BALANCES_READ'), place, inputOf(501))).toEqual({
      holdPoints: {
        hold: null,
        balance: null,
        userErrors: [{ code: 'INSUFFICIENT_POINTS', path: [] }],
      },
    });
  });

  it('needs the scope of each operation', async () => {
    const id = await hold();
    const acts = {
      capture: `mutation { captureHold(input: { id: "${id}", idempotencyKey: "k" }) { hold { id } } }`,
      release: `mutation { releaseHold(id: "${id}", idempotencyKey: "k") { hold { id } } }`,
      refund: `mutation { refundCapture(input: { id: "${id}", refundReference: "k" }) { hold { id } } }`,
      quote: `{ quotePayment(amount: { amount: "1", currency: "EUR" }) { points } }`,
      request: `mutation { requestConsent(input: {
        member: { id: "${memberId}" }, scopes: [EARN], purpose: "Why" }) { expiresAt } }`,
    };
    const authorise = partnerViewer(partnerId, ['REDEMPTIONS_AUTHORISE']);
    const capture = partnerViewer(partnerId, ['REDEMPTIONS_CAPTURE']);

    for (const act of Object.values(acts)) {
      expect(await codeOf(anonymous, act)).toBe('UNAUTHENTICATED');
      expect(await codeOf(memberViewer(memberId), act)).toBe('FORBIDDEN');
      expect(await codeOf(adminViewer(), act)).toBe('FORBIDDEN');
    }
    for (const act of [acts.capture, acts.refund]) {
      expect(await codeOf(authorise, act)).toBe('FORBIDDEN');
    }
    for (const act of [acts.release, acts.quote, acts.request]) {
      expect(await codeOf(capture, act)).toBe('FORBIDDEN');
    }
    expect(await codeOf(capture, place, inputOf())).toBe('FORBIDDEN');
    expect(await codeOf(partnerViewer(partnerId, ['MEMBERS_LINK']), acts.request)).toBeUndefined();
  });

  it('quotes what points pay', async () => {
    expect(
      await ask(
        till(),
        `{ quotePayment(amount: { amount: "10.00", currency: "EUR" }, points: 1000) {
             points worth { amount } due { amount currency } } }`,
      ),
    ).toEqual({
      quotePayment: {
        points: 1000,
        worth: { amount: '8.00' },
        due: { amount: '2.00', currency: 'EUR' },
      },
    });
    const inPounds = '{ quotePayment(amount: { amount: "1", currency: "GBP" }) { points } }';
    expect(await codeOf(till(), inPounds)).toBe('BAD_USER_INPUT');
  });

  describe('a hold', () => {
    it('is seen by its partner, its member and staff who support members', async () => {
      const { input } = inputOf();
      const { holdPoints } = await ask<Placed>(till(), place, { input });
      const { id } = holdPoints.hold!;
      const byId = `{ hold(id: "${id}") { points member { displayName memberNumber } } }`;
      const byReference = `{ hold(reference: "${input.reference}") { id } }`;
      const others = partnerViewer(await givenPartner(test));
      const tests = { ...till(), sandbox: true };
      const desk = adminViewer(['LEDGER_ADJUST']);

      for (const viewer of [till(), memberViewer(memberId), adminViewer()]) {
        expect(await ask(viewer, byId)).toMatchObject({ hold: { points: 300 } });
        expect(await entityOf({ __typename: 'Hold', id }, '... on Hold { id }', viewer)).toEqual({
          id,
        });
      }
      for (const viewer of [others, tests, desk, memberViewer(await givenMember(test))]) {
        expect(await ask(viewer, byId)).toEqual({ hold: null });
        expect(await entityOf({ __typename: 'Hold', id }, '... on Hold { id }', viewer)).toBeNull();
        expect(await ask(viewer, byReference)).toEqual({ hold: null });
      }
      expect(await ask(till(), byReference)).toEqual({ hold: { id } });
      expect(await codeOf(anonymous, byId)).toBe('UNAUTHENTICATED');
      expect(await codeOf(till(), '{ hold { id } }')).toBe('BAD_USER_INPUT');
      expect(await codeOf(till(), '{ hold(id: "it") { id } }')).toBe('BAD_USER_INPUT');
    });

    it('is found by where it stands, also where it has expired and nothing has run', async () => {
      const [kept, released, captured] = [await hold(1), await hold(2), await hold(3)];
      await ask(
        till(),
        `mutation { releaseHold(id: "${released}", idempotencyKey: "${released}") { hold { id } }
           captureHold(input: { id: "${captured}", idempotencyKey: "${captured}" }) { hold { id } } }`,
      );
      const query = `query ($status: HoldStatus, $first: Int, $after: String) {
        me { holds(status: $status, first: $first, after: $after) {
          nodes { id status } pageInfo { hasNextPage endCursor } } } }`;
      interface Listed {
        me: { holds: { nodes: { id: string; status: string }[]; pageInfo: { endCursor: string } } };
      }
      const list = async (variables: object) =>
        (await ask<Listed>(memberViewer(memberId), query, variables)).me.holds;
      const idsOf = async (status: string | null) =>
        (await list({ status })).nodes.map(({ id }) => id);

      expect(await idsOf('ACTIVE')).toEqual([kept]);
      expect(await idsOf('EXPIRED')).toEqual([]);
      clock.at = minutesLater(15);
      expect(await idsOf('ACTIVE')).toEqual([]);
      expect(await idsOf('EXPIRED')).toEqual([kept]);
      expect(await idsOf('RELEASED')).toEqual([released]);
      expect(await idsOf('CAPTURED')).toEqual([captured]);
      expect(await ask(till(), `{ hold(id: "${kept}") { status } }`)).toEqual({
        hold: { status: 'EXPIRED' },
      });
      // Placed at one instant, they are in the order of their ids.
      const all = await idsOf(null);
      const { nodes, pageInfo } = await list({ first: 2 });
      expect(nodes.map(({ id }) => id)).toEqual(all.slice(0, 2));
      expect((await list({ first: 2, after: pageInfo.endCursor })).nodes[0]!.id).toBe(all[2]);
    });
  });

  it('values a balance at the lowest rate of today, in the program’s money', async () => {
    const db = test.db('partners');
    const worthOf = async () => {
      const query = '{ me { balance { worth { amount currency } } } }';
      const { me } = await ask<{ me: { balance: unknown } }>(memberViewer(memberId), query);
      return me.balance;
    };
    const inEuros = (amount: string) => ({ worth: { amount, currency: 'EUR' } });
    expect(await worthOf()).toEqual(inEuros('4.00'));

    // In other money, not live, and without a rate: none of these counts.
    await givenPartner(test, { contract: { currency: 'GBP', redemptionRate: '0.0001' } });
    await givenPartner(test, { contract: { redemptionRate: '0' } });
    const cheap = await givenPartner(test, { contract: { redemptionRate: '0.0050' } });
    await givenContract(db, cheap, { validFrom: '2026-05-01', redemptionRate: '0.0033' });
    expect(await worthOf()).toEqual(inEuros('2.50'));
    clock.at = new Date('2026-05-01T12:00:00Z');
    expect(await worthOf()).toEqual(inEuros('1.65'));
    await rows(test.owner(), `UPDATE partners.partner SET status = 'SUSPENDED'`);
    expect(await worthOf()).toEqual({ worth: null });
    await rows(test.owner(), `UPDATE partners.partner SET status = 'LIVE'`);
  });

  it('shows members what partners ask them for', async () => {
    await givenConsent(test, memberId, partnerId, ['EARN']);
    const request = `mutation ($of: ID!) { requestConsent(input: {
      member: { id: $of }, scopes: [SPEND], purpose: "To pay with points" }) {
      expiresAt userErrors { code } } }`;
    const asker = partnerViewer(partnerId, ['MEMBERS_LINK']);
    const answer = { expiresAt: '2026-05-01T12:00:00.000Z', userErrors: [] };
    for (const id of [memberId, randomUUID()]) {
      expect(await ask(asker, request, { of: id })).toEqual({ requestConsent: answer });
    }

    const mine = '{ me { consentRequests { id partner { id } scopes purpose expiresAt } } }';
    interface Requests {
      me: { consentRequests: { id: string }[] };
    }
    const { me } = await ask<Requests>(memberViewer(memberId), mine);
    expect(me.consentRequests).toEqual([
      {
        id: expect.any(String),
        partner: { id: partnerId },
        scopes: ['SPEND'],
        purpose: 'To pay with points',
        expiresAt: answer.expiresAt,
      },
    ]);
    const query = 'query ($id: ID!) { member(by: { id: $id }) { consentRequests { id } } }';
    for (const viewer of [asker, adminViewer()]) {
      expect(await ask(viewer, query, { id: memberId })).toEqual({
        member: { consentRequests: null },
      });
    }
    const decline = 'mutation ($id: ID!) { declineConsentRequest(id: $id) { member { id } } }';
    const { id } = me.consentRequests[0]!;
    expect(await ask(memberViewer(memberId), decline, { id })).toEqual({
      declineConsentRequest: { member: { id: memberId } },
    });
    expect(await ask(memberViewer(memberId), mine)).toEqual({ me: { consentRequests: [] } });
  });
});
