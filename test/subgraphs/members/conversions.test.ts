import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf, conversionsOf, settleDue } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import {
  confirmConversion,
  refuseConversion,
} from '../../../subgraphs/members/conversions/confirmations.ts';
import {
  convertPoints,
  findConversion,
} from '../../../subgraphs/members/conversions/conversions.ts';
import { quoteConversion } from '../../../subgraphs/members/conversions/quotes.ts';
import { Conversion, Member, RiskAct } from '../../../subgraphs/members/entities.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency, givenRate } from '../../support/given-conversions.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenLedgerPartner, noon } from '../../support/given-points.ts';
import { daysFrom, givenLimits, givenOldMember } from '../../support/given-transfers.ts';
import { runJob } from '../../support/jobs.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { partnerViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const { sealKey } = testConfig();
const minutesFrom = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
let ada: string;
let airline: string;
let miles: string;
beforeEach(async () => {
  ada = await givenOldMember(test, 5_000n);
  airline = await givenLedgerPartner(test);
  miles = await givenCurrency(test, airline);
  await givenLimits(test, {
    conversionPointsPerDay: 100_000n,
    conversionPointsPerYear: 1_000_000n,
    stepUpFrom: 10_000n,
  });
});

const givenAirlineRate = (confirmHours?: number) =>
  givenRate(test, {
    from: 'PTS',
    to: miles,
    programId: airline,
    fromBlock: 400n,
    toBlock: 250n,
    ...(confirmHours && { confirmHours }),
  });
type Asked = Partial<Parameters<typeof convertPoints>[1]>;
const convert = (points: bigint, more: Asked = {}, at = noon, steppedUpAt: Date | null = null) =>
  convertPoints(
    db(),
    { from: 'PTS', to: miles, points, idempotencyKey: randomUUID(), ...more },
    { memberId: ada, steppedUpAt, clock: new SetClock(at), sealKey },
  );
const quote = (points: bigint, memberId = ada) =>
  quoteConversion(
    db(),
    { from: 'PTS', to: miles, points },
    { memberId, clock: new SetClock(noon), sealKey },
  );
const has = async (at = noon) => {
  const accounts = ['PTS', miles].map((currency) => ({ memberId: ada, currency }));
  return (await balancesOf(db(), accounts, at)).map(({ available }) => available);
};
const inLedger = async ({ id }: Conversion, at = noon) =>
  (await conversionsOf(db(), [{ memberId: ada, conversionId: id }], at))[0]!;
const told = async () =>
  (
    await rows<{ type: string }>(
      test.owner(),
      `SELECT type FROM platform.outbox WHERE member_id = $1 AND type LIKE 'conversion.%'
       ORDER BY sequence`,
      [ada],
    )
  ).map(({ type }) => type);

describe('quoteConversion', () => {
  it('tells what whole blocks become, and for how long', async () => {
    await givenAirlineRate();

    expect(await quote(1_000n)).toMatchObject({
      moved: 800n,
      credited: 500n,
      bonus: 0n,
      remaining: 200n,
      estimatedCompletionAt: noon,
      expiresAt: minutesFrom(10),
    });
  });

  it('is null where there is no rate, and refuses less than a block', async () => {
    expect(await quote(1_000n)).toBeNull();
    await givenAirlineRate();
    await expect(quote(399n)).rejects.toEqual(refusal('INVALID', ['points'], { required: 400n }));
  });
});

