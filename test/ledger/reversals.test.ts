import { randomUUID } from 'node:crypto';
import {
  type Accrual,
  type ReverseAccrual,
  accruePoints,
  auditLedger,
  cancelRedemption,
  holdPoints,
  redeemPoints,
  reverseAccrual,
  settleDue,
} from '../../ledger/index.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner, noon } from '../support/given-points.ts';
import { accountOf, countersOf, movementsOf, openLotsOf, traceOf } from '../support/ledger-rows.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

/** An accrual that is posted. */
async function givenAccrual(
  accrual: Pick<Accrual, 'memberId' | 'points'> & Partial<Accrual>,
): Promise<Accrual> {
  const issuerId = accrual.issuerId ?? (await givenLedgerPartner(test));
  const posted = anAccrual({ issuerId, ...accrual });
  await accruePoints(db(), posted);
  return posted;
}

function aReversal(
  { memberId, key, source }: Accrual,
  reversal: Partial<ReverseAccrual> = {},
): ReverseAccrual {
  return {
    memberId,
    key: randomUUID(),
    accrualId: key,
    clawback: 'DEBT',
    risk: 'OPERATOR',
    source,
    description: 'Returned',
    at: noon,
    ...reversal,
  };
}

async function spend(memberId: string, points: bigint): Promise<void> {
  const partnerId = await givenLedgerPartner(test);
  await redeemPoints(db(), aRedemption({ memberId, partnerId, points }));
}

describe('reverseAccrual', () => {
  it('takes the points back from the accrual’s own lot, and gives them to the issuer', async () => {
    const memberId = randomUUID();
    const accrual = await givenAccrual({ memberId, points: 101n });
    await givenAccrual({ memberId, points: 50n, expiresAt: day('2026-04-01') });

    const reversed = await reverseAccrual(db(), aReversal(accrual));

    expect(reversed).toMatchObject({
      points: 101n,
      balance: 50n,
      from: { taken: 101, reinstated: 0, debt: 0, writtenOff: 0 },
    });
    expect(await openLotsOf(test, memberId)).toMatchObject([{ remaining: 50n }]);
    expect(await countersOf(test, accrual.issuerId)).toEqual({ PARTNER_ISSUANCE: 0n });
  });

  // Source: 101 points of 33.33 + 33.33 + 33.34 of 100.00.
  it('takes back by the amount returned so far, so that the parts come to the whole', async () => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 101n });
    const parts: bigint[] = [];

    for (const amount of ['33.33', '66.66', '100.00']) {
      const reversal = aReversal(accrual, { returned: { amount, of: '100.00' } });
      parts.push((await reverseAccrual(db(), reversal)).points);
    }

    expect(parts).toEqual([33n, 34n, 34n]);
    await expect(
      reverseAccrual(db(), aReversal(accrual, { returned: { amount: '100.00', of: '100.00' } })),
    ).rejects.toEqual(refusal('ALREADY_REVERSED'));
  });

  it('takes back no point for a return that is worth none', async () => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 3n });
    const reversal = aReversal(accrual, { returned: { amount: '33.33', of: '100.00' } });

    const first = await reverseAccrual(db(), reversal);

    expect(first).toMatchObject({ points: 0n, transferId: null, balance: 3n });
    expect(await reverseAccrual(db(), reversal)).toEqual({ ...first, repeated: true });
    expect(await movementsOf(test, accrual.memberId)).toHaveLength(1);
  });

  it.each([
    ['0', '0', 'of'],
    ['10.00', '0.00', 'of'],
    ['10.00', 'ten', 'of'],
    ['-1', '100.00', 'amount'],
    ['1e2', '100.00', 'amount'],
    ['100.01', '100.00', 'amount'],
    ['999999999999999999', '0.000000000001', 'amount'],
  ])('refuses a return of %s of %s, and changes nothing', async (amount, of, field) => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 3n });
    const before = await traceOf(test, accrual.memberId);

    await expect(
      reverseAccrual(db(), aReversal(accrual, { returned: { amount, of } })),
    ).rejects.toEqual(refusal('INVALID', ['returned', field]));

    expect(await traceOf(test, accrual.memberId)).toEqual(before);
  });

  it('refuses more than is left, and what was never accrued, and changes nothing', async () => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 100n });
    await reverseAccrual(db(), aReversal(accrual, { points: 60n }));
    const before = await traceOf(test, accrual.memberId);

    await expect(reverseAccrual(db(), aReversal(accrual, { points: 41n }))).rejects.toEqual(
      refusal('INVALID', ['points'], { available: 40n, required: 41n }),
    );
    await expect(
      reverseAccrual(db(), aReversal(accrual, { accrualId: randomUUID() })),
    ).rejects.toEqual(refusal('NOT_FOUND'));

    expect(await traceOf(test, accrual.memberId)).toEqual(before);
  });

  it('gives the first answer when called again, and refuses the key for something else', async () => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 100n });
    const reversal = aReversal(accrual, { points: 60n });

    const first = await reverseAccrual(db(), reversal);

    expect(await reverseAccrual(db(), reversal)).toEqual({ ...first, repeated: true });
    await expect(reverseAccrual(db(), { ...reversal, points: 40n })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH'),
    );
    expect(await accountOf(test, accrual.memberId)).toMatchObject({ balance: 40n });
  });

  it('takes back no more than there was when reversals race', async () => {
    const accrual = await givenAccrual({ memberId: randomUUID(), points: 100n });

    const { answers, reasons } = await race(db(), 20, () =>
      reverseAccrual(db(), aReversal(accrual, { points: 10n })),
    );

    expect(answers).toHaveLength(10);
    expect(reasons).toEqual(Array(10).fill(refusal('ALREADY_REVERSED')));
    expect(await countersOf(test, accrual.issuerId)).toEqual({ PARTNER_ISSUANCE: 0n });
  });

  it('leaves what is held to its hold', async () => {
    const memberId = randomUUID();
    const accrual = await givenAccrual({ memberId, points: 100n });
    await holdPoints(db(), {
      memberId,
      key: randomUUID(),
      points: 80n,
      partnerId: accrual.issuerId,
      description: 'Till',
      expiresAt: day('2026-03-05'),
      at: noon,
    });

    const { from } = await reverseAccrual(db(), aReversal(accrual));

    expect(from).toMatchObject({ taken: 20, debt: 80 });
    // When the hold ends, what it kept pays the debt.
    await settleDue(test.db('worker'), 1_000, day('2026-03-05'));
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 0n });
  });
});

