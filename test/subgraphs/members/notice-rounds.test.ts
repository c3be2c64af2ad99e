import { accruePoints } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer, givenSegment } from '../../support/given-offers.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { anAccrual, givenLedgerPartner } from '../../support/given-points.ts';
import { race } from '../../support/race.ts';
import { partnerViewer } from '../../support/subgraph.ts';

interface Told {
  template: string;
  args: Record<string, string>;
}

/** The program is in Berlin. */
const morning = (day: string) => new Date(`${day}T08:30:00+01:00`);

describe('the round over all members', () => {
  const test = useTestDatabase();
  beforeAll(() => rows(test.owner(), `SELECT ledger.make_months('2031-01-01', '2031-12-31')`));
  beforeEach(() => rows(test.owner(), 'DELETE FROM members.notice_round'));

  const step = async (at: Date, max = 2) => {
    const [told] = await rows<{ count: number }>(
      test.db('worker'),
      'SELECT members.notice_members($1, $2) AS count',
      [max, at],
    );
    return told!.count;
  };
  /** The whole round. */
  const go = async (at: Date) => {
    while ((await step(at)) > 0);
  };
  const told = (memberId: string) =>
    rows<Told>(
      test.owner(),
      'SELECT template, args FROM members.notification WHERE member_id = $1 ORDER BY created_at, template',
      [memberId],
    );
  const templates = async (memberId: string) =>
    (await told(memberId)).map(({ template }) => template);
  const givenBirthday = (memberId: string, birthday: string) =>
    rows(test.owner(), 'UPDATE members.member SET birthday = $2 WHERE id = $1', [
      memberId,
      birthday,
    ]);
  const givenLot = async (points: bigint, lastDay: string, at: Date) => {
    const memberId = await givenMember(test, 0n, undefined, at);
    const issuerId = await givenLedgerPartner(test);
    await givenMore(memberId, issuerId, points, lastDay, at);
    return { memberId, issuerId };
  };
  const givenMore = (
    memberId: string,
    issuerId: string,
    points: bigint,
    lastDay: string,
    at: Date,
  ) => {
    // Gone at the midnight after the last day.
    const expiresAt = new Date(new Date(`${lastDay}T00:00:00+01:00`).getTime() + 24 * 3_600_000);
    return accruePoints(
      test.db('partners'),
      anAccrual({ memberId, issuerId, points, expiresAt, effectiveAt: at, at }),
    );
  };

  it('begins at eight in the morning of the program’s time zone, and looks at each once', async () => {
    const members = await Promise.all([1, 2, 3].map(() => givenMember(test)));
    const [{ count: all } = { count: 0 }] = await rows<{ count: number }>(
      test.owner(),
      'SELECT count(*)::integer AS count FROM members.member',
    );
    expect(all).toBeGreaterThanOrEqual(members.length);

    expect(await step(new Date('2031-01-10T06:59:59Z'))).toBe(0);
    const eight = new Date('2031-01-10T07:00:00Z');
    let looked = 0;
    for (let count = 1; count > 0; looked += count) count = await step(eight);

    expect(looked).toBe(all);
    expect(await step(eight)).toBe(0);
    expect(await step(morning('2031-01-11'))).toBe(2);
  });

  it('goes on the next day where midnight overtook it, before the next one begins', async () => {
    await Promise.all([1, 2, 3].map(() => givenMember(test)));
    const at = async () => {
      const [round] = await rows<{ day: string; after: string }>(
        test.owner(),
        'SELECT day::text, after::text FROM members.notice_round',
      );
      return round!;
    };
    await step(morning('2031-01-10'));
    const before = await at();

    expect(await step(new Date('2031-01-11T06:59:59Z'))).toBe(0);
    await step(morning('2031-01-11'));

    const after = await at();
    expect(after.day).toBe('2031-01-10');
    expect(after.after > before.after).toBe(true);
    await go(morning('2031-01-11'));
    await go(morning('2031-01-11'));
    expect((await at()).day).toBe('2031-01-11');
    expect(await step(morning('2031-01-11'))).toBe(0);
  });

  it('goes on where several go it, and tells nobody twice', async () => {
    const memberId = await givenMember(test);
    await givenBirthday(memberId, '1990-05-06');

    await race(test.db('worker'), 4, () => go(morning('2031-05-06')));
    await rows(test.owner(), 'DELETE FROM members.notice_round');
    await go(morning('2031-05-06'));

    expect(await templates(memberId)).toEqual(['member.birthday']);
  });

  describe('tells of a birthday', () => {
    it.each([
      ['on the day', '1990-05-06', '2031-05-06', 1],
      ['two days late, where the worker was down', '1990-05-06', '2031-05-08', 1],
      ['not three days late', '1990-05-06', '2031-05-09', 0],
      ['not the day before', '1990-05-06', '2031-05-05', 0],
      ['of 29 February on the 28th in a common year', '1992-02-29', '2031-02-28', 1],
      ['of 29 February not on the 28th in a leap year', '1992-02-29', '2032-02-28', 0],
      ['of 29 February on the 29th in a leap year', '1992-02-29', '2032-02-29', 1],
      ['of New Year’s Eve in the new year, late', '1992-12-31', '2031-01-01', 1],
    ])('%s', async (_, birthday, today, times) => {
      const memberId = await givenMember(test);
      await givenBirthday(memberId, birthday);

      await go(morning(today));

      expect(await templates(memberId)).toEqual(Array(times).fill('member.birthday'));
    });

    it('once in a year, whatever becomes of the date', async () => {
      const memberId = await givenMember(test);
      await givenBirthday(memberId, '1990-05-06');
      await go(morning('2031-05-06'));

      await givenBirthday(memberId, '1990-08-09');
      await go(morning('2031-08-09'));
      expect(await templates(memberId)).toHaveLength(1);
      await go(morning('2032-08-09'));

      expect(await templates(memberId)).toHaveLength(2);
    });
  });

  it('thanks members each year that they have been there', async () => {
    const memberId = await givenMember(test, 0n, undefined, new Date('2030-03-31T22:30:00Z'));

    await go(morning('2031-03-31'));
    expect(await told(memberId)).toEqual([]);
    // It was 1 April in Berlin already.
    await go(morning('2031-04-01'));
    await go(morning('2033-04-01'));

    expect(await told(memberId)).toEqual([
      { template: 'member.anniversary', args: { years: '1' } },
      { template: 'member.anniversary', args: { years: '3' } },
    ]);
  });

  describe('tells of points that are about to expire', () => {
    const expiring = async (memberId: string) =>
      (await told(memberId)).filter(({ template }) => template === 'points.expiring');

    it('60, 30 and 7 days before the last day, each once', async () => {
      const { memberId } = await givenLot(40n, '2031-12-31', morning('2031-01-15'));
      const args = { points: '40', currency: 'Points', on: '2031-12-31' };
      const counts: number[] = [];

      for (const day of ['10-31', '11-01', '11-30', '12-01', '12-23', '12-24', '12-25', '12-31']) {
        await go(morning(`2031-${day}`));
        counts.push((await expiring(memberId)).length);
      }

      expect(counts).toEqual([0, 1, 1, 2, 2, 3, 3, 3]);
      expect((await expiring(memberId)).map((each) => each.args)).toEqual([args, args, args]);
    });

    it('late where the worker was down, and not of those that are spent or gone', async () => {
      const at = morning('2031-01-15');
      const { memberId, issuerId } = await givenLot(40n, '2031-12-31', at);
      await givenMore(memberId, issuerId, 2n, '2031-12-31', at);
      await givenMore(memberId, issuerId, 5n, '2031-12-20', at);
      await givenMore(memberId, issuerId, 7n, '2033-12-31', at);

      await go(morning('2031-12-21'));

      expect((await expiring(memberId)).map((each) => each.args['points'])).toEqual(['42']);
    });
  });

  it('tells of offers that have started, once each, those whom they are for', async () => {
    const [shop, other] = [await givenPartner(test), await givenPartner(test)];
    const [ada, ben, eve] = await Promise.all([1, 2, 3].map(() => givenMember(test)));
    for (const memberId of [ada!, ben!]) await givenConsent(test, memberId, shop);
    await givenConsent(test, ben!, other, ['SPEND']);
    await givenSegment(test, 'LAPSED', [ada!]);
    // In Berlin the 10th, and the 11th.
    const startsAt = new Date('2031-02-09T23:00:00Z');
    const window = { startsAt, endsAt: new Date('2031-03-01') };
    const all = await givenOffer(test, shop, window);
    await givenOffer(test, other, window);
    const next = { ...window, startsAt: new Date('2031-02-11T07:00:00Z') };
    const lapsed = await givenOffer(test, shop, { ...next, segments: ['LAPSED'] });
    const offers = async (memberId: string | undefined) =>
      (await told(memberId!)).flatMap(({ args: { offerId } }) => offerId ?? []).sort();

    await go(morning('2031-02-09'));
    expect(await offers(ada)).toEqual([]);
    // Two days late for the first one.
    for (const day of ['12', '13']) await go(morning(`2031-02-${day}`));

    expect(await offers(ada)).toEqual([all.id, lapsed.id].sort());
    expect([await offers(ben), await offers(eve)]).toEqual([[all.id], []]);
    // Three days late is too late.
    await rows(test.owner(), 'DELETE FROM members.notification WHERE member_id = $1', [ben]);
    await go(morning('2031-02-14'));
    expect(await offers(ben)).toEqual([]);
  });

  it('tells what there is in the first week of a month, once, and nobody who has nothing', async () => {
    const at = morning('2031-01-15');
    const { memberId } = await givenLot(40n, '2032-12-31', at);
    const nobody = await givenMember(test, 0n, undefined, at);

    await go(morning('2031-02-08'));
    expect(await told(memberId)).toEqual([]);
    await go(morning('2031-03-07'));
    await go(morning('2031-03-06'));

    expect(await told(memberId)).toEqual([
      { template: 'balance.monthly', args: { points: '40', currency: 'Points' } },
    ]);
    expect(await told(nobody)).toEqual([]);
  });

  it('passes over the sandbox, whose points end like others', async () => {
    const at = morning('2031-03-01');
    const partnerId = await givenPartner(test);
    const { id } = await createSandboxMember(
      test.db('members'),
      { displayName: 'Tess', points: 500n },
      {
        viewer: { ...partnerViewer(partnerId, ['MEMBERS_LINK']), sandbox: true },
        clock: new SetClock(morning('2031-01-01')),
      },
    );
    const end = '2031-03-08T00:00:00+01:00';
    await rows(
      test.owner(),
      `WITH lots AS (UPDATE ledger.lot SET expires_at = $2 WHERE member_id = $1)
       UPDATE ledger.account SET due_at = $2 WHERE member_id = $1`,
      [id, end],
    );
    await givenBirthday(id, '1990-03-01');
    const due = await rows(
      test.owner(),
      `SELECT args ->> 'points' AS points
       FROM members.expiries_of(ARRAY[$1::uuid], '{7}', '2031-03-01', $2)`,
      [id, at],
    );

    await go(at);

    expect(due).toEqual([{ points: '500' }]);
    expect(await told(id)).toEqual([]);
  });
});
