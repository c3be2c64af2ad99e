import { Any, type FindOptionsWhere, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { type Database, rows, toJson } from '../../../platform/database.ts';
import type { MemberSnapshot } from '../activities/members.ts';
import type { RunningOffer } from '../earning/earning.ts';
import type { Occurrence } from '../earning/usage.ts';
import { isForSegments, isForTier } from './activations.ts';
import { type Spent, spendBudgets } from './budgets.ts';
import { Offer, OfferActivation, OfferBudget } from './entities.ts';
import { endOf } from './offers.ts';

/** Who earns where, and when. */
export interface Earning extends Occurrence {
  sandbox: boolean;
  occurredAt: Date;
  member: MemberSnapshot;
}

/** What offers gave for an activity that is recorded. */
export interface Given {
  activityId: string;
  sandbox: boolean;
  byOffer: ReadonlyMap<string, bigint>;
}

/**
 * The offers that run while some activities happen, and what is left of their budgets: as it was read, and
 * as a batch takes of it. Nothing is locked: whether a budget has as much is seen when it is spent.
 */
export class OfferBook {
  private readonly offers: readonly Offer[];
  /** When members opted in first. */
  private readonly activated = new Map<string, Date>();
  private readonly left = new Map<string, bigint>();
  /** Whether something was taken of a budget. */
  isChanged = false;

  constructor(offers: readonly Offer[] = []) {
    this.offers = offers;
  }

  /** Reads what concerns these: one statement where no offer runs, three at most. */
  static async open(tx: Database, earning: readonly Earning[]): Promise<OfferBook> {
    if (earning.length === 0) return new OfferBook();
    const times = earning.map(({ occurredAt }) => occurredAt.getTime());
    const [first, last] = [new Date(Math.min(...times)), new Date(Math.max(...times))];
    const partnerIds = [...new Set(earning.map(({ partnerId }) => partnerId))];
    const book = new OfferBook(
      await tx.find(Offer, {
        where: { partnerId: Any(partnerIds), ...runningIn(first, last) },
        order: { startsAt: 'ASC', id: 'ASC' },
      }),
    );
    await book.readActivations(tx, earning);
    await book.readBudgets(tx);
    return book;
  }

  /** The offers that count for an activity, with what is left of their budgets by now. */
  of({ partnerId, sandbox, occurredAt, member }: Earning): RunningOffer[] {
    return this.offers
      .filter(
        (offer) =>
          offer.partnerId === partnerId &&
          offer.startsAt <= occurredAt &&
          occurredAt < endOf(offer) &&
          isForTier(offer, member) &&
          isForSegments(offer, member) &&
          (!offer.optIn || this.hasOptedIn(member.id, offer.id, occurredAt)),
      )
      .map(({ id, version, rules }) => {
        return { id, version, rules, left: this.left.get(budgetKey(id, sandbox)) ?? null };
      });
  }

  /** Takes what an activity was given, so that the next one counts with it. */
  take({ sandbox }: Pick<Earning, 'sandbox'>, byOffer: ReadonlyMap<string, bigint>): void {
    for (const [offerId, points] of byOffer) {
      const key = budgetKey(offerId, sandbox);
      const left = this.left.get(key);
      if (left === undefined || points === 0n) continue;
      this.left.set(key, left - points);
      this.isChanged = true;
    }
  }

  /**
   * Keeps what offers gave, and takes it of their budgets. Call it last: others wait for these rows.
   *
   * @returns whether budgets have as much; where others have spent of them since, nothing of the batch may
   *   stand
   */
  async save(tx: Database, given: readonly Given[]): Promise<boolean> {
    const awards = given.flatMap(({ activityId, sandbox, byOffer }) =>
      [...byOffer].flatMap(([offerId, points]) =>
        points > 0n ? [{ activityId, offerId, sandbox, points }] : [],
      ),
    );
    if (awards.length === 0) return true;
    await rows(
      tx,
      `INSERT INTO partners.offer_award (activity_id, offer_id, sandbox, points)
       SELECT * FROM jsonb_to_recordset($1)
         AS a ("activityId" uuid, "offerId" uuid, sandbox boolean, points bigint)`,
      [toJson(awards)],
    );
    const spent = new Map<string, Spent>();
    for (const { offerId, sandbox, points } of awards) {
      const key = budgetKey(offerId, sandbox);
      if (!this.left.has(key)) continue;
      spent.set(key, { offerId, sandbox, points: (spent.get(key)?.points ?? 0n) + points });
    }
    return spendBudgets(tx, [...spent.values()]);
  }

  private hasOptedIn(memberId: string, offerId: string, at: Date): boolean {
    const since = this.activated.get(`${memberId} ${offerId}`);
    return since !== undefined && since <= at;
  }

  private async readActivations(tx: Database, earning: readonly Earning[]): Promise<void> {
    const offerIds = this.offers.filter(({ optIn }) => optIn).map(({ id }) => id);
    if (offerIds.length === 0) return;
    const memberIds = [...new Set(earning.map(({ member }) => member.id))];
    const found = await tx.find(OfferActivation, {
      where: { memberId: Any(memberIds), offerId: Any(offerIds) },
      order: { activatedAt: 'DESC' },
    });
    for (const { memberId, offerId, activatedAt } of found) {
      this.activated.set(`${memberId} ${offerId}`, activatedAt);
    }
  }

  private async readBudgets(tx: Database): Promise<void> {
    const offerIds = this.offers.filter(({ budget }) => budget !== null).map(({ id }) => id);
    if (offerIds.length === 0) return;
    for (const { offerId, sandbox, points, spent } of await tx.findBy(OfferBudget, {
      offerId: Any(offerIds),
    })) {
      this.left.set(budgetKey(offerId, sandbox), points - spent);
    }
  }
}

/** What offers meet that run at some time between two instants. */
function runningIn(first: Date, last: Date) {
  return {
    publishedAt: Not(IsNull()),
    startsAt: LessThanOrEqual(last),
    endsAt: MoreThan(first),
  } satisfies FindOptionsWhere<Offer>;
}

function budgetKey(offerId: string, sandbox: boolean): string {
  return `${offerId} ${sandbox}`;
}
