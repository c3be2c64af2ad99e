import { randomUUID } from 'node:crypto';
import {
  type BeginConversion,
  accruePoints,
  auditLedger,
  beginConversion,
  confirmConversion,
  conversionsOf,
  redeemPoints,
  reverseAccrual,
  reverseConversion,
  setPolicy,
  settleDue,
} from '../../ledger/index.ts';
import { type Database, rows, transaction } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import {
  aConversion,
  anEnd,
  give,
  givenCurrency,
  givenRate,
} from '../support/given-conversions.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const inOne = <Result>(work: (tx: Database) => Promise<Result>) => transaction(db(), work);
const begin = (request: BeginConversion) => inOne((tx) => beginConversion(tx, request));
const confirm = (of: BeginConversion, end?: Parameters<typeof anEnd>[1]) =>
  inOne((tx) => confirmConversion(tx, anEnd(of, end)));
const reverse = (of: BeginConversion, end?: Parameters<typeof anEnd>[1]) =>
  inOne((tx) => reverseConversion(tx, anEnd(of, end)));
const daysLater = (days: number) => new Date(noon.getTime() + days * 86_400_000);

/** A member with 3,000 points of a currency, which become another one's at 1,000 to 400. */
async function given(rate: { to?: string } = {}) {
  const programId = await givenLedgerPartner(test);
  const currency = await givenCurrency(test, programId);
  const to = rate.to ?? (await givenCurrency(test, programId));
  const { rateId } = await givenRate(test, {
    from: currency,
    to,
    programId,
    fromBlock: 1_000n,
    toBlock: 400n,
  });
  const memberId = randomUUID();
  await give(test, { memberId, currency, points: 500n, expiresAt: daysLater(90) });
  await give(test, { memberId, currency, points: 2_500n, expiresAt: daysLater(30) });
  return { memberId, currency, to, programId, rateId };
}

/** What the member has, by the lots that can be spent at the instant. */
async function lots(memberId: string, currency: string) {
  return rows<{ remaining: bigint; expires_at: Date | null }>(
    test.owner(),
    `SELECT remaining, expires_at FROM ledger.lot
     WHERE member_id = $1 AND currency = $2 AND remaining > 0 ORDER BY expires_at`,
    [memberId, currency],
  );
}

/** The balance by the account, which must be what its movements come to. */
async function balance(memberId: string, currency: string): Promise<bigint> {
  const [row] = await rows<{ balance: bigint; moved: bigint }>(
    test.owner(),
    `SELECT coalesce((SELECT balance FROM ledger.account WHERE member_id = $1 AND currency = $2), 0)
              AS balance,
            coalesce((SELECT sum(points) FROM ledger.transfer
                      WHERE member_id = $1 AND currency = $2), 0)::bigint AS moved`,
    [memberId, currency],
  );
  expect(row!.balance).toBe(row!.moved);
  return row!.balance;
}

/** What the program's exchange has of a currency. */
async function exchanged(programId: string, currency: string): Promise<bigint> {
  const [row] = await rows<{ points: bigint }>(
    test.owner(),
    `SELECT coalesce(sum(e.points), 0)::bigint AS points
     FROM ledger.entry e JOIN ledger.counter_account c ON c.id = e.counter_account
     WHERE c.kind = 'EXCHANGE' AND c.owner = $1 AND e.currency = $2`,
    [programId, currency],
  );
  return row!.points;
}

const conversion = async ({ memberId, key }: BeginConversion, at = noon) =>
  (await conversionsOf(db(), [{ memberId, conversionId: key }], at))[0];

