import { weekTimeOf } from '../../../platform/calendar.ts';
import type { Partner } from '../brands/entities.ts';
import { type Facts, noParticulars } from '../earning/facts.ts';
import type { MemberSnapshot } from './members.ts';
import type { Report } from './reports.ts';

/** What the rules see of a report. */
export function factsOf(
  report: Report,
  { member, partner, timeZone }: { member: MemberSnapshot; partner: Partner; timeZone: string },
): Facts {
  const { kind, reference, occurredAt, amount, tax, shipping, discount, pointsPaid } = report;
  return {
    activity: {
      kind,
      reference,
      occurredAt,
      ...weekTimeOf(occurredAt, timeZone),
      ...amount,
      tax: tax?.amount ?? '0',
      shipping: shipping?.amount ?? '0',
      discount: discount?.amount ?? '0',
      pointsPaid: pointsPaid?.amount ?? '0',
      ...noParticulars,
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