describe('taking back points that are spent', () => {
  // Source: lots A 1,000 (March) and B 500 (June); 1,200 are spent; then A's purchase is returned.
  async function givenSpentLots() {
    const memberId = randomUUID();
    const a = await givenAccrual({ memberId, points: 1_000n, expiresAt: day('2026-03-31') });
    const b = await givenAccrual({ memberId, points: 500n, expiresAt: day('2026-06-30') });
    await spend(memberId, 1_200n);
    return { memberId, a, b };
  }

  it('takes what others have, and then a debt, which the next points pay', async () => {
    const { memberId, a } = await givenSpentLots();

    const reversed = await reverseAccrual(db(), aReversal(a));

    expect(reversed.from).toEqual({ taken: 300, reinstated: 0, debt: 700, writtenOff: 0 });
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 700n });
    expect(await countersOf(test, a.issuerId)).toEqual({ PARTNER_ISSUANCE: 0n });

    const later = await givenAccrual({ memberId, points: 400n });
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 300n });
    expect((await movementsOf(test, memberId)).slice(-2)).toEqual([
      { kind: 'ACCRUAL', points: 400n, debt: 0n, counter: 'PARTNER_ISSUANCE' },
      { kind: 'REPAYMENT', points: -400n, debt: -400n, counter: null },
    ]);
    // The answer is the same however often it is asked for.
    expect(await accruePoints(db(), later)).toMatchObject({ balance: 400n, repeated: true });
  });

  it('takes others from those that expire last, to spare those that expire soon', async () => {
    const memberId = randomUUID();
    const first = await givenAccrual({ memberId, points: 100n, expiresAt: day('2026-03-02') });
    await spend(memberId, 100n);
    await givenAccrual({ memberId, points: 30n, expiresAt: day('2026-04-01') });
    await givenAccrual({ memberId, points: 30n, expiresAt: day('2026-05-01') });
    await givenAccrual({ memberId, points: 30n, expiresAt: null });

    await reverseAccrual(db(), aReversal(first, { points: 50n }));

    expect(await openLotsOf(test, memberId)).toMatchObject([
      { remaining: 30n, expiresAt: day('2026-04-01') },
      { remaining: 10n, expiresAt: day('2026-05-01') },
    ]);
  });

  it.each([
    ['OPERATOR' as const, {}, -201n],
    ['ISSUER' as const, { PARTNER_WRITE_OFF: -201n }, undefined],
    ['SHARED' as const, { PARTNER_WRITE_OFF: -101n }, -100n],
  ])('lets the %s bear what is beyond the debt’s limit', async (risk, issuers, operators) => {
    const { memberId, a } = await givenSpentLots();
    const before = (await countersOf(test, null))['OPERATOR_WRITE_OFF'] ?? 0n;

    const { from } = await reverseAccrual(db(), aReversal(a, { risk, debtLimit: 499n }));

    expect(from).toEqual({ taken: 300, reinstated: 0, debt: 499, writtenOff: 201 });
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 499n });
    expect(await countersOf(test, a.issuerId)).toEqual({ PARTNER_ISSUANCE: 0n, ...issuers });
    const after = (await countersOf(test, null))['OPERATOR_WRITE_OFF'] ?? 0n;
    expect(after - before).toBe(operators ?? 0n);
  });

  it('counts a debt that is there already towards the limit', async () => {
    const { a, b } = await givenSpentLots();
    await reverseAccrual(db(), aReversal(a, { debtLimit: 800n }));

    const { from } = await reverseAccrual(db(), aReversal(b, { debtLimit: 800n }));

    expect(from).toEqual({ taken: 0, reinstated: 0, debt: 100, writtenOff: 400 });
  });

  it('goes no further than the balance, where the contract says so', async () => {
    const { memberId, a } = await givenSpentLots();

    const { from } = await reverseAccrual(db(), aReversal(a, { clawback: 'WITHIN_BALANCE' }));

    expect(from).toEqual({ taken: 300, reinstated: 0, debt: 0, writtenOff: 700 });
    expect(await accountOf(test, memberId)).toEqual({ balance: 0n, held: 0n, debt: 0n });
  });

  it('takes only what is pending, where the contract says so', async () => {
    const memberId = randomUUID();
    const pending = await givenAccrual({ memberId, points: 100n, activatesAt: day('2026-03-15') });
    const active = await givenAccrual({ memberId, points: 100n });
    const terms = { clawback: 'ONLY_PENDING' as const };

    const ofPending = await reverseAccrual(db(), aReversal(pending, terms));
    const ofActive = await reverseAccrual(db(), aReversal(active, terms));

    expect(ofPending.from).toMatchObject({ taken: 100, writtenOff: 0 });
    expect(ofActive.from).toMatchObject({ taken: 0, writtenOff: 100 });
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 100n });
  });

  it('takes its own pending points first, and nobody else’s', async () => {
    const memberId = randomUUID();
    const dates = { activatesAt: day('2026-03-15') };
    const own = await givenAccrual({ memberId, points: 100n, ...dates });
    await givenAccrual({ memberId, points: 100n, ...dates });
    await givenAccrual({ memberId, points: 30n });

    expect(await reverseAccrual(db(), aReversal(own))).toMatchObject({ balance: 130n });
    expect(await openLotsOf(test, memberId)).toMatchObject([
      { remaining: 30n },
      { remaining: 100n },
    ]);
  });

  it('lets breakage pay for what had expired: the member had nothing of it', async () => {
    const memberId = randomUUID();
    const accrual = await givenAccrual({ memberId, points: 100n, expiresAt: day('2026-04-01') });
    await givenAccrual({ memberId, points: 40n });
    await settleDue(test.db('worker'), 1_000, day('2026-04-01'));

    const { from } = await reverseAccrual(db(), aReversal(accrual, { at: day('2026-04-02') }));

    expect(from).toEqual({ taken: 100, reinstated: 100, debt: 0, writtenOff: 0 });
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 40n, debt: 0n });
    expect((await movementsOf(test, memberId)).slice(-3)).toMatchObject([
      { kind: 'EXPIRY', points: -100n },
      { kind: 'REINSTATEMENT', points: 100n, counter: 'OPERATOR_BREAKAGE' },
      { kind: 'REVERSAL', points: -100n },
    ]);
  });

  it('takes what has expired from nobody, where only pending points are taken', async () => {
    const memberId = randomUUID();
    const accrual = await givenAccrual({ memberId, points: 100n, expiresAt: day('2026-04-01') });
    const terms = { clawback: 'ONLY_PENDING' as const, at: day('2026-04-02') };

    const { from } = await reverseAccrual(db(), aReversal(accrual, terms));

    expect(from).toEqual({ taken: 0, reinstated: 0, debt: 0, writtenOff: 100 });
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 0n });
  });

  it('takes points that were given back after their end, and not from breakage a second time', async () => {
    const memberId = randomUUID();
    const accrual = await givenAccrual({ memberId, points: 100n, expiresAt: day('2026-04-01') });
    await givenAccrual({ memberId, points: 40n });
    const partnerId = await givenLedgerPartner(test);
    const redemption = aRedemption({ memberId, partnerId, points: 100n });
    await redeemPoints(db(), redemption);
    await cancelRedemption(db(), {
      memberId,
      key: randomUUID(),
      transferId: redemption.key,
      source: redemption.source,
      description: 'Cancelled',
      at: day('2026-04-02'),
    });
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 140n });

    const { from } = await reverseAccrual(db(), aReversal(accrual, { at: day('2026-04-03') }));

    expect(from).toEqual({ taken: 100, reinstated: 0, debt: 0, writtenOff: 0 });
    expect(await openLotsOf(test, memberId)).toMatchObject([{ remaining: 40n, expiresAt: null }]);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
