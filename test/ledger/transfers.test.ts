import { randomUUID } from 'node:crypto';
import {
  type TransferPoints,
  accruePoints,
  adjustPoints,
  auditLedger,
  reverseAccrual,
  transferPoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { anAccrual, givenLedgerPartner, givenPoints, noon } from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

function aTransfer(memberId: string, toMemberId: string, points: bigint): TransferPoints {
  const key = randomUUID();
  return {
    memberId,
    toMemberId,
    key,
    points,
    source: { kind: 'transfer', id: key },
    description: 'Happy birthday',
    at: noon,
  };
}

describe('transferPoints', () => {
  it('moves points with their issuer and their end, soonest first', async () => {
    const [issuerId, memberId, friendId] = [
      await givenLedgerPartner(test),
      randomUUID(),
      randomUUID(),
    ];
    for (const [points, expiresAt] of [
      [100n, day('2026-04-01')],
      [100n, day('2026-07-01')],
    ] as const) {
      await accruePoints(db(), anAccrual({ memberId, issuerId, points, expiresAt }));
    }
    const transfer = aTransfer(memberId, friendId, 130n);

    const given = await transferPoints(db(), transfer);

    expect(given).toEqual({ transferId: transfer.key, balance: 70n, repeated: false });
    expect(await openLotsOf(test, friendId)).toEqual([
      { remaining: 100n, held: 0n, expiresAt: day('2026-04-01'), issuer: issuerId },
      { remaining: 30n, held: 0n, expiresAt: day('2026-07-01'), issuer: issuerId },
    ]);
    expect(await movementsOf(test, friendId)).toEqual([
      { kind: 'TRANSFER_IN', points: 130n, debt: 0n, counter: 'MEMBERS' },
    ]);
    expect((await countersOf(test, null))['MEMBERS']).toBe(0n);
  });

  it('refuses more than is available, and changes nothing', async () => {
    const memberId = await givenPoints(test, 100n, await givenLedgerPartner(test));
    const friendId = randomUUID();
    const before = await traceOf(test, memberId);

    await expect(transferPoints(db(), aTransfer(memberId, friendId, 101n))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 100n, required: 101n }),
    );

    expect(await traceOf(test, memberId)).toEqual(before);
    expect(await movementsOf(test, friendId)).toEqual([]);
  });

  it('gives nothing that is pending, and nothing to oneself', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 10n, issuerId);
    const pending = { points: 90n, activatesAt: day('2026-03-15') };
    await accruePoints(db(), anAccrual({ memberId, issuerId, ...pending }));

    await expect(transferPoints(db(), aTransfer(memberId, randomUUID(), 11n))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 10n, required: 11n }),
    );
    await expect(transferPoints(db(), aTransfer(memberId, memberId, 1n))).rejects.toThrow('itself');
  });

  it('lets no balance grow beyond what JSON can carry', async () => {
    const issuerId = await givenLedgerPartner(test);
    const memberId = await givenPoints(test, 10n, issuerId);
    const friendId = await givenPoints(test, 1n, issuerId);
    const set = (balance: string) =>
      rows(test.owner(), `UPDATE ledger.account SET balance = $2 WHERE member_id = $1`, [
        friendId,
        balance,
      ]);
    await set(String(2n ** 53n - 5n));

    await expect(transferPoints(db(), aTransfer(memberId, friendId, 5n))).rejects.toEqual(
      refusal('LIMIT_REACHED'),
    );

    expect(await accountOf(test, memberId)).toMatchObject({ balance: 10n });
    await set('1');
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const memberId = await givenPoints(test, 100n, await givenLedgerPartner(test));
    const friendId = randomUUID();
    const transfer = aTransfer(memberId, friendId, 40n);

    const first = await transferPoints(db(), transfer);

    expect(await transferPoints(db(), transfer)).toEqual({ ...first, repeated: true });
    await expect(transferPoints(db(), { ...transfer, points: 41n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await accountOf(test, friendId)).toMatchObject({ balance: 40n });
  });

  it('loses nothing when members give to each other at once', async () => {
    const issuerId = await givenLedgerPartner(test);
    const members = await Promise.all([1, 2, 3].map(() => givenPoints(test, 100n, issuerId)));

    // Not through `transaction`, which would try a deadlock again.
    const { answers, reasons } = await race(db(), 60, (index) =>
      transferPoints(
        db(),
        aTransfer(members[index % 3]!, members[(index + 1 + (index % 2)) % 3]!, 7n),
      ),
    );

    expect([answers.length, reasons]).toEqual([60, []]);
    const balances = await Promise.all(
      members.map(async (memberId) => (await accountOf(test, memberId))!.balance),
    );
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBe(300n);
  });

  it('pays the debt of whoever gets them', async () => {
    const issuerId = await givenLedgerPartner(test);
    const [memberId, friendId] = [await givenPoints(test, 100n, issuerId), randomUUID()];
    const accrual = anAccrual({ memberId: friendId, issuerId, points: 30n });
    await accruePoints(db(), accrual);
    await transferPoints(db(), aTransfer(friendId, memberId, 30n));
    await reverseAccrual(db(), {
      ...aTransfer(friendId, memberId, 30n),
      accrualId: accrual.key,
      clawback: 'DEBT',
      risk: 'OPERATOR',
    });

    await transferPoints(db(), aTransfer(memberId, friendId, 50n));

    expect(await accountOf(test, friendId)).toEqual({ balance: 20n, held: 0n, debt: 0n });
    expect(await movementsOf(test, friendId)).toMatchObject([
      { kind: 'ACCRUAL' },
      { kind: 'TRANSFER_OUT' },
      { kind: 'REVERSAL', points: 0n, debt: 30n },
      { kind: 'TRANSFER_IN', points: 50n },
      { kind: 'REPAYMENT', points: -30n, debt: -30n },
    ]);
  });
});

