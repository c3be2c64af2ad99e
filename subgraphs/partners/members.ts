import { type Database, rows } from '../../platform/database.ts';

/** What the rules here see of a member. */
export interface MemberSnapshot {
  id: string;
  status: string;
}

export interface Program {
  /** IANA name. */
  timeZone: string;
  /** ISO 4217: what contracts and amounts are in. */
  moneyCurrency: string;
}

export async function memberSnapshot(db: Database, id: string): Promise<MemberSnapshot> {
  const [row] = await rows<MemberSnapshot>(db, 'SELECT id, status FROM members.snapshot($1)', [
    [id],
  ]);
  return row!;
}

export async function readProgram(db: Database): Promise<Program> {
  const [row] = await rows<Program>(
    db,
    'SELECT time_zone AS "timeZone", money_currency AS "moneyCurrency" FROM members.program()',
  );
  return row!;
}
