import { createHash } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { type Identity, start } from '../../identity/server.ts';
import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { type StaffRole, scopesOfRole } from '../../platform/roles.ts';
import { scopeInToken, scopesOf } from '../../platform/scopes.ts';
import { reinviteStaff } from '../../subgraphs/members/staff/invitations.ts';
import { changeStaffRole, setStaffStatus } from '../../subgraphs/members/staff/staff.ts';
import { useTestDatabase } from '../support/database.ts';
import { codeIn } from '../support/given-members.ts';
import { givenInvited as givenPartner, givenStatus } from '../support/given-partners.ts';
import { administrator, givenInvitedPerson } from '../support/given-staff.ts';
import { keptMail } from '../support/mail.ts';
import {
  type PersonsBrowser,
  type Shown,
  linkIn,
  openApp,
  openApplication,
  openBrowser,
} from '../support/people.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';
import { untilOneWaits } from '../support/until.ts';

const issuer = 'http://localhost:4000/identity';
const home = 'https://office.example/';
const everything = ['openid', ...[...scopesOf('ADMIN'), ...scopesOf('PARTNER')].map(scopeInToken)];

const oneOfEach: StaffRole[] = ['ADMINISTRATOR', 'FINANCE', 'PARTNER_OWNER', 'PARTNER_CATALOG'];

