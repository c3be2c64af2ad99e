import { Big } from 'big.js';
import { type ActivityFacts, type Facts, type ItemFacts, noParticulars } from '../earning/facts.ts';
import type { MemberSnapshot } from './members.ts';
import type { Report } from './reports.ts';
import type { Particulars } from './rows.ts';

/** What a partner told of an activity, reported or recorded. */
export interface Told {
  kind: string;
  reference: string;
  occurredAt: Date;
  /** In whole units of the currency, exact decimals. */
  amount: string | null;
  currency: string | null;
  tax: string;
  shipping: string;
  discount: string;
  pointsPaid: string;
  items: ToldItem[] | null;
  particulars: Particulars | null;
}

type ToldItem = Pick<ItemFacts, 'sku' | 'quantity' | 'amount'> & {
  [name in 'productType' | 'category' | 'brand']?: string | null | undefined;
};

interface Seeing {
  member: MemberSnapshot;
  partner: Facts['partner'];
  /** What one of the money that was paid is worth in the contract's; null where it is that. */
  rate: string | null;
  /** Where it falls in the week of the program's time zone. */
  weekTime: Pick<ActivityFacts, 'dayOfWeek' | 'hour'>;
}

/** What a report tells, as its activity would keep it. */
export function toldBy(report: Report): Told {
  const { kind, reference, occurredAt, amount, items, particulars } = report;
  return {
    kind,
    reference,
    occurredAt,
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    tax: report.tax?.amount ?? '0',
    shipping: report.shipping?.amount ?? '0',
    discount: report.discount?.amount ?? '0',
    pointsPaid: report.pointsPaid?.amount ?? '0',
    items: items?.map((item) => ({ ...item, amount: item.amount.amount })) ?? null,
    particulars,
  };
}

/** What the rules see of what was told: its money in the contract's currency, exactly. */
export function factsOf(told: Told, { member, partner, rate, weekTime }: Seeing): Facts {
  const { kind, reference, occurredAt } = told;
  const worth = (given: string) => (rate === null ? given : new Big(given).times(rate).toFixed());
  return {
    activity: {
      kind,
      reference,
      occurredAt,
      dayOfWeek: weekTime.dayOfWeek,
      hour: weekTime.hour,
      amount: worth(told.amount ?? '0'),
      currency: told.currency ?? '',
      tax: worth(told.tax),
      shipping: worth(told.shipping),
      discount: worth(told.discount),
      pointsPaid: worth(told.pointsPaid),
      ...particularFacts(told.particulars, worth),
    },
    items: (told.items ?? []).map((item) => ({
      sku: item.sku,
      productType: item.productType ?? '',
      category: item.category ?? '',
      brand: item.brand ?? '',
      quantity: item.quantity,
      amount: worth(item.amount),
    })),
    member: { status: member.status, tier: member.tier ?? '', segments: member.segments },
    partner,
  };
}

/** What was not given is an empty text, or nothing. */
function particularFacts(
  given: Particulars | null,
  worth: (amount: string) => string,
): Pick<ActivityFacts, keyof typeof noParticulars> {
  const { flight, stay, card, ride, engagement } = given ?? {};
  const revenue = stay?.roomRevenue ?? null;
  return {
    flight: flight ?? noParticulars.flight,
    stay: stay
      ? {
          ...stay,
          ratePlan: stay.ratePlan ?? '',
          roomRevenue: revenue === null ? null : worth(revenue),
        }
      : noParticulars.stay,
    card: card ? { ...card, merchant: card.merchant ?? '' } : noParticulars.card,
    ride: ride ? { ...ride, distanceKm: ride.distanceKm ?? '0' } : noParticulars.ride,
    engagement: engagement ?? '',
  };
}
