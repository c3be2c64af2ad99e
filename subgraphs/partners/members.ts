import { type Database, rows } from '../../platform/database.ts';

/** A reference to a member as a client gives it: exactly one field is set. */
export interface MemberRef {
  id?: string | null | undefined;
  memberNumber?: string | null | undefined;
  email?: string | null | undefined;
}

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

/** The id of the member that the partner names; null where there is none in its world. */
export async function resolveMember(
  db: Database,
  ref: MemberRef,
  partner: { partnerId: string; sandbox: boolean },
): Promise<string | null> {
  const [row] = await rows<{ id: string | null }>(db, 'SELECT members.resolve($1, $2, $3) AS id', [
    ref,
    partner.partnerId,
    partner.sandbox,
  ]);
  return row!.id;
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
