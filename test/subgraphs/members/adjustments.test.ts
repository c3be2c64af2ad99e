import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import {
  adjustPoints,
  approveAdjustment,
  rejectAdjustment,
} from '../../../subgraphs/members/adjustments/adjustments.ts';
import { Adjustment, Member } from '../../../subgraphs/members/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { noon } from '../../support/given-points.ts';
import { daysFrom, givenOldMember } from '../../support/given-transfers.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const staff = (subject: string, at = noon) => ({
  viewer: { ...adminViewer(['LEDGER_ADJUST']), subject },
  clock: new SetClock(at),
});
let ada: string;
beforeEach(async () => {
  ada = await givenOldMember(test, 500n);
  // 1,000 and less need nobody else.
  await rows(test.owner(), 'UPDATE members.program SET adjustment_approval_limit = 1000');
});

type Asked = Partial<Parameters<typeof adjustPoints>[1]>;
const adjust = (points: bigint, more: Asked = {}, by = 'eve') => {
  const input = { memberId: ada, points, reason: 'Goodwill', idempotencyKey: randomUUID() };
  return adjustPoints(db(), { ...input, ...more }, staff(by));
};
const approve = (id: string, by = 'ann', at = noon) =>
  approveAdjustment(db(), { id }, staff(by, at));
const reject = (id: string, by = 'ann', reason = 'No receipt') =>
  rejectAdjustment(db(), { id, reason }, staff(by));
const available = async (at = noon) =>
  (await balancesOf(db(), [{ memberId: ada }], at))[0]!.available;
/** What was adjusted, by the ledger alone. */
const posted = async () =>
  (
    await rows<{ points: bigint }>(
      test.owner(),
      `SELECT points FROM ledger.transfer WHERE member_id = $1 AND kind = 'ADJUSTMENT'
       ORDER BY account_version`,
      [ada],
    )
  ).map(({ points }) => points);
const acts = () =>
  rows(
    test.owner(),
    `SELECT actor, action, reason FROM platform.audit_event
     WHERE subject_type = 'Member' AND subject_id = $1 ORDER BY sequence`,
    [ada],
  );

describe('adjustPoints', () => {
  it.each([
    [1_000n, 1_500n],
    [-500n, 0n],
  ])('posts %s at once, with its reason in the audit', async (points, left) => {
    const done = await adjust(points);

    expect(done).toMatchObject({ status: 'POSTED', requestedBy: 'eve', decidedBy: null });
    expect(await available()).toBe(left);
    expect(await posted()).toEqual([points]);
    expect(await acts()).toEqual([{ actor: 'eve', action: 'adjustPoints', reason: 'Goodwill' }]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it.each([1_001n, -1_001n])('lets %s wait for a second administrator', async (points) => {
    const waiting = await adjust(points);

    expect(waiting.status).toBe('AWAITING_APPROVAL');
    expect(await posted()).toEqual([]);
  });

  it('counts what one person does for one member on one of the program’s days', async () => {
    // In Berlin 2 March begins at 23:00 UTC.
    const at = (time: string) => staff('eve', new Date(`2026-03-0${time}:00Z`));
    const statusAt = async (points: bigint, by: ReturnType<typeof staff>, memberId = ada) => {
      const input = { memberId, points, reason: 'Goodwill', idempotencyKey: randomUUID() };
      return (await adjustPoints(db(), input, by)).status;
    };

    expect(await statusAt(600n, at('1T22:00'))).toBe('POSTED');
    expect(await statusAt(-401n, at('1T22:00'))).toBe('AWAITING_APPROVAL');
    expect(await statusAt(-400n, at('1T22:59'))).toBe('POSTED');
    expect(await statusAt(1n, at('1T22:59'))).toBe('AWAITING_APPROVAL');
    expect(await statusAt(1n, staff('ann', at('1T22:59').clock.at))).toBe('POSTED');
    expect(await statusAt(1_000n, at('1T22:59'), await givenOldMember(test))).toBe('POSTED');
    expect(await statusAt(1_000n, at('1T23:00'))).toBe('POSTED');
    expect(await posted()).toEqual([600n, -400n, 1n, 1_000n]);
  });

  it('counts what one person does for all members on one day, and not what others approved', async () => {
    await rows(test.owner(), 'UPDATE members.program SET adjustment_daily_limit = 1500');
    const bea = await givenOldMember(test, 500n);
    const by = randomUUID();
    await approve((await adjust(5_000n, {}, by)).id);

    const statuses = [];
    for (const [memberId, points] of [
      [ada, 1_000n],
      [bea, -500n],
      [bea, 1n],
    ] as const) {
      statuses.push((await adjust(points, { memberId }, by)).status);
    }
    await rows(test.owner(), 'UPDATE members.program SET adjustment_daily_limit = 100000');

    expect(statuses).toEqual(['POSTED', 'POSTED', 'AWAITING_APPROVAL']);
  });

  it.each([
    ['one member', 1],
    ['many members', 8],
  ])('lets no more through for %s at once than one after the other', async (_, size) => {
    const limit = size === 1 ? 'approval' : 'daily';
    await rows(test.owner(), `UPDATE members.program SET adjustment_${limit}_limit = 1000`);
    const members = await Promise.all(Array.from({ length: size }, () => givenOldMember(test)));
    const by = randomUUID();

    const { answers, reasons } = await race(db(), 8, (index) =>
      askAgain(() => adjust(300n, { memberId: members[index % size]! }, by)),
    );
    await rows(test.owner(), 'UPDATE members.program SET adjustment_daily_limit = 100000');

    expect(reasons).toEqual([]);
    expect(answers.filter(({ status }) => status === 'POSTED')).toHaveLength(3);
  });

  it('gives points an end of their own', async () => {
    await adjust(100n, { expiresOn: '2026-03-10' });

    // The 10th ends in Berlin at 23:00 UTC.
    expect(await available(new Date('2026-03-10T22:59:59Z'))).toBe(600n);
    expect(await available(new Date('2026-03-10T23:00:00Z'))).toBe(500n);
  });

  it('gives the first answer again, and posts once where it comes many times at once', async () => {
    const again = { idempotencyKey: 'a' };
    const { answers, reasons } = await race(db(), 8, () => askAgain(() => adjust(100n, again)));

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await posted()).toEqual([100n]);
    await expect(adjust(101n, again)).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['idempotencyKey'], { subject: answers[0]!.id }),
    );
    expect((await adjust(100n, again, 'ann')).id).not.toBe(answers[0]!.id);
  });

  it.each([
    ['no points', 0n, {}, 'INVALID', ['points']],
    ['too many points', 10n ** 12n + 1n, {}, 'INVALID', ['points']],
    ['no reason', 1n, { reason: ' ' }, 'INVALID', ['reason']],
    ['an end of points taken', -1n, { expiresOn: '2026-12-31' }, 'INVALID', ['expiresOn']],
    ['an end that is over', 1n, { expiresOn: '2026-02-28' }, 'INVALID', ['expiresOn']],
    ['an unknown member', 1n, { memberId: randomUUID() }, 'NOT_FOUND', ['memberId']],
    ['an unknown currency', 1n, { currency: 'NONE' }, 'NOT_FOUND', ['currency']],
    ['more than there is', -501n, {}, 'INSUFFICIENT_POINTS', []],
  ] as [string, bigint, Asked, 'INVALID', string[]][])(
    'refuses %s, and changes nothing',
    async (_, points, wrong, code, path) => {
      await expect(adjust(points, wrong)).rejects.toEqual(refusal(code, path));

      expect(await db().countBy(Adjustment, { memberId: ada })).toBe(0);
      expect(await posted()).toEqual([]);
      expect(await acts()).toEqual([]);
    },
  );

  it('refuses a member of the sandbox as unknown, and a closed one', async () => {
    await db().update(Member, { id: ada }, { sandbox: true });
    await expect(adjust(1n)).rejects.toEqual(refusal('NOT_FOUND', ['memberId']));
    await db().update(Member, { id: ada }, { sandbox: false, status: 'CLOSED' });
    await expect(adjust(1n)).rejects.toEqual(refusal('MEMBER_INACTIVE', ['memberId']));
  });
});

