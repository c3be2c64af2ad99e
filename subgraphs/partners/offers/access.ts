import type { AccessMap } from '../../../platform/access.ts';
import type { Offer } from './entities.ts';

export const access: AccessMap = {
  owners: {
    // What is for members answers about the one who asks.
    Offer: ({ partnerId }: Offer) => ({ partnerId, isForAsker: true }),
  },
  // What is hidden is kept back by look-ups, lists and references (lists.ts).
  publicEntities: ['Offer'],
};
