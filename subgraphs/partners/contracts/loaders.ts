import { In } from 'typeorm';
import type { Context } from '../../../platform/context.ts';
import { listLoader, rowsLoader } from '../../../platform/loaders.ts';
import { validOn } from './contracts.ts';
import { Contract } from './entities.ts';

export function contractLoaders({ db }: Context) {
  return {
    /** A partner's contract that is valid on the day, or none. */
    contractsOn: listLoader(
      (partnerIds, { day }: { day: string }) =>
        db.findBy(Contract, { partnerId: In(partnerIds), ...validOn(day) }),
      ({ partnerId }) => partnerId,
    ),

    /** A partner's contracts, the newest first. */
    contractsOf: rowsLoader(
      (partnerIds) =>
        db.find(Contract, { where: { partnerId: In(partnerIds) }, order: { version: 'DESC' } }),
      ({ partnerId }) => partnerId,
    ),
  };
}
