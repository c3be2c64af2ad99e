import { randomUUID } from 'node:crypto';
import { type FindOptionsWhere, IsNull, LessThanOrEqual, MoreThanOrEqual, Or } from 'typeorm';
import { openPartner } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import { addDays, lastOfMonth, startOfDay } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Partner } from '../brands/entities.ts';
import { lockPartner, requireNotTerminated } from '../brands/partners.ts';
import { isLimited } from '../credit/issues.ts';
import { readProgram } from '../program.ts';
import { lastClosed } from '../settlement/months.ts';
import { type SignContract, contractInput } from './contract-inputs.ts';
import { replaceRates } from './conversions.ts';
import { Contract } from './entities.ts';

/**
 * Signs a version of a partner's contract. The version before it ends the day before; beyond that,
 * a signed version never changes. The first one opens the sandbox to a DRAFT.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED the partner is gone; CONFLICT the version does not
 *   start after the latest one, whose id is in the details, or after the last month that is closed; and
 *   as `replaceRates`
 */
export async function signContract(
  db: Database,
  input: SignContract,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { partnerId, conversions: asked, ...terms } = parseInput(contractInput, input);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    requireNotTerminated(partner);
    const latest = await tx.findOne(Contract, {
      where: { partnerId: partner.id },
      order: { version: 'DESC' },
    });
    if (latest && terms.validFrom <= latest.validFrom) {
      const message = `Version ${latest.version} is valid from ${latest.validFrom}: a new one starts later.`;
      throw new Refusal('CONFLICT', message, ['validFrom'], { subject: latest.id });
    }
    if (latest) {
      await requireOpen(tx, terms.validFrom);
      const validTo = addDays(terms.validFrom, -1);
      await tx.update(Contract, { id: latest.id }, { validTo });
    }
    // It was opened with the invitation, but for one of a release in which that came later. Again: nothing.
    await openPartner(tx, partner.id);
    const { timeZone } = await readProgram(tx);
    const from = startOfDay(terms.validFrom, timeZone);
    const conversions = await replaceRates(
      tx,
      { partnerId: partner.id, conversions: asked },
      { latest, from },
    );
    const signed = { version: (latest?.version ?? 0) + 1, ...terms, conversions };
    const at = await clock.now(tx);
    await tx.insert(Contract, {
      id: randomUUID(),
      partnerId: partner.id,
      ...signed,
      signedAt: at,
    });
    await recordAct(tx, viewer, {
      action: 'signContract',
      subject: { type: 'Partner', id: partner.id },
      after: signed,
      at,
    });
    if (partner.status === 'DRAFT') partner.status = 'SANDBOX';
    partner.isLimited ||= isLimited(terms);
    return tx.save(partner);
  });
}

/**
 * A month that is closed stays as it was settled: what is cancelled later goes back at the same terms.
 *
 * @throws Refusal CONFLICT, with the month that is closed
 */
async function requireOpen(tx: Database, day: string): Promise<void> {
  const last = await lastClosed(tx);
  if (!last || day > lastOfMonth(last.month)) return;
  const message = `${last.month.slice(0, 7)} is closed: a new version starts after it.`;
  throw new Refusal('CONFLICT', message, ['validFrom'], { subject: last.month });
}

/** What a version meets that is valid on a day: of each partner one at most. */
export function validOn(day: string) {
  return {
    validFrom: LessThanOrEqual(day),
    validTo: Or(IsNull(), MoreThanOrEqual(day)),
  } satisfies FindOptionsWhere<Contract>;
}
