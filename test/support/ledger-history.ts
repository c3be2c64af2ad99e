import { randomUUID } from 'node:crypto';
import {
  type PointsDates,
  accruePoints,
  activatePoints,
  adjustPoints,
  beginConversion,
  cancelRedemption,
  captureHold,
  confirmConversion,
  holdPoints,
  mergePoints,
  redeemPoints,
  releaseHold,
  reverseAccrual,
  reverseConversion,
  transferPoints,
  unmergePoints,
} from '../../ledger/index.ts';
import { type Database, rows, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import type { TestDatabase } from './database.ts';
import { givenCurrency, givenRate } from './given-conversions.ts';
import { givenLedgerPartner, noon } from './given-points.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface Options {
  /** Whole numbers from 0 to below n. */
  random: (n: number) => number;
  /** When points end: assignments to columns of `ledger.currency`. */
  policy: string;
  /** Whether movements are of what happened days before. */
  isDatedBack: boolean;
  /** One of its own where left out. */
  currency?: string;
}

/** What happens by chance to two members' points of one currency, all that can, as time passes. */
export class LedgerHistory {
  now = noon;
  readonly memberIds = [randomUUID(), randomUUID()].sort();
  readonly currency: string;
  /** When something is to happen by itself. */
  readonly turns: Date[] = [];
  private readonly options: Options;
  private readonly partnerIds: string[];
  /** What was posted, by member: later commands are about it. */
  private readonly posted: { memberId: string; kind: string; key: string }[] = [];
  /** Of memberships that were merged, who has what they had. */
  private readonly mergedInto = new Map<string, string>();

  private constructor(options: Options, currency: string, partnerIds: string[]) {
    this.options = options;
    this.currency = currency;
    this.partnerIds = partnerIds;
  }

  static async begin(test: TestDatabase, options: Options): Promise<LedgerHistory> {
    const partnerIds = [await givenLedgerPartner(test), await givenLedgerPartner(test)];
    const currency = options.currency ?? (await givenCurrency(test, partnerIds[0]!));
    await rows(
      test.owner(),
      `UPDATE ledger.currency SET time_zone = 'America/Sao_Paulo', ${options.policy} WHERE code = $1`,
      [currency],
    );
    // Nothing leads out of the sandbox.
    if (!options.currency) {
      await givenRate(test, { from: currency, to: 'OUTSIDE', programId: partnerIds[1]! });
    }
    return new LedgerHistory(options, currency, partnerIds);
  }

  /** Minutes, hours or days. */
  passTime(): void {
    const length = this.oneOf([minute, hour, 20 * hour, day, 3 * day]);
    this.now = this.after(length + this.options.random(60) * 1_000);
  }

  /** Posts a command that may be refused. */
  async act(db: Database): Promise<void> {
    const memberId = this.oneOf(this.memberIds);
    const { random } = this.options;
    const kind = this.oneOf([
      'accrue',
      'accrue',
      'accrue',
      'redeem',
      'hold',
      'convert',
      'transfer',
      'merge',
    ]);
    const past = this.posted.filter((each) => each.memberId === memberId);
    const then = past.length > 0 && random(3) > 0 ? this.oneOf(past) : null;
    const key = randomUUID();
    try {
      await transaction(db, (tx) =>
        then ? this.follow(tx, then, key) : this.post(tx, { memberId, kind, key }),
      );
      if (!then) this.posted.push({ memberId, kind, key });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  private async post(
    tx: Database,
    { memberId, kind, key }: { memberId: string; kind: string; key: string },
  ): Promise<unknown> {
    const { random } = this.options;
    const base = { ...this.movement(memberId), key };
    const points = BigInt(1 + random(60));
    const partnerId = this.oneOf(this.partnerIds);
    switch (kind) {
      case 'accrue': {
        const lot = { ...base, ...this.dates(), points: 2n * points };
        if (random(6) === 0) return adjustPoints(tx, lot);
        return accruePoints(tx, { ...lot, issuerId: partnerId, issuePrice: '0.01' });
      }
      case 'redeem':
        return redeemPoints(tx, { ...base, points, partnerId });
      case 'hold':
        return holdPoints(tx, { ...base, points, partnerId, expiresAt: this.soon() });
      case 'convert':
        return beginConversion(tx, { ...base, points, to: 'OUTSIDE', timesOutAt: this.soon() });
      case 'merge': {
        const intoMemberId = this.otherThan(memberId);
        await mergePoints(tx, [{ ...base, intoMemberId }]);
        this.mergedInto.set(memberId, intoMemberId);
        return;
      }
      default:
        return transferPoints(tx, { ...base, points, toMemberId: this.otherThan(memberId) });
    }
  }

  /** What can come of a command that was posted. */
  private async follow(
    tx: Database,
    { memberId, kind, key: of }: { memberId: string; kind: string; key: string },
    key: string,
  ): Promise<unknown> {
    const { random } = this.options;
    const base = { ...this.movement(memberId), key };
    const some = random(2) === 0 ? {} : { points: BigInt(1 + random(20)) };
    const into = this.mergedInto.get(memberId);
    const led = into ? { mergedInto: into } : {};
    switch (kind) {
      case 'accrue':
        if (random(2) === 0) return activatePoints(tx, { ...base, ...led, accrualId: of });
        return reverseAccrual(tx, {
          ...base,
          ...some,
          ...led,
          accrualId: of,
          clawback: 'DEBT',
          debtLimit: 80n,
          risk: 'SHARED',
        });
      case 'hold':
        if (random(2) === 0) return releaseHold(tx, { ...base, holdId: of });
        return captureHold(tx, { ...base, ...some, holdId: of });
      case 'convert':
        if (random(2) === 0) return confirmConversion(tx, { ...base, conversionId: of });
        return reverseConversion(tx, { ...base, conversionId: of });
      case 'merge': {
        const memberships = { memberId: this.otherThan(memberId), toMemberId: memberId };
        await unmergePoints(tx, [{ ...base, ...memberships, mergeKey: of }]);
        this.mergedInto.delete(memberId);
        return;
      }
      default:
        return cancelRedemption(tx, { ...base, ...some, transferId: of });
    }
  }

  private movement(memberId: string) {
    const { isDatedBack, random } = this.options;
    return {
      memberId,
      currency: this.currency,
      at: this.now,
      source: { kind: 'activity' as const, id: randomUUID() },
      description: 'By chance',
      ...(isDatedBack && { effectiveAt: this.after(-random(10) * day) }),
    };
  }

  private dates(): PointsDates {
    return this.oneOf<() => PointsDates>([
      () => ({}),
      () => ({ expiresAt: this.soon() }),
      () => ({ expiresAt: null }),
      () => ({ activatesAt: this.soon() }),
      () => ({ activatesAt: 'onAction', cancelsAt: this.soon() }),
    ])();
  }

  /** Within four days; also at a full hour. */
  private soon(): Date {
    const turn = this.after(minute + this.options.random(4 * 24) * hour);
    if (this.options.random(2) === 0) turn.setUTCMinutes(0, 0, 0);
    if (turn <= this.now) return this.soon();
    this.turns.push(turn);
    return turn;
  }

  private otherThan(memberId: string): string {
    return this.memberIds.find((id) => id !== memberId)!;
  }

  private after(ms: number): Date {
    return new Date(this.now.getTime() + ms);
  }

  private oneOf<Item>(items: readonly Item[]): Item {
    return items[this.options.random(items.length)]!;
  }
}