describe('staff signing in', () => {
  const test = useTestDatabase();
  const clock = new SetClock(new Date());
  const platform = testPlatform(clock);
  let identity: Identity;
  let front: Server;
  let reached: string;
  let shop: string;
  let count = 0;
  const newAddress = () => `staff${++count}@example.com`;

  beforeAll(async () => {
    identity = await start(configOn(test, { STAFF_REDIRECT_URIS: home }), platform);
    front = createServer((request, response) => {
      request.url = request.url!.replace(/^\/identity/, '');
      identity.callback(request, response);
    });
    await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
    reached = `http://127.0.0.1:${(front.address() as AddressInfo).port}/identity`;
    shop = await givenPartner(test, { code: 'SHOP' });
  });
  afterAll(async () => {
    await new Promise((resolve) => front.close(resolve));
    await identity.drain();
  });
  // A code of the app is good once: each test has steps of its own.
  beforeEach(() => pass(5 * 60_000));

  const pass = (ms: number) => void (clock.at = new Date(clock.at.getTime() + ms));
  const nextStep = () => pass(30_000);
  const browser = () => openBrowser(issuer, reached);
  const application = () => openApplication('staff-web', issuer, home);
  /** A code that is none of this minute and a half. */
  const wrongFor = (app: (at: Date) => string) => {
    const near = [-30_000, 0, 30_000].map((ms) => app(new Date(clock.at.getTime() + ms)));
    return ['123456', '234567', '345678', '456789'].find((code) => !near.includes(code))!;
  };

  interface Person {
    id: string;
    email: string;
    app: (at: Date) => string;
    recoveryCodes: string[];
  }

  /** A person who has taken up their invitation. */
  async function givenStaff(role: StaffRole, email = newAddress()): Promise<Person> {
    const more = role.startsWith('PARTNER') ? { partnerId: shop } : {};
    const { staff, link } = await givenInvitedPerson(test, { email, role, ...more });
    const person = browser();
    const setUp = await person.send(await person.open(link), '/invitation');
    const app = openApp(setUp);
    const done = await person.send(setUp, '/confirm', { code: app(clock.at) });
    const recoveryCodes = [...done.html.matchAll(/<code>([A-Z2-9-]+)</g)].map(([, code]) => code!);
    nextStep();
    return { id: staff.id, email, app, recoveryCodes };
  }

  /** As far as the second factor. */
  async function proveAddress(person: PersonsBrowser, url: string, email: string): Promise<Shown> {
    const mailed = await person.send(await person.open(url), '/email', { email });
    return person.send(mailed, '/code', { code: codeIn(platform.sent.at(-1)!) });
  }

  async function signIn({ email, app }: Person, scope = everything.join(' '), more = {}) {
    const person = browser();
    const application_ = application();
    const asked = await proveAddress(person, application_.start(scope, more), email);
    const back = await person.send(asked, '/factor', { code: app(clock.at) });
    nextStep();
    return { person, application: application_, answer: await application_.redeem(reached, back) };
  }

  const setStatus = (id: string, status: string) =>
    rows(test.owner(), 'UPDATE members.staff SET status = $2 WHERE id = $1', [id, status]);

  describe('an invitation', () => {
    it('shows the secret for the app, as a picture and in words, and then recovery codes', async () => {
      const { link } = await givenInvitedPerson(test, { email: newAddress(), role: 'SUPPORT' });
      const person = browser();

      const welcome = await person.open(link);
      const setUp = await person.send(welcome, '/invitation');
      const done = await person.send(setUp, '/confirm', { code: openApp(setUp)(clock.at) });

      expect(welcome.html).toContain('Sam Sample');
      expect(setUp.html).toContain('<svg');
      expect(setUp.html).toMatch(/otpauth:\/\/totp\/Coalition:staff\d+%40example\.com\?/);
      expect(setUp.headers.get('referrer-policy')).toBe('no-referrer');
      expect([
        ...done.html.matchAll(/<code>[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}</g),
      ]).toHaveLength(10);
    });

    it('is not used up by programs that open links, and once by a person', async () => {
      const { staff, link } = await givenInvitedPerson(test, {
        email: newAddress(),
        role: 'SUPPORT',
      });
      const person = browser();
      for (let looks = 0; looks < 3; looks++) expect((await person.open(link)).status).toBe(200);
      const welcome = await person.open(link);
      const setUp = await person.send(welcome, '/invitation');
      const code = openApp(setUp)(clock.at);

      const both = await Promise.all([
        person.send(setUp, '/confirm', { code }),
        person.send(setUp, '/confirm', { code }),
      ]);

      expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 400]));
      expect((await person.open(link)).status).toBe(400);
      expect((await person.send(welcome, '/invitation')).status).toBe(400);
      const [row] = await rows(test.owner(), 'SELECT status FROM members.staff WHERE id = $1', [
        staff.id,
      ]);
      expect(row).toEqual({ status: 'ACTIVE' });
    });

    it('makes one secret of two presses at once, and none once it is being taken up', async () => {
      const { staff, link } = await givenInvitedPerson(test, {
        email: newAddress(),
        role: 'SUPPORT',
      });
      const person = browser();
      const welcome = await person.open(link);
      const both = await Promise.all([
        person.send(welcome, '/invitation'),
        person.send(welcome, '/invitation'),
      ]);
      const secrets = () =>
        rows(test.owner(), 'SELECT sealed_secret FROM identity.second_factor WHERE staff_id = $1', [
          staff.id,
        ]);
      const before = await secrets();

      const { late } = await test.owner().transaction(async (tx) => {
        // As `confirmFactor` does, up to its commit.
        const taken = 'UPDATE identity.second_factor SET last_step = 1 WHERE staff_id = $1';
        await rows(tx, taken, [staff.id]);
        const token = new URL(link).searchParams.get('token')!;
        const hash = createHash('sha256').update(token).digest();
        await rows(tx, 'SELECT members.accept_staff_invitation($1)', [hash]);
        const late = person.send(welcome, '/invitation');
        await untilOneWaits(test);
        return { late };
      });

      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect((await late).status).toBe(400);
      expect(await secrets()).toEqual(before);
    });

    it('asks again for a wrong code, and stays good', async () => {
      const { link } = await givenInvitedPerson(test, { email: newAddress(), role: 'SUPPORT' });
      const person = browser();
      const setUp = await person.send(await person.open(link), '/invitation');
      const app = openApp(setUp);

      const wrong = await person.send(setUp, '/confirm', { code: wrongFor(app) });
      const done = await person.send(wrong, '/confirm', { code: app(clock.at) });

      expect(wrong.status).toBe(400);
      expect(wrong.html).not.toContain('<svg');
      expect(done.html).toContain('recovery codes');
    });

    it('is over after 72 hours', async () => {
      const { staff, link } = await givenInvitedPerson(test, {
        email: newAddress(),
        role: 'SUPPORT',
      });
      const [row] = await rows<{ hours: number }>(
        test.owner(),
        `SELECT extract(epoch FROM invitation_ends_at - invited_at)::integer / 3600 AS hours
         FROM members.staff WHERE id = $1`,
        [staff.id],
      );
      await rows(
        test.owner(),
        `UPDATE members.staff SET invitation_ends_at = now() - interval '1 second' WHERE id = $1`,
        [staff.id],
      );

      expect(row).toEqual({ hours: 72 });
      expect((await browser().open(link)).status).toBe(400);
    });

    it.each(['', '?token=', '?token=abc'])('shows nothing for a link with "%s"', async (query) => {
      expect((await browser().open(`${issuer}/invitation${query}`)).status).toBe(400);
    });
  });

  it.each(oneOfEach)(
    'gives %s a token of its principal with the scopes of the role',
    async (role) => {
      const person = await givenStaff(role);

      const { answer } = await signIn(person);

      const claims = decodeJwt(answer.body.access_token!);
      const held = scopesOfRole(role).map(scopeInToken).sort();
      expect((claims['scope'] as string).split(' ').sort()).toEqual(held);
      expect(claims).toMatchObject(
        role.startsWith('PARTNER')
          ? { sub: person.id, principal: 'partner', partner_id: shop }
          : { sub: person.id, principal: 'admin' },
      );
      expect(claims).not.toHaveProperty(role.startsWith('PARTNER') ? 'sandbox' : 'partner_id');
      expect(claims).not.toHaveProperty('stepped_up_at');
    },
  );

  it('cuts the scopes to those that were asked for', async () => {
    const { answer } = await signIn(
      await givenStaff('FINANCE'),
      'openid audit:read program:manage settlement:read',
    );

    expect(answer.body.scope).toBe('audit:read');
  });

  it('takes a code of the app once, and none that is older', async () => {
    const { email, app } = await givenStaff('SUPPORT');
    const person = browser();
    const application_ = application();
    const asked = await proveAddress(person, application_.start('openid members:support'), email);
    const older = app(new Date(clock.at.getTime() - 30_000));
    const code = app(clock.at);

    const back = await person.send(asked, '/factor', { code });
    const second = browser();
    const again = await proveAddress(second, application_.start('openid members:support'), email);

    expect(back.url.searchParams.has('code')).toBe(true);
    expect((await second.send(again, '/factor', { code })).html).toContain('was used');
    expect((await second.send(again, '/factor', { code: older })).html).toContain('was used');
  });

  it('takes one of two that come at once with the same code', async () => {
    const { email, app } = await givenStaff('SUPPORT');
    const person = browser();
    const asked = await proveAddress(person, application().start('openid members:support'), email);
    const code = app(clock.at);

    const both = await Promise.all([
      person.send(asked, '/factor', { code }),
      person.send(asked, '/factor', { code }),
    ]);

    expect(both.filter(({ html }) => html.includes('was used'))).toHaveLength(1);
  });

  it('locks the second factor after five wrong codes, for 15 minutes', async () => {
    const { email, app } = await givenStaff('SUPPORT');
    const person = browser();
    const url = application().start('openid members:support');
    let asked = await proveAddress(person, url, email);
    const code = wrongFor(app);
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => person.send(asked, '/factor', { code })),
    );
    expect(tries.filter(({ html }) => html.includes('is wrong'))).toHaveLength(5);

    const locked = await person.send(asked, '/factor', { code: app(clock.at) });
    pass(15 * 60_000);
    asked = await proveAddress(person, url, email);
    const open = await person.send(asked, '/factor', { code: app(clock.at) });

    expect(locked.html).toContain('Too many codes');
    expect(open.url.searchParams.has('code')).toBe(true);
  });

  it('takes a recovery code in place of the app’s, once', async () => {
    const { email, recoveryCodes } = await givenStaff('SUPPORT');
    const person = browser();
    const code = recoveryCodes[3]!.toLowerCase().replaceAll('-', ' ');
    const asked = await proveAddress(person, application().start('openid members:support'), email);

    const back = await person.send(asked, '/factor', { code });
    const second = browser();
    const again = await proveAddress(second, application().start('openid members:support'), email);

    expect(back.url.searchParams.has('code')).toBe(true);
    expect((await second.send(again, '/factor', { code })).status).toBe(400);
    expect(
      (await second.send(again, '/factor', { code: recoveryCodes[4]! })).url.searchParams.has(
        'code',
      ),
    ).toBe(true);
  });

  it('keeps no secret and no recovery code that its tables’ reader could use', async () => {
    const { link } = await givenInvitedPerson(test, { email: newAddress(), role: 'SUPPORT' });
    const person = browser();
    const setUp = await person.send(await person.open(link), '/invitation');
    const secret = /secret <code>([A-Z2-7]+)</.exec(setUp.html)![1]!;

    const kept = JSON.stringify([
      await rows(test.owner(), 'SELECT sealed_secret FROM identity.second_factor'),
      await rows(test.owner(), `SELECT encode(invitation_hash, 'escape') FROM members.staff`),
    ]);

    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(new URL(link).searchParams.get('token'));
  });

  it('lets nobody in by an address that no staff has, after its owner has proved it', async () => {
    const person = browser();

    const shown = await proveAddress(
      person,
      application().start('openid audit:read'),
      newAddress(),
    );

    expect(shown.status).toBe(403);
    expect(shown.html).toContain('Nobody of the staff');
  });

  it('asks in which organisation a person signs in who works for several', async () => {
    const email = newAddress();
    const office = await givenStaff('AUDITOR', email);
    const owner = await givenStaff('PARTNER_OWNER', email);
    const person = browser();
    const application_ = application();
    const asked = await proveAddress(person, application_.start(everything.join(' ')), email);
    expect(asked.html).toContain('<select');

    const wrongApp = await person.send(asked, '/factor', {
      staff: office.id,
      code: owner.app(clock.at),
    });
    const back = await person.send(asked, '/factor', {
      staff: owner.id,
      code: owner.app(clock.at),
    });

    const { body } = await application_.redeem(reached, back);
    expect(wrongApp.status).toBe(400);
    expect(decodeJwt(body.access_token!)).toMatchObject({ sub: owner.id, partner_id: shop });
  });

  it('takes nobody’s id but one’s own', async () => {
    const { email, app } = await givenStaff('SUPPORT');
    const other = await givenStaff('ADMINISTRATOR');
    const person = browser();
    const asked = await proveAddress(person, application().start('openid audit:read'), email);

    const refused = await person.send(asked, '/factor', { staff: other.id, code: app(clock.at) });

    expect(refused.status).toBe(400);
  });

  it.each(['SUSPENDED', 'REMOVED'])('gives who was %s no token any more', async (status) => {
    const someone = await givenStaff('SUPPORT');
    const { person, application: application_, answer } = await signIn(someone);
    await setStatus(someone.id, status);

    const refreshed = await application_.refresh(reached, answer.body.refresh_token!);
    const asked = await person.open(application_.start('openid members:support'));

    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(asked.html).toContain('Your e-mail address');
    const shown = await proveAddress(browser(), application_.start('openid'), someone.email);
    expect(shown.status).toBe(403);
  });

  it('gives the people of a suspended brand no token any more', async () => {
    const someone = await givenStaff('PARTNER_FINANCE');
    const { application: application_, answer } = await signIn(someone);
    await givenStatus(test, shop, 'SUSPENDED');
    try {
      const refreshed = await application_.refresh(reached, answer.body.refresh_token!);
      expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    } finally {
      await givenStatus(test, shop, 'LIVE');
    }
  });

  it('asks who has a new role to sign in, and gives its scopes', async () => {
    const someone = await givenStaff('SUPPORT');
    const { application: application_, answer } = await signIn(someone);
    await changeStaffRole(
      test.db('members'),
      { id: someone.id, role: 'AUDITOR', reason: 'moved' },
      { viewer: administrator(), clock },
    );

    const refreshed = await application_.refresh(reached, answer.body.refresh_token!);
    const { answer: again } = await signIn(someone);

    expect(answer.body.scope).toBe('members:support');
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(again.body.scope).toBe('audit:read');
  });

  it.each(['was suspended, and is back', 'was invited anew, and is back'])(
    'ends for good what a person had who %s',
    async (how) => {
      const someone = await givenStaff('SUPPORT');
      const { person, application: application_, answer } = await signIn(someone);
      const change = { viewer: administrator(), clock };
      if (how.startsWith('was suspended')) {
        for (const status of ['SUSPENDED', 'ACTIVE'] as const) {
          const asked = { id: someone.id, status, reason: 'a look' };
          await setStaffStatus(test.db('members'), asked, change);
        }
      } else {
        const mail = keptMail();
        const config = { issuer, embeddedIssuer: true };
        await reinviteStaff(test.db('members'), { id: someone.id }, { ...change, mail, config });
        const anew = browser();
        const setUp = await anew.send(await anew.open(linkIn(mail.sent[0]!.text)), '/invitation');
        someone.app = openApp(setUp);
        await anew.send(setUp, '/confirm', { code: someone.app(clock.at) });
        nextStep();
      }

      const refreshed = await application_.refresh(reached, answer.body.refresh_token!);
      const asked = await person.open(application_.start('openid members:support'));
      const { answer: again } = await signIn(someone);

      expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect(asked.html).toContain('Your e-mail address');
      expect(decodeJwt(again.body.access_token!)).toMatchObject({ sub: someone.id });
    },
  );

  it('tells when a person showed their second factor again, where that was asked for', async () => {
    const someone = await givenStaff('FINANCE');
    const { person, application: application_ } = await signIn(someone);
    const url = application_.start('openid ledger:adjust', { acr_values: 'urn:coalition:step-up' });

    const asked = await proveAddress(person, url, someone.email);
    const back = await person.send(asked, '/factor', { code: someone.app(clock.at) });

    const { body } = await application_.redeem(reached, back);
    expect(decodeJwt(body.access_token!)).toMatchObject({
      scope: 'ledger:adjust',
      stepped_up_at: expect.any(Number) as number,
    });
  });

  it('is over after twelve hours, however often it was refreshed', async () => {
    const someone = await givenStaff('SUPPORT');
    const { application: application_, answer } = await signIn(someone);
    const age = (seconds: number) =>
      rows(
        test.owner(),
        `UPDATE identity.oidc_record
         SET payload = payload || jsonb_build_object('authTime', (payload->>'authTime')::integer - $1::integer)
         WHERE model = 'RefreshToken'`,
        [seconds],
      );
    await age(11 * 60 * 60);
    const before = await application_.refresh(reached, answer.body.refresh_token!);
    await age(60 * 60);

    const after = await application_.refresh(reached, before.body.refresh_token!);

    expect(before.status).toBe(200);
    expect(after).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});
