import { z } from 'zod';
import { saveLedgerCurrency } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, id, parseInput, title } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { SubgraphContext } from '../loaders.ts';
import { Program } from './entities.ts';

/** A currency that the program counts, by its code; null for none. */
export async function findCurrency(code: string, { loaders }: SubgraphContext) {
  return (await loaders.currencies()).find((currency) => currency.code === code) ?? null;
}

const currencyInput = z.object({
  code,
  name: title,
  kind: z.enum(['SPENDABLE', 'QUALIFYING']).nullish(),
  issuerId: id.nullish(),
});

/**
 * Makes a currency, or gives it another name. The same again changes nothing.
 *
 * @throws Refusal INVALID with the path of the field at fault; NOT_FOUND there is no such issuer;
 *   CONFLICT kind or issuer would change of a currency that members have
 */
export async function saveCurrency(
  db: Database,
  input: z.input<typeof currencyInput>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const { issuerId, kind, ...named } = parseInput(currencyInput, input);
  const currency = { ...named, kind: kind ?? ('SPENDABLE' as const), issuer: issuerId ?? null };
  return transaction(db, async (tx) => {
    await saveLedgerCurrency(tx, currency).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.inputPath[0] !== 'issuer') throw error;
      throw new Refusal(error.code, 'There is no such partner.', ['issuerId']);
    });
    await recordAct(tx, viewer, {
      action: 'saveCurrency',
      subject: { type: 'PointsCurrency', id: currency.code },
      after: currency,
      at: await clock.now(tx),
    });
    const [program] = await tx.find(Program);
    return program!;
  });
}