describe('convertPoints', () => {
  it('moves whole blocks at once where nobody else is asked', async () => {
    await givenAirlineRate();

    const done = await convert(1_000n);

    expect(await inLedger(done)).toMatchObject({ status: 'POSTED', moved: 800n, credited: 500n });
    expect(await has()).toEqual([4_200n, 500n]);
    expect(await told()).toEqual(['conversion.completed']);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('keeps the rate of a quote for its time, for its member and its points alone', async () => {
    await givenAirlineRate();
    const quoted = await quote(1_000n);
    const bea = await quote(1_000n, await givenOldMember(test));
    await givenRate(test, { from: 'PTS', to: miles, validFrom: noon, fromBlock: 10n });
    const at = minutesFrom(9);

    await expect(convert(1_000n, { quoteId: bea!.id }, at)).rejects.toEqual(
      refusal('NOT_FOUND', ['quoteId']),
    );
    await expect(convert(1_000n, { quoteId: `${quoted!.id}x` }, at)).rejects.toEqual(
      refusal('NOT_FOUND', ['quoteId']),
    );
    await expect(convert(1_400n, { quoteId: quoted!.id }, at)).rejects.toEqual(
      refusal('NOT_FOUND', ['quoteId']),
    );
    await expect(convert(1_000n, { quoteId: quoted!.id }, minutesFrom(10))).rejects.toEqual(
      refusal('EXPIRED', ['quoteId']),
    );
    expect(await has(at)).toEqual([5_000n, 0n]);

    await convert(1_000n, { quoteId: quoted!.id }, at);
    expect(await has(at)).toEqual([4_200n, 500n]);
    await convert(1_000n, {}, at);
    expect(await has(at)).toEqual([3_200n, 600n]);
  });

  it('ends with its partner, whatever was quoted, and goes on with it', async () => {
    airline = await givenPartner(test);
    await givenAirlineRate();
    const done = await convert(400n, { idempotencyKey: 'a' });
    const { id: quoteId } = (await quote(400n))!;
    const inactive = (path: string) => refusal('PARTNER_INACTIVE', [path], { subject: airline });

    for (const status of ['SUSPENDED', 'TERMINATED'] as const) {
      await givenStatus(test, airline, status);
      await expect(quote(400n)).rejects.toEqual(inactive('to'));
      await expect(convert(400n)).rejects.toEqual(inactive('to'));
      await expect(convert(400n, { quoteId })).rejects.toEqual(inactive('quoteId'));
      expect((await convert(400n, { idempotencyKey: 'a' })).id).toBe(done.id);
    }

    expect(await has()).toEqual([4_600n, 250n]);
    expect(await told()).toEqual(['conversion.completed']);
    await givenStatus(test, airline, 'LIVE');
    await convert(400n, { quoteId });
    const { answers, reasons } = await race<unknown>(db(), 8, (index) =>
      index === 3 ? givenStatus(test, airline, 'SUSPENDED') : askAgain(() => convert(400n)),
    );
    expect(reasons).toEqual(reasons.map(() => inactive('to')));
    // One by the quote, and all but the suspension.
    const converted = BigInt(answers.length);
    expect(await has()).toEqual([4_600n - 400n * converted, 250n + 250n * converted]);
    await expect(convert(400n)).rejects.toEqual(inactive('to'));
  });

  it('converts once where the same call comes many times at once', async () => {
    await givenAirlineRate();
    const again = { idempotencyKey: 'a' };

    const { answers, reasons } = await race(db(), 10, () => askAgain(() => convert(1_000n, again)));

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await has()).toEqual([4_200n, 500n]);
    await expect(convert(1_001n, again)).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: answers[0]!.id }),
    );
  });

  it('never goes beyond the limits, however many come at once', async () => {
    await givenAirlineRate();
    await givenLimits(test, { conversionPointsPerDay: 2_000n, conversionPointsPerYear: 2_800n });

    const { answers, reasons } = await race(db(), 60, () => askAgain(() => convert(400n)));

    expect(answers).toHaveLength(5);
    expect(reasons).toEqual(Array(55).fill(refusal('LIMIT_REACHED')));
    expect(await has()).toEqual([3_000n, 1_250n]);
    // 2,000 of the year are gone: on the next day 800 are left, and then none before 2027.
    await convert(800n, {}, daysFrom(1));
    await expect(convert(400n, {}, daysFrom(2))).rejects.toEqual(
      refusal('LIMIT_REACHED', [], {
        limit: '2800',
        subject: 'POINTS_PER_YEAR',
        retryAt: new Date('2026-12-31T23:00:00Z'),
      }),
    );
  });

  it('never goes beyond what the rate lets a member convert, however many come at once', async () => {
    const limited = { fromBlock: 400n, toBlock: 250n, dailyLimit: 2_100n, yearlyLimit: 2_800n };
    await givenRate(test, { from: 'PTS', to: miles, programId: airline, ...limited });

    const { answers, reasons } = await race(db(), 60, () => askAgain(() => convert(400n)));

    // Five times 400 are 2,000, of 2,100.
    expect(answers).toHaveLength(5);
    const tomorrow = new Date('2026-03-01T23:00:00Z');
    expect(reasons).toEqual(
      Array(55).fill(
        refusal('LIMIT_REACHED', ['points'], {
          available: 100n,
          limit: '2100',
          subject: 'RATE_PER_DAY',
          retryAt: tomorrow,
        }),
      ),
    );
    expect(await has()).toEqual([3_000n, 1_250n]);
    // In Berlin it is 2 March then: 800 of the year are left.
    await convert(800n, {}, tomorrow);
    await expect(convert(400n, {}, tomorrow)).rejects.toEqual(
      refusal('LIMIT_REACHED', ['points'], {
        available: 0n,
        limit: '2800',
        subject: 'RATE_PER_YEAR',
        retryAt: new Date('2026-12-31T23:00:00Z'),
      }),
    );
    await expect(convert(2_400n, {}, tomorrow)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    const elsewhere = await givenCurrency(test, airline);
    await givenRate(test, { from: 'PTS', to: elsewhere, programId: airline });
    await convert(400n, { to: elsewhere }, tomorrow);
  });

  it('lets what came back be converted again', async () => {
    const limited = { fromBlock: 400n, toBlock: 250n, dailyLimit: 800n, confirmHours: 1 };
    await givenRate(test, { from: 'PTS', to: miles, programId: airline, ...limited });
    await convert(800n);

    await expect(convert(400n, {}, minutesFrom(59))).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
    });
    // The airline has not confirmed it within the hour.
    await convert(400n, {}, minutesFrom(60));
  });

  it('asks for a second factor for a large amount', async () => {
    await givenAirlineRate();
    await givenLimits(test, { stepUpFrom: 800n });

    await expect(convert(1_000n)).rejects.toEqual(refusal('STEP_UP_REQUIRED'));

    await convert(1_000n, {}, noon, minutesFrom(-4));
    expect(await has()).toEqual([4_200n, 500n]);
  });

  it.each([
    ['less than a block', 399n, {}, 'INVALID', ['points']],
    ['no points', 0n, {}, 'INVALID', ['points']],
    ['a currency that there is not', 400n, { to: 'NONE' }, 'NOT_FOUND', ['to']],
    ['a way back without a rate', 400n, { from: 'NONE' }, 'NOT_FOUND', []],
    ['more than there is', 5_200n, {}, 'INSUFFICIENT_POINTS', []],
  ] as [string, bigint, Asked, 'INVALID', string[]][])(
    'refuses %s, and changes nothing',
    async (_, points, wrong, code, path) => {
      await givenAirlineRate();

      await expect(convert(points, wrong)).rejects.toEqual(refusal(code, path));

      expect(await has()).toEqual([5_000n, 0n]);
      expect(await db().countBy(Conversion, { memberId: ada })).toBe(0);
      expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
    },
  );

  it('refuses a member who is not active', async () => {
    await givenAirlineRate();
    await db().update(Member, { id: ada }, { status: 'SUSPENDED' });
    await expect(convert(400n)).rejects.toEqual(refusal('MEMBER_INACTIVE'));
  });
});

