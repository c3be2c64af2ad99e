import { type Accrual, accrueAll } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { emitAll } from '../../../platform/outbox.ts';
import { draw } from '../credit/drawing.ts';
import type { Issue } from '../credit/issues.ts';
import { inLedger } from './currencies.ts';
import type { Activity } from './entities.ts';
import type { Judged } from './judgement.ts';
import { qualify } from './members.ts';
import type { Report } from './reports.ts';

/** A report that is the first of its reference and may be posted, and the activity it becomes. */
export interface Claim {
  report: Report;
  judged: Judged;
  activity: Activity;
}

/** The ledger, or the partner's credit, refuses some of a batch: all of it must be rolled back. */
export class RefusedByLedger extends Error {
  readonly refusals: ReadonlyMap<Report, Refusal>;

  constructor(refusals: ReadonlyMap<Report, Refusal>) {
    super('Some of the batch is refused.');
    this.refusals = refusals;
  }
}

/**
 * Moves the points of new activities, of those that have any, and tells of all.
 *
 * @throws RefusedByLedger
 */
export async function post(tx: Database, claims: Claim[]): Promise<void> {
  // Before the ledger: members' rows are locked first, then their accounts.
  // What is to be confirmed counts from then on.
  const counting = claims.filter(({ activity }) => activity.confirmBy === null);
  await qualify(
    tx,
    counting.map(({ activity: { id, memberId, qualifyingPoints, occurredAt, postedAt } }) => {
      return { id, memberId, points: qualifyingPoints, occurredAt, postedAt };
    }),
  );
  const earning = claims.filter(({ activity }) => activity.points > 0n);
  requireAll(earning, await draw(tx, earning.map(issueOf)));
  await accrue(tx, claims);
  if (claims.length === 0) return;
  await emitAll(
    tx,
    claims.map(({ activity: { id, memberId, partnerId, postedAt } }) => ({
      type: 'activity.posted',
      memberId,
      partnerId,
      payload: { activityId: id },
      occurredAt: postedAt,
    })),
  );
}

/** How many commands the ledger takes in one list, whose accounts it locks in the one order for all. */
const accrualsMax = 500;

/** @throws RefusedByLedger */
async function accrue(tx: Database, claims: Claim[]): Promise<void> {
  const all = claims.flatMap((claim) =>
    accrualsOf(claim).map((accrual) => ({ claim, accrual, account: accountOf(accrual) })),
  );
  // More than one list has to keep that order.
  if (all.length > accrualsMax) all.sort((a, b) => (a.account < b.account ? -1 : 1));
  for (let start = 0; start < all.length; start += accrualsMax) {
    const list = all.slice(start, start + accrualsMax);
    const answers = await accrueAll(
      tx,
      list.map(({ accrual }) => accrual),
    );
    requireAll(
      list.map(({ claim }) => claim),
      answers,
    );
  }
}

function accountOf({ memberId, currency }: Accrual): string {
  return `${memberId} ${currency}`;
}

/** @throws RefusedByLedger where one of the answers to these is a refusal */
function requireAll(claims: Claim[], answers: readonly unknown[]): void {
  const refusals = answers.flatMap((answer, index) =>
    answer instanceof Refusal ? [[claims[index]!.report, answer] as const] : [],
  );
  if (refusals.length > 0) throw new RefusedByLedger(new Map(refusals));
}

function issueOf({ activity, judged: { partner, contract } }: Claim): Issue {
  return { activity, partner, contract };
}

function accrualsOf({ activity, judged: { partner } }: Claim): Accrual[] {
  return inLedger(activity, activity, activity.id).map(({ currency, key, points, isOwn }) => ({
    memberId: activity.memberId,
    key,
    currency,
    points,
    issuerId: activity.partnerId,
    // The coalition has no part in what a partner promises in its own currency.
    issuePrice: isOwn ? '0' : activity.issuePrice,
    source: { kind: 'activity', id: activity.id },
    description: `${titleOf(activity)} ${partner.name}`,
    effectiveAt: activity.occurredAt,
    at: activity.postedAt,
    ...(activity.expectedBy && { activatesAt: activity.expectedBy }),
    ...(activity.confirmBy && { activatesAt: 'onAction' as const, cancelsAt: activity.confirmBy }),
  }));
}

/** What the member's statement calls it: without what is only the partner's and the member's business. */
function titleOf({ kind, particulars }: Activity): string {
  switch (kind) {
    case 'PURCHASE':
      return 'Purchase at';
    case 'FLIGHT':
      return `Flight ${particulars!.flight!.flightNumber} with`;
    case 'STAY':
      return 'Stay at';
    case 'CARD_SPEND':
      return 'Card payment with';
    case 'RIDE':
      return 'Ride with';
    case 'GRANT':
      return 'Gift from';
    default:
      return 'Points from';
  }
}
