import { openCause, openPartner, settleDue } from '../../ledger/index.ts';
import { type Answer, post } from '../../ledger/commands.ts';
import { rows } from '../../platform/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { type LedgerModel, ledgerModel } from './model.ts';
import type { ModelAnswer, ModelCommand } from './model-answers.ts';
import { compareHoldings } from './model-holdings.ts';
import { type Policy, availableOf, settle } from './model-account.ts';
import { type Cast, type Step, commandOf } from './random-commands.ts';

const policy = { months: 1, restoreGraceDays: 2, holdGraceDays: 0, timeZone: 'Europe/Berlin' };
export const policies: Record<string, Policy> = {
  PTS: { ...policy, expiry: 'NEVER', restore: 'WITH_GRACE' },
  AGE: { ...policy, expiry: 'LOT_AGE', restore: 'NEW_LOT', holdGraceDays: 2 },
  IDLE: { ...policy, expiry: 'INACTIVITY', restore: 'EXPIRED', timeZone: 'America/Santiago' },
};

const start = Date.parse('2026-03-01T12:00:00Z');
/** When everything that can happen by itself has happened. */
const endOfTime = Date.parse('2300-01-01T00:00:00Z');

/** Stands up a currency for each policy. */
export async function givenPolicies(test: TestDatabase): Promise<void> {
  for (const [code, policy] of Object.entries(policies)) {
    await rows(
      test.owner(),
      `INSERT INTO ledger.currency (code, name, kind, expiry, expiry_months, restore,
         restore_grace_days, hold_grace_days, time_zone)
       VALUES ($1, $1, 'SPENDABLE', $2, $3, $4, $5, $6, $7)
       ON CONFLICT (code) DO UPDATE SET expiry = $2, expiry_months = $3, restore = $4,
         restore_grace_days = $5, hold_grace_days = $6, time_zone = $7`,
      [
        code,
        policy.expiry,
        policy.months,
        policy.restore,
        policy.restoreGraceDays,
        policy.holdGraceDays,
        policy.timeZone,
      ],
    );
  }
}

let casts = 0;

/** Members that nothing has happened to, and partners and a cause that the ledger knows. */
export async function givenCast(test: TestDatabase): Promise<Cast> {
  const cast = ++casts;
  let ids = 0;
  const id = () => {
    const mixed = Math.imul(++ids, 2_654_435_761) >>> 0;
    const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
    return `${hex(mixed, 8)}-0000-4000-8000-${hex(cast, 12)}`;
  };
  const [members, partners, causeId] = [[id(), id()], [id(), id()], id()];
  for (const partner of partners) await openPartner(test.db('partners'), partner);
  await openCause(test.db('rewards-catalog'), causeId);
  return { members, partners, causeId, currencies: Object.keys(policies), id };
}

/**
 * Posts a sequence of commands to the ledger and to the model, and compares what both answer and, at the
 * end of it and of time, what both hold.
 *
 * @returns how many commands there were
 */
export async function replay(
  test: TestDatabase,
  steps: readonly Step[],
  cast: Cast,
): Promise<number> {
  const lots = madeLots(test, cast.members);
  const model = ledgerModel(policies, lots.idOf);
  const asked: ModelCommand[] = [];
  let at = start;
  try {
    for (const { hours, sweeps, draws } of steps) {
      at += hours * 3_600_000;
      if (sweeps) await settleDue(test.db('worker'), 1_000, new Date(at));
      const commands = draws.map((draw) => {
        const command = commandOf(draw, at, asked, cast);
        asked.push(command);
        return command;
      });
      const answers = await post(test.db('partners'), new Date(at), commands.map(fieldsOf));
      await lots.learn();
      compareAnswers(model, commands, answers, at);
    }
    await compareHoldings(test, model, cast, lots.learn, at);
    await compareHoldings(test, model, cast, lots.learn, endOfTime);
  } finally {
    // What is left of a sequence that failed is nothing for the sweeps of others.
    await rows(test.owner(), 'UPDATE ledger.account SET due_at = NULL WHERE member_id = ANY ($1)', [
      cast.members,
    ]);
  }
  return asked.length;
}

function compareAnswers(
  model: LedgerModel,
  commands: readonly ModelCommand[],
  answers: readonly Answer[],
  at: number,
): void {
  // Whatever one call is about is brought up to its instant first.
  for (const { member, other, currency } of commands) {
    settle(model.accountOf(member, currency), at);
    if (other) settle(model.accountOf(other, currency), at);
  }
  const expected = postAll(model, commands, at).map((answer, n) => ({
    command: commands[n],
    answer,
  }));
  expect(answers.map((answer, n) => ({ command: commands[n], answer }))).toEqual(expected);
}

