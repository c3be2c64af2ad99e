import {
  type Account,
  availableOf,
  endByPolicy,
  endHold,
  freeParts,
  type Lot,
  move,
  type Part,
  type Policy,
  release,
  repay,
  settle,
  share,
  spendable,
  take,
} from './model-account.ts';
import { type ModelAnswer, type ModelCommand, posted, refused } from './model-answers.ts';
import { cancel, reverse } from './model-reversals.ts';

/**
 * The ledger's rules once more, small and in memory: what PostgreSQL answers and holds is compared with
 * it.
 */
export interface LedgerModel {
  accountOf(member: string, currency: string): Account;
  isKnown(member: string, key: string): boolean;
  post(command: ModelCommand, at: number): ModelAnswer;
}

/** @param idOf the id of a lot that the ledger itself made */
export function ledgerModel(
  policies: Record<string, Policy>,
  idOf: (member: string, origin: string, points: bigint) => string,
): LedgerModel {
  const accounts = new Map<string, Account>();
  const answers = new Map<string, { asked: string; answer: ModelAnswer }>();

  function accountOf(member: string, currency: string): Account {
    const name = `${member} ${currency}`;
    if (!accounts.has(name)) {
      accounts.set(name, {
        member,
        policy: policies[currency]!,
        balance: 0n,
        debt: 0n,
        lots: [],
        holds: new Map(),
        given: new Map(),
        spent: new Map(),
        activeAt: -Infinity,
        settledAt: -Infinity,
        totals: new Map(),
        idOf: (origin, points) => idOf(member, origin, points),
      });
    }
    return accounts.get(name)!;
  }

  return {
    accountOf,
    isKnown: (member, key) => answers.has(`${member} ${key}`),
    post(command, at) {
      const name = `${command.member} ${command.key}`;
      const asked = JSON.stringify(command, (_, value: unknown) =>
        typeof value === 'bigint' || value === Infinity ? String(value) : value,
      );
      const first = answers.get(name);
      if (first) {
        return first.asked === asked
          ? { ...first.answer, outcome: 'REPEATED' }
          : refused('IDEMPOTENCY_MISMATCH');
      }
      const account = accountOf(command.member, command.currency);
      const other = command.other && accountOf(command.other, command.currency);
      settle(account, at);
      if (other) settle(other, at);
      const answer = other
        ? transfer(account, other, command, at)
        : rules[command.kind]!(account, command, at);
      if (answer.outcome === 'POSTED') answers.set(name, { asked, answer });
      return answer;
    },
  };
}

type Rule = (account: Account, command: ModelCommand, at: number) => ModelAnswer;

const rules: Record<string, Rule> = {
  ACCRUE: (account, command, at) =>
    give(account, command, 'ACCRUAL', `PARTNER_ISSUANCE ${command.partner}`, at),
  REDEEM: (account, command, at) =>
    spend(account, command, 'REDEMPTION', `PARTNER_REDEMPTION ${command.partner}`, at),
  DONATE: (account, command, at) =>
    spend(account, command, 'DONATION', `CAUSE ${command.partner}`, at),
  ADJUST: (account, command, at) =>
    command.points! > 0n
      ? give(account, command, 'ADJUSTMENT', 'OPERATOR_ADJUSTMENT', at)
      : takeAway(account, command, at),
  HOLD: hold,
  CAPTURE: finishHold,
  RELEASE: finishHold,
  ACTIVATE: activate,
  REVERSE: reverse,
  CANCEL: cancel,
};

function give(
  account: Account,
  command: ModelCommand,
  kind: string,
  counter: string,
  at: number,
): ModelAnswer {
  const { key: id, partner = null, effectiveAt = at, cancelsAt = Infinity, expiresAt } = command;
  const { activatesAt = Math.min(effectiveAt, at) } = command;
  const points = command.points!;
  const lot: Lot = {
    id,
    issuer: partner,
    activatesAt,
    cancelsAt,
    // Of what happened long ago: from the day of posting.
    expiresAt: expiresAt ?? endByPolicy(account.policy, Math.max(activatesAt, at)),
    byPolicy: expiresAt === undefined,
    remaining: points,
    held: 0n,
    lost: 0n,
    origin: null,
  };
  account.lots.push(lot);
  account.given.set(id, { counter, points, undone: 0n, parts: [{ lot, points }] });
  if (kind === 'ACCRUAL') account.activeAt = Math.max(account.activeAt, at);
  move(account, kind, counter, points);
  const answer = posted(account, command);
  repay(account, at);
  return answer;
}

