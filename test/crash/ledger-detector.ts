import { isDeepStrictEqual } from 'node:util';
import { type Database, rows } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Answer, Fact } from './ledger-kinds.ts';
import type { Line } from './ledger-load.ts';

/** A difference between the clients' list and the ledger's tables. */
export interface LedgerDifference {
  /**
   * - lost: answered, and not there;
   * - doubled: there once more than it was asked for; named as often as that;
   * - changed: there otherwise than it was asked for or answered, or by half;
   * - denied: refused, and there;
   * - stranger: there, though no client has asked for it.
   */
  kind: 'lost' | 'doubled' | 'changed' | 'denied' | 'stranger';
  name: string;
}

/** A fact as the tables have it, with how often they do, and the balance that it left. */
type Found = Fact & { times: number; balance: bigint | null };

/**
 * Compares what clients asked for and were answered with what is in the tables, both ways. A ledger
 * that is in balance proves none of this.
 *
 * @param members whose commands the list has, all of them
 */
export async function ledgerDifferences(
  owner: Database,
  list: readonly Line[],
  members: readonly string[],
): Promise<LedgerDifference[]> {
  const there = new Map((await factsOf(owner, members)).map((fact) => [nameOf(fact), fact]));
  const asked = new Set(list.flatMap((line) => line.facts.flatMap((fact) => namesOf(fact, line))));
  const strangers = [...there.keys()].filter((name) => !asked.has(name));
  return [
    ...strangers.map((name) => ({ kind: 'stranger' as const, name })),
    ...list.flatMap((line) => faultsOf(line, there)),
  ];
}

function faultsOf(line: Line, there: ReadonlyMap<string, Found>): LedgerDifference[] {
  const { kind, keys, facts, heard, answer } = line;
  const found = facts.map((fact) => namesOf(fact, line).flatMap((name) => there.get(name) ?? []));
  const times = Math.max(...found.map((each) => each.reduce((sum, one) => sum + one.times, 0)));
  const last = there.get(nameOf({ id: keys.at(-1)!, ...facts[0]! }));
  const isRefused = answer instanceof Refusal;
  const isPosted = answer !== undefined && !isRefused;
  const faults: [LedgerDifference['kind'], boolean][] = [
    ['lost', isPosted && !last],
    ['denied', isRefused && times > 0],
    ['changed', times > 0 && !found.every((each, index) => areLike(each, facts[index]!.points))],
    ['changed', isPosted && (last?.balance ?? answer.balance) !== answer.balance],
    ['changed', isPosted && answer.repeated && heard !== undefined && !isSame(heard, answer)],
  ];
  for (let again = 1; again < times; again++) faults.push(['doubled', true]);
  return faults.flatMap(([fault, isSo]) =>
    isSo ? [{ kind: fault, name: `${kind} ${keys[0]}` }] : [],
  );
}

/** Whether there is something, and all of it has the points that were asked for. */
function areLike(found: Found[], points: bigint): boolean {
  return found.length > 0 && found.every((one) => one.points === points * BigInt(one.times));
}

/** Whether a repeated call was answered what the first one had been. */
function isSame(heard: Answer | Refusal, answer: Answer): boolean {
  return !(heard instanceof Refusal) && isDeepStrictEqual({ ...heard, repeated: true }, answer);
}

/** The names under which the tables may have a fact: one for each key that it was sent with. */
function namesOf(fact: Line['facts'][number], { keys }: Line): string[] {
  return [...new Set(keys.map((id) => nameOf({ id, ...fact })))];
}

function nameOf({ what, id, memberId }: Fact): string {
  return `${what} ${id} ${memberId}`;
}

/** All that commands have left, added up by the command where it moved points more than once. */
function factsOf(owner: Database, members: readonly string[]): Promise<Found[]> {
  return rows<Found>(
    owner,
    `SELECT 'movement' AS what, coalesce(part_of, transfer_id) AS id, member_id AS "memberId",
            count(*) FILTER (WHERE part_of IS NULL)::int AS times,
            sum(points - debt)::bigint AS points,
            max(balance_after) FILTER (WHERE part_of IS NULL) AS balance
     FROM ledger.transfer WHERE member_id = ANY($1) GROUP BY 2, 3
     -- A debt that is paid when a hold is released changes no position.
     HAVING bool_or(part_of IS NULL) OR sum(points - debt) <> 0
     UNION ALL
     SELECT 'hold', hold_id, member_id, 1, points, NULL
     FROM ledger.hold WHERE member_id = ANY($1)
     UNION ALL
     SELECT 'end of a hold', hold_id, member_id, 1, captured, NULL
     FROM ledger.hold WHERE member_id = ANY($1) AND status <> 'ACTIVE'`,
    [members],
  );
}
