import { type Database, rows } from '../../platform/database.ts';
import { accountChecks } from './accounts.ts';
import { type Check, type Subject, subjects } from './check.ts';
import { conversionChecks } from './conversions.ts';
import { lotChecks } from './lots.ts';
import { referenceChecks } from './references.ts';
import { type SealHead, headCheck, sealChecks } from './seals.ts';
import { summaryChecks } from './summaries.ts';
import { totalChecks } from './totals.ts';

/** Something in the ledger that breaks an invariant. */
export interface LedgerFault {
  invariant: string;
  /** Null where it is about no one member, as a seal. */
  memberId: string | null;
  currency: string | null;
  /** Of the movement, the lot, the hold, the key or the seal; null where it is the account's. */
  id: string | null;
  /** What is there, and what should be. */
  detail: string;
}

/** One invariant, proved over everything that it is about. */
export interface AuditedInvariant {
  invariant: string;
  /** What it is about, and how many there are. */
  of: Subject;
  count: bigint;
  faults: bigint;
  /** As many as were asked for. */
  first: LedgerFault[];
}

interface AuditOptions {
  /** What is proved: everything where left out. */
  of?: readonly Subject[];
  /** Heads of seals that somebody kept. */
  heads?: readonly SealHead[];
  /** How many faults of each invariant are told. */
  faultsMax?: number;
  /** Memory for each sort and hash, in kB: beyond it the server uses its disk. */
  memoryKb?: number;
}

const checks: readonly Check[] = [
  ...accountChecks,
  ...lotChecks,
  ...conversionChecks,
  ...referenceChecks,
  ...totalChecks,
  ...summaryChecks,
  ...sealChecks,
];

/** Whether there is something of this name whose invariants can be proved. */
export function isAudited(name: string): name is Subject {
  return Object.hasOwn(subjects, name);
}

/**
 * Proves the ledger's invariants over the whole of it, as it is at one instant: every balance, lot,
 * hold, conversion, reference, roll-up, summary and seal.
 *
 * @returns what breaks one; empty for a sound ledger
 */
export async function auditLedger(
  db: Database,
  options: AuditOptions = {},
): Promise<LedgerFault[]> {
  const found: LedgerFault[] = [];
  for await (const { first } of auditInvariants(db, options)) found.push(...first);
  return found;
}

/** The same, invariant by invariant as they are proved. */
export async function* auditInvariants(
  db: Database,
  { of, heads = [], faultsMax = 20, memoryKb = 65_536 }: AuditOptions = {},
): AsyncGenerator<AuditedInvariant> {
  const runner = db.queryRunner ?? db.connection.createQueryRunner();
  // A transaction of the caller's is looked into as it is.
  const isOwn = !runner.isTransactionActive;
  if (isOwn) await runner.startTransaction('REPEATABLE READ');
  const tx = runner.manager;
  try {
    if (isOwn) await rows(tx, 'SET LOCAL statement_timeout = 0');
    await rows(tx, `SELECT set_config('work_mem', $1, true), set_config('jit', 'off', true)`, [
      `${memoryKb}kB`,
    ]);
    const counts = await countsOf(tx);
    for (const check of checks) {
      if (of && !of.includes(check.of)) continue;
      yield* run(tx, check, { counts, faultsMax, values: [] });
    }
    if (heads.length > 0) {
      const values = [heads.map(({ number }) => number), heads.map(({ hash }) => hash)];
      yield* run(tx, headCheck, { counts, faultsMax, values });
    }
  } finally {
    // Nothing was written.
    if (isOwn) await runner.rollbackTransaction();
    if (!db.queryRunner) await runner.release();
  }
}

async function countsOf(tx: Database): Promise<Record<Subject, bigint>> {
  const columns = Object.entries(subjects).map(([name, sql]) => `(${sql}) AS "${name}"`);
  const [counts] = await rows<Record<Subject, bigint>>(tx, `SELECT ${columns.join(', ')}`);
  return counts!;
}

async function* run(
  tx: Database,
  { of, names, sql }: Check,
  {
    counts,
    faultsMax,
    values,
  }: { counts: Record<Subject, bigint>; faultsMax: number; values: unknown[] },
): AsyncGenerator<AuditedInvariant> {
  const found = await rows<LedgerFault & { faults: bigint }>(
    tx,
    `SELECT invariant, member_id AS "memberId", currency, id, detail, faults
     FROM (SELECT *, count(*) OVER (PARTITION BY invariant) AS faults,
                  row_number() OVER (PARTITION BY invariant ORDER BY member_id, currency, id) AS place
           FROM (${sql}) AS fault) AS listed
     WHERE place <= $1 ORDER BY invariant, place`,
    [faultsMax, ...values],
  );
  for (const invariant of names) {
    const own = found.filter((fault) => fault.invariant === invariant);
    yield {
      invariant,
      of,
      count: counts[of],
      faults: own[0]?.faults ?? 0n,
      first: own.map(({ memberId, currency, id, detail }) => ({
        invariant,
        memberId,
        currency,
        id,
        detail,
      })),
    };
  }
}