/** Takes points out of what can be spent; null where there are too few. */
function takeSpendable(account: Account, points: bigint, at: number): Part[] | null {
  if (availableOf(account, at) < points) return null;
  const parts = share(freeParts(spendable(account, at)), points);
  take(parts);
  return parts;
}

function tooFew(account: Account, at: number): ModelAnswer {
  return refused('INSUFFICIENT_POINTS', availableOf(account, at));
}

function spend(
  account: Account,
  command: ModelCommand,
  kind: string,
  counter: string,
  at: number,
): ModelAnswer {
  const points = command.points!;
  const parts = takeSpendable(account, points, at);
  if (!parts) return tooFew(account, at);
  account.spent.set(command.key, { counter, points, undone: 0n, parts });
  if (kind === 'REDEMPTION') account.activeAt = Math.max(account.activeAt, at);
  move(account, kind, counter, -points);
  return posted(account, command);
}

function takeAway(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const parts = takeSpendable(account, -command.points!, at);
  if (!parts) return tooFew(account, at);
  move(account, 'ADJUSTMENT', 'OPERATOR_ADJUSTMENT', command.points!);
  return posted(account, command);
}

function transfer(
  account: Account,
  other: Account,
  command: ModelCommand,
  at: number,
): ModelAnswer {
  const parts = takeSpendable(account, command.points!, at);
  if (!parts) return tooFew(account, at);
  move(account, 'TRANSFER_OUT', 'MEMBERS', -command.points!);
  for (const { lot, points: remaining } of parts) {
    const id = other.idOf(lot.id, remaining);
    // With the issuer and the end that they have; the other can spend them from now on.
    other.lots.push({ ...lot, id, activatesAt: at, remaining, held: 0n, lost: 0n, origin: null });
  }
  move(other, 'TRANSFER_IN', 'MEMBERS', command.points!);
  repay(other, at);
  return posted(account, command);
}

function hold(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const points = command.points!;
  if (command.expiresAt! <= at) return refused('EXPIRED');
  if (availableOf(account, at) < points) return tooFew(account, at);
  const parts = share(freeParts(spendable(account, at)), points);
  for (const { lot, points: kept } of parts) lot.held += kept;
  account.holds.set(command.key, {
    partner: command.partner!,
    points,
    endsAt: command.expiresAt!,
    status: 'ACTIVE',
    parts,
  });
  return posted(account, command, { transferId: null, points });
}

function finishHold(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const held = account.holds.get(command.target!);
  if (!held) return refused('NOT_FOUND');
  if (held.status === 'EXPIRED') return refused('EXPIRED');
  if (held.status !== 'ACTIVE') {
    return { ...refused('HOLD_ENDED'), details: { status: held.status } };
  }
  if (command.kind === 'RELEASE') {
    endHold(held, 'RELEASED', 0n);
    const answer = posted(account, command, { transferId: null, points: held.points });
    release(account, held, at);
    return answer;
  }
  const points = command.points ?? held.points;
  if (points > held.points) return refused('TOO_MANY', held.points);
  const counter = `PARTNER_REDEMPTION ${held.partner}`;
  const parts = endHold(held, points < held.points ? 'PARTIALLY_CAPTURED' : 'CAPTURED', points);
  account.spent.set(command.key, { counter, points, undone: 0n, parts });
  account.activeAt = Math.max(account.activeAt, at);
  move(account, 'REDEMPTION', counter, -points);
  const answer = posted(account, command, { points });
  release(account, held, at);
  return answer;
}

function activate(account: Account, command: ModelCommand, at: number): ModelAnswer {
  const lot = account.lots.find(({ id, remaining }) => id === command.target && remaining > 0n);
  if (!lot) return refused('NOT_FOUND');
  if (lot.activatesAt <= at) return refused('ALREADY_ACTIVE');
  lot.activatesAt = at;
  if (lot.byPolicy) lot.expiresAt = endByPolicy(account.policy, at);
  const answer = posted(account, command, { transferId: null, points: lot.remaining });
  repay(account, at);
  return answer;
}