describe('beginConversion', () => {
  it('takes whole blocks from the lots that expire soonest, and waits for the program', async () => {
    const { memberId, currency, to, programId, rateId } = await given();
    const request = aConversion({ memberId, currency, to, points: 2_750n });

    const begun = await begin(request);

    expect(begun).toEqual({
      transferId: request.key,
      balance: 1_000n,
      repeated: false,
      moved: 2_000n,
      remaining: 750n,
      credited: 800n,
      bonus: 0n,
    });
    expect(await lots(memberId, currency)).toEqual([
      { remaining: 500n, expires_at: daysLater(30) },
      { remaining: 500n, expires_at: daysLater(90) },
    ]);
    expect(await balance(memberId, currency)).toBe(1_000n);
    expect(await balance(memberId, to)).toBe(0n);
    expect(await exchanged(programId, currency)).toBe(2_000n);
    expect(await conversion(request)).toEqual({
      memberId,
      conversionId: request.key,
      from: currency,
      to,
      programId,
      rateId,
      moved: 2_000n,
      credited: 800n,
      status: 'PENDING',
      begunAt: noon,
      timesOutAt: daysLater(3),
      endedAt: null,
    });
  });

  it('keeps to the rate that was quoted, and else goes by the day', async () => {
    const { memberId, currency, to, programId, rateId } = await given();
    const later = await givenRate(test, {
      from: currency,
      to,
      programId,
      fromBlock: 1_000n,
      toBlock: 300n,
      validFrom: noon,
    });
    const half = { memberId, currency, to, points: 1_000n };

    expect((await begin(aConversion({ ...half, rateId }))).credited).toBe(400n);
    expect((await begin(aConversion(half))).credited).toBe(300n);
    const unborn = { ...half, rateId: later.rateId, at: daysLater(-1) };
    await expect(begin(aConversion(unborn))).rejects.toEqual(refusal('NOT_FOUND'));
    const { rateId: others } = await given();
    await expect(begin(aConversion({ ...half, rateId: others }))).rejects.toEqual(
      refusal('NOT_FOUND'),
    );
  });

  it('converts at once where nobody has to be asked', async () => {
    const { memberId, currency, to, programId } = await given();
    await inOne((tx) => setPolicy(tx, to, { activityKinds: ['CONVERSION'] }));
    const request = aConversion({ memberId, currency, to, points: 3_000n, timesOutAt: null });

    expect(await begin(request)).toMatchObject({ balance: 0n, credited: 1_200n });

    expect(await balance(memberId, to)).toBe(1_200n);
    expect(await exchanged(programId, to)).toBe(-1_200n);
    expect(await conversion(request)).toMatchObject({ status: 'POSTED', endedAt: noon });
    expect(await begin(request)).toMatchObject({ repeated: true, balance: 0n, credited: 1_200n });
    expect(await balance(memberId, to)).toBe(1_200n);
    const active = await rows(
      test.owner(),
      'SELECT active_at FROM ledger.account WHERE member_id = $1 AND currency = $2',
      [memberId, to],
    );
    expect(active).toEqual([{ active_at: noon }]);
  });

  it.each<[string, Partial<BeginConversion>, unknown]>([
    ['less than a block', { points: 999n }, refusal('INVALID', ['points'], { required: 1_000n })],
    [
      'more than there is, by the blocks',
      { points: 4_999n },
      refusal('INSUFFICIENT_POINTS', [], { available: 3_000n, required: 4_000n }),
    ],
    ['another direction', { to: 'PTS' }, refusal('NOT_FOUND')],
    ['points that nobody counts', { currency: 'NOWHERE' }, refusal('NOT_FOUND')],
  ])('refuses %s, and changes nothing', async (_, fault, expected) => {
    const { memberId, currency, to } = await given();
    const before = await traceOf(test, memberId);
    const request = aConversion({ memberId, currency, to, points: 3_000n, ...fault });

    await expect(begin(request)).rejects.toEqual(expected);

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('refuses points that count for tiers, and changes nothing', async () => {
    const { memberId, currency, programId } = await given();
    const nights = await givenCurrency(test, programId, 'QUALIFYING');
    await give(test, { memberId, currency: nights, points: 3_000n });
    const before = await traceOf(test, memberId);

    for (const pair of [
      { currency: nights, to: 'PTS' },
      { currency, to: nights },
    ]) {
      const request = aConversion({ memberId, points: 3_000n, ...pair });
      await expect(begin(request)).rejects.toEqual(refusal('NOT_ALLOWED'));
    }

    expect(await traceOf(test, memberId)).toEqual(before);
  });

  it('lets no balance grow beyond what JSON can carry, now or when it is confirmed', async () => {
    const { memberId, currency, to } = await given();
    await give(test, { memberId, currency: to, points: 1n });
    const setBalance = (points: bigint) =>
      rows(
        test.owner(),
        'UPDATE ledger.account SET balance = $3 WHERE member_id = $1 AND currency = $2',
        [memberId, to, points],
      );
    const waiting = aConversion({ memberId, currency, to, points: 1_000n });
    await begin(waiting);
    await setBalance(2n ** 53n - 400n);
    const before = await traceOf(test, memberId);

    await expect(
      begin(aConversion({ memberId, currency, to, points: 1_000n, timesOutAt: null })),
    ).rejects.toEqual(refusal('LIMIT_REACHED', [], { limit: '9007199254740991' }));
    await expect(confirm(waiting)).rejects.toEqual(refusal('LIMIT_REACHED'));

    expect(await traceOf(test, memberId)).toEqual(before);
    await setBalance(1n);
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const { memberId, currency, to } = await given();
    const request = aConversion({ memberId, currency, to, points: 1_000n });

    const first = await begin(request);
    await begin(aConversion({ memberId, currency, to, points: 1_000n }));

    expect(await begin(request)).toEqual({ ...first, repeated: true });
    await expect(begin({ ...request, points: 1_001n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await balance(memberId, currency)).toBe(1_000n);
  });

  it('takes each point once when several race for them', async () => {
    const { memberId, currency, to } = await given();
    const same = aConversion({ memberId, currency, to, points: 1_000n });

    const { answers, reasons } = await race(db(), 20, (index) =>
      begin(index < 10 ? same : aConversion({ memberId, currency, to, points: 1_000n })),
    );

    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(3);
    expect(reasons).toEqual(
      Array(reasons.length).fill(
        refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 1_000n }),
      ),
    );
    expect(await balance(memberId, currency)).toBe(0n);
  });
});

describe('confirmConversion', () => {
  it('gives the points with the end that the other currency gives them', async () => {
    const { memberId, currency, to, programId } = await given();
    await inOne((tx) =>
      setPolicy(tx, to, {
        timeZone: 'Europe/Berlin',
        expiry: 'LOT_AGE',
        expiryMonths: 12,
        expiryRounding: 'MONTH',
      }),
    );
    const request = aConversion({ memberId, currency, to, points: 3_000n });
    await begin(request);

    const confirmed = await confirm(request, { at: daysLater(2) });

    expect(confirmed).toMatchObject({ credited: 1_200n, balance: 1_200n, repeated: false });
    expect(await balance(memberId, to)).toBe(1_200n);
    // 3 March 2026 and 12 months, to the end of March, in Berlin's summer.
    expect(await lots(memberId, to)).toEqual([
      { remaining: 1_200n, expires_at: new Date('2027-03-31T22:00Z') },
    ]);
    expect(await exchanged(programId, currency)).toBe(3_000n);
    expect(await exchanged(programId, to)).toBe(-1_200n);
    expect(await conversion(request, daysLater(9))).toMatchObject({
      status: 'POSTED',
      endedAt: daysLater(2),
    });
    await settleDue(test.db('worker'), 100, daysLater(9));
    expect(await balance(memberId, currency)).toBe(0n);
  });

  it('pays a debt of the member in the other currency first', async () => {
    const { memberId, currency, to } = await given();
    const [issuerId, shop] = [await givenLedgerPartner(test), await givenLedgerPartner(test)];
    const accrual = anAccrual({ memberId, currency: to, issuerId, points: 300n });
    await inOne((tx) => accruePoints(tx, accrual));
    await inOne((tx) =>
      redeemPoints(tx, aRedemption({ memberId, currency: to, partnerId: shop, points: 300n })),
    );
    await inOne((tx) =>
      reverseAccrual(tx, {
        ...anEnd(aConversion({ memberId, currency: to, to, points: 1n })),
        accrualId: accrual.key,
        clawback: 'DEBT',
        risk: 'ISSUER',
      }),
    );
    const request = aConversion({ memberId, currency, to, points: 1_000n });
    await begin(request);

    await confirm(request);

    expect(await balance(memberId, to)).toBe(100n);
    expect(await lots(memberId, to)).toMatchObject([{ remaining: 100n }]);
  });

  it('ends it alone where only the program counts the points', async () => {
    const { memberId, currency, to, programId } = await given({ to: 'MILES' });
    const request = aConversion({ memberId, currency, to, points: 2_000n });
    await begin(request);

    const end = anEnd(request);
    const confirmed = await inOne((tx) => confirmConversion(tx, end));

    expect(confirmed).toEqual({ credited: 800n, transferId: null, balance: null, repeated: false });
    expect(await conversion(request)).toMatchObject({ status: 'POSTED' });
    expect(await balance(memberId, currency)).toBe(1_000n);
    expect(await exchanged(programId, currency)).toBe(2_000n);
    expect(await inOne((tx) => confirmConversion(tx, end))).toEqual({
      ...confirmed,
      repeated: true,
    });
  });

  it('gives the first answer when called again, and ends nothing twice', async () => {
    const { memberId, currency, to } = await given();
    const request = aConversion({ memberId, currency, to, points: 1_000n });
    await begin(request);
    const end = anEnd(request);
    const again = () => inOne((tx) => confirmConversion(tx, end));

    const first = await again();
    const before = await traceOf(test, memberId);

    expect(await again()).toEqual({ ...first, repeated: true });
    await expect(
      inOne((tx) => confirmConversion(tx, { ...end, conversionId: randomUUID() })),
    ).rejects.toEqual(refusal('IDEMPOTENCY_MISMATCH'));
    await expect(confirm(request)).rejects.toEqual(refusal('CONFLICT'));
    await expect(reverse(request)).rejects.toEqual(refusal('CONFLICT'));
    await expect(confirm(request, { memberId: randomUUID() })).rejects.toEqual(
      refusal('NOT_FOUND'),
    );
    await expect(confirm(request, { currency: to })).rejects.toEqual(refusal('NOT_FOUND'));
    expect(await traceOf(test, memberId)).toEqual(before);
  });
});

describe('reverseConversion', () => {
  it('gives the points back to their lots, which end when they always did', async () => {
    const { memberId, currency, to, programId } = await given();
    const before = await lots(memberId, currency);
    const request = aConversion({ memberId, currency, to, points: 3_000n });
    await begin(request);

    const end = anEnd(request, { at: daysLater(1) });
    const reversed = await inOne((tx) => reverseConversion(tx, end));

    expect(reversed).toMatchObject({ points: 3_000n, balance: 3_000n, repeated: false });
    expect(await lots(memberId, currency)).toEqual(before);
    expect(await balance(memberId, currency)).toBe(3_000n);
    expect(await exchanged(programId, currency)).toBe(0n);
    expect(await conversion(request)).toMatchObject({
      status: 'REVERSED',
      endedAt: daysLater(1),
    });
    expect(await inOne((tx) => reverseConversion(tx, end))).toEqual({
      ...reversed,
      repeated: true,
    });
    await expect(reverse(request)).rejects.toEqual(refusal('ALREADY_REVERSED'));
    await expect(confirm(request)).rejects.toEqual(refusal('CONFLICT'));
    expect(await balance(memberId, currency)).toBe(3_000n);
  });

  it('has one winner against confirmations, in each of many races', async () => {
    const { memberId, currency, to } = await given();
    let confirmations = 0n;
    for (let round = 0; round < 3; round++) {
      const request = aConversion({ memberId, currency, to, points: 1_000n });
      await begin(request);

      const { answers } = await race<unknown>(db(), 8, (index) =>
        index % 2 === round % 2 ? confirm(request) : reverse(request),
      );

      expect(answers).toHaveLength(1);
      if ((await conversion(request))!.status === 'POSTED') confirmations++;
      expect(await balance(memberId, currency)).toBe(3_000n - confirmations * 1_000n);
      expect(await balance(memberId, to)).toBe(confirmations * 400n);
    }
  });
});

describe('a conversion that nobody confirms', () => {
  it('is reversed by the sweep once its time is over, and read as such before', async () => {
    const { memberId, currency, to } = await given();
    const before = await lots(memberId, currency);
    const request = aConversion({ memberId, currency, to, points: 2_000n });
    await begin(request);

    await settleDue(test.db('worker'), 100, new Date(daysLater(3).getTime() - 1));
    expect(await conversion(request, daysLater(2))).toMatchObject({ status: 'PENDING' });
    const read = await conversion(request, daysLater(3));
    expect(read).toMatchObject({ status: 'REVERSED', endedAt: daysLater(3) });
    expect(await balance(memberId, currency)).toBe(1_000n);

    await settleDue(test.db('worker'), 100, daysLater(3));
    await settleDue(test.db('worker'), 100, daysLater(4));

    expect(await conversion(request, daysLater(4))).toEqual(read);
    expect(await balance(memberId, currency)).toBe(3_000n);
    expect(await lots(memberId, currency)).toEqual(before);
    await expect(confirm(request, { at: daysLater(4) })).rejects.toEqual(refusal('CONFLICT'));
  });

  it('is reversed before the next thing that happens to the account', async () => {
    const { memberId, currency, to } = await given();
    const request = aConversion({ memberId, currency, to, points: 3_000n });
    await begin(request);

    await expect(confirm(request, { at: daysLater(3) })).rejects.toEqual(refusal('CONFLICT'));
    const next = { at: daysLater(3), timesOutAt: daysLater(6) };
    await begin(aConversion({ memberId, currency, to, points: 3_000n, ...next }));

    expect(await conversion(request, noon)).toMatchObject({ status: 'REVERSED' });
    expect(await balance(memberId, currency)).toBe(0n);
  });

  it('gives no time to points that ended meanwhile, however late the sweep comes', async () => {
    const { memberId, currency, to } = await given();
    await inOne((tx) => setPolicy(tx, currency, { timeZone: 'UTC', restoreGraceDays: 10 }));
    // A lot of 2,500 ends after 30 days, one of 500 after 90.
    await begin(aConversion({ memberId, currency, to, points: 3_000n, timesOutAt: daysLater(35) }));

    // The days of grace are those after the time-out.
    await settleDue(test.db('worker'), 100, daysLater(44));
    expect(await lots(memberId, currency)).toEqual([
      // It was on 5 April: the 15th is the last.
      { remaining: 2_500n, expires_at: new Date('2026-04-16T00:00Z') },
      { remaining: 500n, expires_at: daysLater(90) },
    ]);

    await settleDue(test.db('worker'), 100, daysLater(120));
    expect(await balance(memberId, currency)).toBe(0n);
  });
});

it('leaves books that add up, whatever raced', async () => {
  const { memberId, currency, to, programId } = await given();
  await givenRate(test, { from: to, to: currency, programId, fromBlock: 400n, toBlock: 1_000n });

  await give(test, { memberId, currency: to, points: 400n });
  // There and back: the locks of one direction are not to wait for those of the other.
  const { reasons } = await race<unknown>(db(), 40, (index) =>
    begin(
      aConversion({
        memberId,
        timesOutAt: null,
        ...(index % 2
          ? { currency, to, points: 1_000n }
          : { currency: to, to: currency, points: 400n }),
      }),
    ),
  );

  expect(reasons).toEqual(
    Array(reasons.length).fill(expect.objectContaining({ code: 'INSUFFICIENT_POINTS' })),
  );
  // A thousand of the one are always 400 of the other.
  const [here, there] = [await balance(memberId, currency), await balance(memberId, to)];
  expect(here + (there / 400n) * 1_000n).toBe(4_000n);
  const sums = await rows<{ currency: string; points: bigint }>(
    test.owner(),
    'SELECT currency, sum(points)::bigint AS points FROM ledger.entry GROUP BY currency',
  );
  expect(sums.filter(({ points }) => points !== 0n)).toEqual([]);
  expect(await auditLedger(test.owner())).toEqual([]);
});