describe('adjustPoints', () => {
  const anAdjustment = (memberId: string, points: bigint) => {
    const key = randomUUID();
    return {
      memberId,
      key,
      points,
      source: { kind: 'adjustment' as const, id: key },
      description: 'Service gesture',
      at: noon,
    };
  };

  it('gives points of the coalition itself, and takes points', async () => {
    const memberId = randomUUID();

    await adjustPoints(db(), { ...anAdjustment(memberId, 80n), expiresAt: day('2026-06-01') });
    const taken = await adjustPoints(db(), anAdjustment(memberId, -30n));

    expect(taken).toMatchObject({ balance: 50n });
    expect(await openLotsOf(test, memberId)).toEqual([
      { remaining: 50n, held: 0n, expiresAt: day('2026-06-01'), issuer: null },
    ]);
    expect(await movementsOf(test, memberId)).toEqual([
      { kind: 'ADJUSTMENT', points: 80n, debt: 0n, counter: 'OPERATOR_ADJUSTMENT' },
      { kind: 'ADJUSTMENT', points: -30n, debt: 0n, counter: 'OPERATOR_ADJUSTMENT' },
    ]);
  });

  it('takes no more than is available, and changes nothing', async () => {
    const memberId = await givenPoints(test, 20n, await givenLedgerPartner(test));
    const before = await traceOf(test, memberId);

    await expect(adjustPoints(db(), anAdjustment(memberId, -21n))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 20n, required: 21n }),
    );
    await expect(adjustPoints(db(), anAdjustment(memberId, 0n))).rejects.toThrow('10^12');

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('gives the first answer when called again, and once when it races', async () => {
    const memberId = randomUUID();
    const adjustment = anAdjustment(memberId, 80n);

    const { answers } = await race(db(), 10, () => adjustPoints(db(), adjustment));

    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(answers.map(({ balance }) => balance)).toEqual(Array(10).fill(80n));
    await expect(adjustPoints(db(), { ...adjustment, points: 81n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 80n });
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
