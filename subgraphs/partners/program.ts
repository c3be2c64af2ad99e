import { type Database, rows } from '../../platform/database.ts';

/** What the rules here see of the program. */
export interface Program {
  /** IANA name. */
  timeZone: string;
}

export async function readProgram(db: Database): Promise<Program> {
  const [row] = await rows<Program>(db, 'SELECT time_zone AS "timeZone" FROM members.program()');
  return row!;
}
