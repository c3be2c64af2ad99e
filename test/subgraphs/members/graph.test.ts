import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { accruePoints, openPartner, redeemPoints, reverseAccrual } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { anAccrual } from '../../support/given-points.ts';
import { codeIn, givenConsent, givenMember, givenMemberAt } from '../../support/given-members.ts';
import { keptMail } from '../../support/mail.ts';
import {
  adminViewer,
  callSubgraph,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';

const march = new Date('2026-03-01T12:00:00Z');
const april = new Date('2026-04-01T12:00:00Z');

describe('the members graph', () => {
  const test = useTestDatabase();
  const platform = testPlatform(new SetClock(april));
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), platform)));
  afterAll(() => members.drain());

  const ask = (viewer: Viewer, query: string, variables: object = {}) =>
    callSubgraph(members, viewer, query, variables);
  const { codeOf } = callsOf(() => members);
  const entity = async (viewer: Viewer, reference: object, fields: string) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ${fields} } }`;
    const { data, errors } = await ask(viewer, query, { of: [reference] });
    expect(errors).toBeUndefined();
    return (data as unknown as { _entities: unknown[] })._entities[0];
  };

  /** 500 points of an issuer in March, of which 200 are spent with another partner in April. */
  async function givenHistory(memberId: string) {
    const [issuerId, spentWith] = [randomUUID(), randomUUID()];
    const [activityId, redemptionId] = [randomUUID(), randomUUID()];
    await openPartner(test.db('partners'), issuerId);
    await openPartner(test.db('partners'), spentWith);
    const accrual = await accruePoints(test.db('partners'), {
      memberId,
      key: activityId,
      points: 500n,
      issuerId,
      issuePrice: '0.0120',
      source: { kind: 'activity', id: activityId },
      description: 'Purchase at the shop',
      effectiveAt: march,
      at: march,
    });
    const redemption = await redeemPoints(test.db('rewards-catalog'), {
      memberId,
      key: redemptionId,
      points: 200n,
      partnerId: spentWith,
      source: { kind: 'redemption', id: redemptionId },
      description: 'A night',
      effectiveAt: april,
      at: april,
    });
    return { issuerId, spentWith, activityId, redemptionId, accrual, redemption };
  }

  it('sends what mail it took over before it is gone', async () => {
    let send = () => {};
    const sent = new Promise<void>((resolve) => (send = resolve));
    const mail = { ...keptMail(), settled: () => sent };
    const leaving = await start(configOn(test), { ...platform, mail });

    const drained = leaving.drain().then(() => 'drained');

    const soon = new Promise((resolve) => setTimeout(resolve, 200, 'not yet'));
    expect(await Promise.race([drained, soon])).toBe('not yet');
    send();
    expect(await drained).toBe('drained');
  });

  it('takes an enrolment from the address to the member', async () => {
    const email = `${randomUUID()}@example.com`;
    const enrolled = await ask(
      anonymous,
      `mutation ($email: String!) { enrol(input: { email: $email, displayName: "Ada" }) {
         verificationId expiresAt userErrors { code } } }`,
      { email },
    );
    const { verificationId } = (enrolled.data as unknown as { enrol: { verificationId: string } })
      .enrol;

    const verified = await ask(
      anonymous,
      `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
         member { displayName status memberNumber profile { email } } userErrors { code } } }`,
      { input: { verificationId, code: codeIn(platform.sent.at(-1)!) } },
    );

    expect(enrolled.data).toEqual({
      enrol: {
        verificationId: expect.any(String),
        expiresAt: '2026-04-01T12:15:00.000Z',
        userErrors: [],
      },
    });
    // Who verifies is not signed in yet: what is the member's alone stays closed.
    expect(verified.data).toEqual({
      verifyEmail: {
        member: { displayName: 'Ada', status: null, memberNumber: null, profile: null },
        userErrors: [],
      },
    });
  });

  it('answers a refusal as data, with the path in the input', async () => {
    const { data, errors } = await ask(
      anonymous,
      'mutation { enrol(input: { email: "ada" }) { verificationId expiresAt userErrors { code path } } }',
    );

    expect(errors).toBeUndefined();
    expect(data).toEqual({
      enrol: {
        verificationId: null,
        expiresAt: null,
        userErrors: [{ code: 'INVALID', path: ['email'] }],
      },
    });
  });

  it('shows the program and its currencies to everyone', async () => {
    const { data } = await ask(
      anonymous,
      `{ program { id name timeZone moneyCurrency version
           currencies { code name kind issuer { id } } } }`,
    );

    expect(data).toEqual({
      program: {
        id: expect.any(String),
        name: 'Coalition',
        timeZone: 'Europe/Berlin',
        moneyCurrency: 'EUR',
        version: 1,
        currencies: [{ code: 'PTS', name: 'Points', kind: 'SPENDABLE', issuer: null }],
      },
    });
  });

  it('says who calls', async () => {
    const id = await givenMember(test);
    const partnerId = randomUUID();
    const query = '{ viewer { audience scopes member { id memberNumber } partner { id } } }';

    expect((await ask(anonymous, query)).data).toEqual({
      viewer: { audience: 'PUBLIC', scopes: [], member: null, partner: null },
    });
    expect((await ask(memberViewer(id, ['PROFILE']), query)).data).toEqual({
      viewer: {
        audience: 'MEMBER',
        scopes: ['PROFILE'],
        member: { id, memberNumber: expect.stringMatching(/^\d{16}$/) },
        partner: null,
      },
    });
    expect((await ask(partnerViewer(partnerId), query)).data).toEqual({
      viewer: { audience: 'PARTNER', scopes: [], member: null, partner: { id: partnerId } },
    });
  });

  describe('me', () => {
    it('shows the member what they own', async () => {
      const email = `${randomUUID()}@example.com`;
      const id = await givenMemberAt(test, email, march);
      const { issuerId } = await givenHistory(id);

      const { data, errors } = await ask(
        memberViewer(id),
        `{ me { id displayName status joinedAt consents { scopes }
             profile { email emailVerified locale marketingOptIn }
             balances { ...all } balance { ...all } miles: balance(currency: "MILES") { available } } }
         fragment all on Balance {
           currency { code name kind } available pending held debt lifetimeEarned
           byIssuer { issuer { id } points } expiring { points on } }`,
      );

      const balance = {
        currency: { code: 'PTS', name: 'Points', kind: 'SPENDABLE' },
        available: 300,
        pending: 0,
        held: 0,
        debt: 0,
        lifetimeEarned: 500,
        byIssuer: [{ issuer: { id: issuerId }, points: 300 }],
        expiring: [],
      };
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        me: {
          id,
          displayName: 'Ada',
          status: 'ACTIVE',
          joinedAt: '2026-03-01T12:00:00.000Z',
          consents: [],
          profile: { email, emailVerified: true, locale: 'en', marketingOptIn: false },
          balances: [balance],
          balance,
          miles: null,
        },
      });
    });

    it('is for members alone', async () => {
      const me = '{ me { id } }';

      expect(await codeOf(anonymous, me)).toBe('UNAUTHENTICATED');
      expect(await codeOf(partnerViewer(randomUUID()), me)).toBe('FORBIDDEN');
      expect(await codeOf(adminViewer(), me)).toBe('FORBIDDEN');
    });
  });

  describe('a balance', () => {
    const query = `query ($asOf: DateTime, $knownAt: DateTime, $within: Int) {
      me { balance(asOf: $asOf, knownAt: $knownAt) {
        available pending lifetimeEarned expiring(within: $within) { points on } } } }`;
    const balance = async (memberId: string, variables: object = {}) => {
      const { data, errors } = await ask(memberViewer(memberId), query, variables);
      expect(errors).toBeUndefined();
      return (data as unknown as { me: { balance: unknown } }).me.balance;
    };

    /** 500 points that expire on the last day of April, and 30 that wait, since March. */
    async function givenLots() {
      const id = await givenMember(test);
      const issuerId = randomUUID();
      await openPartner(test.db('partners'), issuerId);
      const base = { memberId: id, issuerId, effectiveAt: march };
      const expiresAt = new Date('2026-04-30T22:00:00Z');
      for (const lot of [
        { points: 30n, activatesAt: 'onAction' as const, at: march },
        { points: 500n, expiresAt, at: new Date('2026-03-10T12:00:00Z') },
      ]) {
        await accruePoints(test.db('partners'), anAccrual({ ...base, ...lot }));
      }
      return id;
    }

    it('tells what expires, and what it was', async () => {
      const id = await givenLots();
      const now = { available: 500, pending: 30, lifetimeEarned: 530 };
      const expiring = [{ points: 500, on: '2026-04-30' }];

      expect(await balance(id)).toEqual({ ...now, expiring });
      expect(await balance(id, { within: 29 })).toEqual({ ...now, expiring });
      expect(await balance(id, { within: 28 })).toEqual({ ...now, expiring: [] });
      const the5th = '2026-03-05T12:00:00Z';
      expect(await balance(id, { asOf: the5th })).toEqual({ ...now, expiring });
      expect(await balance(id, { knownAt: the5th })).toEqual({
        available: 0,
        pending: 30,
        lifetimeEarned: 30,
        expiring: [],
      });
      expect(await balance(id, { asOf: '2036-03-01T12:00:00Z' })).toEqual({ ...now, expiring });
      expect(await balance(id, { asOf: '0000-01-01T00:00:00Z' })).toEqual({
        available: 0,
        pending: 0,
        lifetimeEarned: 0,
        expiring: [],
      });
    });

    it.each([0, -1, 367])('looks no %s days ahead', async (within) => {
      const { data, errors } = await ask(memberViewer(await givenLots()), query, { within });

      expect(data).toMatchObject({ me: { balance: { available: 500, expiring: null } } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });

    it('of the past is for the member, and for staff who support members', async () => {
      const [id, shop] = [await givenLots(), await givenPartner(test)];
      await givenConsent(test, id, shop, ['READ_BALANCE']);
      const past = (asOf: string) => `query ($by: MemberRef!) {
        member(by: $by) { balance { available } past: balance(${asOf}) { available } } }`;
      const partner = partnerViewer(shop, ['BALANCES_READ']);

      for (const instant of ['asOf', 'knownAt']) {
        const asked = past(`${instant}: "2026-03-05T12:00:00Z"`);
        const { data, errors } = await ask(partner, asked, { by: { id } });
        expect(data).toEqual({ member: { balance: { available: 500 }, past: null } });
        expect(errors).toMatchObject([
          { path: ['member', 'past'], extensions: { code: 'FORBIDDEN' } },
        ]);
      }
      const asked = past('asOf: "2026-03-05T12:00:00Z"');
      expect((await ask(adminViewer(), asked, { by: { id } })).data).toMatchObject({
        member: { past: { available: 500 } },
      });
      expect((await ask(partner, past('asOf: null'), { by: { id } })).data).toMatchObject({
        member: { past: { available: 500 } },
      });
    });
  });

  describe('the statement', () => {
    const query = `query (
        $kinds: [EntryKind!], $period: PeriodInput, $first: Int, $after: String, $currency: String) {
      me { statement(
        kinds: $kinds, period: $period, first: $first, after: $after, currency: $currency) {
        pageInfo { hasNextPage endCursor }
        edges { node { kind } }
        nodes { id kind points balance currency { code } effectiveAt postedAt description
                transferId partner { id } activity { id } redemption { id } } } } }`;
    interface Statement {
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { id: string; points: number; kind: string }[];
      edges: unknown[];
    }
    const statement = async (memberId: string, variables: object = {}) => {
      const { data, errors } = await ask(memberViewer(memberId), query, variables);
      expect(errors).toBeUndefined();
      return (data as unknown as { me: { statement: Statement } }).me.statement;
    };

    it('tells each movement with its reason, newest first', async () => {
      const id = await givenMember(test);
      const history = await givenHistory(id);

      const { nodes, pageInfo } = await statement(id);

      expect(pageInfo.hasNextPage).toBe(false);
      expect(nodes).toEqual([
        {
          id: expect.any(String),
          kind: 'REDEMPTION',
          points: -200,
          balance: 300,
          currency: { code: 'PTS' },
          effectiveAt: '2026-04-01T12:00:00.000Z',
          postedAt: '2026-04-01T12:00:00.000Z',
          description: 'A night',
          transferId: history.redemption.transferId,
          partner: { id: history.spentWith },
          activity: null,
          redemption: { id: history.redemptionId },
        },
        {
          id: expect.any(String),
          kind: 'ACCRUAL',
          points: 500,
          balance: 500,
          currency: { code: 'PTS' },
          effectiveAt: '2026-03-01T12:00:00.000Z',
          postedAt: '2026-03-01T12:00:00.000Z',
          description: 'Purchase at the shop',
          transferId: history.accrual.transferId,
          partner: { id: history.issuerId },
          activity: { id: history.activityId },
          redemption: null,
        },
      ]);
    });

    it('leads from what was taken back to what took it back, and to what was posted with it', async () => {
      const id = await givenMember(test);
      const { accrual, redemption, issuerId } = await givenHistory(id);
      const key = randomUUID();
      await reverseAccrual(test.db('partners'), {
        memberId: id,
        key,
        accrualId: accrual.transferId,
        clawback: 'DEBT',
        debtLimit: 150n,
        risk: 'ISSUER',
        source: { kind: 'activity', id: accrual.transferId },
        description: 'Returned',
        at: april,
      });

      const { data, errors } = await ask(
        memberViewer(id),
        `{ me { statement { nodes {
             kind points debt balance transferId partner { id } activity { id }
             reverses { transferId } reversedBy { transferId points reverses { kind } } } } } }`,
      );

      expect(errors).toBeUndefined();
      const entry = { partner: { id: issuerId }, reverses: null, reversedBy: null };
      const reversal = { transferId: key, points: -300, reverses: { kind: 'ACCRUAL' } };
      expect((data as unknown as { me: { statement: Statement } }).me.statement.nodes).toEqual([
        {
          ...entry,
          kind: 'WRITE_OFF',
          points: 0,
          debt: -50,
          balance: 0,
          transferId: key,
          activity: { id: accrual.transferId },
        },
        {
          ...entry,
          kind: 'REVERSAL',
          points: -300,
          debt: 200,
          balance: 0,
          transferId: key,
          activity: { id: accrual.transferId },
          reverses: { transferId: accrual.transferId },
        },
        expect.objectContaining({
          kind: 'REDEMPTION',
          transferId: redemption.transferId,
          reversedBy: null,
        }),
        {
          ...entry,
          kind: 'ACCRUAL',
          points: 500,
          debt: 0,
          balance: 500,
          transferId: accrual.transferId,
          activity: { id: accrual.transferId },
          reversedBy: reversal,
        },
      ]);
    });

    it('goes by the days on which entries were posted', async () => {
      const id = await givenMember(test);
      await givenHistory(id);

      const of = async (from: string, to: string) =>
        (await statement(id, { period: { from, to } })).nodes.map(({ points }) => points);
      expect(await of('2026-03-01', '2026-03-31')).toEqual([500]);
      expect(await of('2026-04-01', '2026-04-01')).toEqual([-200]);
      expect(await of('2026-03-02', '2026-03-31')).toEqual([]);
    });

    it.each([
      { from: '2026-03-02', to: '2026-03-01' },
      { from: '0000-12-31', to: '2026-03-01' },
      { from: '2026-02-30', to: '2026-03-01' },
      { from: '12026-01-01', to: '12026-03-01' },
    ])('has no days from $from to $to', async (period) => {
      const viewer = memberViewer(await givenMember(test));

      expect(await codeOf(viewer, query, { period })).toBe('BAD_USER_INPUT');
    });

    it('is read in pages, by kind and by currency', async () => {
      const id = await givenMember(test);
      await givenHistory(id);

      const first = await statement(id, { first: 1 });
      const second = await statement(id, { first: 1, after: first.pageInfo.endCursor });

      expect(first.nodes.map(({ points }) => points)).toEqual([-200]);
      expect(first.pageInfo.hasNextPage).toBe(true);
      expect(second.nodes.map(({ points }) => points)).toEqual([500]);
      expect(second.pageInfo.hasNextPage).toBe(false);
      expect((await statement(id, { kinds: ['ACCRUAL'] })).nodes).toMatchObject([{ points: 500 }]);
      expect((await statement(id, { currency: 'MILES' })).nodes).toEqual([]);
      expect((await statement(id, { currency: '\0' })).nodes).toEqual([]);
    });

    it.each([
      [{ first: 0 }],
      [{ first: 101 }],
      [{ after: 'x' }],
      [{ after: Buffer.from('["one"]').toString('base64url') }],
      [{ after: Buffer.from(`["${'9'.repeat(19)}"]`).toString('base64url') }],
    ])('refuses %j', async (variables) => {
      const id = await givenMember(test);

      const { data, errors } = await ask(memberViewer(id), query, variables);

      expect(data).toEqual({ me: { statement: null } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });

    it('gives its entries by their id, to the member and to staff who support members', async () => {
      const id = await givenMember(test, 500n, randomUUID(), march);
      const [entry] = (await statement(id)).nodes;
      const reference = { __typename: 'StatementEntry', id: entry!.id };
      const read = (viewer: Viewer) =>
        entity(viewer, reference, '... on StatementEntry { id points }');

      expect(await read(memberViewer(id))).toEqual({ id: entry!.id, points: 500 });
      expect(await read(adminViewer())).toEqual({ id: entry!.id, points: 500 });
      expect(await read(adminViewer(['PARTNERS_MANAGE']))).toBeNull();
      expect(await read(memberViewer(await givenMember(test)))).toBeNull();
      expect(await read(partnerViewer(randomUUID(), ['BALANCES_READ']))).toBeNull();
      expect(await read(anonymous)).toBeNull();
    });

    it.each(['', 'x', randomUUID(), 'A'.repeat(43), '+'.repeat(500)])(
      'has no entry for the id "%s"',
      async (id) => {
        const reference = { __typename: 'StatementEntry', id };

        expect(await entity(adminViewer(), reference, '... on StatementEntry { id }')).toBeNull();
      },
    );
  });

  describe('member(by:)', () => {
    const query = 'query ($by: MemberRef!) { member(by: $by) { id } }';
    const find = async (viewer: Viewer, by: object) => {
      const { data, errors } = await ask(viewer, query, { by });
      expect(errors).toBeUndefined();
      return (data as unknown as { member: unknown }).member;
    };

    it('finds a member who consented to the partner, and nobody else', async () => {
      const email = `${randomUUID()}@example.com`;
      const id = await givenMemberAt(test, email);
      const [shop, hotel] = [await givenPartner(test), await givenPartner(test)];

      expect(await find(partnerViewer(shop), { email })).toBeNull();
      await givenConsent(test, id, shop, ['EARN']);

      expect(await find(partnerViewer(shop), { email })).toEqual({ id });
      expect(await find(partnerViewer(shop), { id })).toEqual({ id });
      expect(await find(partnerViewer(hotel), { email })).toBeNull();
      expect(await find({ ...partnerViewer(shop), sandbox: true }, { email })).toBeNull();
      expect(await find(partnerViewer(shop), { email: 'nobody@example.com' })).toBeNull();

      await revokeConsent(
        test.db('members'),
        { partnerId: shop },
        { memberId: id, clock: new SetClock(april) },
      );
      expect(await find(partnerViewer(shop), { email })).toBeNull();
    });

    it('is open to staff who support members', async () => {
      const id = await givenMember(test);

      expect(await find(adminViewer(), { id })).toEqual({ id });
      const { errors } = await ask(adminViewer(['PARTNERS_MANAGE']), query, { by: { id } });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    });

    it.each([
      {},
      { id: null },
      { id: randomUUID(), email: 'ada@example.com' },
      { email: 'ada\0@example.com' },
      { memberNumber: '\0' },
    ])('refuses %j', async (by) => {
      const { data, errors } = await ask(adminViewer(), query, { by });

      expect(data).toEqual({ member: null });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  });

  describe('a member, to whom asks', () => {
    const fields = `... on Member {
      displayName status memberNumber joinedAt profile { email } consents { scopes }
      balances { available }
      balance { available pending held debt lifetimeEarned byIssuer { points } expiring { on } }
      statement { nodes { points } } }`;
    let id: string;
    let shop: string;
    beforeEach(async () => {
      [id, shop] = [await givenMember(test, 500n, randomUUID(), march), await givenPartner(test)];
    });
    const read = (viewer: Viewer) => entity(viewer, { __typename: 'Member', id }, fields);

    const closed = {
      displayName: 'Ada',
      status: null,
      memberNumber: null,
      joinedAt: null,
      profile: null,
      consents: null,
      balances: null,
      balance: null,
      statement: null,
    };
    const shown = {
      displayName: 'Ada',
      status: 'ACTIVE',
      memberNumber: expect.any(String),
      joinedAt: expect.any(String),
    };
    const whole = {
      ...shown,
      profile: { email: expect.any(String) },
      consents: [],
      balances: [{ available: 500 }],
      balance: {
        available: 500,
        pending: 0,
        held: 0,
        debt: 0,
        lifetimeEarned: 500,
        byIssuer: [{ points: 500 }],
        expiring: [],
      },
      statement: { nodes: [{ points: 500 }] },
    };

    it('is whole to themselves and to staff who support members', async () => {
      expect(await read(memberViewer(id))).toEqual(whole);
      expect(await read(adminViewer())).toEqual(whole);
    });

    it('is a name to everyone else', async () => {
      expect(await read(anonymous)).toEqual(closed);
      expect(await read(memberViewer(await givenMember(test)))).toEqual(closed);
      expect(await read(adminViewer(['PARTNERS_MANAGE']))).toEqual(closed);
      expect(await read(partnerViewer(shop, ['BALANCES_READ']))).toEqual(closed);
    });

    it('is to a partner what the consent and the token say', async () => {
      const balances = {
        balances: [{ available: 500 }],
        balance: {
          available: 500,
          pending: null,
          held: null,
          debt: null,
          lifetimeEarned: null,
          byIssuer: null,
          expiring: null,
        },
      };

      await givenConsent(test, id, shop, ['EARN']);
      expect(await read(partnerViewer(shop, ['BALANCES_READ']))).toEqual({ ...closed, ...shown });

      await givenConsent(test, id, shop, ['READ_BALANCE']);
      expect(await read(partnerViewer(shop))).toEqual({ ...closed, ...shown });
      expect(await read(partnerViewer(shop, ['BALANCES_READ']))).toEqual({
        ...closed,
        ...shown,
        ...balances,
      });

      await givenConsent(test, id, shop, ['READ_PROFILE']);
      expect(await read(partnerViewer(shop, ['BALANCES_READ']))).toEqual({
        ...closed,
        ...shown,
        profile: { email: expect.any(String) },
      });
    });

    it('is a name to a partner that may act no more, though the consent stands', async () => {
      await givenConsent(test, id, shop);
      await givenStatus(test, shop, 'SUSPENDED');

      expect(await read(partnerViewer(shop, ['BALANCES_READ']))).toEqual(closed);
    });

    it('is nobody where the id is unknown', async () => {
      const reference = { __typename: 'Member', id: randomUUID() };

      expect(await entity(adminViewer(), reference, fields)).toBeNull();
    });
  });

  describe('consents', () => {
    const grant = `mutation ($partnerId: ID!, $scopes: [ConsentScope!]!) {
      grantConsent(partnerId: $partnerId, scopes: $scopes) {
        member { consents { partner { id } scopes grantedAt } } userErrors { code path } } }`;
    const revoke = `mutation ($partnerId: ID!) {
      revokeConsent(partnerId: $partnerId) {
        member { consents { scopes } } userErrors { code path } } }`;

    it('are given and taken back by the member', async () => {
      const viewer = memberViewer(await givenMember(test));
      const partnerId = await givenPartner(test);

      const granted = await ask(viewer, grant, { partnerId, scopes: ['SPEND', 'EARN'] });
      const revoked = await ask(viewer, revoke, { partnerId });

      expect(granted.data).toEqual({
        grantConsent: {
          member: {
            consents: [
              {
                partner: { id: partnerId },
                scopes: ['EARN', 'SPEND'],
                grantedAt: '2026-04-01T12:00:00.000Z',
              },
            ],
          },
          userErrors: [],
        },
      });
      expect(revoked.data).toEqual({
        revokeConsent: { member: { consents: [] }, userErrors: [] },
      });
    });

    it('are shown as each of several changes leaves them', async () => {
      const viewer = memberViewer(await givenMember(test));
      const partnerId = await givenPartner(test);

      const { data } = await ask(
        viewer,
        `mutation ($partnerId: ID!) {
           granted: grantConsent(partnerId: $partnerId, scopes: [EARN]) { ...after }
           replaced: grantConsent(partnerId: $partnerId, scopes: [SPEND]) { ...after }
           revoked: revokeConsent(partnerId: $partnerId) { ...after } }
         fragment after on MemberPayload { member { consents { scopes } } }`,
        { partnerId },
      );

      expect(data).toEqual({
        granted: { member: { consents: [{ scopes: ['EARN'] }] } },
        replaced: { member: { consents: [{ scopes: ['SPEND'] }] } },
        revoked: { member: { consents: [] } },
      });
    });

    it.each(['grantConsent', 'revokeConsent'])('%s needs the scope PROFILE', async (name) => {
      const [id, partnerId] = [await givenMember(test), await givenPartner(test)];
      const query = name === 'grantConsent' ? grant : revoke;
      const input = { partnerId, scopes: ['EARN'] };

      for (const viewer of [
        memberViewer(id, ['BALANCE']),
        partnerViewer(partnerId),
        adminViewer(),
      ]) {
        expect(await codeOf(viewer, query, input)).toBe('FORBIDDEN');
      }
      expect(await codeOf(anonymous, query, input)).toBe('UNAUTHENTICATED');
    });
  });

  it('gives the program and its currencies by their keys', async () => {
    const [program] = await rows<{ id: string }>(test.owner(), 'SELECT id FROM members.program');
    const currency = (code: string) =>
      entity(anonymous, { __typename: 'PointsCurrency', code }, '... on PointsCurrency { name }');

    expect(
      await entity(
        anonymous,
        { __typename: 'Program', id: program!.id },
        '... on Program { name }',
      ),
    ).toEqual({ name: 'Coalition' });
    expect(await currency('PTS')).toEqual({ name: 'Points' });
    expect(await currency('MILES')).toBeNull();
  });

  it('reads a list of members by as many statements as one', async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, () => givenMember(test, 10n, randomUUID(), march)),
    );
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Member {
      displayName consents { scopes } balances { available currency { name } } balance { available }
      statement { nodes { points } } } } }`;
    const statementsFor = async (members: string[]) => {
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      try {
        const of = members.map((id) => ({ __typename: 'Member', id }));
        const { data } = await ask(adminViewer(), query, { of });
        expect(data).toMatchObject({
          _entities: members.map(() => ({
            balances: [{ available: 10 }],
            statement: { nodes: [{ points: 10 }] },
          })),
        });
        return spy.mock.calls.length;
      } finally {
        spy.mockRestore();
      }
    };

    const forOne = await statementsFor(ids.slice(0, 1));

    expect(forOne).toBeGreaterThan(0);
    expect(await statementsFor(ids)).toBe(forOne);
  });
});
