import type { Partner } from '../brands/entities.ts';
import type { ActivityKind } from './particulars.ts';
import type { Report } from './reports.ts';
import { invalid } from './terms.ts';

/** Whose particulars say what such an activity earns: it is for a brand of this trade alone. */
const trades: { [kind in ActivityKind]?: Partner['kind'] } = {
  FLIGHT: 'AIRLINE',
  STAY: 'HOTEL',
  CARD_SPEND: 'CARD_ISSUER',
  RIDE: 'MOBILITY',
};

/**
 * Asks whether a brand does such business.
 *
 * @throws Refusal INVALID the kind is for another trade, or the brand has no such card or service
 */
export function requireTrade(
  { kind, particulars }: Pick<Report, 'kind' | 'particulars'>,
  { kind: trade, details }: Partner,
): void {
  const needed = trades[kind];
  if (needed && needed !== trade) {
    throw invalid(`kind: ${kind} is for a partner of kind ${needed}.`, ['kind']);
  }
  const { card, ride } = particulars ?? {};
  if (card) {
    const products = details?.kind === 'CARD_ISSUER' ? details.cardProducts : [];
    if (!products.some(({ code }) => code === card.product)) {
      throw invalid(`card.product: there is no card ${card.product}.`, ['card', 'product']);
    }
  }
  if (ride) {
    const services = details?.kind === 'MOBILITY' ? details.services : [];
    if (!services.includes(ride.service)) {
      throw invalid(`ride.service: there is no service ${ride.service}.`, ['ride', 'service']);
    }
  }
}
