import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { root } from '../../platform/root.ts';
import { Member } from '../../subgraphs/members/entities.ts';
import { eraseMember } from '../../subgraphs/members/privacy/erasures.ts';
import { eraseNext } from '../../worker/erasures.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenMember } from '../support/given-members.ts';
import { keptMail } from '../support/mail.ts';
import { adminViewer } from '../support/subgraph.ts';

describe('npm run erasures', () => {
  const test = useTestDatabase();
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'coalition-erasures-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('lists who is erased, and erases them again where a backup brought them back', async () => {
    const [gone, stays] = [await givenMember(test), await givenMember(test)];
    const backup = await test.db('members').findOneByOrFail(Member, { id: gone });
    const by = { viewer: adminViewer(), clock: databaseClock };
    await eraseMember(test.db('members'), { memberId: gone, reason: 'As asked' }, by);
    await finish();

    const list = await erasures('list');
    expect(list.code).toBe(0);
    expect(list.output).toMatch(new RegExp(`^${gone} \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\n$`));

    // As if the backup were from before.
    await rows(test.owner(), 'DELETE FROM members.erasure_receipt');
    await rows(test.owner(), 'DELETE FROM members.erasure');
    await test.db('members').update(Member, { id: gone }, backup);
    const file = join(folder, 'erasures.txt');
    await writeFile(file, `${list.output}${randomUUID()} 2026-01-01T00:00:00.000Z\n`);

    const first = await erasures('repeat', file);
    const again = await erasures('repeat', file);
    await finish();

    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain('1 begun, 0 there already, 1 unknown');
    expect(again.output).toContain('0 begun, 1 there already, 1 unknown');
    expect(await test.db('members').findOneByOrFail(Member, { id: gone })).toMatchObject({
      status: 'CLOSED',
      email: null,
      displayName: 'Former member',
    });
    expect(await test.db('members').findOneByOrFail(Member, { id: stays })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  it('says what is wrong, and begins nothing', async () => {
    const memberId = await givenMember(test);
    const file = join(folder, 'damaged.txt');
    await writeFile(file, `${memberId} 2026-01-01T00:00:00.000Z\nada@example.com\n`);

    const damaged = await erasures('repeat', file);
    const nothing = await erasures();

    expect(damaged.code).toBe(1);
    expect(damaged.errors).toContain('damaged.txt, line 2 is no line of the list.');
    expect(nothing.errors).toContain('npm run erasures -- list | repeat FILE');
    expect(await test.db('members').findOneByOrFail(Member, { id: memberId })).toMatchObject({
      status: 'ACTIVE',
    });
  });

  async function finish(): Promise<void> {
    const by = { mail: keptMail(), partMs: 10_000 };
    while ((await eraseNext(test.db('worker'), by)) > 0);
  }

  /** Runs the command, as `npm run erasures --` does after its build. */
  function erasures(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'dist/scripts/erasures.js'), ...words],
        { env: { ...process.env, DATABASE_URL: test.url('postgres') }, cwd: tmpdir() },
        (error, output, errors) =>
          resolve({ code: error ? Number(error.code) : 0, output, errors }),
      );
    });
  }
});
