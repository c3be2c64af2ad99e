import DataLoader from 'dataloader';
import { In } from 'typeorm';
import { dayOf } from '../../platform/calendar.ts';
import type { Context } from '../../platform/context.ts';
import { listLoader, rowLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { type AskedActivities, activitiesOf } from './activity-lists.ts';
import { Activity, ApiClient, Contract, Partner } from './entities.ts';
import { type Program, readProgram } from './members.ts';
import { readOnboarding } from './onboarding.ts';
import type { Onboarding } from './rows.ts';
import { type RuleSetStatus, ruleSetsOf } from './rule-sets.ts';

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

    /** A partner's contracts, the newest first. */
    contractsOf: new DataLoader<string, Contract[]>(async (partnerIds) => {
      const found = await db.find(Contract, {
        where: { partnerId: In([...partnerIds]) },
        order: { version: 'DESC' },
      });
      return partnerIds.map((id) => found.filter(({ partnerId }) => partnerId === id));
    }),

    /** A partner's API clients, the oldest first. */
    apiClientsOf: new DataLoader<string, ApiClient[]>(async (partnerIds) => {
      const found = await db.find(ApiClient, {
        where: { partnerId: In([...partnerIds]) },
        order: { createdAt: 'ASC', clientId: 'ASC' },
      });
      return partnerIds.map((id) => found.filter(({ partnerId }) => partnerId === id));
    }),

    onboardingOf: new DataLoader<string, Onboarding>(async (partnerIds) => {
      const found = await readOnboarding(db, partnerIds, await now());
      return partnerIds.map((id) => found.get(id)!);
    }),

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
