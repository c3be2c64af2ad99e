import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { Member, PointsTransfer, RiskAct } from '../../../subgraphs/members/entities.ts';
import { transferPoints } from '../../../subgraphs/members/transfers/transfers.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenMember, givenProvisional } from '../../support/given-members.ts';
import { noon } from '../../support/given-points.ts';
import {
  aTransfer,
  daysFrom,
  givenLimits,
  givenOldMember,
  movedOut,
} from '../../support/given-transfers.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';

const defaults = {
  unknownReceiversPerDay: 5,
  newAccountDays: 14,
  transfersPerDay: 5,
  transfersPer30Days: 20,
  transfersPerYear: 100,
  transferPointsPerDay: 50_000n,
  transferPointsPer30Days: 100_000n,
  transferPointsPerYear: 500_000n,
  stepUpFrom: 10_000n,
};

describe('transferPoints', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let ada: string;
  let bea: string;
  beforeEach(async () => {
    ada = await givenOldMember(test, 1_000n);
    bea = await givenOldMember(test);
    await givenLimits(test, defaults);
  });

  const transfer = (points: bigint, more: Parameters<typeof aTransfer>[3] = {}) =>
    aTransfer(test, ada, bea, { ...more, points });
  const available = async (memberId: string) =>
    (await balancesOf(db(), [{ memberId }], noon))[0]!.available;
  /** That nothing was moved, and nothing is left of an attempt. */
  async function expectUntouched() {
    expect(await available(ada)).toBe(1_000n);
    expect(await db().countBy(PointsTransfer, { memberId: ada })).toBe(0);
    expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
  }

  it('moves points with the end that they have, and tells both members', async () => {
    const lots = async (memberId: string) =>
      rows(
        test.owner(),
        `SELECT issuer, expires_at, remaining FROM ledger.lot
         WHERE member_id = $1 AND remaining > 0`,
        [memberId],
      );
    const [lot] = await lots(ada);

    const done = await transferPoints(
      db(),
      { to: { id: bea }, points: 300n, message: ' Thank you! ', idempotencyKey: 'a' },
      { memberId: ada, steppedUpAt: null, clock: new SetClock(noon) },
    );

    expect(done).toMatchObject({ status: 'POSTED', message: 'Thank you!', entryId: done.id });
    expect(await available(ada)).toBe(700n);
    expect(await lots(bea)).toEqual([{ ...(lot as object), remaining: 300n }]);
    const events = await rows(
      test.owner(),
      `SELECT type, member_id, payload FROM platform.outbox
       WHERE type = 'points.transferred' AND payload ->> 'transferId' = $1 ORDER BY sequence`,
      [done.id],
    );
    const payload = { transferId: done.id, fromMemberId: ada, toMemberId: bea };
    expect(events).toEqual([
      { type: 'points.transferred', member_id: ada, payload },
      { type: 'points.transferred', member_id: bea, payload },
    ]);
  });

  it('gives the first answer again, though the receiver has gone by now', async () => {
    const first = await transfer(300n, { idempotencyKey: 'a' });
    await db().update(Member, { id: bea }, { status: 'CLOSED' });

    const again = await transfer(300n, { idempotencyKey: 'a' });

    expect(again.id).toBe(first.id);
    await expect(transfer(301n, { idempotencyKey: 'a' })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: first.id }),
    );
    expect(await available(ada)).toBe(700n);
  });

  it('moves once where the same call comes many times at once, also at a limit', async () => {
    await givenLimits(test, { transfersPerDay: 1 });

    const { answers, reasons } = await race(db(), 10, () =>
      askAgain(() => transfer(300n, { idempotencyKey: 'a' })),
    );

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await movedOut(test, ada)).toEqual({ count: 1n, points: 300n });
  });

  it('says the same of a receiver who is unknown, of the sandbox, suspended or provisional', async () => {
    const provisional = await givenProvisional(test, await givenPartner(test), 'A-1');
    const hidden = await givenMember(test);
    await db().update(Member, { id: hidden }, { sandbox: true });
    await db().update(Member, { id: bea }, { status: 'SUSPENDED' });

    const refused = await Promise.all(
      [randomUUID(), provisional, hidden, bea].map((id) =>
        aTransfer(test, ada, id).catch((error: unknown) => error),
      ),
    );

    expect(refused).toEqual(Array(4).fill(refusal('NOT_FOUND', ['to'], {})));
    expect(new Set(refused.map((error) => (error as Error).message)).size).toBe(1);
    expect(await available(ada)).toBe(1_000n);
    expect(await db().countBy(PointsTransfer, { memberId: ada })).toBe(0);
  });

  describe('to somebody who is no member', () => {
    const toNobody = (more: Parameters<typeof aTransfer>[3] = {}) =>
      aTransfer(test, ada, randomUUID(), more);
    const counted = () => db().countBy(RiskAct, { memberId: ada });

    it('is refused as to a member for what keeps the giver from giving, and not counted', async () => {
      const cases: [Partial<typeof defaults>, { points?: bigint; at?: Date }][] = [
        [{}, { points: 1_001n }],
        [{ stepUpFrom: 100n }, {}],
        [{ transferPointsPerDay: 99n }, {}],
        [{ newAccountDays: 31 }, {}],
      ];
      for (const [limits, more] of cases) {
        await givenLimits(test, { ...defaults, ...limits });
        const why = (error: unknown) => error;
        const [known, unknown] = [
          await transfer(more.points ?? 100n).catch(why),
          await toNobody(more).catch(why),
        ];

        expect(known).toBeInstanceOf(Refusal);
        expect(unknown).toEqual(known);
        expect((unknown as Refusal).message).toBe((known as Refusal).message);
      }
      await expectUntouched();
    });

    it('counts against no limit of points, and comes no more often a day than that', async () => {
      await givenLimits(test, { unknownReceiversPerDay: 2, transfersPerDay: 2 });
      const [known, stranger] = [bea, await givenOldMember(test)];
      await aTransfer(test, ada, known);
      const refused = refusal('LIMIT_REACHED', ['to'], {
        limit: '2',
        subject: 'UNKNOWN_RECEIVERS_PER_DAY',
        retryAt: new Date('2026-03-01T23:00:00Z'),
      });

      for (let times = 0; times < 2; times++) {
        await expect(toNobody()).rejects.toEqual(refusal('NOT_FOUND', ['to']));
      }

      await expect(toNobody()).rejects.toEqual(refused);
      await expect(aTransfer(test, ada, stranger)).rejects.toEqual(refused);
      expect(await counted()).toBe(3);
      expect((await aTransfer(test, ada, known)).status).toBe('POSTED');
      await expect(toNobody({ at: new Date('2026-03-01T23:00:00Z') })).rejects.toEqual(
        refusal('NOT_FOUND', ['to']),
      );
    });

    it('is counted exactly where many come at once', async () => {
      await givenLimits(test, { unknownReceiversPerDay: 3 });

      const { reasons } = await race(db(), 10, () => askAgain(() => toNobody()));

      const codes = reasons.map((reason) => (reason as Refusal).code).sort();
      expect(codes).toEqual([...Array(7).fill('LIMIT_REACHED'), ...Array(3).fill('NOT_FOUND')]);
      expect(await counted()).toBe(3);
    });
  });

  it.each([
    ['to oneself', () => ({ to: { id: ada } }), ['to']],
    ['to nobody', () => ({ to: {} }), ['to']],
    [
      'to an account at a partner',
      () => ({ to: { partnerAccount: '1', partnerId: randomUUID() } }),
      ['to', 'partnerAccount'],
    ],
    ['to a card', () => ({ to: { paymentCard: 'tok_1234' } }), ['to', 'paymentCard']],
    ['to a wallet', () => ({ to: { walletToken: 'abc' } }), ['to', 'walletToken']],
    ['no points', () => ({ points: 0n }), ['points']],
    ['too many points', () => ({ points: 10n ** 12n + 1n }), ['points']],
    ['a message that is too long', () => ({ message: 'x'.repeat(2_001) }), ['message']],
    ['an empty key', () => ({ idempotencyKey: ' ' }), ['idempotencyKey']],
  ])('refuses %s, and changes nothing', async (_, wrong, path) => {
    const input = { to: { id: bea }, points: 100n, idempotencyKey: 'a', ...wrong() };
    const giver = { memberId: ada, steppedUpAt: null, clock: new SetClock(noon) };

    await expect(transferPoints(db(), input, giver)).rejects.toEqual(refusal('INVALID', path));

    await expectUntouched();
  });

  it('refuses more than there is, and a giver who is not active', async () => {
    await expect(transfer(1_001n)).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 1_000n, required: 1_001n }),
    );
    await db().update(Member, { id: ada }, { status: 'SUSPENDED' });
    await expect(transfer(1n)).rejects.toEqual(refusal('MEMBER_INACTIVE'));

    await expectUntouched();
  });

  it('lets no new account give before its fourteenth day is over', async () => {
    const cleo = await givenOldMember(test, 100n, 14);
    const justBefore = new Date(noon.getTime() - 1);

    await expect(aTransfer(test, cleo, bea, { at: justBefore })).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { retryAt: noon, subject: 'NEW_ACCOUNT' }),
    );
    expect((await aTransfer(test, cleo, bea)).status).toBe('POSTED');
  });

  describe('asks for a second factor', () => {
    it('from the limit on, and takes one of the last 5 minutes', async () => {
      await givenLimits(test, { stepUpFrom: 400n });
      const ago = (ms: number) => new Date(noon.getTime() - ms);
      const refused = refusal('STEP_UP_REQUIRED', [], { limit: '400', subject: 'LARGE_AMOUNT' });

      await expect(transfer(400n)).rejects.toEqual(refused);
      await expect(transfer(400n, { steppedUpAt: ago(300_000) })).rejects.toEqual(refused);
      await expectUntouched();

      expect((await transfer(399n)).status).toBe('POSTED');
      expect((await transfer(400n, { steppedUpAt: ago(299_999) })).status).toBe('POSTED');
    });

    it('also where the amount goes in small ones', async () => {
      await givenLimits(test, { stepUpFrom: 400n });
      await transfer(200n);
      await transfer(199n);

      await expect(transfer(1n)).rejects.toEqual(refusal('STEP_UP_REQUIRED'));

      const nextDay = { at: daysFrom(1) };
      expect((await transfer(1n, nextDay)).status).toBe('POSTED');
    });
  });

  // Berlin's midnight is 23:00 UTC; noon is of 1 March.
  it.each([
    [{ transfersPerDay: 2 }, 'COUNT_PER_DAY', '2', '2026-03-01T23:00:00Z'],
    [{ transferPointsPerDay: 299n }, 'POINTS_PER_DAY', '299', '2026-03-01T23:00:00Z'],
    [{ transfersPer30Days: 2 }, 'COUNT_PER_30_DAYS', '2', '2026-03-31T10:00:00Z'],
    [{ transferPointsPer30Days: 299n }, 'POINTS_PER_30_DAYS', '299', '2026-03-31T10:00:00Z'],
    [{ transfersPerYear: 2 }, 'COUNT_PER_YEAR', '2', '2026-12-31T23:00:00Z'],
    [{ transferPointsPerYear: 299n }, 'POINTS_PER_YEAR', '299', '2026-12-31T23:00:00Z'],
  ])('stops at %o', async (limits, subject, limit, retry) => {
    await givenLimits(test, limits);
    const retryAt = new Date(retry);
    await transfer(100n, { at: new Date(noon.getTime() - 2 * 3_600_000) });
    await transfer(100n);

    await expect(transfer(100n)).rejects.toEqual(
      refusal('LIMIT_REACHED', [], { limit, subject, retryAt }),
    );
    expect(await movedOut(test, ada)).toEqual({ count: 2n, points: 200n });

    const justBefore = new Date(retryAt.getTime() - 1);
    await expect(transfer(100n, { at: justBefore })).rejects.toEqual(refusal('LIMIT_REACHED'));
    expect((await transfer(100n, { at: retryAt })).id).toBeDefined();
  });

  it('never lets more through than the limits, however many come at once', async () => {
    await givenLimits(test, { transfersPerDay: 20, transferPointsPer30Days: 77n });
    const receivers = [bea, await givenOldMember(test)];

    // Of 7 points each, 77 take 11 transfers; where points are no matter, 20 are the end.
    const wave = (points: bigint) =>
      race(db(), 40, (index) =>
        askAgain(() => aTransfer(test, ada, receivers[index % 2]!, { points })),
      );
    const byPoints = await wave(7n);
    expect(await movedOut(test, ada)).toEqual({ count: 11n, points: 77n });
    await givenLimits(test, { transferPointsPer30Days: 1_000n });
    const byCount = [await wave(1n), await wave(1n), await wave(1n), await wave(1n)];

    expect(byPoints.reasons).toEqual(Array(29).fill(refusal('LIMIT_REACHED')));
    expect(byCount.flatMap(({ reasons }) => reasons)).toEqual(
      Array(151).fill(refusal('LIMIT_REACHED')),
    );
    expect(await movedOut(test, ada)).toEqual({ count: 20n, points: 86n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('lets two give to one another at once', async () => {
    await aTransfer(test, ada, bea, { points: 500n });
    await givenLimits(test, { transfersPerDay: 100, transfersPer30Days: 100 });

    const { reasons } = await race(db(), 40, (index) =>
      askAgain(() =>
        index % 2
          ? aTransfer(test, ada, bea, { points: 1n })
          : aTransfer(test, bea, ada, { points: 1n }),
      ),
    );

    expect(reasons).toEqual([]);
    expect([await available(ada), await available(bea)]).toEqual([500n, 500n]);
  });
});
