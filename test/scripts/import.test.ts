import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditLedger } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { socketFolder } from '../../platform/embedded-postgres.ts';
import { root } from '../../platform/root.ts';
import { importFile } from '../../scripts/import-command.ts';
import { explain } from '../../scripts/program.ts';
import { openTestDatabase, useTestDatabase } from '../support/database.ts';
import { givenConsent, givenMemberAt } from '../support/given-members.ts';
import { givenInvited, givenPartner } from '../support/given-partners.ts';
import { serverFolder } from '../support/server-folder.ts';
import { startDemo } from '../support/system.ts';

const test = useTestDatabase();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coalition-import-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

const header = 'reference,customer,occurred_at,amount,currency';

async function givenFile(text: string | Buffer, ending = 'csv'): Promise<string> {
  const path = join(folder, `${randomUUID()}.${ending}`);
  await writeFile(path, text);
  return path;
}

type Words = Record<string, string>;

const environmentOf = (more: Words) => ({
  PATH: process.env['PATH']!,
  DATA_DIR: join(folder, 'data'),
  DATABASE_URL: test.url('postgres'),
  ...more,
});

/** Starts the command, as `npm run import --` does after its build. */
function startImport(words: string[], environment: Words = {}) {
  const env = environmentOf(environment);
  const child = spawn('node', [join(root, 'dist/scripts/import.js'), ...words], { env });
  return { child, ended: ended(child) };
}

