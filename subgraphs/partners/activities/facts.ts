import { weekTimeOf } from '../../../platform/calendar.ts';
import type { Partner } from '../brands/entities.ts';
import { type ActivityFacts, type Facts, noParticulars } from '../earning/facts.ts';
import type { MemberSnapshot } from './members.ts';
import type { Report } from './reports.ts';
import type { Particulars } from './rows.ts';

/** What the rules see of a report. */
export function factsOf(
  report: Report,
  { member, partner, timeZone }: { member: MemberSnapshot; partner: Partner; timeZone: string },
): Facts {
  const { kind, reference, occurredAt, amount, tax, shipping, discount, pointsPaid } = report;
  const { particulars } = report;
  return {
    activity: {
      kind,
      reference,
      occurredAt,
      ...weekTimeOf(occurredAt, timeZone),
      amount: amount?.amount ?? '0',
      currency: amount?.currency ?? '',
      tax: tax?.amount ?? '0',
      shipping: shipping?.amount ?? '0',
      discount: discount?.amount ?? '0',
      pointsPaid: pointsPaid?.amount ?? '0',
      ...particularFacts(particulars),
    },
    items: (report.items ?? []).map((item) => ({
      sku: item.sku,
      productType: item.productType ?? '',
      category: item.category ?? '',
      brand: item.brand ?? '',
      quantity: item.quantity,
      amount: item.amount.amount,
    })),
    member: { status: member.status, tier: member.tier ?? '', segments: member.segments },
    partner,
  };
}

/** What was not given is an empty text, or nothing. */
function particularFacts(
  given: Particulars | null,
): Pick<ActivityFacts, keyof typeof noParticulars> {
  const { flight, stay, card, ride, engagement } = given ?? {};
  return {
    flight: flight ?? noParticulars.flight,
    stay: stay ? { ...stay, ratePlan: stay.ratePlan ?? '' } : noParticulars.stay,
    card: card ? { ...card, merchant: card.merchant ?? '' } : noParticulars.card,
    ride: ride ? { ...ride, distanceKm: ride.distanceKm ?? '0' } : noParticulars.ride,
    engagement: engagement ?? '',
  };
}
