import { z } from 'zod';
import type { AuditEvent } from '../../../platform/audit-log.ts';
import { addDays, startOfDay } from '../../../platform/calendar.ts';
import { type Database, rows } from '../../../platform/database.ts';
import { badInput } from '../../../platform/errors.ts';
import type { Limits } from '../../../platform/limits.ts';
import {
  type Connection,
  type Page,
  type PageRequest,
  connection,
  readPage,
} from '../../../platform/paging.ts';
import { readPeriod } from '../points/statements.ts';

const sequenceKey = z.tuple([z.string().regex(/^\d{1,18}$/)]);

/** Which acts a list holds. What is null or left out does not narrow it. */
export interface AuditSelection {
  actor?: string | null;
  action?: string | null;
  /** Type and id: "Member:5f0c…". */
  subject?: string | null;
  /** Both days count, in the program's time zone. */
  period?: { from: string; to: string } | null;
}

/** Checks what a client asks of the log: it goes by the order of recording. */
export function readAuditPage(request: PageRequest, limits: Limits): Page {
  return readPage(request, sequenceKey, limits);
}

/**
 * Acts, the last recorded first.
 *
 * @throws GraphQLError BAD_USER_INPUT where a subject is not of type and id, or a period ends before it begins
 */
export async function listActs(
  db: Database,
  { actor, action, subject, period }: AuditSelection,
  { page, timeZone }: { page: Page; timeZone: string },
): Promise<Connection<AuditEvent>> {
  const [type, id] = subject == null ? [null, null] : readSubject(subject);
  const days = readPeriod(period);
  const read = await rows<AuditEvent>(
    db,
    `SELECT sequence, id, occurred_at AS "occurredAt", actor, audience, partner_id AS "partnerId", action,
            subject_type AS "subjectType", subject_id AS "subjectId", reason, changes
     FROM platform.audit_event
     WHERE ($1::bigint IS NULL OR sequence < $1)
       AND ($2::text IS NULL OR actor = $2) AND ($3::text IS NULL OR action = $3)
       AND ($4::text IS NULL OR subject_type = $4 AND subject_id = $5)
       AND ($6::timestamptz IS NULL OR occurred_at >= $6)
       AND ($7::timestamptz IS NULL OR occurred_at < $7)
     ORDER BY sequence DESC LIMIT $8`,
    [
      page.after?.[0] ?? null,
      actor ?? null,
      action ?? null,
      type,
      id,
      days ? startOfDay(days.from, timeZone) : null,
      days ? startOfDay(addDays(days.to, 1), timeZone) : null,
      page.first + 1,
    ],
  );
  return connection(read, page, ({ sequence }) => [String(sequence)]);
}

function readSubject(subject: string): [string, string] {
  const [, type, id] = /^([A-Za-z]+):(.+)$/s.exec(subject) ?? [];
  if (!type || !id)
    throw badInput('filter.subject: must be a type and an id, as in "Member:5f0c".');
  return [type, id];
}
