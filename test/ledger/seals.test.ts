import { auditLedger } from '../../ledger/index.ts';
import { type Database, rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenAct, givenSealed } from '../support/given-closed.ts';
import { givenWholeLedger } from '../support/given-ledger.ts';
import { givenLedgerPartner, givenPoints } from '../support/given-points.ts';
import { race } from '../support/race.ts';
import { rolledBack } from '../support/rolled-back.ts';

const rounds = Math.ceil(Number(process.env['TEST_ROUNDS'] ?? 5) / 5);

describe('seals', () => {
  const test = useTestDatabase();
  const seal = async (movements = 1_000) =>
    (
      await rows<{ count: number }>(test.db('worker'), 'SELECT ledger.seal($1) AS count', [
        movements,
      ])
    )[0]!.count;
  const all = () =>
    rows<{ number: bigint; movements: bigint; hash: string; previous: string | null; to: bigint }>(
      test.owner(),
      `SELECT number, movements, encode(hash, 'hex') AS hash, encode(previous, 'hex') AS previous,
              from_xact AS "from", to_xact AS "to"
       FROM ledger.seal ORDER BY number`,
    );

  it('close what has been posted, each on top of the one before', async () => {
    const issuerId = await givenLedgerPartner(test);
    await givenPoints(test, 1n, issuerId);
    await givenPoints(test, 2n, issuerId);
    expect(await givenSealed(test)).toBe(2);
    await givenPoints(test, 3n, issuerId);

    expect(await givenSealed(test)).toBe(1);

    const seals = await all();
    expect(seals.reduce((sum, { movements }) => sum + movements, 0n)).toBe(3n);
    expect(seals).toMatchObject(
      seals.map((_, index) => ({
        number: BigInt(index + 1),
        previous: seals[index - 1]?.hash ?? null,
        from: seals[index - 1]?.to ?? 0n,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      })),
    );
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('are not made of nothing', async () => {
    await givenSealed(test);
    const before = await all();

    expect(await seal()).toBe(0);

    expect(await all()).toEqual(before);
  });

  it('are made once where several make them', async () => {
    const issuerId = await givenLedgerPartner(test);
    for (const points of [1n, 2n, 3n]) await givenPoints(test, points, issuerId);

    const { answers, reasons } = await race(test.db('worker'), 4, () => seal());

    expect(reasons).toEqual([]);
    expect(answers.reduce((sum, count) => sum + count, 0) + (await givenSealed(test))).toBe(3);
    expect(await auditLedger(test.owner(), { of: ['seals'] })).toEqual([]);
  });

  it('leave a transaction that has not ended to the next one', async () => {
    const issuerId = await givenLedgerPartner(test);
    await givenSealed(test);
    await test.db('partners').transaction(async (tx) => {
      await givenPoints({ ...test, db: () => tx }, 1n, issuerId);
      await givenPoints(test, 2n, issuerId);
      expect(await seal()).toBe(0);
    });

    expect(await givenSealed(test)).toBe(2);
    expect(await auditLedger(test.owner(), { of: ['seals'] })).toEqual([]);
  });

  it('have the same hash on another day, in another time zone', async () => {
    await givenSealed(test);

    await rolledBack(test.owner(), async (tx) => {
      await rows(tx, `SET LOCAL timezone = 'Asia/Tokyo'; SET LOCAL datestyle = 'German'`);
      expect(await auditLedger(tx, { of: ['seals'] })).toEqual([]);
    });
  });

  describe('of a whole ledger', () => {
    let parts: number;
    beforeAll(async () => {
      await givenWholeLedger(test);
      await givenAct(test);
      await givenSealed(test);
      parts = (await all()).length;
    });

    /** Which seals the audit says are broken, after damage that is undone again. */
    const brokenBy = (damage: string): Promise<(string | null)[]> =>
      rolledBack(test.owner(), async (tx) => {
        await rows(tx, 'SET LOCAL session_replication_role = replica');
        for (const { name } of await checks(tx)) await rows(tx, name);
        await rows(tx, damage);
        const faults = await auditLedger(tx, { of: ['seals'] });
        return faults.map(({ id }) => id);
      });

    it.each([
      [
        'a row that is deleted',
        'DELETE FROM ledger.transfer WHERE transfer_id = (SELECT transfer_id FROM ledger.transfer LIMIT 1)',
      ],
      [
        'a row that is inserted',
        `INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
           balance_after, counter_account, effective_at, posted_at, description, xact)
         SELECT member_id, gen_random_uuid(), currency, account_version + 1, kind, points,
           balance_after, counter_account, effective_at, posted_at, description, xact
         FROM ledger.transfer ORDER BY xact DESC LIMIT 1`,
      ],
      [
        'rows in another order',
        `UPDATE ledger.transfer SET account_version = 1003 - account_version
         WHERE account_version IN (1, 2) AND member_id IN (
           SELECT member_id FROM ledger.account WHERE version > 1);
         UPDATE ledger.transfer SET account_version = account_version - 1000
         WHERE account_version > 1000`,
      ],
      [
        'a row in another period',
        `UPDATE ledger.transfer SET xact = (SELECT max(to_xact) FROM ledger.seal)
         WHERE transfer_id = (SELECT transfer_id FROM ledger.transfer LIMIT 1)`,
      ],
      [
        'a tail that is cut',
        'DELETE FROM ledger.transfer WHERE xact = (SELECT max(xact) FROM ledger.transfer)',
      ],
      ['a lot of another issuer', 'UPDATE ledger.lot SET issuer = gen_random_uuid()'],
      [
        'a lot that lives longer',
        `UPDATE ledger.lot SET expires_at = expires_at + interval '1 year'`,
      ],
      ['an allocation that is moved', 'DELETE FROM ledger.lot_use'],
      [
        'another partner behind a counter account',
        'UPDATE ledger.counter_account SET owner = gen_random_uuid() WHERE owner IS NOT NULL',
      ],
      [
        'a seal that says another instant',
        `UPDATE ledger.seal SET sealed_at = sealed_at + interval '1 day'`,
      ],
      ['an act that is deleted', 'DELETE FROM platform.audit_event'],
      [
        'an act that is inserted',
        `INSERT INTO platform.audit_event (id, occurred_at, actor, audience, action, subject_type,
           subject_id, changes, content_hash, xact)
         SELECT gen_random_uuid(), occurred_at, actor, audience, action, subject_type, subject_id, '[]',
           content_hash, xact FROM platform.audit_event`,
      ],
      ['a seal with another hash', `UPDATE ledger.seal SET hash = sha256('x')`],
    ])('show %s', async (_, damage) => {
      expect((await brokenBy(damage)).length).toBeGreaterThan(0);
    });

    it('show a change of any column of any row', async () => {
      const columns = await rows<{ table: string; column: string; type: string }>(
        test.owner(),
        `SELECT c.table_schema || '.' || c.table_name AS "table", c.column_name AS "column", c.data_type AS type
         FROM information_schema.columns c
         WHERE c.table_schema = 'platform' AND c.table_name = 'audit_event' AND c.column_name <> ALL ($2)
           OR c.table_schema = 'ledger' AND (c.table_name IN ('transfer', 'lot_use')
           OR c.table_name = 'lot' AND c.column_name = ANY ($1))`,
        [sealedOfLot, wordsOfActs],
      );
      expect(columns).toHaveLength(20 + 4 + sealedOfLot.length + 11);

      const missed: string[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const { table, column, type } of columns) {
          const damage = `UPDATE ${table} SET ${column} = ${another(column, type)}
            WHERE ctid = (SELECT ctid FROM ${table} ORDER BY random() LIMIT 1)`;
          if ((await brokenBy(damage)).length === 0) missed.push(`${table}.${column}`);
        }
      }

      expect(missed).toEqual([]);
    });

    it('show that their own tail was cut, to whoever kept a head', async () => {
      const seals = await all();
      const { number, hash } = seals.at(-1)!;
      const of = ['seals'] as const;
      expect(await auditLedger(test.owner(), { of, heads: [{ number, hash }] })).toEqual([]);

      await rolledBack(test.owner(), async (tx) => {
        await rows(tx, 'DELETE FROM ledger.seal WHERE number = $1', [number]);
        expect(await auditLedger(tx, { of })).toEqual([]);

        const [fault] = await auditLedger(tx, { of, heads: [{ number, hash }] });

        expect(fault).toMatchObject({ invariant: 'kept heads are there', id: String(parts) });
      });
      expect(
        await auditLedger(test.owner(), { of, heads: [{ number, hash: seals[0]!.hash }] }),
      ).toHaveLength(1);
    });

    it('hold when the words of an act are forgotten with the member, and show other ones', async () => {
      const memberId = await givenAct(test, 'Lives in Bern.');
      await givenSealed(test);
      const of = ['seals', 'acts'] as const;

      await rows(test.db('members'), 'SELECT platform.forget_member_acts($1)', [memberId]);

      expect(await auditLedger(test.owner(), { of })).toEqual([]);
      const words = `UPDATE platform.audit_event SET reason = 'Bern' WHERE subject_id = '${memberId}'`;
      const faults = await rolledBack(test.owner(), async (tx) => {
        await rows(tx, words);
        return auditLedger(tx, { of });
      });
      expect(faults.map(({ invariant }) => invariant)).toEqual(['acts say what they said']);
    });
  });
});

/** What of a lot never changes; of one that is settled from the first, its dates too. */
const sealedOfLot = [
  'member_id',
  'lot_id',
  'transfer_id',
  'currency',
  'issuer',
  'issue_price',
  'original',
  'origin_lot',
  'activates_at',
  'expires_at',
];

/** What of an act is sealed by its hash alone, so that it can be forgotten. */
const wordsOfActs = ['reason', 'changes', 'salt'];

/** SQL for a value that differs a little from the column's. */
function another(column: string, type: string): string {
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'text') return `coalesce(overlay(${column} placing '~' from 1), '')`;
  if (type.startsWith('timestamp')) {
    return `coalesce(nullif(${column}, 'infinity') + interval '1 microsecond', now())`;
  }
  if (type === 'bytea') return `sha256(${column})`;
  if (type === 'numeric') return `${column} + 0.0001`;
  // Another bit each time; not the lowest ones, or a version would be another row's.
  return `coalesce(${column}, 0) # (1::bigint << 12 + (random() * 16)::integer)`;
}

/** Statements that take away what would refuse damage. */
function checks(tx: Database): Promise<{ name: string }[]> {
  return rows(
    tx,
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS name
     FROM pg_constraint
     WHERE contype = 'c' AND conparentid = 0 AND conislocal
       AND conrelid IN ('ledger.transfer'::regclass, 'ledger.lot'::regclass, 'ledger.lot_use'::regclass)`,
  );
}
