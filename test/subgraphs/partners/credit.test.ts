import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  auditLedger,
  balancesOf,
  cancelRedemption,
  redeemPoints,
} from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import { enrolProvisional } from '../../../subgraphs/partners/activities/members.ts';
import type { SignContract } from '../../../subgraphs/partners/contracts/contract-inputs.ts';
import { owedBy } from '../../../subgraphs/partners/credit/owed.ts';
import { returnToBlocks } from '../../../subgraphs/partners/credit/returns.ts';
import { type SellPoints, sellPoints } from '../../../subgraphs/partners/credit/sales.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { closeSettlementMonth } from '../../../subgraphs/partners/settlement/closing.ts';
import { markStatementPaid } from '../../../subgraphs/partners/settlement/payments.ts';
import {
  Activity,
  BlockUse,
  CreditCounter,
  PointBlock,
} from '../../../subgraphs/partners/entities.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenContract, givenPartner } from '../../support/given-partners.ts';
import { aRedemption, anAccrual } from '../../support/given-points.ts';
import { runJob } from '../../support/jobs.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const now = new Date('2026-06-15T10:00:00Z');
const staff = adminViewer(['PARTNERS_MANAGE']);

/** A brand that gives a point a euro, by a contract of such terms, and a member who earns there. */
async function givenShop(contract: Partial<SignContract>) {
  const partnerId = await givenPartner(test, { contract });
  const memberId = await givenMember(test);
  await givenConsent(test, memberId, partnerId);
  const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
  const purchase = (points: number, reference: string = randomUUID(), occurredAt = now) => ({
    member: { id: memberId },
    kind: 'PURCHASE' as const,
    reference,
    occurredAt,
    amount: { amount: String(points), currency: 'EUR' },
  });
  const earn = (points: number, at = now, occurredAt = at) =>
    recordActivity(db(), purchase(points, undefined, occurredAt), {
      viewer,
      clock: new SetClock(at),
    });
  const sell = (points: bigint, sale: Partial<SellPoints> = {}, at = now) =>
    sellPoints(
      db(),
      {
        partnerId,
        points,
        price: { amount: '10', currency: 'EUR' },
        validFrom: '2026-01-01',
        idempotencyKey: randomUUID(),
        ...sale,
      },
      { viewer: staff, clock: new SetClock(at) },
    );
  const left = async () => {
    const order = { validFrom: 'ASC' } as const;
    const blocks = await db().find(PointBlock, { where: { partnerId }, order });
    return blocks.map(({ remaining }) => remaining);
  };
  const has = async () =>
    (await balancesOf(db(), [{ memberId }], new Date('2026-07-01')))[0]!.available;
  const alerts = async () =>
    rows(
      test.owner(),
      `SELECT payload FROM platform.outbox WHERE type = 'credit.alerted' AND partner_id = $1`,
      [partnerId],
    );
  /** As many purchases at once, of members who wait for nothing but the partner. */
  async function earnAtOnce(times: number, points: number) {
    const accounts = ['A', 'B', 'C', 'D'];
    const at = new Date();
    const holders = await enrolProvisional(db(), accounts, { partnerId, sandbox: false, at });
    const raced = await race(db(), times, (index) => {
      const member = { partnerAccount: accounts[index % 4]!, partnerId };
      const input = { ...purchase(points), member };
      return askAgain(() => recordActivity(db(), input, { viewer, clock: new SetClock(now) }));
    });
    const balances = await balancesOf(db(), holders, new Date('2026-07-01'));
    return { ...raced, earned: balances.reduce((sum, { available }) => sum + available, 0n) };
  }
  return { partnerId, memberId, viewer, purchase, earn, sell, left, has, alerts, earnAtOnce };
}

const prepaid = { billing: 'PREPAID' } as const;
const spent = (available: bigint, required: bigint) =>
  refusal('LIMIT_REACHED', [], { subject: 'PREPAID_POINTS', available, required });

