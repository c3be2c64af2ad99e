import { hash } from 'node:crypto';
import { type Database, rows } from '../platform/database.ts';
import { sharedCurrency } from './balances.ts';

/** What a movement is about: the row of another part that a statement leads to. */
export interface Source {
  kind:
    | 'activity'
    | 'redemption'
    | 'hold'
    | 'transfer'
    | 'conversion'
    | 'adjustment'
    | 'donation'
    | 'claim'
    | 'award'
    | 'merge';
  id: string;
}

/** What every command has. */
export interface Command {
  memberId: string;
  /** The id of the command's row: the same key again posts nothing. */
  key: string;
  /** The shared currency where left out. */
  currency?: string;
  /** The instant of posting, from the operation's clock. */
  at: Date;
}

/** A command that writes into the member's statement. */
export interface Movement extends Command {
  source: Source;
  /** Why, in words for the member. */
  description: string;
  /** When the thing happened; when it is posted where left out. */
  effectiveAt?: Date;
}

/** When points can be spent, and until when. */
export interface PointsDates {
  /**
   * From when they can be spent: at once where left out. `onAction`: not before `activatePoints`, and
   * taken back at `cancelsAt`, where that is given.
   */
  activatesAt?: Date | 'onAction';
  cancelsAt?: Date;
  /** When they can be spent no more; never where null, by the currency's policy where left out. */
  expiresAt?: Date | null;
}

/** What the ledger answered to one command; which fields are there depends on the outcome. */
export interface Answer {
  outcome: string;
  /** The movement; null where the command makes none. */
  transferId: string | null;
  /** The account's balance right after it. */
  balance: bigint | null;
  points: bigint | null;
  available: bigint | null;
  details: Record<string, unknown> | null;
}

/** A command as the ledger's function reads it: fields of `ledger.command`. */
export type CommandFields = Record<string, unknown>;

/**
 * Posts commands of one instant in the caller's transaction, each as if it were alone: one statement, so
 * that their locks are taken in one order. At most 500.
 *
 * @returns in their order, what the ledger answered to each
 */
export function post(
  tx: Database,
  at: Date,
  commands: readonly CommandFields[],
): Promise<Answer[]> {
  return rows(
    tx,
    `SELECT outcome, transfer_id AS "transferId", balance, points, available, details
     FROM ledger.post($1, $2) ORDER BY item`,
    [`[${commands.map(written).join(',')}]`, at],
  );
}

/** A command as text, with the hash of it that knows it again. */
function written(fields: CommandFields): string {
  const text = JSON.stringify(fields);
  return `${text.slice(0, -1)},"hash":"\\\\x${hash('sha256', text, 'hex')}"}`;
}

/** The fields that every command has. */
export function commandFields(kind: string, { memberId, key, currency }: Command) {
  return { kind, member_id: memberId, key, currency: currency ?? sharedCurrency };
}

/** The fields that every movement has. */
export function movementFields(kind: string, movement: Movement) {
  const { source, description, effectiveAt } = movement;
  // Not spread: that takes 40 times as long, and there are thousands a second.
  return Object.assign(commandFields(kind, movement), {
    source_kind: source.kind,
    source_id: source.id,
    description,
    effective_at: effectiveAt,
  });
}

/** The fields that say when points can be spent. */
export function datesFields({ activatesAt, cancelsAt, expiresAt }: PointsDates) {
  return {
    activates_at: activatesAt === 'onAction' ? 'infinity' : activatesAt,
    cancels_at: cancelsAt,
    expires_at: expiresAt ?? undefined,
    expires_by_policy: expiresAt === undefined ? true : undefined,
  };
}
