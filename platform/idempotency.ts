import { createHash } from 'node:crypto';
import type { EntityTarget } from 'typeorm';
import { type Database, insertOnce, lockNotAvailable, sqlStateOf } from './database.ts';
import { Refusal } from './errors.ts';

/** A command's row: its id is unique, and so is its key in whoever gave the command. */
interface Command {
  id: string;
  /** What the key was first used with. */
  inputHash: string;
}

/**
 * The hash of a checked input, SHA-256 in hex. What is null or left out does not count, so that an
 * input keeps its hash when the contract grows by a field.
 */
export function hashOf(input: object): string {
  const text = JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : (value ?? undefined),
  );
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Gives the first answer again.
 *
 * @param path of the input field that is the key: another than the usual where it is a natural one
 * @throws Refusal IDEMPOTENCY_MISMATCH with the id of the first answer, where the input was another
 */
export function repeated<Row extends Command>(
  first: Row,
  inputHash: string,
  path = ['idempotencyKey'],
): Row {
  if (first.inputHash === inputHash) return first;
  throw new Refusal('IDEMPOTENCY_MISMATCH', 'This key was used with another input.', path, {
    subject: first.id,
  });
}

/**
 * Inserts a command's row, which claims its key. The insert decides who is first: a concurrent call
 * with the same key waits here for the other's commit, and then inserts nothing.
 *
 * @param how the columns of the key; all unique ones where left out
 * @returns whether the key is now this call's
 * @throws Refusal IN_PROGRESS the other call did not end in time
 */
export async function claimKey<Row extends Command>(
  tx: Database,
  entity: EntityTarget<Row>,
  row: Row,
  { unique, path = ['idempotencyKey'] }: { unique?: (keyof Row & string)[]; path?: string[] } = {},
): Promise<boolean> {
  try {
    return await insertOnce(tx, entity, row, unique);
  } catch (error) {
    if (sqlStateOf(error) !== lockNotAvailable) throw error;
    throw new Refusal('IN_PROGRESS', 'The first call with this key is still at work.', path);
  }
}
