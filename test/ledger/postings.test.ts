import { randomUUID } from 'node:crypto';
import {
  accrueAll,
  accruePoints,
  auditLedger,
  balancesOf,
  redeemAll,
  redeemPoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import {
  aRedemption,
  anAccrual,
  givenLedgerPartner,
  givenPoints,
  noon,
} from '../support/given-points.ts';
import { refusal } from '../support/refusal.ts';
import { rolledBack } from '../support/rolled-back.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const daysLater = (days: number) => new Date(noon.getTime() + days * 86_400_000);

async function available(memberId: string, at = noon): Promise<bigint> {
  return (await balancesOf(db(), [{ memberId }], at))[0]!.available;
}

/** Everything that the ledger holds of a member: what a refused call must leave as it was. */
async function trace(memberId: string): Promise<unknown> {
  const tables = ['account', 'transfer', 'lot', 'lot_use', 'idempotency'];
  return Promise.all(
    tables.map((table) =>
      rows(test.owner(), `SELECT * FROM ledger.${table} WHERE member_id = $1`, [memberId]),
    ),
  );
}

describe('accruePoints', () => {
  it('adds the points to the member, and takes them from the issuer’s account', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();

    const posting = await accruePoints(db(), anAccrual({ memberId, issuerId, points: 500n }));

    expect(posting).toMatchObject({ balance: 500n, repeated: false });
    expect(await available(memberId)).toBe(500n);
    const entries = await rows<{ kind: string | null; points: bigint }>(
      test.owner(),
      `SELECT c.kind, e.points FROM ledger.entry e LEFT JOIN ledger.counter_account c ON c.id = e.counter_account
       WHERE transfer_id = $1 ORDER BY points`,
      [posting.transferId],
    );
    expect(entries).toEqual([
      { kind: 'PARTNER_ISSUANCE', points: -500n },
      { kind: null, points: 500n },
    ]);
  });

  it.each([0n, -1n, 10n ** 12n + 1n])(
    'takes no movement of %s points, and changes nothing',
    async (points) => {
      const issuerId = await givenLedgerPartner(test);
      const memberId = await givenPoints(test, 100n, issuerId);
      const before = await trace(memberId);

      await expect(accruePoints(db(), anAccrual({ memberId, issuerId, points }))).rejects.toThrow(
        '10^12',
      );

      expect(await trace(memberId)).toEqual(before);
    },
  );

  it('takes no points of a partner that was never opened', async () => {
    const memberId = randomUUID();

    await expect(
      accruePoints(db(), anAccrual({ memberId, issuerId: randomUUID(), points: 1n })),
    ).rejects.toThrow('PARTNER_ISSUANCE');

    expect((await trace(memberId)) as unknown[]).toEqual([[], [], [], [], []]);
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const issuerId = await givenLedgerPartner(test);
    const accrual = anAccrual({ memberId: randomUUID(), issuerId, points: 500n });

    const first = await accruePoints(db(), accrual);
    await accruePoints(db(), anAccrual({ memberId: accrual.memberId, issuerId, points: 70n }));

    expect(await accruePoints(db(), accrual)).toEqual({ ...first, repeated: true });
    await expect(accruePoints(db(), { ...accrual, points: 501n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await available(accrual.memberId)).toBe(570n);
  });

  it('lets no balance grow beyond what JSON can carry, and changes nothing', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 1n, issuerId);
    const largest = 2n ** 53n - 1n;
    // 9,007 accruals of the largest size would do the same.
    await rows(test.owner(), 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1', [
      memberId,
      largest,
    ]);
    const before = await trace(memberId);

    await expect(accruePoints(db(), anAccrual({ memberId, issuerId, points: 1n }))).rejects.toEqual(
      refusal('LIMIT_REACHED', [], { limit: '9007199254740991' }),
    );

    expect(await trace(memberId)).toEqual(before);
    await rows(test.owner(), 'UPDATE ledger.account SET balance = 1 WHERE member_id = $1', [
      memberId,
    ]);
  });

  it('knows a request again in another time zone', async () => {
    const issuerId = await givenLedgerPartner(test);
    const accrual = anAccrual({ memberId: randomUUID(), issuerId, points: 500n });
    await accruePoints(db(), accrual);

    await db().transaction(async (tx) => {
      await rows(tx, `SET LOCAL timezone = 'Asia/Tokyo'`);
      expect(await accruePoints(tx, accrual)).toMatchObject({ repeated: true });
    });
  });

  it('posts once when the same key races, and loses none when different ones do', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = randomUUID();
    const same = anAccrual({ memberId, issuerId, points: 7n });
    const others = Array.from({ length: 20 }, () => anAccrual({ memberId, issuerId, points: 10n }));

    const calls = [...Array(20).fill(same), ...others] as (typeof same)[];
    const postings = await Promise.all(calls.map((accrual) => accruePoints(db(), accrual)));

    expect(postings.slice(0, 20).filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(postings.slice(0, 20).map(({ transferId }) => transferId)).size).toBe(1);
    expect(await available(memberId)).toBe(207n);
  });
});

