import { auditLedger } from '../../../ledger/index.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { Hold, HoldAct } from '../../../subgraphs/members/entities.ts';
import { statusAt } from '../../../subgraphs/members/holds/acts.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenTill, tillOf } from '../../support/given-tills.ts';
import { accountOf, movementsOf } from '../../support/ledger-rows.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const minutesLater = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

describe('tills at once', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let shop: string;
  beforeAll(async () => (shop = await givenPartner(test)));
  const givenAtShop = () => givenTill(test, { at: noon, partnerId: shop });

  const codesOf = (reasons: unknown[]) => reasons.map((reason) => (reason as Refusal).code);
  /** What the ledger says of a member's holds, beside what their partners are told. */
  const bothSidesOf = (memberId: string) =>
    rows<{ id: string; status: string; captured: bigint; told: string; toldCaptured: bigint }>(
      test.owner(),
      `SELECT h.hold_id AS id, h.status, h.captured, m.status AS told,
              m.captured_points AS "toldCaptured"
       FROM ledger.hold h FULL JOIN members.hold m ON m.id = h.hold_id
       WHERE h.member_id = $1 OR m.member_id = $1`,
      [memberId],
    );
  async function expectOneTruth(memberId: string, at: Date) {
    for (const { id, status, captured, toldCaptured } of await bothSidesOf(memberId)) {
      const hold = await db().findOneByOrFail(Hold, { id });
      const now = status === 'ACTIVE' && hold.expiresAt <= at ? 'EXPIRED' : status;
      expect([statusAt(hold, at), toldCaptured]).toEqual([now, captured]);
    }
  }

  it('of five brands hold no more of a member than there is, and each knows what it has', async () => {
    const { memberId, till } = await givenTill(test, { at: noon, points: 1_000n });
    const tills = [till];
    while (tills.length < 5) {
      const partnerId = await givenPartner(test);
      await givenConsent(test, memberId, partnerId);
      tills.push(tillOf(test, partnerId, { at: noon }));
    }

    // 20 times 150 points, of which 1,000 are good for 6; half of the holds are captured at once.
    const { answers, reasons } = await race(db(), 20, async (index) => {
      const own = tills[index % 5]!;
      const hold = await own.hold(memberId, { points: 150n });
      return index % 2 === 0 ? own.capture(hold.id, { points: 100n }) : hold;
    });

    // A capture in part gives 50 back: with them another hold may come in.
    const captured = answers.filter(({ status }) => status === 'PARTIALLY_CAPTURED').length;
    const active = answers.filter(({ status }) => status === 'ACTIVE').length;
    expect(codesOf(reasons)).toEqual(reasons.map(() => 'INSUFFICIENT_POINTS'));
    expect(captured * 100 + active * 150).toBeLessThanOrEqual(1_000);
    expect(answers.length).toBeGreaterThanOrEqual(6);
    expect(await accountOf(test, memberId)).toEqual({
      balance: BigInt(1_000 - captured * 100),
      held: BigInt(active * 150),
      debt: 0n,
    });
    // Each till's answers are what the ledger says of its holds, and there are no others.
    const ledgers = await bothSidesOf(memberId);
    const said = answers.map((hold) => [hold.id, hold.status, hold.capturedPoints]);
    expect(ledgers).toHaveLength(said.length);
    expect(ledgers.map((row) => [row.id, row.status, row.captured])).toEqual(
      expect.arrayContaining(said),
    );
    expect(ledgers.map((row) => [row.told, row.toldCaptured])).toEqual(
      ledgers.map((row) => [row.status, row.captured]),
    );
  });

  it('with one reference place one hold, and all are answered with it', async () => {
    const { memberId, till } = await givenAtShop();
    const asked = { points: 300n, reference: 'Order of all' };

    const { answers, reasons } = await race(db(), 10, (index) =>
      till.hold(memberId, { ...asked, idempotencyKey: `key ${index % 2}` }),
    );

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await accountOf(test, memberId)).toMatchObject({ held: 300n });
  });

  it('with one key and other references place one hold, and the others are refused', async () => {
    const { memberId, till } = await givenAtShop();

    const { answers, reasons } = await race(db(), 10, (index) =>
      till.hold(memberId, { points: 10n, reference: `Order ${index}`, idempotencyKey: 'one' }),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(
      reasons.map(() =>
        refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: answers[0]!.id }),
      ),
    );
  });

  it('capture and release: one of them has it', async () => {
    for (let round = 0; round < 4; round++) {
      const { memberId, till } = await givenAtShop();
      const { id } = await till.hold(memberId, { points: 300n });

      const { answers, reasons } = await race(db(), 8, (index) =>
        index % 2 === 0 ? till.capture(id) : till.release(id),
      );

      expect(answers).toHaveLength(1);
      expect(codesOf(reasons)).toEqual(reasons.map(() => 'CONFLICT'));
      const spent = answers[0]!.status === 'CAPTURED' ? 300n : 0n;
      expect(await accountOf(test, memberId)).toEqual({
        balance: 500n - spent,
        held: 0n,
        debt: 0n,
      });
      await expectOneTruth(memberId, noon);
    }
  });

  it('capture once: with keys of their own the first has it, with one key all are told so', async () => {
    const { memberId, till } = await givenAtShop();
    const [first, second] = [
      await till.hold(memberId, { points: 300n }),
      await till.hold(memberId, { points: 100n }),
    ];

    const own = await race(db(), 8, (index) =>
      till.capture(first.id, { points: BigInt(index + 1) }),
    );
    const same = await race(db(), 8, () => till.capture(second.id, { idempotencyKey: 'same' }));

    expect(own.answers).toHaveLength(1);
    expect(codesOf(own.reasons)).toEqual(own.reasons.map(() => 'CONFLICT'));
    expect(same.reasons).toEqual([]);
    expect(same.answers).toEqual(same.answers.map(() => same.answers[0]));
    const taken = own.answers[0]!.capturedPoints + 100n;
    expect(await accountOf(test, memberId)).toEqual({ balance: 500n - taken, held: 0n, debt: 0n });
    await expectOneTruth(memberId, noon);
  });

  it('capture and the hold’s end: what one till captured in time is not free for the others', async () => {
    const { memberId, till } = await givenAtShop();
    const { id } = await till.hold(memberId, { points: 300n });
    const late = tillOf(test, till.partnerId, { at: minutesLater(15) });
    till.clock.at = new Date(minutesLater(15).getTime() - 1);

    const { answers, reasons } = await race(db(), 8, (index) => {
      if (index % 2 === 0) return till.capture(id, { idempotencyKey: 'in time' });
      return late.hold(memberId, { points: 500n });
    });

    // Whoever comes first: the hold was captured in time, or its points went to a later one.
    const captured = answers.filter((hold) => hold.id === id).length;
    const placed = answers.filter((hold) => hold.id !== id).length;
    expect([captured, placed]).toEqual(captured > 0 ? [4, 0] : [0, 1]);
    expect(reasons.length).toBe(8 - captured - placed);
    expect(new Set(codesOf(reasons))).toEqual(
      new Set(captured > 0 ? ['INSUFFICIENT_POINTS'] : ['EXPIRED', 'INSUFFICIENT_POINTS']),
    );
    await expectOneTruth(memberId, minutesLater(15));
  });

  it('refund at once what was captured, and no more', async () => {
    const { memberId, till } = await givenAtShop();
    const { id } = await till.hold(memberId, { points: 300n });
    await till.capture(id);

    const { answers, reasons } = await race(db(), 10, () => till.refund(id, { points: 70n }));

    // 4 times 70 of 300; 20 are left.
    expect(answers).toHaveLength(4);
    expect(reasons).toEqual(
      reasons.map(() => refusal('INVALID', ['points'], { available: 20n, required: 70n })),
    );
    const whole = await race(db(), 5, () => till.refund(id));
    expect(whole.answers).toHaveLength(1);
    expect(codesOf(whole.reasons)).toEqual(whole.reasons.map(() => 'ALREADY_REVERSED'));
    expect(await accountOf(test, memberId)).toMatchObject({ balance: 500n });
    const back = (await movementsOf(test, memberId)).filter(({ kind }) => kind === 'REVERSAL');
    expect(back.map(({ points }) => points)).toEqual([70n, 70n, 70n, 70n, 20n]);
  });

  it('refund once under one reference, also of two holds', async () => {
    const { memberId, till } = await givenAtShop();
    const holds = [
      await till.hold(memberId, { points: 100n }),
      await till.hold(memberId, { points: 200n }),
    ];
    for (const { id } of holds) await till.capture(id);

    const { answers, reasons } = await race(db(), 10, (index) =>
      till.refund(holds[index % 2]!.id, { refundReference: 'Return 1' }),
    );

    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(answers).toHaveLength(5);
    expect(reasons).toEqual(
      reasons.map(() => refusal('IDEMPOTENCY_MISMATCH', ['refundReference'])),
    );
    expect(await db().countBy(HoldAct, { key: 'Return 1' })).toBe(1);
    expect(await accountOf(test, memberId)).toMatchObject({
      balance: 200n + answers[0]!.refundedPoints,
    });
  });

  it('leave books behind that are right', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
