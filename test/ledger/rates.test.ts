import { randomUUID } from 'node:crypto';
import { type Rate, addRate, quoteConversion } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenCurrency, givenRate } from '../support/given-conversions.ts';
import { givenLedgerPartner, noon } from '../support/given-points.ts';
import { race } from '../support/race.ts';
import { refusal } from '../support/refusal.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
/** Only the other program counts it. */
const foreign = () => `F${randomUUID().slice(0, 8).toUpperCase()}`;
const allRates = () => rows(test.owner(), 'SELECT * FROM ledger.rate ORDER BY rate_id');

describe('quoteConversion', () => {
  it.each([
    // What stays is the rest of the last block.
    { points: 2_750n, rate: [1_000n, 1_000n], moved: 2_000n, credited: 2_000n, remaining: 750n },
    { points: 1_000n, rate: [400n, 250n], moved: 800n, credited: 500n, remaining: 200n },
    // 5,000 on top for every 60,000.
    {
      points: 61_000n,
      rate: [3_000n, 1_000n],
      moved: 60_000n,
      credited: 25_000n,
      remaining: 1_000n,
    },
    { points: 120_000n, rate: [3_000n, 1_000n], moved: 120_000n, credited: 50_000n, remaining: 0n },
    {
      points: 59_999n,
      rate: [3_000n, 1_000n],
      moved: 57_000n,
      credited: 19_000n,
      remaining: 2_999n,
    },
    // The bonus is for what is moved: of 62,000 that is 56,000.
    {
      points: 62_000n,
      rate: [8_000n, 2_000n],
      moved: 56_000n,
      credited: 14_000n,
      remaining: 6_000n,
    },
    // 10^12 at 1 to 1: the largest movement there is.
    { points: 10n ** 12n, rate: [1n, 1n], moved: 10n ** 12n, credited: 10n ** 12n, remaining: 0n },
  ] as const)(
    'of $points at $rate credits $credited and leaves $remaining',
    async ({ points, rate: [fromBlock, toBlock], ...expected }) => {
      const to = foreign();
      const rate = await givenRate(test, {
        from: 'PTS',
        to,
        fromBlock,
        toBlock,
        ...(toBlock < fromBlock && { bonus: { every: 60_000n, points: 5_000n } }),
      });

      const quote = await quoteConversion(db(), { from: 'PTS', to, points, at: noon });

      expect(quote).toMatchObject({
        ...expected,
        rateId: rate.rateId,
        programId: rate.programId,
      });
      expect(quote.credited - quote.bonus).toBe((expected.moved / fromBlock) * toBlock);
    },
  );

  it('goes by the day, and by the direction: 250 to 400, then 300, then 400 to 400', async () => {
    const [from, to] = [await givenCurrency(test, await givenLedgerPartner(test)), foreign()];
    const days = ['2021-01-01', '2022-11-16', '2024-03-11'].map((day) => new Date(`${day}T00:00Z`));
    await givenRate(test, { from, to, fromBlock: 250n, toBlock: 400n, validFrom: days[0]! });
    await givenRate(test, { from, to, fromBlock: 300n, toBlock: 400n, validFrom: days[1]! });
    await givenRate(test, { from, to, fromBlock: 400n, toBlock: 400n, validFrom: days[2]! });
    const credited = async (at: Date) =>
      (await quoteConversion(db(), { from, to, points: 6_000n, at })).credited;
    const before = (at: Date) => new Date(at.getTime() - 1);

    expect(await credited(days[0]!)).toBe(9_600n);
    expect(await credited(before(days[1]!))).toBe(9_600n);
    expect(await credited(days[1]!)).toBe(8_000n);
    expect(await credited(before(days[2]!))).toBe(8_000n);
    expect(await credited(days[2]!)).toBe(6_000n);
    await expect(credited(before(days[0]!))).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(
      quoteConversion(db(), { from: to, to: from, points: 6_000n, at: noon }),
    ).rejects.toEqual(refusal('NOT_FOUND'));
  });

  it('goes back to an earlier rate where a later one has ended', async () => {
    const to = foreign();
    await givenRate(test, { from: 'PTS', to, fromBlock: 2n });
    await givenRate(test, {
      from: 'PTS',
      to,
      validFrom: new Date('2026-02-01T00:00Z'),
      validUntil: noon,
    });
    const credited = async (at: Date) =>
      (await quoteConversion(db(), { from: 'PTS', to, points: 100n, at })).credited;

    expect(await credited(new Date('2026-01-31T23:59Z'))).toBe(50n);
    expect(await credited(new Date(noon.getTime() - 1))).toBe(100n);
    expect(await credited(noon)).toBe(50n);
  });

  it('refuses less than a block, what counts for tiers, and more than a balance can be', async () => {
    const to = foreign();
    await givenRate(test, { from: 'PTS', to, fromBlock: 1_000n });
    const large = foreign();
    await givenRate(test, { from: 'PTS', to: large, toBlock: 10n ** 12n });
    const nights = await givenCurrency(test, await givenLedgerPartner(test), 'QUALIFYING');
    const quote = (from: string, into: string, points: bigint) =>
      quoteConversion(db(), { from, to: into, points, at: noon });

    await expect(quote('PTS', to, 999n)).rejects.toEqual(
      refusal('INVALID', ['points'], { required: 1_000n }),
    );
    await expect(quote(nights, 'PTS', 999n)).rejects.toEqual(refusal('NOT_ALLOWED'));
    await expect(quote('PTS', nights, 999n)).rejects.toEqual(refusal('NOT_ALLOWED'));
    await expect(quote('PTS', large, 10n ** 12n)).rejects.toEqual(refusal('LIMIT_REACHED'));
    expect((await quote('PTS', large, 9_007n)).credited).toBe(9_007n * 10n ** 12n);
  });
});

