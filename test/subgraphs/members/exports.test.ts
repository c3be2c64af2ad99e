import { randomUUID } from 'node:crypto';
import { balancesOf, sharedCurrency } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { DataExport, DataExportPiece, Member } from '../../../subgraphs/members/entities.ts';
import { setMemberStatus } from '../../../subgraphs/members/membership/statuses.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { eraseMember } from '../../../subgraphs/members/privacy/erasures.ts';
import { exportMyData } from '../../../subgraphs/members/privacy/exports.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { eraseNext } from '../../../worker/erasures.ts';
import { exportNext } from '../../../worker/exports.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember, givenMemberAt } from '../../support/given-members.ts';
import { aTransfer, givenOldMember } from '../../support/given-transfers.ts';
import { noon } from '../../support/given-points.ts';
import { runJob } from '../../support/jobs.ts';
import { keptMail } from '../../support/mail.ts';
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
import { until } from '../../support/until.ts';

type Records = Record<string, unknown>[];
interface Document {
  export: { id: string; memberIds: string[] };
  members: { memberships: Records; transfers: Records; acts: Records };
  ledger: { accounts: Records; movements: { number: number; points: number }[]; lots: Records };
}

const hourMs = 60 * 60_000;

describe('a member’s export', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform())));
  afterAll(() => members.drain());
  beforeEach(() => rows(test.owner(), 'DELETE FROM members.data_export'));
  const { ask, codeOf } = callsOf(() => members);

  const sizes = { partMs: 10_000, recordsMax: 500, pieceBytes: 200_000 };
  const step = (given = {}) => exportNext(test.db('worker'), { ...sizes, ...given });
  const exportAt = (memberId: string, hours = 0) =>
    exportMyData(db(), { memberId, clock: new SetClock(new Date(Date.now() + hours * hourMs)) });
  const piecesOf = (exportId: string) =>
    db().find(DataExportPiece, { where: { exportId }, order: { place: 'ASC' } });
  const textOf = async (exportId: string) =>
    (await piecesOf(exportId)).map(({ content }) => content).join('');
  const documentOf = async (exportId: string) => JSON.parse(await textOf(exportId)) as Document;
  const made = async (memberId: string) => {
    const { id } = await exportAt(memberId);
    expect(await step()).toBe(1);
    return { id, document: await documentOf(id) };
  };
  const told = async (memberId: string) =>
    rows(
      test.owner(),
      `SELECT payload ->> 'exportId' AS id FROM platform.outbox
       WHERE member_id = $1 AND type = 'export.ready'`,
      [memberId],
    );
  const close = (memberId: string) =>
    eraseMember(
      db(),
      { memberId, reason: 'I go' },
      { viewer: adminViewer(), clock: databaseClock },
    );
  const erase = () =>
    until(async () => {
      // What runs on the same server may hold it up for a moment.
      await rows(test.owner(), 'UPDATE members.erasure SET due_at = now() WHERE done_at IS NULL');
      while ((await eraseNext(test.db('worker'), { mail: keptMail(), partMs: 10_000 })) > 0);
      const open = await rows(test.owner(), 'SELECT FROM members.erasure WHERE done_at IS NULL');
      return open.length === 0;
    });

  it('is made by the worker, kept for seven days, and told of once', async () => {
    const memberId = await givenMember(test, 500n);
    const mutation = `mutation { exportMyData {
      export { id status downloadUrl bytes expiresAt } userErrors { code } } }`;
    type Answer = Record<'exportMyData', { export: { id: string } }>;
    const answer = await ask<Answer>(memberViewer(memberId), mutation);
    const { id } = answer.exportMyData.export;
    expect(answer.exportMyData.export).toEqual({
      id,
      status: 'RUNNING',
      downloadUrl: null,
      bytes: null,
      expiresAt: null,
    });

    expect(await step()).toBe(1);

    const query = '{ export: dataExport(id: "ID") { status downloadUrl bytes expiresAt } }';
    const { export: shown } = await ask<{
      export: { bytes: number; expiresAt: string; downloadUrl: string; status: string };
    }>(memberViewer(memberId), query.replace('ID', id));
    const text = await textOf(id);
    expect(shown).toMatchObject({
      status: 'DONE',
      downloadUrl: `http://localhost:4000/exports/${id}`,
      bytes: Buffer.byteLength(text),
    });
    const keptMs = new Date(shown.expiresAt).getTime() - Date.now();
    expect(Math.round(keptMs / hourMs)).toBe(7 * 24);
    const document = JSON.parse(text) as Document;
    expect(Object.keys(document)).toEqual([
      'export',
      'members',
      'ledger',
      'partners',
      'rewards-catalog',
      'community',
      'identity',
    ]);
    const { email, memberNumber } = await db().findOneByOrFail(Member, { id: memberId });
    expect(document.members.memberships).toEqual([
      expect.objectContaining({ id: memberId, email, memberNumber, displayName: 'Ada' }),
    ]);
    expect(await told(memberId)).toEqual([{ id }]);
    expect(await step()).toBe(0);
  });

  it('holds every movement of the ledger, read and written in pieces, also of months set apart', async () => {
    const memberId = await givenMember(test);
    await rows(
      test.owner(),
      `SELECT ledger.post(json_agg(json_build_object('kind', 'ADJUST', 'member_id', $1::uuid,
         'key', gen_random_uuid(), 'currency', 'PTS', 'points', n, 'issue_price', 0, 'hash', '\\x00',
         'source_kind', 'adjustment', 'source_id', gen_random_uuid(), 'description', 'Grüße 🎁')), now())
       FROM generate_series(1, 300) n`,
      [memberId],
    );
    await setApart(memberId, 7);
    const { id } = await exportAt(memberId);

    expect(await step({ recordsMax: 70, pieceBytes: 10_000 })).toBe(1);

    const pieces = await piecesOf(id);
    expect(pieces.length).toBeGreaterThan(10);
    // No longer than what was asked for, and one record.
    expect(Math.max(...pieces.map(({ content }) => Buffer.byteLength(content)))).toBeLessThan(
      11_000,
    );
    const { bytes } = await db().findOneByOrFail(DataExport, { id });
    expect(bytes).toBe(BigInt(Buffer.byteLength(await textOf(id))));
    const { ledger } = await documentOf(id);
    expect(ledger.movements.map(({ number }) => number)).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
    const sum = ledger.movements.reduce((total, { points }) => total + points, 0);
    expect(sum).toBe((300 * 301) / 2);
    expect(ledger.accounts).toEqual([
      expect.objectContaining({ currency: sharedCurrency, balance: sum, debt: 0 }),
    ]);
    const asked = [{ memberId, currency: sharedCurrency }];
    expect((await balancesOf(db(), asked, new Date()))[0]).toMatchObject({
      available: BigInt(sum),
    });
  });

  it('holds what became part of the membership', async () => {
    const [from, into] = [await givenMember(test, 20n), await givenMember(test)];
    const by = { viewer: adminViewer(), clock: databaseClock };
    const merge = { fromId: from, intoId: into, reason: 'One person' };
    const { mergeId } = await mergeMembers(db(), merge, by);

    const { document } = await made(into);

    expect(new Set(document.export.memberIds)).toEqual(new Set([from, into]));
    expect(document.members.memberships).toHaveLength(2);
    const moved = document.ledger.movements.map(({ points }) => points);
    expect(moved.toSorted((a, b) => a - b)).toEqual([-20, 20, 20]);
    // Two people after all: neither reads any more what is the other's, too.
    await undoMerge(db(), { id: mergeId, reason: 'Two after all' }, by);
    expect(await db().countBy(DataExport, { memberId: into })).toBe(0);
  });

  it('names other members by what they show, and staff not at all, also for who is suspended', async () => {
    const from = await givenOldMember(test, 1_000n);
    const to = await givenMemberAt(test, 'secret@example.com', noon);
    await aTransfer(test, from, to);
    const change = { memberId: from, status: 'SUSPENDED' as const, reason: 'A stolen phone' };
    const viewer = { ...adminViewer(), subject: 'sam-of-the-staff' };
    await setMemberStatus(db(), change, { viewer, clock: databaseClock });

    const { id, document } = await made(from);

    expect(document.members.transfers).toEqual([
      expect.objectContaining({ direction: 'GIVEN', otherMember: 'Ada', points: 100 }),
    ]);
    expect(document.members.acts).toEqual([
      expect.objectContaining({ action: 'setMemberStatus', by: 'ADMIN', reason: 'A stolen phone' }),
    ]);
    expect(await textOf(id)).not.toMatch(/secret@example.com|sam-of-the-staff/);
  });

  it('is shown to the member and, without its document, to staff, and to nobody else', async () => {
    const memberId = await givenMember(test);
    const { id } = await made(memberId);
    const query = '{ dataExport(id: "ID") { status downloadUrl piece(place: 0) } }'.replace(
      'ID',
      id,
    );
    type Answer = { dataExport: { downloadUrl: string | null; piece: string | null } | null };
    const seen = async (viewer: Viewer) => (await ask<Answer>(viewer, query)).dataExport;

    expect((await seen(memberViewer(memberId)))!.piece).toContain(memberId);
    expect((await seen(memberViewer(memberId, ['BALANCE'])))!.piece).toBeNull();
    // Where it is, which serves the member's token alone.
    const downloadUrl = `http://localhost:4000/exports/${id}`;
    expect(await seen(adminViewer())).toEqual({ status: 'DONE', downloadUrl, piece: null });
    expect(await seen(adminViewer(['PARTNERS_MANAGE']))).toBeNull();
    expect(await seen(memberViewer(await givenMember(test)))).toBeNull();
    expect(await codeOf(partnerViewer(randomUUID()), query)).toBe('FORBIDDEN');
    expect(await codeOf(anonymous, query)).toBe('UNAUTHENTICATED');
    expect(
      await codeOf(
        memberViewer(memberId, ['BALANCE']),
        'mutation { exportMyData { export { id } } }',
      ),
    ).toBe('FORBIDDEN');
  });

  it('is refused to who is closed, and nothing is begun', async () => {
    const memberId = await givenMember(test);
    await close(memberId);

    await expect(exportAt(memberId)).rejects.toEqual(refusal('MEMBER_INACTIVE'));
    await expect(exportAt(randomUUID())).rejects.toEqual(refusal('MEMBER_INACTIVE'));

    expect(await db().countBy(DataExport, { memberId })).toBe(0);
  });

  it('is the same one while it is made, and for a day', async () => {
    const memberId = await givenMember(test);
    const first = await exportAt(memberId);

    expect((await exportAt(memberId, 30)).id).toBe(first.id);
    await step();
    expect((await exportAt(memberId, 23)).id).toBe(first.id);
    const second = await exportAt(memberId, 25);

    expect(second.id).not.toBe(first.id);
    expect((await exportAt(memberId, 26)).id).toBe(second.id);
  });

  it('is one where it is asked for many times at once, and is made once by many workers', async () => {
    const memberId = await givenMember(test, 100n);

    const asked = await race(db(), 4, () => exportAt(memberId));
    const done = await race(test.db('worker'), 4, () => step());

    expect([...asked.reasons, ...done.reasons]).toEqual([]);
    expect(new Set(asked.answers.map(({ id }) => id)).size).toBe(1);
    expect(done.answers.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
    expect(await told(memberId)).toHaveLength(1);
    await documentOf(asked.answers[0]!.id);
  });

  it('leaves nothing where a part fails, lets others go first, and is made later', async () => {
    const [stuck, other] = [await givenMember(test), await givenMember(test)];
    const [first, second] = [await exportAt(stuck), await exportAt(other)];
    await rows(test.owner(), `UPDATE members.data_export SET due_at = '2026-01-01' WHERE id = $1`, [
      first.id,
    ]);
    const text = await rows<{ text: string }>(
      test.owner(),
      `SELECT pg_get_functiondef('community.export_member(uuid[])'::regprocedure) AS text`,
    );
    await rows(
      test.owner(),
      `CREATE OR REPLACE FUNCTION community.export_member(p_members uuid[])
       RETURNS TABLE (section text, record text) LANGUAGE sql
       AS 'SELECT ''posts'', (1 / (p_members[1] <> ''${stuck}'')::integer)::text'`,
    );

    await expect(step()).rejects.toMatchObject({ driverError: { code: '22012' } });
    expect(await piecesOf(first.id)).toEqual([]);
    expect(await step()).toBe(1);
    expect((await piecesOf(second.id)).length).toBeGreaterThan(0);
    expect(await step()).toBe(0);

    await rows(test.owner(), text[0]!.text);
    await rows(test.owner(), 'UPDATE members.data_export SET due_at = now() WHERE id = $1', [
      first.id,
    ]);
    expect(await step()).toBe(1);
    expect((await documentOf(first.id)).members.memberships).toHaveLength(1);
  });

  it('is gone with the member: at once for who has a token still, and with the erasure', async () => {
    const [memberId, late] = [await givenMember(test), await givenMember(test)];
    const { id } = await made(memberId);
    await exportAt(late);
    for (const each of [memberId, late]) await close(each);

    const query = `{ dataExport(id: "${id}") { piece(place: 0) } }`;
    expect(await ask(memberViewer(memberId), query)).toEqual({ dataExport: { piece: null } });
    expect(await step()).toBe(0);

    await erase();
    expect(await rows(test.owner(), 'SELECT FROM members.data_export')).toEqual([]);
    expect(await rows(test.owner(), 'SELECT FROM members.data_export_piece')).toEqual([]);
  });

  it('and an erasure at once: nothing is left of either order', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => givenMember(test, 10n)));

    const { reasons } = await race<unknown>(test.owner(), 16, (index) =>
      [() => exportAt(ids[index % 4]!), () => close(ids[index % 4]!), () => step(), erase][
        Math.floor(index / 4)
      ]!(),
    );
    await step();
    await erase();

    for (const reason of reasons) {
      expect(['MEMBER_INACTIVE', 'IN_PROGRESS']).toContain((reason as { code: string }).code);
    }
    expect(await rows(test.owner(), 'SELECT FROM members.data_export_piece')).toEqual([]);
  });

  it('is not shown any more after seven days, and cleared with its document', async () => {
    const [memberId, other] = [await givenMember(test), await givenMember(test)];
    const { id } = await made(memberId);
    const kept = await made(other);
    await rows(test.owner(), 'UPDATE members.data_export SET expires_at = now() WHERE id = $1', [
      id,
    ]);

    expect(await ask(memberViewer(memberId), `{ dataExport(id: "${id}") { id } }`)).toEqual({
      dataExport: null,
    });
    expect(await runJob(test, 'clear-exports')).toBe(1);

    expect(await piecesOf(id)).toEqual([]);
    expect((await piecesOf(kept.id)).length).toBeGreaterThan(0);
    expect(await runJob(test, 'clear-exports')).toBe(0);
  });

  /** Moves the first movements of a member to where those of months are that were set apart. */
  async function setApart(memberId: string, count: number): Promise<void> {
    await rows(
      test.owner(),
      `CREATE TABLE ledger.transfer_2020_01 PARTITION OF ledger.transfer_detached
       FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')`,
    );
    await rows(
      test.owner(),
      `WITH moved AS (
         DELETE FROM ledger.transfer t WHERE member_id = $1 AND account_version <= $2 RETURNING t)
       INSERT INTO ledger.transfer_detached
       SELECT (jsonb_populate_record(t, '{"posted_at": "2020-01-05T12:00:00Z"}')).* FROM moved`,
      [memberId, count],
    );
  }
});
