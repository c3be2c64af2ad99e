import { Big } from 'big.js';
import { weekTimeOf } from '../../../platform/calendar.ts';
import type { Partner } from '../brands/entities.ts';
import { type ActivityFacts, type Facts, noParticulars } from '../earning/facts.ts';
import type { MemberSnapshot } from './members.ts';
import type { Report } from './reports.ts';
import type { Particulars } from './rows.ts';

interface Seeing {
  member: MemberSnapshot;
  partner: Partner;
  /** What one of the money that was paid is worth in the contract's; null where it is that. */
  rate: string | null;
  timeZone: string;
}

/** What the rules see of a report: its money in the contract's currency, exactly. */
export function factsOf(report: Report, { member, partner, rate, timeZone }: Seeing): Facts {
  const { kind, reference, occurredAt, amount, tax, shipping, discount, pointsPaid } = report;
  const worth = (given: string) => (rate === null ? given : new Big(given).times(rate).toFixed());
  const worthOf = (money: { amount: string } | null | undefined) => worth(money?.amount ?? '0');
  return {
    activity: {
      kind,
      reference,
      occurredAt,
      ...weekTimeOf(occurredAt, timeZone),
      amount: worthOf(amount),
      currency: amount?.currency ?? '',
      tax: worthOf(tax),
      shipping: worthOf(shipping),
      discount: worthOf(discount),
      pointsPaid: worthOf(pointsPaid),
      ...particularFacts(report.particulars, worth),
    },
    items: (report.items ?? []).map((item) => ({
      sku: item.sku,
      productType: item.productType ?? '',
      category: item.category ?? '',
      brand: item.brand ?? '',
      quantity: item.quantity,
      amount: worthOf(item.amount),
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