describe('addRate', () => {
  const aRate = async (rate: Partial<Rate> = {}): Promise<Rate> => ({
    rateId: randomUUID(),
    from: 'PTS',
    to: foreign(),
    programId: await givenLedgerPartner(test),
    fromBlock: 400n,
    toBlock: 250n,
    bonus: { every: 60_000n, points: 5_000n },
    validFrom: new Date('2026-01-01T00:00Z'),
    validUntil: null,
    ...rate,
  });

  it('adds a rate once, and opens the exchange with the program', async () => {
    const rate = await aRate();

    await addRate(db(), rate);
    await addRate(db(), rate);

    const found = await rows(test.owner(), 'SELECT * FROM ledger.rate WHERE rate_id = $1', [
      rate.rateId,
    ]);
    expect(found).toEqual([
      {
        rate_id: rate.rateId,
        from_currency: 'PTS',
        to_currency: rate.to,
        program: rate.programId,
        from_block: 400n,
        to_block: 250n,
        bonus_every: 60_000n,
        bonus: 5_000n,
        valid_from: rate.validFrom,
        valid_until: null,
        confirm_hours: null,
        minimum: null,
        daily_limit: null,
        yearly_limit: null,
      },
    ]);
    expect(
      await rows(
        test.owner(),
        `SELECT owner FROM ledger.counter_account WHERE kind = 'EXCHANGE' AND owner = $1`,
        [rate.programId],
      ),
    ).toHaveLength(1);
  });

  it.each<[string, string[], Partial<Rate>]>([
    ['INVALID', ['fromBlock'], { fromBlock: 0n }],
    ['INVALID', ['toBlock'], { toBlock: 10n ** 12n + 1n }],
    ['INVALID', ['bonus', 'every'], { bonus: { every: 0n, points: 1n } }],
    ['INVALID', ['bonus', 'points'], { bonus: { every: 1n, points: 0n } }],
    ['INVALID', ['to'], { to: 'PTS' }],
    ['INVALID', ['validUntil'], { validUntil: new Date('2026-01-01T00:00Z') }],
    ['NOT_FOUND', ['from'], { from: 'NOWHERE' }],
    ['NOT_FOUND', ['programId'], { programId: randomUUID() }],
  ])('refuses with %s at %j, and changes nothing', async (code, path, fault) => {
    const before = await allRates();

    await expect(addRate(db(), await aRate(fault))).rejects.toEqual(
      refusal(code as 'INVALID', path),
    );

    expect(await allRates()).toEqual(before);
  });

  it('refuses points that count for tiers, another rate of one id, and of one beginning', async () => {
    const rate = await aRate();
    const nights = await givenCurrency(test, rate.programId, 'QUALIFYING');
    await addRate(db(), rate);
    const before = await allRates();
    const add = (other: Partial<Rate>) => addRate(db(), { ...rate, ...other });

    await expect(add({ from: nights })).rejects.toEqual(refusal('NOT_ALLOWED'));
    await expect(add({ to: nights })).rejects.toEqual(refusal('NOT_ALLOWED'));
    await expect(add({ toBlock: 251n })).rejects.toEqual(refusal('CONFLICT', ['rateId']));
    await expect(add({ rateId: randomUUID() })).rejects.toEqual(refusal('CONFLICT', ['validFrom']));

    expect(await allRates()).toEqual(before);
    await add({ rateId: randomUUID(), validFrom: noon });
  });

  it('adds one of several that race for a beginning', async () => {
    const rate = await aRate();

    const { answers, reasons } = await race(db(), 10, (index) =>
      addRate(db(), { ...rate, rateId: randomUUID(), toBlock: BigInt(index + 1) }),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(9).fill(refusal('CONFLICT', ['validFrom'])));
  });
});
