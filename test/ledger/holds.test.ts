import { randomUUID } from 'node:crypto';
import {
  type HoldPoints,
  type TransferHeld,
  accruePoints,
  auditLedger,
  captureHold,
  holdPoints,
  redeemPoints,
  releaseHold,
  settleDue,
  transferHeld,
} from '../../ledger/index.ts';
import { rows, transaction } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import {
  aRedemption,
  anAccrual,
  givenLedgerPartner,
  givenPoints,
  noon,
} from '../support/given-points.ts';
import { accountOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
let partnerId: string;

beforeAll(async () => {
  partnerId = await givenLedgerPartner(test);
});

function aHold(memberId: string, points: bigint): HoldPoints {
  return {
    memberId,
    key: randomUUID(),
    points,
    partnerId,
    description: 'Till 4',
    expiresAt: minutesLater(15),
    at: noon,
  };
}

function aCapture(hold: HoldPoints, points?: bigint) {
  return {
    memberId: hold.memberId,
    key: randomUUID(),
    holdId: hold.key,
    ...(points !== undefined && { points }),
    source: { kind: 'hold' as const, id: hold.key },
    description: 'Paid at till 4',
    at: minutesLater(5),
  };
}

function aRelease(hold: HoldPoints, at = minutesLater(5)) {
  return { memberId: hold.memberId, key: randomUUID(), holdId: hold.key, at };
}

async function statusOf(hold: HoldPoints) {
  const [row] = await rows(
    test.owner(),
    'SELECT status, captured, ended_at AS "endedAt" FROM ledger.hold WHERE hold_id = $1',
    [hold.key],
  );
  return row;
}

async function mayRedeem(memberId: string, points: bigint, at = noon) {
  return redeemPoints(test.db('rewards-catalog'), aRedemption({ memberId, partnerId, points, at }));
}

describe('holdPoints', () => {
  it('sets points aside that nothing else can spend, and changes no balance', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);

    const held = await holdPoints(db(), aHold(memberId, 300n));

    expect(held).toEqual({ points: 300n, balance: 500n, repeated: false });
    expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 300n, debt: 0n });
    await expect(mayRedeem(memberId, 201n)).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 200n, required: 201n }),
    );
    expect(await mayRedeem(memberId, 200n)).toMatchObject({ balance: 300n });
  });

  it('refuses more than is available, and changes nothing', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    await holdPoints(db(), aHold(memberId, 300n));
    const before = await traceOf(test, memberId);

    await expect(holdPoints(db(), aHold(memberId, 201n))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 200n, required: 201n }),
    );
    await expect(holdPoints(db(), aHold(randomUUID(), 1n))).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1n }),
    );

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('refuses a hold that would have ended already, and changes nothing', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const before = await traceOf(test, memberId);

    await expect(
      holdPoints(db(), { ...aHold(memberId, 300n), at: minutesLater(15) }),
    ).rejects.toEqual(refusal('EXPIRED'));

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('gives the first answer when called again, also when the hold is over', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    const first = await holdPoints(db(), hold);
    await releaseHold(db(), aRelease(hold));

    expect(await holdPoints(db(), hold)).toEqual({ ...first, repeated: true });
    await expect(holdPoints(db(), { ...hold, points: 299n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await accountOf(test, memberId)).toMatchObject({ held: 0n });
  });

  it('never keeps a point twice when 20 tills race', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);

    const { answers, reasons } = await race(db(), 20, () => holdPoints(db(), aHold(memberId, 60n)));

    expect(answers).toHaveLength(8);
    expect(reasons).toEqual(
      Array(12).fill(refusal('INSUFFICIENT_POINTS', [], { available: 20n, required: 60n })),
    );
    expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 480n, debt: 0n });
  });
});

