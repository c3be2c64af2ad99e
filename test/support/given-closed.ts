import { randomUUID } from 'node:crypto';
import { recordAct } from '../../platform/audit-log.ts';
import { rows } from '../../platform/database.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer } from './subgraph.ts';
import { until } from './until.ts';

/**
 * Seals everything that is posted: transactions of other tests on the same server may hold it up for a
 * moment. @returns how many movements and acts were sealed
 */
export function givenSealed(test: TestDatabase): Promise<number> {
  return closeAll(
    test,
    'SELECT ledger.seal(1000) AS count',
    'SELECT max(to_xact) FROM ledger.seal',
  );
}

/** Rolls everything up that is posted, in the same way. */
export function givenRolledUp(test: TestDatabase): Promise<number> {
  return closeAll(
    test,
    'SELECT ledger.roll_up(1000) AS count',
    `SELECT xact FROM ledger.watermark WHERE name = 'rollup'`,
  );
}

async function closeAll(test: TestDatabase, close: string, closed: string): Promise<number> {
  let done = 0;
  await until(async () => {
    const [row] = await rows<{ count: number }>(test.db('worker'), close);
    done += row!.count;
    const open = await rows(
      test.owner(),
      `SELECT FROM (SELECT xact FROM ledger.movement UNION ALL SELECT xact FROM platform.audit_event) AS t
       WHERE xact >= coalesce((${closed}), 0) LIMIT 1`,
    );
    return open.length === 0;
  });
  return done;
}

/** An act of staff in the audit log. @returns the id of what it was done to */
export async function givenAct(test: TestDatabase, reason = 'By the book'): Promise<string> {
  const id = randomUUID();
  const subject = { type: 'Member', id };
  const act = { action: 'setMemberStatus', subject, reason, after: { status: 'SUSPENDED' } };
  await recordAct(test.db('members'), adminViewer(), { ...act, at: new Date() });
  return id;
}
