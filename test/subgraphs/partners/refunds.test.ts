import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  auditLedger,
  balancesOf,
  lockAvailable,
  redeemPoints,
  testCurrency,
} from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { mergeMembers } from '../../../subgraphs/members/merging/merges.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { configureProgram } from '../../../subgraphs/members/program/configuration.ts';
import {
  costOf,
  earnedBy,
  itemsOf,
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import { statusOf } from '../../../subgraphs/partners/activities/lists.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import { owedBy } from '../../../subgraphs/partners/credit/owed.ts';
import { sellPoints } from '../../../subgraphs/partners/credit/sales.ts';
import {
  Activity,
  EarnUsage,
  OfferBudget,
  PointBlock,
  Refund,
} from '../../../subgraphs/partners/entities.ts';
import type { DraftRuleSet } from '../../../subgraphs/partners/earning/rule-sets.ts';
import { confirmActivity } from '../../../subgraphs/partners/refunds/confirmations.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { type RefundUnnamed, refundUnnamed } from '../../../subgraphs/partners/refunds/unnamed.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer } from '../../support/given-offers.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenContract, givenPartner, givenRules } from '../../support/given-partners.ts';
import { aRedemption } from '../../support/given-points.ts';
import { givenTiers, standingAt } from '../../support/given-tiers.ts';
import { runJob } from '../../support/jobs.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const now = new Date('2026-06-15T10:00:00Z');
const clockAt = (at: Date) => new SetClock(at);

type RefundInput = Parameters<typeof refundActivity>[1];
type Shop = Awaited<ReturnType<typeof givenShop>>;

/** A partner's till, and a member who lets it report. */
async function givenShop(given: Parameters<typeof givenPartner>[1] = {}) {
  const partnerId = await givenPartner(test, given);
  const memberId = await givenMember(test);
  await givenConsent(test, memberId, partnerId);
  const till = partnerViewer(partnerId, ['ACCRUALS_WRITE', 'ACCRUALS_REVERSE']);
  return { partnerId, memberId, till };
}

async function buy(
  { memberId, till }: Pick<Shop, 'memberId' | 'till'>,
  amount: string,
  more: Partial<RecordActivity> = {},
  at = now,
): Promise<Activity> {
  const input: RecordActivity = {
    member: { id: memberId },
    kind: 'PURCHASE',
    reference: randomUUID(),
    occurredAt: at,
    amount: { amount, currency: 'EUR' },
    ...more,
  };
  return recordActivity(db(), input, { viewer: till, clock: clockAt(at) });
}

const eur = (amount: string) => ({ amount, currency: 'EUR' });

function refund(
  viewer: Viewer,
  { id: activityId }: Activity,
  input: Partial<RefundInput> = {},
  at = now,
): Promise<Activity> {
  const asked = { activityId, refundReference: randomUUID(), ...input };
  return refundActivity(db(), asked, { viewer, clock: clockAt(at) });
}

function unnamed(
  { partnerId, memberId }: Pick<Shop, 'partnerId' | 'memberId'>,
  amounts: (string | Partial<RefundUnnamed>)[],
) {
  const inputs = amounts.map((each) => ({
    member: { id: memberId },
    kind: 'PURCHASE' as const,
    reference: randomUUID(),
    // What happened before it comes back.
    occurredAt: new Date(now.getTime() + 1),
    ...(typeof each === 'string' ? { amount: eur(each) } : { amount: eur('1'), ...each }),
  }));
  const reporter = { partnerId, sandbox: false };
  return refundUnnamed(db(), inputs, { reporter, clock: clockAt(now) });
}

const spend = (memberId: string, partnerId: string, points: bigint, at = now) =>
  redeemPoints(db(), aRedemption({ memberId, partnerId, points, at, effectiveAt: at }));

/** What a member has: what can be spent, what is pending, and what is owed. */
async function balanceOf(memberId: string, at = now, currency?: string) {
  const [balance] = await balancesOf(db(), [{ memberId, ...(currency && { currency }) }], at);
  const { available, pending, debt } = balance!;
  return [available, pending, debt];
}

const reload = ({ id }: Activity) => db().findOneByOrFail(Activity, { id });

/** Everything that a refund may change of a partner's and a member's, as text. */
async function traceOf({ partnerId, memberId }: Shop): Promise<string> {
  const [row] = await rows<{ trace: string }>(
    test.owner(),
    `SELECT jsonb_build_array(
       (SELECT jsonb_agg(a ORDER BY a.id) FROM partners.activity a WHERE a.partner_id = $1),
       (SELECT jsonb_agg(r ORDER BY r.id) FROM partners.refund r WHERE r.partner_id = $1),
       (SELECT count(*) FROM partners.refund_part),
       (SELECT jsonb_agg(t ORDER BY t.transfer_id) FROM ledger.transfer t WHERE t.member_id = $2),
       (SELECT jsonb_agg(u ORDER BY u.rule, u.per) FROM partners.earn_usage u WHERE u.member_id = $2),
       (SELECT count(*) FROM platform.outbox WHERE partner_id = $1))::text AS trace`,
    [partnerId, memberId],
  );
  return row!.trace;
}

/** More than any test owes. */
const usualLimit = 10n ** 12n;

const limitDebt = (negativeLimit: bigint) =>
  configureProgram(
    test.db('members'),
    { negativeLimit },
    { viewer: adminViewer(), clock: clockAt(now) },
  );

// Source: 101 points of 33.33 + 33.33 + 33.34 of 100.00 come back as 33, 34 and 34.
const ofAHundred = [{ code: 'BASE', name: 'Base', earn: { spend: '1.01' } }];

