import { type Database, rows } from '../../../platform/database.ts';
import { readRows } from '../../../platform/reads.ts';

/** What the rules here see of a member. */
export interface MemberSnapshot {
  id: string;
  status: string;
  /** The code of the member's tier; null for none. */
  tier: string | null;
  /** Of that tier, an exact decimal; 1 for none. */
  earnMultiplier: string;
  /** The codes of the segments that hold the member. */
  segments: string[];
}

/** Whether activities are recorded of the member: of no one who is suspended or gone. */
export function mayEarn({ status }: Pick<MemberSnapshot, 'status'>): boolean {
  return status === 'ACTIVE' || status === 'PROVISIONAL';
}

/** Snapshots by id, as of an instant; without those that are unknown. */
export async function memberSnapshots(
  db: Database,
  ids: string[],
  at: Date,
): Promise<Map<string, MemberSnapshot>> {
  const found = await readRows<MemberSnapshot>(
    db,
    `SELECT id, status, tier, earn_multiplier AS "earnMultiplier", segments
     FROM members.snapshot($1, $2)`,
    [ids, at],
  );
  return new Map(found.map((member) => [member.id, member]));
}

interface AccountHolder {
  account: string;
  memberId: string;
  isNew: boolean;
}

/** The members behind a partner's accounts: who has none becomes a provisional one. */
export function enrolProvisional(
  tx: Database,
  accounts: string[],
  { partnerId, sandbox, at }: { partnerId: string; sandbox: boolean; at: Date },
): Promise<AccountHolder[]> {
  return rows(
    tx,
    `SELECT account, member_id AS "memberId", is_new AS "isNew"
     FROM members.enrol_provisional($1, $2, $3, $4)`,
    [partnerId, accounts, sandbox, at],
  );
}

/** Points that count for a member's tier. */
interface Qualifying {
  /** Of what earned them, or of what takes them back. */
  id: string;
  memberId: string;
  /** Below 0 where they are taken back. */
  points: bigint;
  /** When they were earned. */
  occurredAt: Date;
  postedAt: Date;
}

/**
 * Counts points for the tiers of those who earned them, who have a tier that they reach from then on; or
 * takes them back.
 * It locks them: call it before the ledger's functions.
 */
export async function qualify(tx: Database, earned: readonly Qualifying[]): Promise<void> {
  const credits = earned
    .filter(({ points }) => points !== 0n)
    .map(({ id, memberId, points, occurredAt }) => ({
      key: id,
      memberId,
      points: points.toString(),
      occurredAt,
    }));
  if (credits.length === 0) return;
  await rows(tx, 'SELECT members.qualify($1, $2)', [JSON.stringify(credits), earned[0]!.postedAt]);
}
