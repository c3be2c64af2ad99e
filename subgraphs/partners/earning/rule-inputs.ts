import { z } from 'zod';
import { conditionField } from '../../../platform/conditions.ts';
import { code, decimal, eachOnce, points, title } from '../../../platform/input.ts';
import { compilePoints, compileRule } from './conditions.ts';
import { ownCurrencyIn } from './own-currencies.ts';
import type { EarnRule, Earning } from './rows.ts';

const stampCard = z
  .object({ code, stamps: z.int().min(1).max(1_000), points })
  .transform((card) => ({ ...card, points: Number(card.points) }));

const earning = z
  .object({
    spend: decimal.nullish(),
    fixed: points.nullish(),
    multiplier: decimal.refine((value) => Number(value) >= 1, 'must be 1 or more').nullish(),
    distance: decimal.nullish(),
    night: points.nullish(),
    stamp: stampCard.nullish(),
    expression: conditionField(compilePoints).nullish(),
  })
  .transform(({ fixed, night, ...others }): Earning => {
    const given = {
      ...others,
      fixed: fixed == null ? null : Number(fixed),
      night: night == null ? null : Number(night),
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
  })
  .refine((earns) => Object.keys(earns).length === 1, 'needs exactly one field');

const base = z
  .object({
    tax: z.boolean().nullish(),
    shipping: z.boolean().nullish(),
    beforeDiscount: z.boolean().nullish(),
    pointsPaid: z.boolean().nullish(),
  })
  .nullish()
  .transform((given) => ({
    tax: given?.tax ?? true,
    shipping: given?.shipping ?? false,
    beforeDiscount: given?.beforeDiscount ?? false,
    pointsPaid: given?.pointsPaid ?? false,
  }));

const cap = z
  .object({
    points,
    per: z.enum(['ACTIVITY', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'EVER']),
    mode: z.enum(['CLIP', 'REJECT']).nullish(),
  })
  .transform(({ points: most, per, mode }) => ({
    points: Number(most),
    per,
    mode: mode ?? ('CLIP' as const),
  }));

const earnRule = z
  .object({
    code,
    name: title,
    priority: z.int().nullish(),
    stackingGroup: code.nullish(),
    when: conditionField(compileRule).nullish(),
    earn: earning,
    awards: z.enum(['SPENDABLE', 'QUALIFYING', 'BOTH']).nullish(),
    base,
    roundedPer: z.enum(['ACTIVITY', 'ITEM']).nullish(),
    combine: z.enum(['ADDITIVE', 'MULTIPLICATIVE']).nullish(),
    caps: z
      .array(cap)
      .superRefine(eachOnce(({ per }) => per, ['per']))
      .nullish(),
    currency: code.nullish(),
  })
  .transform(({ currency, ...given }): EarnRule => ({
    ...given,
    ...(currency != null && { currency }),
    priority: given.priority ?? 0,
    stackingGroup: given.stackingGroup ?? null,
    when: given.when ?? null,
    // Points of a partner's own currency count for no tier of the coalition's.
    awards:
      currency != null && given.awards !== 'QUALIFYING' ? 'SPENDABLE' : (given.awards ?? 'BOTH'),
    roundedPer: given.roundedPer ?? 'ACTIVITY',
    combine: given.combine ?? 'ADDITIVE',
    caps: given.caps ?? [],
  }))
  .superRefine((rule, context) => {
    for (const { message, path } of faultsIn(rule)) {
      context.addIssue({ code: 'custom', message, path });
    }
  });

/** What a rule cannot be: what it says would count for nothing. */
function faultsIn({
  earn,
  awards,
  stackingGroup,
  currency,
}: EarnRule): { message: string; path: string[] }[] {
  const isBase = [earn.spend, earn.distance, earn.night].some((each) => each !== undefined);
  const faults = [];
  if (stackingGroup !== null && (isBase || earn.stamp)) {
    faults.push({ message: 'is for bonuses, and not for stamps', path: ['stackingGroup'] });
  }
  if (earn.stamp && awards === 'QUALIFYING') {
    faults.push({ message: 'a card gives points to spend', path: ['awards'] });
  }
  if (currency !== undefined && awards === 'QUALIFYING') {
    faults.push({ message: 'its currency counts for no tier', path: ['awards'] });
  }
  return faults;
}

/** An activity earns shared points, and those of one currency more. */
function oneOwnCurrency(rules: readonly EarnRule[], context: z.RefinementCtx): void {
  const first = ownCurrencyIn(rules);
  rules.forEach(({ currency }, index) => {
    if (currency === undefined || currency === first) return;
    const message = `other rules of the set earn ${first}: it has one currency of the partner's own`;
    context.addIssue({ code: 'custom', message, path: [index, 'currency'] });
  });
}

/** One card is the same in all rules that stamp it. */
function cardsOnce(rules: readonly EarnRule[], context: z.RefinementCtx): void {
  const cards = new Map<string, string>();
  rules.forEach(({ earn: { stamp }, currency }, index) => {
    if (!stamp) return;
    const card = JSON.stringify([stamp, currency]);
    if ((cards.get(stamp.code) ?? card) !== card) {
      const path = [index, 'earn', 'stamp'];
      context.addIssue({ code: 'custom', message: 'is another card under this code', path });
    }
    cards.set(stamp.code, card);
  });
}

/** The rules of a set: checked, with what was left out as it is by default. */
export const earnRules = z
  .array(earnRule)
  .min(1, 'needs a rule')
  .max(100, 'holds 100 rules at most')
  .superRefine(eachOnce((rule) => rule.code, ['code']))
  // A transform, and no refinement: those are asked of what are no rules, too.
  .transform((rules, context) => {
    cardsOnce(rules, context);
    oneOwnCurrency(rules, context);
    return rules;
  });
