import { randomUUID } from 'node:crypto';
import {
  type LedgerEntry,
  type StatementFilter,
  accruePoints,
  cancelRedemption,
  entriesById,
  holdPoints,
  captureHold,
  redeemPoints,
  reversalsOf,
  reverseAccrual,
  statementsOf,
  transferPoints,
} from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const at = (text: string) => new Date(text.includes('T') ? text : `${text}T12:00:00Z`);
let issuerId: string;

beforeAll(async () => {
  issuerId = await givenLedgerPartner(test);
  await rows(test.owner(), `SELECT ledger.make_months('2025-01-01', '2026-06-01')`);
});

async function earn(memberId: string, points: bigint, posted: string, happened = posted) {
  const when = { at: at(posted), effectiveAt: at(happened) };
  const accrual = anAccrual({ memberId, points, issuerId, expiresAt: null, ...when });
  await accruePoints(test.db('partners'), accrual);
  return accrual;
}

async function spend(memberId: string, points: bigint, on: string): Promise<string> {
  const redemption = aRedemption({ memberId, points, partnerId: issuerId, at: at(on) });
  return (await redeemPoints(db(), redemption)).transferId;
}

const statement = (memberId: string, filter: StatementFilter = {}, first = 100, after?: bigint) =>
  statementsOf(db(), [memberId], { first, after: after ? [String(after)] : null }, filter);
const pointsIn = (entries: LedgerEntry[]) => entries.map(({ points }) => points);

