import type { Database } from '../../../platform/database.ts';
import { SettlementMonth } from './entities.ts';

/** The month that was closed last; null before the first. */
export async function lastClosed(db: Database): Promise<SettlementMonth | null> {
  const [last] = await db.find(SettlementMonth, { order: { month: 'DESC' }, take: 1 });
  return last ?? null;
}
