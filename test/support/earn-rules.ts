import { randomUUID } from 'node:crypto';
import type { Usage } from '../../subgraphs/partners/earning/caps.ts';
import type { EarnCase } from '../../subgraphs/partners/earning/earning.ts';
import {
  type ActivityFacts,
  type Facts,
  type ItemFacts,
  noParticulars,
} from '../../subgraphs/partners/earning/facts.ts';
import type { EarnRule, Earning } from '../../subgraphs/partners/rows.ts';

/** A Monday noon at a shop: 10 euros, with nothing particular. */
export function earningFacts(
  activity: Partial<ActivityFacts> = {},
  items: Partial<ItemFacts>[] = [],
): Facts {
  const nothing = { sku: '', productType: '', category: '', brand: '', quantity: 1 };
  return {
    activity: {
      kind: 'PURCHASE',
      reference: 'till-1',
      amount: '10',
      currency: 'EUR',
      tax: '0',
      shipping: '0',
      discount: '0',
      pointsPaid: '0',
      occurredAt: new Date('2026-03-02T12:00:00Z'),
      dayOfWeek: 1,
      hour: 12,
      ...noParticulars,
      ...activity,
    },
    items: items.map((item) => ({ ...nothing, amount: '0', ...item })),
    member: { status: 'ACTIVE', tier: 'BLUE', segments: [] },
    partner: { code: 'SHOP', kind: 'RETAILER' },
  };
}

/** A member who has nothing by any rule. */
export const unused: Usage = { points: () => 0n, stamps: () => 0n };

/** The facts, with nothing else that would count. */
export function judged(facts: Facts, more: Partial<Omit<EarnCase, 'facts'>> = {}): EarnCase {
  const rates = { distance: '1', spend: '1', excluded: null };
  return { facts, tierMultiplier: '1', rates, usage: unused, ...more };
}

/** A rule that always applies; bonuses are to spend alone where nothing else is said. */
export function earnRule(earns: Earning, rest: Partial<EarnRule> = {}): EarnRule {
  const code = `R${randomUUID().slice(0, 8)}`.toUpperCase();
  const isBase = ['spend', 'distance', 'night'].some((each) => each in earns);
  return {
    code,
    name: rest.code ?? code,
    priority: 0,
    stackingGroup: null,
    when: null,
    earn: earns,
    awards: isBase ? 'BOTH' : 'SPENDABLE',
    base: { tax: true, shipping: false, beforeDiscount: false, pointsPaid: false },
    roundedPer: 'ACTIVITY',
    combine: 'ADDITIVE',
    caps: [],
    ...rest,
  };
}
