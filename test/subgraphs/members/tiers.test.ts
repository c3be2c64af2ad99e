import { randomUUID } from 'node:crypto';
import { rows, transaction } from '../../../platform/database.ts';
import { qualify } from '../../../subgraphs/partners/activities/members.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import {
  fourTiers,
  givenQualifying,
  givenTiers,
  standingAt,
  tierNewsOf,
} from '../../support/given-tiers.ts';
import { race } from '../../support/race.ts';

/** Noon of a day in the program's zone, which is Berlin: 11 or 10 o'clock in UTC. */
const noon = (day: string) => new Date(`${day}T11:00:00Z`);

describe('tiers', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  const joined = (day = '2024-03-10') => givenMember(test, 0n, undefined, noon(day));
  const earn = (memberId: string, points: bigint, day: string, postedOn = day) =>
    givenQualifying(test, memberId, points, { occurredAt: noon(day), postedAt: noon(postedOn) });
  /** "GOLD EARNED 2025-05-01 2026-12-31": tier, source, since, valid until. */
  const standing = async (memberId: string, day: string | Date) => {
    const at = typeof day === 'string' ? noon(day) : day;
    const { tierCode, source, since, validUntil } = await standingAt(test, memberId, at);
    return `${tierCode} ${source} ${since} ${validUntil ?? '-'}`;
  };
  const tier = async (memberId: string, day: string) =>
    (await standingAt(test, memberId, noon(day))).tierCode;
  const review = async (day: string, max = 1_000) => {
    const [row] = await rows<{ count: number }>(
      test.db('worker'),
      'SELECT members.review_tiers($1, $2) AS count',
      [max, noon(day)],
    );
    return row!.count;
  };
  /** As often as there is something to look at. */
  const reviewAll = async (day: string) => {
    let looked = 0;
    for (let more = -1; more !== 0; looked += more) more = await review(day);
    return looked;
  };
  /** "BASE → SILVER up 2025-05-01", for reports. */
  const movesOf = async (memberId: string) => {
    const moves = await rows<{ move: string }>(
      test.owner(),
      `SELECT format('%s → %s %s %s', from_tier, to_tier, CASE WHEN is_up THEN 'up' ELSE 'down' END,
                moved_on) AS move
       FROM members.tier_move WHERE member_id = $1 ORDER BY id`,
      [memberId],
    );
    return moves.map(({ move }) => move);
  };
  /** What a refund takes back. */
  const takeBack = (memberId: string, points: bigint, day: string, postedOn: string) =>
    rows(db(), 'SELECT members.qualify($1, $2)', [
      JSON.stringify([
        { memberId, key: randomUUID(), points: String(-points), occurredAt: noon(day) },
      ]),
      noon(postedOn),
    ]);

  describe('are reached', () => {
    beforeAll(() => givenTiers(test));

    it('as soon as the threshold is met exactly, and last to the end of the next year', async () => {
      const memberId = await joined();
      expect(await standing(memberId, '2025-05-01')).toBe('BASE EARNED 2024-03-10 -');

      await earn(memberId, 999n, '2025-05-01');
      expect(await tier(memberId, '2025-05-01')).toBe('BASE');
      await earn(memberId, 1n, '2025-05-02');

      expect(await standing(memberId, '2025-05-02')).toBe('SILVER EARNED 2025-05-02 2026-12-31');
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → SILVER']);
      expect(await movesOf(memberId)).toEqual(['BASE → SILVER up 2025-05-02']);
    });

    it('over several tiers at once', async () => {
      const memberId = await joined();

      await earn(memberId, 5_000n, '2025-05-01');

      expect(await tier(memberId, '2025-05-01')).toBe('PLATINUM');
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → PLATINUM']);
    });

    it.each([
      ['the last millisecond of the year', '2025-12-31T22:59:59.999Z', 'SILVER'],
      ['the first of the next, in the zone of the program', '2025-12-31T23:00:00.000Z', 'BASE'],
    ])('by what happened in %s, whenever it is posted', async (_, last, expected) => {
      const memberId = await joined();
      await earn(memberId, 600n, '2025-06-01');

      const postedAt = noon('2026-01-20');
      await givenQualifying(test, memberId, 400n, { occurredAt: new Date(last), postedAt });

      expect(await tier(memberId, '2026-01-20')).toBe(expected);
    });

    it('late, for the time that they would have lasted', async () => {
      const memberId = await joined();
      await earn(memberId, 600n, '2025-06-01');
      await earn(memberId, 700n, '2026-01-05');

      await earn(memberId, 1_400n, '2025-12-30', '2026-02-01');

      expect(await standing(memberId, '2026-02-01')).toBe('GOLD EARNED 2025-12-30 2026-12-31');
      expect((await standingAt(test, memberId, noon('2026-02-01'))).points).toBe(700n);
    });

    it('not by what comes too late to last until now', async () => {
      const memberId = await joined();

      await earn(memberId, 1_000n, '2023-12-30', '2025-02-01');

      expect(await tier(memberId, '2025-02-01')).toBe('BASE');
      expect(await tierNewsOf(test, memberId)).toEqual([]);
    });

    it('once, however often the same is counted', async () => {
      const memberId = await joined();
      const one = { id: randomUUID(), memberId, points: 600n, occurredAt: noon('2025-05-01') };
      const again = { ...one, postedAt: noon('2025-05-01') };

      await qualify(db(), [again]);
      await qualify(db(), [again]);

      const { points, tierCode } = await standingAt(test, memberId, noon('2025-05-01'));
      expect([points, tierCode]).toEqual([600n, 'BASE']);
    });

    it('by tills that post at once, and told once', async () => {
      const memberIds = await Promise.all([joined(), joined()]);
      const till = () =>
        transaction(db(), (tx) =>
          qualify(
            tx,
            memberIds.map((memberId) => ({
              id: randomUUID(),
              memberId,
              points: 100n,
              occurredAt: noon('2025-05-01'),
              postedAt: noon('2025-05-01'),
            })),
          ),
        );

      const { reasons } = await race(db(), 10, till);

      expect(reasons).toEqual([]);
      for (const memberId of memberIds) {
        expect(await tier(memberId, '2025-05-01')).toBe('SILVER');
        expect(await tierNewsOf(test, memberId)).toEqual(['BASE → SILVER']);
      }
    });

    it('by nothing of a call that fails', async () => {
      const memberId = await joined();

      const failing = transaction(db(), async (tx) => {
        const postedAt = noon('2025-05-01');
        const one = { id: randomUUID(), memberId, points: 9_000n, occurredAt: postedAt, postedAt };
        await qualify(tx, [one]);
        throw new Error('The ledger refuses.');
      });

      await expect(failing).rejects.toThrow('The ledger refuses.');
      expect(await tier(memberId, '2025-05-01')).toBe('BASE');
      expect(await tierNewsOf(test, memberId)).toEqual([]);
    });
  });

  describe('end', () => {
    /** A member who was gold by 2024 and came to so many points in 2025. */
    async function goldOf2024(points2025: bigint) {
      const memberId = await joined('2024-01-10');
      await earn(memberId, 2_500n, '2024-05-01');
      if (points2025 > 0n) await earn(memberId, points2025, '2025-05-01');
      return memberId;
    }

    // The member keeps the higher of what the last year came to and what the way down leaves.
    it.each([
      ['ONE_STEP', 0n, ['GOLD', 'SILVER', 'BASE']],
      ['ONE_STEP', 1_000n, ['GOLD', 'SILVER', 'BASE']],
      ['ONE_STEP', 2_000n, ['GOLD', 'GOLD', 'SILVER']],
      ['TO_QUALIFIED', 0n, ['GOLD', 'BASE', 'BASE']],
      ['TO_QUALIFIED', 1_999n, ['GOLD', 'SILVER', 'BASE']],
      ['TO_BASE', 1_999n, ['GOLD', 'BASE', 'BASE']],
      ['TO_BASE', 2_000n, ['GOLD', 'GOLD', 'BASE']],
    ] as const)('by %s with %s points in the last year', async (downgrade, points, expected) => {
      await givenTiers(test, fourTiers, { downgrade });
      const memberId = await goldOf2024(points);

      const days = ['2025-12-31', '2026-01-01', '2027-01-01'];
      const seen = [];
      for (const day of days) seen.push(await tier(memberId, day));
      expect(seen).toEqual(expected);

      // The worker writes down what readers have seen, and tells of each change once.
      for (const day of days) await reviewAll(day);
      const written = await rows<{ tier: string }>(
        test.owner(),
        'SELECT tier FROM members.tier_standing WHERE member_id = $1',
        [memberId],
      );
      expect(written).toEqual([{ tier: expected[2] }]);
      const steps = ['BASE', ...expected].filter((code, i, all) => i === 0 || code !== all[i - 1]);
      const news = steps.slice(1).map((code, i) => `${steps[i]} → ${code}`);
      expect(await tierNewsOf(test, memberId)).toEqual(news);
    });

    it('one step for each period, where nobody has looked for years', async () => {
      await givenTiers(test);
      const memberId = await joined('2024-01-10');
      await earn(memberId, 5_000n, '2024-05-01');

      expect(await standing(memberId, '2026-06-01')).toBe('GOLD EARNED 2026-01-01 2026-12-31');
      expect(await standing(memberId, '2027-06-01')).toBe('SILVER EARNED 2027-01-01 2027-12-31');
      expect(await standing(memberId, '2028-06-01')).toBe('BASE EARNED 2028-01-01 -');
    });

    it('after the days of grace', async () => {
      await givenTiers(test, fourTiers, { graceDays: 31 });
      const memberId = await joined('2024-01-10');
      await earn(memberId, 2_000n, '2024-05-01');

      expect(await standing(memberId, '2026-01-31')).toBe('GOLD EARNED 2024-05-01 2026-01-31');
      expect(await standing(memberId, '2026-02-01')).toBe('SILVER EARNED 2026-02-01 2027-01-31');
    });

    it('later where they are reached again', async () => {
      await givenTiers(test);
      const memberId = await goldOf2024(0n);

      await earn(memberId, 2_000n, '2025-11-01');

      expect(await standing(memberId, '2025-11-01')).toBe('GOLD EARNED 2024-05-01 2026-12-31');
    });

    it('by what the purchase after the end adds to, where the worker is late', async () => {
      await givenTiers(test);
      const memberId = await goldOf2024(0n);

      await earn(memberId, 1n, '2026-01-01');

      expect(await tier(memberId, '2026-01-01')).toBe('SILVER');
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → GOLD', 'GOLD → SILVER']);
      expect((await movesOf(memberId)).at(-1)).toMatch(/^GOLD → SILVER down /);
    });
  });

  it('count the years of a membership, and of one of 29 February', async () => {
    await givenTiers(test, fourTiers, { period: 'MEMBERSHIP_YEAR' });
    const memberId = await joined('2024-02-29');
    await earn(memberId, 999n, '2025-02-27');
    await earn(memberId, 999n, '2025-02-28');
    expect(await tier(memberId, '2025-02-28')).toBe('BASE');

    await earn(memberId, 1n, '2026-02-27');

    expect(await standing(memberId, '2026-02-27')).toBe('SILVER EARNED 2026-02-27 2027-02-27');
    const { periodFrom, periodTo } = await standingAt(test, memberId, noon('2028-02-28'));
    expect([periodFrom, periodTo]).toEqual(['2027-02-28', '2028-02-28']);
  });

  it('count the twelve months that end on a day', async () => {
    await givenTiers(test, fourTiers, { period: 'ROLLING_12_MONTHS' });
    const [in12, after12] = [await joined(), await joined()];
    for (const memberId of [in12, after12]) await earn(memberId, 600n, '2024-06-15');

    await earn(in12, 400n, '2025-06-14');
    await earn(after12, 400n, '2025-06-15');

    expect(await standing(in12, '2025-06-14')).toBe('SILVER EARNED 2025-06-14 2026-06-14');
    expect(await tier(after12, '2025-06-15')).toBe('BASE');
    expect(await standing(in12, '2026-06-15')).toBe('BASE EARNED 2026-06-15 -');
  });

  describe('when purchases are refunded', () => {
    it('stay until their period ends', async () => {
      await givenTiers(test);
      const memberId = await joined();
      await earn(memberId, 2_000n, '2025-05-01');

      await takeBack(memberId, 1_500n, '2025-05-01', '2025-06-01');

      expect(await standing(memberId, '2025-06-01')).toBe('GOLD EARNED 2025-05-01 2026-12-31');
      expect((await standingAt(test, memberId, noon('2025-06-01'))).points).toBe(500n);
      // What was taken back does not count for the year after.
      expect(await tier(memberId, '2027-01-01')).toBe('SILVER');
    });

    it('go at once where the program says so, to what is left', async () => {
      await givenTiers(test, fourTiers, { demoteOnReversal: true });
      const memberId = await joined();
      await earn(memberId, 2_000n, '2025-05-01');

      await takeBack(memberId, 1n, '2025-05-01', '2025-06-01');

      expect(await standing(memberId, '2025-06-01')).toBe('SILVER EARNED 2025-06-01 2026-12-31');
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → GOLD', 'GOLD → SILVER']);
    });

    it('stay where something else led to them: another year, or a soft landing', async () => {
      await givenTiers(test, fourTiers, { demoteOnReversal: true });
      const twice = await joined('2024-01-10');
      await earn(twice, 2_000n, '2024-05-01');
      await earn(twice, 2_000n, '2025-05-01');
      await takeBack(twice, 1_000n, '2025-05-01', '2025-06-01');
      expect(await standing(twice, '2025-06-01')).toBe('GOLD EARNED 2024-05-01 2025-12-31');

      const landed = await joined('2024-01-10');
      await earn(landed, 2_000n, '2024-05-01');
      await earn(landed, 500n, '2026-02-01');
      await takeBack(landed, 500n, '2026-02-01', '2026-03-01');
      expect(await standing(landed, '2026-03-01')).toBe('SILVER EARNED 2026-01-01 2026-12-31');
    });
  });

  describe('of a program that changes', () => {
    it('are kept until they end where they need more than before', async () => {
      await givenTiers(test);
      const memberId = await joined();
      await earn(memberId, 2_000n, '2025-05-01');

      await givenTiers(test, { ...fourTiers, SILVER: 2_500n, GOLD: 3_000n });

      expect(await standing(memberId, '2026-12-31')).toBe('GOLD EARNED 2025-05-01 2026-12-31');
      expect(await tier(memberId, '2027-01-01')).toBe('SILVER');
    });

    it('are reached at once where they need less, and told once', async () => {
      await givenTiers(test);
      const memberId = await joined();
      await earn(memberId, 1_500n, '2025-05-01');
      await reviewAll('2025-06-01');

      await givenTiers(test, { ...fourTiers, GOLD: 1_500n });

      expect(await standing(memberId, '2025-06-01')).toBe('GOLD EARNED 2025-06-01 2026-12-31');
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → SILVER']);
      expect(await reviewAll('2025-06-01')).toBeGreaterThan(0);
      expect(await reviewAll('2025-06-01')).toBe(0);
      expect(await tierNewsOf(test, memberId)).toEqual(['BASE → SILVER', 'SILVER → GOLD']);
    });

    it('give way to the highest that needs no more, where they are gone', async () => {
      await givenTiers(test);
      const memberId = await joined();
      await earn(memberId, 2_000n, '2025-05-01');

      await givenTiers(test, { BASE: 0n, BRONZE: 500n, TOP: 9_000n });
      expect(await tier(memberId, '2026-06-01')).toBe('BRONZE');

      await givenTiers(test, {});
      expect(await tier(memberId, '2026-06-01')).toBeNull();
    });

    it('are told to nobody who has the first and lowest', async () => {
      await givenTiers(test, {});
      const [low, high] = [await joined(), await joined()];
      await earn(low, 10n, '2025-05-01');
      await earn(high, 1_000n, '2025-05-01');

      await givenTiers(test);
      await reviewAll('2025-06-01');

      expect(await tierNewsOf(test, low)).toEqual([]);
      expect(await tierNewsOf(test, high)).toEqual(['null → SILVER']);
      expect(await tier(high, '2025-06-01')).toBe('SILVER');
    });
  });

  describe('are reviewed', () => {
    it('a few at a time, each once where several are at it', async () => {
      await givenTiers(test, fourTiers, { downgrade: 'TO_QUALIFIED' });
      await reviewAll('2027-01-01');
      const memberIds = await Promise.all(Array.from({ length: 20 }, () => joined()));
      for (const memberId of memberIds) await earn(memberId, 1_000n, '2025-05-01');
      expect(await review('2026-12-31')).toBe(0);

      const { answers, reasons } = await race(test.db('worker'), 4, () => review('2027-01-01', 6));
      const rest = await review('2027-01-01');

      expect(reasons).toEqual([]);
      expect(Math.max(...answers)).toBeLessThanOrEqual(6);
      expect(answers.reduce((a, b) => a + b, 0) + rest).toBe(20);
      expect(await review('2027-01-01')).toBe(0);
      for (const memberId of memberIds) {
        expect(await tierNewsOf(test, memberId)).toEqual(['BASE → SILVER', 'SILVER → BASE']);
      }
    });
  });
});
