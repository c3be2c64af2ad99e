import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { addDays } from '../../platform/calendar.ts';
import { type Database, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { decimal, parseInput } from '../../platform/input.ts';
import { Contract, Partner } from './entities.ts';
import { lockPartner, requireNotTerminated } from './partners.ts';
import type { Program } from './members.ts';

const terms = z.object({
  validFrom: z.iso.date().refine((day) => day >= '1970-01-01', 'must be in 1970 or later'),
  currency: z.string(),
  issuePrice: decimal,
  redemptionRate: decimal,
  backdateDays: z.int().min(0).max(3_650).nullish(),
});

/**
 * Signs a version of a partner's contract. The version before it ends the day before; beyond that,
 * a signed version never changes. The first one opens the sandbox to a DRAFT.
 *
 * @throws Refusal NOT_FOUND; INVALID; NOT_ALLOWED the partner is gone; CONFLICT the version does not
 *   start after the latest one, whose id is in the details
 */
export function signContract(
  db: Database,
  { partnerId, input }: { partnerId: string; input: unknown },
  { at, program }: { at: Date; program: Program },
): Promise<Partner> {
  const signed = parseInput(terms, input);
  if (signed.currency !== program.moneyCurrency) {
    throw new Refusal('INVALID', `Contracts are in ${program.moneyCurrency}.`, ['currency']);
  }
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    requireNotTerminated(partner);
    const latest = await tx.findOne(Contract, {
      where: { partnerId: partner.id },
      order: { version: 'DESC' },
    });
    if (latest && signed.validFrom <= latest.validFrom) {
      const message = `Version ${latest.version} is valid from ${latest.validFrom}: a new one starts later.`;
      throw new Refusal('CONFLICT', message, ['validFrom'], { subject: latest.id });
    }
    if (latest) {
      const validTo = addDays(signed.validFrom, -1);
      await tx.update(Contract, { id: latest.id }, { validTo });
    }
    await tx.insert(Contract, {
      id: randomUUID(),
      partnerId: partner.id,
      version: (latest?.version ?? 0) + 1,
      ...signed,
      backdateDays: signed.backdateDays ?? 180,
      signedAt: at,
    });
    if (partner.status !== 'DRAFT') return partner;
    partner.status = 'SANDBOX';
    return tx.save(partner);
  });
}

/** The version among these that is valid on a day; null for none. */
export function contractOn(contracts: readonly Contract[], day: string): Contract | null {
  return (
    contracts.find(
      ({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo),
    ) ?? null
  );
}
