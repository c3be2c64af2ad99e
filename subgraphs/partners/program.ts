import type { Database } from '../../platform/database.ts';
import { readRows } from '../../platform/reads.ts';

/** What the rules here see of the program. */
export interface Program {
  /** IANA name. */
  timeZone: string;
}

export async function readProgram(db: Database): Promise<Program> {
  const [row] = await readRows<Program>(
    db,
    'SELECT time_zone AS "timeZone" FROM members.program()',
  );
  return row!;
}
