import type { Database } from '../../../platform/database.ts';
import { emit } from '../../../platform/outbox.ts';
import { ActivityImport } from './entities.ts';

/** How an import ends. */
interface Ending {
  status: 'DONE' | 'FAILED' | 'CANCELLED';
  failure?: string | null;
  at: Date;
}

/** Ends an import that the caller has locked, and tells of it. */
export async function finish(
  tx: Database,
  { id, partnerId, sandbox }: ActivityImport,
  { status, failure, at }: Ending,
): Promise<ActivityImport> {
  await tx.update(ActivityImport, { id }, { status, failure: failure ?? null, finishedAt: at });
  await emit(tx, {
    type: 'import.finished',
    partnerId,
    payload: { importId: id, status, sandbox: String(sandbox) },
    occurredAt: at,
  });
  return tx.findOneByOrFail(ActivityImport, { id });
}
