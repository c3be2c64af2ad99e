import { randomUUID } from 'node:crypto';
import { movementOf, trialBalance } from '../../ledger/liability.ts';
import { dayOf } from '../../platform/calendar.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { sequence } from '../support/random.ts';
import { type Written, rollUp, writeBooks } from '../support/written-books.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Math.min(Number(process.env['TEST_ROUNDS'] ?? 5), 200);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

describe('movementOf', () => {
  const test = useTestDatabase();

  it(`moves any books forward by the days of the program (TEST_SEED=${seed})`, async () => {
    // Summer time ends there on 5 April 2026: that day has 25 hours.
    const zone = 'Pacific/Auckland';
    await rows(test.owner(), `UPDATE ledger.currency SET time_zone = $1 WHERE code = 'PTS'`, [
      zone,
    ]);
    const random = sequence(seed);
    const books = randomBooks(random, Math.min(40 * rounds, 2_000));
    await writeBooks(
      test,
      books.map(({ written }) => written),
    );

    for (let round = 0; round < rounds; round++) {
      if (round === 2) await rollUp(test, random(books.length));
      const [from, to] = [1 + random(9), 1 + random(9)].sort((a, b) => a - b) as [number, number];
      const days = [from, to].map((day) => `2026-04-0${day}`) as [string, string];
      const movement = await movementOf(test.db('members'), { from: days[0], to: days[1] });

      const dated = books.map((book) => ({ ...book, day: dayOf(book.written.at!, zone) }));
      const before = dated.filter(({ day }) => day < days[0]);
      const within = dated.filter(({ day }) => day >= days[0] && day <= days[1]);
      const lineOf = (line: string) =>
        sum(within.flatMap(({ lines }) => (lines[line] === undefined ? [] : [lines[line]])));
      expect(movement).toEqual({
        opening: sum(before.map(({ written }) => written.points)),
        issued: lineOf('issued'),
        redeemed: lineOf('redeemed'),
        expired: lineOf('expired'),
        exchanged: lineOf('exchanged'),
        adjusted: lineOf('adjusted') + sum(within.map(({ written }) => written.debt ?? 0n)),
        closing: sum([...before, ...within].map(({ written }) => written.points)),
        debt: sum(within.map(({ written }) => written.debt ?? 0n)),
      });
      const { opening, issued, redeemed, expired, exchanged, adjusted, closing } = movement;
      expect(opening + issued - redeemed - expired + exchanged + adjusted).toBe(closing);
      expect(await trialBalance(test.db('members'))).toBe(0n);
    }
  });
});

interface Entry {
  written: Written;
  /** What it adds to which line, by the words of the rule and not by its counter account. */
  lines: Record<string, bigint>;
}

/** So many movements of a few members, of every kind that the ledger knows, over ten days of April. */
function randomBooks(random: (n: number) => number, length: number): Entry[] {
  const partner = randomUUID();
  const members = Array.from({ length: 4 }, () => ({ id: randomUUID(), balance: 0n, debt: 0n }));
  const instants = Array.from(
    { length },
    () => Date.UTC(2026, 2, 31) + random(10 * 86_400) * 1_000,
  );
  const books: Entry[] = [];
  for (const instant of instants.toSorted((a, b) => a - b)) {
    const at = new Date(instant);
    const member = members[random(members.length)]!;
    const points = BigInt(1 + random(1_000));
    const some = points < member.balance ? points : member.balance;
    const write = (
      kind: string,
      counter: Written['counter'],
      change: { points: bigint; debt?: bigint },
      lines: Entry['lines'] = {},
    ) => {
      if (change.points === 0n && (change.debt ?? 0n) === 0n) return;
      member.balance += change.points;
      member.debt += change.debt ?? 0n;
      const written: Written = { memberId: member.id, kind, at, ...change };
      books.push({ written: counter ? { ...written, counter } : written, lines });
    };
    const takes = { points: -some };
    const taken = random(2) ? some : 0n;
    const owed = some < member.debt ? some : member.debt;
    const kinds = [
      () => write('ACCRUAL', ['PARTNER_ISSUANCE', partner], { points }, { issued: points }),
      () =>
        write(
          'REVERSAL',
          ['PARTNER_ISSUANCE', partner],
          { points: -taken, debt: points - taken },
          { issued: -points },
        ),
      () => write('REPAYMENT', undefined, { points: -owed, debt: -owed }),
      () =>
        write(
          'WRITE_OFF',
          random(2) ? ['PARTNER_WRITE_OFF', partner] : ['OPERATOR_WRITE_OFF', null],
          { points: 0n, debt: -member.debt },
          { adjusted: member.debt },
        ),
      () => write('REDEMPTION', ['PARTNER_REDEMPTION', partner], takes, { redeemed: some }),
      () => write('REVERSAL', ['PARTNER_REDEMPTION', partner], { points }, { redeemed: -points }),
      () => write('DONATION', ['CAUSE', partner], takes, { redeemed: some }),
      () => write('EXPIRY', ['OPERATOR_BREAKAGE', null], takes, { expired: some }),
      () => write('REINSTATEMENT', ['OPERATOR_BREAKAGE', null], { points }, { expired: -points }),
      () => write('ADJUSTMENT', ['OPERATOR_ADJUSTMENT', null], { points }, { adjusted: points }),
      () => write('ADJUSTMENT', ['OPERATOR_ADJUSTMENT', null], takes, { adjusted: -some }),
      () => write('CONVERSION', ['EXCHANGE', partner], takes, { exchanged: -some }),
      () => write('CONVERSION', ['EXCHANGE', partner], { points }, { exchanged: points }),
      () => write('REVERSAL', ['EXCHANGE', partner], { points }, { exchanged: points }),
      () => {
        const other = members.find((each) => each !== member)!;
        write('TRANSFER_OUT', ['MEMBERS', null], takes);
        if (some === 0n) return;
        other.balance += some;
        const written = { memberId: other.id, kind: 'TRANSFER_IN', points: some, at };
        books.push({ written: { ...written, counter: ['MEMBERS', null] }, lines: {} });
      },
    ];
    kinds[random(kinds.length)]!();
  }
  return books;
}

function sum(all: readonly bigint[]): bigint {
  return all.reduce((added, each) => added + each, 0n);
}