describe('an adjustment that awaits approval', () => {
  let id: string;
  beforeEach(async () => (id = (await adjust(5_000n)).id));

  it('is posted by another administrator, once', async () => {
    await expect(approve(id, 'eve')).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));
    expect(await posted()).toEqual([]);

    const approved = await approve(id);
    const again = await approve(id);

    expect(approved).toMatchObject({ status: 'POSTED', decidedBy: 'ann' });
    expect(again).toEqual(approved);
    expect(await posted()).toEqual([5_000n]);
    expect(await acts()).toMatchObject([
      { actor: 'eve', action: 'adjustPoints' },
      { actor: 'ann', action: 'approveAdjustment', reason: 'Goodwill' },
    ]);
    await expect(approve(id, 'bob')).rejects.toEqual(refusal('CONFLICT', ['id']));
    await expect(reject(id)).rejects.toEqual(refusal('CONFLICT', ['id']));
  });

  it('is decided once where many decide at once', async () => {
    const { answers, reasons } = await race(db(), 12, (index) =>
      askAgain(() => (index % 3 ? approve(id, `staff ${index}`) : reject(id, `staff ${index}`))),
    );

    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(11).fill(refusal('CONFLICT', ['id'])));
    expect(await posted()).toEqual(answers[0]!.status === 'POSTED' ? [5_000n] : []);
  });

  it('is rejected with who and why, also by who asked for it', async () => {
    const rejected = await reject(id, 'eve');

    expect(rejected).toMatchObject({ decidedBy: 'eve', rejectedBecause: 'No receipt' });
    expect(await reject(id, 'eve')).toEqual(rejected);
    await expect(reject(id, 'eve', 'Another')).rejects.toEqual(refusal('CONFLICT', ['id']));
    await expect(approve(id)).rejects.toEqual(refusal('CONFLICT', ['id']));
    expect(await posted()).toEqual([]);
  });

  it('goes on waiting where it cannot be posted', async () => {
    const taken = await adjust(-5_000n);
    await expect(approve(taken.id)).rejects.toEqual(
      refusal('INSUFFICIENT_POINTS', [], { available: 500n, required: 5_000n }),
    );
    const ended = await adjust(5_000n, { expiresOn: '2026-03-10' });
    await expect(approve(ended.id, 'ann', daysFrom(10))).rejects.toEqual(
      refusal('EXPIRED', ['expiresOn']),
    );
    await db().update(Member, { id: ada }, { status: 'CLOSED' });
    await expect(approve(id)).rejects.toEqual(refusal('MEMBER_INACTIVE', ['id']));

    expect(await db().countBy(Adjustment, { memberId: ada, status: 'AWAITING_APPROVAL' })).toBe(3);
    expect(await posted()).toEqual([]);
  });

  it.each([
    ['no id', () => approve('1'), 'INVALID', ['id']],
    ['an unknown one', () => approve(randomUUID()), 'NOT_FOUND', ['id']],
    ['a rejection without a reason', () => reject(id, 'ann', ''), 'INVALID', ['reason']],
  ] as const)('refuses %s', async (_, call, code, path) => {
    await expect(call()).rejects.toEqual(refusal(code, [...path]));
  });
});
