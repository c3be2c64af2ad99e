import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { exportNext } from '../../worker/exports.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenMemberAt } from '../support/given-members.ts';
import { openApp, openApplication, openBrowser } from '../support/people.ts';
import { isNightly } from '../support/nightly.ts';
import { type RunningSystem, startAsProcesses, startInOneProcess } from '../support/system.ts';

// That the parts find one another as processes is the purchase's story; here, each night.
const ways = {
  'in one process': startInOneProcess,
  ...(isNightly && { 'a process each': startAsProcesses }),
};

describe.each(Object.entries(ways))('people at the system, %s', (_, startSystem) => {
  const test = useTestDatabase();
  let system: RunningSystem;
  let issuer: string;
  let seen = 0;

  beforeAll(async () => {
    system = await startSystem(test);
    issuer = `http://localhost:${new URL(system.url).port}/identity`;
  });
  afterAll(() => system.stop());

  /** The text of the next mail that goes out. */
  async function nextMail(): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const files = (await readdir(system.mailFolder).catch(() => [] as string[])).sort();
      const file = files[seen];
      const eml = file ? await readFile(join(system.mailFolder, file), 'utf8') : '';
      // A file that is there may not be whole yet: each mail ends so.
      if (eml.includes('ignore this mail')) {
        seen++;
        return eml.replaceAll('=\r\n', '').replaceAll('=3D', '=');
      }
      await setTimeout(20);
    }
    throw new Error('No mail went out.');
  }
  const codeIn = (text: string) => /\b(\d{8}) is your code/.exec(text)![1]!;

  it('joins with an address, and reads what is its own', async () => {
    const person = openBrowser(issuer);
    const app = openApplication('member-web', issuer, `${new URL(issuer).origin}/`);
    const start = await person.open(app.start('openid profile balance'));
    const mailed = await person.send(start, '/email', { email: 'grace@example.com' });
    const proved = await person.send(mailed, '/code', { code: codeIn(await nextMail()) });
    const back = await person.send(proved, '/join');
    const { body } = await app.redeem(issuer, back);

    const answer = await system.ask(
      body.access_token!,
      '{ viewer { audience scopes } me { profile { email emailVerified } balance { available } } }',
    );

    expect(answer).toEqual({
      data: {
        viewer: { audience: 'MEMBER', scopes: ['PROFILE', 'BALANCE'] },
        me: {
          profile: { email: 'grace@example.com', emailVerified: true },
          balance: { available: 0 },
        },
      },
    });
  });

  it('asks for what is held on them, and downloads it, and nobody else does', async () => {
    await givenMemberAt(test, 'alan@example.com');
    const [own, other, admin] = [
      await system.token('member', 'grace@example.com'),
      await system.token('member', 'alan@example.com'),
      await system.token('admin'),
    ];
    const asked = await system.ask(own, 'mutation { exportMyData { export { id } } }');
    const { id } = (asked.data as unknown as Exporting).exportMyData.export;
    await exportNext(test.db('worker'), { partMs: 10_000, recordsMax: 50, pieceBytes: 500 });
    const shown = await system.ask(own, `{ dataExport(id: "${id}") { status downloadUrl bytes } }`);
    const { downloadUrl, bytes } = (shown.data as unknown as Shown).dataExport;
    const get = (token: string | null, url = downloadUrl) =>
      fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {});

    const answer = await get(own);

    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes),
      'content-disposition': expect.stringMatching(
        /^attachment; filename="my-data-\d{4}-\d\d-\d\d\.json"$/,
      ) as unknown,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ratelimit: expect.stringMatching(/^"member"/) as unknown,
    });
    const document = (await answer.json()) as { members: { memberships: object[] } };
    expect(document.members.memberships).toMatchObject([{ email: 'grace@example.com' }]);
    for (const token of [other, admin]) expect((await get(token)).status).toBe(404);
    expect((await get(own, downloadUrl.replace(id, randomUUID()))).status).toBe(404);
    const nobody = await get(null);
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await get('no token')).status).toBe(401);
    // What only the parts ask of one another.
    const piece = await system.ask(own, `{ dataExport(id: "${id}") { piece(place: 0) } }`);
    expect(piece.errors![0]!.extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('invites a person, who sets up an app, signs in, and may what the role gives', async () => {
    const admin = await system.token('admin');
    const invite = `mutation { inviteStaff(input: {
      email: "sam@example.com", name: "Sam Sample", role: SUPPORT }) { userErrors { message } } }`;
    expect(await system.ask(admin, invite)).toEqual({ data: { inviteStaff: { userErrors: [] } } });
    const person = openBrowser(issuer);
    const welcome = await person.open(/http\S+invitation\S+/.exec(await nextMail())![0]);
    const setUp = await person.send(welcome, '/invitation');
    const code = openApp(setUp);
    const done = await person.send(setUp, '/confirm', { code: code(new Date()) });
    const recoveryCode = /<code>([A-Z2-9-]{14})</.exec(done.html)![1]!;

    const app = openApplication('staff-web', issuer, `${new URL(issuer).origin}/`);
    const start = await person.open(app.start('openid members:support program:manage'));
    const mailed = await person.send(start, '/email', { email: 'sam@example.com' });
    const proved = await person.send(mailed, '/code', { code: codeIn(await nextMail()) });
    const back = await person.send(proved, '/factor', { code: recoveryCode });
    const { body } = await app.redeem(issuer, back);
    const answer = await system.ask(
      body.access_token!,
      '{ viewer { audience scopes name } member(by: { email: "grace@example.com" }) { status } }',
    );
    const refused = await system.ask(body.access_token!, '{ staff { nodes { id } } }');

    expect(answer).toEqual({
      data: {
        viewer: { audience: 'ADMIN', scopes: ['MEMBERS_SUPPORT'], name: 'Sam Sample' },
        member: { status: 'ACTIVE' },
      },
    });
    expect(refused.errors![0]!.extensions!.code).toBe('FORBIDDEN');
  });
});

interface Exporting {
  exportMyData: { export: { id: string } };
}

interface Shown {
  dataExport: { downloadUrl: string; bytes: number };
}
