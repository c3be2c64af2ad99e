import { randomUUID } from 'node:crypto';
import type { Written } from './written-books.ts';

interface LotChange {
  issuerId: string;
  /** When the points were issued first, whoever had them then. */
  issuedAt: Date;
  points: bigint;
}

/** A movement, and what it does by the words of the rules. */
export interface RandomMovement {
  written: Written & Times;
  changes: LotChange[];
  issued: bigint;
  redeemed: bigint;
}

type Counter = NonNullable<Written['counter']>;
type Times = { at: Date; effectiveAt: Date };

interface OpenLot extends Omit<LotChange, 'points'> {
  lotId: string;
  memberId: string;
  left: bigint;
  redeemed: bigint;
}

/** So many movements of lots in the first half of 2026, some of which took effect earlier. */
export function randomMovements(random: (n: number) => number, length: number): RandomMovement[] {
  const members = Array.from({ length: 4 }, () => randomUUID());
  const issuers = [randomUUID(), randomUUID()];
  const lots: OpenLot[] = [];
  const debts = new Map<string, bigint>(members.map((memberId) => [memberId, 0n]));
  const seconds = (Date.UTC(2026, 6, 1) - Date.UTC(2026, 0, 1)) / 1_000;
  const instants = Array.from(
    { length },
    () => Date.UTC(2026, 0, 1) + random(seconds) * 1_000,
  ).toSorted((a, b) => a - b);
  return instants.flatMap((instant) => {
    const at = new Date(instant);
    const times = { at, effectiveAt: new Date(instant - random(3) * 20 * 86_400_000) };
    const open = lots.filter(({ left }) => left > 0n);
    const lot = open[random(open.length || 1)];
    if (!lot || random(4) === 0) return issue(times);
    const all = [redeem, redeem, redeem, giveBack, takeBack, takeAway, repay, expire, handOn];
    return all[random(all.length)]!(lot, times);
  });

  function issue(times: Times): RandomMovement[] {
    const points = BigInt(1 + random(1_000));
    const memberId = members[random(members.length)]!;
    const issuerId = issuers[random(issuers.length)]!;
    const lot = { lotId: randomUUID(), memberId, issuerId, issuedAt: times.at, redeemed: 0n };
    lots.push({ ...lot, left: points });
    const [kind, counter, owner] = (
      [
        ['ACCRUAL', 'PARTNER_ISSUANCE', issuerId],
        ['ADJUSTMENT', 'OPERATOR_ADJUSTMENT', null],
        ['CONVERSION', 'EXCHANGE', issuerId],
      ] as const
    )[random(3)]!;
    const written = { ...times, memberId, kind, points, makes: { lotId: lot.lotId, issuerId } };
    const whole = { ...written, counter: [counter, owner] as Counter };
    return [movement(whole, lot, points, { issued: points })];
  }

  function redeem(lot: OpenLot, times: Times): RandomMovement[] {
    const points = some(lot.left);
    lot.redeemed += points;
    const [kind, counter] = (
      [
        ['REDEMPTION', 'PARTNER_REDEMPTION'],
        ['DONATION', 'CAUSE'],
        ['CONVERSION', 'EXCHANGE'],
      ] as const
    )[random(3)]!;
    return [use(lot, { ...times, kind, counter: [counter, lot.issuerId] }, points, points)];
  }

  function giveBack(lot: OpenLot, times: Times): RandomMovement[] {
    if (lot.redeemed === 0n) return [];
    const points = some(lot.redeemed);
    lot.redeemed -= points;
    const counter: Counter = ['PARTNER_REDEMPTION', lot.issuerId];
    return [use(lot, { ...times, kind: 'REVERSAL', counter }, -points, -points)];
  }

  /** With a debt beyond what the lot gives. */
  function takeBack(lot: OpenLot, times: Times): RandomMovement[] {
    const points = some(lot.left);
    const debt = BigInt(random(500));
    debts.set(lot.memberId, debts.get(lot.memberId)! + debt);
    const counter: Counter = ['PARTNER_ISSUANCE', lot.issuerId];
    const reversal = use(lot, { ...times, kind: 'REVERSAL', debt, counter }, points);
    return [{ ...reversal, issued: -points }];
  }

  function takeAway(lot: OpenLot, times: Times): RandomMovement[] {
    const points = some(lot.left);
    const counter: Counter = ['OPERATOR_ADJUSTMENT', null];
    return [{ ...use(lot, { ...times, kind: 'ADJUSTMENT', counter }, points), issued: -points }];
  }

  function repay(lot: OpenLot, times: Times): RandomMovement[] {
    const owed = debts.get(lot.memberId)!;
    const points = owed < lot.left ? owed : lot.left;
    if (points === 0n) return [];
    debts.set(lot.memberId, owed - points);
    const repayment = use(lot, { ...times, kind: 'REPAYMENT', debt: -points }, points);
    return [{ ...repayment, issued: -points }];
  }

  function expire(lot: OpenLot, times: Times): RandomMovement[] {
    return [use(lot, { ...times, kind: 'EXPIRY', counter: ['OPERATOR_BREAKAGE', null] }, lot.left)];
  }

  function handOn(lot: OpenLot, times: Times): RandomMovement[] {
    const points = some(lot.left);
    const memberId = members.find((id) => id !== lot.memberId)!;
    const { issuerId, issuedAt, lotId: originLot } = lot;
    const given = { lotId: randomUUID(), memberId, issuerId, issuedAt, redeemed: 0n, left: points };
    lots.push(given);
    const counter: Counter = ['MEMBERS', null];
    return [
      use(lot, { ...times, kind: 'TRANSFER_OUT', counter, otherMemberId: memberId }, points),
      movement(
        {
          ...times,
          memberId,
          kind: 'TRANSFER_IN',
          points,
          counter,
          otherMemberId: lot.memberId,
          makes: { lotId: given.lotId, issuerId, originLot },
        },
        given,
        points,
      ),
    ];
  }

  /** Takes from a lot, or gives back where it is below zero. */
  function use(
    lot: OpenLot,
    written: Omit<RandomMovement['written'], 'memberId' | 'points'>,
    points: bigint,
    redeemed = 0n,
  ): RandomMovement {
    lot.left -= points;
    const { memberId, lotId } = lot;
    const whole = { ...written, memberId, points: -points, uses: [{ lotId, points }] };
    return movement(whole, lot, -points, { redeemed });
  }

  function movement(
    written: RandomMovement['written'],
    { issuerId, issuedAt }: Omit<LotChange, 'points'>,
    points: bigint,
    lines: { issued?: bigint; redeemed?: bigint } = {},
  ): RandomMovement {
    const changes = [{ issuerId, issuedAt, points }];
    return { issued: 0n, redeemed: 0n, ...lines, written, changes };
  }

  function some(points: bigint): bigint {
    return random(2) ? points : BigInt(1 + random(Number(points)));
  }
}
