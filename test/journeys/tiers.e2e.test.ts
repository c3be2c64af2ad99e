import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { type System, startSystem } from '../../system.ts';
import { useTestDatabase } from '../support/database.ts';
import { codeIn } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { tierNewsOf } from '../support/given-tiers.ts';
import {
  adminViewer,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../support/subgraph.ts';

const tier = `tier { tier { code name rank } source since validUntil qualifyingPoints
  qualificationPeriod { from to } next { tier { code } remaining percent } }`;

/** From one e-mail address to gold, and back by soft landing: through the gateway, with the clock moved. */
describe('a member reaches gold, and comes down softly', () => {
  const test = useTestDatabase();
  const clock = new SetClock(new Date('2027-03-01T09:00:00Z'));
  const platform = testPlatform(clock);
  const admin = adminViewer(scopesOf('ADMIN'));
  let system: System;
  let shop: Viewer;
  let ada: Viewer;

  beforeAll(async () => {
    shop = partnerViewer(await givenPartner(test), scopesOf('PARTNER'));
    await rows(test.owner(), `SELECT ledger.make_months('2027-01-01', '2030-12-31')`);
    system = await startSystem(configOn(test), platform);
  });
  afterAll(() => system.drain());

  async function ask<Answer>(viewer: Viewer, query: string, variables = {}): Promise<Answer> {
    const { data, errors } = await system.gateway.execute({ query, variables }, viewer);
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data)) as Answer;
  }
  const codeOf = async (viewer: Viewer, query: string) =>
    (await system.gateway.execute({ query }, viewer)).errors?.[0]?.extensions?.['code'];
  const buy = (reference: string, amount: string) =>
    ask<{ recordActivity: { activity: object | null; userErrors: object[] } }>(
      shop,
      `mutation ($input: ActivityInput!) { recordActivity(input: $input) {
        activity { points qualifyingPoints } userErrors { code path } } }`,
      {
        input: {
          member: { email: 'ada@example.com' },
          kind: 'PURCHASE',
          reference,
          occurredAt: clock.at.toISOString(),
          amount: { amount, currency: 'EUR' },
        },
      },
    );
  const mine = async () => (await ask<{ me: { tier: object } }>(ada, `{ me { ${tier} } }`)).me.tier;

  it('staff give the program its tiers, once for each version', async () => {
    const configure = `mutation ($input: ConfigureProgramInput!) { configureProgram(input: $input) {
      program { version tiers { code rank threshold earnMultiplier benefits { code } }
        tierPolicy { period downgrade graceDays demoteOnReversal } adjustmentApprovalLimit
        expiryPolicy { kind months dates noticeDays } }
      userErrors { code path } } }`;
    const tiers = [
      ['BASE', 0],
      ['SILVER', 1_000],
      ['GOLD', 2_000],
    ].map(([code, threshold]) => ({
      code,
      name: `The ${code} tier`,
      threshold,
      earnMultiplier: '1.0',
      benefits: [{ code: 'HELLO', name: 'A kind word' }],
    }));
    const input = {
      expectedVersion: 1,
      tiers,
      tierPolicy: { period: 'CALENDAR_YEAR', downgrade: 'ONE_STEP' },
      expiry: { kind: 'LOT_AGE', months: 36 },
    };

    expect(await ask(admin, configure, { input })).toEqual({
      configureProgram: {
        program: {
          version: 2,
          tiers: tiers.map(({ code, threshold }, rank) => ({
            code,
            rank,
            threshold,
            earnMultiplier: '1.0',
            benefits: [{ code: 'HELLO' }],
          })),
          tierPolicy: {
            period: 'CALENDAR_YEAR',
            downgrade: 'ONE_STEP',
            graceDays: 0,
            demoteOnReversal: false,
          },
          adjustmentApprovalLimit: 10_000,
          expiryPolicy: { kind: 'LOT_AGE', months: 36, dates: [], noticeDays: [60, 30, 7] },
        },
        userErrors: [],
      },
    });
    expect(await ask(admin, configure, { input })).toEqual({
      configureProgram: {
        program: null,
        userErrors: [{ code: 'CONFLICT', path: ['expectedVersion'] }],
      },
    });
  });

  it('she joins with an e-mail address, and has the lowest', async () => {
    const { enrol } = await ask<{ enrol: { verificationId: string } }>(
      anonymous,
      'mutation { enrol(input: { email: "ada@example.com" }) { verificationId } }',
    );
    const code = codeIn(platform.sent.at(-1)!);
    const { verifyEmail } = await ask<{ verifyEmail: { member: { id: string } } }>(
      anonymous,
      `mutation ($id: ID!, $code: String!) {
        verifyEmail(input: { verificationId: $id, code: $code }) { member { id } } }`,
      { id: enrol.verificationId, code },
    );
    ada = memberViewer(verifyEmail.member.id, scopesOf('MEMBER'));
    await ask(
      ada,
      `mutation ($id: ID!) { grantConsent(partnerId: $id, scopes: [EARN]) { member { id } } }`,
      { id: shop.partnerId },
    );

    expect(await mine()).toEqual({
      tier: { code: 'BASE', name: 'The BASE tier', rank: 0 },
      source: 'EARNED',
      since: '2027-03-01',
      validUntil: null,
      qualifyingPoints: 0,
      qualificationPeriod: { from: '2027-01-01', to: '2027-12-31' },
      next: { tier: { code: 'SILVER' }, remaining: 1_000, percent: 0 },
    });
  });

  it('she buys, and has each tier as soon as she reaches it', async () => {
    clock.at = new Date('2027-04-01T09:00:00Z');
    expect(await buy('1', '1999.99')).toEqual({
      recordActivity: { activity: { points: 1_999, qualifyingPoints: 1_999 }, userErrors: [] },
    });
    expect(await mine()).toMatchObject({
      tier: { code: 'SILVER' },
      next: { tier: { code: 'GOLD' }, remaining: 1, percent: 99 },
    });

    clock.at = new Date('2027-04-02T09:00:00Z');
    await buy('2', '1.00');

    expect(await mine()).toMatchObject({
      tier: { code: 'GOLD' },
      since: '2027-04-02',
      validUntil: '2028-12-31',
      qualifyingPoints: 2_000,
      next: null,
    });
  });

  it('others see her level, and her tier where she lets them', async () => {
    const query = `query ($id: ID!) { member(by: { id: $id }) { level { code } tier { since } } }`;
    const seen = () => ask(shop, query, { id: ada.memberId });
    expect(await seen()).toEqual({ member: { level: { code: 'GOLD' }, tier: null } });

    await ask(
      ada,
      `mutation ($id: ID!) {
        grantConsent(partnerId: $id, scopes: [EARN, READ_PROFILE]) { member { id } } }`,
      { id: shop.partnerId },
    );

    expect(await seen()).toEqual({
      member: { level: { code: 'GOLD' }, tier: { since: '2027-04-02' } },
    });
    const hide =
      'mutation { updateProfile(input: { showLevel: false }) { member { tier { since } } } }';
    expect(await ask(ada, hide)).toMatchObject({ updateProfile: { member: { tier: {} } } });
    expect(await seen()).toMatchObject({ member: { level: null } });

    const give = `mutation { setTier(input: {
      memberId: "${ada.memberId}", tier: "GOLD", reason: "Mine" }) { userErrors { code } } }`;
    expect(await codeOf(ada, give)).toBe('FORBIDDEN');
    expect(await codeOf(anonymous, give)).toBe('UNAUTHENTICATED');
  });

  it('she buys no more, and lands one step at a time, whether or not the worker has come by', async () => {
    const seen: unknown[] = [];
    for (const at of [
      '2028-12-31T22:59:59Z',
      '2028-12-31T23:00:00Z',
      '2029-12-31T22:59:59Z',
      '2029-12-31T23:00:00Z',
    ]) {
      clock.at = new Date(at);
      const before = await mine();
      await rows(test.db('worker'), 'SELECT members.review_tiers(100, $1)', [clock.at]);
      expect(await mine()).toEqual(before);
      seen.push((before as { tier: { code: string } }).tier.code);
    }

    expect(seen).toEqual(['GOLD', 'SILVER', 'SILVER', 'BASE']);
    expect(await tierNewsOf(test, ada.memberId!)).toEqual([
      'BASE → SILVER',
      'SILVER → GOLD',
      'GOLD → SILVER',
      'SILVER → BASE',
    ]);
  });

  it('staff give her silver for life, which no year takes away', async () => {
    const give = `mutation ($input: SetTierInput!) { setTier(input: $input) {
      member { ${tier} } userErrors { code path } } }`;
    const input = { memberId: ada.memberId, reason: 'Ten years with us.' };
    expect(await ask(admin, give, { input: { ...input, tier: 'BRASS' } })).toEqual({
      setTier: { member: null, userErrors: [{ code: 'NOT_FOUND', path: ['tier'] }] },
    });

    await ask(admin, give, { input: { ...input, tier: 'SILVER', source: 'LIFETIME' } });

    clock.at = new Date('2040-06-01T09:00:00Z');
    expect(await mine()).toMatchObject({
      tier: { code: 'SILVER' },
      source: 'LIFETIME',
      since: '2030-01-01',
      validUntil: null,
    });
  });
});
