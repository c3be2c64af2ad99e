import { Big } from 'big.js';
import {
  movementOf,
  pendingAt,
  sharedCurrency,
  toMinorUnits,
  trialBalance,
} from '../../../ledger/index.ts';
import { orUserErrors } from '../../../platform/errors.ts';
import { partnerStub } from '../stubs.ts';
import type { Resolvers } from '../types.generated.ts';
import { costsOf, recordProgramCost } from './costs.ts';
import { listGoals, percentOf, setProgramGoal } from './goals.ts';
import { fairValuesOf, liabilityOf } from './liability.ts';
import { lastFit } from './lifetime-value.ts';
import { measuresOf, shownRate } from './measures.ts';
import { membershipOf, tierCountsOf } from './membership.ts';
import { memberDaysMax, requirePeriod } from './periods.ts';

/** An exact amount as it is shown. */
const money = (amount: Big, currency: string) => ({
  amount: toMinorUnits(amount, currency),
  currency,
});

export const resolvers: Resolvers = {
  Program: {
    membership: ({ timeZone }, { period }, { db }) =>
      membershipOf(db, requirePeriod(period, memberDaysMax), {
        timeZone,
        currency: sharedCurrency,
      }),
    liability: async (program, { asOf }, { db, clock }) => {
      const now = await clock.now(db);
      return liabilityOf(db, program, asOf && asOf < now ? asOf : now);
    },
    goals: async (program, _, { db }) => {
      const measure = measuresOf(db, program);
      return (await listGoals(db)).map((goal) => ({
        goal,
        current: () => measure(goal.measure, { from: goal.startsOn, to: goal.endsOn }),
      }));
    },
    costs: ({ moneyCurrency }, { period }, { db }) =>
      costsOf(db, requirePeriod(period), moneyCurrency),
  },

  Mutation: {
    setProgramGoal: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => setProgramGoal(db, input, { viewer, clock })),
    recordProgramCost: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('program', () => recordProgramCost(db, input, { viewer, clock })),
  },

  MembershipReport: {
    churnRate: ({ lapsed, activeAtStart }) => shownRate(lapsed, activeAtStart)?.toFixed() ?? null,
    upgradeRate: ({ raised, activeAtStart }) => shownRate(raised, activeAtStart)?.toFixed() ?? null,
    byTier: async (_, __, { db, loaders }) => tierCountsOf(db, await loaders.tiers()),
    lifetimeValue: (_, __, { db }) => lastFit(db),
  },

  LifetimeValueReport: {
    expectedPurchasesPerMember: ({ expectedPurchases }) => expectedPurchases,
    expectedValuePerMember: ({ expectedValue, currency }) =>
      expectedValue && currency ? money(new Big(expectedValue), currency) : null,
  },

  LiabilityReport: {
    outstanding: async (report) => (await report.outstanding()).outstanding,
    pending: ({ asOf }, _, { db }) => pendingAt(db, { at: asOf }),
    movement: (_, { period }, { db }) => movementOf(db, requirePeriod(period)),
    fairValue: async (report) => {
      const { currency } = await report.worth();
      const values = fairValuesOf(await report.worth(), await report.breakage());
      return money(values.get(currency)!, currency);
    },
    fairValueElsewhere: async (report) => {
      const { currency } = await report.worth();
      const values = fairValuesOf(await report.worth(), await report.breakage());
      values.delete(currency);
      return [...values]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, value]) => money(value, code));
    },
    breakageRate: async (report) => (await report.breakage()).toFixed(),
    byIssuer: async (report) => (await report.worth()).byIssuer,
    trialBalance: (_, __, { db }) => trialBalance(db),
  },

  IssuerLiability: {
    issuer: ({ issuerId }) => partnerStub(issuerId),
    value: ({ value, currency }) => money(value, currency),
  },

  ProgramGoal: {
    id: ({ goal }) => goal.id,
    measure: ({ goal }) => goal.measure,
    period: ({ goal }) => ({ from: goal.startsOn, to: goal.endsOn }),
    target: ({ goal }) => goal.target,
    current: async ({ current }) => (await current())?.toFixed() ?? null,
    percent: async ({ goal, current }) => {
      const measured = await current();
      return measured && percentOf(goal, measured);
    },
  },
};