describe('refundActivity', () => {
  it('takes back by the amounts returned so far, so that the parts come to the whole', async () => {
    const shop = await givenShop({ name: 'Shop', rules: ofAHundred });
    const bought = await buy(shop, '100.00');
    expect(bought.points).toBe(101n);
    const seen: unknown[] = [];

    for (const amount of ['33.33', '33.33', '33.34']) {
      const { refundedAmount, status, ...left } = await refund(shop.till, bought, {
        amount: eur(amount),
      });
      seen.push([refundedAmount, status, left.points - left.reversedPoints]);
    }

    expect(seen).toEqual([
      ['33.33', 'PARTLY_REFUNDED', 68n],
      ['66.66', 'PARTLY_REFUNDED', 34n],
      ['100', 'REFUNDED', 0n],
    ]);
    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 0n]);
    const moved = await rows(
      test.owner(),
      `SELECT points, description, source_id AS "sourceId" FROM ledger.transfer
       WHERE member_id = $1 AND kind = 'REVERSAL' ORDER BY account_version`,
      [shop.memberId],
    );
    const [description, sourceId] = ['Refund at Shop', bought.id];
    expect(moved).toEqual([-33n, -34n, -34n].map((points) => ({ points, description, sourceId })));
    const told = await rows(
      test.owner(),
      `SELECT member_id AS "memberId", payload FROM platform.outbox
       WHERE type = 'activity.refunded' AND partner_id = $1`,
      [shop.partnerId],
    );
    const event = { memberId: shop.memberId, payload: { activityId: bought.id } };
    expect(told).toEqual([event, event, event]);
  });

  it('takes back the points of items, and with an amount never more than the whole', async () => {
    const rules = [
      { code: 'BASE', name: 'Base', earn: { spend: '1' } },
      { code: 'WINE', name: 'Wine', when: 'item.category == "wine"', earn: { spend: '5' } },
    ];
    const shop = await givenShop({ rules });
    const item = (sku: string, quantity: number, amount: string, category?: string) => ({
      sku,
      quantity,
      amount: eur(amount),
      category: category ?? null,
    });
    const items = [item('WINE', 3, '20.00', 'wine'), item('CUP', 1, '30.00')];
    // 20.00 x 5 and 30.00 x 1, and 50.00 that no item is for.
    const bought = await buy(shop, '100.00', { items });
    expect(bought.points).toBe(180n);
    const states: unknown[] = [];
    const note = (activity: Activity) =>
      states.push([
        activity.reversedPoints,
        activity.refundedAmount,
        itemsOf(activity).map(({ refundedQuantity }) => refundedQuantity),
      ]);

    // Of 100 points a third, and of 20.00 a third, rounded down.
    note(await refund(shop.till, bought, { items: [{ line: '1', quantity: 1 }] }));
    // Of 180 points a tenth.
    note(await refund(shop.till, bought, { amount: eur('10.00') }));
    note(await refund(shop.till, bought, { items: [{ line: '1', quantity: 2 }] }));
    await expect(
      refund(shop.till, bought, { items: [{ line: '1', quantity: 1 }] }),
    ).rejects.toEqual(refusal('INVALID', ['items', '0', 'quantity'], { limit: '0' }));
    await expect(refund(shop.till, bought, { amount: eur('70.01') })).rejects.toEqual(
      refusal('INVALID', ['amount'], { limit: '70' }),
    );
    note(await refund(shop.till, bought));

    expect(states).toEqual([
      [33n, '6.66', [1, 0]],
      [51n, '16.66', [1, 0]],
      [118n, '30', [3, 0]],
      [180n, '100', [3, 1]],
    ]);
    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 0n]);
  });

  // Source: of A 1,000 and B 500 points 1,200 are spent; then A's purchase is returned.
  it('takes others’ points where its own are spent, and the rest is a debt that later ones pay', async () => {
    const shop = await givenShop();
    const a = await buy(shop, '1000', {}, new Date('2026-03-10T10:00:00Z'));
    await buy(shop, '500');
    await spend(shop.memberId, shop.partnerId, 1_200n);

    await refund(shop.till, a);
    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 700n]);
    await buy(shop, '400');

    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 300n]);
  });

  it.each([
    ['PARTNER', 'PARTNER_WRITE_OFF'],
    ['COALITION', 'OPERATOR_WRITE_OFF'],
  ] as const)(
    'lets the %s bear what goes beyond the program’s limit',
    async (clawbackRisk, account) => {
      const shop = await givenShop({ contract: { clawbackRisk } });
      const bought = await buy(shop, '1000');
      await spend(shop.memberId, shop.partnerId, 1_000n);
      await limitDebt(300n);

      await refund(shop.till, bought);
      await limitDebt(usualLimit);

      expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 300n]);
      const borne = await rows(
        test.owner(),
        `SELECT c.kind, t.debt FROM ledger.transfer t JOIN ledger.counter_account c
         ON c.id = t.counter_account WHERE t.member_id = $1 AND t.kind = 'WRITE_OFF'`,
        [shop.memberId],
      );
      expect(borne).toEqual([{ kind: account, debt: -700n }]);
    },
  );

  it('counts for the tier no more, which lasts to its end', async () => {
    await givenTiers(test, { BASE: 0n, GOLD: 100n });
    const shop = await givenShop();
    const bought = await buy(shop, '120.00');
    expect(await standingAt(test, shop.memberId, now)).toMatchObject({ tierCode: 'GOLD' });

    await refund(shop.till, bought, { amount: eur('40.00') });

    expect(await standingAt(test, shop.memberId, now)).toMatchObject({ tierCode: 'GOLD' });
    const credits = await rows(
      test.owner(),
      `SELECT points, occurred_on::text AS day FROM members.tier_credit
       WHERE member_id = $1 ORDER BY points`,
      [shop.memberId],
    );
    const day = '2026-06-15';
    expect(credits).toEqual([
      { points: -40n, day },
      { points: 120n, day },
    ]);
  });

  it('gives caps back in proportion, and stamps with the last of it', async () => {
    const shop = await givenShop({
      rules: [
        {
          code: 'BASE',
          name: 'Base',
          earn: { spend: '1' },
          caps: [{ points: 100n, per: 'DAY' }],
        },
        { code: 'CARD', name: 'Card', earn: { stamp: { code: 'CARD', stamps: 10, points: 5n } } },
      ],
    });
    const stamps = async () => {
      const [card] = await rows<{ stamps: bigint }>(
        test.owner(),
        'SELECT stamps FROM partners.collected_stamps WHERE member_id = $1',
        [shop.memberId],
      );
      return card!.stamps;
    };
    const first = await buy(shop, '80.00');
    expect((await buy(shop, '80.00')).points).toBe(20n);

    await refund(shop.till, first, { amount: eur('20.00') });

    expect([(await buy(shop, '80.00')).points, await stamps()]).toEqual([20n, 3n]);
    await refund(shop.till, first);
    expect([(await buy(shop, '80.00')).points, await stamps()]).toEqual([60n, 3n]);
  });

  it('refuses what cannot be, and changes nothing', async () => {
    const shop = await givenShop();
    const other = await givenShop();
    const bought = await buy(shop, '10.00', { reference: 'till-1' });
    const gone = await buy(shop, '5.00');
    await refund(shop.till, gone);
    const before = await traceOf(shop);
    const asked = (input: Partial<RefundInput>, viewer = shop.till, of = bought) =>
      refund(viewer, of, input).then(
        () => 'done',
        (error: Refusal) => [error.code, error.inputPath.join('.')],
      );
    const nobody = { activityId: null };

    expect(
      await Promise.all([
        asked({ amount: eur('10.01') }),
        asked({ amount: eur('0.00') }),
        asked({ amount: { amount: '1', currency: 'GBP' } }),
        asked({ items: [{ line: '1', quantity: 1 }] }),
        asked({ items: [{ line: '1', quantity: 1 }], amount: eur('1') }),
        asked(nobody),
        asked({ reference: 'till-1' }),
        asked({ ...nobody, reference: 'till-2' }),
        asked({ ...nobody, reference: 'till-1' }, adminViewer()),
        asked({}, other.till),
        asked({ ...nobody, reference: 'till-1' }, other.till),
        asked({}, { ...shop.till, sandbox: true }),
        asked({}, shop.till, gone),
      ]),
    ).toEqual([
      ['INVALID', 'amount'],
      ['INVALID', 'amount.amount'],
      ['INVALID', 'amount.currency'],
      ['INVALID', 'items.0.line'],
      ['INVALID', 'items'],
      ['INVALID', 'activityId'],
      ['INVALID', 'activityId'],
      ['NOT_FOUND', 'reference'],
      ['INVALID', 'reference'],
      ['NOT_FOUND', 'activityId'],
      ['NOT_FOUND', 'reference'],
      ['NOT_FOUND', 'activityId'],
      ['ALREADY_REVERSED', ''],
    ]);
    expect(await traceOf(shop)).toBe(before);
  });

  it('gives the first refund again for its reference, however it is named, and no other', async () => {
    const shop = await givenShop();
    const bought = await buy(shop, '10.00', { reference: 'till-1' });
    const input = { amount: eur('4.00'), refundReference: 'back-1' };
    const first = await refund(shop.till, bought, input);
    await refund(shop.till, bought);
    const before = await traceOf(shop);
    const { activityId, reference } = { activityId: null, reference: 'till-1' };

    const again = await refund(shop.till, bought, { ...input, activityId, reference });
    await expect(refund(shop.till, bought, { ...input, amount: eur('4.01') })).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['refundReference']),
    );

    expect([first.status, again.status]).toEqual(['PARTLY_REFUNDED', 'REFUNDED']);
    expect(await traceOf(shop)).toBe(before);
  });

  it('takes each point once where tills race, with one reference or several', async () => {
    const shop = await givenShop();
    const [one, other] = [await buy(shop, '10.00'), await buy(shop, '10.00')];

    const back = (activity: Activity, refundReference: string) =>
      askAgain(() => refund(shop.till, activity, { amount: eur('4.00'), refundReference }));
    const same = await race(db(), 6, () => back(one, 'back-1'));
    const several = await race(db(), 6, (index) => back(other, `other-${index}`));

    expect(same.answers).toHaveLength(6);
    expect(several.answers).toHaveLength(2);
    const tooMuch = refusal('INVALID', ['amount'], { limit: '2' });
    expect(several.reasons).toEqual(Array(4).fill(tooMuch));
    expect(await balanceOf(shop.memberId)).toEqual([8n, 0n, 0n]);
  });

  it('leaves in the figures of purchases what was not returned', async () => {
    const shop = await givenShop({ contract: { currency: 'NOK' } });
    const paid = (amount: string) => buy(shop, '0', { amount: { amount, currency: 'NOK' } });
    const [partly, wholly] = [await paid('100.00'), await paid('50.00'), await paid('30.00')];

    await refund(shop.till, partly, { amount: { amount: '40.00', currency: 'NOK' } });
    await refund(shop.till, wholly);

    const figures = 'SELECT * FROM partners.purchases_between($1, $2, $3)';
    const until = new Date(now.getTime() + 1);
    expect(await rows(test.owner(), figures, [now, until, 'NOK'])).toEqual([
      { purchases: 2n, amount: '90' },
    ]);
  });

  it('lets staff refund by the id, and tells of it', async () => {
    const shop = await givenShop();
    const bought = await buy(shop, '10.00');

    await refund(adminViewer(), bought, { reason: 'Broken' });

    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 0n]);
    const acts = await rows(
      test.owner(),
      `SELECT audience, reason, subject_id AS "subjectId" FROM platform.audit_event
       WHERE action = 'refundActivity' AND subject_id = $1`,
      [shop.memberId],
    );
    expect(acts).toEqual([{ audience: 'ADMIN', reason: 'Broken', subjectId: shop.memberId }]);
  });

  describe('of a membership that was merged', () => {
    const merge = (fromId: string, intoId: string) =>
      mergeMembers(
        test.db('members'),
        { fromId, intoId, reason: 'The same person.' },
        { viewer: adminViewer(), clock: clockAt(now) },
      );

    it('takes the points from where they are', async () => {
      const shop = await givenShop();
      const into = await givenMember(test, 7n, shop.partnerId, now);
      const bought = await buy(shop, '10.00');
      await merge(shop.memberId, into);

      await refund(shop.till, bought, { amount: eur('4.00') });

      expect(await balanceOf(into)).toEqual([13n, 0n, 0n]);
      expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 0n]);
    });

    it('takes them once where it happens at the same time', async () => {
      for (let round = 0; round < 3; round++) {
        const shop = await givenShop();
        const into = await givenMember(test);
        const bought = await buy(shop, '10.00');

        const { reasons } = await race<unknown>(db(), 3, (index) =>
          index === 0
            ? askAgain(() => merge(shop.memberId, into))
            : askAgain(() => refund(shop.till, bought, { amount: eur('4.00') })),
        );

        expect(reasons).toEqual([]);
        expect((await reload(bought)).reversedPoints).toBe(8n);
        expect([await balanceOf(into), await balanceOf(shop.memberId)]).toEqual([
          [2n, 0n, 0n],
          [0n, 0n, 0n],
        ]);
      }
    });
  });
});

