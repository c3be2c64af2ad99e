import type { DataSource } from 'typeorm';
import { databaseClock as clock } from '../../platform/clock.ts';
import { roleOf } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import { rows } from '../../platform/database.ts';
import { type Limits, limits } from '../../platform/limits.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { ActivityImport, ImportRejection } from '../../subgraphs/partners/entities.ts';
import { workOnNext } from '../../subgraphs/partners/imports/working.ts';
import { type TestDatabase, entitiesOf } from './database.ts';
import { givenPartner } from './given-partners.ts';
import { partnerViewer } from './subgraph.ts';

export const header = 'reference,customer,occurred_at,amount,currency';
export const today = new Date().toISOString();

/** Rows of 20 customers, of 1.50 each: a point. */
export function plainRows(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `r-${i + from},c-${i % 20},${today},1.50,EUR`);
}

export function fileOf(lines: string[]): string {
  return [header, ...lines].join('\n');
}

export function facts(viewer: Viewer, own: Partial<Limits> = {}) {
  return { viewer, clock, limits: { ...limits, ...own } };
}

/** With the patience of a worker: no client waits for it. */
const patient = { ...limits, statementMs: limits.importStatementMs, poolConnections: 8 };

/** A worker's connections for the tests of a file, and what is seen of imports in its database. */
export function useImports(test: TestDatabase) {
  const db = () => test.db('partners');
  let worker: DataSource;
  beforeAll(async () => (worker = await openWorker('imports')));
  afterAll(() => worker.destroy());

  function openWorker(name: string): Promise<DataSource> {
    return openDatabase(test.url(roleOf('partners')), entitiesOf.partners, patient, name);
  }

  /** Works until nothing waits, as a worker does that has all the time. */
  async function workOff(): Promise<void> {
    while ((await workOnNext(worker.manager, { clock, mayGoOn: () => true })) !== null);
  }

  async function givenShop(): Promise<Viewer> {
    return partnerViewer(await givenPartner(test), ['ACCRUALS_WRITE']);
  }

  const found = ({ id }: { id: string }) => db().findOneByOrFail(ActivityImport, { id });
  const rejected = ({ id }: { id: string }) =>
    db().find(ImportRejection, { where: { importId: id }, order: { line: 'ASC' } });

  /** What the database holds of a partner: counted in SQL. */
  async function held({ partnerId }: Viewer) {
    const [row] = await rows<Record<string, number>>(
      test.owner(),
      `SELECT (SELECT count(*)::int FROM partners.activity_upload WHERE partner_id = $1) AS uploads,
              (SELECT count(*)::int FROM partners.activity_upload_piece p
               JOIN partners.activity_upload u ON u.id = p.upload_id WHERE partner_id = $1) AS pieces,
              (SELECT count(*)::int FROM partners.activity_import WHERE partner_id = $1) AS imports,
              (SELECT count(*)::int FROM partners.activity WHERE partner_id = $1) AS activities,
              (SELECT coalesce(sum(t.points), 0)::int FROM partners.activity a
               JOIN ledger.transfer t ON t.source_id = a.id WHERE a.partner_id = $1) AS moved,
              (SELECT count(*)::int FROM members.partner_account WHERE partner_id = $1) AS accounts`,
      [partnerId],
    );
    return row!;
  }

  /** What its members have left of it. */
  async function pointsOf({ partnerId }: Viewer): Promise<number> {
    const [row] = await rows<{ points: number }>(
      test.owner(),
      `SELECT sum(a.balance - a.debt)::int AS points FROM ledger.account a
       JOIN members.partner_account p ON p.member_id = a.member_id WHERE p.partner_id = $1`,
      [partnerId],
    );
    return row!.points;
  }

  return {
    db,
    worker: () => worker,
    openWorker,
    workOff,
    givenShop,
    found,
    rejected,
    held,
    pointsOf,
  };
}
