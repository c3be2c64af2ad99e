import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Refusal } from '../../../platform/errors.ts';
import {
  Hold,
  Member,
  RiskAct,
  RiskCase,
  RiskLimits,
} from '../../../subgraphs/members/entities.ts';
import { adjustPoints } from '../../../subgraphs/members/adjustments/adjustments.ts';
import { riskCases } from '../../../subgraphs/members/risk/cases.ts';
import { decideRiskCase } from '../../../subgraphs/members/risk/decisions.ts';
import { riskLimits, setRiskLimits } from '../../../subgraphs/members/risk/limits.ts';
import { redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { noon } from '../../support/given-points.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { givenTill } from '../../support/given-tills.ts';
import {
  aTransfer,
  daysFrom,
  givenLimits,
  givenOldMember,
  movedOut,
} from '../../support/given-transfers.ts';
import { runJob } from '../../support/jobs.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const staff = (subject = 'eve') => ({ ...adminViewer(['MEMBERS_SUPPORT']), subject });
const points = async (memberId: string, at = noon) => {
  const [balance] = await balancesOf(db(), [{ memberId }], at);
  return { available: balance!.available, held: balance!.held };
};
const caseOf = (transferId: string) => db().findOneByOrFail(RiskCase, { subjectId: transferId });
const decide = (id: string, allow: boolean, { at = noon, by = 'eve', reason = 'Looked at' } = {}) =>
  decideRiskCase(db(), { id, allow, reason }, { viewer: staff(by), clock: new SetClock(at) });
const acts = (action: string) =>
  rows(
    test.owner(),
    `SELECT actor, subject_type, reason, changes FROM platform.audit_event
     WHERE action = $1 ORDER BY sequence`,
    [action],
  );

describe('judge', () => {
  let ada: string;
  beforeEach(async () => {
    ada = await givenOldMember(test, 1_000n);
    await givenLimits(test, { receiversPer30Days: 5, dormantDays: 180, reviewHours: 72 });
  });
  const reasonsOf = async (from: string, to: string, at = noon) => {
    const { id, status } = await aTransfer(test, from, to, { points: 10n, at });
    return status === 'POSTED' ? null : (await caseOf(id)).reasons;
  };

  it('holds back what goes to one receiver too many, and not to those of before', async () => {
    await givenLimits(test, { receiversPer30Days: 2 });
    const [bea, cleo, dora] = await Promise.all([1, 2, 3].map(() => givenOldMember(test)));

    expect(await reasonsOf(ada, bea!)).toBeNull();
    expect(await reasonsOf(ada, cleo!)).toBeNull();
    expect(await reasonsOf(ada, dora!)).toEqual(['MANY_RECEIVERS']);
    expect(await reasonsOf(ada, bea!)).toEqual(['MANY_RECEIVERS']);
    expect(await reasonsOf(ada, bea!, daysFrom(30))).toBeNull();
  });

  it.each([3, 6])('holds back what closes a ring of %i', async (size) => {
    const others = await Promise.all(
      Array.from({ length: size - 1 }, () => givenOldMember(test, 100n)),
    );
    const ring = [ada, ...others];
    for (const [index, from] of ring.slice(0, -1).entries()) {
      expect(await reasonsOf(from, ring[index + 1]!)).toBeNull();
    }

    expect(await reasonsOf(ring.at(-1)!, ada)).toEqual(['RING']);
  });

  it('takes two who give to one another for no ring, nor their friends', async () => {
    const [bea, cleo] = [await givenOldMember(test, 100n), await givenOldMember(test, 100n)];

    for (const [from, to] of [
      [ada, bea],
      [bea, ada],
      [bea, cleo],
      [cleo, bea],
      [ada, bea],
    ]) {
      expect(await reasonsOf(from!, to!)).toBeNull();
    }
  });

  it('holds back what an account gives that was asleep, and names the heaviest reason first', async () => {
    await givenLimits(test, { receiversPer30Days: 1 });
    const [bea, cleo] = [await givenOldMember(test, 10n), await givenOldMember(test, 10n)];
    const sleeper = await givenOldMember(test, 100n, 180);
    const soundSleeper = await givenOldMember(test, 100n, 181);

    expect(await reasonsOf(sleeper, ada)).toBeNull();
    expect(await reasonsOf(soundSleeper, bea)).toEqual(['DORMANT_ACCOUNT']);
    expect(await reasonsOf(bea, cleo)).toBeNull();
    expect(await reasonsOf(cleo, soundSleeper)).toEqual(['RING']);
    expect(await reasonsOf(soundSleeper, ada)).toEqual(['MANY_RECEIVERS', 'DORMANT_ACCOUNT']);
    expect(await reasonsOf(soundSleeper, bea)).toEqual([
      'RING',
      'MANY_RECEIVERS',
      'DORMANT_ACCOUNT',
    ]);
  });
});

describe('spending that is judged', () => {
  let reward: Awaited<ReturnType<typeof givenReward>>;
  beforeEach(async () => {
    reward = await givenReward(test, { price: 40n, stock: 100 });
    await givenLimits(test, {
      redemptionsPerDay: 1_000,
      redemptionPointsPerDay: 1_000_000n,
      redemptionStepUpFrom: 1_000_000n,
      dormantDays: 180,
      reviewHours: 72,
    });
  });
  const redeem = (
    memberId: string,
    {
      key = randomUUID() as string,
      quantity = 1,
      at = noon,
      steppedUpAt = null as Date | null,
    } = {},
  ) =>
    redeemReward(
      test.db('rewards-catalog'),
      { rewardId: reward.id, idempotencyKey: key, quantity },
      { memberId, steppedUpAt, clock: new SetClock(at), sealKey: testConfig().sealKey },
    );
  const casesOf = (memberId: string) =>
    db().find(RiskCase, { where: { memberId }, order: { status: 'ASC' } });
  const underReview = refusal('UNDER_REVIEW');

  it('goes as far as the day’s limits, at rewards and tills together, however much comes at once', async () => {
    const { memberId, till } = await givenTill(test, { at: noon, points: 1_000n });
    await givenLimits(test, { redemptionsPerDay: 6, redemptionPointsPerDay: 200n });

    const { answers, reasons } = await race<unknown>(test.owner(), 12, (index) =>
      askAgain<unknown>(() =>
        index % 2 ? redeem(memberId) : till.hold(memberId, { points: 40n }),
      ),
    );

    expect(answers).toHaveLength(5);
    expect(reasons).toEqual(Array(7).fill(refusal('LIMIT_REACHED')));
    const { available, held } = await points(memberId);
    expect(available).toBe(800n);
    expect(held).toBe(40n * BigInt(await db().countBy(Hold, { memberId })));
    await givenLimits(test, { redemptionPointsPerDay: 1_000n });
    await redeem(memberId);
    const tomorrow = { retryAt: new Date('2026-03-01T23:00:00Z') };
    await expect(redeem(memberId)).rejects.toEqual(
      refusal('LIMIT_REACHED', [], { subject: 'COUNT_PER_DAY', limit: '6', ...tomorrow }),
    );
    await redeem(memberId, { at: tomorrow.retryAt });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('asks for a second factor for much in one day, and not at a till', async () => {
    const { memberId, till } = await givenTill(test, { at: noon });
    await givenLimits(test, { redemptionStepUpFrom: 100n });
    await till.hold(memberId, { points: 100n });

    await expect(redeem(memberId)).rejects.toEqual(
      refusal('STEP_UP_REQUIRED', [], { subject: 'LARGE_AMOUNT', limit: '100' }),
    );

    expect(await points(memberId)).toEqual({ available: 400n, held: 100n });
    expect(await db().countBy(RiskAct, { memberId })).toBe(1);
    await redeem(memberId, { steppedUpAt: noon });
    expect(await points(memberId)).toEqual({ available: 360n, held: 100n });
  });

  it('waits for a decision where the account was asleep, and happens once when it is asked again', async () => {
    const memberId = await givenOldMember(test, 1_000n, 181);
    const asked = { key: 'a' };

    const { reasons } = await race(test.owner(), 4, () => redeem(memberId, asked));

    expect(reasons).toEqual(Array(4).fill(underReview));
    expect(await points(memberId)).toEqual({ available: 1_000n, held: 0n });
    expect(await db().countBy(RiskAct, { memberId })).toBe(0);
    const [{ id, ...held } = { id: '' }, ...more] = await casesOf(memberId);
    expect(more).toEqual([]);
    expect(held).toMatchObject({
      status: 'OPEN',
      action: 'REDEMPTION',
      partnerId: reward.partnerId,
      points: 40n,
      reasons: ['DORMANT_ACCOUNT'],
      dueAt: daysFrom(3),
    });

    await decide(id, true);
    // Another input is another request.
    await expect(redeem(memberId, { ...asked, quantity: 20 })).rejects.toEqual(underReview);
    const again = await race(test.owner(), 4, () => askAgain(() => redeem(memberId, asked)));

    expect(again.reasons).toEqual([]);
    expect(new Set(again.answers.map((each) => each.id)).size).toBe(1);
    expect(await points(memberId)).toEqual({ available: 960n, held: 0n });
    expect(await db().countBy(RiskAct, { memberId })).toBe(1);
  });

  it('is refused where staff denies it, and looked at anew where nobody decided', async () => {
    const memberId = await givenOldMember(test, 1_000n, 181);
    for (const key of ['a', 'b']) {
      await expect(redeem(memberId, { key })).rejects.toEqual(underReview);
    }
    const [denied] = await casesOf(memberId);
    await decide(denied!.id, false);
    const outcomes = await Promise.allSettled(['a', 'b'].map((key) => redeem(memberId, { key })));
    expect(
      outcomes.map((each) => ((each as PromiseRejectedResult).reason as Refusal).code).sort(),
    ).toEqual(['NOT_ALLOWED', 'UNDER_REVIEW']);

    // The worker goes by the database's clock, which is later than the tests' noon.
    await runJob(test, 'expire-risk-cases');
    for (const key of ['a', 'b']) {
      await redeem(memberId, { key, at: daysFrom(4) }).catch(() => null);
    }

    const cases = await casesOf(memberId);
    expect(cases.map(({ status, dueAt }) => [status, dueAt])).toEqual([
      ['DENIED', daysFrom(3)],
      ['OPEN', daysFrom(7)],
    ]);
    expect(await points(memberId)).toEqual({ available: 1_000n, held: 0n });
  });

  it('at a till waits likewise, and is asked for again under the same reference', async () => {
    const { memberId, till } = await givenTill(test, { at: noon });
    await rows(test.owner(), `UPDATE ledger.account SET active_at = $2 WHERE member_id = $1;`, [
      memberId,
      daysFrom(-181),
    ]);
    await db().update(Member, { id: memberId }, { joinedAt: daysFrom(-181) });
    const asked = { points: 40n, reference: randomUUID() };

    await expect(till.hold(memberId, asked)).rejects.toEqual(underReview);
    const [held] = await casesOf(memberId);
    expect(held).toMatchObject({ action: 'HOLD', partnerId: till.partnerId, points: 40n });
    await decide(held!.id, true);

    await expect(till.hold(memberId, { ...asked, points: 41n })).rejects.toEqual(underReview);
    const hold = await till.hold(memberId, asked);
    expect(await points(memberId)).toEqual({ available: 460n, held: 40n });
    await till.capture(hold.id);
    const told = await rows<{ type: string }>(
      test.owner(),
      `SELECT type FROM platform.outbox WHERE partner_id = $1 AND type ~ '^(hold|spending)' ORDER BY sequence`,
      [till.partnerId],
    );
    expect(told.map(({ type }) => type)).toEqual([
      'spending.held',
      'spending.allowed',
      'spending.held',
      'hold.placed',
      'hold.captured',
    ]);
  });

  it('is refused to who was suspended while it waited for its turn', async () => {
    const memberId = await givenOldMember(test, 1_000n);
    const asked = ['REDEMPTION', randomUUID(), memberId, 'a', 10, false, noon];
    await db().update(Member, { id: memberId }, { status: 'SUSPENDED' });

    const judged = await rows(
      test.db('rewards-catalog'),
      'SELECT decision, reasons FROM members.judge_spending($1, $2, $3, $4, $5, $6, $7)',
      asked,
    );

    expect(judged).toEqual([{ decision: 'DENY', reasons: ['MEMBER_INACTIVE'] }]);
    expect(await db().countBy(RiskAct, { memberId })).toBe(0);
  });

  it('fills the queue with no more of one member than twenty', async () => {
    const memberId = await givenOldMember(test, 1_000n, 181);
    for (let n = 0; n < 20; n++) await expect(redeem(memberId)).rejects.toEqual(underReview);

    await expect(redeem(memberId)).rejects.toEqual(refusal('LIMIT_REACHED'));

    expect(await casesOf(memberId)).toHaveLength(20);
  });
});

describe('a transfer that was held back', () => {
  let ada: string;
  let bea: string;
  let held: Awaited<ReturnType<typeof aTransfer>>;
  let heldCase: RiskCase;
  const dueAt = daysFrom(3);
  beforeEach(async () => {
    await givenLimits(test, { transferPointsPerDay: 500n, dormantDays: 180, reviewHours: 72 });
    ada = await givenOldMember(test, 1_000n, 200);
    bea = await givenOldMember(test);
    held = await aTransfer(test, ada, bea, { points: 300n, idempotencyKey: 'held' });
    heldCase = await caseOf(held.id);
  });
  const again = (at: Date) =>
    aTransfer(test, ada, bea, { points: 300n, idempotencyKey: 'held', at });
  async function expectHeld() {
    expect(await points(ada)).toEqual({ available: 700n, held: 300n });
    expect(await points(bea)).toEqual({ available: 0n, held: 0n });
    expect((await caseOf(held.id)).status).toBe('OPEN');
  }

  it('keeps its points set aside, and counts against the limits', async () => {
    expect(held).toMatchObject({ status: 'UNDER_REVIEW', reviewDueAt: dueAt });
    expect(heldCase).toMatchObject({ action: 'TRANSFER', memberId: ada, points: 300n, dueAt });
    await expectHeld();
    expect((await again(noon)).id).toBe(held.id);
    await expect(aTransfer(test, ada, bea, { points: 201n })).rejects.toEqual(
      refusal('LIMIT_REACHED'),
    );
  });

  it('is carried out once where it is allowed, and the act recorded', async () => {
    const before = (await acts('decideRiskCase')).length;

    const decided = await decide(heldCase.id, true);
    const same = await decide(heldCase.id, true);

    expect(decided).toMatchObject({ status: 'ALLOWED', decidedBy: 'eve' });
    expect(same).toEqual(decided);
    expect(await points(ada)).toEqual({ available: 700n, held: 0n });
    expect(await points(bea)).toEqual({ available: 300n, held: 0n });
    expect(await again(noon)).toMatchObject({ status: 'POSTED' });
    expect(await movedOut(test, ada)).toEqual({ count: 1n, points: 300n });
    expect((await acts('decideRiskCase')).slice(before)).toEqual([
      {
        actor: 'eve',
        subject_type: 'Member',
        reason: 'Looked at',
        changes: [{ field: 'status', before: 'OPEN', after: 'ALLOWED' }],
      },
    ]);
  });

  it('gives its points back where it is denied, and counts no more', async () => {
    await decide(heldCase.id, false);

    expect(await points(ada)).toEqual({ available: 1_000n, held: 0n });
    expect(await again(noon)).toMatchObject({ status: 'REVERSED' });
    expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
    await expect(decide(heldCase.id, true)).rejects.toEqual(refusal('CONFLICT', ['id']));
    await expect(decide(heldCase.id, false, { by: 'ann' })).rejects.toEqual(
      refusal('CONFLICT', ['id']),
    );
  });

  it('ends where its giver is erased at the same instant', async () => {
    const adjusted = { memberId: ada, points: 1n, reason: 'Goodwill', idempotencyKey: 'a' };
    await adjustPoints(db(), adjusted, { viewer: staff(), clock: new SetClock(noon) });
    await rows(test.owner(), 'UPDATE members.points_transfer SET message = $2 WHERE id = $1', [
      held.id,
      'Hello',
    ]);
    await db().update(Member, { id: ada }, { status: 'CLOSED' });
    await rows(test.owner(), `UPDATE members.risk_case SET due_at = '2026-01-01' WHERE id = $1`, [
      heldCase.id,
    ]);

    // Erasing has taken the transfer, and waits for a row of the member that comes before the case.
    const blocked = await test.owner().transaction(async (tx) => {
      await rows(tx, 'SELECT FROM members.adjustment WHERE member_id = $1 FOR UPDATE', [ada]);
      const erased = rows(test.owner(), 'SELECT members.erase_member($1)', [ada]);
      await setTimeout(100);
      const expired = runJob(test, 'expire-risk-cases');
      await setTimeout(100);
      return { erased, expired };
    });

    await Promise.all([blocked.erased, blocked.expired]);
    expect((await caseOf(held.id)).status).toBe('EXPIRED');
  });

  it('is decided once where many decide at once', async () => {
    const { answers, reasons } = await race(db(), 12, (index) =>
      askAgain(() => decide(heldCase.id, index % 2 === 0, { by: `staff ${index}` })),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(11).fill(refusal('CONFLICT', ['id'])));
    const moved = answers[0]!.status === 'ALLOWED' ? 300n : 0n;
    expect((await movedOut(test, ada)).points).toBe(moved);
    expect(await points(ada)).toEqual({ available: 1_000n - moved, held: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('is over when it is due, on read and by the worker', async () => {
    const run = () => runJob(test, 'expire-risk-cases');
    const justBefore = new Date(dueAt.getTime() - 1);

    expect(await points(ada, justBefore)).toMatchObject({ held: 300n });
    expect(await points(ada, dueAt)).toEqual({ available: 1_000n, held: 0n });
    expect(await again(dueAt)).toMatchObject({ status: 'REVERSED' });
    await expect(decide(heldCase.id, true, { at: dueAt })).rejects.toEqual(
      refusal('EXPIRED', ['id']),
    );

    // The worker goes by the database's clock, which is later than the tests' noon.
    await run();
    expect(await run()).toBe(0);
    expect((await caseOf(held.id)).status).toBe('EXPIRED');
    expect(await db().countBy(RiskAct, { memberId: ada })).toBe(0);
    const told = await rows(
      test.owner(),
      `SELECT type FROM platform.outbox WHERE member_id = $1 AND type LIKE 'transfer.%'
       ORDER BY sequence`,
      [ada],
    );
    expect(told).toEqual([{ type: 'transfer.held' }, { type: 'transfer.expired' }]);
  });

  it('stays held where it cannot be carried out', async () => {
    await db().update(Member, { id: bea }, { status: 'CLOSED' });
    await expect(decide(heldCase.id, true)).rejects.toEqual(refusal('MEMBER_INACTIVE', ['allow']));
    await expectHeld();

    await db().update(Member, { id: bea }, { status: 'ACTIVE' });
    // The points expire while they are held: giving them up is their end.
    await rows(test.owner(), 'UPDATE ledger.lot SET expires_at = $2 WHERE member_id = $1', [
      ada,
      daysFrom(1),
    ]);
    await expect(decide(heldCase.id, true, { at: daysFrom(2) })).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 0n, required: 300n }),
    );
    await expectHeld();
  });

  it.each([
    ['no id', { id: '1' }, 'INVALID', ['id']],
    ['an unknown case', { id: randomUUID() }, 'NOT_FOUND', ['id']],
    ['no reason', { reason: ' ' }, 'INVALID', ['reason']],
  ] as const)('refuses a decision of %s', async (_, wrong, code, path) => {
    const input = { id: heldCase.id, allow: true, reason: 'Fine', ...wrong };
    const by = { viewer: staff(), clock: new SetClock(noon) };

    await expect(decideRiskCase(db(), input, by)).rejects.toEqual(refusal(code, [...path]));

    await expectHeld();
  });
});

describe('riskCases', () => {
  it('lists what is due first, page by page, as it stands at the instant', async () => {
    await rows(test.owner(), 'DELETE FROM members.risk_case');
    await givenLimits(test, { dormantDays: 180 });
    const ids: string[] = [];
    for (const hours of [72, 24, 48]) {
      await givenLimits(test, { reviewHours: hours });
      const [from, to] = [await givenOldMember(test, 100n, 200), await givenOldMember(test)];
      ids.push((await caseOf((await aTransfer(test, from, to)).id)).id);
    }
    const byDue = [ids[1]!, ids[2]!, ids[0]!];
    await decide(byDue[2]!, false);
    const list = async (
      status: RiskCase['status'] | null,
      at = noon,
      after: string[] | null = null,
    ) => (await riskCases(db(), status, { first: 2, after }, at)).nodes.map(({ id }) => id);
    const first = await riskCases(db(), null, { first: 2, after: null }, noon);
    const keys = JSON.parse(
      Buffer.from(first.pageInfo.endCursor!, 'base64url').toString(),
    ) as string[];

    expect(first.nodes.map(({ id }) => id)).toEqual(byDue.slice(0, 2));
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await list(null, noon, keys)).toEqual(byDue.slice(2));
    expect(await list('OPEN')).toEqual(byDue.slice(0, 2));
    expect(await list('OPEN', daysFrom(1))).toEqual([byDue[1]]);
    expect(await list('EXPIRED', daysFrom(1))).toEqual([byDue[0]]);
    expect(await list('DENIED')).toEqual([byDue[2]]);
    expect(await list('ALLOWED')).toEqual([]);
  });
});

describe('setRiskLimits', () => {
  const by = {
    viewer: { ...adminViewer(['PROGRAM_MANAGE']), subject: 'eve' },
    clock: new SetClock(noon),
  };

  it('changes what is given, leaves the rest, and is recorded', async () => {
    await givenLimits(test, { transfersPerDay: 5, stepUpFrom: 10_000n });
    const before = await riskLimits(db());
    const recorded = (await acts('setRiskLimits')).length;

    await setRiskLimits(db(), { transfersPerDay: 6, stepUpFrom: null }, by);

    expect(await riskLimits(db())).toEqual(Object.assign(before, { transfersPerDay: 6 }));
    expect((await acts('setRiskLimits')).slice(recorded)).toMatchObject([
      { actor: 'eve', changes: [{ field: 'transfersPerDay', before: '5', after: '6' }] },
    ]);
  });

  it('lets changes of several fields at once all stand', async () => {
    await race(db(), 6, (index) =>
      askAgain(() => setRiskLimits(db(), index % 2 ? { dormantDays: 99 } : { reviewHours: 9 }, by)),
    );

    expect(await riskLimits(db())).toMatchObject({ dormantDays: 99, reviewHours: 9 });
  });

  it.each([
    ['newAccountDays', -1],
    ['newAccountDays', 367],
    ['transfersPerDay', 0],
    ['transfersPerYear', 10_001],
    ['transferPointsPerDay', 0n],
    ['stepUpFrom', 10n ** 12n + 1n],
    ['reviewHours', 721],
  ])('refuses %s of %s, and changes nothing', async (name, value) => {
    const before = await db().find(RiskLimits);

    await expect(setRiskLimits(db(), { transfersPer30Days: 7, [name]: value }, by)).rejects.toEqual(
      refusal('INVALID', [name]),
    );

    expect(await db().find(RiskLimits)).toEqual(before);
  });
});