describe('accrueAll', () => {
  it('answers each in its order, whosever it is', async () => {
    const issuerId = await givenLedgerPartner(test);
    const [ada, ben] = [randomUUID(), randomUUID()];
    const first = anAccrual({ memberId: ada, issuerId, points: 5n });
    const all = [
      first,
      anAccrual({ memberId: ben, issuerId, points: 70n }),
      first,
      { ...first, points: 6n },
      anAccrual({ memberId: ada, issuerId, points: 300n }),
    ];

    const answers = await accrueAll(db(), all);

    expect(answers).toMatchObject([
      { balance: 5n, repeated: false },
      { balance: 70n, repeated: false },
      { balance: 5n, repeated: true },
      refusal('IDEMPOTENCY_MISMATCH'),
      { balance: 305n, repeated: false },
    ]);
    expect([await available(ada), await available(ben)]).toEqual([305n, 70n]);
    expect(await accrueAll(db(), [])).toEqual([]);
  });

  it('refuses one without the others', async () => {
    const issuerId = await givenLedgerPartner(test);
    const [rich, poor] = [await givenPoints(test, 1n, issuerId), randomUUID()];
    const setBalance = (balance: bigint) =>
      rows(test.owner(), 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1', [
        rich,
        balance,
      ]);
    await setBalance(2n ** 53n - 1n);
    const before = await trace(rich);

    const answers = await accrueAll(db(), [
      anAccrual({ memberId: rich, issuerId, points: 1n }),
      anAccrual({ memberId: poor, issuerId, points: 8n }),
    ]);

    expect(answers).toEqual([
      refusal('LIMIT_REACHED', []),
      expect.objectContaining({ balance: 8n }),
    ]);
    expect(await trace(rich)).toEqual(before);
    expect(await available(poor)).toBe(8n);
    await setBalance(1n);
  });

  it('posts nothing where they are not of one instant', async () => {
    const issuerId = await givenLedgerPartner(test);
    const accrual = anAccrual({ memberId: randomUUID(), issuerId, points: 5n });
    const later = { ...accrual, key: randomUUID(), at: new Date(noon.getTime() + 1) };

    await expect(accrueAll(db(), [accrual, later])).rejects.toThrow('at one instant');

    expect(await trace(accrual.memberId)).toEqual(await trace(randomUUID()));
  });

  it('does not lock members in an order that two batches could block each other by', async () => {
    const issuerId = await givenLedgerPartner(test);
    const members = Array.from({ length: 40 }, () => randomUUID());
    const all = members.map((memberId) => anAccrual({ memberId, issuerId, points: 1n }));
    const fresh = (order: typeof all) => order.map((each) => ({ ...each, key: randomUUID() }));

    // Not through `transaction`, which would try a deadlock again.
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        db().transaction((tx) => accrueAll(tx, fresh(n % 2 ? all : all.toReversed()))),
      ),
    );

    expect(await Promise.all(members.map((memberId) => available(memberId)))).toEqual(
      Array(40).fill(8n),
    );
  });
});

