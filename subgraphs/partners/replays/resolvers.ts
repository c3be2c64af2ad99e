import { Big } from 'big.js';
import { orUserErrors } from '../../../platform/errors.ts';
import { moneyOf } from '../money.ts';
import type { Resolvers } from '../types.generated.ts';
import type { RuleSetReplay } from './entities.ts';
import { findReplay, startReplay } from './replays.ts';

export const resolvers: Resolvers = {
  Query: {
    replay: (_, { id }, { db }) => findReplay(db, id),
  },

  Mutation: {
    startReplay: (_, asked, { db, viewer, clock }) =>
      orUserErrors('replay', () => startReplay(db, asked, { viewer, clock })),
  },

  RuleSetReplay: {
    ruleSet: async ({ ruleSetId }, _, { loaders }) => (await loaders.ruleSet.load(ruleSetId))!,
    period: ({ firstDay, lastDay }) => ({ from: firstDay, to: lastDay }),
    activities: (replay) => (isDone(replay) ? replay.activities : null),
    pointsThen: (replay) => (isDone(replay) ? replay.pointsThen : null),
    pointsNow: (replay) => (isDone(replay) ? replay.pointsNow : null),
    costThen: (replay) => costIn(replay, replay.costThen),
    costNow: (replay) => costIn(replay, replay.costNow),
    membersBetterOff: (replay) => (isDone(replay) ? replay.membersBetterOff : null),
    membersWorseOff: (replay) => (isDone(replay) ? replay.membersWorseOff : null),
  },
};

/** Before that its figures are those of some members alone. */
function isDone({ status }: RuleSetReplay): boolean {
  return status === 'DONE';
}

function costIn(replay: RuleSetReplay, cost: string) {
  return isDone(replay) && replay.currency ? moneyOf(new Big(cost), replay.currency) : null;
}