describe('sellPoints', () => {
  it('sells a block once where the same call comes many times at once', async () => {
    const { partnerId, sell, left } = await givenShop(prepaid);
    const again = { idempotencyKey: 'a' };

    const { answers, reasons } = await race(db(), 10, () => askAgain(() => sell(1_000n, again)));

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([partnerId]));
    expect(await left()).toEqual([1_000n]);
    const [block] = await db().findBy(PointBlock, { partnerId });
    await expect(sell(1_001n, again)).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: block!.id }),
    );
  });

  it.each<[string, Partial<SignContract>, Partial<SellPoints>, 'INVALID', string[]]>([
    ['no points', prepaid, { points: 0n }, 'INVALID', ['points']],
    [
      'another currency',
      prepaid,
      { price: { amount: '1', currency: 'USD' } },
      'INVALID',
      ['price', 'currency'],
    ],
    ['no day', prepaid, { validFrom: '2026-02-30' }, 'INVALID', ['validFrom']],
    ['nobody', prepaid, { partnerId: randomUUID() }, 'NOT_FOUND' as 'INVALID', ['partnerId']],
    ['who pays by the month', {}, {}, 'NOT_ALLOWED' as 'INVALID', ['partnerId']],
  ])('refuses %s, and sells nothing', async (_, contract, fault, code, path) => {
    const { sell, left } = await givenShop(contract);

    await expect(sell(1n, fault)).rejects.toEqual(refusal(code, path));

    expect(await left()).toEqual([]);
  });
});

