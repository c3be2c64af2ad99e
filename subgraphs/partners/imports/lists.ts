import { z } from 'zod';
import { type Database, rows } from '../../../platform/database.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { ActivityImport, ImportRejection } from './entities.ts';

/** The cursor of rejections: their line. */
export const rejectionKeys = z.tuple([z.string().regex(/^\d{1,9}$/)]);

/** The imports of these partners that the viewer may see, of each the last to have been started first. */
export function importsOf(
  db: Database,
  partnerIds: readonly string[],
  page: Page,
  { audience, sandbox }: Viewer,
): Promise<ActivityImport[]> {
  return newestOf(db, ActivityImport, {
    owner: 'partner_id',
    ownerIds: partnerIds,
    page,
    by: 'started_at',
    where: '$5::boolean IS NULL OR one.sandbox = $5',
    values: [audience === 'PARTNER' ? sandbox : null],
  });
}

/** The rejected rows of these imports, by line. @returns of each at most one row more than the page has */
export function rejectionsOf(
  db: Database,
  importIds: readonly string[],
  { first, after }: Page,
): Promise<ImportRejection[]> {
  return rows(
    db,
    `SELECT r.import_id AS "importId", r.line, r.code, r.field, r.message
     FROM unnest($1::uuid[]) AS i (id) CROSS JOIN LATERAL (
       SELECT * FROM partners.import_rejection one
       WHERE one.import_id = i.id AND one.line > $2 ORDER BY one.line LIMIT $3) AS r
     ORDER BY r.line`,
    [importIds, after?.[0] ?? 0, first + 1],
  );
}

/** The next rejected rows of an import behind a line, so many at most. */
export function rejectionsAfter(
  db: Database,
  importId: string,
  { line, max }: { line: number; max: number },
): Promise<ImportRejection[]> {
  return rejectionsOf(db, [importId], { first: max - 1, after: [String(line)] });
}
