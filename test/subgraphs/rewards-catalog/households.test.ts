import { setTimeout } from 'node:timers/promises';
import { accruePoints, auditLedger, balancesOf } from '../../../ledger/index.ts';
import { type Clock, SetClock, databaseClock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import {
  createHousehold,
  leaveHousehold,
  setHouseholdSharing,
} from '../../../subgraphs/members/households/households.ts';
import { joinHousehold } from '../../../subgraphs/members/households/joining.ts';
import { setHouseholdSpending } from '../../../subgraphs/members/households/spending.ts';
import { cancelRedemption } from '../../../subgraphs/rewards-catalog/cancellations.ts';
import { Reward } from '../../../subgraphs/rewards-catalog/entities.ts';
import { splitPoints } from '../../../subgraphs/rewards-catalog/households.ts';
import { quoteRedemption } from '../../../subgraphs/rewards-catalog/quotes.ts';
import { type RedeemReward, redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold, givenInvitation } from '../../support/given-households.ts';
import { givenMember } from '../../support/given-members.ts';
import { anAccrual, givenLedgerPartner } from '../../support/given-points.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, memberViewer } from '../../support/subgraph.ts';

describe('splitPoints', () => {
  const others = (...points: bigint[]) =>
    points.map((each, index) => ({ memberId: `m${index}`, points: each }));
  const split = (required: bigint, own: bigint, ...points: bigint[]) => {
    const paid = splitPoints(required, own, others(...points));
    return paid && [paid.own, ...paid.shares.map((share) => share.points)];
  };

  it.each<[string, bigint, bigint, bigint[], bigint[] | null]>([
    // mechanics: 4,001 of 5,000, 3,000 and 2,500.
    ['in proportion', 4_001n, 0n, [5_000n, 3_000n, 2_500n], [0n, 1_905n, 1_143n, 953n]],
    [
      'after the member’s own',
      4_501n,
      500n,
      [5_000n, 3_000n, 2_500n],
      [500n, 1_905n, 1_143n, 953n],
    ],
    ['of equals, from the earlier id', 1n, 0n, [7n, 7n], [0n, 1n]],
    ['from nobody else where the own do', 500n, 500n, [9n], [500n]],
    ['all that there is', 10_500n, 0n, [5_000n, 3_000n, 2_500n], [0n, 5_000n, 3_000n, 2_500n]],
    ['nothing from who has nothing', 3n, 1n, [0n, 2n], [1n, 2n]],
    ['not more than there is', 10_501n, 0n, [5_000n, 3_000n, 2_500n], null],
    ['nothing where nobody has any', 1n, 0n, [], null],
  ])('takes points %s', (_, required, own, available, expected) => {
    expect(split(required, own, ...available)).toEqual(expected);
  });
});

describe('a reward that the household pays', () => {
  const test = useTestDatabase();
  const { sealKey } = testConfig();
  let issuerId: string;
  beforeAll(async () => (issuerId = await givenLedgerPartner(test)));
  const db = () => test.db('rewards-catalog');
  const redeem = (
    memberId: string,
    input: Partial<RedeemReward> & { rewardId: string },
    on: Database = db(),
  ) =>
    redeemReward(
      on,
      { idempotencyKey: 'a', useHousehold: true, ...input },
      { memberId, clock: databaseClock, sealKey },
    );
  const balances = async (members: string[]) =>
    (
      await balancesOf(
        db(),
        members.map((memberId) => ({ memberId })),
        new Date(),
      )
    ).map(({ available }) => available);
  const eventsOf = (type: string) =>
    rows<{ memberId: string; payload: object }>(
      test.owner(),
      `SELECT member_id AS "memberId", payload FROM platform.outbox WHERE type = $1 ORDER BY sequence`,
      [type],
    );

  /** Members with so many points each, in one household; those after the first in the order of their ids. */
  async function givenFamily(...points: bigint[]): Promise<string[]> {
    const members = await Promise.all(points.map(() => givenMember(test)));
    const [first, ...others] = members as [string, ...string[]];
    others.sort();
    for (const [index, memberId] of [first, ...others].entries()) {
      if (points[index]! > 0n) await givePoints(memberId, points[index]!);
    }
    await givenHousehold(test, [first, ...others]);
    return [first, ...others];
  }

  async function givePoints(memberId: string, points: bigint): Promise<void> {
    const at = new Date();
    const accrual = anAccrual({ memberId, points, issuerId, effectiveAt: at, at });
    await accruePoints(test.db('partners'), accrual);
  }

  describe('of a business', () => {
    // The program's month ends in Berlin at 23:00 UTC.
    const january = new SetClock(new Date('2027-01-31T22:59:59Z'));
    let [ownerId, memberId] = ['', ''];
    beforeEach(async () => {
      [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const db = test.db('members');
      const owner = { memberId: ownerId, clock: databaseClock };
      await createHousehold(db, { name: 'Works', kind: 'BUSINESS' }, owner);
      const invitation = await givenInvitation(test, ownerId, memberId);
      await joinHousehold(db, { invitation }, { memberId, clock: databaseClock, limits });
      await givePoints(ownerId, 1_000n);
      await givePoints(memberId, 50n);
    });
    const allow = (maySpend: boolean, monthlyLimit: bigint | null = null) =>
      setHouseholdSpending(
        test.db('members'),
        { memberId, maySpend, monthlyLimit },
        { memberId: ownerId },
      );
    const spend = (rewardId: string, idempotencyKey: string, clock: Clock = databaseClock) =>
      redeemReward(
        db(),
        { rewardId, useHousehold: true, idempotencyKey },
        { memberId, clock, sealKey },
      );

    it('is paid by the others where the owner lets the member spend their points', async () => {
      const reward = await givenReward(test, { price: 150n });
      await expect(spend(reward.id, 'a')).rejects.toEqual(
        refusal('INSUFFICIENT_POINTS', [], { available: 50n, required: 150n }),
      );
      expect(await balances([ownerId, memberId])).toEqual([1_000n, 50n]);

      await allow(true);
      await spend(reward.id, 'a');
      expect(await balances([ownerId, memberId])).toEqual([900n, 0n]);

      await allow(false);
      await expect(spend(reward.id, 'b')).rejects.toEqual(refusal('INSUFFICIENT_POINTS'));
    });

    it('takes so many of the others’ points in a month, without what is cancelled', async () => {
      await allow(true, 150n);
      const reward = await givenReward(test, { price: 100n });
      const first = await spend(reward.id, 'a');
      await spend(reward.id, 'b');

      const asked = { rewardId: reward.id, useHousehold: true };
      await expect(spend(reward.id, 'c')).rejects.toMatchObject({
        code: 'LIMIT_REACHED',
        details: { limit: '150', available: 0n },
      });
      expect(await quoteRedemption(db(), asked, { memberId, clock: databaseClock })).toMatchObject({
        eligibility: { eligible: false, reasons: [{ code: 'MEMBER_LIMIT' }] },
      });
      expect(await balances([ownerId, memberId])).toEqual([850n, 0n]);

      await cancelRedemption(
        db(),
        { id: first.id, reason: 'Not needed' },
        {
          viewer: memberViewer(memberId),
          clock: databaseClock,
        },
      );
      // The member's 50 are back, too.
      await spend(reward.id, 'c');
      expect(await balances([ownerId, memberId])).toEqual([850n, 0n]);
    });

    it('begins to count anew with the program’s month', async () => {
      await allow(true, 100n);
      const reward = await givenReward(test, { price: 100n });
      await spend(reward.id, 'a', january);

      await expect(spend(reward.id, 'b', january)).rejects.toMatchObject({
        code: 'LIMIT_REACHED',
        details: { retryAt: new Date('2027-01-31T23:00:00Z') },
      });
      await spend(reward.id, 'b', new SetClock(new Date('2027-01-31T23:00:00Z')));
    });

    it('takes no more of them where many are redeemed at once', async () => {
      await allow(true, 300n);
      const own = await givenReward(test, { price: 50n });
      await redeem(memberId, { rewardId: own.id, idempotencyKey: 'own' });
      const reward = await givenReward(test, { price: 100n });

      const { answers, reasons } = await race(db(), 8, (index) =>
        askAgain(() => spend(reward.id, String(index))),
      );

      expect(answers).toHaveLength(3);
      expect(reasons).toEqual(Array(5).fill(refusal('LIMIT_REACHED')));
      expect(await balances([ownerId, memberId])).toEqual([700n, 0n]);
    });
  });

  it('takes the member’s own points, and then the others’ in proportion', async () => {
    const family = await givenFamily(100n, 5_000n, 3_000n, 2_500n);
    const reward = await givenReward(test, { price: 4_101n });

    const redemption = await redeem(family[0]!, { rewardId: reward.id });

    expect(redemption.points).toBe(4_101n);
    expect(await balances(family)).toEqual([0n, 3_095n, 1_857n, 1_547n]);
    const entries = await rows<{ points: bigint; description: string; sourceId: string }>(
      test.owner(),
      `SELECT points, description, source_id AS "sourceId" FROM ledger.transfer
       WHERE transfer_id = $1 ORDER BY points`,
      [redemption.id],
    );
    const other = { description: 'Spent by the household', sourceId: redemption.id };
    expect(entries).toEqual([
      { points: -1_905n, ...other },
      { points: -1_143n, ...other },
      { points: -953n, ...other },
      { points: -100n, description: 'Night by the harbour', sourceId: redemption.id },
    ]);
    const spent = (await eventsOf('household.spent')).filter(
      ({ payload }) => (payload as { redemptionId: string }).redemptionId === redemption.id,
    );
    expect(spent.map(({ memberId }) => memberId)).toEqual(family.slice(1));
    expect(spent[0]!.payload).toMatchObject({ spentBy: family[0] });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('takes nothing of the others where it is not asked to, or need not', async () => {
    const family = await givenFamily(100n, 500n);
    const reward = await givenReward(test, { price: 100n });

    await redeem(family[0]!, { rewardId: reward.id });
    await expect(
      redeem(family[0]!, { rewardId: reward.id, useHousehold: false, idempotencyKey: 'b' }),
    ).rejects.toEqual(refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 100n }));

    expect(await balances(family)).toEqual([0n, 500n]);
  });

  it('refuses more than they have together, and changes nothing', async () => {
    const family = await givenFamily(100n, 200n, 50n);
    const reward = await givenReward(test, { price: 351n, stock: 3 });

    await expect(redeem(family[0]!, { rewardId: reward.id })).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 350n, required: 351n }),
    );

    expect(await balances(family)).toEqual([100n, 200n, 50n]);
    expect((await db().findOneByOrFail(Reward, { id: reward.id })).stock).toBe(3);
  });

  it.each<[string, (other: string) => Promise<unknown>]>([
    ['who does not share', (id) => share(id, false)],
    ['whose account is suspended', (id) => setStatus(id, 'SUSPENDED')],
    ['who has left', (id) => leave(id)],
  ])('counts nobody %s', async (_, change) => {
    const family = await givenFamily(10n, 500n, 90n);
    const reward = await givenReward(test, { price: 101n });
    await change(family[1]!);

    await expect(redeem(family[0]!, { rewardId: reward.id })).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 100n, required: 101n }),
    );
  });

  it('gives nothing to a member who does not share', async () => {
    const family = await givenFamily(10n, 500n);
    const reward = await givenReward(test, { price: 11n });
    await share(family[0]!, false);

    await expect(redeem(family[0]!, { rewardId: reward.id })).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 10n, required: 11n }),
    );

    await share(family[0]!, true);
    await redeem(family[0]!, { rewardId: reward.id });
    expect(await balances(family)).toEqual([0n, 499n]);
  });

  it('answers a repeated call as the first time, and charges nothing', async () => {
    const family = await givenFamily(10n, 500n);
    const reward = await givenReward(test, { price: 100n });
    const first = await redeem(family[0]!, { rewardId: reward.id });
    await leave(family[1]!);

    expect(await redeem(family[0]!, { rewardId: reward.id })).toEqual(first);
    await expect(redeem(family[0]!, { rewardId: reward.id, useHousehold: false })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey']),
    );

    expect(await balances(family)).toEqual([0n, 410n]);
  });

  it('lets exactly one of those who spend the pool at once have the last points', async () => {
    const family = await givenFamily(100n, 100n, 100n);
    const reward = await givenReward(test, { price: 201n });

    const { answers, reasons } = await race(db(), 6, (n) =>
      redeem(family[n % 3]!, { rewardId: reward.id, idempotencyKey: `k${n}` }),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(
      Array(5).fill(refusal('INSUFFICIENT_POINTS', [], { available: 99n, required: 201n })),
    );
    expect((await balances(family)).reduce((a, b) => a + b)).toBe(99n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('goes on beside spendings of their own, and overdraws nobody', async () => {
    const family = await givenFamily(40n, 40n, 40n);
    const reward = await givenReward(test, { price: 30n });

    const { answers, reasons } = await race(db(), 9, (n) =>
      redeem(family[n % 3]!, {
        rewardId: reward.id,
        idempotencyKey: `k${n}`,
        useHousehold: n % 2 === 0,
      }),
    );

    // Four times 30 are all that there is; who spends alone may find too little of it.
    expect(answers.length).toBeLessThanOrEqual(4);
    expect(reasons).toEqual(
      Array(9 - answers.length).fill(expect.objectContaining({ code: 'INSUFFICIENT_POINTS' })),
    );
    const left = await balances(family);
    expect(left.reduce((a, b) => a + b)).toBe(120n - 30n * BigInt(answers.length));
    expect(left.every((points) => points >= 0n)).toBe(true);
  });

  it('waits for one who is leaving, and takes nothing of theirs', async () => {
    const family = await givenFamily(10n, 100n);
    const reward = await givenReward(test, { price: 60n });
    let redeeming: Promise<unknown>;

    await transaction(test.db('members'), async (tx) => {
      await leave(family[1]!, tx);
      redeeming = redeem(family[0]!, { rewardId: reward.id }).catch((reason: unknown) => reason);
      expect(await Promise.race([redeeming, setTimeout(150, 'waits')])).toBe('waits');
    });

    expect(await redeeming!).toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 10n, required: 60n }),
    );
    expect(await balances(family)).toEqual([10n, 100n]);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['leaves', (id) => leave(id)],
    ['stops sharing', (id) => share(id, false)],
  ])('is waited for by one who %s', async (_, change) => {
    const family = await givenFamily(10n, 100n);
    const reward = await givenReward(test, { price: 60n });
    let changing: Promise<unknown>;

    await transaction(db(), async (tx) => {
      await redeem(family[0]!, { rewardId: reward.id }, tx);
      changing = change(family[1]!);
      expect(await Promise.race([changing, setTimeout(150, 'waits')])).toBe('waits');
    });

    await changing!;
    expect(await balances(family)).toEqual([0n, 50n]);
    await expect(redeem(family[0]!, { rewardId: reward.id, idempotencyKey: 'b' })).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 60n }),
    );
  });

  describe('cancelRedemption', () => {
    const cancel = (id: string, viewer = adminViewer(), clock = databaseClock) =>
      cancelRedemption(db(), { id, reason: 'Changed plans' }, { viewer, clock });

    it('gives each part back to its own lots, and the units to the stock', async () => {
      const family = await givenFamily(100n, 5_000n, 3_000n, 2_500n);
      const reward = await givenReward(test, { price: 4_101n, stock: 2 });
      const lots = () =>
        rows(
          test.owner(),
          `SELECT lot_id, remaining, expires_at FROM ledger.lot WHERE member_id = ANY ($1) ORDER BY lot_id`,
          [family],
        );
      const before = await lots();
      const { id } = await redeem(family[0]!, { rewardId: reward.id });
      // Who has left meanwhile has theirs again, too.
      await leave(family[3]!);

      const cancelled = await cancel(id, memberViewer(family[0]!));

      expect(cancelled).toMatchObject({ status: 'CANCELLED', endedBecause: 'Changed plans' });
      expect(await balances(family)).toEqual([100n, 5_000n, 3_000n, 2_500n]);
      expect(await lots()).toEqual(before);
      expect((await db().findOneByOrFail(Reward, { id: reward.id })).stock).toBe(2);
      const told = (await eventsOf('household.refunded')).filter(
        ({ payload }) => (payload as { redemptionId: string }).redemptionId === id,
      );
      expect(told.map(({ memberId }) => memberId).sort()).toEqual(family.slice(1));
      const cancellations = (await eventsOf('redemption.cancelled')).filter(
        ({ memberId }) => memberId === family[0],
      );
      expect(cancellations).toMatchObject([{ payload: { redemptionId: id, rewardId: reward.id } }]);
      expect(await auditLedger(test.owner())).toEqual([]);
    });

    it('gives points back once, however often it is asked to', async () => {
      const family = await givenFamily(100n, 500n);
      const reward = await givenReward(test, { price: 150n, stock: 1 });
      const { id } = await redeem(family[0]!, { rewardId: reward.id });

      const { answers, reasons } = await race(db(), 4, () => cancel(id));

      expect(reasons).toEqual([]);
      expect(answers.map(({ status }) => status)).toEqual(Array(4).fill('CANCELLED'));
      expect(await cancel(id, memberViewer(family[0]!))).toEqual(answers[0]);
      expect(await balances(family)).toEqual([100n, 500n]);
      expect((await db().findOneByOrFail(Reward, { id: reward.id })).stock).toBe(1);
    });

    it('is for the one who redeemed: not for who paid a part', async () => {
      const family = await givenFamily(0n, 500n);
      const reward = await givenReward(test, { price: 150n });
      const { id } = await redeem(family[0]!, { rewardId: reward.id });

      await expect(cancel(id, memberViewer(family[1]!))).rejects.toEqual(
        refusal('NOT_FOUND', ['id']),
      );

      expect(await balances(family)).toEqual([0n, 350n]);
      await cancel(id, memberViewer(family[0]!));
      expect(await balances(family)).toEqual([0n, 500n]);
    });

    it('is for the member on the same day, and for staff at any time', async () => {
      const memberId = await givenMember(test, 100n);
      const reward = await givenReward(test, { price: 100n });
      const { id, createdAt } = await redeem(memberId, { rewardId: reward.id });
      const day = createdAt.getTime() + 24 * 3_600_000;

      await expect(
        cancel(id, memberViewer(memberId), new SetClock(new Date(day + 1))),
      ).rejects.toEqual(refusal('EXPIRED', ['id']));
      await setStatus(memberId, 'SUSPENDED');
      await expect(cancel(id, memberViewer(memberId))).rejects.toEqual(refusal('MEMBER_INACTIVE'));
      expect(await balances([memberId])).toEqual([0n]);

      await cancel(id, adminViewer(), new SetClock(new Date(day + 1)));
      expect(await balances([memberId])).toEqual([100n]);
      // What staff do is on record, with whom it is about and why.
      expect(
        await rows(
          test.owner(),
          `SELECT actor, action, reason FROM platform.audit_event WHERE subject_id = $1`,
          [memberId],
        ),
      ).toEqual([{ actor: 'admin', action: 'cancelRedemption', reason: 'Changed plans' }]);
    });

    it('is for staff alone where a code was shown, which is void then', async () => {
      const memberId = await givenMember(test, 100n);
      const reward = await givenReward(test, { price: 50n, kind: 'VOUCHER' });
      const { id } = await redeem(memberId, { rewardId: reward.id, quantity: 2 });

      await expect(cancel(id, memberViewer(memberId))).rejects.toEqual(
        refusal('NOT_ALLOWED', ['id']),
      );
      await cancel(id);

      expect(
        await rows(test.owner(), 'SELECT status FROM rewards.voucher WHERE redemption_id = $1', [
          id,
        ]),
      ).toEqual([{ status: 'VOID' }, { status: 'VOID' }]);
      expect(await balances([memberId])).toEqual([100n]);
    });

    it.each<[string, object, unknown]>([
      ['an id that is none', { id: 'r1' }, refusal('INVALID', ['id'])],
      ['an empty reason', { reason: ' ' }, refusal('INVALID', ['reason'])],
      [
        'a redemption that does not exist',
        { id: '00000000-0000-4000-8000-000000000000' },
        refusal('NOT_FOUND', ['id']),
      ],
    ])('refuses %s', async (_, input, refused) => {
      const id = '00000000-0000-4000-8000-000000000001';
      const asked = { viewer: adminViewer(), clock: databaseClock };
      await expect(cancelRedemption(db(), { id, ...input }, asked)).rejects.toEqual(refused);
    });
  });

  describe('quoteRedemption', () => {
    const quote = (memberId: string, input: { rewardId: string; useHousehold?: boolean }) =>
      quoteRedemption(db(), input, { memberId, clock: databaseClock });

    it('tells what the redemption then takes', async () => {
      const family = await givenFamily(100n, 5_000n, 3_000n);
      const reward = await givenReward(test, { price: 150n });

      expect(await quote(family[0]!, { rewardId: reward.id, useHousehold: true })).toEqual({
        points: 150n,
        householdPoints: 50n,
        balanceAfter: 0n,
        eligibility: { eligible: true, reasons: [], pointsShort: 0n },
      });
      expect(await quote(family[1]!, { rewardId: reward.id, useHousehold: true })).toMatchObject({
        householdPoints: 0n,
        balanceAfter: 4_850n,
      });
      await redeem(family[0]!, { rewardId: reward.id });
      expect((await balances(family)).reduce((a, b) => a + b)).toBe(7_950n);
    });

    it('tells what stands in the way', async () => {
      const family = await givenFamily(100n, 20n);
      const reward = await givenReward(test, { price: 150n, stock: 0 });
      const short = { message: expect.any(String) as string, code: 'POINTS_SHORT' };
      const sold = { message: expect.any(String) as string, code: 'OUT_OF_STOCK' };

      expect(await quote(family[0]!, { rewardId: reward.id, useHousehold: true })).toEqual({
        points: 150n,
        householdPoints: 20n,
        balanceAfter: 0n,
        eligibility: { eligible: false, reasons: [short, sold], pointsShort: 30n },
      });
      expect(await quote(family[0]!, { rewardId: reward.id })).toMatchObject({
        householdPoints: 0n,
        eligibility: { pointsShort: 50n },
      });
      const none = '00000000-0000-4000-8000-000000000000';
      expect(await quote(family[0]!, { rewardId: none })).toBeNull();
    });
  });

  function leave(memberId: string, on: Database = test.db('members')) {
    return leaveHousehold(on, { memberId, clock: databaseClock });
  }

  function share(memberId: string, on: boolean) {
    return setHouseholdSharing(test.db('members'), { share: on }, { memberId });
  }

  function setStatus(memberId: string, status: string) {
    return test
      .owner()
      .query('UPDATE members.member SET status = $2 WHERE id = $1', [memberId, status]);
  }
});
