import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { hashOf } from '../../../platform/idempotency.ts';
import { Redemption, Reward } from '../../../subgraphs/rewards-catalog/entities.ts';
import { type RedeemReward, redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { type GivenReward, givenDraft, givenReward } from '../../support/given-rewards.ts';
import { refusal } from '../../support/refusal.ts';

describe('redeemReward', () => {
  const test = useTestDatabase();

  const { sealKey } = testConfig();
  const redeem = ({ memberId, ...input }: RedeemReward & { memberId: string }) =>
    redeemReward(test.db('rewards-catalog'), input, { memberId, clock: databaseClock, sealKey });

  it('moves the points from the member to the partner and takes the units', async () => {
    const memberId = await givenMember(test, 500n);
    const reward = await givenReward(test, { price: 150n, stock: 5 });

    const redemption = await redeem({
      memberId,
      rewardId: reward.id,
      quantity: 2,
      idempotencyKey: 'a',
    });

    expect(redemption).toMatchObject({
      memberId,
      partnerId: reward.partnerId,
      rewardId: reward.id,
      quantity: 2,
      points: 300n,
      status: 'CONFIRMED',
      number: expect.stringMatching(/^[2-9A-HJ-NP-Z]{10}$/) as string,
    });
    expect(await balanceOf(memberId)).toBe(200n);
    expect(await redeemedWith(reward.partnerId)).toBe(300n);
    expect(await stockOf(reward)).toBe(3);
    expect(await events(redemption.id)).toEqual([
      { type: 'reward.redeemed', memberId, partnerId: reward.partnerId },
    ]);
  });

  it('takes one unit at the first price where nothing else is said', async () => {
    const memberId = await givenMember(test, 500n);
    const reward = await givenReward(test, { price: 150n, stock: 5 });

    const redemption = await redeem({ memberId, rewardId: reward.id, idempotencyKey: 'a' });

    expect(redemption).toMatchObject({ quantity: 1, points: 150n });
    expect(await stockOf(reward)).toBe(4);
  });

  it('never runs out of a reward without a stock', async () => {
    const memberId = await givenMember(test, 100n);
    const reward = await givenReward(test, { price: 1n, stock: null });

    await redeem({ memberId, rewardId: reward.id, quantity: 100, idempotencyKey: 'a' });

    expect(await balanceOf(memberId)).toBe(0n);
    expect(await stockOf(reward)).toBeNull();
  });

  describe('refuses, and changes nothing,', () => {
    let memberId: string;
    let reward: GivenReward;

    beforeEach(async () => {
      memberId = await givenMember(test, 299n);
      reward = await givenReward(test, { price: 100n, stock: 4 });
    });

    /** Redeems with this input besides the usual one. @returns all that could have changed */
    async function attempt(input: Partial<RedeemReward> = {}): Promise<object> {
      const request = { memberId, rewardId: reward.id, idempotencyKey: 'a', ...input };
      const error: unknown = await redeem(request).catch((reason: unknown) => reason);
      return {
        error,
        balance: await balanceOf(memberId),
        redeemed: await redeemedWith(reward.partnerId),
        stock: await stockOf(reward),
        redemptions: await test.db('rewards-catalog').countBy(Redemption, { memberId }),
        events: await eventsOf(memberId, 'reward.redeemed'),
      };
    }

    const unchanged = { balance: 299n, redeemed: 0n, stock: 4, redemptions: 0, events: 0 };
    const onlyRefused = (error: unknown) => ({ error, ...unchanged });

    it('when the balance is below the price', async () => {
      expect(await attempt({ quantity: 3 })).toEqual(
        onlyRefused(refusal('INSUFFICIENT_POINTS', [], { available: 299n, required: 300n })),
      );
    });

    it('when fewer units are left', async () => {
      expect(await attempt({ quantity: 5 })).toEqual(
        onlyRefused(refusal('OUT_OF_STOCK', ['rewardId'], { available: 4n, required: 5n })),
      );
    });

    it('a reward that does not exist', async () => {
      expect(await attempt({ rewardId: '00000000-0000-4000-8000-000000000000' })).toEqual(
        onlyRefused(refusal('NOT_FOUND', ['rewardId'])),
      );
    });

    it('a reward that is not published', async () => {
      const draft = await givenDraft(test, { price: 100n, partnerId: reward.partnerId });

      expect(await attempt({ rewardId: draft.id })).toEqual(
        onlyRefused(refusal('NOT_FOUND', ['rewardId'])),
      );
    });

    it('a reward of a partner that is not live', async () => {
      await setStatus('partners.partner', reward.partnerId, 'SUSPENDED');

      expect(await attempt()).toEqual(onlyRefused(refusal('NOT_FOUND', ['rewardId'])));
    });

    it('a price of another reward', async () => {
      const other = await givenReward(test, { price: 1n });

      expect(await attempt({ priceId: other.priceId })).toEqual(
        onlyRefused(refusal('NOT_FOUND', ['priceId'])),
      );
    });

    it('a member whose account is suspended', async () => {
      await setStatus('members.member', memberId, 'SUSPENDED');

      expect(await attempt()).toEqual(onlyRefused(refusal('MEMBER_INACTIVE')));
    });

    it('a member who is provisional', async () => {
      await setStatus('members.member', memberId, 'PROVISIONAL');

      expect(await attempt()).toEqual(onlyRefused(refusal('MEMBER_INACTIVE')));
    });

    it('a member of the sandbox, who would take what is real', async () => {
      await test
        .owner()
        .query('UPDATE members.member SET sandbox = true WHERE id = $1', [memberId]);

      expect(await attempt()).toEqual(onlyRefused(refusal('NOT_ALLOWED')));
    });

    it('more points than one movement may have', async () => {
      const dear = await givenReward(test, { price: 10n ** 12n });

      expect(await attempt({ rewardId: dear.id, quantity: 2 })).toEqual(
        onlyRefused(refusal('INVALID', ['quantity'])),
      );
    });

    it.each<[string, Partial<RedeemReward>, string[]]>([
      ['no unit', { quantity: 0 }, ['quantity']],
      ['101 units', { quantity: 101 }, ['quantity']],
      ['an id that is none', { rewardId: 'r1' }, ['rewardId']],
      ['an empty key', { idempotencyKey: ' ' }, ['idempotencyKey']],
      ['a key of 129 characters', { idempotencyKey: 'k'.repeat(129) }, ['idempotencyKey']],
    ])('%s', async (_, input, path) => {
      expect(await attempt(input)).toEqual(onlyRefused(refusal('INVALID', path)));
    });
  });

  it('lets a refused call try again with its key', async () => {
    const memberId = await givenMember(test, 100n);
    const reward = await givenReward(test, { price: 100n, stock: 0 });
    const request = { memberId, rewardId: reward.id, idempotencyKey: 'a' };
    await expect(redeem(request)).rejects.toEqual(refusal('OUT_OF_STOCK', ['rewardId']));
    await test.db('rewards-catalog').update(Reward, { id: reward.id }, { stock: 1 });

    expect(await redeem(request)).toMatchObject({ points: 100n });
    expect(await balanceOf(memberId)).toBe(0n);
  });

  it('returns the first redemption when called again, though all has changed since', async () => {
    const memberId = await givenMember(test, 300n);
    const reward = await givenReward(test, { price: 300n, stock: 1 });
    const request = { memberId, rewardId: reward.id, idempotencyKey: 'a' };
    const first = await redeem(request);
    await setStatus('partners.partner', reward.partnerId, 'SUSPENDED');
    await setStatus('members.member', memberId, 'SUSPENDED');

    const again = await redeem({ ...request, quantity: 1, priceId: null });

    expect(again).toEqual(first);
    expect(await balanceOf(memberId)).toBe(0n);
    expect(await redeemedWith(reward.partnerId)).toBe(300n);
    expect(await stockOf(reward)).toBe(0);
  });

  it('refuses a key that was used with another input, and names the first redemption', async () => {
    const memberId = await givenMember(test, 900n);
    const reward = await givenReward(test, { price: 300n });
    const request = { memberId, rewardId: reward.id, idempotencyKey: 'a' };
    const first = await redeem(request);

    for (const other of [
      { quantity: 2 },
      { priceId: reward.priceId },
      { rewardId: (await givenReward(test)).id },
    ]) {
      await expect(redeem({ ...request, ...other })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: first.id }),
      );
    }

    expect(await balanceOf(memberId)).toBe(600n);
  });

  it('keeps the keys of two members apart', async () => {
    const reward = await givenReward(test, { price: 1n });
    const [one, two] = [await givenMember(test, 1n), await givenMember(test, 1n)];

    const first = await redeem({ memberId: one, rewardId: reward.id, idempotencyKey: 'a' });
    const second = await redeem({ memberId: two, rewardId: reward.id, idempotencyKey: 'a' });

    expect(second.id).not.toBe(first.id);
    expect(second.number).not.toBe(first.number);
  });

  it('redeems once when twenty calls with one key come at once', async () => {
    const memberId = await givenMember(test, 1000n);
    const reward = await givenReward(test, { price: 300n, stock: 5 });
    const request = { memberId, rewardId: reward.id, idempotencyKey: 'a' };

    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(request)));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await balanceOf(memberId)).toBe(700n);
    expect(await redeemedWith(reward.partnerId)).toBe(300n);
    expect(await stockOf(reward)).toBe(4);
    expect(await eventsOf(memberId, 'reward.redeemed')).toBe(1);
  });

  it('says that a key is at work when its first call does not end in time', async () => {
    const memberId = await givenMember(test, 100n);
    const reward = await givenReward(test, { price: 100n });
    const request = { memberId, rewardId: reward.id, idempotencyKey: 'a' };
    const db = test.db('rewards-catalog');

    await db.transaction(async (slow) => {
      await slow.insert(Redemption, {
        ...request,
        id: memberId,
        number: 'SLOW',
        partnerId: reward.partnerId,
        quantity: 1,
        points: 100n,
        status: 'CONFIRMED',
        inputHash: hashOf({}),
        createdAt: new Date(),
      });
      await expect(redeem(request)).rejects.toEqual(refusal('IN_PROGRESS', ['idempotencyKey']));
    });
  });

  it('never sells the last unit twice', async () => {
    const reward = await givenReward(test, { price: 1n, stock: 1 });
    const members = await each(50, () => givenMember(test, 1n));

    const { won, refused } = await settle(
      members.map((memberId) => redeem({ memberId, rewardId: reward.id, idempotencyKey: 'a' })),
    );

    expect(won).toHaveLength(1);
    expect(refused).toEqual(
      Array(49).fill(refusal('OUT_OF_STOCK', ['rewardId'], { available: 0n, required: 1n })),
    );
    expect(await stockOf(reward)).toBe(0);
    expect(await redeemedWith(reward.partnerId)).toBe(1n);
  });

  it('never spends the last points twice', async () => {
    const memberId = await givenMember(test, 100n);
    const reward = await givenReward(test, { price: 100n, stock: 50 });

    const { won, refused } = await settle(
      Array.from({ length: 50 }, (_, index) =>
        redeem({ memberId, rewardId: reward.id, idempotencyKey: `key ${index}` }),
      ),
    );

    expect(won).toHaveLength(1);
    expect(refused).toEqual(
      Array(49).fill(refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 100n })),
    );
    expect(await balanceOf(memberId)).toBe(0n);
    expect(await redeemedWith(reward.partnerId)).toBe(100n);
    expect(await stockOf(reward)).toBe(49);
  });

  it('leaves a ledger behind that balances', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  async function balanceOf(memberId: string): Promise<bigint> {
    const [balance] = await balancesOf(test.db('members'), [{ memberId }], new Date());
    return balance!.available;
  }

  /** The partner's side of the ledger: what was redeemed with it. */
  async function redeemedWith(partnerId: string): Promise<bigint> {
    const [row] = await rows<{ points: bigint }>(
      test.owner(),
      `SELECT coalesce(-sum(t.points), 0)::bigint AS points
       FROM ledger.transfer t JOIN ledger.counter_account c ON c.id = t.counter_account
       WHERE c.kind = 'PARTNER_REDEMPTION' AND c.owner = $1`,
      [partnerId],
    );
    return row!.points;
  }

  async function stockOf({ id }: GivenReward): Promise<number | null> {
    return (await test.db('rewards-catalog').findOneByOrFail(Reward, { id })).stock;
  }

  function events(redemptionId: string): Promise<object[]> {
    return rows(
      test.owner(),
      `SELECT type, member_id AS "memberId", partner_id AS "partnerId" FROM platform.outbox
       WHERE payload->>'redemptionId' = $1`,
      [redemptionId],
    );
  }

  async function eventsOf(memberId: string, type: string): Promise<number> {
    const found = await rows(
      test.owner(),
      'SELECT FROM platform.outbox WHERE member_id = $1 AND type = $2',
      [memberId, type],
    );
    return found.length;
  }

  async function setStatus(table: string, id: string, status: string): Promise<void> {
    await test.owner().query(`UPDATE ${table} SET status = $2 WHERE id = $1`, [id, status]);
  }
});

/** One after the other: what is set up does not race. */
async function each<Given>(count: number, give: () => Promise<Given>): Promise<Given[]> {
  const given: Given[] = [];
  for (let i = 0; i < count; i++) given.push(await give());
  return given;
}

async function settle<Result>(
  calls: Promise<Result>[],
): Promise<{ won: Result[]; refused: unknown[] }> {
  const outcomes = await Promise.allSettled(calls);
  return {
    won: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    refused: outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    ),
  };
}
