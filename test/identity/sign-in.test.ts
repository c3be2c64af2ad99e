import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { type Identity, start } from '../../identity/server.ts';
import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { codeIn, givenMemberAt } from '../support/given-members.ts';
import {
  type PersonsBrowser,
  type Shown,
  linkIn,
  openApplication,
  openBrowser,
} from '../support/people.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';
import { untilOneWaits } from '../support/until.ts';

const issuer = 'http://localhost:4000/identity';
const home = 'https://app.example/signed-in';
const later = (clock: SetClock, ms: number) => void (clock.at = new Date(clock.at.getTime() + ms));

describe('members signing in', () => {
  const test = useTestDatabase();
  const clock = new SetClock(new Date());
  const platform = testPlatform(clock);
  let identity: Identity;
  let front: Server;
  let reached: string;
  let count = 0;
  const newAddress = () => `person${++count}@example.com`;

  beforeAll(async () => {
    identity = await start(configOn(test, { MEMBER_REDIRECT_URIS: home }), platform);
    front = createServer((request, response) => {
      request.url = request.url!.replace(/^\/identity/, '');
      identity.callback(request, response);
    });
    await new Promise<void>((resolve) => void front.listen(0, '127.0.0.1', resolve));
    reached = `http://127.0.0.1:${(front.address() as AddressInfo).port}/identity`;
  });
  afterAll(async () => {
    await new Promise((resolve) => front.close(resolve));
    await identity.drain();
  });

  const browser = () => openBrowser(issuer, reached);
  const application = () => openApplication('member-web', issuer, home);
  const lastMail = () => platform.sent.at(-1)!;
  /** A wrong code for the last mail. */
  const wrong = () => (codeIn(lastMail()) === '12345678' ? '87654321' : '12345678');

  async function askCode(person: PersonsBrowser, url: string, email: string): Promise<Shown> {
    return person.send(await person.open(url), '/email', { email });
  }

  /** All the way, with the code. */
  async function signIn(email: string, scope = 'openid profile balance', more = {}) {
    const person = browser();
    const app = application();
    const asked = await askCode(person, app.start(scope, more), email);
    let back = await person.send(asked, '/code', { code: codeIn(lastMail()) });
    if (back.status === 200) back = await person.send(back, '/join');
    const answer = await app.redeem(reached, back);
    return { person, app, back, answer };
  }

  async function setStatus(memberId: string, status: string): Promise<void> {
    await rows(test.owner(), 'UPDATE members.member SET status = $2 WHERE id = $1', [
      memberId,
      status,
    ]);
  }

  const membersAt = (email: string) =>
    rows<{ id: string; verified: boolean }>(
      test.owner(),
      'SELECT id, email_verified_at IS NOT NULL AS verified FROM members.member WHERE email_key = $1',
      [email.toLowerCase()],
    );

  it('gives a member who types the code from the mail a token of theirs', async () => {
    const memberId = await givenMemberAt(test, newAddress());

    const { back, answer } = await signIn(`person${count}@example.com`);

    expect(back.url.searchParams.get('state')).toBe('a state');
    expect(answer).toMatchObject({
      status: 200,
      body: { scope: 'profile balance', expires_in: 600, token_type: 'Bearer' },
    });
    expect(decodeJwt(answer.body.access_token!)).toMatchObject({
      iss: issuer,
      aud: 'https://coalition.example/graphql',
      sub: memberId,
      client_id: 'member-web',
      principal: 'member',
      member_id: memberId,
      scope: 'profile balance',
    });
    expect(decodeJwt(answer.body.access_token!)).not.toHaveProperty('stepped_up_at');
    expect(decodeJwt(answer.body.id_token!)).toMatchObject({ sub: memberId });
  });

  it('makes a member of who is none, from the address alone, and once', async () => {
    const address = newAddress();

    const { answer } = await signIn(address.toUpperCase());
    const again = await signIn(address);

    const members = await membersAt(address);
    expect(members).toEqual([{ id: expect.any(String) as string, verified: true }]);
    for (const { body } of [answer, again.answer]) {
      expect(decodeJwt(body.access_token!)['member_id']).toBe(members[0]!.id);
    }
    const told = await rows(
      test.owner(),
      `SELECT FROM platform.outbox WHERE type = 'member.enrolled' AND member_id = $1`,
      [members[0]!.id],
    );
    expect(told).toHaveLength(1);
  });

  it('makes no member of who does not press the button', async () => {
    const person = browser();
    const asked = await askCode(person, application().start('openid'), newAddress());

    const shown = await person.send(asked, '/code', { code: codeIn(lastMail()) });

    expect(shown.html).toContain('There is no membership');
    expect(await membersAt(`person${count}@example.com`)).toEqual([]);
  });

  it('answers for a known address and an unknown one in the same words, and mails the same', async () => {
    await givenMemberAt(test, newAddress());
    const shown: string[] = [];
    const mailed: string[] = [];
    for (const address of [`person${count}@example.com`, newAddress()]) {
      const { html, url } = await askCode(browser(), application().start('openid'), address);
      const uid = url.pathname.split('/')[3]!;
      shown.push(html.replaceAll(uid, ''));
      mailed.push(
        lastMail()
          .text.replace(/\d{8}/, '')
          .replace(/http\S+/, ''),
      );
    }

    expect(shown[0]).toBe(shown[1]);
    expect(mailed[0]).toBe(mailed[1]);
  });

  it.each(['no address', 'a@b', ''])(
    'refuses "%s" for an address, and mails nothing',
    async (email) => {
      const before = platform.sent.length;

      const shown = await askCode(browser(), application().start('openid'), email);

      expect(shown.status).toBe(400);
      expect(shown.html).toContain('role="alert"');
      expect(platform.sent).toHaveLength(before);
    },
  );

  it('escapes what a person writes', async () => {
    const { html } = await askCode(
      browser(),
      application().start('openid'),
      '"><script>x</script>',
    );

    expect(html).not.toContain('<script');
    expect(html).toContain('&#34;&#62;&#60;script');
  });

  it('shows pages in which nothing runs, and that nothing frames', async () => {
    const { headers, html } = await browser().open(application().start('openid'));

    const policy = headers.get('content-security-policy')!;
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(html)!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(policy).toContain(`default-src 'none'; style-src 'sha256-${hash}';`);
    expect(policy).toContain("form-action 'self' https://app.example;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(html).not.toContain('<script');
  });

  it('lets no answer be framed, sniffed or told of to others, and runs its own scripts alone', async () => {
    const { person, app } = await signIn(newAddress());
    const other = newAddress();
    const end = `${issuer}/session/end?client_id=member-web&post_logout_redirect_uri=${encodeURIComponent(home)}`;
    const login = await person.open(app.start('openid', { prompt: 'login' }));
    const mailed = await person.send(login, '/email', { email: other });
    const joining = await person.send(mailed, '/code', { code: codeIn(lastMail()) });
    const changing = await person.send(joining, '/join');
    const answers: Record<string, Shown> = {
      'sign out': await person.open(end),
      'out already': await browser().open(end),
      'another person': changing,
      refused: await person.open(app.start('openid', { redirect_uri: 'https://evil.example/' })),
      'by a form': await person.open(app.start('openid', { response_mode: 'form_post' })),
      nothing: await person.open(`${issuer}/nothing`),
      discovery: await person.open(`${issuer}/.well-known/openid-configuration`),
      invitation: await person.open(`${issuer}/invitation`),
      'not this browser': await browser().open(login.url.href),
    };

    for (const { headers } of Object.values(answers)) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none';.*frame-ancestors 'none'/,
        ) as string,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
    const kept = Object.entries(answers)
      .filter(([, { headers }]) => headers.get('cache-control') !== 'no-store')
      .map(([name]) => name);
    expect(kept).toEqual(['nothing', 'discovery']);
    // Browsers hold where a form's answer leads to against `form-action` too.
    expect(answers['sign out']!.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://app.example;",
    );
    for (const name of ['out already', 'another person', 'by a form']) {
      const { headers, html } = answers[name]!;
      const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html)!;
      const hash = createHash('sha256').update(script!).digest('base64');
      expect(headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`);
      expect(headers.get('content-security-policy')).not.toContain('form-action');
    }
  });

  it('gives the session to no script and to no page of another site', async () => {
    const { person } = await signIn(newAddress());

    const kept = [...person.cookies.values()].filter(({ name }) => name.startsWith('_session'));
    expect(kept.map(({ name }) => name)).toEqual(['_session', '_session.sig']);
    for (const { line } of kept) {
      expect(line).toMatch(/httponly/i);
      expect(line).toMatch(/samesite=lax/i);
    }
  });

  it('keeps of who did not sign in what a visit needs, for an hour', async () => {
    await browser().open(`${issuer}/session/end`);
    await browser().open(application().start('openid'));

    const [longest] = await rows<{ minutes: number }>(
      test.owner(),
      `SELECT max(extract(epoch FROM expires_at - now()))::integer / 60 AS minutes
       FROM identity.oidc_record WHERE account_id IS NULL`,
    );
    expect([59, 60]).toContain(longest!.minutes);
  });

  it.each([
    ['a zero character in the state', () => application().start('openid', { state: 'a\0b' })],
    ['one in a hint', () => application().start('openid', { login_hint: '\0' })],
    ['one in a sign-out', () => `${issuer}/session/end?client_id=member-web&state=%00`],
    ['too long a hint', () => application().start('openid', { login_hint: 'x'.repeat(12_000) })],
  ])('refuses %s as the caller’s fault', async (_, url) => {
    const { status, url: back } = await browser().open(url());

    expect(status === 400 || back.searchParams.get('error') === 'invalid_request').toBe(true);
  });

  it('refuses wrong codes, and the right one after five', async () => {
    const address = newAddress();
    const person = browser();
    let shown = await askCode(person, application().start('openid'), address);
    const right = codeIn(lastMail());
    for (let tries = 1; tries <= 5; tries++) {
      shown = await person.send(shown, '/code', { code: wrong() });
      expect(shown.html).toContain('not the code');
    }

    const sixth = await person.send(shown, '/code', { code: right });

    expect(sixth.status).toBe(400);
    expect(sixth.html).toContain('Too many codes');
    expect(await membersAt(address)).toEqual([]);
  });

  it('counts tries that come at once: five are judged of eight', async () => {
    const person = browser();
    const shown = await askCode(person, application().start('openid'), newAddress());
    const code = wrong();

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => person.send(shown, '/code', { code })),
    );

    const judged = answers.filter(({ html }) => html.includes('not the code'));
    expect(judged).toHaveLength(5);
  });

  it('takes the fifth try, where it is right', async () => {
    const person = browser();
    const app = application();
    let shown = await askCode(person, app.start('openid balance'), newAddress());
    const right = codeIn(lastMail());
    for (let tries = 1; tries <= 4; tries++) {
      shown = await person.send(shown, '/code', { code: wrong() });
    }

    const joined = await person.send(shown, '/code', { code: right });

    expect(joined.html).toContain('There is no membership');
  });

  it('refuses a code after ten minutes, and takes it a second before', async () => {
    await givenMemberAt(test, newAddress());
    for (const [ms, status] of [
      [10 * 60_000 - 1_000, 0],
      [10 * 60_000, 400],
    ] as const) {
      const person = browser();
      const asked = await askCode(
        person,
        application().start('openid balance'),
        `person${count}@example.com`,
      );
      later(clock, ms);

      const shown = await person.send(asked, '/code', { code: codeIn(lastMail()) });

      expect(shown.status).toBe(status);
    }
  });

  it('takes a code once, and of two that come at once one', async () => {
    await givenMemberAt(test, newAddress());
    const person = browser();
    const shown = await askCode(
      person,
      application().start('openid balance'),
      `person${count}@example.com`,
    );
    const code = codeIn(lastMail());

    const both = await Promise.all([
      person.send(shown, '/code', { code }),
      person.send(shown, '/code', { code }),
    ]);
    const third = await person.send(shown, '/code', { code });

    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([0, 400]));
    expect(third.status).toBe(400);
  });

  it('takes a code in the browser alone that asked for it', async () => {
    const asking = browser();
    const other = browser();
    const app = application();
    await askCode(asking, app.start('openid'), newAddress());
    const code = codeIn(lastMail());
    const shown = await askCode(other, app.start('openid'), newAddress());

    const refused = await other.send(shown, '/code', {
      code: code === codeIn(lastMail()) ? wrong() : code,
    });

    expect(refused.html).toContain('not the code');
  });

  it('does not answer a browser without the sign-in’s cookie', async () => {
    const shown = await askCode(browser(), application().start('openid'), newAddress());

    const refused = await browser().send(shown, '/code', { code: codeIn(lastMail()) });

    expect(refused.status).toBe(400);
    expect(refused.html).toContain('began in another browser');
  });

  it('takes the link in place of the code, by a button: opening it changes nothing', async () => {
    const memberId = await givenMemberAt(test, newAddress());
    const person = browser();
    const app = application();
    await askCode(person, app.start('openid balance'), `person${count}@example.com`);
    const link = linkIn(lastMail().text);
    // What looks at mail has no cookie; what looks twice, neither.
    expect((await browser().open(link)).status).toBe(400);
    await person.open(link);

    const page = await person.open(link);
    const back = await person.send(page, '/link');
    const again = await person.send(page, '/link');

    const { body } = await app.redeem(reached, back);
    expect(decodeJwt(body.access_token!)['member_id']).toBe(memberId);
    expect(again.status).toBe(400);
  });

  it('refuses a link that was changed, or is of another sign-in', async () => {
    const app = application();
    const person = browser();
    const other = browser();
    await askCode(other, app.start('openid'), newAddress());
    const foreign = new URL(linkIn(lastMail().text)).searchParams.get('token')!;
    await askCode(person, app.start('openid'), newAddress());
    const page = await person.open(linkIn(lastMail().text));

    for (const token of [foreign, '', 'x.y', `${foreign}z`]) {
      expect((await person.send(page, '/link', { token })).status).toBe(400);
    }
  });

  it('mails five codes an hour to an address, and leaves the last one good', async () => {
    const memberId = await givenMemberAt(test, newAddress());
    const address = `person${count}@example.com`;
    const mailsTo = () => platform.sent.filter(({ to }) => to === address).length;
    const before = mailsTo();
    const person = browser();
    const app = application();
    let shown: Shown;
    for (let mails = 1; mails <= 7; mails++) {
      shown = await askCode(person, app.start('openid balance'), address);
    }
    expect(mailsTo()).toBe(before + 5);
    later(clock, 60 * 60_000);

    shown = await askCode(person, app.start('openid balance'), address);
    const back = await person.send(shown, '/code', { code: codeIn(lastMail()) });

    expect(mailsTo()).toBe(before + 6);
    const { body } = await app.redeem(reached, back);
    expect(decodeJwt(body.access_token!)['member_id']).toBe(memberId);
  });

  describe('when others ask for an address’s codes', () => {
    const from = (network: number) =>
      openBrowser(issuer, reached, { 'x-forwarded-for': `192.0.2.${network}` });
    const mailsTo = (address: string) => platform.sent.filter(({ to }) => to === address).length;
    /** @returns the last page, without what is its own */
    async function ask(person: PersonsBrowser, address: string, times = 1): Promise<Shown> {
      let shown: Shown;
      for (let asked = 0; asked < times; asked++) {
        shown = await askCode(person, application().start('openid balance'), address);
      }
      return shown!;
    }

    it('keeps mails for the browser that signed in before, and says nothing of it', async () => {
      const memberId = await givenMemberAt(test, newAddress());
      const address = `person${count}@example.com`;
      const { person, app } = await signIn(address);
      await Promise.all([1, 2, 3].map((network) => ask(from(network), address, 5)));
      expect(mailsTo(address)).toBe(10);
      const refused = await ask(from(4), address);
      expect(mailsTo(address)).toBe(10);

      const login = app.start('openid balance', { prompt: 'login' });
      const shown = await askCode(person, login, address);
      expect(mailsTo(address)).toBe(11);
      const back = await person.send(shown, '/code', { code: codeIn(lastMail()) });

      const pageOf = ({ html, url }: Shown) => html.replaceAll(url.pathname.split('/')[3]!, '');
      expect(pageOf(shown)).toBe(pageOf(refused));
      const { body } = await app.redeem(reached, back);
      expect(decodeJwt(body.access_token!)['member_id']).toBe(memberId);
    });

    it('leaves mails to a new browser elsewhere, while one network asks', async () => {
      const address = newAddress();
      await ask(from(1), address, 8);
      expect(mailsTo(address)).toBe(5);

      const person = from(2);
      const shown = await ask(person, address);
      const joined = await person.send(shown, '/code', { code: codeIn(lastMail()) });

      expect(mailsTo(address)).toBe(6);
      expect(joined.html).toContain('There is no membership');
    });

    it('counts an asker by the nearest proxy’s word, not by the asker’s own', async () => {
      const address = newAddress();
      for (let n = 1; n <= 8; n++) {
        const said = { 'x-forwarded-for': `203.0.113.${n}, 192.0.2.1` };
        await ask(openBrowser(issuer, reached, said), address);
      }

      expect(mailsTo(address)).toBe(5);
    });

    it('mails ten to strangers where many ask at once, and five to a browser that is known', async () => {
      const address = newAddress();
      const { person } = await signIn(address);
      later(clock, 60 * 60_000);
      const before = mailsTo(address);

      await Promise.all([1, 2, 3].map((network) => ask(from(network), address, 4)));
      expect(mailsTo(address)).toBe(before + 10);
      for (let signs = 0; signs < 6; signs++) {
        const login = application().start('openid', { prompt: 'login' });
        const shown = await askCode(person, login, address);
        // One that signs in again and again has no more of them.
        if (signs < 5) await person.send(shown, '/code', { code: codeIn(lastMail()) });
      }

      expect(mailsTo(address)).toBe(before + 15);
    });

    it('knows a browser by what it was given alone: for its address, unchanged, and in time', async () => {
      const address = newAddress();
      const { person } = await signIn(address);
      const knownIn = ({ cookies }: PersonsBrowser) =>
        [...cookies].find(([key]) => key.startsWith('known_'))!;
      const [key, known] = knownIn(person);
      const [, others] = knownIn((await signIn(newAddress())).person);
      const [name, ends, mark] = known.value.split('.') as [string, string, string];
      await rows(
        test.owner(),
        `INSERT INTO identity.sign_in_code (id, interaction, email, email_key, asker, known,
           code_hash, link_hash, created_at, expires_at)
         SELECT gen_random_uuid(), 'theirs', $1, $1, '', false, '', '', $2, $2
         FROM generate_series(1, 10)`,
        [address, clock.at],
      );
      const before = mailsTo(address);

      for (const value of [
        others.value,
        [name, String(Number(ends) + 1), mark].join('.'),
        [`${name}x`, ends, mark].join('.'),
        name,
        '..',
      ]) {
        const thief = from(9);
        thief.cookies.set(key, { ...known, value });
        await ask(thief, address);
      }

      expect(mailsTo(address)).toBe(before);
      const whole = from(9);
      whole.cookies.set(key, known);
      await ask(whole, address);
      expect(mailsTo(address)).toBe(before + 1);
      expect(known.line).toMatch(/httponly/i);
      expect(known.line).toMatch(/samesite=strict/i);
      expect(known.line).toMatch(/path=\/identity\/interaction;/i);
      expect(known.line).not.toContain(address.split('@')[0]);
    });
  });

  it('keeps no mailed code and no link that its table’s reader could use', async () => {
    await askCode(browser(), application().start('openid'), newAddress());
    const { text } = lastMail();

    const kept = JSON.stringify(
      await rows(
        test.owner(),
        `SELECT encode(code_hash, 'hex') AS code, encode(link_hash, 'hex') AS link
                                FROM identity.sign_in_code`,
      ),
    );

    expect(kept).not.toContain(codeIn(lastMail()));
    expect(kept).not.toContain(new URL(linkIn(text)).searchParams.get('token')!.split('.')[1]);
  });

  it.each(['SUSPENDED', 'CLOSED'])('lets no %s member in, or go on', async (status) => {
    const memberId = await givenMemberAt(test, newAddress());
    const { person, app, answer } = await signIn(`person${count}@example.com`);
    await setStatus(memberId, status);

    const refreshed = await app.refresh(reached, answer.body.refresh_token!);
    const asked = await person.open(app.start('openid balance'));
    const shown = await person.send(
      await person.send(asked, '/email', { email: `person${count}@example.com` }),
      '/code',
      { code: codeIn(lastMail()) },
    );

    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(shown.status).toBe(403);
    expect(shown.html).toContain('not active');
  });

  it('redeems no code of a member who was suspended in between', async () => {
    const memberId = await givenMemberAt(test, newAddress());
    const person = browser();
    const app = application();
    const asked = await askCode(person, app.start('openid balance'), `person${count}@example.com`);
    const back = await person.send(asked, '/code', { code: codeIn(lastMail()) });
    await setStatus(memberId, 'SUSPENDED');

    expect(await app.redeem(reached, back)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it.each([
    ['was suspended, and is back', `SET status = 'SUSPENDED'`, `SET status = 'ACTIVE'`],
    [
      'was closed, by whatever way they came back',
      `SET status = 'CLOSED'`,
      `SET status = 'ACTIVE'`,
    ],
    ['moved to another address', `SET email = 'new' || email, email_key = 'new' || email_key`, ''],
  ])('ends for good what a member had who %s', async (_, change, back) => {
    const memberId = await givenMemberAt(test, newAddress());
    const { person, app, answer } = await signIn(`person${count}@example.com`);
    const code = await person.open(app.start('openid balance'));
    const update = `UPDATE members.member ${change} WHERE id = $1`;
    await rows(test.owner(), update, [memberId]);
    if (back) await rows(test.owner(), `UPDATE members.member ${back} WHERE id = $1`, [memberId]);

    const refreshed = await app.refresh(reached, answer.body.refresh_token!);
    const redeemed = await app.redeem(reached, code);
    const asked = await person.open(app.start('openid balance'));

    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(redeemed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(asked.html).toContain('Your e-mail address');
    const email = `${back ? '' : 'new'}person${count}@example.com`;
    const shown = await person.send(asked, '/email', { email });
    const again = await app.redeem(
      reached,
      await person.send(shown, '/code', { code: codeIn(lastMail()) }),
    );
    expect(decodeJwt(again.body.access_token!)['member_id']).toBe(memberId);
    expect(await app.refresh(reached, again.body.refresh_token!)).toMatchObject({ status: 200 });
  });

  it('leaves no token to who refreshes one while they are suspended', async () => {
    for (let round = 0; round < 2; round++) {
      const memberId = await givenMemberAt(test, newAddress());
      const { app, answer } = await signIn(`person${count}@example.com`);
      const first = answer.body.refresh_token!;

      const [raced] = await Promise.all([
        app.refresh(reached, first),
        setStatus(memberId, 'SUSPENDED'),
      ]);
      await setStatus(memberId, 'ACTIVE');

      for (const token of [first, raced.body.refresh_token ?? first]) {
        expect(await app.refresh(reached, token)).toMatchObject({ status: 400 });
      }
    }
  });

  it('lets nobody in who signs in while they are being suspended', async () => {
    const memberId = await givenMemberAt(test, newAddress());
    const person = browser();
    const asked = await askCode(
      person,
      application().start('openid'),
      `person${count}@example.com`,
    );

    const answer = await test.owner().transaction(async (tx) => {
      await rows(tx, `UPDATE members.member SET status = 'SUSPENDED' WHERE id = $1`, [memberId]);
      const sent = person.send(asked, '/code', { code: codeIn(lastMail()) });
      await untilOneWaits(test);
      return { sent };
    });

    expect((await answer.sent).status).toBe(403);
  });

  it('signs in without a page while the session lasts, and asks again when told to', async () => {
    const { person, app } = await signIn(newAddress());

    const silent = await person.open(app.start('openid balance'));
    const asked = await person.open(app.start('openid balance', { prompt: 'login' }));

    expect(silent.url.searchParams.has('code')).toBe(true);
    expect(asked.html).toContain('Your e-mail address');
  });

  it('rotates refresh tokens, and ends the sign-in when an old one comes again', async () => {
    const { app, answer } = await signIn(newAddress());
    const first = answer.body.refresh_token!;

    const second = await app.refresh(reached, first);
    const reused = await app.refresh(reached, first);
    const third = await app.refresh(reached, second.body.refresh_token!);

    expect(second).toMatchObject({ status: 200, body: { scope: 'profile balance' } });
    expect(second.body.refresh_token).not.toBe(first);
    expect(reused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(third).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('takes one of two that come at once with the same code, or refresh token', async () => {
    await givenMemberAt(test, newAddress());
    const person = browser();
    const app = application();
    const asked = await askCode(person, app.start('openid balance'), `person${count}@example.com`);
    const back = await person.send(asked, '/code', { code: codeIn(lastMail()) });

    const redeemed = await Promise.all([app.redeem(reached, back), app.redeem(reached, back)]);
    const signedIn = await signIn(newAddress());
    const token = signedIn.answer.body.refresh_token!;
    const refreshed = await Promise.all([
      signedIn.app.refresh(reached, token),
      signedIn.app.refresh(reached, token),
    ]);

    expect(redeemed.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(refreshed.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('keeps no code and no refresh token that its table’s reader could use', async () => {
    const { back, answer } = await signIn(newAddress());

    const kept = JSON.stringify(await rows(test.owner(), 'SELECT * FROM identity.oidc_record'));

    expect(kept).toContain('RefreshToken');
    expect(kept).not.toContain(answer.body.refresh_token);
    expect(kept).not.toContain(back.url.searchParams.get('code'));
  });

  it('signs out: the session and its refresh tokens are gone', async () => {
    const { person, app, answer } = await signIn(newAddress());

    const asked = await person.open(
      `${issuer}/session/end?client_id=member-web&post_logout_redirect_uri=${encodeURIComponent(home)}`,
    );
    const out = await person.send(asked, '/session/end/confirm', { logout: 'yes' });

    expect(out.url.href).toBe(home);
    expect(await app.refresh(reached, answer.body.refresh_token!)).toMatchObject({ status: 400 });
    expect((await person.open(app.start('openid'))).html).toContain('Your e-mail address');
  });

  it('tells when a person proved again who they are, where that was asked for', async () => {
    const { person, app } = await signIn(newAddress());
    const started = Math.floor(Date.now() / 1_000);

    const asked = await person.open(
      app.start('openid transfer', { acr_values: 'urn:coalition:step-up' }),
    );
    const mailed = await person.send(asked, '/email', { email: `person${count}@example.com` });
    const back = await person.send(mailed, '/code', { code: codeIn(lastMail()) });
    const { body } = await app.redeem(reached, back);
    const refreshed = await app.refresh(reached, body.refresh_token!);

    const { stepped_up_at: at, scope } = decodeJwt(body.access_token!);
    expect(scope).toBe('transfer');
    expect(at).toBeGreaterThanOrEqual(started);
    expect(at).toBeLessThanOrEqual(Date.now() / 1_000);
    expect(decodeJwt(refreshed.body.access_token!)['stepped_up_at']).toBe(at);
  });

  it('takes a fresh proof of the session’s own, and no other person’s, for a step-up', async () => {
    const { person, app } = await signIn(newAddress());
    const other = await givenMemberAt(test, newAddress());

    const asked = await person.open(
      app.start('openid transfer', { acr_values: 'urn:coalition:step-up' }),
    );
    const mailed = await person.send(asked, '/email', { email: `person${count}@example.com` });
    const between = await person.send(mailed, '/code', { code: codeIn(lastMail()) });
    const back = await person.send(between, '/session/end/confirm');
    const { body } = await app.redeem(reached, back);

    expect(decodeJwt(body.access_token!)).toMatchObject({ member_id: other });
  });

  it.each([
    ['no proof key', { code_challenge: '', code_challenge_method: '' }],
    ['a plain proof key', { code_challenge_method: 'plain' }],
    ['a scope of staff', { scope: 'openid ledger:adjust' }],
    ['a scope of partners', { scope: 'openid accruals:write' }],
    ['another audience', { resource: 'https://elsewhere.example' }],
    ['tokens in the address', { response_type: 'token' }],
  ])('sends the application back with an error for %s', async (_, more) => {
    const { url } = await browser().open(application().start('openid balance', more));

    expect(url.href.startsWith(home)).toBe(true);
    expect(url.href).toContain('error=');
    expect(url.searchParams.has('code')).toBe(false);
  });

  it.each([
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }],
    ['a longer one', { redirect_uri: `${home}/more` }],
    ['an unknown application', { client_id: 'other-web' }],
  ])('sends nobody anywhere for %s', async (_, more) => {
    const { status, url, html } = await browser().open(application().start('openid', more));

    expect(status).toBe(400);
    expect(url.href.startsWith(issuer)).toBe(true);
    expect(html).toContain('This does not work');
  });

  it('redeems no code without its proof key, and none twice', async () => {
    const { app, back } = await signIn(newAddress());
    const person = browser();
    const other = application();
    const asked = await askCode(
      person,
      other.start('openid balance'),
      `person${count}@example.com`,
    );
    const fresh = await person.send(asked, '/code', { code: codeIn(lastMail()) });

    const refusals = [
      await other.redeem(reached, fresh, { code_verifier: 'x'.repeat(43) }),
      await app.redeem(reached, back),
    ];

    for (const refused of refusals) {
      expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    }
  });
});