describe('refundUnnamed', () => {
  const pointsOf = (answers: Awaited<ReturnType<typeof refundUnnamed>>) =>
    answers.map((each) => (each instanceof Refusal ? each.code : [each.points, each.isNew]));
  const day = (dayOfMonth: number) => new Date(`2026-06-0${dayOfMonth}T10:00:00Z`);

  /** A member with purchases of 101 points for 100.00 each, on the first days of the month. */
  async function givenBuyer(purchases: number) {
    const shop = await givenShop({ rules: ofAHundred });
    const bought: Activity[] = [];
    for (let n = 1; n <= purchases; n++) {
      bought.push(await buy(shop, '100.00', { occurredAt: day(n) }));
    }
    const left = async () => {
      const all = await Promise.all(bought.map(reload));
      return all.map(({ points, reversedPoints }) => points - reversedPoints);
    };
    return { ...shop, left };
  }

  it('takes from the newest purchases, from as many as it needs, one after the other', async () => {
    const buyer = await givenBuyer(3);

    const answers = await unnamed(buyer, ['33.33', '100.00', '166.67']);

    // 33 of the third; then 68 of it and 33 of the second; then 68 of that and the whole first.
    expect(pointsOf(answers)).toEqual([
      [33n, true],
      [101n, true],
      [169n, true],
    ]);
    expect(await buyer.left()).toEqual([0n, 0n, 0n]);
    expect(await balanceOf(buyer.memberId)).toEqual([0n, 0n, 0n]);
  });

  it('takes from nothing that came at the same time or later, or is in other money', async () => {
    const buyer = await givenBuyer(3);

    await unnamed(buyer, [{ amount: eur('100.00'), occurredAt: day(3) }]);

    expect(await buyer.left()).toEqual([101n, 0n, 101n]);
    expect(
      pointsOf(
        await unnamed(buyer, [
          { amount: eur('101.00'), occurredAt: day(2) },
          { amount: eur('1.00'), occurredAt: new Date('2026-05-31T10:00:00Z') },
          { amount: { amount: '1.00', currency: 'GBP' } },
        ]),
      ),
    ).toEqual(['INVALID', 'NOT_FOUND', 'NOT_FOUND']);
  });

  it('refuses more than there is, with the rest, and whoever bought nothing, and changes nothing', async () => {
    const buyer = await givenBuyer(1);
    const stranger = await givenMember(test);
    const before = await traceOf(buyer);

    const answers = await unnamed(buyer, [
      '100.01',
      { member: { id: stranger } },
      { member: { id: randomUUID() } },
      { amount: eur('-1') },
    ]);

    expect(answers).toEqual([
      refusal('INVALID', ['amount', 'amount'], { limit: '100' }),
      refusal('NOT_FOUND', ['member']),
      refusal('NOT_FOUND', ['member']),
      refusal('INVALID', ['amount', 'amount']),
    ]);
    expect((answers[1] as Refusal).message).toBe((answers[2] as Refusal).message);
    expect(await traceOf(buyer)).toBe(before);
  });

  it('answers IN_PROGRESS for all while another call holds one of them, and takes nothing', async () => {
    const shop = await givenShop();
    await buy(shop, '10.00');
    const before = await traceOf(shop);
    const keys = [shop.memberId, shop.partnerId];

    await test.owner().transaction(async (tx) => {
      await tx.query(
        `SELECT pg_advisory_xact_lock(hashtextextended(concat('earning ', $1::uuid, ' ', $2::uuid), 0))`,
        keys,
      );
      expect(await unnamed(shop, ['1.00', '2.00'])).toEqual([
        refusal('IN_PROGRESS'),
        refusal('IN_PROGRESS'),
      ]);
    });

    expect(await traceOf(shop)).toEqual(before);
  });

  it('takes once for a reference, in one batch too, and again gives the first answer', async () => {
    const buyer = await givenBuyer(1);
    const back = { reference: 'back-1', amount: eur('33.33') };

    const first = await unnamed(buyer, [back, back, { ...back, amount: eur('1') }]);
    const before = await traceOf(buyer);
    const again = await unnamed(buyer, [back]);

    expect(pointsOf(first)).toEqual([[33n, true], [33n, false], 'IDEMPOTENCY_MISMATCH']);
    expect(pointsOf(again)).toEqual([[33n, false]]);
    expect(await traceOf(buyer)).toBe(before);
  });

  it('takes each point once where it races, with those that name a purchase, too', async () => {
    const buyer = await givenBuyer(2);
    const [bought] = await db().findBy(Activity, { partnerId: buyer.partnerId });

    const { reasons } = await race<unknown>(db(), 6, (index) =>
      askAgain<unknown>(() =>
        index % 2
          ? unnamed(buyer, [{ reference: 'same', amount: eur('50.00') }])
          : refund(buyer.till, bought!, { amount: eur('10.00'), refundReference: `${index}` }),
      ),
    );

    expect(reasons).toEqual([]);
    const all = await db().findBy(Activity, { partnerId: buyer.partnerId });
    const money = all.reduce((sum, { refundedAmount }) => sum + Number(refundedAmount), 0);
    const taken = all.reduce((sum, { reversedPoints }) => sum + reversedPoints, 0n);
    expect(money).toBe(80);
    expect(await balanceOf(buyer.memberId)).toEqual([202n - taken, 0n, 0n]);
    expect(await db().countBy(Refund, { partnerId: buyer.partnerId })).toBe(4);
  });
});