async function ended(child: ChildProcess) {
  let [output, errors] = ['', ''];
  child.stdout!.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr!.on('data', (text: Buffer) => (errors += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, errors, summary: summaryIn(output) };
}

function summaryIn(output: string): Record<string, number> {
  const figures = [...output.matchAll(/^ *([a-z/ ]+?) {2,}(\d+)/gm)];
  return Object.fromEntries(figures.map(([, name, figure]) => [name!, Number(figure)]));
}

/** Does what the command does, in this process: a process for each case would take most of the time. */
async function runWords(words: string[], environment: Words = {}) {
  let output = '';
  const write = (text: string) => (output += text);
  try {
    const code = await importFile(words, environmentOf(environment), write);
    return { code, errors: '', summary: summaryIn(output) };
  } catch (error) {
    return { code: 1, errors: `${explain(error)}\n`, summary: summaryIn(output) };
  }
}

const runImport = (code: string, path: string, ...more: string[]) =>
  runWords(['--partner', code, '--kind', 'PURCHASE', ...more, path]);

/** A LIVE partner by its code. */
async function givenShop(code = randomUUID().slice(0, 8).toUpperCase()) {
  return { code, partnerId: await givenPartner(test, { code }) };
}

/** What the database holds of a partner's activities: counted in SQL. */
async function posted(partnerId: string) {
  const [row] = await rows<Record<string, number>>(
    test.owner(),
    `SELECT count(*)::int AS activities, coalesce(sum(a.points), 0)::int AS points,
            coalesce(sum(t.points), 0)::int AS moved, count(DISTINCT a.member_id)::int AS members
     FROM partners.activity a LEFT JOIN ledger.transfer t ON t.source_id = a.id
     WHERE a.partner_id = $1`,
    [partnerId],
  );
  return row!;
}

const rejectsOf = (path: string) => path.replace('.csv', '.rejected.csv');

/** Rows of 20 customers, of 1.50 each. */
const plainRows = (count: number) =>
  Array.from({ length: count }, (_, i) => `r-${i},c-${i % 20},2021-05-01,1.50,EUR`);

describe('npm run import', () => {
  it('posts each row once or rejects it, and the same file again posts nothing', async () => {
    const { code, partnerId } = await givenShop();
    const good = Array.from(
      { length: 600 },
      (_, i) =>
        `"INV,${i}","c-${i % 37}",2021-05-0${1 + (i % 9)} 10:00:00,${i % 50}.99,EUR,"a ""b"""`,
    );
    // Line 1 is the header; the good rows are lines 2 to 601.
    const others = [
      'zero,c-1,2021-05-01T10:00:00Z,0,EUR,', // 602
      '"INV,7",c-7,2021-05-08 10:00:00,7.99,EUR,again', // 603: the same once more
      '"INV,7",c-7,2021-05-08 10:00:00,8.99,EUR,other', // 604: another under its number
      '', // 605: empty
      'minus,c-1,2021-05-01,-3.00,EUR,', // 606: before the first purchase
      'short,c-1,2021-05-01', // 607
      '"two\r\nlines",c-1,2021-05-01,2.00,EUR,', // 608 and 609
      'date,c-1,01.05.2021,1,EUR,', // 610
      'amount,c-1,2021-05-01,"1,00",EUR,', // 611
      'money,never-made,2021-05-01,1.00,USD,', // 612
      'early,c-1,2019-12-31,1.00,EUR,', // 613
      'nobody,,2021-05-01,1.00,EUR,', // 614
    ];
    const text = [`${header},note`, ...good, ...others].join('\r\n');
    const path = await givenFile(`\ufeff${text}\r\n`);
    // Each 50 good rows earn 0 + 1 + ... + 49.
    const points = 12 * 1_225 + 2;

    const words = ['--partner', code, '--kind', 'PURCHASE', '--enrol', path];
    const first = await startImport(words).ended;

    expect(first).toMatchObject({
      code: 0,
      // Nothing but how far it is, where it takes its time.
      errors: expect.stringMatching(/^(\d+ %, .+\n)*$/) as unknown,
      summary: {
        rows: 611,
        posted: 602,
        // 12 of 0.99, and the one of zero.
        'without points': 13,
        'already there': 1,
        rejected: 8,
        points,
        'members enrolled': 37,
      },
    });
    expect(await posted(partnerId)).toEqual({
      activities: 602,
      points,
      moved: points,
      members: 37,
    });
    const rejected = await readFile(rejectsOf(path), 'utf8');
    expect(rejected.split('\n').map((line) => line.split(',', 2).join(' '))).toEqual([
      'line code',
      '604 IDEMPOTENCY_MISMATCH',
      '606 NOT_FOUND',
      '607 INVALID',
      '610 INVALID',
      '611 INVALID',
      '612 INVALID',
      '613 INVALID',
      '614 INVALID',
      '',
    ]);
    expect(rejected).toContain(
      'line,code,message,reference,customer,occurred_at,amount,currency,note',
    );
    expect(rejected).toContain(
      '614,INVALID,customer: must not be empty.,nobody,,2021-05-01,1.00,EUR,',
    );
    expect(rejected).toContain('"INV,7",c-7,2021-05-08 10:00:00,8.99,EUR,other');

    const again = await runImport(code, path, '--enrol');

    expect(again).toMatchObject({
      code: 0,
      summary: { rows: 611, posted: 0, 'already there': 603, rejected: 8, points: 0 },
    });
    expect(await posted(partnerId)).toMatchObject({ activities: 602, moved: points });
    expect(await readFile(rejectsOf(path), 'utf8')).toBe(rejected);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('rejects what is not in UTF-8: names that look the same by that are not the same', async () => {
    const { code, partnerId } = await givenShop();
    const lines = [
      `${header},note`,
      'r-1,Müller,2021-05-01,1.50,EUR,',
      'r-2,Möller,2021-05-01,1.50,EUR,',
      'rä3,c-1,2021-05-01,1.50,EUR,',
      'rö3,c-1,2021-05-01,1.50,EUR,',
      'r-4,c-1,2021-05-01,1.50,EUR,Grüße',
    ];
    const path = await givenFile(Buffer.from(lines.join('\n'), 'latin1'));

    expect(await runImport(code, path, '--enrol')).toMatchObject({
      code: 0,
      summary: { posted: 1, 'already there': 0, rejected: 4, 'members enrolled': 1 },
    });
    const rejected = await readFile(rejectsOf(path), 'utf8');
    expect(rejected).toContain('2,INVALID,customer: is not in UTF-8.,');
    expect(rejected).toContain('4,INVALID,reference: is not in UTF-8.,');
    expect(await posted(partnerId)).toMatchObject({ activities: 1, members: 1 });
  });

  it('takes negative rows for returns, each customer’s in the file’s order, and again takes nothing', async () => {
    const { code, partnerId } = await givenShop();
    const row = (reference: string, customer: string, day: number, amount: string) =>
      `${reference},${customer},2021-05-${day},${amount},EUR`;
    const path = await givenFile(
      [
        header,
        row('A1', 'a', 10, '10.00'),
        row('B1', 'b', 10, '20.00'),
        row('CA1', 'a', 11, '-4.00'),
        row('A2', 'a', 12, '5.00'),
        // 5 of the second purchase, and 3 of the first.
        row('CA2', 'a', 13, '-8.00'),
        // 3 are left.
        row('CA3', 'a', 13, '-3.01'),
        // Not after it.
        row('CB1', 'b', 10, '-1.00'),
        row('CB2', 'b', 11, '-20.00'),
        row('CN1', 'never', 10, '-1.00'),
        row('CX1', 'a', 13, '--1'),
      ].join('\n'),
    );

    const first = await runImport(code, path, '--enrol');

    expect(first).toMatchObject({
      code: 0,
      summary: { rows: 10, posted: 3, refunded: 3, rejected: 4, points: 3, 'members enrolled': 2 },
    });
    const rejected = await readFile(rejectsOf(path), 'utf8');
    expect(rejected.split('\n').map((line) => line.split(',', 2).join(' '))).toEqual([
      'line code',
      '7 INVALID',
      '8 NOT_FOUND',
      '10 NOT_FOUND',
      '11 INVALID',
      '',
    ]);
    expect(await posted(partnerId)).toMatchObject({ moved: 3 });
    const again = await runImport(code, path, '--enrol');
    expect(again).toMatchObject({
      summary: { posted: 0, refunded: 0, 'already there': 6, rejected: 4, points: 0 },
    });
    expect(await posted(partnerId)).toMatchObject({ moved: 3 });
    expect(await readFile(rejectsOf(path), 'utf8')).toBe(rejected);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('makes nobody a member without --enrol', async () => {
    const { code, partnerId } = await givenShop();
    const path = await givenFile([header, ...plainRows(3)].join('\n'));

    expect(await runImport(code, path)).toMatchObject({
      code: 0,
      summary: { posted: 0, rejected: 3, 'members enrolled': 0 },
    });
    expect(await readFile(rejectsOf(path), 'utf8')).toContain('2,NOT_FOUND,');
    expect(await posted(partnerId)).toMatchObject({ activities: 0 });
  });

  it('finds members by address or number, where the file has no accounts', async () => {
    const { code, partnerId } = await givenShop();
    const email = `${randomUUID()}@example.com`;
    const memberId = await givenMemberAt(test, email);
    await givenConsent(test, memberId, partnerId);
    const [member] = await rows<{ number: string }>(
      test.owner(),
      'SELECT member_number AS number FROM members.member WHERE id = $1',
      [memberId],
    );
    const byEmail = `email,reference,amount,occurred_at,currency\n${email},a,5.00,2021-05-01,EUR`;
    const byNumber = `reference,member_number,occurred_at,amount,currency
      b,${member!.number},2021-05-01,7.00,EUR`;

    for (const text of [byEmail, byNumber]) {
      expect(await runImport(code, await givenFile(text))).toMatchObject({
        summary: { posted: 1 },
      });
    }

    expect(await posted(partnerId)).toMatchObject({ points: 12, members: 1 });
  });

  it('takes JSON Lines, and gives rejected lines back as they were', async () => {
    const { code, partnerId } = await givenShop();
    const good = JSON.stringify({
      member: { partnerAccount: 'c-1' },
      reference: 'a',
      occurredAt: '2021-05-01T10:00:00Z',
      amount: { amount: '3.50', currency: 'EUR' },
      items: [{ sku: 'CUP', quantity: 1, amount: { amount: '3.50', currency: 'EUR' } }],
    });
    const path = await givenFile(`${good}\n{"a":1}\n`, 'jsonl');

    expect(await runImport(code, path, '--enrol')).toMatchObject({
      code: 0,
      summary: { rows: 2, posted: 1, rejected: 1, 'members enrolled': 1 },
    });
    const rejected = await readFile(path.replace('.jsonl', '.rejected.csv'), 'utf8');
    expect(rejected).toMatch(/^line,code,message,row\n2,INVALID,.*,"\{""a"":1\}"\n$/);
    expect(await posted(partnerId)).toMatchObject({ activities: 1, points: 3, members: 1 });
  });

  it('leaves no file of rejected rows where there are none, and writes it where it is told', async () => {
    const { code } = await givenShop();
    const clean = await givenFile([header, ...plainRows(3)].join('\n'));
    await writeFile(rejectsOf(clean), 'of yesterday');
    const other = join(folder, 'elsewhere.csv');

    await runImport(code, clean, '--enrol');
    await runImport(code, await givenFile(`${header}\nx,c-1,never,1,EUR`), '--rejected', other);

    expect(existsSync(rejectsOf(clean))).toBe(false);
    expect(await readFile(other, 'utf8')).toContain('2,INVALID,');
  });

  const kind = ['--kind', 'PURCHASE'];

  it.each<[string, (given: { code: string; path: string; draft: string }) => string[], RegExp]>([
    ['no words', () => [], /^npm run import -- /],
    [
      'no file',
      ({ code }) => ['--partner', code, ...kind, 'no.csv'],
      /^There is no file no\.csv\./,
    ],
    ['a folder', ({ code }) => ['--partner', code, ...kind, folder], /^There is no file /],
    [
      'an unknown partner',
      ({ path }) => ['--partner', 'NONE', ...kind, path],
      /^There is no partner NONE\./,
    ],
    [
      'a partner that is not live',
      ({ path, draft }) => ['--partner', draft, ...kind, path],
      /is DRAFT/,
    ],
    [
      'an unknown kind',
      ({ code, path }) => ['--partner', code, '--kind', 'SALE', path],
      /^There is no kind SALE: PURCHASE, FLIGHT, /,
    ],
    [
      'an option misspelt',
      ({ code, path }) => ['--partner', code, ...kind, '--enroll', path],
      /^Unknown option '--enroll'/,
    ],
    [
      'two files',
      ({ code, path }) => ['--partner', code, ...kind, path, path],
      /^npm run import -- /,
    ],
    [
      'its own file for the rejected rows',
      ({ code, path }) => ['--partner', code, ...kind, '--rejected', path, path],
      /is the file to import/,
    ],
    [
      'a place that cannot be written',
      ({ code, path }) => ['--partner', code, ...kind, '--rejected', `${folder}/no/x.csv`, path],
      /cannot be written/,
    ],
  ])('refuses %s in a sentence, before anything is posted', async (_, wordsOf, sentence) => {
    const { code, partnerId } = await givenShop();
    const draft = randomUUID().slice(0, 8).toUpperCase();
    await givenInvited(test, { code: draft });
    const text = [header, ...plainRows(3)].join('\n');
    const path = await givenFile(text);

    const { code: exit, errors, summary } = await runWords(wordsOf({ code, path, draft }));

    expect([exit, summary]).toEqual([1, {}]);
    expect(errors).toMatch(sentence);
    expect(errors).not.toContain('    at ');
    expect(await posted(partnerId)).toMatchObject({ activities: 0 });
    expect(existsSync(rejectsOf(path))).toBe(false);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it.each([
    ['nothing', '', 'The file is empty.'],
    [
      'no such columns',
      'reference,amount\na,1',
      'The file has no column occurred_at, currency, customer or member_number or email.',
    ],
    ['a column twice', `${header},amount\n`, 'The file has two columns amount.'],
    ['what is no CSV', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x22]).toString('latin1'), 'no CSV'],
  ])('refuses a file of %s', async (_, text, sentence) => {
    const { code } = await givenShop();
    const path = await givenFile(text);

    const { code: exit, errors } = await runImport(code, path);

    expect(exit).toBe(1);
    expect(errors).toContain(sentence);
    expect(errors).not.toContain('    at ');
    expect(existsSync(rejectsOf(path))).toBe(false);
  });

  it('posts what stands before a quote that is never closed, and says where it is', async () => {
    const { code, partnerId } = await givenShop();
    const path = await givenFile(
      [header, ...plainRows(3), 'x,"c-1,2021-05-01,1.50,EUR', 'y'].join('\n'),
    );

    const { code: exit, errors, summary } = await runImport(code, path, '--enrol');

    expect([exit, summary['posted']]).toEqual([1, 3]);
    expect(errors).toContain('From line 5 on, the file is no CSV');
    expect(errors).not.toContain('    at ');
    expect(await posted(partnerId)).toMatchObject({ activities: 3 });
  });

  it('posts each row once where two import the same file at once', async () => {
    const { code, partnerId } = await givenShop();
    const text = [header, ...plainRows(1_100)].join('\n');
    const [one, two] = [await givenFile(text), await givenFile(text)];

    const both = await Promise.all([one, two].map((path) => runImport(code, path, '--enrol')));

    expect(both).toMatchObject([{ code: 0 }, { code: 0 }]);
    const sum = (name: string) => both.reduce((total, { summary }) => total + summary[name]!, 0);
    expect([sum('posted'), sum('already there'), sum('rejected')]).toEqual([1_100, 1_100, 0]);
    expect([sum('points'), sum('members enrolled')]).toEqual([1_100, 20]);
    expect(await posted(partnerId)).toEqual({
      activities: 1_100,
      points: 1_100,
      moved: 1_100,
      members: 20,
    });
  });

  it('goes on where it was killed, and ends at Ctrl-C with what is in hand', async () => {
    const { code, partnerId } = await givenShop();
    const path = await givenFile([header, ...plainRows(3_000)].join('\n'));
    const countNow = async () => (await posted(partnerId))['activities']!;

    const words = ['--partner', code, '--kind', 'PURCHASE', '--enrol', path];

    const killed = startImport(words);
    while ((await countNow()) === 0) await sleep(5);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const before = await countNow();
    const cut = startImport(words);
    while ((await countNow()) === before) await sleep(5);
    cut.child.kill('SIGINT');
    const { code: exit, summary } = await cut.ended;
    const then = await countNow();
    const rest = await startImport(words).ended;

    expect(before).toBeLessThan(3_000);
    expect([exit, summary['already there'], summary['posted']]).toEqual([
      130,
      before,
      then - before,
    ]);
    expect(then).toBeLessThan(3_000);
    expect(rest).toMatchObject({
      code: 0,
      summary: { rows: 3_000, posted: 3_000 - then, 'already there': then },
    });
    expect(await posted(partnerId)).toMatchObject({ activities: 3_000, moved: 3_000 });
  }, 120_000);

  it('posts into a system that runs, and into one that does not, which it leaves as it was', async () => {
    const dataDir = await serverFolder('import-data');
    const today = new Date().toISOString();
    const path = await givenFile(
      [header, `a,c-1,${today},3.00,EUR`, `b,c-1,${today},4.00,EUR`].join('\n'),
    );
    const words = ['--partner', 'SHOP', '--kind', 'PURCHASE', '--enrol', path];
    const environment = { DATA_DIR: dataDir, DATABASE_URL: '' };
    const system = await startDemo(dataDir, { SEED: 'none' });
    const host = encodeURIComponent(system.socket);
    const there = await openTestDatabase(
      (user) => `postgresql://${user}@localhost/coalition?host=${host}`,
    );
    await givenPartner(there, { code: 'SHOP' });
    await there.close();

    const running = await startImport(words, environment).ended;
    const { data } = await system.ask(
      await system.token('partner', 'SHOP'),
      '{ activity(reference: "b") { amount { amount } member { status profile { email } } } }',
    );
    await system.stop();
    await writeFile(path, `${header}\na,c-1,${today},3.00,EUR\nc,c-2,${today},3.00,EUR`);
    const stopped = await startImport(words, environment).ended;

    expect(running).toMatchObject({ code: 0, summary: { posted: 2, 'members enrolled': 1 } });
    expect(data).toEqual({
      activity: { amount: { amount: '4.00' }, member: { status: 'PROVISIONAL', profile: null } },
    });
    expect(stopped).toMatchObject({
      code: 0,
      summary: { posted: 1, 'already there': 1, 'members enrolled': 1 },
    });
    expect(existsSync(socketFolder(dataDir))).toBe(false);
    await rm(dataDir, { recursive: true });
  }, 120_000);

  it('makes no system where there is none', async () => {
    const path = await givenFile([header, ...plainRows(3)].join('\n'));
    const environment = { DATA_DIR: join(folder, 'nowhere'), DATABASE_URL: '' };
    const words = ['--partner', 'SHOP', '--kind', 'PURCHASE', path];

    const { code, errors } = await runWords(words, environment);

    expect(code).toBe(1);
    expect(errors).toMatch(/^There is no system in /);
    expect(existsSync(join(folder, 'nowhere', 'postgres'))).toBe(false);
  });

  it('says what its user can mend on standard error, and exits with 1', async () => {
    expect(await startImport([]).ended).toEqual({
      code: 1,
      errors: expect.stringMatching(/^npm run import -- .+\n$/) as unknown,
      summary: {},
    });
  });
});
