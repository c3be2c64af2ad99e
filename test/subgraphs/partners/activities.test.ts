import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { configureProgram } from '../../../subgraphs/members/program/configuration.ts';
import {
  amountOf,
  costOf,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import { activitiesOf, statusOf } from '../../../subgraphs/partners/activities/lists.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { lockPartner } from '../../../subgraphs/partners/brands/partners.ts';
import { Activity } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember, givenMemberAt } from '../../support/given-members.ts';
import {
  aPointAUnit,
  givenContract,
  givenPartner,
  givenRules,
  givenStatus,
} from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('recordActivity', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-06-15T10:00:00Z');

  type Reported = Pick<RecordActivity, 'member'> & Partial<RecordActivity>;

  function record(viewer: Viewer, reported: Reported, at = now): Promise<Activity> {
    const input: RecordActivity = {
      kind: 'PURCHASE',
      reference: 'till-1',
      occurredAt: now,
      amount: { amount: '49.99', currency: 'EUR' },
      ...reported,
    };
    return recordActivity(db(), input, { viewer, clock: new SetClock(at) });
  }

  /** A partner's till, and a member who lets it report. */
  async function givenShop(given: Parameters<typeof givenPartner>[1] = {}) {
    const partnerId = await givenPartner(test, given);
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    return { partnerId, memberId, till: tillOf(partnerId), member: { id: memberId } };
  }

  const tillOf = (partnerId: string) => partnerViewer(partnerId, ['ACCRUALS_WRITE']);
  const countOf = (partnerId: string) => db().countBy(Activity, { partnerId });

  async function balanceOf(memberId: string): Promise<bigint> {
    return (await balancesOf(db(), [{ memberId }], new Date('2030-01-01')))[0]!.available;
  }

  async function events(activityId: string) {
    const sql = `SELECT type, member_id AS "memberId", partner_id AS "partnerId" FROM platform.outbox
                 WHERE payload ->> 'activityId' = $1`;
    return rows(test.owner(), sql, [activityId]);
  }

  it('posts what the rules give, at the contract of the day, and tells of it', async () => {
    const { partnerId, memberId, till, member } = await givenShop({ name: 'Shop' });

    const activity = await record(till, { member });

    expect(activity).toMatchObject({
      status: 'POSTED',
      points: 49n,
      contractVersion: 1,
      ruleSetVersion: 1,
      postedAt: now,
      explanation: [{ rule: 'BASE', base: '49.99', multiplier: '1', points: 49, applied: true }],
    });
    // 49 points at 0.0120 EUR.
    expect(costOf(activity, { currency: 'EUR' })).toEqual({ amount: '0.588', currency: 'EUR' });
    expect(await balancesOf(db(), [{ memberId }], now)).toMatchObject([
      { available: 49n, byIssuer: [{ issuerId: partnerId, points: 49n }] },
    ]);
    const [posted] = await rows(
      test.owner(),
      `SELECT t.description, t.source_id AS "sourceId", l.issue_price AS "issuePrice"
       FROM ledger.transfer t JOIN ledger.lot l ON l.lot_id = t.transfer_id WHERE t.member_id = $1`,
      [memberId],
    );
    expect(posted).toEqual({
      description: 'Purchase at Shop',
      sourceId: activity.id,
      issuePrice: '0.0120',
    });
    expect(await events(activity.id)).toEqual([{ type: 'activity.posted', memberId, partnerId }]);
  });

  describe('by a contract whose points wait 14 days', () => {
    const contract = { pending: 'DAYS', pendingDays: 14 } as const;
    // 15 June and 14 days are 29 June: 30 June begins in Berlin, two hours ahead of UTC.
    const expectedBy = new Date('2026-06-29T22:00:00Z');
    const spendable = async (memberId: string, at: Date) => {
      const [balance] = await balancesOf(db(), [{ memberId }], at);
      return [balance!.available, balance!.pending];
    };
    const before = new Date(expectedBy.getTime() - 1);

    it('posts them pending until the day after, once, and counts them then by themselves', async () => {
      const { memberId, partnerId, till, member } = await givenShop({ contract });

      const activity = await record(till, { member });
      const again = await record(till, { member }, new Date('2026-07-15T10:00:00Z'));

      expect(activity).toMatchObject({ status: 'POSTED', points: 49n, expectedBy });
      expect(again).toEqual(activity);
      expect([statusOf(activity, before), statusOf(activity, expectedBy)]).toEqual([
        'PENDING',
        'POSTED',
      ]);
      expect(await spendable(memberId, before)).toEqual([0n, 49n]);
      expect(await spendable(memberId, expectedBy)).toEqual([49n, 0n]);
      const listed = async (status: 'PENDING' | 'POSTED', at: Date) => {
        const asked = {
          selection: { status },
          page: { first: 5, after: null },
          timeZone: 'UTC',
          at,
        };
        const found = await activitiesOf(db(), 'partner_id', [partnerId], asked, adminViewer());
        return found.map(({ id }) => id);
      };
      expect([await listed('PENDING', before), await listed('POSTED', before)]).toEqual([
        [activity.id],
        [],
      ]);
      expect([await listed('PENDING', expectedBy), await listed('POSTED', expectedBy)]).toEqual([
        [],
        [activity.id],
      ]);
    });

    it('goes by the version of the day, and lets none wait that has waited, or is nothing', async () => {
      const { partnerId, memberId, till, member } = await givenShop({ contract });
      await givenContract(db(), partnerId, { validFrom: '2026-06-14' });
      const made = (reference: string, day: string, amount = '10') =>
        record(till, {
          member,
          reference,
          occurredAt: new Date(`${day}T10:00:00Z`),
          amount: { amount, currency: 'EUR' },
        });

      const [waits, nothing, old, later] = [
        await made('waits', '2026-06-13'),
        await made('nothing', '2026-06-13', '0.5'),
        await made('old', '2026-05-31'),
        await made('later', '2026-06-15'),
      ];

      expect([waits, nothing, old, later].map((each) => each.expectedBy)).toEqual([
        new Date('2026-06-27T22:00:00Z'),
        null,
        null,
        null,
      ]);
      expect(await spendable(memberId, now)).toEqual([20n, 10n]);
    });

    it('posts one of many calls at once', async () => {
      const { memberId, till, member } = await givenShop({ contract });

      const { answers } = await race(db(), 8, () => record(till, { member }));

      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(await spendable(memberId, before)).toEqual([0n, 49n]);
      expect(await auditLedger(test.owner())).toEqual([]);
    });
  });

  it('finds the member by number and by e-mail address too', async () => {
    const { partnerId, till } = await givenShop();
    const email = `${randomUUID()}@example.com`;
    const memberId = await givenMemberAt(test, email);
    await givenConsent(test, memberId, partnerId);
    const [row] = await rows<{ number: string }>(
      test.owner(),
      'SELECT member_number AS number FROM members.member WHERE id = $1',
      [memberId],
    );

    const byEmail = await record(till, { member: { email }, reference: 'a' });
    const byNumber = await record(till, { member: { memberNumber: row!.number }, reference: 'b' });

    expect([byEmail.memberId, byNumber.memberId]).toEqual([memberId, memberId]);
  });

  it('posts an activity that earns nothing without a movement', async () => {
    const { memberId, till, member } = await givenShop();

    const activity = await record(till, { member, amount: { amount: '0', currency: 'EUR' } });

    expect(activity).toMatchObject({ points: 0n, status: 'POSTED' });
    expect(activity.explanation).toMatchObject([{ points: 0, applied: true }]);
    expect(await balanceOf(memberId)).toBe(0n);
    expect(await events(activity.id)).toHaveLength(1);
    const moved = 'SELECT FROM ledger.transfer WHERE member_id = $1';
    expect(await rows(test.owner(), moved, [memberId])).toEqual([]);
  });

  describe('by tiers', () => {
    const setTiers = (tiers: { code: string; threshold: bigint; earnMultiplier: string }[]) =>
      configureProgram(
        test.db('members'),
        { tiers: tiers.map((tier) => ({ ...tier, name: tier.code, benefits: [] })) },
        { viewer: adminViewer(), clock: new SetClock(now) },
      );
    beforeAll(() =>
      setTiers([
        { code: 'BASE', threshold: 0n, earnMultiplier: '1' },
        { code: 'GOLD', threshold: 40n, earnMultiplier: '1.5' },
      ]),
    );
    afterAll(() => setTiers([]));

    it('multiplies what is earned from the one on that reaches it', async () => {
      const { memberId, till, member } = await givenShop();
      const amount = { amount: '33.33', currency: 'EUR' };

      const first = await record(till, { member });
      const second = await record(till, { member, amount, reference: 'till-2' });
      const again = await record(till, { member, amount, reference: 'till-2' });

      expect(first).toMatchObject({ points: 49n, explanation: [{ rule: 'BASE' }] });
      // 33.33 x 1.5, rounded down once; 33 count for tiers.
      expect(second).toMatchObject({
        points: 49n,
        qualifyingPoints: 33n,
        explanation: [
          { rule: 'BASE', points: 33 },
          { rule: 'tier', base: '33.33', multiplier: '1.5', points: 16, applied: true },
        ],
      });
      expect(again.id).toBe(second.id);
      expect(await balanceOf(memberId)).toBe(98n);
    });

    it('leaves members of a program without tiers as they were', async () => {
      await setTiers([]);
      const { till, member } = await givenShop();

      const activity = await record(till, { member });

      expect(activity).toMatchObject({ points: 49n, explanation: [{ rule: 'BASE', points: 49 }] });
    });
  });

  it('asks for the day and the hour of the program', async () => {
    // Sunday, 23:30 UTC, is Monday, 1:30 in Berlin.
    const when = 'activity.dayOfWeek == 1 && activity.hour == 1';
    const { till, member } = await givenShop({ rules: [{ ...aPointAUnit, when }] });

    const activity = await record(till, { member, occurredAt: new Date('2026-06-14T23:30:00Z') });

    expect(activity.points).toBe(49n);
  });

  it('takes the contract and the rules that were valid when it happened', async () => {
    const { partnerId, till, member } = await givenShop();
    const change = new Date('2026-06-10T00:00:00+02:00');
    await givenContract(db(), partnerId, { validFrom: '2026-06-10', issuePrice: '0.0200' });
    await givenRules(db(), partnerId, [{ ...aPointAUnit, earn: { spend: '2' } }], change);

    const before = await record(till, {
      member,
      reference: 'before',
      occurredAt: new Date(change.getTime() - 1),
    });
    const after = await record(till, { member, reference: 'after', occurredAt: change });

    expect(before).toMatchObject({
      points: 49n,
      issuePrice: '0.0120',
      contractVersion: 1,
      ruleSetVersion: 1,
    });
    expect(after).toMatchObject({
      points: 99n,
      issuePrice: '0.0200',
      contractVersion: 2,
      ruleSetVersion: 2,
    });
  });

  it('earns by later rules that start in the past, and leaves what is posted as it is', async () => {
    const { partnerId, till, member } = await givenShop();
    const change = new Date(now.getTime() - 60 * 60_000);
    const first = await record(till, { member, reference: 'posted' });

    await givenRules(db(), partnerId, [{ ...aPointAUnit, earn: { spend: '2' } }], change);
    const later = await record(till, { member, reference: 'later', occurredAt: change });
    const again = await record(till, { member, reference: 'posted' });

    expect(later).toMatchObject({ points: 99n, ruleSetVersion: 2 });
    expect(again).toEqual(first);
    expect(again).toMatchObject({ points: 49n, ruleSetVersion: 1 });
  });

  it('takes what was bought before the first rules were published, from where they start', async () => {
    const published = new Date('2024-03-15T10:00:00Z');
    const occurredAt = new Date('2024-03-15T06:00:00Z');
    const fromThen = await givenShop({ rulesFrom: published });
    const fromContract = await givenShop({ rulesFrom: new Date('2020-01-01T00:00:00Z') });

    await expect(
      record(fromThen.till, { member: fromThen.member, occurredAt }, published),
    ).rejects.toEqual(refusal('INVALID', ['occurredAt']));
    const { till, member } = fromContract;
    const activity = await record(till, { member, occurredAt }, published);

    expect(await countOf(fromThen.partnerId)).toBe(0);
    expect(activity).toMatchObject({ points: 49n, ruleSetVersion: 1 });
  });

  it('gives the first answer to a repeated reference, whatever has changed since', async () => {
    const { partnerId, memberId, till, member } = await givenShop();
    const first = await record(till, { member });
    await revokeConsent(test.db('members'), { partnerId }, { memberId, clock: databaseClock });
    await givenStatus(test, partnerId, 'SUSPENDED');

    const again = await record(
      till,
      { member, amount: { amount: '49.990', currency: 'EUR' } },
      new Date('2029-01-01'),
    );

    expect(again).toEqual(first);
    expect(await balanceOf(memberId)).toBe(49n);
    expect(await countOf(partnerId)).toBe(1);
  });

  it('takes a retry that is spelled in another way for the same, and answers it alike', async () => {
    const { partnerId, till } = await givenShop();
    const email = `${randomUUID()}@example.com`;
    await givenConsent(test, await givenMemberAt(test, email), partnerId);

    const first = await record(till, {
      member: { email },
      amount: { amount: '0012.50', currency: 'EUR' },
    });
    const again = await record(till, {
      member: { email: email.toUpperCase() },
      amount: { amount: '12.5', currency: 'EUR' },
    });

    expect(again).toEqual(first);
    expect(amountOf(first)).toEqual({ amount: '12.50', currency: 'EUR' });
  });

  it.each([
    ['amount', { amount: { amount: '50', currency: 'EUR' } }],
    ['instant', { occurredAt: new Date(now.getTime() - 1) }],
    ['member', { member: { id: randomUUID() } }],
  ])('refuses the same reference with another %s, and posts nothing', async (_, other) => {
    const { partnerId, memberId, till, member } = await givenShop();
    const { id } = await record(till, { member });

    await expect(record(till, { member, ...other })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['reference'], { subject: id }),
    );

    expect(await balanceOf(memberId)).toBe(49n);
    expect(await countOf(partnerId)).toBe(1);
  });

  it('lets two partners use the same reference', async () => {
    const { memberId, till, member } = await givenShop();
    const other = await givenPartner(test);
    await givenConsent(test, memberId, other);

    const mine = await record(till, { member });
    const theirs = await record(tillOf(other), { member });

    expect(theirs.id).not.toBe(mine.id);
    expect(await balanceOf(memberId)).toBe(98n);
  });

  it('posts once when the same reference comes 20 times at once', async () => {
    const { partnerId, memberId, till, member } = await givenShop();

    const { answers } = await race(db(), 20, () => record(till, { member }));

    expect(answers.map(({ id }) => id)).toEqual(Array(20).fill(answers[0]!.id));
    expect(answers.every(({ points }) => points === 49n)).toBe(true);
    expect(await balanceOf(memberId)).toBe(49n);
    expect(await countOf(partnerId)).toBe(1);
    expect(await events(answers[0]!.id)).toHaveLength(1);
  });

  it('posts one of two amounts that come with one reference at once', async () => {
    const { partnerId, memberId, till, member } = await givenShop();

    const { answers: posted, reasons } = await race(db(), 10, (i) =>
      record(till, { member, amount: { amount: i % 2 ? '10' : '20', currency: 'EUR' } }),
    );

    expect(posted).toHaveLength(5);
    expect(reasons).toEqual(Array(5).fill(refusal('IDEMPOTENCY_MISMATCH', ['reference'])));
    expect(await balanceOf(memberId)).toBe(posted[0]!.points);
    expect(await countOf(partnerId)).toBe(1);
  });

  it('does not wait while staff change the partner’s contract or rules', async () => {
    const { partnerId, till, member } = await givenShop();

    await db().transaction(async (tx) => {
      await lockPartner(tx, partnerId, []);

      expect(await record(till, { member })).toMatchObject({ status: 'POSTED', points: 49n });
    });
  });

  it('adds up what comes at once under references of its own', async () => {
    const { memberId, till, member } = await givenShop();

    await race(db(), 20, (i) => record(till, { member, reference: `till-${i}` }));

    expect(await balanceOf(memberId)).toBe(980n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

  it.each<[string, Parameters<typeof refusal>, Partial<RecordActivity>]>([
    [
      'two references of the member',
      ['INVALID', ['member']],
      { member: { id: 'a', email: 'b@example.com' } },
    ],
    ['an empty reference', ['INVALID', ['reference']], { reference: ' ' }],
    ['no amount', ['INVALID', ['amount']], { amount: null }],
    [
      'a negative amount',
      ['INVALID', ['amount', 'amount']],
      { amount: { amount: '-1', currency: 'EUR' } },
    ],
    [
      'another currency',
      ['INVALID', ['amount', 'currency']],
      { amount: { amount: '1', currency: 'USD' } },
    ],
    [
      'more points than a movement has',
      ['INVALID', ['amount']],
      { amount: { amount: '1000000000001', currency: 'EUR' } },
    ],
    [
      'what is to come',
      ['INVALID', ['occurredAt']],
      { occurredAt: new Date(now.getTime() + 300_001) },
    ],
    ['what is too long ago', ['INVALID', ['occurredAt']], { occurredAt: daysAgo(181) }],
    [
      'what was before any contract',
      ['INVALID', ['occurredAt']],
      { occurredAt: new Date('2019-06-01') },
    ],
    ['a member that is not', ['NOT_FOUND', ['member']], { member: { id: randomUUID() } }],
    [
      'a text that is no text',
      ['INVALID', ['member', 'memberNumber']],
      { member: { memberNumber: 'a\0' } },
    ],
    ['an id that is none', ['NOT_FOUND', ['member']], { member: { id: 'nobody' } }],
  ])('refuses %s, and posts nothing', async (_, [code, path], fault) => {
    const { partnerId, memberId, till, member } = await givenShop();

    await expect(record(till, { member, ...fault })).rejects.toEqual(refusal(code, path));

    expect(await countOf(partnerId)).toBe(0);
    expect(await balanceOf(memberId)).toBe(0n);
  });

  it('takes what is just ahead, and the last day of the window', async () => {
    const { till, member } = await givenShop();
    const ahead = new Date(now.getTime() + 300_000);

    const next = await record(till, { member, reference: 'ahead', occurredAt: ahead });
    const last = await record(till, { member, reference: 'past', occurredAt: daysAgo(180) });

    expect([next.status, last.status]).toEqual(['POSTED', 'POSTED']);
  });

  it('knows no member without consent, and says so only to a partner that has another one', async () => {
    const { partnerId, till } = await givenShop();
    const stranger = await givenMember(test);
    const reader = await givenMember(test);
    await givenConsent(test, reader, partnerId, ['READ_BALANCE']);

    await expect(record(till, { member: { id: stranger } })).rejects.toEqual(
      refusal('NOT_FOUND', ['member'], {}),
    );
    await expect(record(till, { member: { id: reader } })).rejects.toEqual(
      refusal('CONSENT_REQUIRED', ['member'], { subject: 'EARN' }),
    );
    expect(await countOf(partnerId)).toBe(0);
    expect([await balanceOf(stranger), await balanceOf(reader)]).toEqual([0n, 0n]);
  });

  it('refuses for a partner or a member that is not active, and posts nothing', async () => {
    const { partnerId, memberId, till, member } = await givenShop();
    const setStatus = (status: string) =>
      rows(test.owner(), 'UPDATE members.member SET status = $2 WHERE id = $1', [memberId, status]);

    await setStatus('SUSPENDED');
    await expect(record(till, { member })).rejects.toEqual(refusal('MEMBER_INACTIVE', ['member']));
    await setStatus('ACTIVE');
    await givenStatus(test, partnerId, 'SUSPENDED');
    await expect(record(till, { member })).rejects.toEqual(refusal('PARTNER_INACTIVE'));

    expect(await countOf(partnerId)).toBe(0);
    expect(await balanceOf(memberId)).toBe(0n);
  });

  it('finds no live member for a test client, nor what live clients recorded', async () => {
    const { partnerId, memberId, till, member } = await givenShop();
    await record(till, { member });

    await expect(record({ ...till, sandbox: true }, { member })).rejects.toEqual(
      refusal('NOT_FOUND', ['member']),
    );

    expect(await countOf(partnerId)).toBe(1);
    expect(await balanceOf(memberId)).toBe(49n);
  });
});
