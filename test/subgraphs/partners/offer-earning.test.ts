import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import {
  activityIn,
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import { recordAll } from '../../../subgraphs/partners/activities/batches.ts';
import { type RecordActivity, readReport } from '../../../subgraphs/partners/activities/reports.ts';
import { simulateActivity } from '../../../subgraphs/partners/activities/simulations.ts';
import { type Activity, Offer } from '../../../subgraphs/partners/entities.ts';
import { activateOffer } from '../../../subgraphs/partners/offers/activations.ts';
import { returnToOffers, spentBy } from '../../../subgraphs/partners/offers/budgets.ts';
import { type CreateOffer, endOffer } from '../../../subgraphs/partners/offers/offers.ts';
import { progressOf } from '../../../subgraphs/partners/offers/progress.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer, givenSegment } from '../../support/given-offers.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenQualifying, givenTiers } from '../../support/given-tiers.ts';
import { askAgain, race } from '../../support/race.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

describe('an activity while offers run', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const noon = new Date('2026-06-15T10:00:00Z');

  async function givenShop(...offers: Partial<CreateOffer>[]) {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const running: Offer[] = [];
    for (const each of offers) running.push(await givenOffer(test, partnerId, each));
    return { partnerId, memberId, offers: running };
  }
  type Shop = Awaited<ReturnType<typeof givenShop>>;
  const input = ({ memberId }: Shop, more: Partial<RecordActivity> = {}): RecordActivity => ({
    member: { id: memberId },
    kind: 'PURCHASE',
    reference: randomUUID(),
    occurredAt: noon,
    amount: { amount: '10.00', currency: 'EUR' },
    ...more,
  });
  const recordAs = (sandbox: boolean, shop: Shop, more: Partial<RecordActivity> = {}) => {
    const given = input(shop, more);
    const viewer = { ...partnerViewer(shop.partnerId, ['ACCRUALS_WRITE' as const]), sandbox };
    const clock = new SetClock(new Date(given.occurredAt.getTime() + 60_000));
    return recordActivity(db(), given, { viewer, clock });
  };
  const record = (shop: Shop, more: Partial<RecordActivity> = {}) => recordAs(false, shop, more);
  const pointsAt = async (shop: Shop, instant: string) =>
    (await record(shop, { occurredAt: new Date(instant) })).points;
  const activate = ({ memberId, offers }: Shop, at = noon) =>
    activateOffer(db(), { id: offers[0]!.id }, { memberId, clock: new SetClock(at) });
  const budgetOf = async (offerId: string) =>
    rows<{ sandbox: boolean; spent: string; awarded: string }>(
      test.owner(),
      `SELECT b.sandbox, b.spent::text, coalesce((
           SELECT sum(w.points - w.refunded) FROM partners.offer_award w
           WHERE w.offer_id = b.offer_id AND w.sandbox = b.sandbox), 0)::text AS awarded
       FROM partners.offer_budget b WHERE b.offer_id = $1 ORDER BY b.sandbox`,
      [offerId],
    );
  const live = (spent: string) => [
    { sandbox: false, spent, awarded: spent },
    { sandbox: true, spent: '0', awarded: '0' },
  ];

  it('earns by those whose time it happened in, from their start to before their end', async () => {
    const shop = await givenShop({});

    // 10 for what was paid, and 50.
    expect(await pointsAt(shop, '2026-05-31T23:59:59.999Z')).toBe(10n);
    expect(await pointsAt(shop, '2026-06-01T00:00:00.000Z')).toBe(60n);
    expect(await pointsAt(shop, '2026-06-30T23:59:59.999Z')).toBe(60n);
    expect(await pointsAt(shop, '2026-07-01T00:00:00.000Z')).toBe(10n);
  });

  it('earns by what ended early where it happened before, though it is reported later', async () => {
    const shop = await givenShop({});
    const [{ id }] = shop.offers as [Offer];
    await endOffer(db(), { id }, { viewer: adminViewer(), clock: new SetClock(noon) });

    expect(await pointsAt(shop, '2026-06-15T10:00:00.000Z')).toBe(10n);
    expect(await pointsAt(shop, '2026-06-15T09:59:59.999Z')).toBe(60n);
  });

  it('says what each offer gave, as a simulation does, and keeps it', async () => {
    const shop = await givenShop({}, { title: 'Twice', rules: [twice] });
    const [summer, double] = shop.offers as [Offer, Offer];
    const viewer = partnerViewer(shop.partnerId, ['ACCRUALS_WRITE']);
    const clock = new SetClock(noon);

    const simulated = await simulateActivity(db(), { input: input(shop) }, { viewer, clock });
    const recorded = await record(shop, { reference: 'once' });
    await record(shop, { reference: 'once' });

    expect(
      recorded.explanation.map(({ rule, offerId, points }) => [rule, offerId, points]),
    ).toEqual([
      ['BASE', undefined, 10],
      [`${double.id}/TWICE`, double.id, 10],
      [`${summer.id}/BONUS`, summer.id, 50],
    ]);
    expect(simulated.lines).toEqual(recorded.explanation);
    expect(await awards(recorded)).toEqual({ [summer.id]: '50', [double.id]: '10' });
  });

  const twice = { code: 'TWICE', name: 'Twice', earn: { multiplier: '2' } };
  const awards = async ({ id }: Activity) => {
    const found = await rows<{ offer: string; points: string }>(
      test.owner(),
      `SELECT offer_id AS offer, points::text FROM partners.offer_award WHERE activity_id = $1`,
      [id],
    );
    return Object.fromEntries(found.map(({ offer, points }) => [offer, points]));
  };

  it('earns by those of its own brand alone', async () => {
    const shops = [await givenShop(), await givenShop({})];
    const reports = shops.map((shop) =>
      readReport(input(shop), { partnerId: shop.partnerId, sandbox: false }),
    );

    const record = (tx: Database) => recordAll(tx, reports, new SetClock(noon));
    const { answers } = await db().transaction(record);

    expect(reports.map((each) => activityIn(answers.get(each)!).points)).toEqual([10n, 60n]);
  });

  it('earns from the instant on at which the member has opted in', async () => {
    const shop = await givenShop({ optIn: true });
    expect((await record(shop)).points).toBe(10n);

    await activate(shop);

    expect(await pointsAt(shop, '2026-06-15T09:59:59.999Z')).toBe(10n);
    expect(await pointsAt(shop, '2026-06-15T10:00:00.000Z')).toBe(60n);
    const other = { ...shop, memberId: await givenMember(test) };
    await givenConsent(test, other.memberId, shop.partnerId);
    expect((await record(other)).points).toBe(10n);
  });

  it('earns for the tiers and the segments that they are for', async () => {
    await givenTiers(test);
    const shop = await givenShop(
      { tiers: ['SILVER', 'GOLD'] },
      { tiers: ['PLATINUM'], rules: [bonus(7n)] },
    );
    await givenSegment(test, 'LAPSED', [shop.memberId]);
    await givenSegment(test, 'FRIENDS', []);
    await givenOffer(test, shop.partnerId, { segments: ['FRIENDS'], rules: [bonus(1_000n)] });
    await givenOffer(test, shop.partnerId, {
      segments: ['FRIENDS', 'LAPSED'],
      rules: [bonus(100n)],
    });

    expect((await record(shop)).points).toBe(110n);
    await givenQualifying(test, shop.memberId, 2_000n, { occurredAt: noon });
    expect((await record(shop)).points).toBe(160n);
  });

  const bonus = (points: bigint) => ({
    code: 'BONUS',
    name: 'More',
    earn: { fixed: points },
    awards: 'SPENDABLE' as const,
  });

  it('counts toward caps and cards of the offer alone, and shows how far they are', async () => {
    const capped = { ...bonus(40n), caps: [{ points: 100n, per: 'EVER' as const }] };
    const card = {
      code: 'CARD',
      name: 'Third',
      earn: { stamp: { code: 'C', stamps: 3, points: 9n } },
    };
    const shop = await givenShop({ rules: [capped] }, { rules: [card] }, { rules: [bonus(1n)] });
    const progress = async () =>
      (await progressOf(db(), shop.memberId, shop.offers)).map(
        (each) => each && [each.current, each.percent, each.remaining, each.completedAt !== null],
      );

    expect(await progress()).toEqual([[0n, 0, 100n, false], [0n, 0, 3n, false], null]);
    // 10 + 40 + 1, twice; then 10 + 20 + 9 + 1.
    expect([(await record(shop)).points, (await record(shop)).points]).toEqual([51n, 51n]);
    expect(await progress()).toEqual([[80n, 80, 20n, false], [2n, 66, 1n, false], null]);
    const third = await record(shop);
    expect(third.points).toBe(40n);
    expect(third.explanation.find(({ cappedBy }) => cappedBy)).toMatchObject({
      rule: `${shop.offers[0]!.id}/BONUS`,
      desired: 40,
      points: 20,
      cappedBy: 'EVER',
    });
    expect(await progress()).toEqual([[100n, 100, 0n, true], [0n, 0, 3n, true], null]);
    const [reached] = await progressOf(db(), shop.memberId, shop.offers);
    expect(reached!.completedAt).toEqual(third.postedAt);
  });

  it('takes of a budget what is there and no more, in one call and one after the other', async () => {
    const shop = await givenShop({ budget: 120n });
    const reporter = { partnerId: shop.partnerId, sandbox: false };
    const inputs = [input(shop), input(shop)];
    const by = { reporter, clock: new SetClock(noon) };

    const { recorded } = await recordActivities(db(), inputs, by);
    expect(recorded.map((each) => 'activity' in each && each.activity.points)).toEqual([60n, 60n]);
    const third = await record(shop);
    expect(third).toMatchObject({ points: 30n });
    expect(third.explanation[1]).toMatchObject({ desired: 50, points: 20, cappedBy: null });
    const fourth = await record(shop);
    expect(fourth.points).toBe(10n);
    expect(fourth.explanation[1]!.reason).toBe('The budget of its offer is used up.');
    // Again, it takes nothing.
    await recordActivities(db(), [inputs[1]!], by);

    expect(await budgetOf(shop.offers[0]!.id)).toEqual(live('120'));
  });

  it('leaves a budget as it is where it is refused', async () => {
    const shop = await givenShop({ budget: 120n });
    const amount = { amount: '10', currency: 'USD' };

    await expect(record(shop, { amount })).rejects.toMatchObject({ code: 'INVALID' });

    expect(await budgetOf(shop.offers[0]!.id)).toEqual(live('0'));
  });

  it('takes of budgets no more than there is, however many come at once', async () => {
    const shop = await givenShop({ budget: 1_234n }, { budget: 900n, rules: [bonus(25n)] });
    const others = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const memberId = await givenMember(test);
        await givenConsent(test, memberId, shop.partnerId);
        return { ...shop, memberId };
      }),
    );
    const people = [shop, ...others];

    const by = {
      reporter: { partnerId: shop.partnerId, sandbox: false },
      clock: new SetClock(noon),
    };
    const { answers: calls, reasons } = await race(db(), 20, async (n) => {
      const inputs = Array.from({ length: 5 }, (_, m) => input(people[(n + m) % 4]!));
      return askAgain(async () =>
        (await recordActivities(db(), inputs, by)).recorded.map(activityIn),
      );
    });

    expect(reasons).toEqual([]);
    const answers = calls.flat();
    expect(answers).toHaveLength(100);
    // Of 50 each 24 whole and 34 once; of 25 each 36.
    expect(await budgetOf(shop.offers[0]!.id)).toEqual(live('1234'));
    expect(await budgetOf(shop.offers[1]!.id)).toEqual(live('900'));
    const given = (rule: string) =>
      answers
        .map(({ explanation }) => explanation.find((line) => line.rule.startsWith(rule))!.points)
        .filter((points) => points > 0)
        .sort((a, b) => a - b);
    expect(given(shop.offers[0]!.id)).toEqual([34, ...Array.from({ length: 24 }, () => 50)]);
    expect(given(shop.offers[1]!.id)).toEqual(Array.from({ length: 36 }, () => 25));
    for (const { points, explanation } of answers) {
      expect(Number(points)).toBe(explanation.reduce((sum, line) => sum + line.points, 0));
    }
    const balances = await balancesOf(
      db(),
      people.map(({ memberId }) => ({ memberId })),
      new Date('2030-01-01'),
    );
    expect(balances.reduce((sum, { available }) => sum + available, 0n)).toBe(
      1_000n + 1_234n + 900n,
    );
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('takes of the sandbox’s budget in the sandbox', async () => {
    const shop = await givenShop({ budget: 70n });
    const trial = { ...partnerViewer(shop.partnerId), sandbox: true };
    const { id: memberId } = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial' },
      { viewer: trial, clock: databaseClock },
    );

    expect((await recordAs(true, { ...shop, memberId })).points).toBe(60n);
    expect((await record(shop)).points).toBe(60n);

    expect(await budgetOf(shop.offers[0]!.id)).toEqual([
      { sandbox: false, spent: '50', awarded: '50' },
      { sandbox: true, spent: '50', awarded: '50' },
    ]);
  });

  it('gives back to budgets what refunds take back, in proportion and once', async () => {
    const shop = await givenShop({ budget: 70n }, {});
    // 10 by the rules, 50 by each of two offers.
    const { id: activityId } = await record(shop);
    const takeBack = (reversed: bigint) =>
      db().transaction((tx) => returnToOffers(tx, [{ activityId, earned: 110n, reversed }]));

    // A third of 110 is 36; 50 x 36 / 110 is 16.36.
    await takeBack(36n);
    await Promise.all([takeBack(36n), takeBack(36n)]);
    // What comes late takes nothing again.
    await takeBack(10n);
    expect(await budgetOf(shop.offers[0]!.id)).toEqual(live('34'));
    const { explanation } = await record(shop);
    expect(explanation.find(({ offerId }) => offerId === shop.offers[0]!.id)!.points).toBe(36);
    await takeBack(110n);

    expect(await budgetOf(shop.offers[0]!.id)).toEqual(live('36'));
  });

  it('says what an offer without a budget has given, less what came back, in each half of the world', async () => {
    const shop = await givenShop({}, { rules: [bonus(25n)] }, { budget: 5_000n });
    const trial = { ...partnerViewer(shop.partnerId), sandbox: true };
    const { id: memberId } = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial' },
      { viewer: trial, clock: databaseClock },
    );
    const spent = async () => {
      const ids = shop.offers.map(({ id }) => id);
      return [await spentBy(db(), ids, false), await spentBy(db(), ids, true)];
    };
    expect(await spent()).toEqual(Array(2).fill([0n, 0n, 0n]));

    const reference = randomUUID();
    const { reasons, answers } = await race(db(), 12, (n) =>
      askAgain(() => record(shop, n < 3 ? { reference } : {})),
    );
    await recordAs(true, { ...shop, memberId });
    const amount = { amount: '10', currency: 'USD' };
    await expect(record(shop, { amount })).rejects.toMatchObject({ code: 'INVALID' });
    // Three of them are one.
    expect(reasons).toEqual([]);
    expect(await spent()).toEqual([
      [500n, 250n, 500n],
      [50n, 25n, 50n],
    ]);
    // Of 135 each, 27 of one and 135 of another: a fifth, and all.
    const [one, other] = answers.slice(3) as [Activity, Activity];
    await race(db(), 4, (n) =>
      db().transaction((tx) =>
        returnToOffers(tx, [
          n % 2
            ? { activityId: one.id, earned: 135n, reversed: 27n }
            : { activityId: other.id, earned: 135n, reversed: 135n },
        ]),
      ),
    );
    expect(await spent()).toEqual([
      [440n, 220n, 440n],
      [50n, 25n, 50n],
    ]);
  });

  it('counts for the person where two memberships are one, and apart where they are two after all', async () => {
    const shop = await givenShop({ optIn: true });
    const other = { ...shop, memberId: await givenMember(test) };
    await givenConsent(test, other.memberId, shop.partnerId);
    await activate(other, new Date('2026-06-15T09:00:00Z'));
    await activate(shop, new Date('2026-06-15T11:00:00Z'));
    const by = { viewer: adminViewer(), clock: databaseClock };
    const merge = { fromId: other.memberId, intoId: shop.memberId, reason: 'One person' };

    const { mergeId } = await mergeMembers(test.db('members'), merge, by);
    expect((await record(shop)).points).toBe(60n);
    await undoMerge(test.db('members'), { id: mergeId, reason: 'Two after all' }, by);

    expect((await record(shop)).points).toBe(10n);
    expect((await record(other)).points).toBe(60n);
  });

  it('forgets with the member what they opted into', async () => {
    const shop = await givenShop({ optIn: true });
    await activate(shop);
    const told = () =>
      rows<{ record: string }>(
        test.owner(),
        `SELECT record FROM partners.export_member(ARRAY[$1::uuid])
         WHERE section = 'offers' AND record IS NOT NULL`,
        [shop.memberId],
      );
    expect((await told()).map(({ record: text }) => JSON.parse(text) as object)).toMatchObject([
      { id: shop.offers[0]!.id, title: 'Summer' },
    ]);

    await rows(test.owner(), 'SELECT partners.erase_member($1)', [shop.memberId]);

    expect(await told()).toEqual([]);
  });
});
