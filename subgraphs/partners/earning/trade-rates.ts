import type { PartnerDetails } from '../brands/rows.ts';
import type { ActivityFacts } from './facts.ts';

/** What a brand's own particulars say of an activity: exact decimals, 1 for a brand without them. */
export interface TradeRates {
  /** Of the airline's chart, for the cabin and the booking class. */
  distance: string;
  /** Of the card, for the merchant's category. */
  spend: string;
  /** Why no rule gives the activity a base; null where they may. */
  excluded: string | null;
}

const plain: TradeRates = { distance: '1', spend: '1', excluded: null };

export function tradeRatesOf(details: PartnerDetails | null, activity: ActivityFacts): TradeRates {
  switch (details?.kind) {
    case 'AIRLINE': {
      if (activity.kind !== 'FLIGHT' || details.earnChart.length === 0) return plain;
      const { cabin, bookingClass } = activity.flight;
      const fare = details.earnChart.find(
        (each) => each.cabin === cabin && each.bookingClasses.includes(bookingClass),
      );
      const excluded = fare ? null : `The earn chart has no ${cabin} in class ${bookingClass}.`;
      return { ...plain, distance: fare?.rate ?? '0', excluded };
    }
    case 'HOTEL': {
      const { ratePlan } = activity.stay;
      const isExcluded = ratePlan !== '' && details.excludedRatePlans.includes(ratePlan);
      return { ...plain, excluded: isExcluded ? `Rate plan ${ratePlan} earns nothing.` : null };
    }
    case 'CARD_ISSUER': {
      if (activity.kind !== 'CARD_SPEND') return plain;
      const product = details.cardProducts.find(({ code }) => code === activity.card.product);
      if (!product) return { ...plain, excluded: `There is no card ${activity.card.product}.` };
      return { ...plain, spend: rateFor(activity.card.mcc, product) };
    }
    default:
      return plain;
  }
}

interface Rated {
  baseRate: string;
  categories: { mcc: string[]; rate: string }[];
}

/** Of the categories that hold the code, the narrowest range counts. */
function rateFor(mcc: string, { baseRate, categories }: Rated): string {
  const holding = categories.flatMap(({ mcc: ranges, rate }) =>
    ranges.flatMap((range) => {
      const [from, to = from!] = range.split('-');
      return from! <= mcc && mcc <= to ? [{ rate, width: Number(to) - Number(from) }] : [];
    }),
  );
  holding.sort((a, b) => a.width - b.width);
  return holding[0]?.rate ?? baseRate;
}