describe('redeemPoints', () => {
  it('takes the points from the lots that expire soonest, and gives them to the partner', async () => {
    const [issuerId, partnerId] = [await givenLedgerPartner(test), await givenLedgerPartner(test)];
    const memberId = randomUUID();
    const earn = (points: bigint, expiresAt?: Date) =>
      accruePoints(
        db(),
        anAccrual({ memberId, issuerId, points, ...(expiresAt && { expiresAt }) }),
      );
    const never = await earn(300n);
    const late = await earn(1_000n, daysLater(90));
    const soon = await earn(500n, daysLater(30));

    const posting = await redeemPoints(db(), aRedemption({ memberId, partnerId, points: 1_200n }));

    expect(posting.balance).toBe(600n);
    const uses = await rows(
      test.owner(),
      `SELECT lot_id AS lot, points FROM ledger.lot_use WHERE transfer_id = $1 ORDER BY points`,
      [posting.transferId],
    );
    expect(uses).toEqual([
      { lot: soon.transferId, points: 500n },
      { lot: late.transferId, points: 700n },
    ]);
    expect(await available(memberId)).toBe(600n);
    const left = await rows(test.owner(), 'SELECT remaining FROM ledger.lot WHERE lot_id = $1', [
      never.transferId,
    ]);
    expect(left).toEqual([{ remaining: 300n }]);
    const [counter] = await rows(
      test.owner(),
      `SELECT sum(points)::bigint AS points FROM ledger.entry e JOIN ledger.counter_account c ON c.id = e.counter_account
       WHERE c.kind = 'PARTNER_REDEMPTION' AND c.owner = $1`,
      [partnerId],
    );
    expect(counter).toEqual({ points: 1_200n });
  });

  it('refuses when the balance is below, and changes nothing, so that the key may be used again', async () => {
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 299n, partnerId);
    const redemption = aRedemption({ memberId, partnerId, points: 300n });
    const before = await trace(memberId);

    await expect(redeemPoints(db(), redemption)).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 299n, required: 300n }),
    );

    expect(await trace(memberId)).toEqual(before);
    await accruePoints(db(), anAccrual({ memberId, issuerId: partnerId, points: 1n }));
    expect(await redeemPoints(db(), redemption)).toMatchObject({ balance: 0n, repeated: false });
  });

  it('takes from the lots of each member of a list, and refuses one without the others', async () => {
    const partnerId = await givenLedgerPartner(test);
    const [ada, ben, poor] = [randomUUID(), randomUUID(), randomUUID()];
    const earn = (memberId: string, points: bigint, days: number) =>
      accruePoints(
        db(),
        anAccrual({ memberId, issuerId: partnerId, points, expiresAt: daysLater(days) }),
      );
    const [late, soon] = [await earn(ada, 100n, 90), await earn(ada, 100n, 30)];
    const whole = await earn(ben, 70n, 30);
    await earn(poor, 5n, 30);
    const before = await trace(poor);
    const requests = [
      aRedemption({ memberId: ada, partnerId, points: 150n }),
      aRedemption({ memberId: poor, partnerId, points: 6n }),
      aRedemption({ memberId: ben, partnerId, points: 70n }),
    ];

    const answers = await redeemAll(db(), requests);

    expect(answers).toEqual([
      { transferId: requests[0]!.key, balance: 50n, repeated: false },
      refusal('INSUFFICIENT_POINTS', [], { available: 5n, required: 6n }),
      { transferId: requests[2]!.key, balance: 0n, repeated: false },
    ]);
    const uses = await rows(
      test.owner(),
      `SELECT transfer_id AS by, lot_id AS lot, points FROM ledger.lot_use
       WHERE member_id = ANY ($1) ORDER BY points`,
      [[ada, ben, poor]],
    );
    expect(uses).toEqual([
      { by: requests[0]!.key, lot: late.transferId, points: 50n },
      { by: requests[2]!.key, lot: whole.transferId, points: 70n },
      { by: requests[0]!.key, lot: soon.transferId, points: 100n },
    ]);
    expect(await trace(poor)).toEqual(before);
    expect(await redeemAll(db(), requests.slice(0, 1))).toEqual([
      { transferId: requests[0]!.key, balance: 50n, repeated: true },
    ]);
  });

  it('finds the lots of all members in one plan, by the index in the order of spending', async () => {
    const plan = await rolledBack(test.owner(), async (tx) => {
      // There are few of them here.
      await rows(tx, 'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
      return rows<{ 'QUERY PLAN': string }>(
        tx,
        `EXPLAIN SELECT f.lot_id, f.up_to FROM unnest($1::uuid[]) m
         CROSS JOIN LATERAL ledger.free_lots(m, 'PTS', $2) f`,
        [[randomUUID()], noon],
      );
    });
    const steps = plan.map((line) => line['QUERY PLAN']).join('\n');

    expect(steps).toContain('using lot_open_ix');
    // What nobody asks for is not reckoned, and rows that come in order are not sorted.
    expect(steps.match(/WindowAgg/g)).toHaveLength(1);
    expect(steps).not.toMatch(/free_lots|Sort/);
  });

  it('refuses a member without an account', async () => {
    const partnerId = await givenLedgerPartner(test);

    await expect(
      redeemPoints(db(), aRedemption({ memberId: randomUUID(), partnerId, points: 1n })),
    ).rejects.toEqual(refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }));
  });

  it.each([
    ['pending', { activatesAt: daysLater(1) }],
    ['past their expiry', { expiresAt: noon }],
  ])('spends no points that are %s', async (_, dates) => {
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 10n, partnerId);
    await accruePoints(db(), anAccrual({ memberId, issuerId: partnerId, points: 90n, ...dates }));

    await expect(
      redeemPoints(db(), aRedemption({ memberId, partnerId, points: 11n })),
    ).rejects.toEqual(refusal('INSUFFICIENT_POINTS', [], { available: 10n, required: 11n }));
    expect(await available(memberId)).toBe(10n);
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 1_000n, partnerId);
    const redemption = aRedemption({ memberId, partnerId, points: 300n });

    const first = await redeemPoints(db(), redemption);

    expect(await redeemPoints(db(), redemption)).toEqual({ ...first, repeated: true });
    await expect(redeemPoints(db(), { ...redemption, points: 301n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await available(memberId)).toBe(700n);
  });

  it('has one winner when 50 calls race for the last points', async () => {
    const partnerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 100n, partnerId);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () =>
        redeemPoints(db(), aRedemption({ memberId, partnerId, points: 100n })),
      ),
    );

    const refusals = outcomes.flatMap((o) =>
      o.status === 'rejected' ? [o.reason as unknown] : [],
    );
    expect(refusals).toEqual(
      Array(49).fill(refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 100n })),
    );
    expect(await available(memberId)).toBe(0n);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