describe('a refund of what was drawn elsewhere', () => {
  it('gives blocks and budgets their part back, once', async () => {
    const shop = await givenShop({ contract: { billing: 'PREPAID' } });
    const { partnerId, till } = shop;
    const price = { amount: '10', currency: 'EUR' };
    await sellPoints(
      db(),
      { partnerId, points: 200n, price, validFrom: '2026-01-01', idempotencyKey: 'block-1' },
      { viewer: adminViewer(), clock: clockAt(now) },
    );
    const offer = await givenOffer(test, partnerId, { budget: 70n });
    const left = async () => [
      (await db().findOneByOrFail(PointBlock, { partnerId })).remaining,
      (await db().findOneByOrFail(OfferBudget, { offerId: offer.id, sandbox: false })).spent,
    ];

    // 10 by the rules, 50 by the offer.
    const bought = await buy(shop, '10.00');
    expect(await left()).toEqual([140n, 50n]);

    const half = { amount: eur('5.00'), refundReference: 'R-half' };
    await race(db(), 3, () => askAgain(() => refund(till, bought, half)));
    expect(await left()).toEqual([170n, 25n]);
    await refund(till, bought);
    expect(await left()).toEqual([200n, 0n]);
  });

  it('takes back points of the sandbox in the sandbox', async () => {
    const { partnerId } = await givenShop({ contract: { pending: 'ON_CONFIRMATION' } });
    const till = { ...partnerViewer(partnerId, ['ACCRUALS_WRITE']), sandbox: true };
    const { id: memberId } = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial' },
      { viewer: till, clock: clockAt(now) },
    );
    const bought = await buy({ memberId, till }, '10.00', { reference: 'trial-1' });
    await confirmActivity(db(), { reference: 'trial-1' }, { viewer: till, clock: clockAt(now) });

    await refund(till, bought, { amount: eur('4.00') });

    const account = { memberId, currency: testCurrency };
    const [balance] = await balancesOf(db(), [account], now);
    expect(balance).toMatchObject({ available: 6n, pending: 0n, debt: 0n });
    expect(await balanceOf(memberId)).toEqual([0n, 0n, 0n]);
  });
});

