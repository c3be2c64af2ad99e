import type { Database } from '../../../platform/database.ts';
import { LifetimeValueFit } from './entities.ts';

/** What was fitted last; null before the first time. */
export async function lastFit(db: Database): Promise<LifetimeValueFit | null> {
  const [fit] = await db.find(LifetimeValueFit, { order: { fittedAt: 'DESC' }, take: 1 });
  return fit ?? null;
}