describe('captureHold', () => {
  it('redeems all that is held, once', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    await holdPoints(db(), hold);
    const capture = aCapture(hold);

    const first = await captureHold(db(), capture);

    expect(first).toEqual({
      transferId: capture.key,
      balance: 200n,
      points: 300n,
      repeated: false,
    });
    expect(await accountOf(test, memberId)).toEqual({ balance: 200n, held: 0n, debt: 0n });
    expect(await movementsOf(test, memberId)).toMatchObject([
      { kind: 'ACCRUAL' },
      { kind: 'REDEMPTION', points: -300n, counter: 'PARTNER_REDEMPTION' },
    ]);
    expect(await statusOf(hold)).toMatchObject({ status: 'CAPTURED', captured: 300n });
    await expect(captureHold(db(), aCapture(hold))).rejects.toEqual(refusal('CONFLICT'));
    expect(await captureHold(db(), capture)).toEqual({ ...first, repeated: true });
  });

  it('redeems a part from the lots that expire soonest, and releases the rest', async () => {
    const memberId = randomUUID();
    const earn = (points: bigint, minutes: number) =>
      accruePoints(
        test.db('partners'),
        anAccrual({ memberId, issuerId: partnerId, points, expiresAt: minutesLater(minutes) }),
      );
    await earn(100n, 9_000);
    await earn(50n, 900);
    const hold = aHold(memberId, 120n);
    await holdPoints(db(), hold);

    expect(await captureHold(db(), aCapture(hold, 60n))).toMatchObject({
      points: 60n,
      balance: 90n,
    });

    expect(await openLotsOf(test, memberId)).toMatchObject([
      { remaining: 90n, held: 0n, expiresAt: minutesLater(9_000) },
    ]);
    expect(await statusOf(hold)).toMatchObject({ status: 'PARTIALLY_CAPTURED', captured: 60n });
    expect(await mayRedeem(memberId, 90n)).toMatchObject({ balance: 0n });
  });

  it('refuses more than is held, and an unknown hold, and changes nothing', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    await holdPoints(db(), hold);
    const before = await traceOf(test, memberId);

    await expect(captureHold(db(), aCapture(hold, 301n))).rejects.toEqual(
      refusal('INVALID', ['points'], { available: 300n, required: 301n }),
    );
    await expect(captureHold(db(), { ...aCapture(hold), holdId: randomUUID() })).rejects.toEqual(
      refusal('NOT_FOUND'),
    );

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('refuses a hold that has run out, but repeats what was captured in time', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const [late, early] = [aHold(memberId, 100n), aHold(memberId, 100n)];
    await holdPoints(db(), late);
    await holdPoints(db(), early);
    const capture = aCapture(early);
    const first = await captureHold(db(), capture);

    await expect(captureHold(db(), { ...aCapture(late), at: minutesLater(15) })).rejects.toEqual(
      refusal('EXPIRED'),
    );

    expect(await captureHold(db(), { ...capture, at: minutesLater(99) })).toEqual({
      ...first,
      repeated: true,
    });
    expect(await statusOf(late)).toEqual({
      status: 'EXPIRED',
      captured: 0n,
      endedAt: minutesLater(15),
    });
    expect(await accountOf(test, memberId)).toEqual({ balance: 400n, held: 0n, debt: 0n });
  });

  it('has one winner when it races with others and with releases', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    await holdPoints(db(), hold);

    const { answers, reasons } = await race<unknown>(db(), 20, (index) =>
      index % 2 ? captureHold(db(), aCapture(hold)) : releaseHold(db(), aRelease(hold)),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(19).fill(refusal('CONFLICT')));
    const { status } = (await statusOf(hold)) as { status: string };
    expect(await accountOf(test, memberId)).toEqual({
      balance: status === 'CAPTURED' ? 200n : 500n,
      held: 0n,
      debt: 0n,
    });
  });

  it.each([
    ['captures', captureHold, aCapture],
    ['releases', releaseHold, aRelease],
  ] as const)('%s nothing of another currency', async (_, end, ofHold) => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    await holdPoints(db(), hold);
    const before = await traceOf(test, memberId);

    const request = { ...ofHold(hold), currency: 'STATUS' };
    await expect(end(db(), request as never)).rejects.toEqual(refusal('NOT_FOUND'));

    expect(await traceOf(test, memberId)).toEqual(before);
  });
});

describe('releaseHold', () => {
  it('gives the points free, once', async () => {
    const memberId = await givenPoints(test, 500n, partnerId);
    const hold = aHold(memberId, 300n);
    await holdPoints(db(), hold);
    const release = aRelease(hold);

    const first = await releaseHold(db(), release);

    expect(first).toEqual({ points: 300n, balance: 500n, repeated: false });
    expect(await releaseHold(db(), release)).toEqual({ ...first, repeated: true });
    await expect(releaseHold(db(), aRelease(hold))).rejects.toEqual(refusal('CONFLICT'));
    expect(await mayRedeem(memberId, 500n)).toMatchObject({ balance: 0n });
  });
});

