import { randomUUID } from 'node:crypto';
import { rows } from '../../platform/database.ts';
import type { TestDatabase } from './database.ts';
import { noon } from './given-points.ts';

/** A movement as a row of the ledger, with what it does to the member's lots. */
export interface Written {
  memberId: string;
  kind: string;
  /** What the balance and the debt change by. */
  points: bigint;
  debt?: bigint;
  /** The kind of the counter account, and whose it is; none for a repayment. */
  counter?: [kind: string, owner: string | null];
  at?: Date;
  effectiveAt?: Date;
  otherMemberId?: string;
  makes?: Lot;
  /** What it takes from lots; below zero for what it gives back. */
  uses?: { lotId: string; points: bigint }[];
}

interface Lot {
  lotId: string;
  issuerId?: string | null;
  issuePrice?: string;
  activatesAt?: Date | 'infinity';
  expiresAt?: Date;
  cancelsAt?: Date;
  originLot?: string;
}

/**
 * Writes movements into the tables as the owner, in the order in which they were posted: for books of
 * long ago, and to reckon apart from what posts them. The first has the transaction number 1.
 */
export async function writeBooks(
  test: TestDatabase,
  movements: readonly Written[],
  currency = 'PTS',
): Promise<void> {
  const accounts = new Map<string, { balance: bigint; debt: bigint; version: number }>();
  const lots = new Map<string, Record<string, unknown> & { remaining: bigint }>();
  const uses: object[] = [];
  const transfers = movements.map((movement, index) => {
    const { memberId, points, debt = 0n, at = noon, makes } = movement;
    const before = accounts.get(memberId) ?? { balance: 0n, debt: 0n, version: 0 };
    const after = {
      balance: before.balance + points,
      debt: before.debt + debt,
      version: before.version + 1,
    };
    accounts.set(memberId, after);
    // What earns makes one lot, which has its id.
    const isOwn = makes && ['ACCRUAL', 'ADJUSTMENT'].includes(movement.kind);
    const key = {
      member_id: memberId,
      transfer_id: isOwn ? makes.lotId : randomUUID(),
      currency,
    };
    if (makes) {
      lots.set(makes.lotId, {
        ...key,
        lot_id: makes.lotId,
        issuer: makes.issuerId ?? null,
        issue_price: makes.issuePrice ?? '0',
        original: points,
        remaining: points,
        activates_at: makes.activatesAt ?? at,
        expires_at: makes.expiresAt,
        cancels_at: makes.cancelsAt,
        origin_lot: makes.originLot,
        held: 0,
        expires_by_policy: false,
      });
    }
    for (const use of movement.uses ?? []) {
      lots.get(use.lotId)!.remaining -= use.points;
      const { member_id, transfer_id } = key;
      uses.push({ member_id, transfer_id, lot_id: use.lotId, points: use.points });
    }
    return {
      ...key,
      account_version: after.version,
      kind: movement.kind,
      points,
      debt,
      balance_after: after.balance,
      debt_after: after.debt,
      counter_kind: movement.counter?.[0],
      counter_owner: movement.counter?.[1],
      effective_at: movement.effectiveAt ?? at,
      posted_at: at,
      other_member_id: movement.otherMemberId,
      description: 'Written',
      xact: index + 1,
    };
  });
  await write(
    test,
    'account',
    [...accounts].map(([member_id, account]) => ({
      member_id,
      currency,
      held: 0,
      posted_at: noon,
      active_at: noon,
      ...account,
    })),
  );
  await rows(
    test.owner(),
    `INSERT INTO ledger.counter_account (kind, owner)
     SELECT DISTINCT counter_kind, counter_owner
     FROM jsonb_to_recordset($1) AS t (counter_kind text, counter_owner uuid)
     WHERE counter_kind IS NOT NULL ON CONFLICT DO NOTHING`,
    [text(transfers)],
  );
  await rows(
    test.owner(),
    `INSERT INTO ledger.transfer (member_id, transfer_id, currency, account_version, kind, points,
       debt, balance_after, debt_after, counter_account, effective_at, posted_at, other_member_id,
       description, xact)
     SELECT t.member_id, t.transfer_id, t.currency, t.account_version, t.kind, t.points, t.debt,
            t.balance_after, t.debt_after, c.id, t.effective_at, t.posted_at, t.other_member_id,
            t.description, t.xact
     FROM jsonb_array_elements($1) AS item
     CROSS JOIN jsonb_populate_record(NULL::ledger.transfer, item) AS t
     LEFT JOIN ledger.counter_account c ON c.kind = item ->> 'counter_kind'
       AND c.owner IS NOT DISTINCT FROM (item ->> 'counter_owner')::uuid`,
    [text(transfers)],
  );
  await write(test, 'lot', [...lots.values()]);
  await write(test, 'lot_use', uses);
}

async function write(test: TestDatabase, table: string, all: object[]): Promise<void> {
  const columns = [...new Set(all.flatMap((row) => Object.keys(row)))].join(', ');
  if (columns === '') return;
  await rows(
    test.owner(),
    `INSERT INTO ledger.${table} (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(NULL::ledger.${table}, $1)`,
    [text(all)],
  );
}

function text(all: object[]): string {
  return JSON.stringify(all, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}

/** Adds up the movements of the transactions before a number, as the worker does from time to time. */
export async function rollUp(test: TestDatabase, xact: number): Promise<void> {
  await rows(
    test.owner(),
    `INSERT INTO ledger.counter_rollup (counter_account, currency, kind, day, points, movements)
     SELECT counter_account, currency, t.kind, (posted_at AT TIME ZONE time_zone)::date,
            sum(debt - points), count(*)
     FROM ledger.transfer t JOIN ledger.currency ON code = currency
     WHERE xact < $1 AND counter_account IS NOT NULL GROUP BY 1, 2, 3, 4`,
    [xact],
  );
  await rows(test.owner(), `UPDATE ledger.watermark SET xact = $1 WHERE name = 'rollup'`, [xact]);
}
