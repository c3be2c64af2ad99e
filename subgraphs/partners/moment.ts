import { dayOf } from '../../platform/calendar.ts';
import type { Context } from '../../platform/context.ts';
import { type Program, readProgram } from './program.ts';

/** When a request is answered. */
export interface Moment {
  at: Date;
  /** The day in the program's time zone. */
  today: string;
  program: Program;
}

/** Reads the moment once for all who ask in one request. */
export function momentOf({ db, clock }: Context): () => Promise<Moment> {
  let moment: Promise<Moment> | undefined;
  const readMoment = async (): Promise<Moment> => {
    const [at, program] = await Promise.all([clock.now(db), readProgram(db)]);
    return { at, today: dayOf(at, program.timeZone), program };
  };
  return () => (moment ??= readMoment());
}
