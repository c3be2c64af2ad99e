import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Database, columnsOf, rows } from '../../../platform/database.ts';
import type { Limits } from '../../../platform/limits.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  instantKey,
  readPage,
} from '../../../platform/paging.ts';
import { RiskCase } from './entities.ts';

/** What is held back, and why. */
type Held = Pick<
  RiskCase,
  'action' | 'subjectId' | 'memberId' | 'points' | 'reasons' | 'openedAt' | 'dueAt'
>;

/** Puts something into the queue that was held back. Its points are set aside by the caller. */
export async function openCase(tx: Database, held: Held): Promise<void> {
  const open = { id: randomUUID(), status: 'OPEN', partnerId: null } as const;
  await tx.insert(RiskCase, { ...open, ...held, decidedBy: null, decidedBecause: null });
}

/** A case as it stands at an instant: nobody decides it any more once it is due. */
export function standing(row: RiskCase, at: Date): RiskCase {
  const isOver = row.status === 'OPEN' && row.dueAt <= at;
  return isOver ? Object.assign(row, { status: 'EXPIRED' as const }) : row;
}

const dueKeys = z.tuple([instantKey, z.uuid()]);

/** Checks what a client asks of the queue: it goes by when cases are due. */
export function readCasePage(request: PageRequest, limits: Limits): Page {
  return readPage(request, dueKeys, limits);
}

/** A page of the queue, the first that is due first; of every status where that is null. */
export async function riskCases(
  db: Database,
  status: RiskCase['status'] | null,
  page: Page,
  at: Date,
): Promise<Connection<RiskCase>> {
  const [dueAt, lastId] = page.after ?? [null, null];
  const found = await rows<RiskCase>(
    db,
    `SELECT ${columnsOf(db, RiskCase, 'c')} FROM members.risk_case c
     WHERE (c.due_at, c.id) > (coalesce($1::timestamptz, '-infinity'),
         coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'))
       AND CASE $3::text
         WHEN 'OPEN' THEN c.status = 'OPEN' AND c.due_at > $4
         WHEN 'EXPIRED' THEN c.status = 'EXPIRED' OR c.status = 'OPEN' AND c.due_at <= $4
         ELSE $3 IS NULL OR c.status = $3 END
     ORDER BY c.due_at, c.id LIMIT $5`,
    [dueAt, lastId, status, at, page.first + 1],
  );
  return connection(
    found.map((row) => standing(row, at)),
    page,
    (row) => [row.dueAt.toISOString(), row.id],
  );
}
