import type { Context } from '../../../platform/context.ts';
import { rowsLoader } from '../../../platform/loaders.ts';
import { identifiersOf } from './lists.ts';

export function identifierLoaders({ db, clock }: Context) {
  return {
    identifiersOf: rowsLoader(
      async (memberIds) => identifiersOf(db, memberIds, await clock.now(db)),
      ({ memberId }) => memberId,
    ),
  };
}
