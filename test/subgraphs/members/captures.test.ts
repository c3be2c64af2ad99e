import { randomUUID } from 'node:crypto';
import { accruePoints, auditLedger, holdPoints, openPartner } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Hold, HoldAct } from '../../../subgraphs/members/entities.ts';
import { statusAt } from '../../../subgraphs/members/holds/acts.ts';
import { refundCapture } from '../../../subgraphs/members/holds/refunds.ts';
import { useTestDatabase } from '../../support/database.ts';
import { anAccrual } from '../../support/given-points.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenTill, tillOf } from '../../support/given-tills.ts';
import { accountOf, movementsOf, openLotsOf, traceOf } from '../../support/ledger-rows.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

describe('what a till does with a hold', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let shop: string;
  beforeAll(async () => (shop = await givenPartner(test)));

  /** 300 of a member's 500 points are held. */
  async function givenHeld(partnerId = shop) {
    const { memberId, till } = await givenTill(test, { at: noon, partnerId });
    const hold = await till.hold(memberId, { points: 300n });
    till.clock.at = minutesLater(5);
    return { memberId, till, id: hold.id, hold };
  }
  const stored = (id: string) => db().findOneByOrFail(Hold, { id });
  const events = async (memberId: string) => {
    const told = await rows<{ type: string }>(
      test.owner(),
      `SELECT type FROM platform.outbox WHERE member_id = $1 AND type LIKE 'hold.%' ORDER BY sequence`,
      [memberId],
    );
    return told.map(({ type }) => type);
  };

  describe('captureHold', () => {
    it.each([
      [undefined, 300n, 'CAPTURED'],
      [300n, 300n, 'CAPTURED'],
      [120n, 120n, 'PARTIALLY_CAPTURED'],
    ])('of %s redeems %s, and releases the rest', async (points, capturedPoints, status) => {
      const { memberId, till, id } = await givenHeld();

      const captured = await till.capture(id, points === undefined ? {} : { points });

      expect(captured).toMatchObject({ id, status, capturedPoints, refundedPoints: 0n });
      expect(await stored(id)).toEqual(captured);
      expect(await accountOf(test, memberId)).toEqual({
        balance: 500n - capturedPoints,
        held: 0n,
        debt: 0n,
      });
      expect((await movementsOf(test, memberId)).at(-1)).toEqual({
        kind: 'REDEMPTION',
        points: -capturedPoints,
        debt: 0n,
        counter: 'PARTNER_REDEMPTION',
      });
      expect(await events(memberId)).toEqual(['hold.placed', 'hold.captured']);
    });

    it('refuses more than is held, and changes nothing', async () => {
      const { memberId, till, id, hold } = await givenHeld();
      const before = await traceOf(test, memberId);

      await expect(till.capture(id, { points: 301n })).rejects.toEqual(
        refusal('INVALID', ['points'], { available: 300n, required: 301n }),
      );
      await expect(till.capture(id, { points: 0n })).rejects.toEqual(
        refusal('INVALID', ['points']),
      );

      expect(await traceOf(test, memberId)).toEqual(before);
      expect(await stored(id)).toEqual(hold);
      expect(await db().countBy(HoldAct, { holdId: id })).toBe(0);
    });

    it('is too late at the hold’s end, when it has expired though nothing has run', async () => {
      const { memberId, till, id } = await givenHeld();
      till.clock.at = minutesLater(15);

      await expect(till.capture(id)).rejects.toEqual(refusal('EXPIRED', ['id']));
      await expect(till.release(id)).rejects.toEqual(refusal('EXPIRED', ['id']));

      const hold = await stored(id);
      expect(statusAt(hold, new Date(minutesLater(15).getTime() - 1))).toBe('ACTIVE');
      expect(statusAt(hold, minutesLater(15))).toBe('EXPIRED');
      // All of it can be held again.
      expect(await till.hold(memberId, { points: 500n })).toMatchObject({ points: 500n });
    });

    it('gives the first answer when called again with its key, also after the end', async () => {
      const { memberId, till, id } = await givenHeld();
      const asked = { points: 120n, idempotencyKey: 'capture' };
      const first = await till.capture(id, asked);
      till.clock.at = minutesLater(60);

      expect(await till.capture(id, asked)).toEqual(first);
      await expect(till.capture(id, { ...asked, points: 121n })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey']),
      );
      const other = await till.hold(memberId, { points: 100n });
      await expect(till.capture(other.id, asked)).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey']),
      );
      await expect(till.capture(id)).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject: 'PARTIALLY_CAPTURED' }),
      );
      expect(await accountOf(test, memberId)).toMatchObject({ balance: 380n, held: 100n });
      expect(await db().countBy(HoldAct, { holdId: id })).toBe(1);
    });

    it('honours what the member let the partner hold, though the consent is gone', async () => {
      const { memberId, till, id } = await givenHeld();
      const { partnerId, clock } = till;
      await revokeConsent(db(), { partnerId }, { memberId, clock });

      expect(await till.capture(id)).toMatchObject({ status: 'CAPTURED' });
    });

    it('is refused to another partner, and to one that takes no part', async () => {
      const { till, id, hold } = await givenHeld(await givenPartner(test));
      const others = tillOf(test, await givenPartner(test), { at: minutesLater(5) });

      for (const act of [others.capture, others.release, others.refund]) {
        await expect(act(id)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      }
      await expect(till.capture(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      await givenStatus(test, till.partnerId, 'SUSPENDED');
      await expect(till.capture(id)).rejects.toEqual(refusal('PARTNER_INACTIVE'));
      expect(await stored(id)).toEqual(hold);
      // What is good for the member goes through.
      expect(await till.release(id)).toMatchObject({ status: 'RELEASED' });
    });
  });

  describe('releaseHold', () => {
    it('lets the points be spent again, and repeats', async () => {
      const { memberId, till, id } = await givenHeld();

      const released = await till.release(id, 'release');

      expect(released).toMatchObject({ status: 'RELEASED', capturedPoints: 0n });
      expect(await till.release(id, 'release')).toEqual(released);
      expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 0n, debt: 0n });
      await expect(till.release(id, 'another')).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject: 'RELEASED' }),
      );
      await expect(till.capture(id, { idempotencyKey: 'release' })).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject: 'RELEASED' }),
      );
      expect(await events(memberId)).toEqual(['hold.placed', 'hold.released']);
    });
  });

  describe('the end of a hold by time', () => {
    const sweep = (minutes: number) =>
      rows(test.owner(), 'SELECT ledger.settle_due(1000, $1)', [minutesLater(minutes)]);
    const expiries = (memberId: string) =>
      rows(
        test.owner(),
        `SELECT partner_id AS "partnerId", payload, occurred_at AS "occurredAt" FROM platform.outbox
         WHERE member_id = $1 AND type = 'hold.expired' ORDER BY sequence`,
        [memberId],
      );

    it('is told of once, however often it is looked at', async () => {
      const { memberId, id } = await givenHeld();

      await sweep(14);
      expect(await expiries(memberId)).toEqual([]);
      for (const minutes of [15, 15, 20]) await sweep(minutes);

      const told = { partnerId: shop, payload: { holdId: id }, occurredAt: minutesLater(15) };
      expect(await expiries(memberId)).toEqual([told]);
      expect(await accountOf(test, memberId)).toMatchObject({ held: 0n });
    });

    it('is told of by whoever looks first, before what that does, and not where it is refused', async () => {
      const { memberId, till } = await givenHeld();
      till.clock.at = minutesLater(15);

      await expect(till.hold(memberId, { points: 501n })).rejects.toEqual(
        refusal('INSUFFICIENT_POINTS', [], { available: 500n, required: 501n }),
      );
      expect(await events(memberId)).toEqual(['hold.placed']);
      await till.hold(memberId, { points: 500n });

      expect(await events(memberId)).toEqual(['hold.placed', 'hold.expired', 'hold.placed']);
    });

    it('is told of no hold that was captured or released, and none of the coalition’s own', async () => {
      const [captured, released] = [await givenHeld(), await givenHeld()];
      await captured.till.capture(captured.id);
      await released.till.release(released.id);
      const kept = await givenTill(test, { at: noon, partnerId: shop });
      await holdPoints(db(), {
        memberId: kept.memberId,
        key: randomUUID(),
        points: 100n,
        partnerId: null,
        description: 'Waits for a decision',
        expiresAt: minutesLater(15),
        at: noon,
      });

      await sweep(20);

      for (const { memberId } of [captured, released, kept]) {
        expect(await expiries(memberId)).toEqual([]);
        expect(await accountOf(test, memberId)).toMatchObject({ held: 0n });
      }
    });

    it('and a capture in the last moment: one of them happens', async () => {
      for (let round = 0; round < 4; round++) {
        const { memberId, till, id } = await givenHeld();
        till.clock.at = new Date(minutesLater(15).getTime() - 1);

        const { answers } = await race(db(), 6, async (index) => {
          if (index % 2 === round % 2) return till.capture(id, { idempotencyKey: `in time ${id}` });
          await sweep(15);
          return null;
        });
        await sweep(15);

        const isCaptured = answers.some((hold) => hold?.status === 'CAPTURED');
        expect(await expiries(memberId)).toHaveLength(isCaptured ? 0 : 1);
        expect(await accountOf(test, memberId)).toEqual({
          balance: isCaptured ? 200n : 500n,
          held: 0n,
          debt: 0n,
        });
      }
    });
  });

  describe('refundCapture', () => {
    /** 300 points were captured: 200 that expire in June and 100 of 300 that expire in July. */
    async function givenCaptured(partnerId = shop) {
      const issuerId = randomUUID();
      await openPartner(test.db('partners'), issuerId);
      const { memberId, till } = await givenTill(test, { at: noon, points: 0n, partnerId });
      for (const [points, month] of [
        [200n, '06'],
        [300n, '07'],
      ] as const) {
        const expiresAt = new Date(`2026-${month}-01T00:00:00Z`);
        await accruePoints(
          test.db('partners'),
          anAccrual({ memberId, issuerId, points, expiresAt }),
        );
      }
      const { id } = await till.hold(memberId, { points: 300n });
      await till.capture(id);
      till.clock.at = minutesLater(10);
      return { memberId, till, id };
    }
    const lotsOf = async (memberId: string) =>
      (await openLotsOf(test, memberId)).map(({ remaining }) => remaining);

    it('gives points back in parts to where they came from, never more than were captured', async () => {
      const { memberId, till, id } = await givenCaptured();
      expect(await lotsOf(memberId)).toEqual([200n]);

      expect(await till.refund(id, { points: 150n })).toMatchObject({
        status: 'CAPTURED',
        capturedPoints: 300n,
        refundedPoints: 150n,
      });
      // Those that were taken last came from July: 100 of them, and 50 from June.
      expect(await lotsOf(memberId)).toEqual([50n, 300n]);
      await expect(till.refund(id, { points: 151n })).rejects.toEqual(
        refusal('INVALID', ['points'], { available: 150n, required: 151n }),
      );
      expect(await till.refund(id)).toMatchObject({ refundedPoints: 300n });
      expect(await lotsOf(memberId)).toEqual([200n, 300n]);
      await expect(till.refund(id)).rejects.toEqual(refusal('ALREADY_REVERSED', ['id']));
      await expect(till.refund(id, { points: 1n })).rejects.toEqual(
        refusal('ALREADY_REVERSED', ['id']),
      );

      expect(await accountOf(test, memberId)).toEqual({ balance: 500n, held: 0n, debt: 0n });
      expect((await movementsOf(test, memberId)).slice(-2)).toMatchObject([
        { kind: 'REVERSAL', points: 150n, counter: 'PARTNER_REDEMPTION' },
        { kind: 'REVERSAL', points: 150n, counter: 'PARTNER_REDEMPTION' },
      ]);
      expect((await events(memberId)).slice(2)).toEqual(['hold.refunded', 'hold.refunded']);
    });

    it('gives the first answer when the reference is used again', async () => {
      const { memberId, till, id } = await givenCaptured();
      const asked = { points: 100n, refundReference: 'Return 1' };
      const first = await till.refund(id, asked);

      expect(await till.refund(id, asked)).toEqual(first);
      await expect(till.refund(id, { ...asked, points: 99n })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['refundReference']),
      );
      expect(await accountOf(test, memberId)).toMatchObject({ balance: 300n });
      expect(await till.refund(id)).toMatchObject({ refundedPoints: 300n });
    });

    it('refuses where nothing was captured, and changes nothing', async () => {
      const { memberId, till, id } = await givenHeld();
      const before = await traceOf(test, memberId);

      await expect(till.refund(id)).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject: 'ACTIVE' }),
      );

      expect(await traceOf(test, memberId)).toEqual(before);
    });

    it('is not stopped by a consent that was taken back, or a brand that was suspended', async () => {
      const { memberId, till, id } = await givenCaptured(await givenPartner(test));
      await revokeConsent(db(), { partnerId: till.partnerId }, { memberId, clock: till.clock });
      await givenStatus(test, till.partnerId, 'SUSPENDED');

      expect(await till.refund(id)).toMatchObject({ refundedPoints: 300n });
    });

    it('is done by staff for any partner, which is recorded', async () => {
      const { memberId, till, id } = await givenCaptured();
      const viewer = adminViewer(['LEDGER_ADJUST']);
      const clock = new SetClock(minutesLater(20));
      const asked = { id, points: 40n, refundReference: 'Desk 1' };

      await refundCapture(db(), asked, { viewer, clock });
      await refundCapture(db(), asked, { viewer, clock });
      await till.refund(id, { points: 10n });

      expect(await accountOf(test, memberId)).toMatchObject({ balance: 250n });
      expect(
        await rows(
          test.owner(),
          `SELECT actor, action, changes FROM platform.audit_event WHERE subject_id = $1`,
          [id],
        ),
      ).toEqual([
        {
          actor: 'admin',
          action: 'refundCapture',
          changes: [{ field: 'refundedPoints', before: '0', after: '40' }],
        },
      ]);
    });
  });

  it('keeps what expires meanwhile good for the hold, and nothing else', async () => {
    const issuerId = randomUUID();
    await openPartner(test.db('partners'), issuerId);
    const { memberId, till } = await givenTill(test, { at: noon, points: 0n, partnerId: shop });
    const accrual = { memberId, issuerId, points: 100n, expiresAt: minutesLater(2) };
    await accruePoints(test.db('partners'), anAccrual(accrual));
    const { id } = await till.hold(memberId, { points: 100n });
    till.clock.at = minutesLater(5);

    expect(await till.capture(id, { points: 60n })).toMatchObject({ capturedPoints: 60n });

    expect((await movementsOf(test, memberId)).slice(-2)).toMatchObject([
      { kind: 'REDEMPTION', points: -60n },
      { kind: 'EXPIRY', points: -40n },
    ]);
  });

  it('leaves books behind that are right', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
