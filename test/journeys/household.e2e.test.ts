import { accruePoints, auditLedger, openPartner } from '../../ledger/index.ts';
import { startJourney } from '../support/another-gateway.ts';
import { useTestDatabase } from '../support/database.ts';
import { anAccrual } from '../support/given-points.ts';
import { type GivenReward, givenReward } from '../support/given-rewards.ts';
import type { RunningSystem } from '../support/system.ts';

const errors = 'userErrors { code path details { available required } }';
const household = `household { available members { member { displayName } } invitations { email } } ${errors}`;
const operations = {
  enrol: `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId ${errors} } }`,
  verify: `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { member { id } ${errors} } }`,
  create: `mutation { createHousehold(name: "Home") { ${household} } }`,
  invite: `mutation ($email: String!) { inviteToHousehold(email: $email) { ${household} } }`,
  join: `mutation ($invitation: String!) { joinHousehold(invitation: $invitation) { ${household} } }`,
  leave: `mutation { leaveHousehold { ${household} } }`,
  share: `mutation ($share: Boolean!) { setHouseholdSharing(share: $share) { ${household} } }`,
  redeem: `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) {
    redemption { id points householdPoints status } ${errors} } }`,
  cancel: `mutation ($id: ID!) { cancelRedemption(id: $id) { redemption { status endedBecause } ${errors} } }`,
};
const quote = `query ($input: RedemptionQuoteInput!) { quoteRedemption(input: $input) {
  points householdPoints balanceAfter eligibility { eligible pointsShort reasons { code } } } }`;
const names = ['ada', 'ben', 'cleo'] as const;
const pointsOf = { ada: 500n, ben: 3_000n, cleo: 1_000n };