/**
 * Posts one call's commands in the order in which the ledger comes to them: accruals to accounts without
 * a debt, redemptions that are all that there is for an account, then account by account, and at last
 * those whose key another has.
 */
function postAll(model: LedgerModel, commands: readonly ModelCommand[], at: number): ModelAnswer[] {
  const answers: ModelAnswer[] = [];
  const nameOf = ({ member, key }: ModelCommand) => `${member} ${key}`;
  const accountOf = ({ member, currency }: ModelCommand) => `${member} ${currency}`;
  const names = commands.map(nameOf);
  const fresh = commands.flatMap((command, n) =>
    names.indexOf(names[n]!) === n && !model.isKnown(command.member, command.key) ? [n] : [],
  );
  const postEach = (which: readonly number[]) => {
    for (const n of which) answers[n] = model.post(commands[n]!, at);
  };
  const others = fresh.filter((n) => commands[n]!.kind !== 'ACCRUE');
  const debtor = (n: number) =>
    model.accountOf(commands[n]!.member, commands[n]!.currency).debt > 0n;
  postEach(fresh.filter((n) => commands[n]!.kind === 'ACCRUE' && !debtor(n)));
  postEach(
    others.filter((n) => {
      const { kind, member, currency, points } = commands[n]!;
      const ofAccount = others.filter((m) => accountOf(commands[m]!) === accountOf(commands[n]!));
      const covered = availableOf(model.accountOf(member, currency), at) >= (points ?? 0n);
      return kind === 'REDEEM' && ofAccount.length === 1 && !debtor(n) && covered;
    }),
  );
  const rest = fresh.filter((n) => !answers[n]);
  const key = (n: number) => accountOf(commands[n]!);
  postEach(rest.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b)));
  postEach([...commands.keys()].filter((n) => !answers[n]));
  return answers;
}

/** Lots that the ledger made by itself: the model cannot know their ids, by which equals are ordered. */
export function madeLots(test: TestDatabase, members: readonly string[]) {
  const ids = new Map<string, string[]>();
  const seen = new Set<string>();
  const nameOf = (member: string, origin: string, points: bigint) =>
    `${member} ${origin} ${points}`;
  return {
    idOf: (member: string, origin: string, points: bigint) =>
      ids.get(nameOf(member, origin, points))?.shift() ?? 'a lot that is not there',
    learn: async (): Promise<void> => {
      const made = await rows<{ member: string; id: string; origin: string; points: bigint }>(
        test.owner(),
        `SELECT member_id AS member, lot_id AS id, origin_lot AS origin, original AS points
         FROM ledger.lot WHERE member_id = ANY ($1) AND origin_lot IS NOT NULL ORDER BY lot_id`,
        [members],
      );
      for (const { member, id, origin, points } of made) {
        if (seen.has(id)) continue;
        seen.add(id);
        const name = nameOf(member, origin, points);
        ids.set(name, [...(ids.get(name) ?? []), id]);
      }
    },
  };
}

export function fieldsOf(command: ModelCommand): Record<string, unknown> {
  const { kind, member, key, currency, points, partner, expiresAt, returned, total } = command;
  const gives = kind === 'ACCRUE' || (kind === 'ADJUST' && points! > 0n);
  const instant = (at: number | undefined) =>
    at === undefined ? undefined : at === Infinity ? 'infinity' : new Date(at);
  return {
    kind,
    member_id: member,
    key,
    currency,
    points: points?.toString(),
    partner_id: partner,
    issue_price: gives ? '0.0120' : undefined,
    effective_at: instant(command.effectiveAt),
    activates_at: instant(command.activatesAt),
    cancels_at: instant(command.cancelsAt),
    expires_at: expiresAt === Infinity ? undefined : instant(expiresAt),
    expires_by_policy: (gives && expiresAt === undefined) || undefined,
    source_kind: 'activity',
    source_id: key,
    description: 'Any',
    target_id: command.target,
    other_member_id: command.other,
    returned: returned === undefined ? undefined : (Number(returned) / 100).toFixed(2),
    total: total === undefined ? undefined : (Number(total) / 100).toFixed(2),
    clawback: command.clawback,
    debt_limit: command.debtLimit?.toString(),
    risk: command.risk,
  };
}
