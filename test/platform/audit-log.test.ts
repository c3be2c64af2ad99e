import { randomUUID } from 'node:crypto';
import { type Act, changesBetween, recordAct } from '../../platform/audit-log.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { adminViewer, memberViewer, partnerViewer } from '../support/subgraph.ts';

const at = new Date('2026-03-01T12:00:00Z');
const permissionDenied = expect.objectContaining({
  driverError: expect.objectContaining({ code: '42501' }) as unknown,
});

describe('the audit log', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  let id: string;
  beforeEach(() => {
    id = randomUUID();
  });

  const act = (more: Partial<Act> = {}): Act => ({
    action: 'updatePartner',
    subject: { type: 'Partner', id },
    reason: 'A new name.',
    before: { name: 'Old', city: 'Bern' },
    after: { name: 'New', city: 'Bern' },
    at,
    ...more,
  });
  const recorded = () =>
    rows<{ sequence: bigint; reason: string | null; changes: unknown; holds: boolean | null }>(
      test.owner(),
      `SELECT sequence, occurred_at AS "occurredAt", actor, audience, partner_id AS "partnerId", action,
              subject_type AS "subjectType", reason, changes,
              content_hash = sha256(salt || convert_to(
                jsonb_build_array(reason, changes)::text, 'UTF8')) AS holds
       FROM platform.audit_event WHERE subject_id = $1 ORDER BY sequence`,
      [id],
    );

  it('tells who did what to which row, when, why, and what changed', async () => {
    await recordAct(db(), { ...adminViewer(), subject: 'ann' }, act());

    expect(await recorded()).toEqual([
      {
        sequence: expect.any(BigInt) as bigint,
        occurredAt: at,
        actor: 'ann',
        audience: 'ADMIN',
        partnerId: null,
        action: 'updatePartner',
        subjectType: 'Partner',
        reason: 'A new name.',
        changes: [{ field: 'name', before: 'Old', after: 'New' }],
        holds: true,
      },
    ]);
  });

  it("names the partner of a partner's act, and leaves members' acts out", async () => {
    const partnerId = randomUUID();

    await recordAct(db(), partnerViewer(partnerId), act());
    await recordAct(db(), memberViewer(randomUUID()), act());

    expect(await recorded()).toEqual([expect.objectContaining({ audience: 'PARTNER', partnerId })]);
  });

  it('keeps no record of what was rolled back', async () => {
    const undone = db().transaction(async (tx) => {
      await recordAct(tx, adminViewer(), act());
      throw new Error('undo');
    });

    await expect(undone).rejects.toThrow('undo');
    expect(await recorded()).toEqual([]);
  });

  it('can be written and changed by nobody', async () => {
    await recordAct(db(), adminViewer(), act());

    for (const part of ['members', 'partners', 'rewards-catalog', 'community'] as const) {
      for (const statement of [
        `UPDATE platform.audit_event SET reason = 'Another.'`,
        'DELETE FROM platform.audit_event',
        'INSERT INTO platform.audit_event DEFAULT VALUES',
      ]) {
        await expect(rows(test.db(part), statement)).rejects.toEqual(permissionDenied);
      }
    }
  });

  it('forgets what it says of a member, not that something was done', async () => {
    const subject = { type: 'Member', id };
    await recordAct(db(), adminViewer(), act({ action: 'setMemberStatus', subject }));
    const [before] = await recorded();

    const forget = () =>
      rows(test.db('members'), 'SELECT platform.forget_member_acts($1) AS count', [id]);
    expect(await forget()).toEqual([{ count: 1 }]);
    expect(await forget()).toEqual([{ count: 0 }]);

    expect(await recorded()).toEqual([{ ...before, reason: null, changes: [], holds: null }]);
  });
});

describe('changesBetween', () => {
  it.each([
    [
      {},
      { b: 1n, a: true },
      [
        ['a', null, 'true'],
        ['b', null, '1'],
      ],
    ],
    [{ a: 'x' }, {}, [['a', 'x', null]]],
    [{ a: at }, { a: new Date(at) }, []],
    [{ a: null }, {}, []],
    [{ a: [1n] }, { a: [2n] }, [['a', '["1"]', '["2"]']]],
    [{}, { a: 'x'.repeat(3_000) }, [['a', null, `${'x'.repeat(1_999)}…`]]],
  ])('of %j and %j', (before, after, expected) => {
    const changes = changesBetween(
      before as object as Record<string, unknown>,
      after as object as Record<string, unknown>,
    );

    expect(changes.map((change) => [change.field, change.before, change.after])).toEqual(expected);
  });
});