describe('a statement', () => {
  it('goes by when the ledger took things, with the balance after each, whenever they happened', async () => {
    const memberId = randomUUID();
    await earn(memberId, 500n, '2026-03-10');
    await earn(memberId, 80n, '2026-03-11', '2026-02-01');
    await spend(memberId, 300n, '2026-03-12');
    await earn(memberId, 7n, '2026-03-13', '2026-03-09');

    const read = await statement(memberId);

    expect(read.map(({ points, balance, effectiveAt }) => [points, balance, effectiveAt])).toEqual([
      [7n, 287n, at('2026-03-09')],
      [-300n, 280n, at('2026-03-01')],
      [80n, 580n, at('2026-02-01')],
      [500n, 500n, at('2026-03-10')],
    ]);
  });

  it('is read page by page through months with nothing, the oldest catch-all included', async () => {
    const memberId = randomUUID();
    const days = [
      '2021-05-01',
      '2025-01-31',
      '2025-02-01',
      '2026-03-01',
      '2026-03-31',
      '2026-04-01',
    ];
    for (const [n, day] of days.entries()) await earn(memberId, BigInt(n + 1), day);

    const pages: bigint[][] = [];
    for (let after: bigint | undefined; ;) {
      const read = await statement(memberId, {}, 2, after);
      pages.push(pointsIn(read.slice(0, 2)));
      if (read.length < 3) break;
      // What comes in the meantime is on no later page.
      await earn(memberId, 100n, '2026-05-01');
      after = read[1]!.version;
    }

    expect(pages).toEqual([
      [6n, 5n],
      [4n, 3n],
      [2n, 1n],
    ]);
  });

  it('goes by the days on which things were posted, in the program’s time zone', async () => {
    const memberId = randomUUID();
    // Midnight in Berlin, before and after the clock is put forward.
    const times = [
      '2026-02-28T22:59:59Z',
      '2026-02-28T23:00:00Z',
      '2026-03-31T21:59:59Z',
      '2026-03-31T22:00:00Z',
    ];
    for (const [n, time] of times.entries()) await earn(memberId, BigInt(n + 1), time);

    const of = async (from: string, to: string) =>
      pointsIn(await statement(memberId, { period: { from, to } }));
    expect(await of('2026-03-01', '2026-03-31')).toEqual([3n, 2n]);
    expect(await of('2026-02-28', '2026-02-28')).toEqual([1n]);
    expect(await of('2026-03-02', '2026-03-30')).toEqual([]);
    expect(await of('0001-01-01', '9999-12-31')).toEqual([4n, 3n, 2n, 1n]);
    expect(pointsIn(await statement(memberId, { kinds: ['EXPIRY'] }))).toEqual([]);
    expect(
      pointsIn(
        await statement(memberId, {
          kinds: ['ACCRUAL'],
          period: { from: '2026-04-01', to: '2026-04-01' },
        }),
      ),
    ).toEqual([4n]);
    expect(await statement(memberId, { currency: 'MILES' })).toEqual([]);
  });

  it('has what was posted together under one id, with the debt, and what it takes back', async () => {
    const memberId = randomUUID();
    const accrual = await earn(memberId, 1_000n, '2026-03-01');
    await spend(memberId, 900n, '2026-03-02');
    const key = randomUUID();
    const { source } = accrual;
    const taken = { memberId, key, accrualId: accrual.key, source, description: 'Returned' };
    const terms = { clawback: 'DEBT', debtLimit: 600n, risk: 'SHARED' } as const;
    await reverseAccrual(test.db('partners'), { ...taken, ...terms, at: at('2026-03-03') });
    const later = await earn(memberId, 50n, '2026-03-04');

    const read = await statement(memberId);

    const told = read.map(({ kind, points, debt, transferId }) => [kind, points, debt, transferId]);
    expect(told).toEqual([
      ['REPAYMENT', -50n, -50n, later.key],
      ['ACCRUAL', 50n, 0n, later.key],
      ['WRITE_OFF', 0n, -150n, key],
      ['WRITE_OFF', 0n, -150n, key],
      ['REVERSAL', -100n, 900n, key],
      ['REDEMPTION', -900n, 0n, expect.any(String)],
      ['ACCRUAL', 1_000n, 0n, accrual.key],
    ]);
    const reversal = read[4]!;
    expect(reversal).toMatchObject({
      reverses: accrual.key,
      sourceKind: 'activity',
      partnerId: issuerId,
    });
    expect(await reversalsOf(db(), read)).toEqual([null, null, null, null, null, null, reversal]);
    expect(await entriesById(db(), read)).toEqual(read);
    expect(await entriesById(db(), [{ memberId: randomUUID(), entryId: key }])).toEqual([null]);
  });

  it('leads from what was given back in parts to the last, and names holds and other members', async () => {
    const [memberId, otherMemberId] = [randomUUID(), randomUUID()];
    await earn(memberId, 100n, '2026-03-01');
    const holdId = randomUUID();
    const held = { memberId, points: 60n, partnerId: issuerId, description: 'Till 4' };
    await holdPoints(db(), {
      ...held,
      key: holdId,
      at: at('2026-03-02'),
      expiresAt: at('2026-03-03'),
    });
    const source = { kind: 'hold' as const, id: holdId };
    const captured = { memberId, key: randomUUID(), holdId, source, description: 'Paid' };
    const { transferId } = await captureHold(db(), { ...captured, at: at('2026-03-02') });
    for (const points of [10n, 20n]) {
      const back = { memberId, key: randomUUID(), transferId, points, source, description: 'Back' };
      await cancelRedemption(db(), { ...back, at: at('2026-03-04') });
    }
    const gift = { memberId, key: randomUUID(), points: 5n, toMemberId: otherMemberId };
    await transferPoints(db(), {
      ...gift,
      source: { kind: 'transfer', id: gift.key },
      description: 'A gift',
      at: at('2026-03-05'),
    });

    const [out, second, first, capture] = await statement(memberId);

    expect(capture).toMatchObject({
      kind: 'REDEMPTION',
      holdId,
      sourceKind: 'hold',
      sourceId: holdId,
    });
    expect([first, second]).toMatchObject([
      { kind: 'REVERSAL', points: 10n, reverses: transferId },
      { kind: 'REVERSAL', points: 20n, reverses: transferId },
    ]);
    expect(await reversalsOf(db(), [capture!])).toEqual([second]);
    expect(out).toMatchObject({
      kind: 'TRANSFER_OUT',
      points: -5n,
      otherMemberId,
      partnerId: null,
    });
    const theirs = await statement(otherMemberId);
    expect(theirs).toMatchObject([
      { kind: 'TRANSFER_IN', otherMemberId: memberId, transferId: out!.transferId },
    ]);
  });
});