describe('a partner who prepays', () => {
  it('issues from the earliest block on, and nothing once they are empty', async () => {
    const { earn, sell, left, has } = await givenShop(prepaid);
    await expect(earn(1)).rejects.toEqual(spent(0n, 1n));
    await sell(100n, { validFrom: '2026-03-01' });
    await sell(100n, { validFrom: '2026-02-01' });
    // In Berlin the day begins at 22:00.
    await sell(100n, { validFrom: '2026-06-16' });

    await earn(150);

    expect(await left()).toEqual([0n, 50n, 100n]);
    await expect(earn(51)).rejects.toEqual(spent(50n, 51n));
    expect(await left()).toEqual([0n, 50n, 100n]);
    expect(await has()).toBe(150n);
    await earn(51, new Date('2026-06-15T22:00:00Z'), now);
    expect(await left()).toEqual([0n, 0n, 99n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('has each activity of a batch whole or not at all, and a repeated one for nothing', async () => {
    const { partnerId, viewer, purchase, sell, left } = await givenShop(prepaid);
    await sell(100n);
    const inputs = [60, 50, 30].map((points) => purchase(points));
    const by = { reporter: { partnerId, sandbox: false }, clock: new SetClock(now) };

    const { recorded } = await recordActivities(db(), inputs, by);

    expect(recorded.map((each) => (each instanceof Refusal ? each : each.activity.points))).toEqual(
      [60n, spent(40n, 50n), 30n],
    );
    await recordActivity(db(), inputs[0]!, { viewer, clock: new SetClock(now) });
    expect(await left()).toEqual([10n]);
    expect(await db().countBy(Activity, { partnerId })).toBe(2);
  });

  it('issues exactly what fits, however many come at once', async () => {
    const { partnerId, earnAtOnce, sell, left } = await givenShop(prepaid);
    await sell(500n);
    await sell(500n);

    const { answers, reasons, earned } = await earnAtOnce(64, 49);

    // 20 times 49 are 980.
    expect(answers).toHaveLength(20);
    expect(reasons).toEqual(Array(44).fill(spent(20n, 49n)));
    expect((await left()).reduce((sum, each) => sum + each)).toBe(20n);
    expect(earned).toBe(980n);
    const blocks = await db().findBy(PointBlock, { partnerId });
    const uses = await db().findBy(BlockUse, blocks.map(({ id }) => ({ blockId: id })) as never);
    expect(uses.reduce((sum, { points }) => sum + points, 0n)).toBe(980n);
  });

  it('has points back in the blocks that they came from, the last first', async () => {
    const { earn, sell, left } = await givenShop(prepaid);
    await sell(100n, { validFrom: '2026-02-01' });
    await sell(100n, { validFrom: '2026-03-01' });
    const { id: activityId } = await earn(150);

    await db().transaction((tx) => returnToBlocks(tx, [{ activityId, points: 60n }]));
    expect(await left()).toEqual([10n, 100n]);

    await db().transaction((tx) => returnToBlocks(tx, [{ activityId, points: 90n }]));
    expect(await left()).toEqual([100n, 100n]);
    // What is there is all that there was.
    await db().transaction((tx) => returnToBlocks(tx, [{ activityId, points: 1n }]));
    expect(await left()).toEqual([100n, 100n]);
  });

  it('is told once of what was used, and again after the next sale', async () => {
    const { earn, sell, alerts } = await givenShop({
      ...prepaid,
      alertAt: { amount: '8', currency: 'EUR' },
    });
    await sell(1_000n);

    await earn(799);
    expect(await alerts()).toEqual([]);
    await earn(1);
    await earn(100);
    expect(await alerts()).toHaveLength(1);

    await sell(1_000n);
    await earn(799);
    expect(await alerts()).toHaveLength(1);
    await earn(1);
    expect(await alerts()).toHaveLength(2);
  });

  it('issues for tests what it has not bought', async () => {
    const { partnerId, purchase } = await givenShop(prepaid);
    await givenProvisional(test, partnerId, 'test-1', true);
    const member = { partnerAccount: 'test-1', partnerId };
    const by = { reporter: { partnerId, sandbox: true }, clock: new SetClock(now) };

    const { recorded } = await recordActivities(db(), [{ ...purchase(10), member }], by);

    expect(recorded).toMatchObject([{ activity: { points: 10n, sandbox: true } }]);
    expect(await owedBy(db(), [partnerId])).toEqual([]);
  });
});

describe('a partner with a credit limit', () => {
  // A point costs 0.0102 with its fee.
  const limited = {
    issuePrice: '0.01',
    redemptionRate: '0.008',
    feeRate: '0.02',
    creditLimit: { amount: '5.10', currency: 'EUR' },
    alertAt: { amount: '3.06', currency: 'EUR' },
  };
  const beyond = (available: bigint, required: bigint) =>
    refusal('LIMIT_REACHED', [], { subject: 'CREDIT_LIMIT', limit: '5.10', available, required });
  const owed = async (partnerId: string) =>
    (await owedBy(db(), [partnerId])).map(({ amount }) => amount.toFixed());

  it('owes up to it, and is told once on the way', async () => {
    const { partnerId, earn, alerts, has } = await givenShop(limited);

    await earn(299);
    expect(await alerts()).toEqual([]);
    await earn(1);
    await earn(150);
    expect(await alerts()).toEqual([
      {
        payload: {
          contractId: expect.any(String) as string,
          partner: expect.any(String) as string,
          alertAt: '3.06',
          currency: 'EUR',
          billing: 'POSTPAID',
        },
      },
    ]);

    await expect(earn(51)).rejects.toEqual(beyond(50n, 51n));
    await earn(50);
    expect(await owed(partnerId)).toEqual(['5.1']);
    await expect(earn(1)).rejects.toEqual(beyond(0n, 1n));
    expect(await has()).toBe(500n);
  });

  it('never owes more, however many come at once', async () => {
    const { partnerId, earnAtOnce } = await givenShop(limited);

    const { answers, reasons, earned } = await earnAtOnce(32, 30);

    // 16 times 30 are 480.
    expect(answers).toHaveLength(16);
    expect(reasons).toEqual(Array(16).fill(beyond(20n, 30n)));
    expect(await owed(partnerId)).toEqual(['4.896']);
    expect(earned).toBe(480n);
  });

  it('may issue again for what is redeemed with it', async () => {
    const { partnerId, memberId, earn } = await givenShop(limited);
    await earn(500);
    await redeemPoints(db(), aRedemption({ memberId, partnerId, points: 255n, at: now }));

    // 255 points at 0.008 are 2.04, for which 200 more may be issued.
    expect(await owed(partnerId)).toEqual(['3.06']);
    await expect(earn(201)).rejects.toEqual(beyond(200n, 201n));
    await earn(200);
    expect(await owed(partnerId)).toEqual(['5.1']);
  });

  it('may issue no more for what was redeemed once that is cancelled', async () => {
    const { partnerId, memberId, earn, earnAtOnce } = await givenShop(limited);
    const redeem = async (points: bigint) => {
      const redemption = aRedemption({ memberId, partnerId, points, at: now });
      await redeemPoints(db(), redemption);
      const { source, description } = redemption;
      const by = { source, description, key: randomUUID(), at: now };
      return () => cancelRedemption(db(), { memberId, transferId: redemption.key, ...by });
    };
    await earn(500);
    const cancel = await redeem(255n);
    // It is looked up here: 3.06 and 0.0102.
    await earn(1);
    await cancel();

    // 5.1102 are owed.
    expect(await owed(partnerId)).toEqual(['5.1102']);
    await expect(earn(100)).rejects.toEqual(beyond(0n, 100n));
    const { answers } = await earnAtOnce(8, 1);
    expect(answers).toEqual([]);

    // 255 at 0.008 go off, and 127 of them come on again: 4.0862 are owed.
    const again = [await redeem(128n), await redeem(127n)];
    await race(db(), 2, () => askAgain(again[1]!));
    await expect(earn(100)).rejects.toEqual(beyond(99n, 100n));
    await earn(99);
    expect(await owed(partnerId)).toEqual(['5.096']);
  });

  it('may issue again for what is refunded', async () => {
    const { earn, partnerId, viewer } = await givenShop(limited);
    const { id: activityId } = await earn(500);
    const half = { activityId, amount: { amount: '250', currency: 'EUR' }, refundReference: 'R-1' };
    await refundActivity(db(), half, { viewer, clock: new SetClock(now) });

    expect(await owed(partnerId)).toEqual(['2.55']);
    await expect(earn(251)).rejects.toEqual(beyond(250n, 251n));
    await earn(250);
    expect(await owed(partnerId)).toEqual(['5.1']);
  });

  it('may issue again for what was not confirmed in time', async () => {
    const { earn, partnerId } = await givenShop({ ...limited, pending: 'ON_CONFIRMATION' });
    await earn(500);
    const nextYear = new Date('2027-07-01T10:00:00Z');
    await expect(earn(1, nextYear)).rejects.toEqual(beyond(0n, 1n));

    await runJob(test, 'settle-lapsed', { clock: new SetClock(nextYear) });

    expect(await owed(partnerId)).toEqual(['0']);
    await earn(500, nextYear);
    expect(await owed(partnerId)).toEqual(['5.1']);
  });

  it('counts what it issued before it had one', async () => {
    const { partnerId, earn } = await givenShop({ issuePrice: '0.0102' });
    await earn(400);
    expect(await db().countBy(CreditCounter, { partnerId })).toBe(0);

    await givenContract(db(), partnerId, { ...limited, validFrom: '2026-06-15' });

    await expect(earn(101)).rejects.toEqual(beyond(100n, 101n));
    // By the version before, which has no limit, and what comes after counts it.
    await earn(50, now, new Date('2026-06-14T10:00:00Z'));
    await expect(earn(51)).rejects.toEqual(beyond(50n, 51n));
  });
});

describe("a partner with a month's limit", () => {
  const nextMonth = new Date('2026-06-30T22:00:00Z');
  const beyond = (available: bigint, required: bigint, retryAt?: Date) =>
    refusal('LIMIT_REACHED', [], {
      subject: 'MONTHLY_ISSUE_LIMIT',
      limit: '1000',
      available,
      required,
      ...(retryAt && { retryAt }),
    });

  it('issues so much in each month of posting', async () => {
    const { earn } = await givenShop({ monthlyIssueLimit: 1_000n });
    await earn(1_000);

    await expect(earn(1)).rejects.toEqual(beyond(0n, 1n, nextMonth));
    await expect(earn(1_001)).rejects.toEqual(beyond(0n, 1_001n));
    // In Berlin it is July then; when it happened does not matter.
    await earn(999, nextMonth, now);
    await expect(earn(2, nextMonth)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  });

  it('never issues more, however many come at once, nor forgets what came before', async () => {
    const { partnerId, earn, earnAtOnce } = await givenShop({});
    await earn(310);
    await givenContract(db(), partnerId, { validFrom: '2026-06-01', monthlyIssueLimit: 1_000n });

    const { answers, reasons, earned } = await earnAtOnce(64, 30);

    // 23 times 30 are 690, and 310 make it full.
    expect(answers).toHaveLength(23);
    expect(reasons).toEqual(Array(41).fill(beyond(0n, 30n, nextMonth)));
    expect(earned).toBe(690n);
  });
});

describe('a partner whose month is settled', () => {
  it('owes what it has not paid, and may issue again for what it has', async () => {
    const { partnerId, earn } = await givenShop({
      issuePrice: '0.01',
      feeRate: '0.02',
      creditLimit: { amount: '5.10', currency: 'EUR' },
    });
    await earn(400);
    const july = new Date('2026-07-03T10:00:00Z');
    const by = { viewer: staff, clock: new SetClock(july), config: testConfig() };
    const owed = async () =>
      (await owedBy(db(), [partnerId])).map(({ amount }) => amount.toFixed());

    const statements = await closeSettlementMonth(db(), { month: '2026-06-01' }, by);
    await earn(50, july);
    expect(await owed()).toEqual(['4.59']);
    await expect(earn(51, july)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });

    const { id } = statements.find((each) => each.partnerId === partnerId)!;
    await markStatementPaid(db(), { id, paymentReference: 'SEPA-1' }, by);
    expect(await owed()).toEqual(['0.51']);
    await earn(450, july);
    expect(await owed()).toEqual(['5.1']);
  });

  it('is told again, and held to its limit, once a statement is paid either way', async () => {
    const july = new Date('2026-07-20T10:00:00Z');
    const august = new Date('2026-08-03T10:00:00Z');
    const terms = { issuePrice: '0.01', redemptionRate: '0.008' };
    const told = await givenShop({ ...terms, alertAt: { amount: '3', currency: 'EUR' } });
    const limited = await givenShop({ ...terms, creditLimit: { amount: '5', currency: 'EUR' } });
    const by = { viewer: staff, clock: new SetClock(august), config: testConfig() };
    await told.earn(300, july);
    await limited.earn(400, july);
    const { memberId, partnerId } = limited;
    const others = { memberId, issuerId: told.partnerId, points: 400n, at: july };
    await accruePoints(db(), anAccrual(others));
    await redeemPoints(db(), aRedemption({ memberId, partnerId, points: 700n, at: july }));
    // Beyond what it owed: 0.59 are owed to the partner by now, until they are paid.
    await limited.earn(101, july);

    for (const statement of await closeSettlementMonth(db(), { month: '2026-07-01' }, by)) {
      await markStatementPaid(db(), { id: statement.id, paymentReference: 'SEPA-2' }, by);
    }
    await told.earn(300, august);
    expect(await told.alerts()).toHaveLength(2);

    await expect(limited.earn(501, august)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    await limited.earn(500, august);
  });
});
