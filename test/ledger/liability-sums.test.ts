import { randomUUID } from 'node:crypto';
import { closedCohortsOf, cohortsOf } from '../../ledger/cohorts.ts';
import {
  accruePoints,
  activatePoints,
  mergePoints,
  reverseAccrual,
  settleDue,
  testCurrency,
  unmergePoints,
} from '../../ledger/index.ts';
import { liabilityAt, outstandingAt, pendingAt } from '../../ledger/liability.ts';
import { rows } from '../../platform/database.ts';
import { type TestDatabase, useTestDatabase } from '../support/database.ts';
import { givenRolledUp } from '../support/given-closed.ts';
import { givenCurrency } from '../support/given-conversions.ts';
import { givenLedgerPartner } from '../support/given-points.ts';
import { LedgerHistory } from '../support/ledger-history.ts';
import { randomMovements } from '../support/random-books.ts';
import { sequence } from '../support/random.ts';
import { writeBooks } from '../support/written-books.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Math.min(200, Number(process.env['TEST_ROUNDS'] ?? 5));
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** When points end, one after the other by rounds. */
const policies = [
  `expiry = 'NEVER', hold_grace_days = 4, restore = 'WITH_GRACE', restore_grace_days = 3`,
  `expiry = 'LOT_AGE', expiry_months = 0, restore = 'EXPIRED'`,
  `expiry = 'LOT_AGE', expiry_months = 0, hold_grace_days = 2, restore = 'NEW_LOT'`,
  `expiry = 'INACTIVITY', expiry_months = 0, hold_grace_days = 0, restore_grace_days = 9`,
];

