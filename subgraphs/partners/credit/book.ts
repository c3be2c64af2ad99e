import { Big } from 'big.js';
import { addDays, dayOf, startOfDay, startOfPeriod } from '../../../platform/calendar.ts';
import { type Database, rows, toJson } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { emitAll } from '../../../platform/outbox.ts';
import type { Contract } from '../contracts/entities.ts';
import { readProgram } from '../program.ts';
import { costOf, countMonth, countOwed } from './counting.ts';
import { changeBlocks, lockCounters, openBlocks, saveCounters } from './counters.ts';
import type { CreditCounter, PointBlock } from './entities.ts';
import type { Issue } from './issues.ts';

/** What an activity uses of a block. */
interface Use {
  activityId: string;
  blockId: string;
  points: bigint;
}

/**
 * What partners have issued, owe and have left: as it was read, and as a batch adds to it. Whose it is is
 * locked: nobody else issues for them until the transaction ends.
 */
export class CreditBook {
  private readonly counters: Map<string, CreditCounter>;
  /** What of the counters was redeemed, by partner. */
  private readonly redeemed: ReadonlyMap<string, Big>;
  /** Those with something left, by partner, the next to be used first. */
  private readonly blocks = new Map<string, PointBlock[]>();
  /** The month by its first day. */
  private readonly occasion: { month: string; timeZone: string };
  private readonly uses: Use[] = [];
  /** By what somebody is to be told, by partner. */
  private readonly alerts = new Map<string, Issue>();

  private constructor(
    occasion: { month: string; timeZone: string },
    counters: Map<string, CreditCounter>,
    { redeemed, blocks }: { redeemed: ReadonlyMap<string, Big>; blocks: PointBlock[] },
  ) {
    this.occasion = occasion;
    this.counters = counters;
    this.redeemed = redeemed;
    for (const block of blocks) {
      const own = this.blocks.get(block.partnerId);
      if (own) own.push(block);
      else this.blocks.set(block.partnerId, [block]);
    }
  }

  /** Locks and reads what concerns these. */
  static async open(tx: Database, issues: readonly Issue[]): Promise<CreditBook> {
    const { timeZone } = await readProgram(tx);
    const today = dayOf(issues[0]!.activity.postedAt, timeZone);
    const month = startOfPeriod(today, 'MONTH');
    const counters = await lockCounters(tx, partnersOf(issues));
    await countMonth(tx, issues, counters, { month, since: startOfDay(month, timeZone) });
    const redeemed = await countOwed(tx, issues, counters);
    const prepaid = issues.filter(({ contract }) => contract.billing === 'PREPAID');
    const blocks = prepaid.length > 0 ? await openBlocks(tx, partnersOf(prepaid), today) : [];
    return new CreditBook({ month, timeZone }, counters, { redeemed, blocks });
  }

  /** Draws one, with what those before it have drawn. @returns why it is refused, or null */
  draw(issue: Issue): Refusal | null {
    const { contract, activity } = issue;
    const counter = this.counters.get(activity.partnerId)!;
    const refusal =
      this.beyondMonth(issue, counter) ??
      (contract.billing === 'PREPAID'
        ? this.beyondBlocks(issue)
        : this.beyondCredit(issue, counter));
    if (refusal) return refusal;
    // A month in which nobody has looked at it begins with what was issued until then.
    if (counter.month === this.occasion.month) counter.issued += activity.points;
    if (contract.billing === 'PREPAID') this.useBlocks(issue, counter);
    else this.owe(issue, counter);
    return null;
  }

  /** Writes what was drawn, and tells of whom it concerns. */
  async save(tx: Database): Promise<void> {
    await saveCounters(tx, this.counters.values());
    if (this.uses.length > 0) {
      await changeBlocks(
        tx,
        this.uses.map(({ blockId, points }) => ({ blockId, points: -points })),
      );
      await rows(
        tx,
        `INSERT INTO partners.block_use (activity_id, block_id, points)
         SELECT * FROM jsonb_to_recordset($1)
           AS u ("activityId" uuid, "blockId" uuid, points bigint)`,
        [toJson(this.uses)],
      );
    }
    if (this.alerts.size === 0) return;
    await emitAll(
      tx,
      [...this.alerts].map(([partnerId, { partner, contract, activity }]) => ({
        type: 'credit.alerted',
        partnerId,
        payload: {
          contractId: contract.id,
          partner: partner.name,
          alertAt: contract.alertAt!,
          currency: contract.currency,
          billing: contract.billing,
        },
        occurredAt: activity.postedAt,
      })),
    );
  }

