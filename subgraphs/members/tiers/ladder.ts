import { z } from 'zod';
import { type Database, rows, selectOf } from '../../../platform/database.ts';
import { code, decimal, eachOnce, note, title } from '../../../platform/input.ts';
import { readRows } from '../../../platform/reads.ts';
import { Tier } from './entities.ts';

const benefit = z
  .object({ code, name: title, description: note.nullish() })
  .transform((given) => ({ ...given, description: given.description ?? null }));

const tierInput = z.object({
  code,
  name: title,
  threshold: z
    .bigint()
    .min(0n, 'must be 0 or more')
    .max(10n ** 12n, 'must be 10^12 or less'),
  earnMultiplier: decimal.refine((value) => Number(value) >= 1, 'must be 1 or more'),
  benefits: z
    .array(benefit)
    .max(100)
    .superRefine(eachOnce((each) => each.code, ['code'])),
});

/** The tiers that a program is to have: lowest first, none or up to 20. */
export const tiersInput = z
  .array(tierInput)
  .max(20)
  .superRefine(eachOnce((tier) => tier.code, ['code']))
  .superRefine((tiers, context) => {
    tiers.forEach(({ threshold }, rank) => {
      const path = [rank, 'threshold'];
      const below = tiers[rank - 1]?.threshold;
      if (below === undefined) {
        if (threshold === 0n) return;
        context.addIssue({ code: 'custom', message: 'of the lowest must be 0', path });
      } else if (threshold <= below) {
        context.addIssue({ code: 'custom', message: 'must be more than the one before', path });
      }
    });
  });

/** The program's tiers, the lowest first. */
export function listTiers(db: Database): Promise<Tier[]> {
  return readRows(db, selectOf(db, Tier, 'WHERE one.rank IS NOT NULL ORDER BY one.rank'));
}

/** Puts these in the place of all tiers. Those that are gone stay, without a rank, for who had them. */
export async function replaceTiers(
  tx: Database,
  tiers: z.output<typeof tiersInput>,
): Promise<{ before: Tier[]; after: Tier[] }> {
  const before = await listTiers(tx);
  await rows(tx, 'UPDATE members.tier SET rank = NULL WHERE rank IS NOT NULL');
  const after = tiers.map((tier, rank) => tx.create(Tier, { ...tier, rank }));
  if (after.length > 0) await tx.upsert(Tier, after, ['code']);
  return { before, after };
}