describe('a conversion that the other program confirms', () => {
  let pending: Conversion;
  beforeEach(async () => {
    await givenAirlineRate(24);
    pending = await convert(1_000n);
  });
  const by = (partnerId = airline, at = noon, sandbox = false) => ({
    viewer: { ...partnerViewer(partnerId, ['REDEMPTIONS_CAPTURE']), sandbox },
    clock: new SetClock(at),
  });
  const confirm = (...asker: Parameters<typeof by>) =>
    confirmConversion(db(), { id: pending.id }, by(...asker));
  const refuse = (...asker: Parameters<typeof by>) =>
    refuseConversion(db(), { id: pending.id }, by(...asker));

  it('is on its way until then, and arrives once', async () => {
    expect(await inLedger(pending)).toMatchObject({ status: 'PENDING', timesOutAt: daysFrom(1) });
    expect(await has()).toEqual([4_200n, 0n]);

    await confirm();
    await confirm();

    expect(await has()).toEqual([4_200n, 500n]);
    await expect(refuse()).rejects.toEqual(refusal('CONFLICT', ['id']));
    expect(await told()).toEqual(['conversion.begun', 'conversion.completed']);
  });

  it('comes back where the program refuses, and counts no more', async () => {
    await refuse();
    await refuse();

    expect(await has()).toEqual([5_000n, 0n]);
    expect(await inLedger(pending)).toMatchObject({ status: 'REVERSED' });
    expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
    await expect(confirm()).rejects.toEqual(refusal('CONFLICT', ['id']));
  });

  it('comes back in time by itself, on read and by the worker', async () => {
    const run = () => runJob(test, 'close-conversions');

    expect(await inLedger(pending, daysFrom(1))).toMatchObject({ status: 'REVERSED' });
    await expect(confirm(airline, daysFrom(1))).rejects.toEqual(refusal('CONFLICT', ['id']));

    // The worker goes by the database's clock, which is later than the tests' noon.
    await settleDue(test.db('worker'), 100);
    await run();
    expect(await run()).toBe(0);
    expect((await has(daysFrom(1)))[0]).toBe(5_000n);
    expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
    expect(await told()).toEqual(['conversion.begun', 'conversion.reversed']);
  });

  it('ends once where both are asked many times at once', async () => {
    const { answers, reasons } = await race(db(), 12, (index) =>
      askAgain(() => (index % 2 ? confirm() : refuse())),
    );

    expect(answers.length + reasons.length).toBe(12);
    expect(reasons).toEqual(Array(reasons.length).fill(refusal('CONFLICT', ['id'])));
    const { status } = await inLedger(pending);
    expect(await has()).toEqual(status === 'POSTED' ? [4_200n, 500n] : [5_000n, 0n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('is unknown to other partners, to test clients, and by another id', async () => {
    const unknown = refusal('NOT_FOUND', ['id']);
    await expect(confirm(randomUUID())).rejects.toEqual(unknown);
    await expect(confirm(airline, noon, true)).rejects.toEqual(unknown);
    await expect(confirmConversion(db(), { id: randomUUID() }, by())).rejects.toEqual(unknown);
    await expect(confirmConversion(db(), { id: '1' }, by())).rejects.toEqual(
      refusal('INVALID', ['id']),
    );
    expect(await inLedger(pending)).toMatchObject({ status: 'PENDING' });
  });

  it('is read by the live clients of partners, and by no test client', async () => {
    const find = (sandbox: boolean) =>
      findConversion(db(), pending.id, by(airline, noon, sandbox).viewer);

    expect(await find(false)).toMatchObject({ id: pending.id });
    expect(await find(true)).toBeNull();
  });
});
