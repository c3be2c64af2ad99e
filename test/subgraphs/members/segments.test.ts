import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { redeemPoints } from '../../../ledger/index.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Member, Segment, SegmentMember } from '../../../subgraphs/members/entities.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { setMemberStatus } from '../../../subgraphs/members/membership/statuses.ts';
import { updateProfile } from '../../../subgraphs/members/membership/profiles.ts';
import { saveSegment } from '../../../subgraphs/members/segments/segments.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenRolledUp } from '../../support/given-closed.ts';
import { givenHousehold } from '../../support/given-households.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { aRedemption, givenLedgerPartner } from '../../support/given-points.ts';
import { givenQualifying, givenTiers } from '../../support/given-tiers.ts';
import { runJob } from '../../support/jobs.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

/** So many days of the program, whose clocks may have been changed since. */
const ago = (days: number) => {
  const now = Temporal.Now.zonedDateTimeISO('Europe/Berlin');
  return new Date(now.subtract({ days }).epochMilliseconds);
};

describe('segments', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const by = { viewer: { ...adminViewer(), subject: 'ann' }, clock: databaseClock };
  const save = (code: string, when: string, name = `Segment ${code}`) =>
    saveSegment(db(), { code, name, when }, by);
  const read = (code: string) => db().findOneBy(Segment, { code });
  const actsOn = (code: string) =>
    rows<{ changes: unknown }>(
      test.owner(),
      `SELECT changes FROM platform.audit_event
       WHERE action = 'saveSegment' AND subject_id = $1 ORDER BY sequence`,
      [code],
    );
  const round = () => runJob(test, 'place-in-segments');
  /** At most so many members, as if the worker ended then. */
  const step = (jobAccountsMax: number) =>
    runJob(test, 'place-in-segments', { limits: { ...limits, jobAccountsMax, jobMs: 0 } });
  const codesOf = async (memberId: string) =>
    (await db().findBy(SegmentMember, { memberId })).map(({ segment }) => segment).sort();
  afterEach(async () => {
    await rows(test.owner(), 'DELETE FROM members.segment_member');
    await rows(test.owner(), 'DELETE FROM members.segment');
  });

  describe('are saved', () => {
    it('with a condition, and changed by another, and the log tells of it', async () => {
      const first = await save('RICH', ' member.points >= 1000 ', 'Rich');
      await round();
      const changed = await save('RICH', 'member.points > 5000', 'Very rich');

      expect(first).toMatchObject({
        name: 'Rich',
        condition: 'member.points >= 1000',
        members: null,
      });
      expect(changed).toEqual(await read('RICH'));
      expect(changed).toMatchObject({ condition: 'member.points > 5000', evaluatedAt: null });
      expect((await actsOn('RICH')).map(({ changes }) => changes)).toEqual([
        [
          { field: 'name', before: null, after: 'Rich' },
          { field: 'when', before: null, after: 'member.points >= 1000' },
        ],
        [
          { field: 'name', before: 'Rich', after: 'Very rich' },
          { field: 'when', before: 'member.points >= 1000', after: 'member.points > 5000' },
        ],
      ]);
    });

    it('once: the same again changes nothing, and a new name leaves what was found', async () => {
      await save('ALL', 'true');
      await round();
      const found = await read('ALL');

      expect(await save('ALL', 'true')).toEqual(found);
      expect(await save('ALL', 'true', 'Everybody')).toEqual(
        Object.assign(found!, { name: 'Everybody' }),
      );

      expect(found!.evaluatedAt).not.toBeNull();
      expect(await actsOn('ALL')).toHaveLength(2);
    });

    it.each([
      ['half a comparison', 'member.points >', 'Unexpected token: EOF, at character 16'],
      ['mixed types', 'member.points >= "9"', 'no such overload: int >= string, at character 1'],
      ['what is no fact', 'member.email == "a@b.example"', 'No such key: email, at character 8'],
      ['facts of others', 'activity.hour > 1', 'Unknown variable: activity, at character 1'],
      ['a number', 'member.points', 'gives int, not bool'],
      ['a macro', 'member.trusts.exists(id, id == "x")', 'exists() cannot be called in a rule'],
      ['a pattern', 'member.tier.matches("(A+)+")', 'matches() cannot be called in a rule'],
      [
        'depth',
        `${'('.repeat(40)}true${')'.repeat(40)}`,
        'Exceeded maxDepth (32), at character 33',
      ],
      ['length', 'true'.padEnd(2_001, '|'), 'must have 2000 characters at most'],
      ['nothing', '  ', 'must not be empty'],
    ])('not by %s, and nothing changes', async (_, when, message) => {
      await save('OLD', 'true');

      const refused = await save('OLD', when).catch((error: unknown) => error);

      expect(refused).toEqual(refusal('INVALID', ['when']));
      const { message: said } = refused as Error;
      expect(said.replace(/^when: (.*)\.$/, '$1')).toEqual(message);
      expect(await read('OLD')).toMatchObject({ condition: 'true', version: 1 });
      expect(await actsOn('OLD')).not.toHaveLength(0);
    });

    it('one row by calls at once, and never more than a hundred', async () => {
      const all = await race(db(), 4, (i) => save('ONE', `member.points > ${i}`));
      expect(all.reasons).toEqual([]);
      expect(await read('ONE')).toMatchObject({ version: 4 });
      await rows(
        test.owner(),
        `INSERT INTO members.segment (code, name, condition, version)
         SELECT 'S' || n, 'S', 'true', 1 FROM generate_series(1, 98) n`,
      );

      const { answers, reasons } = await race(db(), 4, (i) => save(`LAST${i}`, 'true'));

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual(Array(3).fill(refusal('LIMIT_REACHED', [], { limit: '100' })));
      expect(await db().count(Segment)).toBe(100);
    });
  });

  describe('are asked about', () => {
    let rich: string;
    let bare: string;
    let partnerId: string;
    beforeAll(async () => {
      await givenTiers(test);
      partnerId = await givenPartner(test);
      rich = await givenMember(test, 300n, partnerId, ago(400));
      bare = await givenMember(test, 0n, undefined, ago(3));
      await redeemPoints(
        test.db('rewards-catalog'),
        aRedemption({
          memberId: rich,
          partnerId,
          points: 100n,
          effectiveAt: ago(10),
          at: new Date(),
        }),
      );
      await givenQualifying(test, rich, 2_000n, { occurredAt: ago(1) });
      await givenConsent(test, rich, partnerId, ['EARN']);
      await givenHousehold(test, [rich]);
      await updateProfile(
        db(),
        { birthday: '1990-02-28', locale: 'de-AT', marketingOptIn: true },
        { memberId: rich, clock: databaseClock },
      );
      await givenRolledUp(test);
    });

    it('what is known of them, and what is not known fails no condition', async () => {
      const asked = [
        ['member.status == "ACTIVE"', 'both'],
        ['member.tier == "GOLD"', 'rich'],
        ['member.tier in ["BASE", "SILVER"]', 'bare'],
        ['member.joinedAt < timestamp("2026-01-01T00:00:00Z")', 'rich'],
        ['member.daysSinceJoined == 400', 'rich'],
        ['member.daysSinceJoined == 3', 'bare'],
        ['member.points == 200', 'rich'],
        ['member.points == 0', 'bare'],
        ['member.lifetimePoints == 300', 'rich'],
        ['member.lifetimePoints == 0', 'bare'],
        ['member.everActive', 'rich'],
        ['member.daysSinceActivity == 10', 'rich'],
        ['member.daysSinceActivity == 3', 'bare'],
        ['member.birthMonth == 2', 'rich'],
        ['member.birthMonth == 0', 'bare'],
        ['member.language == "de" && member.country == "AT"', 'rich'],
        ['member.language == "en" && member.country == ""', 'bare'],
        ['member.household == "FAMILY"', 'rich'],
        ['member.household == ""', 'bare'],
        ['member.marketingOptIn', 'rich'],
        [`"${partnerId}" in member.trusts`, 'rich'],
        ['size(member.trusts) == 0', 'bare'],
        ['today.year >= 2025 && today.month <= 12 && today.day >= 1', 'both'],
        ['100 / member.points == 0', 'rich'],
        ['member.joinedAt < timestamp("soon")', 'nobody'],
      ] as const;
      for (const [index, [when]] of asked.entries()) await save(`Q${index}`, when);

      await round();

      const [ofRich, ofBare] = [await codesOf(rich), await codesOf(bare)];
      const found = asked.map(([when], index) => {
        const [isRich, isBare] = [ofRich.includes(`Q${index}`), ofBare.includes(`Q${index}`)];
        return [when, isRich ? (isBare ? 'both' : 'rich') : isBare ? 'bare' : 'nobody'];
      });
      expect(found).toEqual(asked);
    });

    it('on the day of the program, which another time zone may have begun', async () => {
      const factsAt = async (at: string) =>
        (
          await rows<{ today: string; days: number }>(
            test.db('worker'),
            `SELECT today::text, days_since_joined AS days FROM members.segment_facts($1, 'PTS', $2)`,
            [[joined], new Date(at)],
          )
        )[0];
      // The first of April in Berlin, the last of March in UTC.
      const joined = await givenMember(test, 0n, undefined, new Date('2026-03-31T22:30:00Z'));

      expect(await factsAt('2026-04-01T21:59:59Z')).toEqual({ today: '2026-04-01', days: 0 });
      expect(await factsAt('2026-04-01T22:00:00Z')).toEqual({ today: '2026-04-02', days: 1 });
    });
  });

  describe('are worked out', () => {
    let ids: string[];
    beforeAll(async () => {
      // What other tests made is out of the way.
      await rows(test.owner(), `UPDATE members.member SET sandbox = true`);
      ids = [];
      for (let n = 0; n < 5; n++) ids.push(await givenMember(test, BigInt(n * 100)));
      ids.sort();
    });
    const inSegment = async (segment: string) =>
      (await db().findBy(SegmentMember, { segment })).map(({ memberId }) => memberId).sort();

    it('for all members of the live program, once an hour', async () => {
      await givenMember(test, 0n).then((id) => db().update(Member, { id }, { sandbox: true }));
      await save('ALL', 'true');
      await save('SOME', 'member.points >= 200');
      const before = new Date();

      expect(await round()).toBe(5);

      expect(await inSegment('ALL')).toEqual(ids);
      expect(await read('ALL')).toMatchObject({ members: 5 });
      expect(await read('SOME')).toMatchObject({ members: 3 });
      const { evaluatedAt } = (await read('ALL'))!;
      expect(evaluatedAt!.getTime()).toBeGreaterThanOrEqual(before.getTime());
      expect(await round()).toBe(0);
      await rows(
        test.owner(),
        `UPDATE members.segment_round SET started_at = now() - interval '61 minutes'`,
      );
      expect(await round()).toBe(5);
      expect(await read('SOME')).toMatchObject({ members: 3 });
    });

    it('again as members change, who leave what they no longer meet', async () => {
      const memberId = await givenMember(test, 50n);
      await save('POOR', 'member.points < 100');
      await save('OPTED', 'member.marketingOptIn');
      await round();
      expect(await codesOf(memberId)).toEqual(['POOR']);

      await rows(test.owner(), 'UPDATE members.member SET marketing_opt_in = true WHERE id = $1', [
        memberId,
      ]);
      await redeemPoints(
        test.db('rewards-catalog'),
        aRedemption({
          memberId,
          partnerId: await givenLedgerPartner(test),
          points: 50n,
          at: new Date(),
          effectiveAt: new Date(),
        }),
      );
      await save('POOR', 'member.points > 0');
      await round();

      expect(await codesOf(memberId)).toEqual(['OPTED']);
      await db().update(Member, { id: memberId }, { sandbox: true });
    });

    it('step by step, and from the beginning where a condition changes meanwhile', async () => {
      await save('ALL', 'true');
      await step(2);
      expect(await inSegment('ALL')).toEqual(ids.slice(0, 2));
      expect(await read('ALL')).toMatchObject({ members: null, counted: 2 });

      await save('ALL', 'member.points >= 0');
      await step(2);
      expect(await inSegment('ALL')).toEqual(ids.slice(0, 2));
      await step(2);
      await step(2);
      await round();

      expect(await inSegment('ALL')).toEqual(ids);
      expect(await read('ALL')).toMatchObject({ members: 5 });
      expect(await round()).toBe(0);
    });

    it('whole where the last step is a full one', async () => {
      await save('ALL', 'true');

      await step(5);
      expect(await read('ALL')).toMatchObject({ members: null });
      await step(5);

      expect(await read('ALL')).toMatchObject({ members: 5 });
    });

    it('leaving the step undone where the worker ends within it', async () => {
      await save('ALL', 'true');
      await step(2);
      // As a release that knows other conditions would leave it.
      await rows(test.owner(), `UPDATE members.segment SET condition = 'member.nothing'`);

      await expect(step(2)).rejects.toThrow('No such key');

      await rows(test.owner(), `UPDATE members.segment SET condition = 'true'`);
      await round();
      expect(await read('ALL')).toMatchObject({ members: 5 });
    });

    it('each member once where several workers are at it', async () => {
      await save('ALL', 'true');

      const { answers, reasons } = await race(test.db('worker'), 4, () =>
        runJob(test, 'place-in-segments', { limits: { ...limits, jobAccountsMax: 1 } }),
      );

      expect(reasons).toEqual([]);
      expect(answers.reduce((sum, count) => sum + count, 0)).toBe(5);
      expect(await inSegment('ALL')).toEqual(ids);
      expect(await read('ALL')).toMatchObject({ members: 5 });
    });
  });

  describe('of memberships that end', () => {
    it('go with the points of one that becomes part of another, and come back', async () => {
      const [fromId, intoId] = [await givenMember(test, 80n), await givenMember(test, 30n)];
      await save('P100', 'member.points >= 100');
      await save('P50', 'member.points >= 50');
      await round();
      expect([await codesOf(fromId), await codesOf(intoId)]).toEqual([['P50'], []]);

      const staff = { viewer: adminViewer(), clock: databaseClock };
      const { mergeId } = await mergeMembers(db(), { fromId, intoId, reason: 'One' }, staff);
      expect([await codesOf(fromId), await codesOf(intoId)]).toEqual([[], ['P100', 'P50']]);

      await undoMerge(db(), { id: mergeId, reason: 'Two' }, staff);
      expect([await codesOf(fromId), await codesOf(intoId)]).toEqual([['P50'], []]);
    });

    it('are gone with the member who is erased', async () => {
      const memberId = await givenMember(test);
      await save('ALL', 'true');
      await round();
      expect(await codesOf(memberId)).toEqual(['ALL']);

      await setMemberStatus(
        db(),
        { memberId, status: 'CLOSED', reason: 'They asked' },
        { viewer: adminViewer(), clock: databaseClock },
      );
      await rows(test.db('worker'), 'SELECT members.erase_member($1)', [memberId]);

      expect(await codesOf(memberId)).toEqual([]);
    });
  });

  describe('in the graph', () => {
    let members: Subgraph;
    beforeAll(async () => (members = await start(configOn(test), testPlatform())));
    afterAll(() => members.drain());
    const { ask, codeOf } = callsOf(() => members);
    const saving = `mutation ($input: SegmentInput!) { saveSegment(input: $input) {
      segment { code name when members evaluatedAt } userErrors { code path message } } }`;
    const manager = adminViewer(['PROGRAM_MANAGE', 'MEMBERS_SUPPORT']);
    const counts = async (viewer: Viewer) =>
      (
        await ask<{ segments: { code: string; members: number | null }[] }>(
          viewer,
          '{ segments { code members } }',
        )
      ).segments.map(({ members: count }) => count);
    const listed = (segment: string, viewer = manager) =>
      ask<{ members: { nodes: { id: string; segments: string[] }[] } }>(
        viewer,
        `query ($filter: MemberFilter) { members(filter: $filter) { nodes { id segments } } }`,
        { filter: { segment } },
      );
    const ownCodes = (viewer: Viewer, id: string) =>
      ask<{ _entities: unknown[] }>(
        viewer,
        `query ($id: ID!) { _entities(representations: [{ __typename: "Member", id: $id }]) {
           ... on Member { segments } } }`,
        { id },
      );

    it('are saved by who manages the program, and refused with the path of the condition', async () => {
      const input = {
        code: 'SPRING',
        name: 'Born in spring',
        when: 'member.birthMonth in [3, 4, 5]',
      };

      expect(await ask(manager, saving, { input })).toEqual({
        saveSegment: {
          segment: { ...input, members: null, evaluatedAt: null },
          userErrors: [],
        },
      });
      expect(await ask(manager, saving, { input: { ...input, when: 'member.age > 3' } })).toEqual({
        saveSegment: {
          segment: null,
          userErrors: [
            { code: 'INVALID', path: ['when'], message: 'when: No such key: age, at character 8.' },
          ],
        },
      });
      expect(await codeOf(adminViewer(['MEMBERS_SUPPORT']), saving, { input })).toBe('FORBIDDEN');
      expect(await codeOf(partnerViewer(randomUUID()), saving, { input })).toBe('FORBIDDEN');
    });

    it('count to partners where they are large, and never to test clients', async () => {
      await rows(
        test.owner(),
        `INSERT INTO members.member
           (id, member_number, status, display_name, locale, marketing_opt_in, joined_at)
         SELECT gen_random_uuid(), members.draw_member_number(), 'PROVISIONAL', 'Member',
                CASE WHEN n = 1 THEN 'cy-GB' ELSE 'ga-IE' END, false, now()
         FROM generate_series(1, 11) n`,
      );
      await save('IRISH', 'member.country == "IE"');
      await save('WELSH', 'member.country == "GB"');
      await round();
      const partner = partnerViewer(randomUUID());

      expect(await counts(adminViewer([]))).toEqual([10, 1]);
      expect(await counts(partner)).toEqual([10, null]);
      expect(await counts({ ...partner, sandbox: true })).toEqual([null, null]);
      expect(await codeOf(memberViewer(randomUUID()), '{ segments { code } }')).toBe('FORBIDDEN');
    });

    it('list their members, and each tells staff alone which it is in', async () => {
      const [memberId, closedId] = [await givenMember(test, 7n), await givenMember(test, 7n)];
      const partnerId = await givenPartner(test);
      await givenConsent(test, memberId, partnerId);
      await save('SEVEN', 'member.points == 7');
      await save('YOUNG', 'member.daysSinceJoined < 2');
      await round();
      await setMemberStatus(
        db(),
        { memberId: closedId, status: 'CLOSED', reason: 'They asked' },
        { viewer: manager, clock: databaseClock },
      );

      const { members: found } = await listed('SEVEN');

      expect(found.nodes).toEqual([{ id: memberId, segments: ['SEVEN', 'YOUNG'] }]);
      expect((await listed('NONE')).members.nodes).toEqual([]);
      const codesSeenBy = async (viewer: Viewer, id: string) =>
        (await ownCodes(viewer, id))._entities;
      expect(await codesSeenBy(manager, closedId)).toEqual([{ segments: [] }]);
      expect(await codesSeenBy(memberViewer(memberId), memberId)).toEqual([{ segments: null }]);
      expect(await codesSeenBy(partnerViewer(partnerId), memberId)).toEqual([{ segments: null }]);
    });
  });
});
