import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { limits } from '../../../platform/limits.ts';
import { HouseholdInvitation } from '../../../subgraphs/members/households/entities.ts';
import {
  createHousehold,
  leaveHousehold,
  removeFromHousehold,
  setHouseholdSharing,
} from '../../../subgraphs/members/households/households.ts';
import {
  inviteToHousehold,
  masked,
  withdrawInvitation,
} from '../../../subgraphs/members/households/invitations.ts';
import { joinHousehold } from '../../../subgraphs/members/households/joining.ts';
import { setHouseholdSpending } from '../../../subgraphs/members/households/spending.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { businessStandings } from '../../../subgraphs/members/tiers/standings.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold, givenInvitation, invitationIn } from '../../support/given-households.ts';
import { givenMember, givenMemberAt } from '../../support/given-members.ts';
import { runJob } from '../../support/jobs.ts';
import { keptMail } from '../../support/mail.ts';
import { givenQualifying, givenTiers } from '../../support/given-tiers.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';
import { until } from '../../support/until.ts';

// In Berlin the 31st of August from 22:00 on.
const august = new Date('2026-08-30T22:30:00Z');
const nobody = '00000000-0000-4000-8000-000000000000';

describe('households', () => {
  const test = useTestDatabase();
  const clock = new SetClock(august);
  beforeEach(() => (clock.at = august));
  const db = () => test.db('members');
  const create = (memberId: string, name = 'Home') =>
    createHousehold(db(), { name }, { memberId, clock });
  const join = (memberId: string, invitation: string, max: number = limits.householdMembers) =>
    joinHousehold(
      db(),
      { invitation },
      { memberId, clock, limits: { ...limits, householdMembers: max } },
    );
  const leave = (memberId: string) => leaveHousehold(db(), { memberId, clock });
  const remove = (ownerId: string, memberId: string) =>
    removeFromHousehold(db(), { memberId }, { memberId: ownerId, clock });
  const invitation = (ownerId: string, memberId: string) =>
    givenInvitation(test, ownerId, memberId, clock);

  async function invite(memberId: string, email: string, max: number = limits.householdMembers) {
    const mail = keptMail();
    const given = { memberId, clock, mail, limits: { ...limits, householdMembers: max } };
    await inviteToHousehold(db(), { email }, given);
    return mail.sent;
  }

  /** Everything that is kept of a household. */
  async function standing(id: string) {
    const [household] = await rows<{ ownerId: string; isOver: boolean }>(
      test.owner(),
      `SELECT owner_id AS "ownerId", ended_at IS NOT NULL AS "isOver" FROM members.household WHERE id = $1`,
      [id],
    );
    const members = await rows<{ id: string }>(
      test.owner(),
      `SELECT member_id AS id FROM members.household_member
       WHERE household_id = $1 AND left_at IS NULL ORDER BY joined_at, member_id`,
      [id],
    );
    return { ...household, members: members.map((member) => member.id) };
  }

  const eventsOf = (memberId: string) =>
    rows<{ type: string; payload: object }>(
      test.owner(),
      `SELECT type, payload FROM platform.outbox
       WHERE member_id = $1 AND type LIKE 'household.%' ORDER BY sequence`,
      [memberId],
    );

  describe('a business', () => {
    let [ownerId, memberId, otherId, id] = ['', '', '', ''];
    beforeEach(async () => {
      [ownerId, memberId, otherId] = [
        await givenMember(test),
        await givenMember(test),
        await givenMember(test),
      ];
      const owner = { memberId: ownerId, clock };
      ({ id } = await createHousehold(db(), { name: 'Works', kind: 'BUSINESS' }, owner));
      await join(memberId, await invitation(ownerId, memberId));
      await join(otherId, await invitation(ownerId, otherId));
    });
    const allow = (asked: Partial<Parameters<typeof setHouseholdSpending>[1]> = {}, by = ownerId) =>
      setHouseholdSpending(db(), { memberId, maySpend: true, ...asked }, { memberId: by });
    /** Who may spend, and how much, in the order of joining. */
    const spenders = () =>
      rows<{ id: string; limit: bigint | null }>(
        test.owner(),
        `SELECT member_id AS id, spending_limit AS limit FROM members.household_member
         WHERE household_id = $1 AND left_at IS NULL AND may_spend ORDER BY joined_at, member_id`,
        [id],
      );

    it('lets its owner alone spend, and whom the owner lets', async () => {
      expect(await spenders()).toEqual([{ id: ownerId, limit: null }]);

      for (let again = 0; again < 2; again++) {
        expect((await allow({ monthlyLimit: 300n })).id).toBe(id);
      }
      expect(new Set(await spenders())).toEqual(
        new Set([
          { id: ownerId, limit: null },
          { id: memberId, limit: 300n },
        ]),
      );

      await allow({ maySpend: false });
      expect(await spenders()).toEqual([{ id: ownerId, limit: null }]);
    });

    it.each([
      [
        'a limit for who may not spend',
        { maySpend: false, monthlyLimit: 1n },
        'INVALID',
        'monthlyLimit',
      ],
      ['a limit of none', { monthlyLimit: 0n }, 'INVALID', 'monthlyLimit'],
      ['somebody else', { memberId: nobody }, 'NOT_FOUND', 'memberId'],
    ] as const)('refuses %s, and changes nothing', async (_, asked, code, path) => {
      await expect(allow(asked)).rejects.toEqual(refusal(code, [path]));

      expect(await spenders()).toEqual([{ id: ownerId, limit: null }]);
    });

    it('refuses who does not own it, the owner, who has left, and a family', async () => {
      await leave(otherId);
      const family = await givenMember(test);
      await create(family);

      await expect(allow({}, memberId)).rejects.toEqual(refusal('NOT_ALLOWED'));
      await expect(allow({ memberId: ownerId })).rejects.toEqual(
        refusal('NOT_ALLOWED', ['memberId']),
      );
      await expect(allow({ memberId: otherId })).rejects.toEqual(
        refusal('NOT_FOUND', ['memberId']),
      );
      await expect(allow({}, family)).rejects.toEqual(refusal('NOT_ALLOWED'));

      expect(await spenders()).toEqual([{ id: ownerId, limit: null }]);
    });

    it('keeps one of the limits that are set at once', async () => {
      const { reasons } = await race(db(), 4, (index) =>
        askAgain(() => allow({ monthlyLimit: BigInt(index + 1) })),
      );

      expect(reasons).toEqual([]);
      const kept = (await spenders()).find((each) => each.id === memberId);
      expect([1n, 2n, 3n, 4n]).toContain(kept!.limit);
    });

    it('goes on with who may spend where its owner leaves, and without what one who comes back could', async () => {
      await allow({ memberId: otherId, monthlyLimit: 5n });
      await leave(ownerId);
      expect(await standing(id)).toMatchObject({ ownerId: otherId });
      expect(await spenders()).toEqual([{ id: otherId, limit: null }]);

      await leave(otherId);
      await join(otherId, await invitation(memberId, otherId));
      expect(await standing(id)).toMatchObject({ ownerId: memberId });
      expect(await spenders()).toEqual([{ id: memberId, limit: null }]);
    });

    it('has more seats than a family, and says in its mail what it is', async () => {
      const seats = { ...limits, businessMembers: 4 };
      const inviting = { memberId: ownerId, clock, mail: keptMail(), limits: seats };
      const inviteTo = (email: string) => inviteToHousehold(db(), { email }, inviting);

      await inviteTo('dora@works.example');

      await expect(inviteTo('emil@works.example')).rejects.toEqual(
        refusal('LIMIT_REACHED', [], { limit: '4' }),
      );
      expect(inviting.mail.sent).toMatchObject([
        { subject: 'An invitation to a business account' },
      ]);
    });

    it('has a tier by what its members earn while they are in it', async () => {
      await givenTiers(test);
      const earn = (earnerId: string, points: bigint, day: string) =>
        givenQualifying(test, earnerId, points, { occurredAt: new Date(`2026-${day}T12:00:00Z`) });
      const status = async () =>
        (await businessStandings(db(), [id], new Date('2026-10-01T12:00:00Z')))[0];
      const tiersSeen = async () =>
        (
          await rows<{ tier: string }>(
            test.db('partners'),
            `SELECT s.tier || ' ' || s.earn_multiplier AS tier FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
             JOIN members.snapshot($1, '2026-10-01 12:00Z') s USING (id) ORDER BY place`,
            [[ownerId, memberId, otherId]],
          )
        ).map(({ tier }) => tier);
      // Before they joined on 31 August.
      await earn(memberId, 900n, '08-30');
      await earn(otherId, 5_000n, '08-30');
      await earn(ownerId, 600n, '09-10');
      await earn(memberId, 399n, '09-11');
      expect(await status()).toMatchObject({ tierCode: 'BASE', points: 999n, validUntil: null });

      await earn(memberId, 1n, '09-12');
      expect(await status()).toEqual({
        householdId: id,
        tierCode: 'SILVER',
        source: 'EARNED',
        since: '2026-09-12',
        validUntil: '2027-12-31',
        today: '2026-10-01',
        periodFrom: '2026-01-01',
        periodTo: '2026-12-31',
        openUntil: '2026-12-31',
        points: 1_000n,
        recentPoints: 1_000n,
      });
      await rows(test.owner(), `UPDATE members.tier SET earn_multiplier = 2 WHERE code = 'SILVER'`);
      expect(await tiersSeen()).toEqual(['SILVER 2', 'SILVER 2', 'PLATINUM 1']);

      // Who has left earns for themselves; what they earned for the business stays, unless it is taken back.
      clock.at = new Date('2026-09-20T12:00:00Z');
      await leave(memberId);
      await earn(memberId, 800n, '09-21');
      expect(await status()).toMatchObject({ tierCode: 'SILVER', points: 1_000n });
      await earn(memberId, -2n, '09-11');
      expect(await status()).toMatchObject({ tierCode: 'BASE', points: 998n });
      expect(
        await businessStandings(
          db(),
          [await givenHousehold(test, [await givenMember(test)])],
          august,
        ),
      ).toEqual([]);
    });

    describe('of whose people one is merged', () => {
      const whole = { viewer: adminViewer(), clock };
      const at = (day: string) => new Date(`2026-${day}T12:00:00Z`);
      const earn = (earnerId: string, points: bigint, day: string) =>
        givenQualifying(test, earnerId, points, { occurredAt: at(day) });
      const merge = (fromId: string, intoId: string) =>
        mergeMembers(db(), { fromId, intoId, reason: 'One person' }, whole);
      const undo = (mergeId: string) =>
        undoMerge(db(), { id: mergeId, reason: 'Two after all' }, whole);
      const pointsOf = async (householdId: string) =>
        (await businessStandings(db(), [householdId], at('10-01')))[0]!.points;

      /** Who has left the business on 20 September, after 700 points for it. */
      async function givenOneWhoLeft(): Promise<string> {
        await givenTiers(test);
        await earn(memberId, 700n, '09-10');
        clock.at = at('09-20');
        await leave(memberId);
        return givenMember(test);
      }

      it('keeps what the person earned while they were in it, until they are two again', async () => {
        const other = await givenOneWhoLeft();
        await earn(other, 5_000n, '08-30');
        await earn(other, 40n, '09-15');
        await earn(other, 9_000n, '09-25');
        expect(await pointsOf(id)).toBe(700n);

        const { mergeId } = await merge(memberId, other);
        for (let again = 0; again < 2; again++) {
          expect(await pointsOf(id)).toBe(740n);
          expect((await merge(memberId, other)).mergeId).toBe(mergeId);
        }
        await earn(other, -100n, '09-10');
        expect(await pointsOf(id)).toBe(640n);

        await undo(mergeId);
        await undo(mergeId);
        expect(await pointsOf(id)).toBe(700n);
      });

      it('counts each once where the person is in it twice, and goes on through another merge', async () => {
        const other = await givenOneWhoLeft();
        const third = await givenMember(test);
        await join(other, await invitation(ownerId, other));
        await earn(memberId, 20n, '09-20');
        await earn(other, 3n, '09-20');
        await earn(other, 100n, '09-21');
        expect(await pointsOf(id)).toBe(823n);

        await merge(memberId, other);
        expect(await pointsOf(id)).toBe(823n);
        await leave(other);
        await merge(other, third);
        expect(await pointsOf(id)).toBe(723n);
      });

      it('has all of it or nothing new, whatever is earned and merged at once', async () => {
        const other = await givenOneWhoLeft();
        const purchases = Array.from({ length: 8 }, (_, n) =>
          earn([memberId, other][n % 2]!, 5n, '09-12'),
        );
        const [merged] = await Promise.all([merge(memberId, other), ...purchases]);
        await until(async () => {
          await rows(test.db('worker'), 'SELECT members.forward_merged(100)');
          const late = await rows(
            test.owner(),
            'SELECT FROM members.tier_credit WHERE member_id = $1',
            [memberId],
          );
          return late.length === 0;
        });

        expect(await pointsOf(id)).toBe(740n);
        await undo(merged.mergeId);
        expect(await pointsOf(id)).toBe(720n);
      });
    });
  });

  describe('createHousehold', () => {
    it('makes one of the member alone', async () => {
      const memberId = await givenMember(test);

      const household = await create(memberId, ' The Lovelaces ');

      expect(household).toMatchObject({ kind: 'FAMILY', name: 'The Lovelaces', ownerId: memberId });
      expect(await standing(household.id)).toEqual({
        ownerId: memberId,
        isOver: false,
        members: [memberId],
      });
    });

    it('refuses a member who is in one, and names it', async () => {
      const memberId = await givenMember(test);
      const { id } = await create(memberId);

      await expect(create(memberId)).rejects.toEqual(refusal('CONFLICT', [], { subject: id }));
    });

    it('makes one, however often it is asked to at once', async () => {
      const memberId = await givenMember(test);

      const { answers, reasons } = await race(db(), 4, () => create(memberId));

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual(Array(3).fill(refusal('CONFLICT', [], { subject: answers[0]!.id })));
    });

    it.each([
      ['SUSPENDED', false, refusal('MEMBER_INACTIVE')],
      ['ACTIVE', true, refusal('NOT_ALLOWED')],
    ])('refuses a member who is %s, sandbox: %s', async (status, sandbox, refused) => {
      const memberId = await givenMember(test);
      await test
        .owner()
        .query('UPDATE members.member SET status = $2, sandbox = $3 WHERE id = $1', [
          memberId,
          status,
          sandbox,
        ]);

      await expect(create(memberId)).rejects.toEqual(refused);
    });

    it('refuses a name that is none', async () => {
      const memberId = await givenMember(test);

      await expect(create(memberId, ' ')).rejects.toEqual(refusal('INVALID', ['name']));
    });
  });

  describe('inviteToHousehold', () => {
    it('sends the same mail to a member and to others', async () => {
      const ownerId = await givenMemberAt(test, 'owner@example.com');
      await givenMemberAt(test, 'known@example.com');
      await create(ownerId);

      const [known] = await invite(ownerId, ' Known@example.com ');
      const [other] = await invite(ownerId, 'other@example.com');

      expect([known!.to, other!.to]).toEqual(['Known@example.com', 'other@example.com']);
      expect(known!.text).toMatch(/^owner@example\.com\ninvites you/);
      const words = (mail: typeof known) => mail!.text.replace(invitationIn(mail!), '');
      expect(words(known)).toBe(words(other));
      const kept = await db().findBy(HouseholdInvitation, { invitedBy: ownerId });
      expect(JSON.stringify(kept)).not.toContain(invitationIn(known!));
      expect((await eventsOf(ownerId)).map(({ type }) => type)).toEqual(
        Array(2).fill('household.invited'),
      );
    });

    it('is for the owner of one', async () => {
      const [ownerId, otherId] = [await givenMember(test), await givenMember(test)];
      await expect(invite(ownerId, 'a@example.com')).rejects.toEqual(refusal('NOT_FOUND'));
      await givenHousehold(test, [ownerId, otherId], clock);

      await expect(invite(otherId, 'a@example.com')).rejects.toEqual(refusal('NOT_ALLOWED'));
    });

    it('refuses the own address, and what is none', async () => {
      const ownerId = await givenMemberAt(test, 'self@example.com');
      await create(ownerId);

      for (const email of ['SELF@example.com', 'nobody']) {
        await expect(invite(ownerId, email)).rejects.toEqual(refusal('INVALID', ['email']));
      }
    });

    it('keeps a seat for each: no more than the household may have', async () => {
      const ownerId = await givenMember(test);
      await create(ownerId);

      const { answers, reasons } = await race(db(), 6, (n) =>
        invite(ownerId, `seat-${n}@example.com`, 4),
      );

      expect(answers).toHaveLength(3);
      expect(reasons).toEqual(Array(3).fill(refusal('LIMIT_REACHED', [], { limit: '4' })));
      const open = await db().findBy(HouseholdInvitation, { invitedBy: ownerId });
      await withdrawInvitation(db(), { id: open[0]!.id }, { memberId: ownerId, clock });
      expect(await invite(ownerId, 'late@example.com', 4)).toHaveLength(1);
    });

    it('replaces an earlier invitation of the address', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      await create(ownerId);
      const first = await invitation(ownerId, memberId);
      const second = await invitation(ownerId, memberId);

      await expect(join(memberId, first)).rejects.toEqual(refusal('NOT_FOUND', ['invitation']));
      await join(memberId, second);
    });

    it('sends an address 5 mails a day, whoever asks, and answers the same', async () => {
      const owners = await Promise.all(Array.from({ length: 6 }, () => givenMember(test)));
      for (const ownerId of owners) await create(ownerId);

      const { answers } = await race(db(), 6, (n) => invite(owners[n]!, 'often@example.com'));

      expect(answers.filter((sent) => sent.length === 1)).toHaveLength(5);
      const last = owners[answers.findIndex((sent) => sent.length === 1)]!;
      // The mail that is there stays good where there is no other.
      expect(await invite(last, 'often@example.com')).toEqual([]);
      expect(await db().countBy(HouseholdInvitation, { invitedBy: last })).toBe(1);
    });

    it('refuses more than 20 a day of one member, and says until when', async () => {
      const ownerId = await givenMember(test);
      await create(ownerId);
      for (let n = 0; n < 20; n++) await invite(ownerId, `day-${n}@example.com`, 100);

      await expect(invite(ownerId, 'day@example.com', 100)).rejects.toEqual(
        refusal('LIMIT_REACHED', ['email'], {
          limit: '20',
          retryAt: new Date('2026-08-31T22:30:00Z'),
        }),
      );
    });

    it.each([
      ['ada@example.com', 'a***@example.com'],
      ['"a@b"@example.com', '"***@example.com'],
      ['éa@example.com', 'é***@example.com'],
    ])('shows %s as %s', (address, shown) => {
      expect(masked(address)).toBe(shown);
    });
  });

  describe('joinHousehold', () => {
    it('takes the invited member in, who may change in six months', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const { id } = await create(ownerId);

      const joined = await join(memberId, await invitation(ownerId, memberId));

      expect(joined.id).toBe(id);
      expect(await standing(id)).toMatchObject({ members: [ownerId, memberId].sort() });
      expect(await eventsOf(memberId)).toEqual([
        { type: 'household.joined', payload: { householdId: id, memberId } },
      ]);
      const days = await rows(
        test.owner(),
        'SELECT may_change_on::text AS day, shares_points AS shares FROM members.household_member WHERE household_id = $1',
        [id],
      );
      // The 31st of August and six months, for its maker too.
      expect(days).toEqual(Array(2).fill({ day: '2027-02-28', shares: true }));
    });

    it('refuses one that is over, as where its last member was erased', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const { id } = await create(ownerId);
      const token = await invitation(ownerId, memberId);
      await rows(test.owner(), 'UPDATE members.household SET ended_at = now() WHERE id = $1', [id]);

      await expect(join(memberId, token)).rejects.toEqual(refusal('NOT_FOUND', ['invitation']));
      expect(await standing(id)).toMatchObject({ members: [ownerId] });
    });

    it('answers the same again, also at once, and takes in once', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const { id } = await create(ownerId);
      const token = await invitation(ownerId, memberId);

      const { answers, reasons } = await race(db(), 4, () => join(memberId, token));

      expect(reasons).toEqual([]);
      expect(answers.map((household) => household.id)).toEqual(Array(4).fill(id));
      expect(await eventsOf(memberId)).toHaveLength(1);
    });

    it('is good once: not for who has left again', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      await create(ownerId);
      const token = await invitation(ownerId, memberId);
      await join(memberId, token);
      await leave(memberId);

      await expect(join(memberId, token)).rejects.toEqual(refusal('NOT_FOUND', ['invitation']));
    });

    it('takes in the owner of the address alone, where two are at it', async () => {
      const [ownerId, invitedId, otherId] = [
        await givenMember(test),
        await givenMember(test),
        await givenMember(test),
      ];
      const { id } = await create(ownerId);
      const token = await invitation(ownerId, invitedId);

      const { answers, reasons } = await race(db(), 4, (n) =>
        join(n % 2 ? invitedId : otherId, token),
      );

      expect(answers).toHaveLength(2);
      // Before the other has joined, it is for another address; then it is used.
      expect(reasons).toHaveLength(2);
      expect((await standing(id)).members.sort()).toEqual([ownerId, invitedId].sort());
    });

    it('takes a member into one of two that they join at once', async () => {
      const owners = [await givenMember(test), await givenMember(test)];
      const memberId = await givenMember(test);
      for (const ownerId of owners) await create(ownerId);
      const tokens = [
        await invitation(owners[0]!, memberId),
        await invitation(owners[1]!, memberId),
      ];

      const { answers, reasons } = await race(db(), 2, (n) => join(memberId, tokens[n]!));

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual([refusal('CONFLICT', [], { subject: answers[0]!.id })]);
    });

    it('gives the last seat to one', async () => {
      const ownerId = await givenMember(test);
      const { id } = await create(ownerId);
      const others = [await givenMember(test), await givenMember(test), await givenMember(test)];
      const tokens: string[] = [];
      for (const memberId of others) tokens.push(await invitation(ownerId, memberId));

      const { answers, reasons } = await race(db(), 3, (n) => join(others[n]!, tokens[n]!, 2));

      expect(answers).toHaveLength(1);
      expect(reasons).toEqual(Array(2).fill(refusal('LIMIT_REACHED', [], { limit: '2' })));
      expect((await standing(id)).members).toHaveLength(2);
    });

    describe('refuses, and takes nobody in,', () => {
      /** What the join is refused for, once nobody was taken in. */
      async function refused(joining: Promise<unknown>): Promise<unknown> {
        const reason: unknown = await joining.catch((error: unknown) => error);
        expect((await standing(householdId)).members).not.toContain(memberId);
        return reason;
      }

      let ownerId: string;
      let memberId: string;
      let householdId: string;
      let token: string;
      beforeEach(async () => {
        [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
        householdId = (await create(ownerId)).id;
        token = await invitation(ownerId, memberId);
      });

      it('an invitation that does not exist', async () => {
        expect(await refused(join(memberId, 'abc'))).toEqual(refusal('NOT_FOUND', ['invitation']));
      });

      it('one that was withdrawn', async () => {
        const [open] = await db().findBy(HouseholdInvitation, { householdId });
        for (let again = 0; again < 2; again++) {
          await withdrawInvitation(db(), { id: open!.id }, { memberId: ownerId, clock });
        }
        expect(await refused(join(memberId, token))).toEqual(refusal('NOT_FOUND', ['invitation']));
      });

      it('one of a household that has ended', async () => {
        await leave(ownerId);
        expect(await refused(join(memberId, token))).toEqual(refusal('NOT_FOUND', ['invitation']));
      });

      it('one that is 14 days old', async () => {
        clock.at = new Date('2026-09-13T22:30:00Z');
        expect(await refused(join(memberId, token))).toEqual(refusal('EXPIRED', ['invitation']));
      });

      it('one of another address', async () => {
        const otherId = await givenMember(test);
        expect(await refused(join(otherId, token))).toEqual(refusal('NOT_ALLOWED', ['invitation']));
      });

      it('a member whose address is not verified', async () => {
        await test
          .owner()
          .query('UPDATE members.member SET email_verified_at = NULL WHERE id = $1', [memberId]);
        expect(await refused(join(memberId, token))).toEqual(refusal('VERIFICATION_REQUIRED'));
      });

      it('a member whose account is suspended', async () => {
        await test
          .owner()
          .query(`UPDATE members.member SET status = 'SUSPENDED' WHERE id = $1`, [memberId]);
        expect(await refused(join(memberId, token))).toEqual(refusal('MEMBER_INACTIVE'));
      });

      it('a member who is in another', async () => {
        const { id } = await create(memberId);
        expect(await refused(join(memberId, token))).toEqual(
          refusal('CONFLICT', [], { subject: id }),
        );
      });
    });

    it('lets who has left another wait for six months, in the program’s days', async () => {
      const [firstId, secondId] = [await givenMember(test), await givenMember(test)];
      const memberId = await givenMember(test);
      await givenHousehold(test, [firstId, memberId], clock);
      await leave(memberId);
      await create(secondId);
      const retryAt = new Date('2027-02-27T23:00:00Z');

      clock.at = new Date('2027-02-27T22:59:59Z');
      const token = await invitation(secondId, memberId);
      const wait = refusal('LIMIT_REACHED', [], { retryAt });
      await expect(join(memberId, token)).rejects.toEqual(wait);
      await expect(create(memberId)).rejects.toEqual(wait);
      // To the same one they may come back.
      await join(memberId, await invitation(firstId, memberId));
      await leave(memberId);
      await test.owner().query(`UPDATE members.household_member SET may_change_on = '2027-02-28'`);

      clock.at = retryAt;
      await join(memberId, token);
    });

    it('lets who was alone in one change at once', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      await create(ownerId);
      await create(memberId);
      await leave(memberId);

      const joined = await join(memberId, await invitation(ownerId, memberId));
      expect(joined.ownerId).toBe(ownerId);
    });
  });

  describe('leaving', () => {
    it('takes a member out, of whatever status, and is harmless again', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const id = await givenHousehold(test, [ownerId, memberId], clock);
      await test
        .owner()
        .query(`UPDATE members.member SET status = 'SUSPENDED' WHERE id = $1`, [memberId]);

      expect(await leave(memberId)).toBeNull();
      expect(await leave(memberId)).toBeNull();

      expect(await standing(id)).toEqual({ ownerId, isOver: false, members: [ownerId] });
      expect((await eventsOf(memberId)).map(({ type }) => type)).toEqual([
        'household.joined',
        'household.left',
      ]);
    });

    it('of the owner makes who joined first of the others the owner; of the last, it ends', async () => {
      const members = [await givenMember(test), await givenMember(test), await givenMember(test)];
      const [ownerId, second, third] = members as [string, string, string];
      const id = (await create(ownerId)).id;
      for (const memberId of [second, third]) {
        clock.at = new Date(clock.at.getTime() + 1_000);
        await join(memberId, await invitation(ownerId, memberId));
      }

      await leave(ownerId);
      expect(await standing(id)).toEqual({
        ownerId: second,
        isOver: false,
        members: [second, third],
      });
      await expect(remove(ownerId, third)).rejects.toEqual(refusal('NOT_FOUND'));
      await leave(third);
      await leave(second);

      expect(await standing(id)).toEqual({ ownerId: second, isOver: true, members: [] });
    });

    it('leaves one owner, who is in it, whatever happens at once', async () => {
      for (let round = 0; round < 3; round++) {
        const members = await Promise.all([1, 2, 3].map(() => givenMember(test)));
        const [ownerId, second, third] = members as [string, string, string];
        const id = await givenHousehold(test, [ownerId, second, third], clock);
        const acts = [
          () => leave(ownerId),
          () => remove(ownerId, second),
          () => remove(second, ownerId),
          () => leave(third),
        ];

        const { reasons } = await race<unknown>(db(), acts.length, (n) => acts[n]!());

        const left = await standing(id);
        expect(left.members).not.toContain(ownerId);
        expect(left.members).not.toContain(third);
        // Either the owner removed the second, or left first and the second owns it now.
        expect(left.isOver || left.members.includes(left.ownerId!)).toBe(true);
        expect(left.isOver).toBe(left.members.length === 0);
        for (const reason of reasons) {
          expect(['NOT_FOUND', 'NOT_ALLOWED']).toContain((reason as { code: string }).code);
        }
      }
    });
  });

  describe('removeFromHousehold', () => {
    it('takes a member out, and again answers the same', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const id = await givenHousehold(test, [ownerId, memberId], clock);

      const { answers, reasons } = await race(db(), 3, () => remove(ownerId, memberId));

      expect(reasons).toEqual([]);
      expect(answers.map((household) => household.id)).toEqual(Array(3).fill(id));
      expect((await standing(id)).members).toEqual([ownerId]);
      expect((await eventsOf(memberId)).map(({ type }) => type)).toEqual([
        'household.joined',
        'household.left',
      ]);
    });

    it('is for the owner, of another who is in it', async () => {
      const [ownerId, memberId] = [await givenMember(test), await givenMember(test)];
      const id = await givenHousehold(test, [ownerId, memberId], clock);

      await expect(remove(memberId, ownerId)).rejects.toEqual(refusal('NOT_ALLOWED'));
      await expect(remove(ownerId, ownerId)).rejects.toEqual(refusal('NOT_ALLOWED', ['memberId']));
      await expect(remove(ownerId, nobody)).rejects.toEqual(refusal('NOT_FOUND', ['memberId']));
      await expect(remove(ownerId, 'm1')).rejects.toEqual(refusal('INVALID', ['memberId']));

      expect((await standing(id)).members).toHaveLength(2);
    });
  });

  it('lets only who is in a household share points with it', async () => {
    const memberId = await givenMember(test);
    const share = () => setHouseholdSharing(db(), { share: false }, { memberId });
    await expect(share()).rejects.toEqual(refusal('NOT_FOUND'));
    await create(memberId);

    await share();
    await share();

    const [place] = await rows(
      test.owner(),
      'SELECT shares_points AS shares FROM members.household_member WHERE member_id = $1',
      [memberId],
    );
    expect(place).toEqual({ shares: false });
  });

  it('forgets invitations a day after they expired', async () => {
    await rows(test.owner(), 'DELETE FROM members.household_invitation');
    const ownerId = await givenMember(test);
    await createHousehold(db(), { name: 'Home' }, { memberId: ownerId, clock: databaseClock });
    for (const address of ['old@example.com', 'new@example.com']) await invite(ownerId, address);
    await rows(
      test.owner(),
      `UPDATE members.household_invitation
       SET expires_at = now() - CASE email WHEN 'old@example.com' THEN 25 ELSE 23 END * interval '1 hour'`,
    );

    expect(await runJob(test, 'clear-invitations')).toBe(1);
    expect(await runJob(test, 'clear-invitations')).toBe(0);

    expect(await db().find(HouseholdInvitation)).toMatchObject([{ email: 'new@example.com' }]);
  });
});
