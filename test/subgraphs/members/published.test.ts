import { randomUUID } from 'node:crypto';
import { type PartName, partNames } from '../../../platform/config.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember, givenMemberAt } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';

const others = partNames.filter((part) => part !== 'members');

describe('what members publishes', () => {
  const test = useTestDatabase();

  /** A member of the sandbox: nobody can make one yet. */
  async function givenSandboxMember(): Promise<string> {
    const id = await givenMember(test);
    await rows(test.owner(), 'UPDATE members.member SET sandbox = true WHERE id = $1', [id]);
    return id;
  }

  describe('members.resolve', () => {
    const resolve = async (part: PartName, ref: object, sandbox = false) => {
      const [row] = await rows<{ id: string | null }>(
        test.db(part),
        'SELECT members.resolve($1, $2, $3) AS id',
        [ref, randomUUID(), sandbox],
      );
      return row!.id;
    };

    it.each(['partners', 'identity'] as const)(
      'finds a member for %s by id, number and address',
      async (part) => {
        const email = `${randomUUID()}@example.com`;
        const id = await givenMemberAt(test, email);
        const { memberNumber } = await test.db('members').findOneByOrFail(Member, { id });

        expect(await resolve(part, { id })).toBe(id);
        expect(await resolve(part, { memberNumber })).toBe(id);
        expect(await resolve(part, { email: ` ${email.toUpperCase()} ` })).toBe(id);
        expect(await resolve(part, { id: null, memberNumber: null, email })).toBe(id);
      },
    );

    it.each([
      ['an unknown id', { id: randomUUID() }],
      ['what is no id', { id: 'ada' }],
      ['an unknown number', { memberNumber: '9000000000000001' }],
      ['an unknown address', { email: 'nobody@example.com' }],
      ['nothing', {}],
    ])('finds nobody for %s', async (_, ref) => {
      expect(await resolve('partners', ref)).toBeNull();
    });

    it('keeps the sandbox and the live apart', async () => {
      const live = await givenMember(test);
      const sandbox = await givenSandboxMember();

      expect(await resolve('partners', { id: sandbox }, false)).toBeNull();
      expect(await resolve('partners', { id: live }, true)).toBeNull();
      expect(await resolve('partners', { id: sandbox }, true)).toBe(sandbox);
    });
  });

  describe('members.may', () => {
    const may = async (
      part: PartName,
      partnerId: string,
      memberIds: string[],
      scope: string | null,
      sandbox = false,
    ) => {
      const found = await rows<{ id: string }>(
        test.db(part),
        'SELECT may AS id FROM members.may($1, $2, $3, $4)',
        [partnerId, memberIds, scope, sandbox],
      );
      return found.map(({ id }) => id);
    };

    it.each(['members', 'partners', 'rewards-catalog', 'community'] as const)(
      'answers %s by partner and scope',
      async (part) => {
        const [ada, ben, cleo] = [
          await givenMember(test),
          await givenMember(test),
          await givenMember(test),
        ];
        const [shop, hotel] = [await givenPartner(test), await givenPartner(test)];
        await givenConsent(test, ada, shop, ['EARN', 'SPEND']);
        await givenConsent(test, ben, shop, ['EARN']);
        const all = [ada, ben, cleo, randomUUID()];

        expect((await may(part, shop, all, 'EARN')).sort()).toEqual([ada, ben].sort());
        expect(await may(part, shop, all, 'SPEND')).toEqual([ada]);
        expect(await may(part, shop, all, 'READ_PROFILE')).toEqual([]);
        expect((await may(part, shop, all, null)).sort()).toEqual([ada, ben].sort());
        expect(await may(part, shop, [ben], null)).toEqual([ben]);
        expect(await may(part, hotel, all, null)).toEqual([]);
      },
    );

    it('counts a revoked consent no more', async () => {
      const [memberId, partnerId] = [await givenMember(test), await givenPartner(test)];
      await givenConsent(test, memberId, partnerId);
      await revokeConsent(test.db('members'), { partnerId }, { memberId, clock: databaseClock });

      expect(await may('partners', partnerId, [memberId], null)).toEqual([]);
      expect(await may('partners', partnerId, [memberId], 'EARN')).toEqual([]);
    });

    it.each([
      ['DRAFT', [], []],
      ['SANDBOX', [], ['sandbox']],
      ['LIVE', ['live'], ['sandbox']],
      ['SUSPENDED', [], []],
      ['TERMINATED', [], []],
    ] as const)(
      'of a partner that is %s, counts what it may act on',
      async (status, live, tests) => {
        const partnerId = await givenPartner(test);
        const members = { live: await givenMember(test), sandbox: await givenSandboxMember() };
        const ids = Object.values(members);
        for (const id of ids) await givenConsent(test, id, partnerId);
        await givenStatus(test, partnerId, status);

        for (const scope of [null, 'READ_PROFILE']) {
          expect(await may('partners', partnerId, ids, scope)).toEqual(
            live.map((name) => members[name]),
          );
          expect(await may('partners', partnerId, ids, scope, true)).toEqual(
            tests.map((name) => members[name]),
          );
        }
      },
    );

    it('keeps the sandbox and the live apart', async () => {
      const partnerId = await givenPartner(test);
      const [live, sandbox] = [await givenMember(test), await givenSandboxMember()];
      await givenConsent(test, live, partnerId);
      await givenConsent(test, sandbox, partnerId);

      expect(await may('partners', partnerId, [live, sandbox], null, false)).toEqual([live]);
      expect(await may('partners', partnerId, [live, sandbox], null, true)).toEqual([sandbox]);
    });
  });

  it.each(['partners', 'rewards-catalog', 'community'] as const)(
    'shows %s snapshots of members',
    async (part) => {
      const id = await givenMember(test);

      expect(
        await rows(test.db(part), 'SELECT * FROM members.snapshot($1)', [[id, randomUUID()]]),
      ).toEqual([
        { id, status: 'ACTIVE', sandbox: false, tier: null, earn_multiplier: '1', segments: [] },
      ]);
    },
  );

  it('shows partners what days and amounts go by', async () => {
    expect(await rows(test.db('partners'), 'SELECT * FROM members.program()')).toEqual([
      { time_zone: 'Europe/Berlin', money_currency: 'EUR' },
    ]);
  });

  describe('and nothing else', () => {
    const tables = ['program', 'member', 'verification', 'consent', 'partner_account'];
    const denied = /permission denied/;

    it.each(others.flatMap((part) => tables.map((table) => [part, table] as const)))(
      'denies %s the table %s',
      async (part, table) => {
        const db = test.db(part);

        await expect(rows(db, `SELECT FROM members.${table}`)).rejects.toThrow(denied);
        await expect(rows(db, `DELETE FROM members.${table}`)).rejects.toThrow(denied);
      },
    );

    it.each([
      `SELECT members.may('${randomUUID()}', '{}', NULL, false)`,
      `SELECT members.snapshot('{}')`,
      'SELECT members.program()',
      `SELECT members.resolve_all('[]', NULL, false)`,
      `SELECT members.enrol_provisional('${randomUUID()}', '{}', false, now())`,
    ])('denies identity %s', async (sql) => {
      await expect(rows(test.db('identity'), sql)).rejects.toThrow(denied);
    });

    it('lets members change no row of others', async () => {
      const db = test.db('members');

      await expect(rows(db, 'SELECT FROM partners.partner')).rejects.toThrow(denied);
      await expect(rows(db, 'SELECT FROM platform.outbox')).rejects.toThrow(denied);
      await expect(rows(db, 'UPDATE ledger.account SET balance = 1')).rejects.toThrow(denied);
    });
  });

  it('keeps one program', async () => {
    const copy = `INSERT INTO members.program
                  SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()))).*
                  FROM members.program p`;

    await expect(rows(test.db('members'), copy)).rejects.toThrow('program_id_ck');
  });
});
