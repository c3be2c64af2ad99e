import { randomUUID } from 'node:crypto';
import { balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { type Database, rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import { mergeMembers } from '../../../subgraphs/members/merging/merges.ts';
import {
  activityIn,
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import {
  type ClaimMissingPoints,
  claimMissingPoints,
} from '../../../subgraphs/partners/claims/claims.ts';
import { type DecideClaim, decideClaim } from '../../../subgraphs/partners/claims/decisions.ts';
import { partnerClaimsOf } from '../../../subgraphs/partners/claims/lists.ts';
import { Activity, Claim } from '../../../subgraphs/partners/entities.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner, givenRules, givenStatus } from '../../support/given-partners.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';
import { untilOneWaits } from '../../support/until.ts';

// In Berlin it is the 16th already.
const now = new Date('2026-06-15T22:30:00Z');
const clock = new SetClock(now);
const receipt = { occurredOn: '2026-03-02', reference: 'R-1' };
const euros = (amount: string) => ({ amount, currency: 'EUR' });

describe('claims', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (id: string) => db().findOneByOrFail(Claim, { id });
  const countOf = (partnerId: string) => db().countBy(Activity, { partnerId });
  const till = (partnerId: string) => partnerViewer(partnerId, ['ACCRUALS_WRITE']);

  beforeAll(() => rows(test.owner(), `UPDATE members.program SET time_zone = 'Europe/Berlin'`));

  /** A shop that may be claimed of for 180 days, and reports for 10; and a member who lets it. */
  async function givenShop() {
    const partnerId = await givenPartner(test, { contract: { backdateDays: 10 } });
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    return { partnerId, memberId };
  }

  type Shop = Awaited<ReturnType<typeof givenShop>>;

  const claim = ({ partnerId, memberId }: Shop, asked: Partial<ClaimMissingPoints> = receipt) =>
    claimMissingPoints(
      db(),
      { partnerId, occurredOn: '2026-03-02', ...asked },
      { memberId, clock },
    );

  const decide = (id: string, viewer: Viewer, decision: Partial<DecideClaim> = {}) =>
    decideClaim(db(), { id, grant: true, reason: 'Receipt seen.', ...decision }, { viewer, clock });

  const sale = ({ memberId }: Shop, reported: Partial<RecordActivity> = {}): RecordActivity => ({
    member: { id: memberId },
    kind: 'PURCHASE',
    reference: 'R-1',
    occurredAt: new Date('2026-06-14T12:00:00Z'),
    amount: euros('49.99'),
    ...reported,
  });

  const record = (shop: Shop, reported: Partial<RecordActivity> = {}) =>
    recordActivity(db(), sale(shop, reported), { viewer: till(shop.partnerId), clock });

  async function pointsOf({ memberId }: Shop): Promise<bigint> {
    return (await balancesOf(db(), [{ memberId }], now))[0]!.available;
  }

  function events({ memberId }: Shop): Promise<{ type: string; payload: object }[]> {
    const sql = `SELECT type, payload FROM platform.outbox
                 WHERE member_id = $1 AND type LIKE 'claim.%' ORDER BY sequence`;
    return rows(test.owner(), sql, [memberId]);
  }

  describe('claimMissingPoints', () => {
    it('opens a claim, to be decided in 30 days, and tells the partner', async () => {
      const shop = await givenShop();

      const { id } = await claim(shop, { ...receipt, amount: euros('20.50'), note: ' At noon. ' });

      expect(await stored(id)).toMatchObject({
        ...shop,
        ...receipt,
        status: 'OPEN',
        amount: '20.5',
        currency: 'EUR',
        note: 'At noon.',
        decideBy: '2026-07-16',
        createdAt: now,
      });
      expect(await events(shop)).toEqual([{ type: 'claim.opened', payload: { claimId: id } }]);
    });

    it('takes today and the first day of 180, and none beyond', async () => {
      const shop = await givenShop();
      const on = (occurredOn: string) => claim(shop, { occurredOn, reference: 'R-9' });

      expect((await on('2026-06-16')).status).toBe('OPEN');
      expect((await on('2025-12-18')).status).toBe('OPEN');
      await expect(on('2026-06-17')).rejects.toEqual(refusal('INVALID', ['occurredOn'], {}));
      await expect(on('2025-12-17')).rejects.toEqual(
        refusal('INVALID', ['occurredOn'], { limit: '180' }),
      );
      await expect(on('2019-12-31')).rejects.toEqual(refusal('INVALID', ['occurredOn'], {}));
      expect(await db().countBy(Claim, { memberId: shop.memberId })).toBe(2);
    });

    it.each<[string, Partial<ClaimMissingPoints>, unknown]>([
      ['that says nothing', { reference: null }, refusal('INVALID', ['reference'])],
      ['of nothing', { amount: euros('0.00') }, refusal('INVALID', ['amount', 'amount'])],
      [
        'of no money',
        { amount: { amount: '1', currency: 'points' } },
        refusal('INVALID', ['amount', 'currency']),
      ],
      ['of no day', { ...receipt, occurredOn: '2026-02-30' }, refusal('INVALID', ['occurredOn'])],
      [
        'against nobody',
        { ...receipt, partnerId: randomUUID() },
        refusal('NOT_FOUND', ['partnerId']),
      ],
    ])('opens none %s', async (_, asked, why) => {
      const shop = await givenShop();

      await expect(claim(shop, asked)).rejects.toEqual(why);

      expect(await db().countBy(Claim, { memberId: shop.memberId })).toBe(0);
      expect(await events(shop)).toEqual([]);
    });

    it('opens none for whom the partner may not record, or at one that is not live', async () => {
      const shop = await givenShop();
      const { partnerId, memberId } = shop;
      const consent = refusal('CONSENT_REQUIRED', ['partnerId'], { subject: 'EARN' });
      await revokeConsent(test.db('members'), { partnerId }, { memberId, clock });
      await expect(claim(shop)).rejects.toEqual(consent);
      await givenConsent(test, memberId, partnerId, ['SPEND']);
      await expect(claim(shop)).rejects.toEqual(consent);
      await givenConsent(test, memberId, partnerId);

      await givenStatus(test, partnerId, 'SUSPENDED');
      await expect(claim(shop)).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
      await givenStatus(test, partnerId, 'LIVE');
      await test.db('members').update(Member, { id: memberId }, { status: 'SUSPENDED' });
      await expect(claim(shop)).rejects.toEqual(refusal('MEMBER_INACTIVE'));

      expect(await db().countBy(Claim, { memberId })).toBe(0);
    });

    it('names the activity where it is there already, and no other member’s', async () => {
      const shop = await givenShop();
      const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
      await givenConsent(test, other.memberId, shop.partnerId);
      const { id: subject } = await record(shop);
      const same = { occurredOn: '2026-06-14', amount: euros('49.990') };

      await expect(claim(shop)).rejects.toEqual(refusal('CONFLICT', ['reference'], { subject }));
      await expect(claim(shop, same)).rejects.toEqual(
        refusal('CONFLICT', ['reference'], { subject }),
      );
      for (const unlike of [
        { ...same, occurredOn: '2026-06-13' },
        { ...same, amount: euros('49.98') },
        { ...same, reference: 'R-2' },
      ]) {
        expect((await claim(shop, unlike)).status).toBe('OPEN');
      }
      expect((await claim(other)).status).toBe('OPEN');
      expect((await claim(other, same)).status).toBe('OPEN');
    });

    it('gives the first claim again, also at once, and refuses the same with something else', async () => {
      const shop = await givenShop();

      const { answers, reasons } = await race(db(), 8, () => claim(shop));
      const again = await claim(shop);

      expect(reasons).toEqual([]);
      expect(new Set([...answers, again].map(({ id }) => id)).size).toBe(1);
      expect(await events(shop)).toHaveLength(1);
      await expect(claim(shop, { ...receipt, note: 'More.' })).rejects.toEqual(
        refusal('IDEMPOTENCY_MISMATCH', ['reference'], { subject: again.id }),
      );
      const spent = await claim(shop, { amount: euros('5') });
      expect((await claim(shop, { amount: euros('5.00') })).id).toBe(spent.id);
    });

    it('keeps 20 open at a time, also where more are made at once', async () => {
      const shop = await givenShop();
      const made = (index: number) => claim(shop, { reference: `R-${index}` });
      for (let index = 0; index < 16; index++) await made(index);

      const { answers, reasons } = await race(db(), 8, (index) => askAgain(() => made(20 + index)));

      expect(answers).toHaveLength(4);
      expect(reasons).toEqual(Array(4).fill(refusal('LIMIT_REACHED', [], { limit: '20' })));
      await decide(answers[0]!.id, till(shop.partnerId), { grant: false });
      expect((await made(40)).status).toBe('OPEN');
    });
  });

  describe('an activity that comes in', () => {
    it('grants the claim with its reference, and tells the member', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop);

      const activity = await record(shop);

      expect(await stored(id)).toMatchObject({
        status: 'GRANTED',
        activityId: activity.id,
        decidedAt: now,
        decidedBecause: null,
      });
      expect((await events(shop)).at(-1)).toEqual({
        type: 'claim.granted',
        payload: { claimId: id, activityId: activity.id },
      });
      expect((await claim(shop)).status).toBe('GRANTED');
    });

    it('grants one without a reference by its day and amount, each activity one', async () => {
      const shop = await givenShop();
      const [first, second] = [
        await claim(shop, { occurredOn: '2026-06-14', amount: euros('10') }),
        await claim(shop, { occurredOn: '2026-06-15', amount: euros('10') }),
      ];
      // The end of the 14th in Berlin, and the beginning of the 15th.
      const occurredAt = new Date('2026-06-14T21:59:59Z');
      const later = new Date('2026-06-14T22:00:00Z');
      const inputs = [
        sale(shop, { reference: 'A', occurredAt, amount: euros('10.00') }),
        sale(shop, { reference: 'B', occurredAt, amount: euros('10') }),
        sale(shop, { reference: 'C', occurredAt: later, amount: euros('10.01') }),
      ];

      const reporter = { partnerId: shop.partnerId, sandbox: false };
      const { recorded } = await recordActivities(db(), inputs, { reporter, clock });

      const [answer] = recorded.map(activityIn);
      expect(await stored(first.id)).toMatchObject({ status: 'GRANTED', activityId: answer!.id });
      expect(await stored(second.id)).toMatchObject({ status: 'OPEN' });
      const exact = await record(shop, {
        reference: 'D',
        occurredAt: later,
        amount: euros('10'),
      });
      expect(await stored(second.id)).toMatchObject({ activityId: exact.id });
    });

    it('grants the claim that names it, and not an older one of the same day and amount', async () => {
      const shop = await givenShop();
      const same = { occurredOn: '2026-06-14', amount: euros('49.99') };
      const older = await claimMissingPoints(
        db(),
        { partnerId: shop.partnerId, ...same },
        { memberId: shop.memberId, clock: new SetClock(new Date('2026-06-15T09:00:00Z')) },
      );
      const named = await claim(shop, { ...same, reference: 'R-1' });

      const activity = await record(shop);

      expect(await stored(named.id)).toMatchObject({ activityId: activity.id });
      expect(await stored(older.id)).toMatchObject({ status: 'OPEN', activityId: null });
      const next = await record(shop, { reference: 'R-2' });
      expect(await stored(older.id)).toMatchObject({ activityId: next.id });
    });

    it('grants none that it does not answer, or that is decided', async () => {
      const shop = await givenShop();
      const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
      await givenConsent(test, other.memberId, shop.partnerId);
      const same = { occurredOn: '2026-06-14', amount: euros('49.99') };
      const another = await claim(other);
      const named = await claim(shop, { ...same, reference: 'R-2' });
      const rejected = await claim(shop);
      await decide(rejected.id, till(shop.partnerId), { grant: false });

      await record(shop);

      expect((await stored(another.id)).status).toBe('OPEN');
      expect((await stored(named.id)).status).toBe('OPEN');
      expect((await stored(rejected.id)).status).toBe('REJECTED');
    });
  });

  describe('decideClaim', () => {
    it('grants by a purchase of that day, however long ago, which earns as any other', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { ...receipt, amount: euros('120.50') });

      const granted = await decide(id, till(shop.partnerId));

      expect(granted).toMatchObject({ status: 'GRANTED', decidedBecause: 'Receipt seen.' });
      const { activityId } = await stored(id);
      expect(await db().findOneByOrFail(Activity, { id: activityId! })).toMatchObject({
        ...shop,
        reference: 'R-1',
        points: 120n,
        occurredAt: new Date('2026-03-02T11:00:00Z'),
        postedAt: now,
      });
      expect(await pointsOf(shop)).toBe(120n);
      expect((await events(shop)).map(({ type }) => type)).toEqual([
        'claim.opened',
        'claim.granted',
      ]);
      const acts = `SELECT subject_type, reason FROM platform.audit_event
                    WHERE action = 'decideClaim' AND subject_id = $1`;
      expect(await rows(test.owner(), acts, [shop.memberId])).toEqual([
        { subject_type: 'Member', reason: 'Receipt seen.' },
      ]);
    });

    it('grants one of today, and one without a reference under a number of its own', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { occurredOn: '2026-06-16', amount: euros('7') });

      await decide(id, adminViewer());

      const { activityId } = await stored(id);
      expect(await db().findOneByOrFail(Activity, { id: activityId! })).toMatchObject({
        reference: `CLAIM-${id}`,
        occurredAt: now,
      });
    });

    it('grants that claim alone, and none of the same day and amount with it', async () => {
      const shop = await givenShop();
      const same = { occurredOn: '2026-03-02', amount: euros('10') };
      const [coffee, lunch] = [
        await claim(shop, { ...same, reference: null }),
        await claim(shop, { ...same, reference: 'R-7' }),
      ];

      await decide(lunch.id, till(shop.partnerId));

      expect(await stored(coffee.id)).toMatchObject({ status: 'OPEN', activityId: null });
      await decide(coffee.id, till(shop.partnerId));
      expect(await countOf(shop.partnerId)).toBe(2);
      expect(await pointsOf(shop)).toBe(20n);
    });

    it('rejects for good, and gives the same answer again', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { ...receipt, amount: euros('5') });
      const rejection = { grant: false, reason: 'Not ours.' };

      await decide(id, adminViewer(), rejection);
      const again = await decide(id, till(shop.partnerId), { grant: false, reason: 'No.' });

      expect(again).toMatchObject({ status: 'REJECTED', decidedBecause: 'Not ours.' });
      await expect(decide(id, till(shop.partnerId))).rejects.toEqual(
        refusal('CONFLICT', ['grant'], { subject: 'REJECTED' }),
      );
      expect(await countOf(shop.partnerId)).toBe(0);
      expect((await events(shop)).map(({ type }) => type)).toEqual([
        'claim.opened',
        'claim.rejected',
      ]);
    });

    it('grants with the activity where one has come in unseen, and posts nothing', async () => {
      const shop = await givenShop();
      const spent = { occurredOn: '2026-06-14', amount: euros('49.99') };
      const [named, unnamed] = [await claim(shop), await claim(shop, spent)];
      // As where both were written at the same moment.
      await db().update(Claim, { memberId: shop.memberId }, { status: 'REJECTED', decidedAt: now });
      const { id: activityId } = await record(shop);
      await db().update(Claim, { memberId: shop.memberId }, { status: 'OPEN', decidedAt: null });

      expect(await decide(unnamed.id, till(shop.partnerId))).toMatchObject({ activityId });
      expect(await decide(named.id, till(shop.partnerId))).toMatchObject({ activityId });

      expect(await countOf(shop.partnerId)).toBe(1);
      expect(await pointsOf(shop)).toBe(49n);
    });

    it('is nothing for others, for test clients, or without a reason', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop);
      const none = refusal('NOT_FOUND', ['id']);

      for (const viewer of [
        till(await givenPartner(test)),
        { ...till(shop.partnerId), sandbox: true },
      ]) {
        await expect(decide(id, viewer)).rejects.toEqual(none);
      }
      await expect(decide(randomUUID(), adminViewer())).rejects.toEqual(none);
      await expect(decide('it', adminViewer())).rejects.toEqual(refusal('INVALID', ['id']));
      await expect(decide(id, adminViewer(), { reason: ' ' })).rejects.toEqual(
        refusal('INVALID', ['reason']),
      );
      expect((await stored(id)).status).toBe('OPEN');
    });

    it('grants nothing that could not be recorded, and leaves the claim open', async () => {
      const shop = await givenShop();
      const { partnerId, memberId } = shop;
      const unpriced = await claim(shop);
      const foreign = await claim(shop, { amount: { amount: '5', currency: 'CHF' } });
      const taken = await claim(shop, { reference: 'R-2', amount: euros('5') });
      const other = { partnerId, memberId: await givenMember(test) };
      await givenConsent(test, other.memberId, partnerId);
      const { id: subject } = await record(other, { reference: 'R-2' });

      await expect(decide(unpriced.id, till(partnerId))).rejects.toEqual(
        refusal('NOT_ALLOWED', ['grant']),
      );
      await expect(decide(foreign.id, till(partnerId))).rejects.toEqual(refusal('INVALID', ['id']));
      await expect(decide(taken.id, till(partnerId))).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject }),
      );
      await revokeConsent(test.db('members'), { partnerId }, { memberId, clock });
      await givenConsent(test, memberId, partnerId, ['SPEND']);
      const open = await db().findOneByOrFail(Claim, { id: foreign.id });
      await db().update(Claim, { id: open.id }, { currency: 'EUR' });
      await expect(decide(open.id, till(partnerId))).rejects.toEqual(
        refusal('CONSENT_REQUIRED', ['id'], { subject: 'EARN' }),
      );

      expect(await db().countBy(Claim, { memberId, status: 'OPEN' })).toBe(3);
      expect(await countOf(partnerId)).toBe(1);
      expect(await pointsOf(shop)).toBe(0n);
    });

    it('is made once, by whoever is first', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { ...receipt, amount: euros('5') });

      const { answers, reasons } = await race(db(), 8, (index) =>
        askAgain(() =>
          decide(id, index % 2 ? adminViewer() : till(shop.partnerId), { grant: index < 4 }),
        ),
      );

      const { status } = await stored(id);
      expect(answers.map((each) => each.status)).toEqual(Array(4).fill(status));
      expect(reasons).toEqual(Array(4).fill(refusal('CONFLICT', ['grant'], { subject: status })));
      expect(await countOf(shop.partnerId)).toBe(status === 'GRANTED' ? 1 : 0);
      expect(await events(shop)).toHaveLength(2);
    });

    it('is made once of one who is merged at the same time', async () => {
      for (let round = 0; round < 4; round++) {
        const shop = await givenShop();
        const into = { partnerId: shop.partnerId, memberId: await givenMember(test) };
        await givenConsent(test, into.memberId, shop.partnerId);
        const { id } = await claim(shop, { ...receipt, amount: euros('5') });

        const { reasons } = await race<unknown>(db(), 3, (index) =>
          askAgain<unknown>(() =>
            index === 1
              ? mergeMembers(
                  test.db('members'),
                  { fromId: shop.memberId, intoId: into.memberId, reason: 'The same person.' },
                  { viewer: adminViewer(), clock },
                )
              : decide(id, adminViewer()),
          ),
        );

        expect(reasons).toEqual([]);
        expect(await stored(id)).toMatchObject({ status: 'GRANTED', memberId: into.memberId });
        expect([await countOf(shop.partnerId), await pointsOf(into)]).toEqual([1, 5n]);
      }
    });

    it('leaves the claim free for a merge, which has the member, while it waits for that', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { ...receipt, amount: euros('5') });
      let decided: Promise<Claim> | null = null;

      await test.owner().transaction(async (tx) => {
        await rows(tx, 'SELECT FROM members.member WHERE id = $1 FOR UPDATE', [shop.memberId]);
        decided = decide(id, adminViewer());
        decided.catch(() => {});
        await untilOneWaits(test);
        await rows(tx, `SET LOCAL lock_timeout = '300ms'`);
        await rows(tx, `UPDATE partners.claim SET note = 'Moved.' WHERE id = $1`, [id]);
      });

      expect((await decided!).status).toBe('GRANTED');
      expect((await stored(id)).note).toBe('Moved.');
    });

    it('and a report of the same purchase at once make one activity of it', async () => {
      const shop = await givenShop();
      const { id } = await claim(shop, { ...receipt, amount: euros('49.99') });

      const { reasons } = await race(db(), 4, (index) =>
        askAgain<unknown>(() =>
          index % 2 ? decide(id, adminViewer()) : record(shop).catch(mismatchOnly),
        ),
      );

      expect(reasons).toEqual([]);
      const [activity, ...others] = await db().findBy(Activity, { partnerId: shop.partnerId });
      expect(others).toEqual([]);
      expect(await stored(id)).toMatchObject({ status: 'GRANTED', activityId: activity!.id });
      expect(await pointsOf(shop)).toBe(49n);
    });
  });

  describe('a purchase that is reported once its claim is granted', () => {
    const paid = { occurredOn: '2026-06-14', amount: euros('49.99') };
    const bonus = (kind: string) => [
      { code: 'BASE', name: 'Base', earn: { spend: '1' } },
      { code: 'MORE', name: 'More', when: `activity.kind == '${kind}'`, earn: { fixed: 30n } },
    ];
    const purchaseOf = (id: string) => db().findOneByOrFail(Activity, { reference: `CLAIM-${id}` });

    /** A claim of 49.99 without a reference that the shop has granted. */
    async function givenGranted(rules?: ReturnType<typeof bonus>) {
      const partnerId = await givenPartner(test, {
        contract: { backdateDays: 10 },
        ...(rules && { rules }),
      });
      const memberId = await givenMember(test);
      await givenConsent(test, memberId, partnerId);
      const shop = { partnerId, memberId };
      const { id } = await claim(shop, paid);
      await decide(id, till(partnerId));
      return { shop, id };
    }

    it('takes the place of what it was granted with, and says so, once', async () => {
      const { shop, id } = await givenGranted();
      expect(await pointsOf(shop)).toBe(49n);

      const { answers, reasons } = await race(db(), 4, () => askAgain(() => record(shop)));

      expect(reasons).toEqual([]);
      expect(new Set(answers.map((each) => each.id)).size).toBe(1);
      expect(answers[0]).toMatchObject({ points: 49n, status: 'POSTED' });
      expect(answers[0]!.explanation.at(-1)).toMatchObject({
        rule: 'claim',
        points: 0,
        reason: `It takes the place of CLAIM-${id}, of which 49 points go back.`,
      });
      expect(await stored(id)).toMatchObject({ status: 'GRANTED', activityId: answers[0]!.id });
      expect(await purchaseOf(id)).toMatchObject({ status: 'REFUNDED', reversedPoints: 49n });
      expect(await pointsOf(shop)).toBe(49n);
      // The next one is another.
      await record(shop, { reference: 'R-2' });
      expect(await pointsOf(shop)).toBe(98n);
    });

    it('takes the place of its points of the partner’s own currency, too, and no more', async () => {
      const { shop, id } = await givenGranted();
      const currency = await givenCurrency(test, shop.partnerId);
      const own = { code: 'OWN', name: 'Own', currency };
      const from = new Date('2026-01-01T00:00:00Z');
      const rules = [{ ...own, earn: { spend: '0.5' } }];
      await givenRules(db(), shop.partnerId, rules, from);
      const { id: other } = await claim(shop, { ...paid, occurredOn: '2026-06-13' });
      await decide(other, till(shop.partnerId));
      const ownOf = async () =>
        (await balancesOf(db(), [{ memberId: shop.memberId, currency }], now))[0]!.available;
      expect([await pointsOf(shop), await ownOf()]).toEqual([49n, 24n]);

      // The first was granted by rules that gave shared points alone: it keeps them.
      await record(shop);
      expect([await pointsOf(shop), await ownOf()]).toEqual([49n, 48n]);
      const more = { code: 'MORE', name: 'More', currency, earn: { fixed: 10n } };
      await givenRules(db(), shop.partnerId, [...rules, more], new Date('2026-06-01T00:00:00Z'));
      const late = { reference: 'R-2', occurredAt: new Date('2026-06-13T12:00:00Z') };
      const second = await record(shop, late);

      expect(second.explanation.at(-1)!.reason).toContain(`0 points, and 24 ${currency} go back`);
      expect([await pointsOf(shop), await ownOf()]).toEqual([49n, 58n]);
      expect(await purchaseOf(id)).toMatchObject({ status: 'REFUNDED', reversedPoints: 0n });
      expect(await purchaseOf(other)).toMatchObject({ ownPoints: 24n, ownReversed: 24n });
    });

    it.each([
      ['more', 'OTHER', 79n, 49n, 79n],
      ['less', 'PURCHASE', 49n, 49n, 79n],
    ])('gives what it earns %s, and takes nothing', async (_, kind, points, back, has) => {
      const { shop, id } = await givenGranted(bonus(kind));

      const activity = await record(shop, { kind: 'OTHER' });

      expect(activity.points).toBe(points);
      expect((await purchaseOf(id)).reversedPoints).toBe(back);
      expect(await pointsOf(shop)).toBe(has);
      expect((await stored(id)).activityId).toBe(activity.id);
    });

    it('is another one on another day, of another amount, or that a claim names', async () => {
      const { shop, id } = await givenGranted();
      await claim(shop, { ...paid, reference: 'R-4' });
      const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
      await givenConsent(test, other.memberId, shop.partnerId);

      // The 13th in Berlin.
      await record(shop, { reference: 'R-2', occurredAt: new Date('2026-06-13T21:59:59Z') });
      await record(shop, { reference: 'R-3', amount: euros('49.98') });
      await record(shop, { reference: 'R-4' });
      await record(other, { reference: 'R-5' });

      expect(await purchaseOf(id)).toMatchObject({ status: 'POSTED', reversedPoints: 0n });
      expect(await pointsOf(shop)).toBe(4n * 49n);
      expect((await stored(id)).activityId).toBe((await purchaseOf(id)).id);
    });

    it('is another one where what was granted has come back', async () => {
      const { shop, id } = await givenGranted();
      const { id: activityId } = await purchaseOf(id);
      const back = { activityId, refundReference: 'B-1' };
      await refundActivity(db(), back, { viewer: till(shop.partnerId), clock });

      await record(shop);

      expect(await pointsOf(shop)).toBe(49n);
      expect((await stored(id)).activityId).toBe(activityId);
    });

    it.each([
      ['reported', 'decided'],
      ['decided', 'reported'],
    ])('earns once where it is %s first, and %s at the same time', async (first) => {
      const shop = await givenShop();
      const { id } = await claim(shop, paid);
      const reporter = { partnerId: shop.partnerId, sandbox: false };
      const asked = { id, grant: true, reason: 'Receipt seen.' };
      const works = [
        (db: Database) => recordActivities(db, [sale(shop)], { reporter, clock }),
        (db: Database) => decideClaim(db, asked, { viewer: adminViewer(), clock }),
      ];
      const [before, after] = first === 'reported' ? works : works.toReversed();
      let waiting: Promise<unknown> = Promise.resolve();

      await db().transaction(async (tx) => {
        await before!(tx);
        waiting = after!(db());
        await untilOneWaits(test);
      });
      await waiting;

      const { id: activityId } = await db().findOneByOrFail(Activity, {
        partnerId: shop.partnerId,
        status: 'POSTED',
      });
      expect(await stored(id)).toMatchObject({ status: 'GRANTED', activityId });
      expect(await pointsOf(shop)).toBe(49n);
    });
  });

  it('are listed by who has waited longest, page by page', async () => {
    const shop = await givenShop();
    const made: string[] = [];
    for (const minute of [1, 2, 3]) {
      const later = new SetClock(new Date(now.getTime() + minute * 60_000));
      const asked = { partnerId: shop.partnerId, ...receipt, reference: `R-${minute}` };
      const by = { memberId: shop.memberId, clock: later };
      made.push((await claimMissingPoints(db(), asked, by)).id);
    }
    await decide(made[0]!, adminViewer(), { grant: false });
    const list = async (status: Claim['status'] | null, after: string[] | null = null) => {
      const page = { first: 2, after };
      const found = await partnerClaimsOf(db(), [shop.partnerId], { status, page });
      return found.map(({ id }) => id);
    };

    expect(await list(null)).toEqual(made);
    expect(await list('OPEN')).toEqual(made.slice(1));
    const { createdAt } = await stored(made[1]!);
    expect(await list(null, [createdAt.toISOString(), made[1]!])).toEqual(made.slice(2));
  });

  /** Gives all that one has to another, or back what came. @returns what has gone */
  async function move(from: Shop, into: Shop, ids: string[] | null = null): Promise<string[]> {
    const sql = 'SELECT partners.move_member($1, $2, $3) AS ids';
    const values = [from.memberId, into.memberId, ids];
    const [moved] = await rows<{ ids: string[] }>(test.owner(), sql, values);
    return moved!.ids;
  }

  it('go along with a membership that becomes part of another, and come back with it', async () => {
    const shop = await givenShop();
    const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
    await givenConsent(test, other.memberId, shop.partnerId);
    const [own, same] = [await claim(shop), await claim(other)];
    const ofShop = () => db().findBy(Claim, { memberId: shop.memberId });

    const moved = await move(other, shop);

    expect(moved).toEqual([same.id]);
    expect((await ofShop()).map(({ id }) => id).sort()).toEqual([own.id, same.id].sort());
    const { id: activityId } = await record(shop);
    const answered = (await ofShop()).filter((each) => each.activityId === activityId);
    expect(answered).toHaveLength(1);
    await move(shop, other, moved);
    expect(await db().findBy(Claim, { memberId: other.memberId })).toMatchObject([{ id: same.id }]);
  });

  it('are the same when they are made again, after a merge and once it is undone', async () => {
    const shop = await givenShop();
    const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
    await givenConsent(test, other.memberId, shop.partnerId);
    const paid = { occurredOn: '2026-03-02', amount: euros('20.50') };
    const [own, same, single] = [await claim(shop), await claim(other), await claim(other, paid)];

    const moved = await move(other, shop);
    expect(moved.sort()).toEqual([same.id, single.id].sort());
    expect((await claim(shop)).id).toBe(own.id);
    expect((await claim(shop, paid)).id).toBe(single.id);

    await move(shop, other, moved);
    expect((await claim(shop)).id).toBe(own.id);
    expect((await claim(other)).id).toBe(same.id);
    expect((await claim(other, paid)).id).toBe(single.id);
    expect([same.id, single.id]).not.toContain((await claim(shop, paid)).id);
    const { partnerId } = shop;
    expect(await db().countBy(Claim, { partnerId })).toBe(4);
  });

  it('are one where they are made as a merge brings them', async () => {
    for (let round = 0; round < 4; round++) {
      const shop = await givenShop();
      const other = { partnerId: shop.partnerId, memberId: await givenMember(test) };
      await givenConsent(test, other.memberId, shop.partnerId);
      const { id } = await claim(other);

      const { reasons } = await race<unknown>(db(), 3, (index) =>
        index === 1 ? move(other, shop) : claim(shop),
      );

      expect(reasons).toEqual([]);
      const all = await db().findBy(Claim, { memberId: shop.memberId });
      expect(all.filter((each) => each.claimKey !== each.id)).toHaveLength(1);
      expect(all.map((each) => each.id)).toContain(id);
    }
  });

  /** Where the claim was granted first, the till hears that its number is taken: another hash. */
  function mismatchOnly(error: unknown): void {
    expect(error).toEqual(refusal('IDEMPOTENCY_MISMATCH', ['reference']));
  }
});
