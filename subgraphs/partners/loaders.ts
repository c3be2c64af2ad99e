import DataLoader from 'dataloader';
import { In } from 'typeorm';
import { dayOf } from '../../platform/calendar.ts';
import type { Context } from '../../platform/context.ts';
import { listLoader, rowLoader, rowsLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { type AskedActivities, activitiesOf } from './activity-lists.ts';
import { validOn } from './contracts.ts';
import { Activity, ApiClient, Contract, Partner } from './entities.ts';
import { type Program, readProgram } from './members.ts';
import { onboardingsOf } from './onboarding.ts';
import type { Onboarding } from './rows.ts';
import { type RuleSetStatus, ruleSetsOf, statusesOf } from './rule-sets.ts';

/** What a resolver of this subgraph receives. */
export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

/** When a request is answered. */
export interface Moment {
  at: Date;
  /** The day in the program's time zone. */
  today: string;
  program: Program;
}

/** The look-ups of one request: a fixed number of statements, however long the list. */
export function createLoaders({ db, clock, viewer }: Context) {
  let moment: Promise<Moment> | undefined;
  const readMoment = async (): Promise<Moment> => {
    const [at, program] = await Promise.all([clock.now(db), readProgram(db)]);
    return { at, today: dayOf(at, program.timeZone), program };
  };
  const now = () => (moment ??= readMoment());
  return {
    now,
    partner: rowLoader(db, Partner),
    activity: rowLoader(db, Activity),

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

    /** A partner's API clients, the oldest first. */
    apiClientsOf: rowsLoader(
      (partnerIds) =>
        db.find(ApiClient, {
          where: { partnerId: In(partnerIds) },
          order: { createdAt: 'ASC', clientId: 'ASC' },
        }),
      ({ partnerId }) => partnerId,
    ),

    onboardingOf: new DataLoader<string, Onboarding>(async (partnerIds) =>
      onboardingsOf(db, partnerIds, await now()),
    ),

    ruleSetStatus: new DataLoader<string, RuleSetStatus>(async (ruleSetIds) =>
      statusesOf(db, ruleSetIds, (await now()).at),
    ),

    ruleSetsOf: listLoader(
      async (partnerIds, asked: { status: RuleSetStatus | null; page: Page }) =>
        ruleSetsOf(db, partnerIds, { ...asked, at: (await now()).at }),
      ({ partnerId }) => partnerId,
    ),

    partnerActivitiesOf: listLoader(
      (partnerIds, asked: AskedActivities) =>
        activitiesOf(db, 'partner_id', partnerIds, asked, viewer),
      ({ partnerId }) => partnerId,
    ),

    memberActivitiesOf: listLoader(
      (memberIds, asked: AskedActivities) =>
        activitiesOf(db, 'member_id', memberIds, asked, viewer),
      ({ memberId }) => memberId,
    ),
  };
}