describe('a family pools its points for a reward', () => {
  const test = useTestDatabase();
  let system: RunningSystem;
  let reward: GivenReward;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    system = await startJourney(test);
    reward = await givenReward(test, { price: 2_500n, stock: 1 });
  });
  afterAll(() => system.stop());

  /** A mutation that must go through. @returns its payload */
  async function done(token: string | null, query: string, variables = {}): Promise<Payload> {
    const payload = await asked(token, query, variables);
    expect(payload.userErrors).toEqual([]);
    return payload;
  }

  async function asked(token: string | null, query: string, variables = {}): Promise<Payload> {
    const { data, errors: faults } = await system.ask(token, query, variables);
    expect(faults).toBeUndefined();
    return Object.values(data!)[0] as unknown as Payload;
  }

  async function available(): Promise<number[]> {
    const each = names.map((name) => system.ask(tokens[name]!, '{ me { balance { available } } }'));
    const balances = (await Promise.all(each)).map(
      ({ data }) => data as unknown as { me: { balance: { available: number } } },
    );
    return balances.map(({ me }) => me.balance.available);
  }

  const input = () => ({ rewardId: reward.id, useHousehold: true });

  it('one of them makes a household, and invites two who are no members yet', async () => {
    await join('ada');
    await done(tokens['ada']!, operations.create);
    for (const name of ['ben', 'cleo']) {
      await done(tokens['ada']!, operations.invite, { email: `${name}@example.com` });
    }

    for (const name of ['ben', 'cleo'] as const) {
      await join(name);
      const address = `${name}@example.com`;
      const invitation = await system.mailedTo(address, /^Your invitation: (\S+)/m);
      await done(tokens[name]!, operations.join, { invitation });
    }

    const { data } = await system.ask(
      tokens['ada']!,
      `{ me { household { available members {
      member { displayName balance { available } } } invitations { email } } } }`,
    );
    expect(data).toEqual({
      me: {
        household: {
          available: 4_500,
          members: [
            { member: { displayName: 'ada', balance: { available: 500 } } },
            { member: { displayName: 'ben', balance: null } },
            { member: { displayName: 'cleo', balance: null } },
          ],
          invitations: [],
        },
      },
    });
  });

  it('the reward takes their own points first, and then the others’ in proportion', async () => {
    const { data } = await system.ask(tokens['ada']!, quote, { input: input() });
    expect(data).toEqual({
      quoteRedemption: {
        points: 2_500,
        householdPoints: 2_000,
        balanceAfter: 0,
        eligibility: { eligible: true, pointsShort: 0, reasons: [] },
      },
    });
    expect(
      (
        await asked(tokens['ada']!, operations.redeem, {
          input: { rewardId: reward.id, idempotencyKey: 'alone' },
        })
      ).userErrors,
    ).toMatchObject([
      { code: 'INSUFFICIENT_POINTS', details: { available: 500, required: 2_500 } },
    ]);

    const redeeming = { input: { ...input(), idempotencyKey: 'together' } };
    const { redemption } = await done(tokens['ada']!, operations.redeem, redeeming);
    const again = await done(tokens['ada']!, operations.redeem, redeeming);

    expect(redemption).toMatchObject({
      points: 2_500,
      householdPoints: 2_000,
      status: 'CONFIRMED',
    });
    expect(again.redemption).toEqual(redemption);
    // 2,000 of 3,000 and 1,000.
    expect(await available()).toEqual([0, 1_500, 500]);
    const statement =
      '{ me { statement(first: 1) { nodes { points description redemption { reward { name } } } } } }';
    expect((await system.ask(tokens['ben']!, statement)).data).toEqual({
      me: {
        statement: {
          nodes: [{ points: -1_500, description: 'Spent by the household', redemption: null }],
        },
      },
    });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('who leaves goes with their own points, and has their part again of what is cancelled', async () => {
    expect(await done(tokens['ben']!, operations.leave)).toMatchObject({ household: null });
    expect(await available()).toEqual([0, 1_500, 500]);
    const { data } = await system.ask(tokens['ada']!, '{ me { redemptions { nodes { id } } } }');
    const { me } = data as unknown as { me: { redemptions: { nodes: { id: string }[] } } };
    const { id } = me.redemptions.nodes[0]!;

    expect((await asked(tokens['cleo']!, operations.cancel, { id })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['id'] },
    ]);
    for (let again = 0; again < 2; again++) {
      expect(await done(tokens['ada']!, operations.cancel, { id })).toMatchObject({
        redemption: { status: 'CANCELLED', endedBecause: null },
      });
    }

    expect(await available()).toEqual([500, 3_000, 1_000]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('nobody spends the points of one who left, or does not share', async () => {
    const refused = async (totalled: number, idempotencyKey: string) => {
      const { userErrors } = await asked(tokens['ada']!, operations.redeem, {
        input: { ...input(), idempotencyKey },
      });
      expect(userErrors).toMatchObject([
        { code: 'INSUFFICIENT_POINTS', details: { available: totalled, required: 2_500 } },
      ]);
    };
    await refused(1_500, 'without ben');
    await done(tokens['cleo']!, operations.share, { share: false });
    await refused(500, 'without cleo');
    await done(tokens['cleo']!, operations.leave);
    await done(tokens['ada']!, operations.leave);
    expect((await system.ask(tokens['ada']!, '{ me { household { name } } }')).data).toEqual({
      me: { household: null },
    });
    expect(await available()).toEqual([500, 3_000, 1_000]);
  });

  /** Enrols with an address and its code, and has some points. */
  async function join(name: (typeof names)[number]): Promise<void> {
    const email = `${name}@example.com`;
    const { verificationId } = await done(null, operations.enrol, {
      input: { email, displayName: name },
    });
    const code = await system.mailedTo(email, /^(\d{6}) is your code/m);
    const { member } = await done(null, operations.verify, { input: { verificationId, code } });
    tokens[name] = await system.token('member', email);
    const { partnerId: issuerId } = reward;
    await openPartner(test.db('partners'), issuerId);
    const at = new Date();
    await accruePoints(
      test.db('partners'),
      anAccrual({ memberId: member.id!, points: pointsOf[name], issuerId, effectiveAt: at, at }),
    );
  }
});

type Payload = Record<'member' | 'household' | 'redemption', Record<string, string>> & {
  verificationId: string;
  userErrors: object[];
};
