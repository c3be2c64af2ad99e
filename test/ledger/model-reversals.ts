import {
  type Account,
  bySpending,
  end,
  endByPolicy,
  endOf,
  freeParts,
  least,
  type Lot,
  midnight,
  move,
  repay,
  share,
  spendable,
  sum,
  take,
} from './model-account.ts';
import { type ModelAnswer, type ModelCommand, posted, refused } from './model-answers.ts';

export function reverse(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const { returned, total, clawback, debtLimit } = command;
  const given = account.given.get(command.target!);
  if (!given?.counter.startsWith('PARTNER_ISSUANCE')) return refused('NOT_FOUND');
  const left = given.points - given.undone;
  if (left === 0n) return refused('ALREADY_REVERSED', 0n);
  const points =
    returned === undefined
      ? (command.points ?? left)
      : (given.points * returned) / total! - given.undone;
  if (points > left) return refused('TOO_MANY', left);
  if (points <= 0n) return posted(account, command, { transferId: null, points: 0n });

  const own = account.lots.filter((lot) => goesOnFrom(lot, command.target!));
  const pending = own.filter((lot) => lot.activatesAt > at);
  // What of it has expired was no use to the member, who must not pay for it with other points.
  const wanted = points - sum(freeParts(own));
  let reinstated = 0n;
  for (const lot of clawback === 'ONLY_PENDING' ? [] : own) {
    const again = least(lot.lost, wanted - reinstated);
    if (again <= 0n) continue;
    lot.lost -= again;
    lot.remaining += again;
    reinstated += again;
  }
  if (reinstated > 0n) move(account, 'REINSTATEMENT', 'OPERATOR_BREAKAGE', reinstated);
  const others = spendable(account, at).filter((lot) => !own.includes(lot));
  const from =
    clawback === 'ONLY_PENDING'
      ? pending
      : [own, others].flatMap((lots) => lots.toSorted(bySpending).toReversed());
  const parts = share(freeParts(from), points);
  take(parts);
  const taken = sum(parts);
  const rest = points - taken;
  const room = debtLimit === undefined ? rest : debtLimit - account.debt;
  const debt = clawback === 'DEBT' && room > 0n ? least(rest, room) : 0n;
  given.undone += points;
  move(account, 'REVERSAL', given.counter, -taken, rest);
  const details = {
    taken: Number(taken),
    reinstated: Number(reinstated),
    debt: Number(debt),
    writtenOff: Number(rest - debt),
  };
  const answer = posted(account, command, { points, details });
  writeOff(account, given.counter, command.risk!, rest - debt);
  return answer;
}

/** Whether a lot is an accrual's own: made by it, or by points of it that were given back. */
function goesOnFrom(lot: Lot, accrual: string): boolean {
  return lot.id === accrual || (lot.origin !== null && goesOnFrom(lot.origin, accrual));
}

function writeOff(account: Account, issuance: string, risk: string, points: bigint): void {
  const operators = risk === 'SHARED' ? points / 2n : risk === 'OPERATOR' ? points : 0n;
  const issuer = issuance.replace('ISSUANCE', 'WRITE_OFF');
  if (points > operators) move(account, 'WRITE_OFF', issuer, 0n, operators - points);
  if (operators > 0n) move(account, 'WRITE_OFF', 'OPERATOR_WRITE_OFF', 0n, -operators);
}

export function cancel(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const spent = account.spent.get(command.target!);
  if (!spent) return refused('NOT_FOUND');
  const left = spent.points - spent.undone;
  if (left === 0n) return refused('ALREADY_REVERSED', 0n);
  const points = command.points ?? left;
  if (points > left) return refused('TOO_MANY', left);
  spent.undone += points;
  const back = share(
    spent.parts.toSorted((a, b) => bySpending(b.lot, a.lot)),
    points,
  );
  for (const { lot, points: some } of back) {
    lot.remaining += some;
    spent.parts.find((part) => part.lot === lot)!.points -= some;
  }
  move(account, 'REVERSAL', spent.counter, points);
  const answer = posted(account, command, { points });
  const { policy } = account;
  const until = {
    EXPIRED: null,
    WITH_GRACE: midnight(policy, at, 0, policy.restoreGraceDays + 1),
    NEW_LOT: endByPolicy(policy, at),
  }[policy.restore];
  end(
    account,
    back.filter(({ lot }) => endOf(account, lot) <= at),
    at,
    until,
  );
  repay(account, at);
  return answer;
}
