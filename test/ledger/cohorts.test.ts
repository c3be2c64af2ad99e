import { randomUUID } from 'node:crypto';
import { cohortsOf } from '../../ledger/cohorts.ts';
import {
  accruePoints,
  cancelRedemption,
  redeemPoints,
  reverseAccrual,
  settleDue,
  transferPoints,
} from '../../ledger/index.ts';
import { outstandingAt } from '../../ledger/liability.ts';
import { dayOf } from '../../platform/calendar.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { aRedemption, anAccrual, givenLedgerPartner } from '../support/given-points.ts';
import { randomMovements } from '../support/random-books.ts';
import { sequence } from '../support/random.ts';
import { writeBooks } from '../support/written-books.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Math.min(Number(process.env['TEST_ROUNDS'] ?? 5), 200);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const zone = 'America/New_York';

describe('cohortsOf', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');

  beforeAll(() =>
    rows(test.owner(), `UPDATE ledger.currency SET time_zone = $1 WHERE code = 'PTS'`, [zone]),
  );

  it('follows points from their month of issue, whoever has them, until they are used', async () => {
    const posting = test.db('partners');
    const issuerId = await givenLedgerPartner(test);
    const [memberId, toMemberId] = [randomUUID(), randomUUID()];
    const base = (at: string) => ({
      memberId,
      at: new Date(at),
      key: randomUUID(),
      description: 'Test',
      source: { kind: 'activity', id: randomUUID() } as const,
    });
    const accrue = async (at: string, points: bigint, expiresAt: string) => {
      const dates = { at: new Date(at), effectiveAt: new Date(at), expiresAt: new Date(expiresAt) };
      const accrual = anAccrual({ memberId, issuerId, points, ...dates });
      await accruePoints(posting, accrual);
      return accrual.key;
    };
    const redeem = async (at: string, points: bigint, who = memberId) => {
      const dates = { at: new Date(at), effectiveAt: new Date(at) };
      const redemption = aRedemption({ memberId: who, partnerId: issuerId, points, ...dates });
      await redeemPoints(posting, redemption);
      return redemption.key;
    };

    // Still January in New York.
    await accrue('2026-02-01T04:59:59Z', 1_000n, '2026-04-10T04:00:00Z');
    const returned = await accrue('2026-02-01T05:00:00Z', 500n, '2026-12-01T05:00:00Z');
    const cancelled = await redeem('2026-02-10T12:00:00Z', 300n);
    await transferPoints(posting, { ...base('2026-03-10T12:00:00Z'), points: 200n, toMemberId });
    await redeem('2026-03-11T12:00:00Z', 50n, toMemberId);
    await reverseAccrual(posting, {
      ...base('2026-03-12T12:00:00Z'),
      accrualId: returned,
      points: 100n,
      clawback: 'DEBT',
      risk: 'ISSUER',
    });
    // 500 of January expire, and 150 of the other member's. Then 300 come back, 30 days too late.
    await settleDue(test.db('worker'), 10, new Date('2026-04-10T04:00:00Z'));
    await cancelRedemption(posting, { ...base('2026-04-20T12:00:00Z'), transferId: cancelled });
    await redeem('2026-05-01T12:00:00Z', 300n);

    expect(await cohortsOf(db(), { through: '2026-04' })).toEqual([
      { month: '2026-01', issued: 1_000n, redeemed: [0n, 300n, 350n, 50n], outstanding: 300n },
      { month: '2026-02', issued: 400n, redeemed: [0n, 0n, 0n], outstanding: 400n },
    ]);
    expect(await cohortsOf(db(), { through: '2026-05' })).toEqual([
      { month: '2026-01', issued: 1_000n, redeemed: [0n, 300n, 350n, 50n, 350n], outstanding: 0n },
      { month: '2026-02', issued: 400n, redeemed: [0n, 0n, 0n, 0n], outstanding: 400n },
    ]);
  });

  it(`agrees with any books, and the lots with any instant (TEST_SEED=${seed})`, async () => {
    const currency = 'MILES';
    await rows(
      test.owner(),
      `INSERT INTO ledger.currency (code, name, kind, time_zone) VALUES ($1, $1, 'SPENDABLE', $2)`,
      [currency, zone],
    );
    const random = sequence(seed);
    const books = randomMovements(random, Math.min(40 * rounds, 2_000));
    await writeBooks(
      test,
      books.map(({ written }) => written),
      currency,
    );

    for (let round = 0; round < rounds; round++) {
      const through = `2026-0${1 + random(6)}`;
      expect(await cohortsOf(db(), { currency, through })).toEqual(triangle(books, through));

      const [at, knownAt] = [0, 0].map(
        () => new Date(Date.UTC(2026, 0, 1) + random(182) * 86_400_000),
      );
      const known = books.filter(({ written }) => {
        const effective = Math.min(+written.effectiveAt, +written.at);
        const byItself = ['EXPIRY', 'REPAYMENT'].includes(written.kind);
        if (byItself && effective <= Math.min(+at!, +knownAt!)) return true;
        return +written.at <= +knownAt! && effective <= +at!;
      });
      const { outstanding, byIssuer } = await outstandingAt(db(), {
        currency,
        at: at!,
        knownAt: knownAt!,
      });
      const changes = known.flatMap((movement) => movement.changes);
      expect(outstanding).toBe(sum(changes.map(({ points }) => points)));
      for (const { issuerId, outstanding: issuers } of byIssuer) {
        const own = changes.filter((change) => change.issuerId === issuerId);
        expect(issuers).toBe(sum(own.map(({ points }) => points)));
      }
    }
  });
});

/** The same, movement by movement. */
function triangle(books: ReturnType<typeof randomMovements>, through: string) {
  const monthOf = (at: Date) => dayOf(at, zone).slice(0, 7);
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  const cells = books.flatMap(({ written, changes, issued, redeemed }) =>
    changes.map(({ issuedAt, points }) => ({
      month: monthOf(issuedAt),
      moved: monthOf(written.at),
      issued,
      redeemed,
      points,
    })),
  );
  const past = cells.filter(({ moved }) => moved <= through);
  return [...new Set(past.map(({ month }) => month))].sort().map((month) => {
    const own = past.filter((cell) => cell.month === month);
    return {
      month,
      issued: sum(own.map((cell) => cell.issued)),
      redeemed: Array.from({ length: number(through) - number(month) + 1 }, (_, age) =>
        sum(own.filter((c) => number(c.moved) <= number(month) + age).map((c) => c.redeemed)),
      ),
      outstanding: sum(own.map((cell) => cell.points)),
    };
  });
}

function sum(all: readonly bigint[]): bigint {
  return all.reduce((added, each) => added + each, 0n);
}
