import type { Database } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';

/** Makes a call many times at once. @returns what was answered, and why the others were refused */
export async function race<Answer>(
  db: Database,
  times: number,
  call: (index: number) => Promise<Answer>,
): Promise<{ answers: Answer[]; reasons: unknown[] }> {
  const each = Array.from({ length: times }, (_, index) => index);
  // The pool's connections are opened first, or one call is over before the next one has any.
  await Promise.all(each.map(() => db.query('SELECT pg_sleep(0.01)')));
  const outcomes = await Promise.allSettled(each.map(call));
  return {
    answers: outcomes.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : [])),
    reasons: outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : [])),
  };
}

/** Calls again where others hold the same rows for too long, as clients are told to: a busy machine is slow. */
export async function askAgain<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const isBusy = error instanceof Refusal && error.code === 'IN_PROGRESS';
      if (!isBusy || tries === 20) throw error;
    }
  }
}

/** A promise that is kept from outside: it lets one call wait for another. */
export function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((kept) => (resolve = kept));
  return { promise, resolve };
}