  private beyondMonth({ contract, activity }: Issue, counter: CreditCounter): Refusal | null {
    const { monthlyIssueLimit: limit } = contract;
    if (limit === null || counter.issued + activity.points <= limit) return null;
    const available = limit > counter.issued ? limit - counter.issued : 0n;
    const { month, timeZone } = this.occasion;
    const retryAt = startOfDay(startOfPeriod(addDays(month, 31), 'MONTH'), timeZone);
    return limitReached("The partner's limit of this month does not leave so many points.", {
      subject: 'MONTHLY_ISSUE_LIMIT',
      limit: String(limit),
      available,
      required: activity.points,
      // To wait is no use where the activity alone is too much.
      ...(activity.points <= limit && { retryAt }),
    });
  }

  private beyondBlocks({ activity }: Issue): Refusal | null {
    const own = this.blocks.get(activity.partnerId) ?? [];
    const available = own.reduce((sum, { remaining }) => sum + remaining, 0n);
    if (activity.points <= available) return null;
    return limitReached('The partner has not bought so many points.', {
      subject: 'PREPAID_POINTS',
      available,
      required: activity.points,
    });
  }

  private beyondCredit({ contract, activity }: Issue, counter: CreditCounter): Refusal | null {
    const { creditLimit } = contract;
    if (creditLimit === null) return null;
    const owed = this.owedOf(counter, contract);
    if (owed === null) {
      // Another of the batch, by a version in another currency, has the counter.
      return new Refusal(
        'IN_PROGRESS',
        'Another one of the batch is at work on the same: ask again.',
      );
    }
    const cost = costOf(contract, activity);
    const rest = new Big(creditLimit).minus(owed);
    if (cost.lte(rest)) return null;
    const fitting = rest.lt(0)
      ? '0'
      : rest.times(activity.points.toString()).div(cost).toFixed(0, 0);
    return limitReached('The partner would owe more than its credit limit.', {
      subject: 'CREDIT_LIMIT',
      limit: creditLimit,
      available: BigInt(fitting),
      required: activity.points,
    });
  }

  /** Null where the counter does not know it: that is read when it is needed. */
  private owedOf({ partnerId, owed, currency }: CreditCounter, contract: Contract): Big | null {
    if (owed === null || currency !== contract.currency) return null;
    return new Big(owed).minus(this.redeemed.get(partnerId) ?? 0);
  }

  /** Takes points from blocks, the earliest first. */
  private useBlocks(issue: Issue, counter: CreditCounter): void {
    const { activity } = issue;
    let left = activity.points;
    let worth = new Big(0);
    const own = this.blocks.get(activity.partnerId)!;
    while (left > 0n) {
      const block = own[0]!;
      const points = block.remaining < left ? block.remaining : left;
      block.remaining -= points;
      left -= points;
      worth = worth.plus(worthOf(points, block));
      this.uses.push({ activityId: activity.id, blockId: block.id, points });
      if (block.remaining === 0n) own.shift();
    }
    const used = new Big(counter.used).plus(worth);
    this.watch(issue, new Big(counter.used), used);
    counter.used = used.toFixed();
  }

  private owe(issue: Issue, counter: CreditCounter): void {
    const owed = this.owedOf(counter, issue.contract);
    if (owed === null) return;
    const cost = costOf(issue.contract, issue.activity);
    this.watch(issue, owed, owed.plus(cost));
    counter.owed = new Big(counter.owed!).plus(cost).toFixed();
  }

  /** Notes that the contract's amount is reached by what comes on top. */
  private watch(issue: Issue, before: Big, after: Big): void {
    const { alertAt } = issue.contract;
    if (alertAt === null || before.gte(alertAt) || after.lt(alertAt)) return;
    this.alerts.set(issue.activity.partnerId, issue);
  }
}

function partnersOf(issues: readonly Issue[]): string[] {
  return [...new Set(issues.map(({ activity }) => activity.partnerId))];
}

/** What points of a block were bought for. */
export function worthOf(points: bigint, { price, bought }: Pick<PointBlock, 'price' | 'bought'>) {
  return new Big(price).times(points.toString()).div(bought.toString());
}

function limitReached(message: string, details: Refusal['details']): Refusal {
  return new Refusal('LIMIT_REACHED', message, [], details);
}
