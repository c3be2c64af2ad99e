/** Rules that earn in a currency of their partner's own, beside the shared one. */
import { currencies } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { EarnRule } from './rows.ts';

/** The partner's own currency that some of these rules earn; null where all earn the shared one. */
export function ownCurrencyIn(rules: readonly EarnRule[]): string | null {
  return rules.find(({ currency }) => currency !== undefined)?.currency ?? null;
}

/**
 * Asks whether the currency that rules name is the partner's own, and can be spent.
 *
 * @param path to the rules
 * @throws Refusal NOT_FOUND there is no such currency; NOT_ALLOWED
 */
export async function requireOwnCurrency(
  tx: Database,
  { partnerId, rules }: { partnerId: string; rules: readonly EarnRule[] },
  path: string[],
): Promise<void> {
  const index = rules.findIndex(({ currency }) => currency !== undefined);
  if (index < 0) return;
  const { currency } = rules[index]!;
  const at = [...path, String(index), 'currency'];
  const found = (await currencies(tx)).find(({ code }) => code === currency);
  if (!found) throw new Refusal('NOT_FOUND', 'There is no such currency.', at);
  if (found.issuer !== partnerId) {
    const message = "It is not the partner's own: a rule without a currency earns the shared one.";
    throw new Refusal('NOT_ALLOWED', message, at);
  }
  if (found.kind !== 'SPENDABLE') {
    throw new Refusal('NOT_ALLOWED', 'Points of this currency cannot be spent.', at);
  }
}
