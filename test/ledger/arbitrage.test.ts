import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { type Exchange, profitableCycle } from '../../ledger/arbitrage.ts';
import { type Rate, addRate } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenCurrency, givenRate } from '../support/given-conversions.ts';
import { givenLedgerPartner } from '../support/given-points.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const an = (from: string, to: string, cost: bigint, gain: bigint): Exchange => {
  return { from, to, cost, gain };
};

describe('profitableCycle', () => {
  it.each([
    // Nectar to Avios 400 to 250, and back as it was on three days: 1, then 5/6 and 5/8 come round.
    [250n, 400n, null],
    [300n, 400n, null],
    [400n, 400n, null],
    [249n, 400n, ['AVIOS', 'NECTAR', 'AVIOS']],
    [250n, 401n, ['AVIOS', 'NECTAR', 'AVIOS']],
  ])('of Avios to Nectar at %i to %i is %j', (cost, gain, cycle) => {
    const back = an('NECTAR', 'AVIOS', 400n, 250n);
    const added = an('AVIOS', 'NECTAR', cost, gain);

    expect(profitableCycle([back, added], added)).toEqual(cycle);
  });

  it('goes by every currency, and is exact where floats are not', () => {
    // 1/3 thrice, and 27: exactly 1. The least more is too much.
    const chain = [an('A', 'B', 3n, 1n), an('B', 'C', 3n, 1n), an('C', 'D', 3n, 1n)];
    const even = an('D', 'A', 1n, 27n);
    const more = an('D', 'A', 10n ** 12n - 1n, 27n * 10n ** 12n);

    expect(profitableCycle([...chain, even], even)).toBeNull();
    expect(profitableCycle([...chain, more], more)).toEqual(['D', 'A', 'B', 'C', 'D']);
  });

  it('finds what trying every cycle finds', () => {
    const names = ['A', 'B', 'C', 'D'];
    const pairs = names.flatMap((from) =>
      names.filter((to) => to !== from).map((to) => [from, to] as const),
    );
    const figure = fc.bigInt(1n, 6n);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: pairs.length - 1 }), figure, figure), {
          minLength: 1,
          maxLength: 10,
        }),
        (drawn) => {
          const rates: Exchange[] = [];
          for (const [index, cost, gain] of drawn) {
            const [from, to] = pairs[index]!;
            if (rates.some((rate) => rate.from === from && rate.to === to)) continue;
            const added = an(from, to, cost, gain);
            const all = [...rates, added];
            const isProfitable = everyCycle(all).some(
              (cycle) => product(cycle, 'gain') > product(cycle, 'cost'),
            );
            expect(profitableCycle(all, added) !== null).toBe(isProfitable);
            // As rates come in: what is refused is not there for the next.
            if (!isProfitable) rates.push(added);
          }
        },
      ),
    );
  });
});

const product = (cycle: Exchange[], side: 'gain' | 'cost') =>
  cycle.reduce((all, rate) => all * rate[side], 1n);

/** Every way that comes back to where it began and is nowhere twice. */
function everyCycle(rates: Exchange[], way: Exchange[] = []): Exchange[][] {
  const last = way.at(-1);
  if (last && last.to === way[0]!.from) return [way];
  const seen = new Set(way.map(({ from }) => from));
  return rates
    .filter(({ from, to }) => !last || (from === last.to && (!seen.has(to) || to === way[0]!.from)))
    .flatMap((rate) => everyCycle(rates, [...way, rate]));
}

describe('addRate', () => {
  const test = useTestDatabase();
  let miles: string;
  let nights: string;
  beforeEach(async () => {
    miles = await givenCurrency(test, await givenLedgerPartner(test));
    nights = await givenCurrency(test, await givenLedgerPartner(test));
    await rows(test.owner(), 'DELETE FROM ledger.rate');
  });
  const given = (from: string, to: string, cost: bigint, gain: bigint, more: Partial<Rate> = {}) =>
    givenRate(test, { from, to, fromBlock: cost, toBlock: gain, ...more });
  const refused = (...cycle: string[]) =>
    refusal('NOT_ALLOWED', [], { subject: cycle.join(' > ') });
  const count = async () => (await rows(test.owner(), 'SELECT FROM ledger.rate')).length;

  it('refuses what closes a cycle in which points grow, names it, and changes nothing', async () => {
    await given('PTS', miles, 3n, 2n);
    await given(miles, nights, 1_000n, 1n);

    await expect(given(nights, 'PTS', 1n, 1_501n)).rejects.toEqual(
      refused(nights, 'PTS', miles, nights),
    );
    expect(await count()).toBe(2);
    await given(nights, 'PTS', 1n, 1_500n);
  });

  it('counts a bonus as if it always came', async () => {
    // 1/3, and 5,000 on top for every 60,000: 5/12 at best.
    await given('PTS', miles, 3_000n, 1_000n, { bonus: { every: 60_000n, points: 5_000n } });

    await expect(given(miles, 'PTS', 50n, 121n)).rejects.toEqual(refused(miles, 'PTS', miles));
    await given(miles, 'PTS', 5n, 12n);
  });

  it('looks at every instant at which both may be used, and at no other', async () => {
    const day = (month: number, minutes = 0) => new Date(Date.UTC(2026, month, 1, 0, minutes));
    await given('PTS', miles, 1n, 1n, { validFrom: day(0) });
    await given('PTS', miles, 1n, 3n, { validFrom: day(3), validUntil: day(6) });

    // Who asked for a quote just before may use it for ten minutes.
    await given(miles, 'PTS', 1n, 1n, { validFrom: day(0), validUntil: day(3, -10) });
    for (const more of [
      { validFrom: day(1), validUntil: day(4) },
      { validFrom: day(1), validUntil: day(3, -9) },
      { validFrom: day(6, 9) },
    ]) {
      await expect(given(miles, 'PTS', 1n, 1n, more)).rejects.toEqual(refused(miles, 'PTS', miles));
    }
    await given(miles, 'PTS', 1n, 1n, { validFrom: day(6, 10) });
    // The better one ends, and the one before it counts again.
    await expect(given(nights, miles, 1n, 1n, { validFrom: day(0) })).resolves.toBeDefined();
    await expect(given(miles, 'PTS', 2n, 3n, { validFrom: day(7) })).rejects.toEqual(
      refused(miles, 'PTS', miles),
    );
  });

  it('counts a rate that another has replaced for as long as quotes of it', async () => {
    const begin = (minutes: number) => ({ validFrom: new Date(Date.UTC(2026, 0, 1, 0, minutes)) });
    await given('PTS', miles, 1n, 3n, begin(0));
    await given('PTS', miles, 3n, 1n, begin(60));

    await expect(given(miles, 'PTS', 1n, 1n, begin(69))).rejects.toEqual(
      refused(miles, 'PTS', miles),
    );
    await given(miles, 'PTS', 1n, 1n, begin(70));
    expect(await count()).toBe(3);
  });

  it('lets no two in together that are harmless alone', async () => {
    const programId = await givenLedgerPartner(test);
    const rate = (from: string, to: string): Rate => ({
      rateId: randomUUID(),
      from,
      to,
      programId,
      fromBlock: 2n,
      toBlock: 3n,
      validFrom: new Date('2026-01-01T00:00Z'),
      validUntil: null,
    });

    const { answers, reasons } = await race(test.db('partners'), 2, (index) =>
      addRate(test.db('partners'), index ? rate('PTS', miles) : rate(miles, 'PTS')),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual([refusal('NOT_ALLOWED')]);
    expect(await count()).toBe(1);
  });
});