describe('a lot that expires while it is held', () => {
  async function givenHeldLot() {
    const memberId = randomUUID();
    await accruePoints(
      test.db('partners'),
      anAccrual({ memberId, issuerId: partnerId, points: 100n, expiresAt: minutesLater(10) }),
    );
    const hold = aHold(memberId, 70n);
    await holdPoints(db(), hold);
    await settleDue(test.db('worker'), 1_000, minutesLater(11));
    return { memberId, hold };
  }

  it('can be captured; what is free of it has expired', async () => {
    const { memberId, hold } = await givenHeldLot();
    expect(await accountOf(test, memberId)).toEqual({ balance: 70n, held: 70n, debt: 0n });

    const capture = await captureHold(db(), { ...aCapture(hold, 40n), at: minutesLater(12) });

    expect(capture).toMatchObject({ points: 40n });
    expect(await movementsOf(test, memberId)).toMatchObject([
      { kind: 'ACCRUAL', points: 100n },
      { kind: 'EXPIRY', points: -30n, counter: 'OPERATOR_BREAKAGE' },
      { kind: 'REDEMPTION', points: -40n },
      { kind: 'EXPIRY', points: -30n },
    ]);
    expect(await openLotsOf(test, memberId)).toEqual([]);
  });

  it.each(['release', 'end by itself'])('expires at once with its %s', async (how) => {
    const { memberId, hold } = await givenHeldLot();

    if (how === 'release') await releaseHold(db(), aRelease(hold, minutesLater(12)));
    else await settleDue(test.db('worker'), 1_000, minutesLater(15));

    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 0n });
  });

  it('has its days of grace, where the currency gives any', async () => {
    const { memberId, hold } = await givenHeldLot();
    await rows(test.owner(), `UPDATE ledger.currency SET hold_grace_days = 2, time_zone = 'UTC'`);

    await releaseHold(db(), aRelease(hold, minutesLater(12)));
    await rows(test.owner(), `UPDATE ledger.currency SET hold_grace_days = 0`);

    // 1 March is the day of the release; the 3rd is the last that counts.
    expect(await openLotsOf(test, memberId)).toMatchObject([
      { remaining: 70n, expiresAt: new Date('2026-03-04T00:00:00Z') },
    ]);
    await settleDue(test.db('worker'), 1_000, new Date('2026-03-04T00:00:00Z'));
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 0n });
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

describe('transferHeld', () => {
  const aMove = (hold: HoldPoints, toMemberId: string, at = minutesLater(5)): TransferHeld => {
    const { memberId, key, points } = hold;
    const source = { kind: 'transfer' as const, id: key };
    const description = 'Between members';
    return {
      memberId,
      key: randomUUID(),
      holdId: key,
      points,
      toMemberId,
      source,
      description,
      at,
    };
  };
  const move = (request: TransferHeld) => transaction(db(), (tx) => transferHeld(tx, request));
  const ours = (memberId: string) => ({ ...aHold(memberId, 300n), partnerId: null });

  it('moves what a hold of the coalition keeps, though nothing else is left', async () => {
    const [memberId, other] = [await givenPoints(test, 300n, partnerId), randomUUID()];
    const hold = ours(memberId);
    await holdPoints(db(), hold);

    const moved = await move(aMove(hold, other));

    expect(moved).toMatchObject({ balance: 0n, repeated: false });
    expect(await statusOf(hold)).toMatchObject({ status: 'RELEASED' });
    expect(await accountOf(test, other)).toEqual({ balance: 300n, held: 0n, debt: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('refuses a hold that has expired or was given up, and changes nothing', async () => {
    const [memberId, other] = [await givenPoints(test, 500n, partnerId), randomUUID()];
    const hold = ours(memberId);
    await holdPoints(db(), hold);
    const before = await traceOf(test, memberId);

    await expect(move(aMove(hold, other, minutesLater(15)))).rejects.toEqual(refusal('EXPIRED'));
    expect(await traceOf(test, memberId)).toEqual(before);

    await releaseHold(db(), aRelease(hold));
    await expect(move(aMove(hold, other))).rejects.toEqual(refusal('CONFLICT'));
    expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 0n, debt: 0n });
  });

  it('moves once where it is asked many times at once, both ways', async () => {
    const pair = [
      await givenPoints(test, 300n, partnerId),
      await givenPoints(test, 300n, partnerId),
    ];
    const holds = pair.map((memberId) => ours(memberId));
    for (const hold of holds) await holdPoints(db(), hold);

    const { answers, reasons } = await race(db(), 20, (index) =>
      move(aMove(holds[index % 2]!, pair[1 - (index % 2)]!)),
    );

    expect(answers).toHaveLength(2);
    expect(reasons).toEqual(Array(18).fill(refusal('CONFLICT')));
    for (const memberId of pair) {
      expect(await accountOf(test, memberId)).toEqual({ balance: 300n, held: 0n, debt: 0n });
    }
  });
});