/** A shop whose rules give 1.01 points a euro, and 0.77 of its own currency. */
async function givenOwn(given: Parameters<typeof givenPartner>[1] = {}, more: object[] = []) {
  const shop = await givenShop({ name: 'Shop', rules: ofAHundred, ...given });
  const currency = await givenCurrency(test, shop.partnerId);
  const own = { code: 'OWN', name: 'Own', earn: { spend: '0.77' }, currency };
  const rules = [
    ...(given.rules ?? ofAHundred),
    own,
    ...more.map((rule) => ({ ...rule, currency })),
  ];
  await givenRules(
    db(),
    shop.partnerId,
    rules as DraftRuleSet['rules'],
    new Date('2026-01-01T00:00:00Z'),
  );
  const owned = (at = now, memberId = shop.memberId) => balanceOf(memberId, at, currency);
  return { ...shop, currency, owned };
}

const seenOf = (activity: Activity, at = now) => {
  const { points, own } = earnedBy(activity, at);
  return [points, own];
};

describe('points of the partner’s own currency', () => {
  it('come beside the shared ones, and go back by the same parts, once for a reference', async () => {
    const shop = await givenOwn();
    const bought = await buy(shop, '100.00', { reference: 'till-1' });
    expect(await buy(shop, '100.00', { reference: 'till-1' })).toEqual(await reload(bought));
    expect(seenOf(bought)).toEqual([101n, 77n]);
    expect([await balanceOf(shop.memberId), await shop.owned()]).toEqual([
      [101n, 0n, 0n],
      [77n, 0n, 0n],
    ]);

    const lots = await rows(
      test.owner(),
      `SELECT issue_price::float AS price, issuer FROM ledger.lot
       WHERE member_id = $1 ORDER BY currency = 'PTS'`,
      [shop.memberId],
    );
    const issuer = shop.partnerId;
    expect(lots).toEqual([
      { price: 0, issuer },
      { price: 0.012, issuer },
    ]);

    // 25.66 and 51.32 of 77: 25, 26, and the rest.
    const seen: unknown[] = [];
    for (const amount of ['33.33', '33.33', '33.34']) {
      const asked = { amount: eur(amount), refundReference: `back-${seen.length}` };
      await refund(shop.till, bought, asked);
      seen.push(seenOf(await refund(shop.till, bought, asked)));
      expect((await shop.owned())[0]).toBe((seen.at(-1) as bigint[])[1]);
    }
    expect(seen).toEqual([
      [68n, 52n],
      [34n, 26n],
      [0n, 0n],
    ]);
    expect(await balanceOf(shop.memberId)).toEqual([0n, 0n, 0n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('go back with the units of items that earned them', async () => {
    const wine = { code: 'WINE', name: 'Wine', earn: { spend: '3' }, when: 'item.sku == "W"' };
    const shop = await givenOwn({}, [wine]);
    const items = [{ sku: 'W', quantity: 3, amount: eur('10.00') }];
    const bought = await buy(shop, '30.00', { items });
    // 10 x 3 + 20 x 0.77 = 45.4; 30 x 1.01 = 30.3
    expect(seenOf(bought)).toEqual([30n, 45n]);
    const [item] = itemsOf(bought);
    expect(item!.awarded).toEqual([
      { currency: 'PTS', points: 10n },
      { currency: shop.currency, points: 30n },
    ]);

    const seen = [];
    for (const quantity of [1, 2]) {
      seen.push(seenOf(await refund(shop.till, bought, { items: [{ line: '1', quantity }] })));
    }
    seen.push(seenOf(await refund(shop.till, bought, { amount: eur('7.00') })));
    // Of its 10 and 30, thirds; of 30 and 45, 7 of 30.
    expect(seen).toEqual([
      [27n, 35n],
      [20n, 15n],
      [13n, 5n],
    ]);
    expect((await shop.owned())[0]).toBe(5n);
    expect(seenOf(await refund(shop.till, bought))).toEqual([0n, 0n]);
  });

  it('are a debt of their own where they are spent, which the partner alone would bear', async () => {
    await limitDebt(50n);
    const shop = await givenOwn({ contract: { clawbackRisk: 'COALITION' } });
    const bought = await buy(shop, '100.00');
    const { memberId, partnerId, currency } = shop;
    await redeemPoints(
      db(),
      aRedemption({ memberId, partnerId, currency, points: 77n, at: now, effectiveAt: now }),
    );

    await refund(shop.till, bought);

    expect(await shop.owned()).toEqual([0n, 0n, 50n]);
    expect(await balanceOf(memberId)).toEqual([0n, 0n, 0n]);
    const [lost] = await rows(
      test.owner(),
      `SELECT c.kind, c.owner, m.debt FROM ledger.movement m
       JOIN ledger.counter_account c ON c.id = m.counter_account
       WHERE m.member_id = $1 AND m.kind = 'WRITE_OFF'`,
      [memberId],
    );
    expect(lost).toEqual({ kind: 'PARTNER_WRITE_OFF', owner: partnerId, debt: -27n });
    await limitDebt(usualLimit);
  });

  it('are billed by nobody, and draw on no block', async () => {
    const shop = await givenOwn({ contract: { billing: 'PREPAID' } });
    await expect(buy(shop, '100.00')).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(await shop.owned()).toEqual([0n, 0n, 0n]);
    await givenRules(
      db(),
      shop.partnerId,
      [{ code: 'OWN', name: 'Own', earn: { spend: '0.77' }, currency: shop.currency }],
      new Date('2026-02-01T00:00:00Z'),
    );

    const bought = await buy(shop, '100.00');

    expect(seenOf(bought)).toEqual([0n, 77n]);
    expect(costOf(bought, { currency: 'EUR' })).toEqual({ amount: '0.00', currency: 'EUR' });
    const [owed] = await owedBy(db(), [shop.partnerId]);
    expect(owed?.amount.toNumber() ?? 0).toBe(0);
    await unnamed(shop, ['50.00']);
    expect(seenOf(await reload(bought))).toEqual([0n, 39n]);
    expect(await shop.owned()).toEqual([39n, 0n, 0n]);
  });

  it('wait to be confirmed, follow a merge, and are gone where nobody confirms', async () => {
    const daily = {
      code: 'DAY',
      name: 'A day',
      earn: { fixed: 9n },
      caps: [{ points: 9n, per: 'EVER' }],
    };
    const shop = await givenOwn({ contract: { pending: 'ON_CONFIRMATION' } }, [daily]);
    const flight = await buy(shop, '100.00', { reference: 'flight-1' });
    await refund(shop.till, flight, { amount: eur('50.00') });
    // Half of 86 went back.
    expect(await shop.owned()).toEqual([0n, 43n, 0n]);
    const by = { viewer: shop.till, clock: clockAt(now) };
    const { answers } = await race(db(), 3, () =>
      askAgain(() => confirmActivity(db(), { reference: 'flight-1' }, by)),
    );
    expect(answers).toHaveLength(3);
    expect(await shop.owned()).toEqual([43n, 0n, 0n]);

    const into = await givenMember(test);
    await mergeMembers(
      test.db('members'),
      { fromId: shop.memberId, intoId: into, reason: 'One person' },
      { viewer: adminViewer(), clock: clockAt(now) },
    );
    expect([await shop.owned(), await shop.owned(now, into)]).toEqual([
      [0n, 0n, 0n],
      [43n, 0n, 0n],
    ]);
    await refund(shop.till, flight);
    expect(await shop.owned(now, into)).toEqual([0n, 0n, 0n]);

    const lapsing = await givenOwn({ contract: { pending: 'ON_CONFIRMATION' } }, [daily]);
    const lost = await buy(lapsing, '100.00');
    const end = new Date('2027-06-16T22:00:00Z');
    // Whoever looks at the other account first: it is no part of what blocks have back.
    await lockAvailable(db(), [lapsing.memberId], end, lapsing.currency);
    await runJob(test, 'settle-lapsed', { clock: clockAt(end) });
    expect(await reload(lost)).toMatchObject({ lapsedPoints: 101n, ownPoints: 86n });
    expect(seenOf(await reload(lost), end)).toEqual([0n, 0n]);
    expect(await lapsing.owned(end)).toEqual([0n, 0n, 0n]);
    const left = await db().findBy(EarnUsage, { memberId: lapsing.memberId });
    expect(left.map(({ rule, points }) => [rule, points])).toEqual([
      [`${lapsing.currency}/DAY`, 0n],
    ]);
  });

  it('keep to their caps, and are taken once, where tills race', async () => {
    const daily = {
      code: 'DAY',
      name: 'A day',
      earn: { fixed: 10n },
      caps: [{ points: 25n, per: 'DAY' }],
    };
    const shop = await givenOwn({}, [daily]);
    const { answers } = await race(db(), 4, () => askAgain(() => buy(shop, '10.00')));
    // 7 each, and 25.
    expect(answers.reduce((sum, { ownPoints }) => sum + ownPoints, 0n)).toBe(53n);
    expect((await shop.owned())[0]).toBe(53n);
    const used = () => db().findOneByOrFail(EarnUsage, { memberId: shop.memberId });
    expect(await used()).toMatchObject({ rule: `${shop.currency}/DAY`, points: 25n });

    await race(db(), 8, (index) => askAgain(() => refund(shop.till, answers[index % 4]!)));

    expect([await shop.owned(), await balanceOf(shop.memberId)]).toEqual([
      [0n, 0n, 0n],
      [0n, 0n, 0n],
    ]);
    expect((await used()).points).toBe(0n);
  });

  it('are posted with a call that has more of both than the ledger takes in one list', async () => {
    const shop = await givenOwn();
    const inputs = Array.from({ length: 251 }, (_, place) => ({
      member: { id: shop.memberId },
      kind: 'PURCHASE' as const,
      reference: `many-${place}`,
      occurredAt: now,
      amount: eur('10.00'),
    }));
    const reporter = { partnerId: shop.partnerId, sandbox: false };
    await recordActivities(db(), inputs, { reporter, clock: clockAt(now) });
    expect([await balanceOf(shop.memberId), await shop.owned()]).toEqual([
      [2_510n, 0n, 0n],
      [1_757n, 0n, 0n],
    ]);
  });

  it('are worked out in the sandbox, which has no account of them', async () => {
    const shop = await givenOwn();
    const till = { ...shop.till, sandbox: true };
    const trial = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial', points: 0n },
      { viewer: { ...till, scopes: ['ACCRUALS_WRITE'] }, clock: clockAt(now) },
    );
    const bought = await buy({ memberId: trial.id, till }, '100.00');
    expect(seenOf(bought)).toEqual([101n, 77n]);

    const back = await refund(till, bought, { amount: eur('50.00') });

    expect(seenOf(back)).toEqual([51n, 39n]);
    expect(await shop.owned(now, trial.id)).toEqual([0n, 0n, 0n]);
    expect(await balanceOf(trial.id, now, testCurrency)).toEqual([51n, 0n, 0n]);
  });
});

describe('confirmActivity', () => {
  const waiting = { pending: 'ON_CONFIRMATION' } as const;
  const later = new Date('2026-07-15T10:00:00Z');
  const confirm = ({ till }: Shop, reference: string, at = later) =>
    confirmActivity(db(), { reference }, { viewer: till, clock: clockAt(at) });
  const credits = async ({ memberId }: Shop) => {
    const found = await rows<{ points: bigint }>(
      test.owner(),
      'SELECT points FROM members.tier_credit WHERE member_id = $1 ORDER BY posted_at',
      [memberId],
    );
    return found.map(({ points }) => points);
  };

  it('lets points be spent that wait for it, and count for the tier, once', async () => {
    const shop = await givenShop({ contract: waiting });
    const bought = await buy(shop, '49.00', { reference: 'flight-1' });
    expect([statusOf(bought, later), bought.expectedBy]).toEqual(['PENDING', null]);
    expect(await balanceOf(shop.memberId, later)).toEqual([0n, 49n, 0n]);
    expect(await credits(shop)).toEqual([]);

    const { answers, reasons } = await race(db(), 6, () => confirm(shop, 'flight-1'));
    const [confirmed] = answers;

    expect([answers.length, reasons]).toEqual([6, []]);
    expect([statusOf(confirmed!, later), confirmed!.confirmedAt]).toEqual(['POSTED', later]);
    expect(await confirm(shop, 'flight-1', new Date('2027-12-01'))).toEqual(confirmed);
    expect(await balanceOf(shop.memberId, later)).toEqual([49n, 0n, 0n]);
    expect(await credits(shop)).toEqual([49n]);
  });

  it('leaves what was refunded before; a refund before takes what is pending', async () => {
    const shop = await givenShop({ contract: waiting });
    const bought = await buy(shop, '10.00', { reference: 'flight-1' });
    const gone = await buy(shop, '5.00', { reference: 'flight-2' });

    const refunded = await refund(shop.till, bought, { amount: eur('4.00') });
    await refund(shop.till, gone);
    expect(statusOf(refunded, now)).toBe('PENDING');
    expect(await balanceOf(shop.memberId)).toEqual([0n, 6n, 0n]);
    const confirmed = await confirm(shop, 'flight-1');

    expect(statusOf(confirmed, later)).toBe('PARTLY_REFUNDED');
    expect(await balanceOf(shop.memberId, later)).toEqual([6n, 0n, 0n]);
    expect(await credits(shop)).toEqual([6n]);
    await refund(shop.till, confirmed, {}, later);
    expect(await credits(shop)).toEqual([6n, -6n]);
    await expect(confirm(shop, 'flight-2')).rejects.toEqual(
      refusal('ALREADY_REVERSED', ['reference']),
    );
  });

  it('follows a membership that was merged', async () => {
    const shop = await givenShop({ contract: waiting });
    const into = await givenMember(test);
    await buy(shop, '10.00', { reference: 'flight-1' });
    await mergeMembers(
      test.db('members'),
      { fromId: shop.memberId, intoId: into, reason: 'The same person.' },
      { viewer: adminViewer(), clock: clockAt(now) },
    );

    await confirm(shop, 'flight-1');

    expect(await balanceOf(into, later)).toEqual([10n, 0n, 0n]);
    expect(await credits({ ...shop, memberId: into })).toEqual([10n]);
  });

  it('refuses what waits for none, is another’s, or is too late, and changes nothing', async () => {
    const [shop, other] = [await givenShop({ contract: waiting }), await givenShop()];
    const bought = await buy(shop, '10.00', { reference: 'flight-1' });
    await buy(other, '10.00', { reference: 'till-1' });
    const before = [await traceOf(shop), await traceOf(other)];
    // 15 June 2026 and 365 days: it ends with 15 June 2027 in Berlin.
    const end = new Date('2027-06-15T22:00:00Z');

    await expect(confirm(other, 'till-1')).rejects.toEqual(refusal('CONFLICT', ['reference']));
    await expect(confirm(other, 'flight-1')).rejects.toEqual(refusal('NOT_FOUND', ['reference']));
    await expect(confirm(shop, 'flight-1', end)).rejects.toEqual(refusal('EXPIRED', ['reference']));
    await expect(refund(shop.till, bought, {}, end)).rejects.toEqual(refusal('ALREADY_REVERSED'));
    expect([await traceOf(shop), await traceOf(other)]).toEqual(before);
    expect([statusOf(bought, new Date(end.getTime() - 1)), statusOf(bought, end)]).toEqual([
      'PENDING',
      'REJECTED',
    ]);
    expect(earnedBy(bought, end)).toEqual({ points: 0n, own: 0n, qualifying: 0n });
    expect(await balanceOf(shop.memberId, end)).toEqual([0n, 0n, 0n]);
  });
});

describe('points that were not confirmed in time', () => {
  // 15 June 2026 and 365 days: it ends with 15 June 2027 in Berlin.
  const end = new Date('2027-06-15T22:00:00Z');
  const before = new Date(end.getTime() - 1);
  const settle = (at = end) => runJob(test, 'settle-lapsed', { clock: clockAt(at) });

  /** A shop that has bought 200 points and gives 50 on top, with a cap and a card; all of it waits. */
  async function givenWaiting() {
    const shop = await givenShop({
      contract: { billing: 'PREPAID', pending: 'ON_CONFIRMATION' },
      rules: [
        { code: 'BASE', name: 'Base', earn: { spend: '1' }, caps: [{ points: 100n, per: 'DAY' }] },
        { code: 'CARD', name: 'Card', earn: { stamp: { code: 'CARD', stamps: 10, points: 5n } } },
      ],
    });
    const { partnerId } = shop;
    const price = { amount: '10', currency: 'EUR' };
    await sellPoints(
      db(),
      { partnerId, points: 200n, price, validFrom: '2026-01-01', idempotencyKey: 'block-1' },
      { viewer: adminViewer(), clock: clockAt(now) },
    );
    const { id: offerId } = await givenOffer(test, partnerId, { budget: 200n });
    return { ...shop, offerId };
  }

  /** What is left of the block, spent of the budget, and counts for a member's cap and card. */
  async function drawnBy(
    { partnerId, offerId }: Awaited<ReturnType<typeof givenWaiting>>,
    memberId: string,
    sandbox = false,
  ) {
    const [drawn] = await rows<Record<string, bigint>>(
      test.owner(),
      `SELECT (SELECT remaining FROM partners.point_block WHERE partner_id = $1) AS block,
              (SELECT spent FROM partners.offer_budget WHERE offer_id = $2 AND sandbox = $4) AS budget,
              (SELECT sum(points)::bigint FROM partners.earn_usage WHERE member_id = $3) AS cap,
              (SELECT sum(stamps)::bigint FROM partners.collected_stamps WHERE member_id = $3) AS card`,
      [partnerId, offerId, memberId, sandbox],
    );
    return drawn!;
  }

  const nothing = { block: 200n, budget: 0n, cap: 0n, card: 0n };
  // The cap counts for what can be spent, and for the tier.
  const one = { block: 140n, budget: 50n, cap: 20n, card: 1n };
  const confirm = ({ till }: Shop, at = before) =>
    confirmActivity(db(), { reference: 'flight-1' }, { viewer: till, clock: clockAt(at) });

  beforeAll(() => settle());

  it('go back to blocks, offers, caps and cards, once, and no sooner', async () => {
    const shop = await givenWaiting();
    const [flown, late] = [await buy(shop, '10', { reference: 'flight-1' }), await buy(shop, '10')];
    const gone = await buy(shop, '20.00');
    await refund(shop.till, gone);
    await refund(shop.till, late, { amount: eur('4.00') });
    await confirm(shop);
    const was = await traceOf(shop);

    expect(await settle(before)).toBe(0);
    expect(await traceOf(shop)).toBe(was);
    // 40 % of 60 points and 20 of the offer's 50 have come back with the refund.
    expect(await drawnBy(shop, shop.memberId)).toEqual({
      block: 104n,
      budget: 80n,
      cap: 32n,
      card: 2n,
    });

    expect(await settle()).toBe(1);

    expect(await drawnBy(shop, shop.memberId)).toEqual(one);
    expect(await reload(late)).toMatchObject({ lapsedAt: end, lapsedPoints: 36n });
    expect(await reload(flown)).toMatchObject({ lapsedAt: null, lapsedPoints: 0n });
    expect(await balanceOf(shop.memberId, end)).toEqual([60n, 0n, 0n]);
    const settled = await traceOf(shop);
    expect(await settle(new Date('2027-12-01'))).toBe(0);
    expect(await traceOf(shop)).toBe(settled);
    await expect(refund(shop.till, late, {}, before)).rejects.toEqual(refusal('ALREADY_REVERSED'));
  });

  it('go back from where a merge has brought them', async () => {
    const shop = await givenWaiting();
    const into = await givenMember(test);
    const bought = await buy(shop, '10');
    await mergeMembers(
      test.db('members'),
      { fromId: shop.memberId, intoId: into, reason: 'The same person.' },
      { viewer: adminViewer(), clock: clockAt(now) },
    );

    expect(await settle()).toBe(1);

    expect(await drawnBy(shop, into)).toEqual(nothing);
    expect(await reload(bought)).toMatchObject({ lapsedAt: end, lapsedPoints: 60n });
  });

  it('stay with the coalition where a member was erased: nothing goes back', async () => {
    const shop = await givenWaiting();
    const bought = await buy(shop, '10');
    await test.owner().query('SELECT ledger.forfeit($1, $2)', [shop.memberId, now]);

    expect(await settle()).toBe(1);

    expect(await reload(bought)).toMatchObject({ lapsedAt: end, lapsedPoints: 0n });
    expect(await drawnBy(shop, shop.memberId)).toMatchObject({ block: 140n, budget: 50n });
  });

  it('of the sandbox go back in the sandbox', async () => {
    const shop = await givenWaiting();
    const till = { ...shop.till, sandbox: true };
    const { id: memberId } = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial' },
      { viewer: till, clock: clockAt(now) },
    );
    const bought = await buy({ memberId, till }, '10');
    expect(await drawnBy(shop, memberId, true)).toEqual({ ...one, block: 200n });

    expect(await settle()).toBe(1);

    expect(await drawnBy(shop, memberId, true)).toEqual(nothing);
    expect((await reload(bought)).lapsedPoints).toBe(60n);
    const account = { memberId, currency: testCurrency };
    expect((await balancesOf(db(), [account], end))[0]).toMatchObject({ available: 0n, debt: 0n });
  });

  it('are confirmed or go back, once, where both happen at once, and workers are two', async () => {
    for (let round = 0; round < 3; round++) {
      const shop = await givenWaiting();
      const bought = await buy(shop, '10', { reference: 'flight-1' });
      await buy(shop, '10', { occurredAt: new Date('2026-06-14T10:00:00Z') });

      const { answers, reasons } = await race<unknown>(db(), 4, (index) =>
        index < 2 ? settle() : askAgain(() => confirm(shop)),
      );

      const { confirmedAt, lapsedPoints } = await reload(bought);
      expect(lapsedPoints).toBe(confirmedAt ? 0n : 60n);
      expect(await drawnBy(shop, shop.memberId)).toEqual(confirmedAt ? one : nothing);
      expect(await balanceOf(shop.memberId, end)).toEqual([confirmedAt ? 60n : 0n, 0n, 0n]);
      expect(reasons).toEqual(
        confirmedAt ? [] : [0, 1].map(() => refusal('EXPIRED', ['reference'])),
      );
      expect(answers.filter((each) => typeof each === 'number')).toHaveLength(2);
    }
  });

  it('are refunded or go back where both happen at once, each once', async () => {
    for (let round = 0; round < 3; round++) {
      const shop = await givenWaiting();
      const [bought] = [await buy(shop, '10'), await buy(shop, '10', { reference: 'flight-1' })];
      await confirm(shop, now);

      const { reasons } = await race<unknown>(db(), 3, (index) =>
        index < 2
          ? settle()
          : askAgain(() => refund(shop.till, bought, { amount: eur('5.00') }, before)),
      );

      const { lapsedPoints, reversedPoints } = await reload(bought);
      expect(reasons).toEqual(reversedPoints > 0n ? [] : [refusal('ALREADY_REVERSED')]);
      expect([0n, 30n]).toContain(reversedPoints);
      expect(lapsedPoints + reversedPoints).toBe(60n);
      expect(await drawnBy(shop, shop.memberId)).toEqual(one);
    }
  });
});

/** `npm run test:nightly` asks for more. */
const rounds = Number(process.env['TEST_ROUNDS'] ?? 4);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

describe(`purchases that come back (${rounds} rounds, TEST_SEED=${seed})`, () => {
  const step = fc.record({
    what: fc.constantFrom('buy', 'buy', 'refund', 'refund', 'unnamed', 'spend', 'confirm'),
    cents: fc.integer({ min: 1, max: 9_999 }),
    which: fc.nat(),
  });

  type Own = 'own' | 'ownTaken' | 'ownFloors';

  it('leave what was earned less what was taken, by another route', async () => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 15, maxLength: 25 }),
      async (steps) => {
        const shop = await givenOwn();
        await givenContract(db(), shop.partnerId, {
          validFrom: '2026-06-10',
          pending: 'ON_CONFIRMATION',
        });
        const bought: Activity[] = [];
        let spent = 0n;
        const orNothing = (work: Promise<unknown>) =>
          work.catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
            return null;
          });
        for (const { what, cents, which } of steps) {
          const amount = (cents / 100).toFixed(2);
          const activity = bought[which % Math.max(1, bought.length)];
          // Half of them wait to be confirmed.
          const at = which % 2 ? now : new Date('2026-06-01T10:00:00Z');
          if (what === 'buy' || !activity) {
            bought.push(await buy(shop, amount, { occurredAt: at }));
          } else if (what === 'refund') {
            await orNothing(refund(shop.till, activity, { amount: eur(amount) }));
          } else if (what === 'unnamed') await unnamed(shop, [amount]);
          else if (what === 'confirm') {
            const { reference } = activity;
            const by = { viewer: shop.till, clock: clockAt(now) };
            await orNothing(confirmActivity(db(), { reference }, by));
          } else if (await orNothing(spend(shop.memberId, shop.partnerId, BigInt(cents)))) {
            spent += BigInt(cents);
          }
        }
        const [sums] = await rows<Record<'earned' | 'taken' | 'floors' | 'parts' | Own, bigint>>(
          test.owner(),
          `SELECT sum(floor(amount * 1.01))::bigint AS earned, sum(reversed_points)::bigint AS taken,
                sum(div(points * refunded_amount, amount))::bigint AS floors,
                sum(floor(amount * 0.77))::bigint AS own, sum(own_reversed)::bigint AS "ownTaken",
                sum(div(own_points * refunded_amount, amount))::bigint AS "ownFloors",
                (SELECT coalesce(sum(p.points), 0)::bigint FROM partners.refund_part p
                 JOIN partners.refund r ON r.id = p.refund_id WHERE r.partner_id = $1) AS parts
         FROM partners.activity WHERE partner_id = $1`,
          [shop.partnerId],
        );
        const [available, pending, debt] = await balanceOf(shop.memberId);
        expect(available! + pending! - debt!).toBe(sums!.earned - sums!.taken - spent);
        expect([sums!.taken, sums!.parts]).toEqual([sums!.floors, sums!.floors]);
        const [owned, waiting, owing] = await shop.owned();
        expect(owned! + waiting! - owing!).toBe(sums!.own - sums!.ownTaken);
        expect(sums!.ownTaken).toBe(sums!.ownFloors);
      },
    );

    await fc.assert(property, { seed, numRuns: rounds });
  });

  it('and the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
