import { type Database, rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';

/**
 * What docs/ledger-distributed.md says of each table: one with `member_id` that is on neither list is
 * distributed by it, and one without it must be on a list.
 */
const reference = ['counter_account', 'currency', 'rate'];
const local = [
  'closed_month',
  'cohort_rollup',
  'counter_rollup',
  'detached_month',
  'issuer_rollup',
  'pending_rollup',
  'seal',
  'staged_accrual',
  'staged_file',
  'staged_reject',
  'watermark',
];

interface Fault {
  rule: string;
  table: string;
  /** The key, column, constraint, trigger or partition that breaks it. */
  name: string;
}

describe('the tables of the ledger', () => {
  const test = useTestDatabase();

  it('can be distributed by the member', async () => {
    expect(await faultsIn(test.owner())).toEqual([]);
  });

  it('are distributed, but for those that were looked at', async () => {
    const tables = await rows<{ name: string; kind: string }>(
      test.owner(),
      `${tablesSql} SELECT name, kind FROM kinds`,
      [reference, local],
    );
    const named = (kind: string) => tables.flatMap((t) => (t.kind === kind ? [t.name] : []));

    expect(named('distributed')).toEqual(
      expect.arrayContaining(['account', 'hold', 'idempotency', 'lot', 'lot_use', 'transfer']),
    );
    expect(named('reference').sort()).toEqual(reference);
    expect(named('unknown')).toEqual([]);
  });

  // A rule that finds nothing proves nothing until it finds a table that breaks it.
  const bad = 'CREATE TABLE ledger.bad (member_id uuid NOT NULL, id bigint';
  it.each<[string, string, Fault]>([
    [
      'a primary key without the member',
      `${bad} CONSTRAINT bad_pk PRIMARY KEY)`,
      { rule: 'key without the member', table: 'bad', name: 'bad_pk' },
    ],
    [
      'a unique index without the member',
      'CREATE UNIQUE INDEX lot_bad_uq ON ledger.lot (lot_id)',
      { rule: 'key without the member', table: 'lot', name: 'lot_bad_uq' },
    ],
    [
      'a unique index over a reckoned member',
      'CREATE UNIQUE INDEX lot_bad_uq ON ledger.lot ((member_id::text), lot_id)',
      { rule: 'key without the member', table: 'lot', name: 'lot_bad_uq' },
    ],
    [
      'a unique index that only carries the member',
      'CREATE UNIQUE INDEX lot_bad_uq ON ledger.lot (lot_id) INCLUDE (member_id)',
      { rule: 'key without the member', table: 'lot', name: 'lot_bad_uq' },
    ],
    ['no primary key', `${bad})`, { rule: 'no primary key', table: 'bad', name: 'bad' }],
    [
      'a member of another type',
      'CREATE TABLE ledger.bad (member_id text CONSTRAINT bad_pk PRIMARY KEY)',
      { rule: 'member of another type', table: 'bad', name: 'member_id' },
    ],
    [
      'a member that may be missing',
      'CREATE TABLE ledger.bad (member_id uuid, id bigint)',
      { rule: 'member that may be missing', table: 'bad', name: 'member_id' },
    ],
    [
      'a foreign key that leaves the member',
      `${bad}, other uuid, CONSTRAINT bad_fk FOREIGN KEY (other, id) REFERENCES ledger.bad,
        CONSTRAINT bad_pk PRIMARY KEY (member_id, id))`,
      { rule: 'foreign key to other rows', table: 'bad', name: 'bad_fk' },
    ],
    [
      'a foreign key to a local table',
      `${bad}, name text CONSTRAINT bad_fk REFERENCES ledger.watermark)`,
      { rule: 'foreign key to other rows', table: 'bad', name: 'bad_fk' },
    ],
    [
      'a foreign key from another schema',
      `CREATE TABLE members.bad (member_id uuid, currency text,
        CONSTRAINT bad_fk FOREIGN KEY (member_id, currency) REFERENCES ledger.account)`,
      { rule: 'foreign key to other rows', table: 'members.bad', name: 'bad_fk' },
    ],
    [
      'a foreign key from a reference table',
      `ALTER TABLE ledger.rate ADD member_id_too uuid, ADD CONSTRAINT bad_fk
        FOREIGN KEY (member_id_too, from_currency) REFERENCES ledger.account`,
      { rule: 'foreign key to other rows', table: 'rate', name: 'bad_fk' },
    ],
    [
      'a trigger',
      `CREATE TRIGGER bad BEFORE UPDATE ON ledger.transfer FOR EACH ROW
        EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
      { rule: 'trigger', table: 'transfer', name: 'bad' },
    ],
    [
      'a constraint that waits for the commit',
      'ALTER TABLE ledger.lot ADD CONSTRAINT bad_uq UNIQUE (member_id, original) DEFERRABLE',
      { rule: 'deferrable constraint', table: 'lot', name: 'bad_uq' },
    ],
    [
      'a sequence',
      'ALTER TABLE ledger.hold ADD bad bigserial',
      { rule: 'sequence', table: 'hold', name: 'bad' },
    ],
    [
      'an identity',
      'ALTER TABLE ledger.hold ADD bad bigint GENERATED ALWAYS AS IDENTITY',
      { rule: 'sequence', table: 'hold', name: 'bad' },
    ],
    [
      'partitions of partitions',
      `CREATE TABLE ledger.bad PARTITION OF ledger.transfer FOR VALUES FROM ('1999-01-01') TO
        ('1999-02-01') PARTITION BY RANGE (posted_at)`,
      { rule: 'partitions of partitions', table: 'transfer', name: 'bad' },
    ],
  ])('are caught with %s', async (_, change, fault) => {
    await test.owner().transaction(async (tx) => {
      await rows(tx, change);
      const faults = await faultsIn(tx);
      await rows(tx, 'ROLLBACK; BEGIN');

      expect(faults).toContainEqual(fault);
    });
  });
});

/** The ledger's tables, how each is kept, and the number of its `member_id` column. */
const tablesSql = `
  WITH kinds AS (
    SELECT c.oid, c.relname::text AS name, m.attnum, m.atttypid, m.attnotnull,
           CASE WHEN c.relname = ANY ($1) THEN 'reference' WHEN c.relname = ANY ($2) THEN 'local'
                WHEN m.attnum IS NOT NULL THEN 'distributed' ELSE 'unknown' END AS kind
    FROM pg_class c
    LEFT JOIN pg_attribute m ON m.attrelid = c.oid AND m.attname = 'member_id'
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  )`;

/** What keeps the ledger's tables from being distributed, by the catalog. */
function faultsIn(db: Database): Promise<Fault[]> {
  return rows(
    db,
    `${tablesSql}, distributed AS (
       SELECT * FROM kinds WHERE kind = 'distributed'
     )
     SELECT 'key without the member' AS rule, name AS table, c.relname AS name
     FROM distributed d JOIN pg_index i ON i.indrelid = d.oid JOIN pg_class c ON c.oid = i.indexrelid
     WHERE (i.indisunique OR i.indisexclusion)
       -- Included columns stand behind those of the key.
       AND NOT d.attnum = ANY ((i.indkey::smallint[])[0:i.indnkeyatts - 1])
     UNION ALL
     SELECT 'no primary key', name, name FROM distributed d
     WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = d.oid AND i.indisprimary)
     UNION ALL
     SELECT 'member of another type', name, 'member_id' FROM distributed
     WHERE atttypid <> 'uuid'::regtype
     UNION ALL
     SELECT 'member that may be missing', name, 'member_id' FROM distributed WHERE NOT attnotnull
     UNION ALL
     SELECT 'foreign key to other rows', coalesce(k.name, f.conrelid::regclass::text), f.conname
     FROM pg_constraint f
     LEFT JOIN kinds k ON k.oid = f.conrelid
     LEFT JOIN kinds target ON target.oid = f.confrelid
     WHERE f.contype = 'f' AND f.conparentid = 0 AND (k.oid IS NOT NULL OR target.oid IS NOT NULL)
       AND CASE target.kind
             WHEN 'reference' THEN false
             WHEN 'distributed' THEN k.kind IS DISTINCT FROM 'distributed'
               OR array_position(f.conkey, k.attnum) IS DISTINCT FROM
                  array_position(f.confkey, target.attnum)
               OR array_position(f.conkey, k.attnum) IS NULL
             ELSE true END
     UNION ALL
     SELECT 'trigger', name, tgname FROM distributed d JOIN pg_trigger t ON t.tgrelid = d.oid
     WHERE NOT t.tgisinternal
     UNION ALL
     SELECT 'deferrable constraint', name, conname
     FROM distributed d JOIN pg_constraint c ON c.conrelid = d.oid WHERE c.condeferrable
     UNION ALL
     SELECT 'sequence', name, a.attname
     FROM distributed d JOIN pg_attribute a ON a.attrelid = d.oid
     LEFT JOIN pg_attrdef f ON f.adrelid = d.oid AND f.adnum = a.attnum
     WHERE a.attidentity <> '' OR pg_get_expr(f.adbin, f.adrelid) LIKE '%nextval%'
     UNION ALL
     SELECT 'partitions of partitions', name, c.relname
     FROM distributed d JOIN pg_inherits i ON i.inhparent = d.oid JOIN pg_class c ON c.oid = i.inhrelid
     WHERE c.relkind = 'p'`,
    [reference, local],
  );
}
