import { createHash, randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { emit } from '../../../platform/outbox.ts';
import {
  type StaffRole,
  isPartnerRole,
  scopesOfRole,
  staffRoles,
} from '../../../platform/roles.ts';
import { scopesOf } from '../../../platform/scopes.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/members/server.ts';
import {
  type InviteStaff,
  inviteStaff,
  reinviteStaff,
} from '../../../subgraphs/members/staff/invitations.ts';
import { Staff } from '../../../subgraphs/members/entities.ts';
import {
  changeStaffRole,
  setStaffLocale,
  setStaffStatus,
} from '../../../subgraphs/members/staff/staff.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenInvited as givenPartner } from '../../support/given-partners.ts';
import { administrator, givenInvitedPerson, givenStaff } from '../../support/given-staff.ts';
import { runJob } from '../../support/jobs.ts';
import { keptMail } from '../../support/mail.ts';
import { linkIn } from '../../support/people.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const at = new Date('2026-03-01T12:00:00Z');
const later = (ms: number) => new Date(at.getTime() + ms);

describe('staff', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const mail = keptMail();
  let clock: SetClock;
  let shop: string;
  let email: string;
  const config = { issuer: 'https://loyalty.example/identity', embeddedIssuer: true };

  beforeAll(async () => {
    shop = await givenPartner(test, { code: 'SHOP' });
  });
  beforeEach(() => {
    clock = new SetClock(at);
    mail.sent.length = 0;
    email = `${randomUUID()}@example.com`;
  });

  const owner = (): Viewer => partnerViewer(shop, scopesOf('PARTNER'));
  const invite = (more: Partial<InviteStaff> = {}, viewer = administrator()) =>
    inviteStaff(
      db(),
      { email, name: 'Sam Sample', role: 'SUPPORT', ...more },
      { viewer, clock, mail, config },
    );
  const again = (id: string, viewer = administrator()) =>
    reinviteStaff(db(), { id }, { viewer, clock, mail, config });
  const tokenIn = (text: string) => new URL(linkIn(text)).searchParams.get('token')!;
  const accept = async (token: string): Promise<boolean> => {
    const [row] = await rows<{ accepted: boolean }>(
      test.db('identity'),
      'SELECT members.accept_staff_invitation($1) AS accepted',
      [createHash('sha256').update(token).digest()],
    );
    return row!.accepted;
  };
  /** Staff as it stands in the table, for all who have the test's address. */
  const stored = () =>
    rows<{ id: string; role: string; status: string; partnerId: string | null }>(
      test.owner(),
      `SELECT id, role, status, partner_id AS "partnerId" FROM members.staff
       WHERE email_key = $1 ORDER BY created_at`,
      [email],
    );
  const recorded = (id: string) =>
    rows(
      test.owner(),
      `SELECT actor, action, reason, changes FROM platform.audit_event
       WHERE subject_type = 'Staff' AND subject_id = $1 ORDER BY sequence`,
      [id],
    );
  const setStored = (id: string, status: string) =>
    rows(
      test.owner(),
      `UPDATE members.staff SET status = $2, invitation_hash = NULL, invited_at = NULL,
         invitation_ends_at = NULL WHERE id = $1`,
      [id, status],
    );

  describe('an e-mail of what has happened', () => {
    const statement = { statementId: randomUUID(), month: '2026-03-01', partner: 'Corner Shop' };
    const events = {
      'statement.issued': { ...statement, net: '-1234.50', currency: 'GBP', dueOn: '2026-04-30' },
      'dispute.decided': { ...statement, upheld: 'false' },
      'credit.alerted': {
        contractId: randomUUID(),
        partner: 'Corner Shop',
        alertAt: '800',
        currency: 'GBP',
        billing: 'PREPAID',
      },
    };
    const happen = (type: keyof typeof events, occurredAt = new Date()) =>
      emit(test.db('partners'), { type, partnerId: shop, payload: events[type], occurredAt });
    const run = (name: string, by = mail) => runJob(test, name, { mail: by });
    const hire = (role: StaffRole, locale?: string, partnerId?: string) =>
      givenStaff(test, {
        email: `${role}@${partnerId ?? 'office'}.example`,
        role,
        locale,
        partnerId,
      });
    const told = () => mail.sent.map(({ to }) => to.split('.')[0]!).sort();
    beforeEach(() =>
      rows(test.owner(), 'DELETE FROM members.staff_mail; DELETE FROM members.staff'),
    );

    it('goes to those whose role it concerns, of that partner and of the coalition', async () => {
      const other = await givenPartner(test, { code: `P${Date.now()}` });
      for (const role of staffRoles) {
        await (isPartnerRole(role) ? hire(role, 'en', shop) : hire(role));
      }
      await hire('PARTNER_OWNER', 'en', other);
      await givenInvitedPerson(test, { email: 'new@example.com', role: 'FINANCE' });
      const [owner, finance] = [`PARTNER_OWNER@${shop}`, `PARTNER_FINANCE@${shop}`];
      const expected = {
        'statement.issued': [finance, owner],
        'dispute.decided': [finance, owner],
        'credit.alerted': ['ADMINISTRATOR@office', 'FINANCE@office', finance, owner],
      };

      for (const [type, addresses] of Object.entries(expected)) {
        mail.sent.length = 0;
        await happen(type as keyof typeof events);
        await run('notice-events');
        expect(await run('mail-staff')).toBe(addresses.length);
        expect(told()).toEqual(addresses);
      }
    });

    it.each([
      [
        'statement.issued',
        'en-GB',
        'The coalition owes Corner Shop £1,234.50, due on 30 April 2026.',
      ],
      [
        'statement.issued',
        'de',
        'Der Verbund schuldet Corner Shop 1.234,50 £, fällig am 30. April 2026.',
      ],
      ['dispute.decided', 'en', 'What Corner Shop disputed was refused'],
      ['dispute.decided', 'de', 'Der Widerspruch von Corner Shop wurde abgelehnt'],
      ['credit.alerted', 'fr', 'has used points of its blocks worth'],
      ['credit.alerted', 'de', 'hat aus seinen Blöcken Punkte für 800,00 £ oder mehr verbraucht'],
    ] as const)('of %s is in the language of %s', async (type, locale, words) => {
      await hire('PARTNER_FINANCE', locale, shop);
      await happen(type);
      await run('notice-events');
      await run('mail-staff');

      // Some locales write spaces that do not break.
      expect(mail.sent[0]!.text.replaceAll(/\s/g, ' ')).toContain(words);
    });

    it('goes out once, whoever looks and however often, and of nothing that is a week old', async () => {
      await hire('PARTNER_OWNER', 'en', shop);
      await happen('credit.alerted');
      await happen('credit.alerted');
      await happen('statement.issued', new Date(Date.now() - 8 * 24 * 3_600_000));

      await race(test.db('worker'), 4, () => run('notice-events'));
      await race(test.db('worker'), 4, () => run('mail-staff'));
      await run('notice-events');
      await run('mail-staff');

      expect(mail.sent).toHaveLength(2);
    });

    it('goes to nobody who was suspended, or has got another role meanwhile', async () => {
      const [gone, moved] = [await hire('PARTNER_OWNER', 'en', shop), await hire('FINANCE')];
      await happen('credit.alerted');
      await run('notice-events');
      await setStored(gone, 'SUSPENDED');
      await rows(test.owner(), `UPDATE members.staff SET role = 'SUPPORT' WHERE id = $1`, [moved]);

      expect(await run('mail-staff')).toBe(2);
      expect(mail.sent).toEqual([]);
    });

    it('is tried again where the mail server failed, five times in all, and lost with a worker', async () => {
      await hire('PARTNER_OWNER', 'en', shop);
      await happen('credit.alerted');
      await run('notice-events');
      const down = { ...mail, deliver: () => Promise.resolve(false) };
      for (const tries of [1, 1, 1, 1, 1, 0]) {
        expect(await run('mail-staff', down)).toBe(tries);
        expect(await run('mail-staff', down)).toBe(0);
        await rows(
          test.owner(),
          'UPDATE members.staff_mail SET due_at = now() WHERE due_at IS NOT NULL',
        );
      }

      await happen('credit.alerted');
      await run('notice-events');
      const dead = { ...mail, deliver: () => Promise.reject(new Error('gone')) };
      await expect(run('mail-staff', dead)).rejects.toThrow('gone');
      expect(await run('mail-staff')).toBe(0);
      expect(mail.sent).toEqual([]);
    });
  });

  describe('setStaffLocale', () => {
    const set = (id: string, locale: string, viewer: Viewer) =>
      setStaffLocale(db(), { id, locale }, { viewer, clock });
    const localeOf = async (id: string) => (await db().findOneByOrFail(Staff, { id })).locale;

    it('sets the language of one’s people, and one’s own, once', async () => {
      const { id } = await invite({ role: 'PARTNER_FINANCE', partnerId: shop });

      const changed = await set(id, 'DE-at', owner());
      expect(await set(id, 'de-AT', owner())).toEqual(changed);
      expect(changed.locale).toBe('de-AT');
      await set(id, 'en', { ...owner(), subject: id });

      expect(await localeOf(id)).toBe('en');
      const acts = (await recorded(id)) as { action: string; changes: object[] }[];
      expect(acts.slice(1).map(({ action, changes }) => [action, changes])).toEqual([
        ['setStaffLocale', [{ field: 'locale', before: 'en', after: 'de-AT' }]],
        ['setStaffLocale', [{ field: 'locale', before: 'de-AT', after: 'en' }]],
      ]);
    });

    it('is refused of another organisation’s, of who holds more, and for no language', async () => {
      const { id } = await invite({ role: 'PARTNER_OWNER', partnerId: shop });
      const other = partnerViewer(
        await givenPartner(test, { code: `L${Date.now()}` }),
        scopesOf('PARTNER'),
      );
      const lesser = partnerViewer(shop, ['CLIENTS_MANAGE']);

      await expect(set(id, 'de', other)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      await expect(set(id, 'de', lesser)).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));
      await expect(set(id, '?', owner())).rejects.toEqual(refusal('INVALID', ['locale']));
      expect(await localeOf(id)).toBe('en');
      expect(await recorded(id)).toHaveLength(1);
    });

    it('of several at once leaves one, and records each that changed it', async () => {
      const { id } = await invite({ role: 'PARTNER_FINANCE', partnerId: shop });

      const { reasons } = await race(db(), 6, () => set(id, 'de', owner()));

      expect(reasons).toEqual([]);
      expect(await localeOf(id)).toBe('de');
      expect(await recorded(id)).toHaveLength(2);
    });
  });

  describe('an invitation', () => {
    it('is in the language of the person, and of no other', async () => {
      const first = await invite({ locale: 'DE-at' });

      expect(first.locale).toBe('de-AT');
      expect(mail.sent[0]!.subject).toBe('Sie sind eingeladen');
      expect(linkIn(mail.sent[0]!.text)).toContain('/invitation?token=');
      expect((await invite({ locale: 'de-AT' })).id).toBe(first.id);
      await expect(invite()).rejects.toEqual(refusal('CONFLICT', ['email'], { subject: first.id }));
      await expect(invite({ email: `x${email}`, locale: '?' })).rejects.toEqual(
        refusal('INVALID', ['locale']),
      );
      expect(mail.sent).toHaveLength(1);
    });

    it('mails a link that is good for 72 hours, and is recorded without name and address', async () => {
      // The functions of the database go by its clock.
      clock.at = new Date();
      const { id } = await invite();

      expect(await stored()).toEqual([{ id, role: 'SUPPORT', status: 'INVITED', partnerId: null }]);
      expect(mail.sent).toEqual([
        { to: email, subject: 'You are invited', text: expect.any(String) as string },
      ]);
      expect(linkIn(mail.sent[0]!.text)).toMatch(
        /^https:\/\/loyalty\.example\/identity\/invitation\?token=[\w-]{43}$/,
      );
      const changes = [
        { field: 'role', before: null, after: 'SUPPORT' },
        { field: 'status', before: null, after: 'INVITED' },
      ];
      expect(await recorded(id)).toEqual([
        { actor: 'admin', action: 'inviteStaff', reason: null, changes },
      ]);
      const token = tokenIn(mail.sent[0]!.text);
      expect([await accept(token), await accept(token)]).toEqual([true, false]);
      expect(await stored()).toMatchObject([{ status: 'ACTIVE' }]);
    });

    it('is good no more once its time is over', async () => {
      clock.at = new Date(Date.now() - 72 * 60 * 60_000);
      await invite();

      expect(await accept(tokenIn(mail.sent[0]!.text))).toBe(false);
      expect(await stored()).toMatchObject([{ status: 'INVITED' }]);
    });

    it('is answered again, and mailed once', async () => {
      const first = await invite();

      const repeated = await invite({ email: email.toUpperCase() });

      expect(repeated.id).toBe(first.id);
      expect(mail.sent).toHaveLength(1);
      expect(await recorded(first.id)).toHaveLength(1);
    });

    it('is made once by calls that race', async () => {
      const { answers, reasons } = await race(db(), 6, () => invite());

      expect(reasons).toEqual([]);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(mail.sent).toHaveLength(1);
      expect(await stored()).toHaveLength(1);
    });

    it('is refused for an address that the organisation has, and not for another’s', async () => {
      const first = await invite();

      await expect(invite({ role: 'AUDITOR' })).rejects.toEqual(
        refusal('CONFLICT', ['email'], { subject: first.id }),
      );
      await invite({ role: 'PARTNER_OWNER', partnerId: shop });

      expect(await stored()).toHaveLength(2);
      expect(mail.sent).toHaveLength(2);
    });

    it('is possible anew for who was removed', async () => {
      const first = await invite();
      await setStored(first.id, 'REMOVED');

      const second = await invite({ role: 'AUDITOR' });

      expect(second.id).not.toBe(first.id);
      expect(await stored()).toMatchObject([{ status: 'REMOVED' }, { status: 'INVITED' }]);
    });

    it.each<[string, Partial<InviteStaff>, string[]]>([
      ['no address', { email: 'nobody' }, ['email']],
      ['no name', { name: ' ' }, ['name']],
      ['a partner’s role without a partner', { role: 'PARTNER_OWNER' }, ['partnerId']],
      ['a role of the coalition with a partner', { partnerId: randomUUID() }, ['partnerId']],
    ])('is refused for %s', async (_, more, path) => {
      await expect(invite(more)).rejects.toEqual(refusal('INVALID', path));
      expect(mail.sent).toEqual([]);
    });

    it('is refused for a partner that is not there, or has left', async () => {
      const left = await givenPartner(test, { code: 'LEFT' });
      await rows(test.owner(), `UPDATE partners.partner SET status = 'TERMINATED' WHERE id = $1`, [
        left,
      ]);

      for (const [partnerId, code] of [
        [randomUUID(), 'NOT_FOUND'],
        [left, 'PARTNER_INACTIVE'],
      ] as const) {
        await expect(invite({ role: 'PARTNER_OWNER', partnerId })).rejects.toEqual(
          refusal(code, ['partnerId']),
        );
      }
      expect(await stored()).toEqual([]);
    });

    it('is refused where another issuer signs people in', async () => {
      const other = {
        viewer: administrator(),
        clock,
        mail,
        config: { ...config, embeddedIssuer: false },
      };

      await expect(
        inviteStaff(db(), { email, name: 'Sam', role: 'SUPPORT' }, other),
      ).rejects.toEqual(refusal('NOT_ALLOWED'));
    });
  });

  describe('a caller', () => {
    const office = staffRoles.filter((role) => !isPartnerRole(role));
    const shops = staffRoles.filter((role) => isPartnerRole(role));

    it.each(office)('gives, as %s, the roles alone that give no more', async (held) => {
      const viewer = adminViewer(scopesOfRole(held));
      const given: StaffRole[] = [];
      for (const role of office) {
        email = `${randomUUID()}@example.com`;
        const done = await invite({ role }, viewer).catch(() => null);
        if (done) given.push(role);
      }

      const all = new Set<string>(scopesOfRole(held));
      expect(given).toEqual(office.filter((role) => scopesOfRole(role).every((s) => all.has(s))));
    });

    it('gives the roles of partners where it manages partners', async () => {
      await invite({ role: 'PARTNER_OWNER', partnerId: shop }, adminViewer(['PARTNERS_MANAGE']));

      await expect(
        invite({ role: 'PARTNER_OWNER', partnerId: shop }, adminViewer(['PROGRAM_MANAGE'])),
      ).rejects.toEqual(refusal('NOT_ALLOWED', ['role']));
    });

    it.each(shops)('gives, for its partner, %s where it holds as much', async (role) => {
      await expect(
        invite({ role, partnerId: shop }, partnerViewer(shop, ['CLIENTS_MANAGE'])),
      ).rejects.toEqual(refusal('NOT_ALLOWED', ['role']));

      await expect(invite({ role, partnerId: shop }, owner())).resolves.toMatchObject({ role });
    });

    it('of a partner gives no role of the coalition, or of another partner', async () => {
      await expect(invite({ role: 'AUDITOR' }, owner())).rejects.toEqual(
        refusal('NOT_ALLOWED', ['role']),
      );
      await expect(
        invite({ role: 'PARTNER_OWNER', partnerId: randomUUID() }, owner()),
      ).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
    });

    it('with a test client invites nobody', async () => {
      await expect(
        invite({ role: 'PARTNER_FINANCE', partnerId: shop }, { ...owner(), sandbox: true }),
      ).rejects.toEqual(refusal('NOT_ALLOWED'));
    });
  });

  describe('a change', () => {
    const change = (id: string, role: StaffRole, viewer = administrator()) =>
      changeStaffRole(db(), { id, role, reason: 'Moved.' }, { viewer, clock });
    const set = (
      id: string,
      status: 'ACTIVE' | 'SUSPENDED' | 'REMOVED',
      viewer = administrator(),
    ) => setStaffStatus(db(), { id, status, reason: 'Left.' }, { viewer, clock });

    it('of the role is done, recorded, and done once', async () => {
      const { id } = await invite();

      await change(id, 'AUDITOR');
      await change(id, 'AUDITOR');

      expect(await stored()).toMatchObject([{ role: 'AUDITOR' }]);
      expect((await recorded(id)).slice(1)).toEqual([
        {
          actor: 'admin',
          action: 'changeStaffRole',
          reason: 'Moved.',
          changes: [{ field: 'role', before: 'SUPPORT', after: 'AUDITOR' }],
        },
      ]);
    });

    it('of the status suspends, lets back and removes, each once', async () => {
      const { id } = await invite();
      await setStored(id, 'ACTIVE');

      for (const status of ['SUSPENDED', 'SUSPENDED', 'ACTIVE', 'REMOVED'] as const) {
        await set(id, status);
        expect(await stored()).toMatchObject([{ status }]);
      }

      await expect(set(id, 'ACTIVE')).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      expect(await recorded(id)).toHaveLength(4);
    });

    it('of the status voids the invitation of who is removed, and makes nobody active', async () => {
      const { id } = await invite();

      for (const status of ['ACTIVE', 'SUSPENDED'] as const) {
        await expect(set(id, status)).rejects.toEqual(refusal('NOT_ALLOWED', ['status']));
      }
      await set(id, 'REMOVED');

      expect(await accept(tokenIn(mail.sent[0]!.text))).toBe(false);
    });

    it('of one who holds more than the caller, or of oneself, is refused', async () => {
      const { id } = await invite({ role: 'ADMINISTRATOR' });
      const lesser = adminViewer(scopesOfRole('PROGRAM'));
      const oneself = { ...administrator(), subject: id };

      for (const viewer of [lesser, oneself]) {
        const refused = refusal('NOT_ALLOWED', ['id']);
        await expect(set(id, 'REMOVED', viewer)).rejects.toEqual(refused);
        await expect(change(id, 'SUPPORT', viewer)).rejects.toEqual(refused);
        await expect(again(id, viewer)).rejects.toEqual(refused);
      }
      expect(await stored()).toMatchObject([{ role: 'ADMINISTRATOR', status: 'INVITED' }]);
    });

    it('gives no role that the caller does not hold, or of the other kind', async () => {
      const { id } = await invite({ role: 'PROGRAM' });

      await expect(
        change(id, 'ADMINISTRATOR', adminViewer(scopesOfRole('PROGRAM'))),
      ).rejects.toEqual(refusal('NOT_ALLOWED', ['role']));
      await expect(change(id, 'PARTNER_OWNER')).rejects.toEqual(refusal('INVALID', ['role']));
    });

    it('is of one’s own organisation alone, for partners', async () => {
      const { id } = await invite();

      const tries = [
        () => set(id, 'REMOVED', owner()),
        () => change(id, 'AUDITOR', owner()),
        () => again(id, owner()),
      ];
      for (const attempt of tries) {
        await expect(attempt()).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      }
    });

    it('is made once by calls that race', async () => {
      const { id } = await invite();
      await setStored(id, 'ACTIVE');

      const { answers } = await race(db(), 5, () => set(id, 'SUSPENDED'));

      expect(answers).toHaveLength(5);
      expect(await recorded(id)).toHaveLength(2);
    });
  });

  describe('another invitation', () => {
    it('voids the last one, also of a person who is active', async () => {
      clock.at = new Date(Date.now() - 120_000);
      const { id } = await invite();
      clock.at = new Date();

      await again(id);

      const [first, second] = mail.sent.map(({ text }) => tokenIn(text));
      expect([await accept(first!), await accept(second!)]).toEqual([false, true]);
      await again(id);
      expect(await stored()).toMatchObject([{ status: 'INVITED' }]);
    });

    it('waits a minute after the last mail, and goes to nobody who is suspended', async () => {
      const { id } = await invite();
      clock.at = later(59_999);
      await expect(again(id)).rejects.toEqual(
        refusal('LIMIT_REACHED', ['id'], { retryAt: later(60_000) }),
      );
      await setStored(id, 'SUSPENDED');

      await expect(again(id)).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));

      expect(mail.sent).toHaveLength(1);
    });
  });

  describe('through the graph', () => {
    let members: Subgraph;
    const { ask, codeOf } = callsOf(() => members);
    beforeAll(async () => {
      members = await start(configOn(test), testPlatform());
    });
    afterAll(() => members.drain());
    const list = `query ($partnerId: ID, $first: Int, $after: String) {
      staff(partnerId: $partnerId, first: $first, after: $after) {
        nodes { name email role scopes status partner { id } acceptedAt } pageInfo { hasNextPage endCursor }
      }
    }`;
    interface Page {
      staff: { nodes: object[]; pageInfo: { hasNextPage: boolean; endCursor: string } } | null;
    }

    it('lists an organisation’s people, the last invited first, page by page', async () => {
      const partnerId = await givenPartner(test, { code: `P${Date.now()}` });
      const viewer = partnerViewer(partnerId, scopesOf('PARTNER'));
      const input = { name: 'Ann', email: 'ann@example.com', role: 'PARTNER_FINANCE', partnerId };
      const mutation = `mutation ($input: InviteStaffInput!) {
        inviteStaff(input: $input) { staff { id } userErrors { code path } } }`;
      await ask(viewer, mutation, { input });
      await ask(viewer, mutation, { input: { ...input, name: 'Ben', email: 'ben@example.com' } });

      const first = await ask<Page>(viewer, list, { first: 1 });
      const after = first.staff!.pageInfo.endCursor;
      const second = await ask<Page>(viewer, list, { first: 1, after });
      const others = await ask<Page>(owner(), list, { partnerId });
      const office = await ask<Page>(administrator(), list, { partnerId });

      expect(first.staff!.nodes).toMatchObject([{ name: 'Ben' }]);
      expect(second.staff).toMatchObject({
        nodes: [
          {
            name: 'Ann',
            email: 'ann@example.com',
            role: 'PARTNER_FINANCE',
            scopes: ['SETTLEMENT_READ'],
            status: 'INVITED',
            partner: { id: partnerId },
            acceptedAt: null,
          },
        ],
        pageInfo: { hasNextPage: false },
      });
      expect(others.staff).toBeNull();
      expect(office.staff!.nodes).toHaveLength(2);
    });

    it('is for those who manage people', async () => {
      for (const viewer of [adminViewer(['AUDIT_READ']), partnerViewer(shop, ['CATALOG_MANAGE'])]) {
        expect(await codeOf(viewer, '{ staff { nodes { id } } }')).toBe('FORBIDDEN');
      }
      const sandbox = { ...owner(), sandbox: true };
      expect(await ask<Page>(sandbox, '{ staff { nodes { id } } }')).toEqual({ staff: null });
    });

    it('names the person who calls', async () => {
      const { id } = await invite();
      const nameOf = async (viewer: Viewer) =>
        (await ask<{ viewer: { name: string | null } }>(viewer, '{ viewer { name } }')).viewer.name;

      expect(await nameOf({ ...administrator(), subject: id })).toBe('Sam Sample');
      expect(await nameOf({ ...owner(), subject: id })).toBe('Sam Sample');
      expect(await nameOf(administrator())).toBeNull();
      expect(await nameOf({ ...owner(), subject: randomUUID() })).toBeNull();
    });
  });
});
