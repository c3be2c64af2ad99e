import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import {
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import type { DraftRuleSet } from '../../../subgraphs/partners/earning/rule-sets.ts';
import { Activity } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner, givenRules } from '../../support/given-partners.ts';
import { runJob } from '../../support/jobs.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('rules that remember', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  // In Berlin the 16th of June, a Tuesday, half an hour after midnight.
  const now = new Date('2026-06-15T22:30:00Z');

  type Rules = DraftRuleSet['rules'];
  async function givenShop(rules: Rules) {
    const partnerId = await givenPartner(test, { rules });
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    return { partnerId, memberId };
  }
  type Shop = Awaited<ReturnType<typeof givenShop>>;

  const input = ({ memberId }: Shop, more: Partial<RecordActivity> = {}): RecordActivity => ({
    member: { id: memberId },
    kind: 'PURCHASE',
    reference: randomUUID(),
    occurredAt: now,
    amount: { amount: '60.00', currency: 'EUR' },
    ...more,
  });
  const record = (shop: Shop, more: Partial<RecordActivity> = {}) =>
    recordActivity(db(), input(shop, more), {
      viewer: partnerViewer(shop.partnerId, ['ACCRUALS_WRITE']),
      clock: new SetClock(now),
    });
  const recordTogether = async (shop: Shop, inputs: RecordActivity[]) => {
    const reporter = { partnerId: shop.partnerId, sandbox: false };
    const { recorded } = await recordActivities(db(), inputs, {
      reporter,
      clock: new SetClock(now),
    });
    return recorded.map((each) => ('activity' in each ? each.activity.points : each.code));
  };
  const balanceOf = async ({ memberId }: Shop) =>
    (await balancesOf(db(), [{ memberId }], new Date('2030-01-01')))[0]!.available;
  const usage = ({ memberId }: Shop) =>
    rows<{ rule: string; award: string; per: string; day: string; points: string }>(
      test.owner(),
      `SELECT rule, award, per, starts_on::text AS day, points::text FROM partners.earn_usage
       WHERE member_id = $1 ORDER BY award DESC, starts_on`,
      [memberId],
    );
  const capped: Rules = [
    {
      code: 'BASE',
      name: 'A point a unit',
      earn: { spend: '1' },
      caps: [{ points: 100n, per: 'DAY' }],
    },
  ];
  const coffee: Rules = [
    {
      code: 'COFFEE',
      name: 'Ten coffees',
      earn: { stamp: { code: 'COFFEE', stamps: 10, points: 250n } },
      when: 'item.category == "coffee"',
    },
  ];
  const cups = (quantity: number): Partial<RecordActivity> => ({
    items: [{ sku: 'CUP', category: 'coffee', quantity, amount: { amount: '9', currency: 'EUR' } }],
  });

  it('give no more than their cap in a day of the program, and say so', async () => {
    const shop = await givenShop(capped);

    expect((await record(shop)).points).toBe(60n);
    const second = await record(shop);
    expect(second).toMatchObject({ points: 40n, qualifyingPoints: 40n });
    expect(second.explanation).toMatchObject([{ desired: 60, points: 40, cappedBy: 'DAY' }]);
    expect((await record(shop)).points).toBe(0n);
    // Half an hour before is another day.
    expect((await record(shop, { occurredAt: new Date('2026-06-15T21:30:00Z') })).points).toBe(60n);

    expect(await balanceOf(shop)).toBe(160n);
    expect(await usage(shop)).toEqual(
      ['SPENDABLE', 'QUALIFYING'].flatMap((award) => [
        { rule: 'BASE', award, per: 'DAY', day: '2026-06-15', points: '60' },
        { rule: 'BASE', award, per: 'DAY', day: '2026-06-16', points: '100' },
      ]),
    );
  });

  it('count once for an activity that is reported again, alone or in one batch', async () => {
    const shop = await givenShop(capped);
    const once = input(shop, { reference: 'once' });

    expect(await recordTogether(shop, [once, once, input(shop), once])).toEqual([
      60n,
      60n,
      40n,
      60n,
    ]);
    expect(await recordTogether(shop, [once])).toEqual([60n]);

    expect(await balanceOf(shop)).toBe(100n);
  });

  it('leave no trace of what is refused', async () => {
    const shop = await givenShop(capped);
    const other = { currency: 'USD', amount: '60.00' };

    expect(await recordTogether(shop, [input(shop, { amount: other }), input(shop)])).toEqual([
      'INVALID',
      60n,
    ]);

    expect((await usage(shop)).map(({ points }) => points)).toEqual(['60', '60']);
  });

  it('give no more than their cap to many tills at once', async () => {
    const shop = await givenShop(capped);

    const { answers, reasons } = await race(db(), 12, () => record(shop));

    expect(reasons).toEqual([]);
    expect(answers.reduce((sum, { points }) => sum + points, 0n)).toBe(100n);
    expect(await balanceOf(shop)).toBe(100n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('give the same reference once, and the whole cap, where calls cross', async () => {
    const shop = await givenShop(capped);
    const same = input(shop, { reference: 'same' });

    await race(db(), 8, (n) =>
      recordTogether(shop, n % 2 ? [same, input(shop)] : [input(shop), same]),
    );

    expect(await db().countBy(Activity, { partnerId: shop.partnerId, reference: 'same' })).toBe(1);
    expect(await balanceOf(shop)).toBe(100n);
    expect((await usage(shop))[0]!.points).toBe('100');
  });

  it('count for the person where two memberships are one, and apart where they are two after all', async () => {
    const shop = await givenShop([...capped, ...coffee]);
    const other = { ...shop, memberId: await givenMember(test) };
    await givenConsent(test, other.memberId, shop.partnerId);
    await record(other, cups(9));
    await record(shop, { amount: { amount: '10', currency: 'EUR' } });
    const staff = { viewer: adminViewer(), clock: databaseClock };
    const [fromId, intoId] = [other.memberId, shop.memberId];

    const { mergeId } = await mergeMembers(
      test.db('members'),
      { fromId, intoId, reason: 'One person' },
      staff,
    );
    // What comes late is gathered again and again: nothing counts twice.
    for (let times = 0; times < 2; times++) {
      await rows(test.owner(), 'UPDATE members.merge SET gathered_at = NULL');
      await runJob(test, 'forward-merged-points');
    }
    // 60 and 10 of 100 are used, and nine stamps are there.
    expect((await record(shop, cups(1))).points).toBe(280n);
    await undoMerge(test.db('members'), { id: mergeId, reason: 'Two after all' }, staff);

    expect((await record(shop)).points).toBe(60n);
    expect((await record(other, cups(1))).points).toBe(290n);
  });

  it('fill a card, over several purchases and within one', async () => {
    const shop = await givenShop(coffee);

    expect((await record(shop, cups(9))).points).toBe(0n);
    // 9 and 12 fill two cards, and one stamp is on the third.
    expect((await record(shop, cups(12))).points).toBe(500n);
    expect(await recordTogether(shop, [input(shop, cups(8)), input(shop, cups(1))])).toEqual([
      0n,
      250n,
    ]);
    expect((await record(shop, { items: null })).explanation[0]!.reason).toBe(
      'No item meets its condition.',
    );

    expect(await balanceOf(shop)).toBe(750n);
  });

  it('keep a card’s stamps where the card becomes smaller', async () => {
    const shop = await givenShop(coffee);
    await record(shop, cups(9));
    const smaller = [
      { ...coffee[0]!, earn: { stamp: { code: 'COFFEE', stamps: 8, points: 200n } } },
    ];
    await givenRules(db(), shop.partnerId, smaller, new Date('2026-06-15T22:00:00Z'));

    // 9 and 1 are a card of eight, and two stamps on the next.
    expect((await record(shop, cups(1))).points).toBe(200n);
    expect((await record(shop, cups(5))).points).toBe(0n);
    expect((await record(shop, cups(1))).points).toBe(200n);
  });

  it('refuses what would earn too much, for the tier or before caps too, and it alone', async () => {
    const shop = await givenShop([
      { code: 'CAPPED', name: 'Much', earn: { spend: '100' }, caps: [{ points: 5n, per: 'DAY' }] },
      { code: 'TIER', name: 'Tier', earn: { spend: '1' }, awards: 'QUALIFYING' },
    ]);
    const much = (amount: string) => input(shop, { amount: { amount, currency: 'EUR' } });

    expect(
      await recordTogether(shop, [much('10000000001'), much('1'), much('99999999999999')]),
    ).toEqual(['INVALID', 5n, 'INVALID']);
  });

  it('fill as many cards as there are stamps, however many tills stamp at once', async () => {
    const shop = await givenShop(coffee);

    await race(db(), 15, () => record(shop, cups(2)));

    expect(await balanceOf(shop)).toBe(750n);
  });
});

describe('what was bought', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-06-15T10:00:00Z');
  const rules: DraftRuleSet['rules'] = [
    { code: 'BASE', name: 'A point a unit', earn: { spend: '1' } },
    { code: 'FOOD', name: 'Food', earn: { spend: '2' }, when: 'item.category == "food"' },
  ];
  const euros = (amount: string) => ({ amount, currency: 'EUR' });
  const bread = { sku: 'BREAD', category: 'food', quantity: 2, amount: euros('7.00') };
  const soap = { line: 'soap', sku: 'SOAP', quantity: 1, amount: euros('3.00') };

  async function record(more: Partial<RecordActivity>) {
    const partnerId = await givenPartner(test, { rules });
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const input: RecordActivity = {
      member: { id: memberId },
      kind: 'PURCHASE',
      reference: 'till-1',
      occurredAt: now,
      amount: euros('12.50'),
      ...more,
    };
    const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
    return recordActivity(db(), input, { viewer, clock: new SetClock(now) });
  }

  it('is kept with the points of each line', async () => {
    const { id } = await record({
      items: [bread, soap],
      shipping: euros('2.5'),
      tax: euros('1.00'),
    });

    expect(await db().findOneByOrFail(Activity, { id })).toMatchObject({
      points: 17n,
      tax: '1',
      shipping: '2.5',
      discount: '0',
      items: [
        { line: '1', sku: 'BREAD', category: 'food', quantity: 2, amount: '7', points: 14 },
        { line: 'soap', sku: 'SOAP', category: null, quantity: 1, amount: '3', points: 3 },
      ],
    });
  });

  it.each<[string, Partial<RecordActivity>, string[]]>([
    ['parts in another currency', { tax: { amount: '1', currency: 'USD' } }, ['tax', 'currency']],
    ['more tax than there is', { tax: euros('12.51') }, ['tax']],
    ['more points than it cost', { pointsPaid: euros('13') }, ['pointsPaid']],
    ['items of more than the goods', { items: [bread, soap], shipping: euros('2.51') }, ['items']],
    [
      'an item in another currency',
      { items: [{ ...soap, amount: { amount: '1', currency: 'USD' } }] },
      ['items', '0', 'amount', 'currency'],
    ],
    [
      'a line twice',
      {
        items: [
          { ...bread, line: '2' },
          { ...soap, line: null },
        ],
      },
      ['items', '1', 'line'],
    ],
    ['none of something', { items: [{ ...bread, quantity: 0 }] }, ['items', '0', 'quantity']],
    ['no product', { items: [{ ...bread, sku: '' }] }, ['items', '0', 'sku']],
  ])('is refused with %s', async (_, more, path) => {
    await expect(record(more)).rejects.toEqual(refusal('INVALID', path));
  });
});