describe(`the sums of the liability (${rounds} rounds, TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'answer what the whole ledger does, at every moment and of every instant: %s',
    async (round) => {
      const random = sequence(seed + round);
      const history = await LedgerHistory.begin(test, {
        random,
        policy: policies[round % policies.length]!,
        isDatedBack: round % 2 === 1,
        // Once in a while the sandbox's: none of the others' sums may have any of it.
        ...(round % 5 === 4 && { currency: testCurrency }),
      });
      const { currency } = history;
      const instants: Date[] = [];
      for (let step = 0; step < 12; step++) {
        history.passTime();
        await history.act(test.db('partners'));
        instants.push(history.now);
        if (random(4) === 0) await settleDue(test.db('worker'), 1_000, history.now);
        if (random(3) === 0) await rollUp(test, 1 + random(5));
        // Of now, of a while ago, and of what is yet to come by itself.
        const other = +instants[random(instants.length)]! + random(40) * 3_600_000;
        const { summed, whole } = await readBoth(
          test,
          currency,
          random(2) ? history.now : new Date(other),
        );
        expect(summed).toEqual(whole);
      }
      await settleDue(test.db('worker'), 1_000, history.now);
      await rollUp(test, 1_000);
      for (const at of [...instants, ...history.turns.slice(0, 6)]) {
        const { summed, whole } = await readBoth(test, currency, at);
        expect(summed).toEqual(whole);
      }
    },
  );
});

describe('the sums of what waits', () => {
  const test = useTestDatabase();
  const at = (day: number, time = '12:00:00') => new Date(`2026-03-0${day}T${time}Z`);

  it.each(['stay there', 'are separated again', 'are taken back from both'])(
    'hear of points that were activated after a merge, and then %s',
    async (then) => {
      const issuerId = await givenLedgerPartner(test);
      const currency = await givenCurrency(test, issuerId);
      const [memberId, intoMemberId, mergeKey] = [randomUUID(), randomUUID(), randomUUID()];
      const on = (day: number, key: string = randomUUID()) => ({
        memberId,
        currency,
        key,
        at: at(day),
        source: { kind: 'merge' as const, id: mergeKey },
        description: 'Test',
      });
      const accrual = { ...on(1), issuerId, points: 100n, issuePrice: '0.01' };
      await accruePoints(test.db('partners'), { ...accrual, activatesAt: 'onAction' });
      await givenRolledUp(test);
      await mergePoints(test.db('members'), [{ ...on(2, mergeKey), intoMemberId }]);
      if (then === 'stay there') await givenRolledUp(test);
      const back = { ...on(3), accrualId: accrual.key, mergedInto: intoMemberId };
      await activatePoints(test.db('partners'), back);
      if (then === 'are separated again') {
        const apart = { ...on(4), memberId: intoMemberId, toMemberId: memberId, mergeKey };
        await unmergePoints(test.db('members'), [apart]);
      } else if (then === 'are taken back from both') {
        const clawback = { clawback: 'DEBT', risk: 'ISSUER' } as const;
        await reverseAccrual(test.db('partners'), { ...back, ...on(4), ...clawback, points: 30n });
      }

      const waited = () =>
        Promise.all(
          [
            at(1, '11:59:59.999'),
            at(1),
            at(2),
            at(3, '11:59:59.999'),
            at(3),
            at(3, '12:30:00'),
            at(4),
            at(5),
          ].map((instant) => pendingAt(test.db('members'), { currency, at: instant })),
        );
      const expected = [0n, 100n, 100n, 100n, 0n, 0n, 0n, 0n];
      expect(await waited()).toEqual(expected);
      await givenRolledUp(test);
      expect(await waited()).toEqual(expected);
      expect(await rows(test.owner(), 'SELECT FROM ledger.activation')).toEqual([]);
    },
  );
});

describe(`the sums of books as they are written (TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();
  const db = () => test.db('members');

  beforeAll(() =>
    rows(
      test.owner(),
      `UPDATE ledger.currency SET time_zone = 'America/New_York' WHERE code = 'PTS'`,
    ),
  );

  it('answer so for any books', async () => {
    const random = sequence(seed);
    const books = randomMovements(random, Math.min(40 * rounds, 2_000));
    await writeBooks(
      test,
      books.map(({ written }) => written),
    );

    for (let round = 0; round < rounds; round++) {
      const { summed, whole } = await readBoth(
        test,
        'PTS',
        new Date(Date.UTC(2026, 0, 1) + random(182 * 86_400) * 1_000),
      );
      expect(summed).toEqual(whole);
      await rollUp(test, books.length);
    }
    for (const { written } of books.slice(0, 10)) {
      const { summed, whole } = await readBoth(test, 'PTS', written.at);
      expect(summed).toEqual(whole);
    }
  });

  it('close months, again or late, as the whole ledger tells of them', async () => {
    const through = '2026-06';
    expect(await closedCohortsOf(db(), { through })).toEqual([]);

    for (const at of ['2026-04-01T04:59:59Z', '2026-04-01T05:00:00Z', '2026-07-01T05:00:00Z']) {
      while ((await closeMonths(at)) > 0);
      const last = at.startsWith('2026-07')
        ? '2026-06'
        : at.includes('T05')
          ? '2026-03'
          : '2026-02';
      const told = await cohortsOf(db(), { through: last });
      expect(told.length).toBeGreaterThan(1);
      expect(await closedCohortsOf(db(), { through })).toEqual(told);
    }
    expect(await closedCohortsOf(db(), { through: '2026-02' })).toEqual(
      await cohortsOf(db(), { through: '2026-02' }),
    );
    expect(await closeMonths('2026-07-02T00:00:00Z')).toBe(0);
  });

  async function closeMonths(at: string): Promise<number> {
    const [row] = await rows<{ count: number }>(
      test.db('worker'),
      'SELECT ledger.close_months($1) AS count',
      [at],
    );
    return row!.count;
  }
});

/** By the sums, and by the whole ledger. */
async function readBoth(test: TestDatabase, currency: string, at: Date) {
  const asked = { currency, at };
  const { outstanding, pending, byIssuer } = await outstandingAt(test.db('members'), asked);
  const summed = await liabilityAt(test.db('members'), asked);
  return {
    summed: { at, ...summed, pending: await pendingAt(test.db('members'), asked) },
    whole: {
      at,
      outstanding,
      pending,
      byIssuer: byIssuer.filter((each) => each.outstanding !== 0n),
    },
  };
}

function rollUp(test: TestDatabase, movements: number): Promise<unknown> {
  return rows(test.db('worker'), 'SELECT ledger.roll_up($1)', [movements]);
}
