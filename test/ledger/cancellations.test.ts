import { randomUUID } from 'node:crypto';
import {
  type CancelRedemption,
  type RedeemPoints,
  accruePoints,
  auditLedger,
  cancelRedemption,
  donatePoints,
  openCause,
  redeemPoints,
  reverseAccrual,
  settleDue,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('rewards-catalog');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

async function earn(memberId: string, points: bigint, expiresAt: Date | null = null) {
  const issuerId = await givenLedgerPartner(test);
  const accrual = anAccrual({ memberId, issuerId, points, expiresAt });
  await accruePoints(db(), accrual);
  return accrual;
}

/** 1,000 points until April and 500 until July, of which 1,200 are spent. */
async function givenRedemption(): Promise<RedeemPoints> {
  const memberId = randomUUID();
  await earn(memberId, 1_000n, day('2026-04-01'));
  await earn(memberId, 500n, day('2026-07-01'));
  const partnerId = await givenLedgerPartner(test);
  const redemption = aRedemption({ memberId, partnerId, points: 1_200n });
  await redeemPoints(db(), redemption);
  return redemption;
}

function aCancellation(
  { memberId, key, source }: RedeemPoints,
  cancellation: Partial<CancelRedemption> = {},
): CancelRedemption {
  return {
    memberId,
    key: randomUUID(),
    transferId: key,
    source,
    description: 'Cancelled',
    at: noon,
    ...cancellation,
  };
}

describe('cancelRedemption', () => {
  it('gives everything back to its own lots, with the end that they have', async () => {
    const redemption = await givenRedemption();

    const cancelled = await cancelRedemption(db(), aCancellation(redemption));

    expect(cancelled).toMatchObject({ points: 1_200n, balance: 1_500n });
    expect(await openLotsOf(test, redemption.memberId)).toMatchObject([
      { remaining: 1_000n, expiresAt: day('2026-04-01') },
      { remaining: 500n, expiresAt: day('2026-07-01') },
    ]);
    expect(await countersOf(test, redemption.partnerId)).toEqual({ PARTNER_REDEMPTION: 0n });
  });

  it('gives a part back to the lots that were taken from last, and never more than was taken', async () => {
    const redemption = await givenRedemption();

    const cancel = (points?: bigint) =>
      cancelRedemption(db(), aCancellation(redemption, points === undefined ? {} : { points }));
    await cancel(250n);
    const afterOne = await openLotsOf(test, redemption.memberId);
    const rest = await cancel();

    expect(afterOne).toMatchObject([{ remaining: 50n }, { remaining: 500n }]);
    expect(rest).toMatchObject({ points: 950n, balance: 1_500n });
    await expect(cancel(1n)).rejects.toEqual(refusal('ALREADY_REVERSED'));
  });

  it('refuses more than is left, and what was never redeemed, and changes nothing', async () => {
    const redemption = await givenRedemption();
    await cancelRedemption(db(), aCancellation(redemption, { points: 1_000n }));
    const before = await traceOf(test, redemption.memberId);

    await expect(
      cancelRedemption(db(), aCancellation(redemption, { points: 201n })),
    ).rejects.toEqual(refusal('INVALID', ['points'], { available: 200n, required: 201n }));
    await expect(
      cancelRedemption(db(), aCancellation(redemption, { transferId: randomUUID() })),
    ).rejects.toEqual(refusal('NOT_FOUND'));

    expect(await traceOf(test, redemption.memberId)).toEqual(before);
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const redemption = await givenRedemption();
    const cancellation = aCancellation(redemption, { points: 10n });

    const first = await cancelRedemption(db(), cancellation);

    expect(await cancelRedemption(db(), cancellation)).toEqual({ ...first, repeated: true });
    await expect(cancelRedemption(db(), { ...cancellation, points: 11n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await accountOf(test, redemption.memberId)).toMatchObject({ balance: 310n });
  });

  it('gives back once when it races', async () => {
    const redemption = await givenRedemption();

    const { answers, reasons } = await race(db(), 20, () =>
      cancelRedemption(db(), aCancellation(redemption)),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(19).fill(refusal('ALREADY_REVERSED')));
    expect(await accountOf(test, redemption.memberId)).toMatchObject({ balance: 1_500n });
  });

  it('pays a debt from what comes back', async () => {
    const memberId = randomUUID();
    const accrual = await earn(memberId, 1_000n);
    const partnerId = await givenLedgerPartner(test);
    const redemption = aRedemption({ memberId, partnerId, points: 1_000n });
    await redeemPoints(db(), redemption);
    await reverseAccrual(db(), {
      ...aCancellation(redemption),
      accrualId: accrual.key,
      points: 700n,
      clawback: 'DEBT',
      risk: 'OPERATOR',
    });

    await cancelRedemption(db(), aCancellation(redemption));

    expect(await accountOf(test, memberId)).toEqual({ balance: 300n, held: 0n, debt: 0n });
    expect((await movementsOf(test, memberId)).slice(-2)).toEqual([
      { kind: 'REVERSAL', points: 1_000n, debt: 0n, counter: 'PARTNER_REDEMPTION' },
      { kind: 'REPAYMENT', points: -700n, debt: -700n, counter: null },
    ]);
  });

  it('gives back what was donated', async () => {
    const memberId = randomUUID();
    await earn(memberId, 100n);
    const causeId = randomUUID();
    await openCause(db(), causeId);
    const donation = aRedemption({ memberId, partnerId: causeId, points: 60n });
    await donatePoints(db(), { ...donation, causeId });
    const given = await countersOf(test, causeId);

    await cancelRedemption(db(), aCancellation(donation));

    expect(given).toEqual({ CAUSE: 60n });
    expect(await countersOf(test, causeId)).toEqual({ CAUSE: 0n });
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 100n });
  });
});

describe('a cancelled redemption whose lot has expired', () => {
  const late = new Date('2026-05-01T10:00:00Z');
  const policy = (restore: string) =>
    rows(test.owner(), `UPDATE ledger.currency SET restore = $1, time_zone = 'UTC'`, [restore]);
  afterAll(() => policy('WITH_GRACE'));

  it.each([
    // The last of 30 days of grace is 31 May.
    ['WITH_GRACE', 1_500n, [day('2026-06-01'), day('2026-07-01')]],
    ['EXPIRED', 500n, [day('2026-07-01')]],
    ['NEW_LOT', 1_500n, [day('2026-07-01'), null]],
  ])('goes by the currency’s policy: %s', async (restore, balance, ends) => {
    await policy(restore);
    const redemption = await givenRedemption();
    await settleDue(test.db('worker'), 1_000, day('2026-04-02'));

    await cancelRedemption(db(), aCancellation(redemption, { at: late }));

    const lots = await openLotsOf(test, redemption.memberId);
    expect(lots.map(({ expiresAt }) => expiresAt)).toEqual(ends);
    expect(await accountOf(test, redemption.memberId)).toMatchObject({ balance });
    expect(await countersOf(test, redemption.partnerId)).toEqual({ PARTNER_REDEMPTION: 0n });
  });

  it('keeps its issuer', async () => {
    await policy('WITH_GRACE');
    const memberId = randomUUID();
    const { issuerId } = await earn(memberId, 80n, day('2026-04-01'));
    const redemption = aRedemption({ memberId, partnerId: issuerId, points: 80n });
    await redeemPoints(db(), redemption);

    await cancelRedemption(db(), aCancellation(redemption, { at: late }));

    expect(await openLotsOf(test, memberId)).toMatchObject([{ remaining: 80n, issuer: issuerId }]);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
